//! Memberships begin and end: who joins gets everything, who leaves keeps nothing but their own unsent work.

use anyhow::{Result, ensure};
use samspor_client_core::{CaseFilter, DeviceError, TimelinePage};
use samspor_documents::id::{DocumentId, PractitionerId, SpaceId, TeamId};
use samspor_protocol::{fact::TeamKind, reason::Reason};
use samspor_tests::{
    needles::make_needle,
    person::{Person, settle},
    wait,
    world::World,
};
use std::collections::BTreeSet;

async fn who(person: &Person) -> Result<PractitionerId> {
    let identity = person.identity().await?;
    identity
        .map(|identity| identity.practitioner)
        .ok_or_else(|| anyhow::anyhow!("not enrolled"))
}

/// The documents on a device's timelines.
async fn entries(person: &Person) -> Result<BTreeSet<DocumentId>> {
    let mut entries = BTreeSet::new();
    for case in person.cases(CaseFilter::default()).await? {
        let page = TimelinePage {
            before: None,
            limit: 500,
            restricted: false,
        };
        let rows = person.timeline(case.case, page).await?;
        entries.extend(rows.iter().map(|row| row.document));
    }
    Ok(entries)
}

/// Syncs until that fails; why it did.
async fn until_it_fails(person: &Person) -> Result<DeviceError> {
    let failing = async {
        loop {
            if let Err(error) = person.try_sync().await {
                return error;
            }
        }
    };
    wait::within("a sync to fail", failing).await
}

struct Team {
    world: World,
    team: TeamId,
    anna: Person,
    case: SpaceId,
    notes: BTreeSet<DocumentId>,
}

impl Team {
    /// A team with a case of so many notes.
    async fn begin(notes: usize) -> Result<Self> {
        let world = World::begin().await?;
        let team = world
            .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
            .await?;
        let anna = world.person("Anna Holm", &[team]).await?;
        let case = anna.open_named_case(team, "Freja Lund").await?;
        let mut written = BTreeSet::new();
        for number in 0..notes {
            written.insert(anna.note(case, &format!("besøg nummer {number}")).await?);
        }
        anna.sync().await?;
        Ok(Self {
            world,
            team,
            anna,
            case,
            notes: written,
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_09_work_that_was_not_sent_stays_when_a_membership_ends() {
    let team = Team::begin(3).await.unwrap();
    let bodil = team.world.person("Bodil Kjær", &[team.team]).await.unwrap();
    assert_eq!(entries(&bodil).await.unwrap(), team.notes);
    let sent = bodil.note(team.case, "sendt i tide").await.unwrap();
    bodil.sync().await.unwrap();
    let unsent = bodil
        .note(team.case, "skrevet i bilen uden dækning")
        .await
        .unwrap();
    let end = team
        .world
        .end_membership(who(&bodil).await.unwrap(), team.team);
    end.await.unwrap();
    let report = bodil.sync().await.unwrap();
    assert_eq!((report.pushed, report.refused), (0, 1));

    // The team's records are gone from the device, its own sent note too …
    assert!(bodil.cases(CaseFilter::default()).await.unwrap().is_empty());
    for gone in team.notes.iter().chain([&sent]) {
        let error = bodil.read(*gone).await.unwrap_err();
        assert!(matches!(error, DeviceError::UnknownDocument), "{error:?}");
    }
    // … and what nobody has received is not.
    let refused = bodil.not_delivered().await.unwrap();
    assert_eq!(refused.len(), 1);
    assert_eq!(
        (refused[0].document, refused[0].reason.as_str()),
        (Some(unsent), Reason::NoAccess.code())
    );
    let written = serde_json::to_string(&refused[0].operations).unwrap();
    assert!(
        written.contains("skrevet i bilen uden dækning"),
        "{written}"
    );
    // What was sent stays with those who may read it.
    team.anna.sync().await.unwrap();
    assert_eq!(team.anna.text_of(sent).await.unwrap(), "sendt i tide");
    assert!(team.anna.read(unsent).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_09_refused_work_outlives_the_store_being_closed_and_goes_through_when_access_returns()
 {
    let team = Team::begin(1).await.unwrap();
    let mut bodil = team.world.person("Bodil Kjær", &[team.team]).await.unwrap();
    let practitioner = who(&bodil).await.unwrap();
    bodil.note(team.case, "skal nok nå frem").await.unwrap();
    team.world
        .end_membership(practitioner, team.team)
        .await
        .unwrap();
    bodil.sync().await.unwrap();
    bodil.close().await;
    bodil.open().await.unwrap();
    let refused = bodil.not_delivered().await.unwrap();
    assert_eq!(refused.len(), 1);
    team.world
        .add_membership(practitioner, team.team)
        .await
        .unwrap();
    wait::until("the case to be back", async || {
        bodil.sync().await?;
        Ok(!bodil.cases(CaseFilter::default()).await?.is_empty())
    })
    .await
    .unwrap();
    if refused[0].retryable {
        bodil.retry_not_delivered(refused[0].id).await.unwrap();
        assert!(bodil.sync().await.unwrap().all_sent);
        assert!(bodil.not_delivered().await.unwrap().is_empty());
        settle(&[&bodil, &team.anna]).await.unwrap();
        assert_eq!(entries(&team.anna).await.unwrap().len(), 2);
    } else {
        let exported = bodil.export_not_delivered(refused[0].id).await.unwrap();
        assert!(exported.contains("skal nok nå frem"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_09_what_a_revoked_device_had_not_sent_is_with_the_server_in_one_way_or_the_other()
 {
    let team = Team::begin(1).await.unwrap();
    let bodil = team.world.person("Bodil Kjær", &[team.team]).await.unwrap();
    let note = bodil.note(team.case, "endnu ikke sendt").await.unwrap();
    let device = bodil.identity().await.unwrap().unwrap().device;
    team.world.revoke(device).await.unwrap();
    let error = until_it_fails(&bodil).await.unwrap();
    // The first sync may have come in time: then the note is in the log, else it was handed over.
    let DeviceError::HandedOver { items } = error else {
        panic!("{error:?}");
    };
    team.anna.sync().await.unwrap();
    let arrived = u64::from(team.anna.read(note).await.is_ok());
    assert_eq!(items + arrived, 1, "it is either here or there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_member_gets_everything_on_a_new_device_and_on_one_that_was_in_use() {
    let team = Team::begin(30).await.unwrap();
    let bodil = team.world.person("Bodil Kjær", &[team.team]).await.unwrap();
    assert_eq!(entries(&bodil).await.unwrap(), team.notes);

    let ppr = team.world.team("PPR", TeamKind::Ppr).await.unwrap();
    let carl = team.world.person("Carl Birk", &[ppr]).await.unwrap();
    let own_case = carl.open_named_case(ppr, "Freja Lund").await.unwrap();
    let own = carl.note(own_case, "PPRs eget notat").await.unwrap();
    carl.sync().await.unwrap();
    assert_eq!(entries(&carl).await.unwrap(), BTreeSet::from([own]));
    let joins = team
        .world
        .add_membership(who(&carl).await.unwrap(), team.team);
    joins.await.unwrap();
    let mut all = team.notes.clone();
    all.insert(own);
    wait::until("the fill", async || {
        carl.sync().await?;
        Ok(entries(&carl).await? == all)
    })
    .await
    .unwrap();
    assert_eq!(carl.status().await.unwrap().repairs, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fill_that_is_cut_again_and_again_goes_on_where_it_was() {
    let mut team = Team::begin(0).await.unwrap();
    for number in 0..150 {
        // Long enough, and not to be compressed away.
        let text: String = (0..8).map(|_| make_needle("lang").unwrap()).collect();
        team.notes.insert(
            team.anna
                .note(team.case, &format!("{number} {text}"))
                .await
                .unwrap(),
        );
    }
    team.anna.sync().await.unwrap();
    let practitioner = team
        .world
        .practitioner("Bodil Kjær", &[team.team])
        .await
        .unwrap();
    let by_hand = team.world.hand_made(practitioner).await.unwrap();
    wait::until("the server to know of the membership", async || {
        let pages = by_hand.read_everything().await?;
        Ok(pages.iter().any(|page| !page.documents.is_empty()))
    })
    .await
    .unwrap();
    let bodil = team.world.device(practitioner).await.unwrap();
    let mut cuts = 0;
    for kilobytes in 4..16 {
        team.world.relay.cut_after(kilobytes * 1_000);
        team.world.relay.cut();
        cuts += u32::from(bodil.try_sync().await.is_err());
    }
    assert!(cuts > 0, "nothing was cut");
    team.world.relay.cut_after(0);
    bodil.sync().await.unwrap();
    assert_eq!(entries(&bodil).await.unwrap(), team.notes);
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_03_nobody_is_fed_what_they_may_not_see_while_memberships_change() {
    let team = Team::begin(5).await.unwrap();
    let ppr = team.world.team("PPR", TeamKind::Ppr).await.unwrap();
    let carl = team.world.person("Carl Birk", &[ppr]).await.unwrap();
    let own_case = carl.open_named_case(ppr, "Villads Krog").await.unwrap();
    let mut own = BTreeSet::from([carl.note(own_case, "PPRs eget notat").await.unwrap()]);
    carl.sync().await.unwrap();
    let practitioner = who(&carl).await.unwrap();
    let by_hand = team.world.hand_made(practitioner).await.unwrap();
    let mut theirs = team.notes.clone();
    for round in 0..6 {
        let member = round % 2 == 0;
        if member {
            team.world
                .add_membership(practitioner, team.team)
                .await
                .unwrap();
        } else {
            team.world
                .end_membership(practitioner, team.team)
                .await
                .unwrap();
        }
        theirs.insert(
            team.anna
                .note(team.case, &format!("under skift {round}"))
                .await
                .unwrap(),
        );
        own.insert(
            carl.note(own_case, &format!("imens {round}"))
                .await
                .unwrap(),
        );
        team.anna.sync().await.unwrap();
        let visible = if member { &theirs | &own } else { own.clone() };
        wait::until("the change of membership to reach the device", async || {
            carl.sync().await?;
            Ok(entries(&carl).await? == visible)
        })
        .await
        .unwrap();
        // One who comes with nothing is told exactly the same.
        let pages = by_hand.read_everything().await.unwrap();
        let fed: BTreeSet<SpaceId> = pages
            .iter()
            .flat_map(|page| &page.documents)
            .map(|item| item.space)
            .collect();
        let expected = if member {
            BTreeSet::from([team.case, own_case])
        } else {
            BTreeSet::from([own_case])
        };
        assert_eq!(fed, expected, "round {round}");
    }
    assert_eq!(carl.status().await.unwrap().repairs, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_03_a_live_device_misses_no_commit_of_many_writers() {
    let team = Team::begin(0).await.unwrap();
    let bodil = team.world.person("Bodil Kjær", &[team.team]).await.unwrap();
    let listening = {
        let device = (*bodil).clone();
        tokio::spawn(async move { device.watch(std::future::pending()).await })
    };
    let mut writers = Vec::new();
    for name in ["Carl Birk", "Dorte Sand", "Erik Vang"] {
        let writer = team.world.person(name, &[team.team]).await.unwrap();
        let case = team.case;
        writers.push(tokio::spawn(async move {
            let mut written = BTreeSet::new();
            for number in 0..12 {
                written.insert(writer.note(case, &format!("notat {number}")).await?);
                writer.sync().await?;
            }
            anyhow::Ok(written)
        }));
    }
    let mut written = BTreeSet::new();
    for writer in writers {
        written.extend(writer.await.unwrap().unwrap());
    }
    wait::until("the live device to have it all", async || {
        Ok(entries(&bodil).await? == written)
    })
    .await
    .unwrap();
    listening.abort();
    let outcome: Result<()> = async {
        ensure!(bodil.status().await?.repairs == 0);
        Ok(())
    }
    .await;
    outcome.unwrap();
}
