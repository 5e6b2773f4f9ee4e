//! Signing over a real server: what was signed offline is the record everywhere, what could not be signed is open
//! again, and a file proves it without anybody.

use anyhow::{Context as _, Result, ensure};
use samspor_client_core::{DeviceError, EntryState, TimelineRow};
use samspor_documents::id::{DocumentId, SpaceId, TeamId};
use samspor_protocol::{fact::TeamKind, sign::SignedRecord};
use samspor_tests::{
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
}

impl Two {
    async fn begin() -> Result<Self> {
        let world = World::begin().await?;
        let team = world
            .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
            .await?;
        let anna = world.person("Anna Holm", &[team]).await?;
        let bodil = world.person("Bodil Kjær", &[team]).await?;
        let case = anna.open_named_case(team, "Freja Lund").await?;
        settle(&[&anna, &bodil]).await?;
        Ok(Self {
            world,
            team,
            anna,
            bodil,
            case,
        })
    }

    async fn settle(&self) -> Result<()> {
        settle(&[&self.anna, &self.bodil]).await
    }

    /// A note of Anna's that both have.
    async fn note(&self, text: &str) -> Result<DocumentId> {
        let note = self.anna.note(self.case, text).await?;
        self.settle().await?;
        Ok(note)
    }
}

async fn row(person: &Person, document: DocumentId) -> Result<TimelineRow> {
    person
        .row(document)
        .await?
        .context("it stands in the lists")
}

async fn until_signed(person: &Person, document: DocumentId, signers: usize) -> Result<()> {
    wait::until("the signature to arrive", async || {
        person.sync().await?;
        let row = person.row(document).await?;
        Ok(row.is_some_and(|row| {
            row.state == EntryState::Signed
                && row.signers.len() == signers
                && row.signers.iter().all(|one| one.received)
        }))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_06_a_text_signed_offline_is_the_record_on_every_device() {
    let two = Two::begin().await.unwrap();
    let note = two
        .anna
        .note(two.case, "Første besøg. Alt vel.")
        .await
        .unwrap();
    two.anna.sign(note).await.unwrap();
    assert_eq!(
        row(&two.anna, note).await.unwrap().state,
        EntryState::SignedNotReceived
    );
    until_signed(&two.anna, note, 1).await.unwrap();
    until_signed(&two.bodil, note, 1).await.unwrap();
    // A device that comes new gets the text, and all agree without a repair.
    let new = two.world.person("Carl Birk", &[two.team]).await.unwrap();
    settle(&[&two.anna, &two.bodil, &new]).await.unwrap();
    for person in [&two.anna, &two.bodil, &new] {
        assert_eq!(
            person.text_of(note).await.unwrap(),
            "Første besøg. Alt vel."
        );
        let edited = person.edit(note, &[prose("text", "andet")]).await;
        assert!(
            matches!(edited, Err(DeviceError::Signed { .. })),
            "{edited:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_lacks_a_colleagues_edit_is_refused_and_signed_again() {
    let two = Two::begin().await.unwrap();
    let note = two.note("Besøg.").await.unwrap();
    two.bodil
        .edit(note, &[prose("text", "Besøg. Vægt taget.")])
        .await
        .unwrap();
    two.bodil.sync().await.unwrap();
    two.anna.sign(note).await.unwrap();
    let report = two.anna.sync().await.unwrap();
    assert_eq!(report.refused, 1, "{report:?}");
    let stands = row(&two.anna, note).await.unwrap();
    assert_eq!((stands.state, stands.refused), (EntryState::Refused, true));
    let refused = two.anna.not_delivered().await.unwrap();
    assert_eq!(refused[0].reason, "unseen_changes");
    wait::until("the edit to arrive", async || {
        two.anna.sync().await?;
        Ok(two.anna.text_of(note).await? == "Besøg. Vægt taget.")
    })
    .await
    .unwrap();
    two.anna.sign(note).await.unwrap();
    until_signed(&two.anna, note, 1).await.unwrap();
    until_signed(&two.bodil, note, 1).await.unwrap();
    assert!(two.anna.not_delivered().await.unwrap().is_empty());
    assert_eq!(two.bodil.text_of(note).await.unwrap(), "Besøg. Vægt taget.");
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_09_an_edit_that_comes_after_the_signature_stays_with_who_wrote_it() {
    let two = Two::begin().await.unwrap();
    let note = two.note("Besøg.").await.unwrap();
    two.bodil
        .edit(note, &[prose("text", "Besøg. For sent.")])
        .await
        .unwrap();
    two.anna.sign(note).await.unwrap();
    until_signed(&two.anna, note, 1).await.unwrap();
    until_signed(&two.bodil, note, 1).await.unwrap();
    let refused = two.bodil.not_delivered().await.unwrap();
    assert_eq!((refused.len(), refused[0].reason.as_str()), (1, "signed"));
    let json = two.bodil.export_not_delivered(note.0).await.unwrap();
    assert!(json.contains("For sent."));
    two.settle().await.unwrap();
    assert_eq!(two.bodil.text_of(note).await.unwrap(), "Besøg.");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sign_one_text_and_a_file_proves_both_with_no_network() {
    let mut two = Two::begin().await.unwrap();
    let note = two.note("Vi var der begge.").await.unwrap();
    two.anna.sign(note).await.unwrap();
    until_signed(&two.anna, note, 1).await.unwrap();
    until_signed(&two.bodil, note, 1).await.unwrap();
    two.bodil.sign(note).await.unwrap();
    until_signed(&two.bodil, note, 2).await.unwrap();
    until_signed(&two.anna, note, 2).await.unwrap();
    let file = two.anna.export_signed(note).await.unwrap();
    let key = two.anna.identity().await.unwrap().unwrap().organisation_key;
    two.world.stop_server().await.unwrap();
    let record = SignedRecord::from_file(&file).unwrap();
    let verified = record.verify(Some(&key)).unwrap();
    assert_eq!(verified.signatures.len(), 2);
    assert_eq!(verified.text.place().document, note);
    assert!(record.receipt.is_some());
    let offline = two.bodil.export_signed(note).await;
    assert!(
        matches!(offline, Err(DeviceError::Unreachable { .. })),
        "{offline:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_a_signature_that_is_lost_on_the_way_signs_once() {
    let two = Two::begin().await.unwrap();
    let note = two.note("Besøg.").await.unwrap();
    two.anna.sign(note).await.unwrap();
    two.world.relay.lose_next_answer();
    let _ = two.anna.try_sync().await;
    until_signed(&two.anna, note, 1).await.unwrap();
    until_signed(&two.bodil, note, 1).await.unwrap();
    assert!(two.anna.not_delivered().await.unwrap().is_empty());
    two.settle().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_is_only_for_those_who_see_the_document() {
    async fn story() -> Result<()> {
        let two = Two::begin().await?;
        let note = two.note("Besøg.").await?;
        let open = two.bodil.export_signed(note).await;
        ensure!(matches!(open, Err(DeviceError::NotSigned)), "{open:?}");
        two.anna.sign(note).await?;
        until_signed(&two.anna, note, 1).await?;
        until_signed(&two.bodil, note, 1).await?;
        two.bodil.export_signed(note).await?;
        let bodil = two
            .bodil
            .identity()
            .await?
            .context("enrolled")?
            .practitioner;
        two.world.end_membership(bodil, two.team).await?;
        wait::until("the server to hear of it", async || {
            Ok(matches!(
                two.bodil.export_signed(note).await,
                Err(DeviceError::NoEvidence)
            ))
        })
        .await?;
        two.bodil.sync().await?;
        let gone = two.bodil.read(note).await;
        ensure!(
            matches!(gone, Err(DeviceError::UnknownDocument)),
            "{gone:?}"
        );
        Ok(())
    }
    story().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_opened_and_a_visit_drafted_published_and_signed_without_cover_arrive_with_one_sync()
{
    let two = Two::begin().await.unwrap();
    let case = two.anna.open_named_case(two.team, "Liv Ærø").await.unwrap();
    let fields = vec![prose("text", "Første besøg hos Liv.")];
    let draft = two.anna.draft(case, "note", fields, None).await.unwrap();
    let visit = two.anna.publish(draft).await.unwrap();
    let straight = two.anna.note(case, "Ringede bagefter.").await.unwrap();
    for document in [visit, straight] {
        two.anna.sign(document).await.unwrap();
    }
    let report = two.anna.sync().await.unwrap();
    assert_eq!((report.refused, report.all_sent), (0, true), "{report:?}");
    for document in [visit, straight] {
        until_signed(&two.anna, document, 1).await.unwrap();
        until_signed(&two.bodil, document, 1).await.unwrap();
    }
    assert_eq!(
        two.bodil.text_of(visit).await.unwrap(),
        "Første besøg hos Liv."
    );
    let file = two.bodil.export_signed(visit).await.unwrap();
    let record = SignedRecord::from_file(&file).unwrap();
    let verified = record.verify(None).unwrap();
    assert!(verified.text.place().card.is_some(), "filed with its card");
}
