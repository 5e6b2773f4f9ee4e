//! What adds to a signed entry goes where the entry goes: to whom the entry is shared alone, and into the case in which a
//! copy of it is filed.

#![allow(
    clippy::indexing_slicing,
    reason = "what a story sets up by number is there"
)]

use anyhow::{Context as _, Result, ensure};
use samspor_client_core::{CaseFilter, NewDisclosure, NewShare, TimelinePage, TimelineRow};
use samspor_documents::id::{DocumentId, PractitionerId, ShareId, SpaceId, TeamId};
use samspor_protocol::{
    fact::TeamKind,
    share::{Consent, LegalBasis, Recipient},
};
use samspor_tests::{
    browser::Browser,
    hand_made::now,
    needles::{found, make_needle},
    pages,
    person::{Person, prose, settle},
    program, wait,
    world::World,
};

/// Anna of health visiting with a signed note in a child's case; Peter of PPR, Sara of family counselling.
struct Begun {
    world: World,
    ppr: TeamId,
    sara_id: PractitionerId,
    anna: Person,
    peter: Person,
    sara: Person,
    case: SpaceId,
    note: DocumentId,
    texts: Vec<String>,
}

async fn begin() -> Result<Begun> {
    let world = World::begin().await?;
    let health = world
        .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
        .await?;
    let ppr = world.team("PPR", TeamKind::Ppr).await?;
    let family = world
        .team("Familierådgivningen", TeamKind::FamilyCounselling)
        .await?;
    let sara_id = world.practitioner("Sara Østergård", &[family]).await?;
    let anna = world.person("Anna Holm", &[health]).await?;
    let peter = world.person("Peter Bæk", &[ppr]).await?;
    let sara = world.device(sara_id).await?;
    sara.until_member_of(&[family]).await?;
    let case = anna.open_named_case(health, "Freja Lund").await?;
    let texts = ["notat", "først", "siden", "åben"].map(make_needle);
    let texts: Vec<String> = texts.into_iter().collect::<Result<_>>()?;
    let note = anna.note(case, &texts[0]).await?;
    anna.sign(note).await?;
    settle(&[&anna, &peter, &sara]).await?;
    Ok(Begun {
        world,
        ppr,
        sara_id,
        anna,
        peter,
        sara,
        case,
        note,
        texts,
    })
}

fn basis() -> LegalBasis {
    LegalBasis {
        code: "samtykke".to_owned(),
        text: String::new(),
    }
}

fn consent() -> Consent {
    Consent::NotAsked {
        why: "der er pligt til det".to_owned(),
    }
}

impl Begun {
    async fn settle(&self) -> Result<()> {
        settle(&[&self.anna, &self.peter, &self.sara]).await
    }

    /// An addition to the note, which Anna begins.
    async fn adds(&self, template: &str, text: &str) -> Result<DocumentId> {
        let (_, names_entry) = self.anna.adding_to(self.note).await?;
        let fields = vec![prose("text", text), names_entry];
        Ok(self.anna.write(self.case, template, fields, None).await?)
    }

    fn note_with_sara(&self) -> NewShare {
        NewShare {
            document: Some(self.note),
            to: Recipient::Practitioner(self.sara_id),
            about: Some("et barn".to_owned()),
            purpose: "Vurdering".to_owned(),
            basis: basis(),
            consent: consent(),
            until: None,
        }
    }

    fn to_ppr(&self, document: DocumentId) -> NewDisclosure {
        NewDisclosure {
            document,
            team: self.ppr,
            about: None,
            purpose: "Overgang til skole".to_owned(),
            basis: basis(),
            consent: consent(),
        }
    }

    async fn share(&self, new: NewShare) -> Result<ShareId> {
        Ok(self.anna.share(&[self.case], new).await?[0])
    }

    /// What Sara reads with the note; none when she does not read it.
    async fn sara_reads(&self) -> Result<Option<Vec<DocumentId>>> {
        let row = self.sara.row(self.note).await?;
        let status = self.sara.status().await?;
        ensure!((status.in_sync, status.repairs) == (Some(true), 0));
        Ok(row.map(|row| ids(&row)))
    }

    /// Which of the texts could be read in Sara's store, opened with its key.
    async fn kept_by_sara(&self) -> Result<Vec<String>> {
        let readable = pages::decrypted(self.sara.folder(), &self.sara.key()).await?;
        let found = found(&self.texts, &readable);
        Ok(found.into_iter().map(str::to_owned).collect())
    }
}

fn ids(row: &TimelineRow) -> Vec<DocumentId> {
    row.additions.iter().map(|one| one.document).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_added_before_and_after_comes_with_a_shared_entry_once_it_is_signed_and_goes_with_it()
 {
    let begun = begin().await.unwrap();
    let (anna, sara) = (&begun.anna, &begun.sara);
    let before = begun.adds("addendum", &begun.texts[1]).await.unwrap();
    anna.sign(before).await.unwrap();
    let open = begun.adds("citizen_remark", &begun.texts[3]).await.unwrap();
    let share = begun.share(begun.note_with_sara()).await.unwrap();
    begun.settle().await.unwrap();
    assert_eq!(begun.sara_reads().await.unwrap(), Some(vec![before]));
    assert!(sara.read(open).await.is_err(), "it is no record yet");
    let after = begun.adds("addendum", &begun.texts[2]).await.unwrap();
    begun.settle().await.unwrap();
    assert_eq!(begun.sara_reads().await.unwrap(), Some(vec![before]));
    anna.sign(after).await.unwrap();
    begun.settle().await.unwrap();
    let both = vec![before, after];
    assert_eq!(begun.sara_reads().await.unwrap(), Some(both.clone()));
    for (document, text) in both.iter().zip(&begun.texts[1..]) {
        assert_eq!(&sara.text_of(*document).await.unwrap(), text);
        assert!(!sara.export_signed(*document).await.unwrap().is_empty());
    }
    assert!(sara.export_signed(open).await.is_err());
    assert!(sara.cases(CaseFilter::default()).await.unwrap().is_empty());
    assert_eq!(begun.kept_by_sara().await.unwrap(), begun.texts[..3]);
    // Restricted, it is marked as such with her as well.
    anna.restrict(after, true, "Under klage").await.unwrap();
    begun.settle().await.unwrap();
    let row = sara.row(after).await.unwrap().unwrap();
    assert!(row.restriction.is_some());
    begun.sara_reads().await.unwrap();

    anna.withdraw(share, "").await.unwrap();
    begun.settle().await.unwrap();
    assert_eq!(begun.sara_reads().await.unwrap(), None);
    for document in both {
        assert!(sara.read(document).await.is_err());
        assert!(sara.export_signed(document).await.is_err());
    }
    assert!(begun.kept_by_sara().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_addition_that_is_shared_as_well_stays_when_its_entry_goes_and_the_other_way_round() {
    let begun = begin().await.unwrap();
    let (anna, sara) = (&begun.anna, &begun.sara);
    let addendum = begun.adds("addendum", &begun.texts[1]).await.unwrap();
    anna.sign(addendum).await.unwrap();
    let of_addendum = NewShare {
        document: Some(addendum),
        ..begun.note_with_sara()
    };
    let mut shares = Vec::new();
    for new in [of_addendum.clone(), begun.note_with_sara()] {
        shares.push(begun.share(new).await.unwrap());
        begun.settle().await.unwrap();
    }
    assert_eq!(begun.sara_reads().await.unwrap(), Some(vec![addendum]));
    anna.withdraw(shares[1], "").await.unwrap();
    begun.settle().await.unwrap();
    assert_eq!(begun.sara_reads().await.unwrap(), None);
    assert_eq!(sara.text_of(addendum).await.unwrap(), begun.texts[1]);
    assert_eq!(
        begun.kept_by_sara().await.unwrap(),
        [begun.texts[1].clone()]
    );
    begun.share(begun.note_with_sara()).await.unwrap();
    anna.withdraw(shares[0], "").await.unwrap();
    begun.settle().await.unwrap();
    assert_eq!(begun.sara_reads().await.unwrap(), Some(vec![addendum]));
    assert_eq!(sara.text_of(addendum).await.unwrap(), begun.texts[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_time_is_over_the_entry_and_what_was_added_are_hidden_without_cover() {
    let begun = begin().await.unwrap();
    let (anna, sara) = (&begun.anna, &begun.sara);
    let addendum = begun.adds("addendum", &begun.texts[1]).await.unwrap();
    anna.sign(addendum).await.unwrap();
    let other = anna.note(begun.case, &begun.texts[3]).await.unwrap();
    anna.sign(other).await.unwrap();
    let brief = |document| NewShare {
        document: Some(document),
        until: Some(now().plus(6_000)),
        ..begun.note_with_sara()
    };
    // Another entry of the case, whose time is over first, takes nothing of this one along.
    begun.share(brief(other)).await.unwrap();
    let lasting = begun.share(begun.note_with_sara()).await.unwrap();
    begun.settle().await.unwrap();
    assert!(sara.read(other).await.is_ok());
    begun.world.relay.set_cover(false);
    wait::until("the other entry to be hidden", async || {
        Ok(sara.read(other).await.is_err())
    })
    .await
    .unwrap();
    let row = sara.row(begun.note).await.unwrap().unwrap();
    assert_eq!(ids(&row), [addendum]);
    assert_eq!(sara.text_of(addendum).await.unwrap(), begun.texts[1]);
    begun.world.relay.set_cover(true);
    anna.withdraw(lasting, "").await.unwrap();
    begun.share(brief(begun.note)).await.unwrap();
    begun.settle().await.unwrap();
    assert_eq!(sara.text_of(addendum).await.unwrap(), begun.texts[1]);
    begun.world.relay.set_cover(false);
    wait::until("both to be hidden", async || {
        let entry = sara.row(begun.note).await?.is_none();
        Ok(entry && sara.row(addendum).await?.is_none())
    })
    .await
    .unwrap();
    assert!(sara.read(addendum).await.is_err());
    begun.world.relay.set_cover(true);
    begun.settle().await.unwrap();
    assert_eq!(begun.sara_reads().await.unwrap(), None);
    assert!(begun.kept_by_sara().await.unwrap().is_empty());
}

/// `samspor verify` on what a person exports, with no network.
async fn verifies(begun: &Begun, person: &Person, document: DocumentId) -> Result<String> {
    let file = person.export_signed(document).await?;
    let path = begun.world.folder().join(format!("{document}.samspor"));
    tokio::fs::write(&path, file).await?;
    let mut verify = tokio::process::Command::new(program::built("samspor")?);
    let answer = verify.arg("verify").arg(&path).output().await?;
    ensure!(answer.status.success(), "{answer:?}");
    Ok(String::from_utf8_lossy(&answer.stdout).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_added_is_disclosed_with_its_entry_stands_with_it_and_proves_itself() {
    let begun = begin().await.unwrap();
    let (anna, peter) = (&begun.anna, &begun.peter);
    let addendum = begun.adds("addendum", &begun.texts[1]).await.unwrap();
    anna.sign(addendum).await.unwrap();
    let restricted = begun.adds("citizen_remark", &begun.texts[3]).await.unwrap();
    anna.sign(restricted).await.unwrap();
    anna.restrict(restricted, true, "barnets ønske")
        .await
        .unwrap();
    begun.adds("addendum", "ikke godkendt").await.unwrap();
    begun.world.relay.set_cover(false);
    let disclosed = anna.disclose(begun.case, begun.to_ppr(begun.note));
    let disclosed = disclosed.await.unwrap();
    assert_eq!(disclosed.len(), 2, "nothing that is open or restricted");
    begun.world.relay.set_cover(true);
    begun.settle().await.unwrap();
    assert!(anna.not_delivered().await.unwrap().is_empty());
    let copies = [disclosed[0].filed(begun.note), disclosed[1].filed(addendum)];
    let cases = peter.cases(CaseFilter::default()).await.unwrap();
    let filed_in = cases[0].case;
    let page = TimelinePage::default();
    let rows = peter.timeline(filed_in, page).await.unwrap();
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(
        (rows[0].document, ids(&rows[0])),
        (copies[0], vec![copies[1]])
    );
    for (copy, text) in copies.iter().zip(&begun.texts) {
        let told = verifies(&begun, peter, *copy).await.unwrap();
        assert!(told.contains(text.as_str()), "{told}");
    }
    stands_on_the_page(&begun, filed_in, copies).await.unwrap();

    // What is signed later is missing there, until it is disclosed as well.
    let later = begun.adds("addendum", &begun.texts[2]).await.unwrap();
    let without = async || -> Result<Vec<DocumentId>> {
        let shares = anna.shares(Some(begun.case)).await?;
        let of_note = shares.iter().find(|row| row.share == disclosed[0]);
        Ok(of_note.context("listed")?.without.clone())
    };
    assert!(without().await.unwrap().is_empty(), "while it is open");
    anna.sign(later).await.unwrap();
    assert_eq!(without().await.unwrap(), [later]);
    let shares = anna
        .disclose(begun.case, begun.to_ppr(later))
        .await
        .unwrap();
    assert!(without().await.unwrap().is_empty());
    begun.settle().await.unwrap();
    let row = peter.row(copies[0]).await.unwrap().unwrap();
    assert_eq!(ids(&row), [copies[1], shares[0].filed(later)]);
}

async fn stands_on_the_page(
    begun: &Begun,
    filed_in: SpaceId,
    [entry, addition]: [DocumentId; 2],
) -> Result<()> {
    let peter = begun.peter.identity().await?.context("enrolled")?;
    let url = begun.world.server_url();
    let admin = begun.world.admin().await?;
    let link = admin.sign_in_link(peter.practitioner, &url).await?;
    let browser = Browser::sign_in(&url, &link).await?;
    let page = browser.read(&format!("/children/{filed_in}")).await?;
    let place = |id: DocumentId| page.find(&format!("id=\"e{id}\""));
    ensure!(place(entry) < place(addition) && place(entry).is_some());
    let data = format!("/api/v1/children/{filed_in}/timeline");
    let data: serde_json::Value = serde_json::from_str(&browser.read(&data).await?)?;
    let entries = data["entries"].as_array().context("entries")?;
    ensure!(entries.len() == 1, "{data}");
    let stands_with = entries[0]["additions"][0]["document"].as_str();
    ensure!(stands_with == Some(&addition.to_string()), "{data}");
    Ok(())
}
