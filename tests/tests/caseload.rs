//! Caseloads by assignment: a case is its own people's, given on and given up at the kitchen table and without cover, and
//! the whole team's again when the setting says so.

use anyhow::{Context as _, Result};
use samspor_client_core::{AssignedRow, CaseFilter, DeviceError, NewDisclosure, TimelinePage};
use samspor_documents::id::{PractitionerId, SpaceId, TeamId};
use samspor_protocol::{
    fact::{Caseload, TeamKind},
    reason::Reason,
    share::{Consent, LegalBasis},
};
use samspor_tests::{
    needles::{found, make_needle},
    pages,
    person::{Person, prose, settle},
    world::World,
};

/// Anna and Bo of one team, whose caseload is by assignment; a case that Anna opened, with an entry in it.
struct Begun {
    world: World,
    team: TeamId,
    anna: PractitionerId,
    bo: PractitionerId,
    phones: [Person; 2],
    case: SpaceId,
    name: String,
    text: String,
}

async fn begin() -> Result<Begun> {
    let world = World::begin().await?;
    let team = world
        .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
        .await?;
    set(&world, team, Caseload::Assigned).await?;
    let anna = world.practitioner("Anna Holm", &[team]).await?;
    let bo = world.practitioner("Bo Dam", &[team]).await?;
    let mut phones = Vec::new();
    for who in [anna, bo] {
        let phone = world.device(who).await?;
        phone.until_member_of(&[team]).await?;
        phones.push(phone);
    }
    let phones = <[Person; 2]>::try_from(phones).ok().context("two phones")?;
    settle(&phones.each_ref()).await?;
    let name = make_needle("barnet på Ærø")?;
    let case = phones[0].open_named_case(team, &name).await?;
    let text = make_needle("første besøg")?;
    phones[0].note(case, &text).await?;
    settle(&phones.each_ref()).await?;
    Ok(Begun {
        world,
        team,
        anna,
        bo,
        phones,
        case,
        name,
        text,
    })
}

async fn set(world: &World, team: TeamId, caseload: Caseload) -> Result<()> {
    let admin = world.admin().await?;
    admin.set_caseload(team, caseload).await?;
    admin.close().await;
    Ok(())
}

async fn cases(person: &Person) -> Result<Vec<SpaceId>> {
    let rows = person.cases(CaseFilter::default()).await?;
    Ok(rows.iter().map(|row| row.case).collect())
}

fn told(practitioner: PractitionerId) -> AssignedRow {
    AssignedRow {
        practitioner,
        confirmed: true,
        end_waits: false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_assigned_without_cover_and_then_read_and_written_by_both() {
    let begun = begin().await.unwrap();
    let [anna, bo] = begun.phones.each_ref();
    assert_eq!(cases(anna).await.unwrap(), [begun.case]);
    assert!(cases(bo).await.unwrap().is_empty(), "a colleague's case");

    begun.world.relay.set_cover(false);
    assert!(anna.assign(begun.case, begun.bo).await.unwrap());
    assert!(!anna.assign(begun.case, begun.bo).await.unwrap(), "once");
    let waiting = AssignedRow {
        confirmed: false,
        ..told(begun.bo)
    };
    let rows = anna.cases(CaseFilter::default()).await.unwrap();
    assert_eq!(rows[0].assigned, [told(begun.anna), waiting]);
    assert_eq!(anna.outbox().await.unwrap()[0].operation, "assign");
    begun.world.relay.set_cover(true);
    settle(&begun.phones.each_ref()).await.unwrap();

    let both = [told(begun.anna), told(begun.bo)];
    for person in begun.phones.each_ref() {
        assert_eq!(person.assigned(begun.case).await.unwrap(), both);
    }
    assert_eq!(bo.card(begun.case).await.unwrap().name, begun.name);
    let entry = bo.note(begun.case, "skrevet af Bo").await.unwrap();
    settle(&begun.phones.each_ref()).await.unwrap();
    assert_eq!(anna.text_of(entry).await.unwrap(), "skrevet af Bo");
    assert!(anna.not_delivered().await.unwrap().is_empty());
    assert!(bo.not_delivered().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_09_what_was_not_sent_when_an_assignment_ended_stays_with_its_author_and_nothing_else_does()
 {
    let begun = begin().await.unwrap();
    let [anna, bo] = begun.phones.each_ref();
    anna.assign(begun.case, begun.bo).await.unwrap();
    settle(&[anna, bo]).await.unwrap();
    let theirs = bo.note(begun.case, "nået frem").await.unwrap();
    settle(&[anna, bo]).await.unwrap();

    // Bo writes where there is no cover; meanwhile Anna ends it.
    let unsent = make_needle("ikke sendt").unwrap();
    let late = bo.note(begun.case, &unsent).await.unwrap();
    bo.edit(theirs, &[prose("text", "rettet uden dækning")])
        .await
        .unwrap();
    assert!(anna.unassign(begun.case, begun.bo).await.unwrap());
    anna.sync().await.unwrap();
    settle(&[anna, bo]).await.unwrap();

    assert!(cases(bo).await.unwrap().is_empty());
    assert!(bo.outbox().await.unwrap().is_empty());
    let refused = bo.not_delivered().await.unwrap();
    assert_eq!(refused.len(), 2, "{refused:?}");
    for one in &refused {
        assert_eq!(one.reason, Reason::NoAccess.code());
    }
    let written = bo.export_not_delivered(late.0).await.unwrap();
    assert!(written.contains(&unsent), "{written}");
    assert_eq!(anna.text_of(theirs).await.unwrap(), "nået frem");
    assert_eq!(anna.assigned(begun.case).await.unwrap(), [told(begun.anna)]);
    let status = bo.status().await.unwrap();
    assert_eq!((status.in_sync, status.repairs), (Some(true), 0));

    // Given the case again, everything is back, and what was refused can be sent.
    anna.assign(begun.case, begun.bo).await.unwrap();
    settle(&[anna, bo]).await.unwrap();
    assert_eq!(bo.card(begun.case).await.unwrap().name, begun.name);
    bo.retry_not_delivered(late.0).await.unwrap();
    settle(&[anna, bo]).await.unwrap();
    assert_eq!(anna.text_of(late).await.unwrap(), unsent);

    // And nothing but that is left when it ends for good.
    anna.unassign(begun.case, begun.bo).await.unwrap();
    anna.sync().await.unwrap();
    settle(&[anna, bo]).await.unwrap();
    let [_, mut bo] = begun.phones;
    let (folder, key) = (bo.folder().to_owned(), bo.key());
    bo.close().await;
    let readable = pages::decrypted(&folder, &key).await.unwrap();
    let needles = [begun.name, begun.text];
    assert_eq!(found(&needles, &readable), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleagues_words_do_not_stay_in_what_is_told_of_ones_own_delivered_edit() {
    let begun = begin().await.unwrap();
    let [anna, bo] = begun.phones.each_ref();
    anna.assign(begun.case, begun.bo).await.unwrap();
    settle(&[anna, bo]).await.unwrap();
    let rows = bo.timeline(begun.case, TimelinePage::default()).await;
    let entry = rows.unwrap()[0].document;
    let more = format!("{} Med mor.", begun.text);
    bo.edit(entry, &[prose("text", &more)]).await.unwrap();
    settle(&[anna, bo]).await.unwrap();
    assert_eq!(anna.text_of(entry).await.unwrap(), more);
    anna.unassign(begun.case, begun.bo).await.unwrap();
    settle(&[anna, bo]).await.unwrap();
    let [_, mut bo] = begun.phones;
    let (folder, key) = (bo.folder().to_owned(), bo.key());
    bo.close().await;
    let readable = pages::decrypted(&folder, &key).await.unwrap();
    let needles = [begun.name, begun.text];
    assert_eq!(found(&needles, &readable), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_never_left_with_nobody_not_even_by_two_who_end_each_others_without_cover() {
    let begun = begin().await.unwrap();
    let [anna, bo] = begun.phones.each_ref();
    let last = anna.unassign(begun.case, begun.anna).await;
    assert!(matches!(last, Err(DeviceError::LastAssigned)), "{last:?}");
    anna.assign(begun.case, begun.bo).await.unwrap();
    settle(&[anna, bo]).await.unwrap();

    // Each ends their own, and what was written before goes along.
    let entry = anna.note(begun.case, "sidste notat").await.unwrap();
    anna.unassign(begun.case, begun.anna).await.unwrap();
    let rows = anna.assigned(begun.case).await.unwrap();
    let ending = AssignedRow {
        end_waits: true,
        ..told(begun.anna)
    };
    assert_eq!(rows, [ending, told(begun.bo)]);
    bo.unassign(begun.case, begun.bo).await.unwrap();
    anna.sync().await.unwrap();
    settle(&[anna, bo]).await.unwrap();
    assert!(cases(anna).await.unwrap().is_empty());
    assert_eq!(bo.text_of(entry).await.unwrap(), "sidste notat");
    let refused = bo.not_delivered().await.unwrap();
    assert_eq!(refused[0].reason, Reason::LastAssigned.code());
    assert_eq!(refused[0].operations[0].operation, "unassign");
    assert_eq!(bo.assigned(begun.case).await.unwrap(), [told(begun.bo)]);
    bo.discard_not_delivered(begun.case.0).await.unwrap();

    // What somebody has lost, they cannot take back; what they opened was never theirs alone.
    let denied = anna.assign(begun.case, begun.anna).await;
    assert!(
        matches!(denied, Err(DeviceError::UnknownCase)),
        "{denied:?}"
    );
    let stranger = begun.world.practitioner("Eva Toft", &[]).await.unwrap();
    settle(&[anna, bo]).await.unwrap();
    let denied = bo.assign(begun.case, stranger).await;
    assert!(
        matches!(denied, Err(DeviceError::NoColleague)),
        "{denied:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_setting_opens_all_cases_to_the_team_and_closes_them_again_and_nothing_that_waits_is_lost()
 {
    let begun = begin().await.unwrap();
    let [anna, bo] = begun.phones.each_ref();
    let bos = bo.open_named_case(begun.team, "Bos barn").await.unwrap();
    settle(&[anna, bo]).await.unwrap();
    assert_eq!(cases(bo).await.unwrap(), [bos]);

    set(&begun.world, begun.team, Caseload::WholeTeam)
        .await
        .unwrap();
    settle(&[anna, bo]).await.unwrap();
    for person in [anna, bo] {
        assert_eq!(cases(person).await.unwrap().len(), 2);
    }
    // Who has a case is said all the same, and opens nothing.
    bo.assign(begun.case, begun.bo).await.unwrap();
    let kept = bo.note(begun.case, "hele teamet skriver").await.unwrap();
    settle(&[anna, bo]).await.unwrap();
    assert_eq!(anna.text_of(kept).await.unwrap(), "hele teamet skriver");

    let late = anna.note(bos, "uden dækning").await.unwrap();
    set(&begun.world, begun.team, Caseload::Assigned)
        .await
        .unwrap();
    settle(&[bo]).await.unwrap();
    settle(&[anna, bo]).await.unwrap();
    assert_eq!(cases(anna).await.unwrap(), [begun.case]);
    assert_eq!(cases(bo).await.unwrap().len(), 2);
    let refused = anna.not_delivered().await.unwrap();
    assert_eq!(refused[0].id, late.0);
    let written = anna.export_not_delivered(late.0).await.unwrap();
    assert!(written.contains("uden dækning"));
    for person in [anna, bo] {
        let status = person.status().await.unwrap();
        assert_eq!((status.in_sync, status.repairs), (Some(true), 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_whose_people_left_is_given_to_a_colleague_by_the_administration() {
    let begun = begin().await.unwrap();
    let [anna, bo] = begun.phones.each_ref();
    begun
        .world
        .end_membership(begun.anna, begun.team)
        .await
        .unwrap();
    settle(&[anna, bo]).await.unwrap();
    assert!(cases(anna).await.unwrap().is_empty() && cases(bo).await.unwrap().is_empty());
    let admin = begun.world.admin().await.unwrap();
    let left = admin.cases_with_nobody().await.unwrap();
    assert_eq!((left[0].case, left[0].last), (begun.case, Some(begun.anna)));
    admin.assign(begun.case, begun.bo).await.unwrap();
    assert!(admin.cases_with_nobody().await.unwrap().is_empty());
    admin.close().await;
    settle(&[anna, bo]).await.unwrap();
    assert_eq!(bo.card(begun.case).await.unwrap().name, begun.name);
    assert!(cases(anna).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_a_disclosure_opens_is_nobodys_until_the_administration_says_whose_it_is() {
    let begun = begin().await.unwrap();
    let [anna, bo] = begun.phones.each_ref();
    let ppr = begun.world.team("PPR", TeamKind::Ppr).await.unwrap();
    set(&begun.world, ppr, Caseload::Assigned).await.unwrap();
    let peter_id = begun.world.practitioner("Peter Bæk", &[ppr]).await.unwrap();
    let peter = begun.world.device(peter_id).await.unwrap();
    peter.until_member_of(&[ppr]).await.unwrap();
    settle(&[anna, bo, &peter]).await.unwrap();
    let note = anna.note(begun.case, "til PPR").await.unwrap();
    anna.sign(note).await.unwrap();
    let disclosure = NewDisclosure {
        document: note,
        team: ppr,
        about: None,
        purpose: "Overgang til skole".to_owned(),
        basis: LegalBasis {
            code: "samtykke".to_owned(),
            text: String::new(),
        },
        consent: Consent::NotAsked {
            why: "underretning".to_owned(),
        },
    };
    anna.disclose(begun.case, disclosure).await.unwrap();
    settle(&[anna, bo, &peter]).await.unwrap();
    assert_eq!(
        peter.received_shares().await.unwrap().len(),
        1,
        "told of it"
    );
    assert!(cases(&peter).await.unwrap().is_empty());
    let admin = begun.world.admin().await.unwrap();
    let nobodys = admin.cases_with_nobody().await.unwrap();
    assert_eq!((nobodys.len(), nobodys[0].last), (1, None));
    let filed_in = nobodys[0].case;
    admin.assign(filed_in, peter_id).await.unwrap();
    admin.close().await;
    settle(&[anna, bo, &peter]).await.unwrap();
    assert_eq!(cases(&peter).await.unwrap(), [filed_in]);
    let assigned = peter.assigned(filed_in).await.unwrap();
    assert_eq!(assigned, [told(peter_id)], "and not to who disclosed it");
    let rows = peter.cases(CaseFilter::default()).await.unwrap();
    assert_eq!(rows[0].assigned, assigned);
    assert_eq!(cases(anna).await.unwrap(), [begun.case]);
}
