//! The server stops, ends suddenly, starts again; answers are lost on the way. Nobody loses anything by it.

use anyhow::{Context as _, Result, ensure};
use samspor_client_core::{CaseFilter, TimelinePage};
use samspor_documents::id::SpaceId;
use samspor_protocol::{fact::TeamKind, feed::FeedRequest, version::path, wire};
use samspor_tests::{
    person::{Person, settle},
    wait,
    world::{Beginning, World},
};

struct Begun {
    world: World,
    anna: Person,
    bodil: Person,
    case: SpaceId,
}

async fn begin(apart: bool) -> Result<Begun> {
    let world = World::begin_as(Beginning {
        apart,
        ..Beginning::default()
    })
    .await?;
    let team = world
        .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
        .await?;
    let anna = world.person("Anna Holm", &[team]).await?;
    let bodil = world.person("Bodil Kjær", &[team]).await?;
    let case = anna.open_named_case(team, "Freja Lund").await?;
    settle(&[&anna, &bodil]).await?;
    Ok(Begun {
        world,
        anna,
        bodil,
        case,
    })
}

async fn entries(person: &Person) -> Result<usize> {
    let case = person
        .cases(CaseFilter::default())
        .await?
        .first()
        .context("a case")?
        .case;
    Ok(person
        .timeline(
            case,
            TimelinePage {
                before: None,
                limit: 500,
                restricted: false,
            },
        )
        .await?
        .len())
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_01_an_answer_that_is_lost_on_the_way_loses_and_doubles_nothing() {
    let begun = begin(false).await.unwrap();
    let mut lost = 0;
    for number in 0..8 {
        begun
            .anna
            .note(begun.case, &format!("notat {number}"))
            .await
            .unwrap();
        begun.world.relay.lose_next_answer();
        let first = begun.anna.try_sync().await;
        lost += u32::from(first.is_err());
        assert!(begun.world.relay.has_lost());
        begun.anna.sync().await.unwrap();
        assert!(begun.anna.outbox().await.unwrap().is_empty());
    }
    assert!(lost > 0, "no answer was lost");
    settle(&[&begun.anna, &begun.bodil]).await.unwrap();
    assert_eq!(entries(&begun.bodil).await.unwrap(), 8);
    assert_eq!(entries(&begun.anna).await.unwrap(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parked_request_is_answered_when_the_server_stops() {
    let mut begun = begin(false).await.unwrap();
    let team = begun.anna.teams().await.unwrap()[0].team;
    let practitioner = begun
        .world
        .practitioner("Carl Birk", &[team])
        .await
        .unwrap();
    let device = begun.world.hand_made(practitioner).await.unwrap();
    let pages = device.read_everything().await.unwrap();
    let cursor = pages.last().unwrap().end.cursor.clone();
    let parked = tokio::spawn(async move {
        let body = wire::encode(&FeedRequest {
            cursor: Some(cursor.into()),
            wait_millis: 25_000,
            bytes_max: 1 << 20,
            tells: None,
        });
        device.send(device.draft(path::FEED, body)).await
    });
    // It is on its way; whether it is parked already or not yet, it is to be answered.
    tokio::task::yield_now().await;
    begun.world.stop_server().await.unwrap();
    // One that came too late finds nobody: that is no broken promise either.
    if let Ok(said) = wait::within("the parked request", parked)
        .await
        .unwrap()
        .unwrap()
    {
        assert!(
            said.status.is_success() || said.status.as_u16() == 503,
            "{said:?}"
        );
    }
    begun.world.start_server().await.unwrap();
    begun.anna.sync().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn live_devices_take_up_again_by_themselves_after_the_server_restarted() {
    let mut begun = begin(false).await.unwrap();
    let listening = {
        let device = (*begun.bodil).clone();
        tokio::spawn(async move { device.watch(std::future::pending()).await })
    };
    for round in 1..=3 {
        begun.world.stop_server().await.unwrap();
        begun
            .anna
            .note(
                begun.case,
                &format!("skrevet mens serveren var nede {round}"),
            )
            .await
            .unwrap();
        assert!(begun.anna.try_sync().await.is_err());
        begun.world.start_server().await.unwrap();
        begun.anna.sync().await.unwrap();
        wait::until("the live device to hear of it", async || {
            Ok(entries(&begun.bodil).await? == round)
        })
        .await
        .unwrap();
    }
    assert!(!listening.is_finished(), "it gave up");
    listening.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_01_a_server_asked_to_end_amid_pushes_ends_well_and_loses_nothing() {
    let mut begun = begin(true).await.unwrap();
    for round in 1..=3_usize {
        for number in 0..10 {
            begun
                .anna
                .note(begun.case, &format!("runde {round} notat {number}"))
                .await
                .unwrap();
        }
        let pushing = {
            let device = (*begun.anna).clone();
            tokio::spawn(async move { device.sync(samspor_tests::person::once()).await })
        };
        begun.world.stop_server().await.unwrap();
        let outcome = pushing.await.unwrap();
        let acknowledged = outcome.map_or(0, |report| report.pushed);
        begun.world.start_server().await.unwrap();
        let waiting = u64::try_from(begun.anna.outbox().await.unwrap().len()).unwrap();
        assert!(acknowledged + waiting <= 10);
        settle(&[&begun.anna, &begun.bodil]).await.unwrap();
        assert_eq!(entries(&begun.bodil).await.unwrap(), round * 10);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_keeps_its_certificate_and_its_organisation() {
    let mut begun = begin(true).await.unwrap();
    begun.anna.note(begun.case, "før").await.unwrap();
    begun.anna.sync().await.unwrap();
    begun.world.kill_server().await.unwrap();
    begun.world.start_server().await.unwrap();
    settle(&[&begun.anna, &begun.bodil]).await.unwrap();
    let outcome: Result<()> = async {
        ensure!(entries(&begun.bodil).await? == 1);
        Ok(())
    }
    .await;
    outcome.unwrap();
}
