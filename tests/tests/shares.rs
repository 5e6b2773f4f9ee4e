//! Shares: a case or one entry opened to another team or a colleague, at the kitchen table and without cover; withdrawn,
//! and over by the clock.

use anyhow::{Context as _, Result};
use samspor_client_core::{CaseFilter, Device, DeviceError, NewShare, ReceivedRow, TimelinePage};
use samspor_documents::id::{DocumentId, PractitionerId, SpaceId, TeamId};
use samspor_protocol::{
    fact::TeamKind,
    share::{Consent, Ended, LegalBasis, Recipient},
};
use samspor_tests::{
    hand_made::now,
    needles::{found, make_needle},
    pages,
    person::{Person, prose, settle},
    wait,
    world::World,
};

/// Anna of health visiting with a child's case and two entries in it; Peter of PPR; Sara of family counselling.
struct Begun {
    world: World,
    team: TeamId,
    ppr: TeamId,
    sara: PractitionerId,
    phones: [Person; 3],
    case: SpaceId,
    name: String,
    texts: [String; 2],
    entries: [DocumentId; 2],
}

async fn begin() -> Result<Begun> {
    let world = World::begin().await?;
    let team = world
        .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
        .await?;
    let ppr = world.team("PPR", TeamKind::Ppr).await?;
    let family = world
        .team("Familierådgivningen", TeamKind::FamilyCounselling)
        .await?;
    let anna = world.practitioner("Anna Holm", &[team]).await?;
    let peter = world.practitioner("Peter Bæk", &[ppr]).await?;
    let sara = world.practitioner("Sara Østergård", &[family]).await?;
    let mut phones = Vec::new();
    for (who, of) in [(anna, team), (peter, ppr), (sara, family)] {
        let phone = world.device(who).await?;
        phone.until_member_of(&[of]).await?;
        phones.push(phone);
    }
    let phones = <[Person; 3]>::try_from(phones)
        .ok()
        .context("three phones")?;
    let name = make_needle("barnet på Ærø")?;
    let case = phones[0].open_named_case(team, &name).await?;
    let texts = [make_needle("første besøg")?, make_needle("andet besøg")?];
    let entries = [
        phones[0].note(case, &texts[0]).await?,
        phones[0].note(case, &texts[1]).await?,
    ];
    settle(&phones.each_ref()).await?;
    Ok(Begun {
        world,
        team,
        ppr,
        sara,
        phones,
        case,
        name,
        texts,
        entries,
    })
}

fn share_with(to: Recipient) -> NewShare {
    NewShare {
        document: None,
        to,
        about: None,
        purpose: "Overgang til skole".to_owned(),
        basis: LegalBasis {
            code: "samtykke".to_owned(),
            text: String::new(),
        },
        consent: Consent::Given {
            by: "mor og far, mundtligt".to_owned(),
            at: now(),
        },
        until: None,
    }
}

async fn read_on_timeline(device: &Device, case: SpaceId) -> Result<Vec<DocumentId>, DeviceError> {
    let rows = device.timeline(case, TimelinePage::default()).await?;
    let mut ids: Vec<DocumentId> = rows.iter().map(|row| row.document).collect();
    ids.sort_unstable();
    Ok(ids)
}

async fn only_received(device: &Device) -> Result<ReceivedRow> {
    let mut rows = device.received_shares().await?;
    anyhow::ensure!(rows.len() == 1, "{rows:?}");
    rows.pop().context("one")
}

impl Begun {
    /// Everything of the child that could be read on a phone.
    fn needles(&self) -> Vec<String> {
        let texts = self.texts.iter().chain([&self.name]);
        texts.cloned().collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_shared_without_cover_read_by_the_other_team_and_withdrawn_without_cover() {
    let begun = begin().await.unwrap();
    let [anna, peter, sara] = begun.phones.each_ref();
    assert!(peter.cases(CaseFilter::default()).await.unwrap().is_empty());

    begun.world.relay.set_cover(false);
    let share = anna
        .share(&[begun.case], share_with(Recipient::Team(begun.ppr)))
        .await
        .unwrap()[0];
    assert!(anna.try_sync().await.is_err());
    let mine = anna.shares(Some(begun.case)).await.unwrap();
    assert!(!mine[0].confirmed && mine[0].stands());
    begun.world.relay.set_cover(true);
    settle(&begun.phones.each_ref()).await.unwrap();

    assert!(anna.shares(None).await.unwrap()[0].confirmed);
    let received = only_received(peter).await.unwrap();
    assert_eq!(
        (received.share, received.case, received.team),
        (share, begun.case, begun.team)
    );
    assert_eq!(received.terms.about, begun.name);
    let mut all = begun.entries.to_vec();
    all.sort_unstable();
    assert_eq!(read_on_timeline(peter, begun.case).await.unwrap(), all);
    assert_eq!(
        peter.text_of(begun.entries[0]).await.unwrap(),
        begun.texts[0]
    );
    assert_eq!(peter.card(begun.case).await.unwrap().name, begun.name);
    // Sara's team was given nothing.
    assert!(sara.cases(CaseFilter::default()).await.unwrap().is_empty());
    assert!(sara.received_shares().await.unwrap().is_empty());

    let folder = peter.folder().to_owned();
    let needles = begun.needles();
    let readable = pages::decrypted(&folder, &peter.key()).await.unwrap();
    assert_eq!(
        found(&needles, &readable).len(),
        3,
        "what is looked for can be found"
    );

    begun.world.relay.set_cover(false);
    assert!(
        anna.withdraw(share, "forældrene ønsker det ikke mere")
            .await
            .unwrap()
    );
    assert!(!anna.withdraw(share, "").await.unwrap(), "once");
    assert!(anna.shares(None).await.unwrap()[0].withdrawal_waits);
    begun.world.relay.set_cover(true);
    settle(&begun.phones.each_ref()).await.unwrap();

    let received = only_received(peter).await.unwrap();
    assert!(
        matches!(received.ended, Some(Ended::Withdrawn { by: None, ref why, .. }) if why.is_empty())
    );
    assert!(peter.cases(CaseFilter::default()).await.unwrap().is_empty());
    assert!(matches!(
        read_on_timeline(peter, begun.case).await,
        Err(DeviceError::UnknownCase)
    ));
    for entry in begun.entries {
        assert!(matches!(
            peter.read(entry).await,
            Err(DeviceError::UnknownDocument)
        ));
    }
    assert_eq!(peter.status().await.unwrap().in_sync, Some(true));
    // Nothing of it is left in the store, opened with its key; the share itself names whom it was about.
    let key = peter.key();
    let readable = pages::decrypted(&folder, &key).await.unwrap();
    assert_eq!(found(&needles, &readable), [begun.name.as_str()]);
    assert_eq!(found(&begun.texts, &readable), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shared_is_read_and_nothing_is_begun_in_it_that_would_be_refused() {
    let begun = begin().await.unwrap();
    let [anna, peter, _] = begun.phones.each_ref();
    let share = share_with(Recipient::Team(begun.ppr));
    let share = anna.share(&[begun.case], share).await.unwrap()[0];
    settle(&[anna, peter]).await.unwrap();
    // What is shared is read, not written: nothing is begun that would be refused.
    let edit = peter.edit(begun.entries[0], &[prose("text", "nej")]).await;
    for refused in [
        peter
            .note(begun.case, "nej")
            .await
            .err()
            .and_then(|error| error.downcast().ok()),
        edit.err(),
        peter.sign(begun.entries[0]).await.err(),
        peter.withdraw(share, "").await.err(),
        peter
            .share(
                &[begun.case],
                share_with(Recipient::Practitioner(begun.sara)),
            )
            .await
            .err(),
    ] {
        assert!(
            matches!(
                refused,
                Some(DeviceError::SharedForReading | DeviceError::UnknownShare)
            ),
            "{refused:?}"
        );
    }
    assert_eq!(peter.status().await.unwrap().waiting, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_entry_is_shared_with_a_colleague_without_its_case_its_signatures_included() {
    let begun = begin().await.unwrap();
    let [anna, _, sara] = begun.phones.each_ref();
    anna.sign(begun.entries[0]).await.unwrap();
    let bodil = begun
        .world
        .person("Bodil Kjær", &[begun.team])
        .await
        .unwrap();
    settle(&[anna, &bodil]).await.unwrap();
    bodil.sign(begun.entries[0]).await.unwrap();
    settle(&[anna, &bodil]).await.unwrap();
    let share = NewShare {
        document: Some(begun.entries[0]),
        about: Some("Barnet".to_owned()),
        ..share_with(Recipient::Practitioner(begun.sara))
    };
    let share = anna.share(&[begun.case], share).await.unwrap()[0];
    settle(&[anna, sara]).await.unwrap();
    let received = only_received(sara).await.unwrap();
    let row = sara.shared_document(&received).await.unwrap().unwrap();
    assert_eq!(row.document, begun.entries[0]);
    assert_eq!(row.signers.len(), 2, "{:?}", row.signers);
    assert_eq!(
        sara.text_of(begun.entries[0]).await.unwrap(),
        begun.texts[0]
    );
    assert!(sara.read(begun.entries[1]).await.is_err());
    assert!(
        sara.cases(CaseFilter::default()).await.unwrap().is_empty(),
        "no case, no card"
    );
    // What proves it may be asked for by whoever may read it.
    assert!(
        !sara
            .export_signed(begun.entries[0])
            .await
            .unwrap()
            .is_empty()
    );
    assert!(sara.export_signed(begun.entries[1]).await.is_err());
    anna.withdraw(share, "").await.unwrap();
    settle(&[anna, sara]).await.unwrap();
    assert!(sara.read(begun.entries[0]).await.is_err());
    assert!(sara.export_signed(begun.entries[0]).await.is_err());
    let status = sara.status().await.unwrap();
    assert_eq!((status.in_sync, status.repairs), (Some(true), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_that_is_over_is_hidden_without_cover_and_gone_at_the_next_contact() {
    let begun = begin().await.unwrap();
    let [anna, peter, _] = begun.phones.each_ref();
    let share = NewShare {
        until: Some(now().plus(4_000)),
        ..share_with(Recipient::Team(begun.ppr))
    };
    anna.share(&[begun.case], share).await.unwrap();
    settle(&[anna, peter]).await.unwrap();
    assert_eq!(peter.cases(CaseFilter::default()).await.unwrap().len(), 1);
    begun.world.relay.set_cover(false);
    wait::until("it to be hidden", async || {
        Ok(peter.cases(CaseFilter::default()).await?.is_empty())
    })
    .await
    .unwrap();
    let received = only_received(peter).await.unwrap();
    assert!(
        received.is_over && received.ended.is_none(),
        "nobody has said so yet"
    );
    assert!(read_on_timeline(peter, begun.case).await.is_err());
    assert!(peter.read(begun.entries[0]).await.is_err());
    assert!(peter.row(begun.entries[0]).await.unwrap().is_none());
    assert!(peter.card(begun.case).await.is_err());
    assert!(peter.export_bytes(begun.entries[0]).await.is_err());
    begun.world.relay.set_cover(true);
    settle(&[anna, peter]).await.unwrap();
    let received = only_received(peter).await.unwrap();
    assert_eq!(received.ended, Some(Ended::Expired));
    assert_eq!(
        anna.shares(None).await.unwrap()[0].ended,
        Some(Ended::Expired)
    );
    let status = peter.status().await.unwrap();
    assert_eq!((status.in_sync, status.repairs), (Some(true), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_childs_and_a_parents_case_are_shared_in_one_act_and_a_refused_share_is_seen() {
    let begun = begin().await.unwrap();
    let [anna, peter, sara] = begun.phones.each_ref();
    let mother = anna.open_named_case(begun.team, "Mor").await.unwrap();
    let shares = anna
        .share(
            &[begun.case, mother, begun.case],
            share_with(Recipient::Team(begun.ppr)),
        )
        .await
        .unwrap();
    assert_eq!(shares.len(), 2);
    settle(&[anna, peter]).await.unwrap();
    let mut cases: Vec<SpaceId> = peter
        .cases(CaseFilter::default())
        .await
        .unwrap()
        .iter()
        .map(|row| row.case)
        .collect();
    cases.sort_unstable();
    let mut both = vec![begun.case, mother];
    both.sort_unstable();
    assert_eq!(cases, both);
    // What is wrong is said before anything is kept.
    let wrong = |edit: &dyn Fn(&mut NewShare)| {
        let mut share = share_with(Recipient::Team(begun.ppr));
        edit(&mut share);
        share
    };
    for share in [
        wrong(&|one| one.purpose.clear()),
        wrong(&|one| one.basis.code = "§ 115".to_owned()),
        wrong(&|one| one.until = Some(now().plus(-1))),
        wrong(&|one| one.to = Recipient::Team(begun.team)),
        wrong(&|one| one.to = Recipient::Team(TeamId::from_bytes([9; 16]))),
        wrong(&|one| one.document = Some(DocumentId::from_bytes([9; 16]))),
    ] {
        assert!(anna.share(&[begun.case], share).await.is_err());
    }
    assert_eq!(anna.status().await.unwrap().waiting, 0);

    // Her membership ends while she is out of contact: the share she records is refused, and she sees that.
    begun.world.relay.set_cover(false);
    anna.share(
        &[begun.case],
        share_with(Recipient::Practitioner(begun.sara)),
    )
    .await
    .unwrap();
    let who = anna.identity().await.unwrap().unwrap().practitioner;
    begun.world.end_membership(who, begun.team).await.unwrap();
    begun.world.relay.set_cover(true);
    settle(&[anna, sara]).await.unwrap();
    let refused = anna.not_delivered().await.unwrap();
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].operations[0].operation, "share");
    assert_eq!(refused[0].reason, "no_access");
    assert!(
        refused[0].operations[0]
            .written
            .title_da
            .contains("Overgang")
    );
    assert!(
        anna.shares(None).await.unwrap().is_empty(),
        "it is no share"
    );
    assert!(sara.received_shares().await.unwrap().is_empty());
    // What she recorded before stands.
    settle(&[peter]).await.unwrap();
    assert_eq!(peter.cases(CaseFilter::default()).await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_and_a_colleagues_signature_have_one_outcome_in_either_order() {
    for withdrawn_first in [true, false] {
        let begun = begin().await.unwrap();
        let [anna, peter, _] = begun.phones.each_ref();
        let bodil = begun
            .world
            .person("Bodil Kjær", &[begun.team])
            .await
            .unwrap();
        let share = NewShare {
            document: Some(begun.entries[1]),
            ..share_with(Recipient::Team(begun.ppr))
        };
        let share = anna.share(&[begun.case], share).await.unwrap()[0];
        settle(&[anna, peter, &bodil]).await.unwrap();
        assert!(peter.read(begun.entries[1]).await.is_ok());
        begun.world.relay.set_cover(false);
        assert!(bodil.withdraw(share, "").await.unwrap());
        anna.sign(begun.entries[1]).await.unwrap();
        begun.world.relay.set_cover(true);
        let (first, second): (&Person, &Person) = match withdrawn_first {
            true => (&bodil, anna),
            false => (anna, &bodil),
        };
        first.sync().await.unwrap();
        second.sync().await.unwrap();
        settle(&[anna, peter, &bodil]).await.unwrap();
        assert!(
            peter.read(begun.entries[1]).await.is_err(),
            "{withdrawn_first}"
        );
        let row = bodil.row(begun.entries[1]).await.unwrap().unwrap();
        assert_eq!(row.signers.len(), 1, "{withdrawn_first}");
        for phone in [anna, &bodil] {
            assert!(phone.not_delivered().await.unwrap().is_empty());
            assert_eq!(phone.shares(None).await.unwrap()[0].share, share);
            assert!(phone.shares(None).await.unwrap()[0].ended.is_some());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_withdraw_one_share_at_once_and_both_are_told_that_it_ended() {
    let begun = begin().await.unwrap();
    let [anna, peter, _] = begun.phones.each_ref();
    let bodil = begun
        .world
        .person("Bodil Kjær", &[begun.team])
        .await
        .unwrap();
    let share = share_with(Recipient::Team(begun.ppr));
    let share = anna.share(&[begun.case], share).await.unwrap()[0];
    settle(&[anna, peter, &bodil]).await.unwrap();
    begun.world.relay.set_cover(false);
    for phone in [anna, &bodil] {
        assert!(phone.withdraw(share, "").await.unwrap());
    }
    begun.world.relay.set_cover(true);
    settle(&[anna, peter, &bodil]).await.unwrap();
    for phone in [anna, &bodil] {
        let row = phone.shares(None).await.unwrap().remove(0);
        assert!(row.ended.is_some() && !row.withdrawal_waits);
        assert!(phone.not_delivered().await.unwrap().is_empty());
    }
    assert!(only_received(peter).await.unwrap().ended.is_some());
}

/// Not of shares alone: whatever ended, nothing of it can be read any more in the store, its key in hand.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_readable_is_left_in_the_store_of_a_case_whose_team_was_left() {
    let begun = begin().await.unwrap();
    let [anna, _, _] = begun.phones.each_ref();
    let bodil = begun
        .world
        .person("Bodil Kjær", &[begun.team])
        .await
        .unwrap();
    settle(&[anna, &bodil]).await.unwrap();
    let needles = begun.needles();
    let (folder, key) = (bodil.folder().to_owned(), bodil.key());
    let readable = pages::decrypted(&folder, &key).await.unwrap();
    assert_eq!(found(&needles, &readable).len(), 3);
    // What she wrote and nobody received stays, and is hers to read.
    begun.world.relay.set_cover(false);
    let own = make_needle("Bodils eget").unwrap();
    bodil.note(begun.case, &own).await.unwrap();
    let who = bodil.identity().await.unwrap().unwrap().practitioner;
    begun.world.end_membership(who, begun.team).await.unwrap();
    begun.world.relay.set_cover(true);
    settle(&[&bodil]).await.unwrap();
    assert_eq!(bodil.not_delivered().await.unwrap().len(), 1);
    let readable = pages::decrypted(&folder, &key).await.unwrap();
    assert_eq!(found(&needles, &readable), Vec::<&str>::new());
    let own = [own];
    assert_eq!(found(&own, &readable), [own[0].as_str()]);
}
