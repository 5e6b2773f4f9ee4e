//! Two do the same at once: whichever arrives first, there is one outcome, the same on every device, and what came second
//! is with who did it. Signing against an edit stands in `signing`, a withdrawal against a signature in `shares`.

use anyhow::{Context as _, Result, ensure};
use samspor_client_core::{EntryState, NotDelivered, TimelinePage};
use samspor_documents::id::{DocumentId, PractitionerId, SpaceId};
use samspor_protocol::fact::TeamKind;
use samspor_tests::{
    person::{Person, prose, settle},
    wait,
    world::World,
};

/// Anna with a phone and a tablet, Bodil and Carl: one team, one case.
struct Begun {
    _world: World,
    phones: [Person; 4],
    anna: PractitionerId,
    case: SpaceId,
}

async fn begin() -> Result<Begun> {
    let world = World::begin().await?;
    let team = world
        .team("Sundhedsplejen", TeamKind::HealthVisiting)
        .await?;
    let anna = world.practitioner("Anna Holm", &[team]).await?;
    let bodil = world.practitioner("Bodil Kjær", &[team]).await?;
    let carl = world.practitioner("Carl Birk", &[team]).await?;
    let mut phones = Vec::new();
    for who in [anna, anna, bodil, carl] {
        let phone = world.device(who).await?;
        phone.until_member_of(&[team]).await?;
        phones.push(phone);
    }
    let phones = <[Person; 4]>::try_from(phones).ok().context("four")?;
    let case = phones[0].open_named_case(team, "Freja Lund").await?;
    settle(&phones.each_ref()).await?;
    Ok(Begun {
        _world: world,
        phones,
        anna,
        case,
    })
}

impl Begun {
    async fn note(&self, text: &str) -> Result<DocumentId> {
        let note = self.phones[0].note(self.case, text).await?;
        settle(&self.phones.each_ref()).await?;
        Ok(note)
    }

    /// Everybody reads this text, signed by so many.
    async fn all_read(&self, note: DocumentId, text: &str, signers: usize) -> Result<()> {
        for phone in &self.phones {
            wait::until("the signatures to arrive", async || {
                phone.sync().await?;
                let row = phone.row(note).await?.context("a row")?;
                let all = row.signers.iter().filter(|one| one.received).count();
                Ok(row.state == EntryState::Signed && all == signers)
            })
            .await?;
            ensure!(phone.text_of(note).await? == text);
        }
        settle(&self.phones.each_ref()).await
    }
}

fn told(boxed: &[NotDelivered]) -> Vec<(&'static str, &str)> {
    let operations = boxed.iter().flat_map(|one| &one.operations);
    operations
        .map(|one| (one.operation, one.reason.as_str()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_who_signs_on_two_devices_at_once_has_signed_once_in_either_order() -> Result<()> {
    for first in [0, 1] {
        let begun = begin().await?;
        let note = begun.note("Besøg.").await?;
        let [winner, loser] = [&begun.phones[first], &begun.phones[1 - first]];
        winner.sign(note).await?;
        loser.sign(note).await?;
        winner.sync().await?;
        loser.sync().await?;
        begun.all_read(note, "Besøg.", 1).await?;
        for phone in &begun.phones {
            let row = phone.row(note).await?.context("a row")?;
            ensure!(row.signers[0].practitioner == begun.anna);
        }
        ensure!(winner.not_delivered().await?.is_empty());
        ensure!(told(&loser.not_delivered().await?) == [("sign", "signed")]);
        loser.discard_not_delivered(note.0).await?;
        begun.all_read(note, "Besøg.", 1).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_edit_with_a_signature_and_a_signature_without_it_one_is_the_record_in_either_order()
-> Result<()> {
    for is_edited_first in [true, false] {
        let begun = begin().await?;
        let note = begun.note("Besøg.").await?;
        let [phone, tablet, ..] = begun.phones.each_ref();
        let edited = "Besøg. Vægt taget.";
        tablet.edit(note, &[prose("text", edited)]).await?;
        tablet.sign(note).await?;
        phone.sign(note).await?;
        let order = match is_edited_first {
            true => [tablet, phone],
            false => [phone, tablet],
        };
        order[0].sync().await?;
        order[1].sync().await?;
        ensure!(order[0].not_delivered().await?.is_empty());
        let left = order[1].not_delivered().await?;
        if is_edited_first {
            begun.all_read(note, edited, 1).await?;
            ensure!(left.len() == 1 && told(&left)[0].0 == "sign", "{left:?}");
        } else {
            begun.all_read(note, "Besøg.", 1).await?;
            let expected = [("change", "signed"), ("sign", "earlier_refused")];
            ensure!(told(&left) == expected, "{left:?}");
            let file = order[1].export_not_delivered(note.0).await?;
            ensure!(file.contains(edited));
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_colleagues_who_sign_at_once_have_both_signed_in_either_order() -> Result<()> {
    for first in [2, 3] {
        let begun = begin().await?;
        let note = begun.note("Vi var der alle tre.").await?;
        begun.phones[0].sign(note).await?;
        begun.all_read(note, "Vi var der alle tre.", 1).await?;
        let [one, other] = [&begun.phones[first], &begun.phones[5 - first]];
        one.sign(note).await?;
        other.sign(note).await?;
        one.sync().await?;
        other.sync().await?;
        begun.all_read(note, "Vi var der alle tre.", 3).await?;
        for phone in &begun.phones {
            ensure!(phone.not_delivered().await?.is_empty());
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_published_on_two_devices_at_once_is_one_entry_in_either_order() -> Result<()> {
    for first in [0, 1] {
        let begun = begin().await?;
        let [phone, tablet, ..] = begun.phones.each_ref();
        let text = vec![prose("text", "Fælles.")];
        let draft = phone.draft(begun.case, "note", text, None).await?;
        settle(&begun.phones.each_ref()).await?;
        phone
            .edit(draft, &[prose("text", "Fælles. Fra telefonen.")])
            .await?;
        tablet
            .edit(draft, &[prose("text", "Fælles. Fra tabletten.")])
            .await?;
        let entries = [phone.publish(draft).await?, tablet.publish(draft).await?];
        let order = [&begun.phones[first], &begun.phones[1 - first]];
        order[0].sync().await?;
        order[1].sync().await?;
        settle(&begun.phones.each_ref()).await?;
        let texts = ["Fælles. Fra telefonen.", "Fælles. Fra tabletten."];
        for person in &begun.phones {
            let rows = person.timeline(begun.case, TimelinePage::default()).await?;
            let shown: Vec<DocumentId> = rows.iter().map(|row| row.document).collect();
            ensure!(shown == [entries[first]]);
            ensure!(person.text_of(entries[first]).await? == texts[first]);
        }
        ensure!(order[0].not_delivered().await?.is_empty());
        let left = order[1].not_delivered().await?;
        ensure!(left.iter().all(|one| one.reason == "superseded"));
        ensure!(serde_json::to_string(&left)?.contains(texts[1 - first]));
    }
    Ok(())
}
