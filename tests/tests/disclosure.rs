//! Disclosure: a signed entry is filed with another team, in its own case of the child, and stays there whatever becomes
//! of the original.

use anyhow::{Context as _, Result, ensure};
use samspor_client_core::{
    CaseFilter, CaseRow, DeviceError, EntryState, NewDisclosure, TimelinePage, TimelineRow,
};
use samspor_documents::{
    document::Edit,
    id::{DocumentId, PractitionerId, SpaceId, TeamId},
    value::Value,
};
use samspor_protocol::{
    fact::TeamKind,
    share::{Consent, LegalBasis},
    sign::SignedRecord,
};
use samspor_tests::{
    needles::{found, make_needle},
    pages,
    person::{Person, prose, set, settle},
    world::World,
};

const CPR: &str = "010120-1234";

/// Anna and Bodil of health visiting, Peter of PPR.
struct Begun {
    world: World,
    health: TeamId,
    ppr: TeamId,
    anna_id: PractitionerId,
    peter_id: PractitionerId,
    anna: Person,
    bodil: Person,
    peter: Person,
}

async fn begin() -> Result<Begun> {
    let world = World::begin().await?;
    let health = world
        .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
        .await?;
    let ppr = world.team("PPR", TeamKind::Ppr).await?;
    let anna_id = world.practitioner("Anna Holm", &[health]).await?;
    let peter_id = world.practitioner("Peter Bæk", &[ppr]).await?;
    let anna = world.device(anna_id).await?;
    let bodil = world.person("Bodil Kjær", &[health]).await?;
    let peter = world.device(peter_id).await?;
    anna.until_member_of(&[health]).await?;
    peter.until_member_of(&[ppr]).await?;
    settle(&[&anna, &bodil, &peter]).await?;
    Ok(Begun {
        world,
        health,
        ppr,
        anna_id,
        peter_id,
        anna,
        bodil,
        peter,
    })
}

fn text(field: &str, value: &str) -> Edit {
    set(field, Value::Text(value.to_owned()))
}

impl Begun {
    async fn settle(&self) -> Result<()> {
        settle(&[&self.anna, &self.bodil, &self.peter]).await
    }

    fn to_ppr(&self, document: DocumentId) -> NewDisclosure {
        NewDisclosure {
            document,
            team: self.ppr,
            about: None,
            purpose: "Overgang til skole".to_owned(),
            basis: LegalBasis {
                code: "servicelov".to_owned(),
                text: String::new(),
            },
            consent: Consent::NotAsked {
                why: "der er pligt til at videregive".to_owned(),
            },
        }
    }

    /// Anna's case of a child with a signed note in it.
    async fn signed_note(&self, card: Vec<Edit>, note: &str) -> Result<(SpaceId, DocumentId)> {
        let case = self.anna.open_case(self.health, card).await?;
        let document = self.anna.note(case, note).await?;
        self.anna.sign(document).await?;
        Ok((case, document))
    }
}

async fn only_row(person: &Person, case: SpaceId) -> Result<TimelineRow> {
    let mut rows = person.timeline(case, TimelinePage::default()).await?;
    ensure!(rows.len() == 1, "{rows:?}");
    rows.pop().context("one")
}

async fn only_case(person: &Person) -> Result<CaseRow> {
    let mut rows = person.cases(CaseFilter::default()).await?;
    ensure!(rows.len() == 1, "{rows:?}");
    rows.pop().context("one")
}

/// Exports a document and verifies the file against the organisation's key: the text inside, and how many signed.
async fn proven(person: &Person, document: DocumentId) -> Result<(Vec<u8>, usize)> {
    let file = person.export_signed(document).await?;
    let identity = person.identity().await?.context("enrolled")?;
    let record = SignedRecord::from_file(&file)?;
    let verified = record.verify(Some(&identity.organisation_key))?;
    Ok((record.text.to_vec(), verified.signatures.len()))
}

/// A colleague signs the original, whoever disclosed it leaves, nobody can be asked: the copy is what it was.
async fn whatever_becomes_of_the_original(
    begun: &Begun,
    (note, case): (DocumentId, SpaceId),
    copy: &TimelineRow,
    said: &str,
) -> Result<()> {
    let peter = &begun.peter;
    begun.bodil.sign(note).await?;
    begun.settle().await?;
    begun
        .world
        .end_membership(begun.anna_id, begun.health)
        .await?;
    begun.settle().await?;
    assert!(begun.anna.cases(CaseFilter::default()).await?.is_empty());
    assert_eq!(only_row(peter, case).await?, *copy);
    begun.world.relay.set_cover(false);
    let (inside, signers) = proven(peter, copy.document).await?;
    assert_eq!(signers, 1, "as it was when it was disclosed");
    assert!(String::from_utf8_lossy(&inside).contains(said));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_06_what_was_disclosed_without_cover_stands_in_the_recipients_own_case_for_good()
{
    let begun = begin().await.unwrap();
    let (anna, peter) = (&begun.anna, &begun.peter);
    let own = vec![text("name", "Freja L."), text("cpr", CPR)];
    let peters = peter.open_case(begun.ppr, own).await.unwrap();
    begun.settle().await.unwrap();

    // The case, its card, the note, the signature and the disclosure: all of it with no network, in one sync.
    begun.world.relay.set_cover(false);
    let card = vec![text("name", "Freja Lund"), text("cpr", CPR)];
    let said = "Hun trives i den nye stue.";
    let (case, note) = begun.signed_note(card, said).await.unwrap();
    let share = anna.disclose(case, begun.to_ppr(note)).await.unwrap()[0];
    assert!(anna.try_sync().await.is_err());
    let mine = anna.shares(Some(case)).await.unwrap();
    assert!(mine[0].is_disclosure && !mine[0].confirmed);
    begun.world.relay.set_cover(true);
    begun.settle().await.unwrap();

    assert_eq!(anna.not_delivered().await.unwrap().len(), 0);
    assert!(begun.bodil.shares(Some(case)).await.unwrap()[0].is_disclosure);
    assert_eq!(only_case(peter).await.unwrap().case, peters);
    let copy = only_row(peter, peters).await.unwrap();
    assert_eq!(copy.document, share.filed(note));
    assert_eq!(copy.state, EntryState::Signed);
    assert_eq!(copy.authors, [begun.anna_id]);
    let disclosed = copy.disclosed.clone().unwrap();
    assert_eq!(
        (disclosed.team, disclosed.by),
        (begun.health, begun.anna_id)
    );
    assert_eq!(disclosed.purpose, "Overgang til skole");
    assert_eq!(peter.text_of(copy.document).await.unwrap(), said);
    let received = peter.received_shares().await.unwrap();
    assert!(received[0].is_disclosure);
    let entry = peter.shared_document(&received[0]).await.unwrap();
    assert_eq!(entry.map(|row| row.document), Some(copy.document));

    // Nobody changes or signs it there, and nobody takes it back.
    let edited = peter.edit(copy.document, &[prose("text", "andet")]).await;
    assert!(
        matches!(edited, Err(DeviceError::Signed { .. })),
        "{edited:?}"
    );
    let signed = peter.sign(copy.document).await;
    assert!(
        matches!(signed, Err(DeviceError::Signed { .. })),
        "{signed:?}"
    );
    let withdrawn = anna.withdraw(share, "fortrudt").await;
    assert!(
        matches!(withdrawn, Err(DeviceError::Disclosed)),
        "{withdrawn:?}"
    );

    whatever_becomes_of_the_original(&begun, (note, peters), &copy, said)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_a_disclosure_opened_gets_its_card_from_its_team() {
    let begun = begin().await.unwrap();
    let (anna, peter) = (&begun.anna, &begun.peter);
    let card = vec![text("name", "Freja Lund"), text("cpr", CPR)];
    let (case, note) = begun.signed_note(card, "Første notat").await.unwrap();
    let open = anna.note(case, "Ikke godkendt").await.unwrap();
    let refused = anna.disclose(case, begun.to_ppr(open)).await;
    assert!(
        matches!(refused, Err(DeviceError::NotSigned)),
        "{refused:?}"
    );
    anna.restrict(note, true, "Barnets ønske").await.unwrap();
    let refused = anna.disclose(case, begun.to_ppr(note)).await;
    assert!(
        matches!(refused, Err(DeviceError::EntryRestricted)),
        "{refused:?}"
    );
    anna.restrict(note, false, "Ophævet").await.unwrap();
    anna.disclose(case, begun.to_ppr(note)).await.unwrap();
    begun.settle().await.unwrap();

    let opened = only_case(peter).await.unwrap();
    assert_ne!(opened.case, case);
    assert_eq!((opened.team, opened.card), (begun.ppr, None));
    assert_eq!(opened.about.as_deref(), Some("Freja Lund"));
    assert_eq!(
        only_row(peter, opened.case).await.unwrap().authors,
        [begun.anna_id]
    );

    // The second one comes before the card: beside the first.
    let second = anna.note(case, "Andet notat").await.unwrap();
    anna.sign(second).await.unwrap();
    anna.disclose(case, begun.to_ppr(second)).await.unwrap();
    begun.settle().await.unwrap();
    assert_eq!(only_case(peter).await.unwrap().case, opened.case);

    begun.world.relay.set_cover(false);
    let fields = vec![text("name", "Freja Lund"), text("cpr", CPR)];
    assert!(peter.edit_card(opened.case, &fields).await.unwrap());
    let own = peter.note(opened.case, "PPR's eget").await.unwrap();
    peter.sign(own).await.unwrap();
    begun.world.relay.set_cover(true);
    begun.settle().await.unwrap();
    let known = only_case(peter).await.unwrap();
    assert_eq!((known.case, known.about), (opened.case, None));
    assert_eq!(known.view.unwrap().name, "Freja Lund");
    let rows = peter
        .timeline(opened.case, TimelinePage::default())
        .await
        .unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows.iter().filter(|row| row.disclosed.is_some()).count(), 2);
    assert_eq!(peter.not_delivered().await.unwrap().len(), 0);
    // What PPR wrote and made of it is PPR's.
    assert_eq!(only_case(anna).await.unwrap().case, case);
    assert_eq!(
        anna.timeline(case, TimelinePage::default())
            .await
            .unwrap()
            .len(),
        3
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_the_recipients_team_keeps_nothing_of_what_was_disclosed_to_it() {
    let mut begun = begin().await.unwrap();
    let said = make_needle("trives på Ærø").unwrap();
    let name = make_needle("barnet").unwrap();
    let card = vec![text("name", &name)];
    let (case, note) = begun.signed_note(card, &said).await.unwrap();
    begun.anna.disclose(case, begun.to_ppr(note)).await.unwrap();
    begun.settle().await.unwrap();
    let opened = only_case(&begun.peter).await.unwrap();
    assert_eq!(opened.about.as_deref(), Some(name.as_str()));
    // Whoever comes to the team later has it, too.
    let pia = begun.world.person("Pia Krogh", &[begun.ppr]).await.unwrap();
    settle(&[&pia]).await.unwrap();
    let copy = only_row(&pia, opened.case).await.unwrap();
    assert_eq!(pia.text_of(copy.document).await.unwrap(), said);

    begun
        .world
        .end_membership(begun.peter_id, begun.ppr)
        .await
        .unwrap();
    begun.settle().await.unwrap();
    assert!(
        begun
            .peter
            .cases(CaseFilter::default())
            .await
            .unwrap()
            .is_empty()
    );
    assert!(begun.peter.received_shares().await.unwrap().is_empty());
    assert_eq!(begun.peter.row(copy.document).await.unwrap(), None);
    begun.peter.close().await;
    let readable = pages::decrypted(begun.peter.folder(), &begun.peter.key()).await;
    let needles = [said, name];
    assert_eq!(found(&needles, &readable.unwrap()), Vec::<&str>::new());
}
