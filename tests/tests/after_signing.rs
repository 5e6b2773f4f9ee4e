//! What can still be said and done once an entry is signed, over a real server: an edit that came too late goes on as
//! an addendum, the citizen is heard, and what may not be used is restricted, in whichever order the words arrive.

use anyhow::{Context as _, Result, ensure};
use samspor_client_core::{EntryState, TimelinePage, TimelineRow, WayOut};
use samspor_documents::{
    id::{DocumentId, SpaceId, TeamId},
    template::Language,
};
use samspor_protocol::{
    fact::TeamKind,
    push::{Answer, Group, Operation},
    reason::Reason,
    restrict::Restrict,
};
use samspor_tests::{
    browser::Browser,
    hand_made::{self, HandMade},
    person::{Person, prose, settle},
    wait,
    world::World,
};

struct Two {
    world: World,
    team: TeamId,
    anna: Person,
    bodil: Person,
    case: SpaceId,
    /// A note of Anna's that is signed.
    note: DocumentId,
}

/// A note, signed by Anna, while Bodil has an edit of it that she has not sent, if she wrote one.
async fn begin(bodils_edit: Option<&str>) -> Result<Two> {
    let world = World::begin().await?;
    let team = world
        .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
        .await?;
    let anna = world.person("Anna Holm", &[team]).await?;
    let bodil = world.person("Bodil Kjær", &[team]).await?;
    let case = anna.open_named_case(team, "Freja Lund").await?;
    let note = anna.note(case, "Vægt 6,45 kg. Sover godt.").await?;
    settle(&[&anna, &bodil]).await?;
    if let Some(text) = bodils_edit {
        bodil.edit(note, &[prose("text", text)]).await?;
    }
    anna.sign(note).await?;
    until_signed(&anna, note).await?;
    until_signed(&bodil, note).await?;
    Ok(Two {
        world,
        team,
        anna,
        bodil,
        case,
        note,
    })
}

async fn until_signed(person: &Person, document: DocumentId) -> Result<()> {
    wait::until("the signature to arrive", async || {
        person.sync().await?;
        let row = person.row(document).await?;
        Ok(row.is_some_and(|row| row.state == EntryState::Signed))
    })
    .await
}

async fn timeline(person: &Person, case: SpaceId, restricted: bool) -> Result<Vec<TimelineRow>> {
    let page = TimelinePage {
        restricted,
        ..TimelinePage::default()
    };
    Ok(person.timeline(case, page).await?)
}

impl Two {
    async fn settle(&self) -> Result<()> {
        settle(&[&self.anna, &self.bodil]).await
    }

    /// The child's page as Bodil sees it, with what is restricted or without.
    async fn page(&self, restricted: bool) -> Result<String> {
        let bodil = self.bodil.identity().await?.context("enrolled")?;
        let url = self.world.server_url();
        let admin = self.world.admin().await?;
        let link = admin.sign_in_link(bodil.practitioner, &url).await?;
        let browser = Browser::sign_in(&url, &link).await?;
        let query = if restricted { "?restricted=1" } else { "" };
        browser
            .read(&format!("/children/{}{query}", self.case))
            .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_edit_goes_on_as_an_addendum_that_stands_with_the_entry_on_devices_and_on_the_page()
{
    let two = begin(Some("Vægt 6,54 kg. Sover godt.")).await.unwrap();
    let (bodil, note) = (&two.bodil, two.note);
    let refused = bodil.not_delivered().await.unwrap().remove(0);
    assert_eq!(refused.reason, Reason::Signed.code());
    assert_eq!(refused.ways_out, [WayOut::Addendum, WayOut::Export]);
    // All of it without cover.
    two.world.relay.set_cover(false);
    let draft = bodil.addendum_of_not_delivered(note.0, Language::Danish);
    let draft = draft.await.unwrap();
    assert!(bodil.not_delivered().await.unwrap().is_empty());
    let addendum = bodil.publish(draft).await.unwrap();
    bodil.sign(addendum).await.unwrap();
    let (_, names_entry) = two.anna.adding_to(note).await.unwrap();
    let words = vec![prose("text", "Vi vejede hende to gange."), names_entry];
    let remark = two
        .anna
        .write(two.case, "citizen_remark", words, None)
        .await;
    let remark = remark.unwrap();
    two.world.relay.set_cover(true);
    until_signed(bodil, addendum).await.unwrap();
    until_signed(&two.anna, addendum).await.unwrap();
    two.settle().await.unwrap();
    for person in [&two.anna, bodil] {
        let rows = timeline(person, two.case, false).await.unwrap();
        assert_eq!(rows.len(), 1);
        let additions: Vec<DocumentId> = rows[0].additions.iter().map(|row| row.document).collect();
        assert_eq!(additions.len(), 2);
        assert!(additions.contains(&addendum) && additions.contains(&remark));
        let signed = rows[0]
            .additions
            .iter()
            .find(|row| row.document == addendum);
        assert_eq!(signed.unwrap().state, EntryState::Signed);
        assert_eq!(
            person.text_of(note).await.unwrap(),
            "Vægt 6,45 kg. Sover godt."
        );
        let text = person.text_of(addendum).await.unwrap();
        assert_eq!(text, "Notat: »6,45« rettet til »6,54«");
    }
    let page = two.page(false).await.unwrap();
    let (_, below) = page.split_once(&format!("id=\"e{note}\"")).unwrap();
    for said in [
        "»6,45« rettet til »6,54«",
        "Vi vejede hende to gange.",
        "Bodil Kjær",
    ] {
        assert!(below.contains(said), "{said}");
    }
    let file = two.anna.export_signed(addendum).await.unwrap();
    let record = samspor_protocol::sign::SignedRecord::from_file(&file).unwrap();
    let verified = record.verify(None).unwrap();
    let reading = verified.text.reading(&two.anna.templates());
    assert_eq!(
        reading.adds_to(),
        Some(note),
        "it is signed with what it adds to"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_devices_restrict_and_lift_at_once_and_both_see_the_later_word_in_the_log() {
    for anna_first in [true, false] {
        let two = begin(None).await.unwrap();
        let (anna, bodil, note, case) = (&two.anna, &two.bodil, two.note, two.case);
        assert!(anna.restrict(note, true, "Under klage").await.unwrap());
        two.settle().await.unwrap();
        two.world.relay.set_cover(false);
        assert!(
            anna.restrict(note, true, "Klagen er udvidet")
                .await
                .unwrap()
        );
        assert!(
            bodil
                .restrict(note, false, "Klagen er afgjort")
                .await
                .unwrap()
        );
        assert_eq!(timeline(anna, case, false).await.unwrap().len(), 0);
        assert_eq!(timeline(bodil, case, false).await.unwrap().len(), 1);
        two.world.relay.set_cover(true);
        let order = if anna_first {
            [anna, bodil]
        } else {
            [bodil, anna]
        };
        for person in order {
            assert_eq!(person.sync().await.unwrap().refused, 0);
        }
        two.settle().await.unwrap();
        let mut seen = Vec::new();
        for person in [anna, bodil] {
            let row = person.row(note).await.unwrap().unwrap();
            seen.push(row.restriction);
            let left_out = person.restricted_in(case).await.unwrap();
            assert_eq!(left_out, u64::from(!anna_first));
            assert_eq!(
                person.text_of(note).await.unwrap(),
                "Vægt 6,45 kg. Sover godt."
            );
        }
        assert_eq!(seen[0], seen[1]);
        assert_eq!(seen[0].is_some(), !anna_first);
        let page = two.page(false).await.unwrap();
        assert_eq!(page.contains("Ét notat er begrænset"), !anna_first);
        assert_eq!(page.contains("Sover godt."), anna_first);
        assert!(two.page(true).await.unwrap().contains("Sover godt."));
        // It is restricted, not gone: who comes new gets it, and it is proven as ever.
        let new = two.world.person("Carl Birk", &[two.team]).await.unwrap();
        settle(&[anna, bodil, &new]).await.unwrap();
        assert_eq!(
            new.restricted_in(case).await.unwrap(),
            u64::from(!anna_first)
        );
        new.export_signed(note).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restriction_by_who_is_no_member_any_more_is_taken_back_and_lies_in_their_box() {
    let two = begin(None).await.unwrap();
    let bodil = two.bodil.identity().await.unwrap().unwrap().practitioner;
    two.world.relay.set_cover(false);
    two.bodil.restrict(two.note, true, "x").await.unwrap();
    two.world.relay.set_cover(true);
    two.world.end_membership(bodil, two.team).await.unwrap();
    wait::until("the restriction to be refused", async || {
        two.bodil.sync().await?;
        Ok(two.bodil.not_delivered().await?.len() == 1)
    })
    .await
    .unwrap();
    let refused = two.bodil.not_delivered().await.unwrap().remove(0);
    assert_eq!(refused.reason, Reason::NoAccess.code());
    assert!(refused.ways_out.contains(&WayOut::Discard));
    two.anna.sync().await.unwrap();
    assert_eq!(timeline(&two.anna, two.case, false).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outsider_learns_nothing_of_a_document_by_restricting_it() {
    async fn story() -> Result<()> {
        let two = begin(None).await?;
        let open = two.anna.note(two.case, "Åbent.").await?;
        two.anna.sync().await?;
        let ppr = two.world.team("PPR", TeamKind::Ppr).await?;
        let outsider = two.world.practitioner("Dorte Fjord", &[ppr]).await?;
        let outsider: HandMade = two.world.hand_made(outsider).await?;
        let own = outsider.open_case(ppr).await?;
        let nowhere = DocumentId::from_bytes([9; 16]);
        let body = Restrict {
            restricted: true,
            ground: "x".to_owned(),
            at: hand_made::now(),
        };
        let mut answers = Vec::new();
        for space in [two.case, own, SpaceId::from_bytes([8; 16])] {
            for document in [two.note, open, nowhere] {
                let operation = samspor_documents::id::OperationId::make(
                    hand_made::now(),
                    hand_made::random()?,
                );
                let group = Group {
                    space,
                    document: Some(document),
                    operations: vec![Operation::restrict(operation, &body)],
                };
                answers.extend(outsider.push(vec![group]).await?.concat());
            }
        }
        ensure!(
            answers.iter().all(|answer| matches!(
                answer,
                Answer::Refused {
                    reason: Reason::NoAccess,
                    by: None,
                    ..
                }
            )),
            "{answers:?}"
        );
        ensure!(
            answers.windows(2).all(|pair| pair[0] == pair[1]),
            "all the same"
        );
        two.anna.sync().await?;
        ensure!(two.anna.restricted_in(two.case).await? == 0);
        Ok(())
    }
    story().await.unwrap();
}
