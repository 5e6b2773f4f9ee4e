//! Syncs with little time: stopped by a budget, or let go of at any point, and what can be read meanwhile.

use anyhow::{Context as _, Result, ensure};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use samspor_client_core::{EntryState, SyncOptions, TimelinePage};
use samspor_documents::id::{DocumentId, SpaceId};
use samspor_protocol::fact::TeamKind;
use samspor_tests::{
    person::{Person, settle},
    seed, wait,
    world::{Beginning, World},
};
use std::time::Duration;

const NAMES: [&str; 2] = ["Anna Holm", "Bo Lind"];

/// Two colleagues of one team with a case; the second one's device has not synced yet.
async fn begin(round_trip: Duration) -> Result<(World, [Person; 2], SpaceId)> {
    let world = World::begin_as(Beginning {
        round_trip,
        ..Beginning::default()
    })
    .await?;
    let team = world
        .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
        .await?;
    let anna = world.person(NAMES[0], &[team]).await?;
    let bo = world.practitioner(NAMES[1], &[team]).await?;
    let bo = world.device(bo).await?;
    let case = anna.open_named_case(team, "Åse Østergård").await?;
    settle(&[&anna]).await?;
    Ok((world, [anna, bo], case))
}

fn prose(rng: &mut StdRng, chars: usize) -> String {
    (0..chars)
        .map(|_| char::from(rng.random_range(b' '..b'~')))
        .collect()
}

async fn listed(person: &Person, case: SpaceId) -> Result<Vec<DocumentId>> {
    let page = TimelinePage {
        before: None,
        limit: 1_000,
        restricted: false,
    };
    let rows = person.timeline(case, page).await?;
    Ok(rows.iter().map(|row| row.document).collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invariant_01_a_sync_let_go_of_at_any_point_loses_nothing_and_doubles_nothing() -> Result<()>
{
    let seed = seed::seed()?;
    let told = async {
        let mut rng = StdRng::seed_from_u64(seed);
        let (_world, people, case) = begin(Duration::from_millis(2)).await?;
        settle(&people.each_ref()).await?;
        let mut written = Vec::new();
        for round in 0..40 {
            let person = &people[round % 2];
            let text = format!("runde {round}: {}", prose(&mut rng, 2_000));
            written.push((person.note(case, &text).await?, text));
            // From before the first request leaves to after the last page came.
            let micros = rng.random_range(0..25_000);
            let syncing = person.sync_within(Duration::from_secs(30));
            let ended = tokio::time::timeout(Duration::from_micros(micros), syncing).await;
            if let Ok(ended) = ended {
                ended?;
            }
            ensure!(
                person.status().await?.under_way.is_none(),
                "it was let go of"
            );
        }
        settle(&people.each_ref()).await?;
        for person in &people {
            let status = person.status().await?;
            ensure!(
                (status.waiting, status.not_delivered) == (0, 0),
                "{status:?}"
            );
            ensure!(listed(person, case).await?.len() == written.len());
            for (note, text) in &written {
                ensure!(&person.text_of(*note).await? == text);
            }
        }
        anyhow::Ok(())
    };
    told.await.with_context(|| format!("SAMSPOR_SEED={seed}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_first_sync_runs_the_lists_show_what_is_newest() -> Result<()> {
    let seed = seed::seed()?;
    let mut rng = StdRng::seed_from_u64(seed);
    let (world, people, case) = begin(Duration::from_millis(30)).await?;
    let [anna, bo] = &people;
    let mut notes = Vec::new();
    for _ in 0..80 {
        notes.push(anna.note(case, &prose(&mut rng, 12_000)).await?);
    }
    settle(&[anna]).await?;
    // The first page comes, then there is no cover any more.
    let device = (**bo).clone();
    let syncing = tokio::spawn(async move {
        let options = SyncOptions {
            budget: Some(wait::DEADLINE),
            retries_max: 0,
            ..SyncOptions::default()
        };
        device.sync(options).await
    });
    let mut activity = bo.activity();
    let first_page = activity.wait_for(|activity| activity.pages > 0);
    wait::within("the first page", first_page).await??;
    world.relay.set_cover(false);
    wait::within("the sync to end", syncing)
        .await??
        .expect_err("no cover");
    let status = bo.status().await?;
    ensure!(
        status.held > 0 && status.held < status.visible,
        "SAMSPOR_SEED={seed} {status:?}"
    );
    ensure!(status.last_success.is_none() && status.last_failure.is_some());
    bo.finish_index().await?;
    let (cases, part) = (bo.cases(Default::default()).await?, listed(bo, case).await?);
    ensure!(
        cases.first().is_some_and(|row| row.view.is_some()),
        "the card came first"
    );
    ensure!(
        !part.is_empty() && part.len() < notes.len(),
        "{}",
        part.len()
    );
    let newest: Vec<DocumentId> = notes.iter().rev().take(part.len()).copied().collect();
    ensure!(part == newest, "what was written last came first");
    // What came can be worked with at once, and the rest comes later.
    let mine = bo.note(case, "mens resten mangler").await?;
    world.relay.set_cover(true);
    settle(&people.each_ref()).await?;
    ensure!(listed(bo, case).await?.len() == notes.len() + 1);
    let row = anna.row(mine).await?.context("it came")?;
    ensure!(row.state == EntryState::Delivered, "{row:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_budget_too_small_for_everything_is_kept_and_each_one_comes_further() -> Result<()> {
    let mut rng = StdRng::seed_from_u64(7);
    let (_world, people, case) = begin(Duration::from_millis(60)).await?;
    let [anna, bo] = &people;
    for _ in 0..80 {
        anna.note(case, &prose(&mut rng, 12_000)).await?;
    }
    settle(&[anna]).await?;
    let (mut held, mut stopped, mut done) = (0, 0, false);
    while !done {
        let syncing = bo.sync_within(Duration::from_millis(250));
        let report = wait::within("a sync with a budget", syncing).await??;
        let status = bo.status().await?;
        ensure!(status.held >= held, "nothing that came is lost");
        ensure!(stopped < 400, "it never comes to its end: {status:?}");
        held = status.held;
        done = report.in_sync && report.left.is_none();
        if let Some(left) = report.left {
            stopped += 1;
            ensure!(report.out_of_time && left.to_receive == status.visible - status.held);
        }
    }
    ensure!(stopped > 0, "a quarter of a second is too little");
    ensure!(listed(bo, case).await?.len() == 80);
    Ok(())
}
