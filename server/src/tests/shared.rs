//! The page of single documents that are shared: the document with what was added to it, on what terms it is there, and
//! no other trace of its case.

use super::{
    pages::{Story, Writer, Written, story},
    *,
};
use samspor_documents::id::{OperationId, ShareId, SpaceId};
use samspor_protocol::{
    push::{Group, Operation},
    restrict::Restrict,
    share::{Consent, LegalBasis, Recipient, Share, Terms, Withdraw},
};

const NOTHING: &str = "Ingen har delt enkelte notater";

fn name() -> OperationId {
    let random = crate::keys::random().expect("random");
    OperationId::make(crate::clock::now(), random)
}

fn on_case(case: SpaceId, operation: Operation) -> Vec<Group> {
    vec![Group {
        space: case,
        document: None,
        operations: vec![operation],
    }]
}

impl Writer {
    /// Shares one document of a case.
    async fn share(&self, world: &World, case: SpaceId, note: &Written, to: Recipient) -> ShareId {
        let now = crate::clock::now();
        let share = ShareId::make(now, crate::keys::random().expect("random"));
        let terms = Terms {
            document: Some(note.id),
            to,
            about: "Freja, 4 måneder".to_owned(),
            purpose: "Vurdering <b>nu</b>".to_owned(),
            basis: LegalBasis {
                code: "samtykke".to_owned(),
                text: String::new(),
            },
            consent: Consent::NotAsked {
                why: "der er pligt".to_owned(),
            },
            until: Some(now.plus(40 * 24 * 3_600_000)),
            shared_at: now,
        };
        let share_it = Operation::share(name(), &Share { share, terms });
        self.push(world, on_case(case, share_it)).await;
        world.projected().await;
        share
    }

    async fn note(&mut self, world: &World, case: SpaceId, template: &str, text: &str) -> Written {
        let now = crate::clock::now();
        let values = [("text", text)];
        self.write(world, case, template, now, &values).await
    }

    async fn adds(&mut self, world: &World, case: SpaceId, note: &Written, text: &str) -> Written {
        let (now, entry) = (crate::clock::now(), note.id.to_string());
        let values = [("text", text), ("adds_to", entry.as_str())];
        self.write(world, case, "addendum", now, &values).await
    }
}

#[tokio::test]
async fn a_single_document_is_read_with_its_signed_additions_and_nothing_else_of_its_case() {
    let Story {
        world,
        case,
        session,
        mut mette,
        ..
    } = story().await;
    let ppr = world.admin.add_team("PPR Vest", TeamKind::Ppr).await;
    let ppr = ppr.expect("a team");
    let peter = Writer::of(&world, 21, "Peter Bæk", ppr).await;
    let peters = world.session_of(peter.practitioner).await;
    let list = world.get("/", &peters).await.text();
    assert!(list.contains("href=\"/shared\""));
    assert!(world.get("/shared", &peters).await.text().contains(NOTHING));

    let note = mette.note(&world, case, "note", "Hun sover godt").await;
    mette.sign(&world, case, &note).await;
    let added = mette.adds(&world, case, &note, "Siden tirsdag").await;
    mette.sign(&world, case, &added).await;
    mette.adds(&world, case, &note, "Ikke godkendt").await;
    mette.note(&world, case, "note", "Noget andet").await;
    let share = mette.share(&world, case, &note, Recipient::Team(ppr)).await;
    let page = world.get("/shared", &peters).await.text();
    for said in [
        "Freja, 4 måneder",
        "Mette Kjær",
        "Delt med",
        "PPR Vest",
        "Vurdering &#60;b&#62;nu",
        "Delt til",
        "Hun sover godt",
        "Siden tirsdag",
        "pill signed",
        &format!("id=\"e{}\"", added.id),
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let of_case = case.to_string();
    for hidden in [
        "Ikke godkendt",
        "Noget andet",
        "Nørgaard",
        "Opkald",
        &of_case,
    ] {
        assert!(!page.contains(hidden), "{hidden}: {page}");
    }
    assert_eq!(
        world
            .get("/", &peters)
            .await
            .text()
            .matches("Freja")
            .count(),
        0
    );
    for path in ["/children/", "/api/v1/children/"] {
        let answer = world.get(&format!("{path}{case}"), &peters).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
    nothing_for_others(&world, &session).await;
    withdrawn(&world, &mette, case, share, &peters).await;
    world.stop().await;
}

/// To who has the case it is on the timeline, and to nobody else anywhere.
async fn nothing_for_others(world: &World, session: &str) {
    let (erik, lise) = (
        Writer::of(world, 22, "Erik Lund", world.team).await,
        world.admin.add_practitioner("Lise Holt", "").await,
    );
    for who in [erik.practitioner, lise.expect("added")] {
        let cookie = world.session_of(who).await;
        assert!(world.get("/shared", &cookie).await.text().contains(NOTHING));
    }
    assert!(world.get("/shared", session).await.text().contains(NOTHING));
    let anonymous = world.get("/shared", "").await;
    assert_eq!(anonymous.status, StatusCode::UNAUTHORIZED);
}

async fn withdrawn(world: &World, mette: &Writer, case: SpaceId, share: ShareId, cookie: &str) {
    let body = Withdraw {
        share,
        why: String::new(),
        withdrawn_at: crate::clock::now(),
    };
    let withdraw = Operation::withdraw(name(), &body);
    mette.push(world, on_case(case, withdraw)).await;
    world.projected().await;
    assert!(world.get("/shared", cookie).await.text().contains(NOTHING));
}

#[tokio::test]
async fn what_is_restricted_is_left_out_until_it_is_asked_for_and_the_shares_of_others_are_not_told()
 {
    let Story {
        world,
        case,
        mut mette,
        ..
    } = story().await;
    let ppr = world.admin.add_team("PPR Vest", TeamKind::Ppr).await;
    let ppr = ppr.expect("a team");
    let peter = Writer::of(&world, 21, "Peter Bæk", ppr).await;
    let lise = world.admin.add_practitioner("Lise Holt", "").await;
    let lise = lise.expect("added");
    let note = mette.note(&world, case, "note", "Hun sover godt").await;
    mette.sign(&world, case, &note).await;
    for to in [Recipient::Team(ppr), Recipient::Practitioner(lise)] {
        mette.share(&world, case, &note, to).await;
    }
    let peters = world.session_of(peter.practitioner).await;
    let lises = world.session_of(lise).await;
    for (cookie, own) in [(&peters, "PPR Vest</span></dd>"), (&lises, "<dd>dig</dd>")] {
        let page = world.get("/shared", cookie).await.text();
        assert_eq!(page.matches("Delt med").count(), 1, "{page}");
        assert!(page.contains(own), "{own}: {page}");
    }
    let body = Restrict {
        restricted: true,
        ground: "Under klage".to_owned(),
        at: crate::clock::now(),
    };
    let restricted = Group {
        space: case,
        document: Some(note.id),
        operations: vec![Operation::restrict(name(), &body)],
    };
    mette.push(&world, vec![restricted]).await;
    world.projected().await;
    let page = world.get("/shared", &peters).await.text();
    assert!(page.contains("Ét notat er begrænset") && !page.contains("Hun sover godt"));
    let page = world.get("/shared?restricted=1", &peters).await.text();
    assert!(page.contains("Under klage") && page.contains("Hun sover godt"));
    world.stop().await;
}
