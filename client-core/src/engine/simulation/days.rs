//! Bad days and calm ones, run through the engine.

use super::*;

const ONCE: Mode = Mode::Once {
    retries_max: 5,
    finish_index: true,
    pull_early: false,
};
/// A sync that may be stopped anywhere.
const WITHIN: Mode = Mode::Once {
    retries_max: 5,
    finish_index: true,
    pull_early: true,
};

/// Trouble for a while, with syncs, writes and restarts in it.
fn trouble(world: &mut World, steps: usize, mode: Mode) {
    world.restart(mode);
    for _ in 0..steps {
        match world.chance.below(12) {
            0 => {
                world.write();
                if mode == Mode::Live {
                    world.tell(Event::LocalWork);
                }
            }
            1 => world.restart(mode),
            2 => {
                let other = 1_000 + i64::try_from(world.server.log.len()).expect("small");
                world.server.log.push(other);
            }
            3 if world.chance.one_in(4) => {
                let next = world.disk.written + 1;
                world.server.refuses.insert(next);
            }
            4 if world.chance.one_in(3) => {
                if let Some(one) = world.held().first().copied() {
                    world.disk.lost.insert(one);
                }
            }
            _ => {
                if world.finished.is_some() {
                    world.restart(mode);
                }
                world.step();
            }
        }
    }
    world.trouble = false;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn invariant_01_one_calm_sync_after_any_trouble_delivers_everything(seed in any::<u64>(), steps in 0..300usize, clock in -5_000..5_000i64, mode in prop_oneof![Just(ONCE), Just(WITHIN)]) {
        let mut world = World::new(seed, mode);
        world.server.clock = clock;
        trouble(&mut world, steps, mode);
        world.restart(mode);
        prop_assert!(world.run(), "it ends");
        prop_assert_eq!(world.finished, Some(true));
        prop_assert!(world.disk.waiting.is_empty());
        prop_assert_eq!(world.disk.cursor, world.server.log.len());
        let all: BTreeSet<i64> = world.server.log.iter().copied().collect();
        prop_assert_eq!(world.held(), all);
        let report = world.engine.report();
        prop_assert!(report.up_to_date && report.in_sync && report.all_sent);
        prop_assert!(report.repairs <= 1);
        prop_assert_eq!(world.disk.behind, 0);
    }

    #[test]
    fn invariant_09_a_live_sync_in_trouble_keeps_every_operation_and_comes_to_rest(seed in any::<u64>(), steps in 0..300usize) {
        let mut world = World::new(seed, Mode::Live);
        trouble(&mut world, steps, Mode::Live);
        world.disk.lost.clear();
        // Where a clock or a lost answer ended it, the app begins it anew.
        if world.finished.is_some() {
            world.restart(Mode::Live);
        }
        prop_assert!(world.run(), "it comes to rest");
        prop_assert_eq!(world.finished, None, "a live sync does not end by itself");
        prop_assert!(world.parked, "a poll waits for news");
        prop_assert!(world.disk.waiting.is_empty());
        world.write();
        world.tell(Event::LocalWork);
        prop_assert!(world.run());
        prop_assert!(world.disk.waiting.is_empty());
        prop_assert_eq!(world.disk.cursor, world.server.log.len());
    }
}

#[test]
fn a_quiet_sync_asks_once() {
    let mut world = World::new(7, ONCE);
    world.trouble = false;
    world.restart(ONCE);
    assert!(world.run());
    assert_eq!(world.engine.report().round_trips, 1);
    assert!(world.engine.report().in_sync);
}

#[test]
fn a_sync_that_may_be_stopped_asks_for_pages_after_one_push() {
    for (mode, pushes_before) in [(ONCE, 4), (WITHIN, 1)] {
        let mut world = World::new(7, mode);
        world.trouble = false;
        for _ in 0..10 {
            world.write();
        }
        world.restart(mode);
        let mut pushes = 0;
        while !world.pending.iter().any(|one| matches!(one, Event::Fed(_))) {
            let settled = world
                .pending
                .iter()
                .any(|one| matches!(one, Event::Settled(_)));
            pushes += usize::from(settled);
            assert!(world.step(), "something goes on");
        }
        assert_eq!(pushes, pushes_before);
        assert!(world.run());
        assert!(world.disk.waiting.is_empty());
        assert_eq!(
            world.disk.confirmed.len(),
            10,
            "the echo of the last push came, too"
        );
    }
}

#[test]
fn a_sync_that_only_fails_gives_up_and_says_so() {
    let mut engine = Engine::new(ONCE);
    let moment = Moment {
        at: UnixMillis(0),
        random: 3,
    };
    engine.handle(Event::Started(None), moment);
    engine.handle(Event::Indexed(0), moment);
    let mut commands = engine.handle(Event::Outbox(None), moment);
    for attempt in 0..20 {
        commands = match commands.first() {
            Some(Command::Feed { .. }) => engine.handle(Event::Fed(Err(Failure::Retry)), moment),
            Some(Command::Sleep(lane, _)) => engine.handle(Event::Woke(*lane), moment),
            Some(Command::Finish { well }) => {
                assert!(!well && attempt > 5);
                return;
            }
            other => panic!("{other:?}"),
        };
    }
    panic!("never gives up");
}

/// What was acknowledged while a page went into the store was not counted by that page: its echo is asked for all the
/// same.
#[test]
fn what_is_acknowledged_while_a_page_is_applied_is_waited_for() {
    for (seed, steps) in [
        (2_982_091_432_375_220_114, 133),
        (17_795_245_243_311_570_052, 144),
    ] {
        let mut world = World::new(seed, WITHIN);
        world.server.clock = -1;
        trouble(&mut world, steps, WITHIN);
        world.restart(WITHIN);
        assert!(world.run(), "it ends");
        assert_eq!(world.disk.cursor, world.server.log.len());
    }
}
