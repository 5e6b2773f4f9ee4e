//! A disclosed entry as the recipient's pages meet it: the case that was opened, the mark, the evidence.

use super::{
    pages::{Story, Writer, story},
    *,
};
use samspor_documents::id::{DocumentId, OperationId, ShareId};
use samspor_protocol::{
    disclosure::Disclose,
    fact::TeamKind,
    push::{Group, Operation},
    share::{Consent, LegalBasis, Recipient, Terms},
    sign::SignedRecord,
};

fn disclosure(at: UnixMillis, note: DocumentId, to: TeamId) -> Disclose {
    Disclose {
        share: ShareId::make(at, [3; 10]),
        terms: Terms {
            document: Some(note),
            to: Recipient::Team(to),
            about: "Freja Sand".to_owned(),
            purpose: "Overgang til skole".to_owned(),
            basis: LegalBasis {
                code: "servicelov".to_owned(),
                text: String::new(),
            },
            consent: Consent::NotAsked {
                why: "der er pligt".to_owned(),
            },
            until: None,
            shared_at: at,
        },
    }
}

#[tokio::test]
async fn a_disclosed_entry_says_on_the_page_from_whom_it_comes_and_proves_itself() {
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
    let now = crate::clock::now();
    let note = [("subject_line", "Aftale om søvn")];
    let note = mette.write(&world, case, "note", now, &note).await;
    mette.sign(&world, case, &note).await;
    let body = disclosure(now, note.id, ppr);
    let operation = OperationId::make(now, [4; 10]);
    let group = Group {
        space: case,
        document: None,
        operations: vec![Operation::disclose(operation, &body)],
    };
    mette.push(&world, vec![group]).await;
    world.projected().await;

    let (copy, opened) = (body.share.filed(note.id), body.share.case());
    let peters = world.session_of(peter.practitioner).await;
    let list = world.get("/", &peters).await.text();
    assert!(
        list.contains("Freja Sand") && list.contains("Uden stamkort"),
        "{list}"
    );
    let page = world
        .get(&format!("/children/{opened}"), &peters)
        .await
        .text();
    for part in [
        "Freja Sand",
        "Videregivet fra",
        "Overgang til skole",
        "Mette Kjær",
        "Aftale om søvn",
        "pill signed",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let path = format!("/api/v1/children/{opened}/timeline");
    let entry = &world.json(&path, &peters).await["entries"][0];
    assert_eq!(entry["document"], copy.to_string());
    assert_eq!(entry["disclosed"]["by_name"], "Mette Kjær");
    assert_eq!(entry["signed"][0]["name"], "Mette Kjær");

    let file = peter.evidence(&world, copy).await;
    let record = SignedRecord::from_file(&file.body).expect("a record");
    let verified = record.verify(Some(&record.organisation_key));
    assert_eq!(verified.expect("holds").text.place().document, note.id);
    // The sender sees neither the case nor the copy.
    assert_eq!(
        mette.evidence(&world, copy).await.status,
        StatusCode::NOT_FOUND
    );
    let hidden = world.get(&format!("/children/{opened}"), &session).await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    world.stop().await;
}
