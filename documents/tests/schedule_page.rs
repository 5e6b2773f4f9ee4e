//! The page that says how a municipality writes its visit schedule: its example is one, and it names every kind of visit.

#![allow(clippy::expect_used, reason = "tests")]

use samspor_documents::{
    template::Templates,
    visit::schedule::{SCHEDULE_BYTES_MAX, Schedule, Source},
};

const PAGE: &str = include_str!("../../docs/SCHEDULE.md");

#[test]
fn the_example_on_the_page_can_be_used() {
    let (_, begun) = PAGE.split_once("```toml\n").expect("an example");
    let (example, _) = begun.split_once("```").expect("its end");
    let schedule = Schedule::read(example).expect("it can be used");
    let of_kl = schedule
        .windows
        .iter()
        .filter(|one| one.source == Source::Kl);
    assert_eq!(of_kl.count(), 1);
}

#[test]
fn every_kind_of_visit_and_the_limit_stand_on_the_page() {
    let kl = Templates::built_in().kl().expect("ships");
    let kinds = kl.codes("visit_type").expect("KL's");
    assert!(!kinds.is_empty());
    for kind in kinds {
        let name = kind.name.as_deref().expect("a name");
        assert!(PAGE.contains(&format!("`{name}`")), "{name}");
    }
    assert!(PAGE.contains(&format!("at most {} KiB", SCHEDULE_BYTES_MAX / 1024)));
}
