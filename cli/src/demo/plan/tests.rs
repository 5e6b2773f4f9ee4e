use super::*;
use jiff::civil::date;
use std::collections::{HashMap, HashSet};

fn plan(children: usize, entries: usize, seed: u64) -> Plan {
    let content = Content::read().unwrap();
    let calendar = Calendar::before(date(2026, 11, 23)).unwrap();
    Plan::make(&content, &calendar, children, entries, seed).unwrap()
}

#[test]
fn a_seed_always_gives_the_same_plan() {
    let acts = |seed| format!("{:?}", plan(20, 9, seed).acts);
    assert_eq!(acts(3), acts(3));
    assert_ne!(acts(3), acts(4));
}

#[test]
fn there_are_as_many_entries_as_asked_for() {
    for (children, entries) in [(1, 1), (3, 4), (14, 7), (14, 12), (30, 25)] {
        let plan = plan(children, entries, 1);
        assert_eq!(plan.entries, children * entries, "{children} × {entries}");
        let written = plan
            .acts
            .iter()
            .filter(|act| matches!(act.deed, Deed::Write { .. }))
            .count();
        assert_eq!(written, plan.entries);
    }
}

/// What each device holds follows from its syncs: everybody has everything after a common evening.
#[test]
fn nobody_works_on_what_has_not_reached_their_device() {
    for (children, entries, seed) in [(14, 7, 1), (40, 9, 5), (150, 12, 1), (60, 40, 2)] {
        works_on_what_is_there(&plan(children, entries, seed));
    }
}

fn works_on_what_is_there(plan: &Plan) {
    let mut made: HashMap<Target, (usize, Option<usize>)> = HashMap::new();
    for act in &plan.acts {
        let (needs, makes): (Vec<Target>, Option<Target>) = match &act.deed {
            Deed::Open { case } => (vec![], Some(Target::Card(*case))),
            Deed::Write { document, case, .. } => {
                (vec![Target::Card(*case)], Some(Target::Document(*document)))
            }
            Deed::Reflect { document, .. } => (vec![], Some(Target::Document(*document))),
            Deed::Add { target, .. } | Deed::Type { target, .. } | Deed::Choose { target, .. } => {
                (vec![*target], None)
            }
        };
        for target in needs {
            let (device, day) = made
                .get(&target)
                .unwrap_or_else(|| panic!("{target:?} is made before it is used"));
            let arrived = *device == act.device
                || day.is_none() && act.day.is_some()
                || COMMON_EVENINGS.iter().any(|evening| {
                    day.is_some_and(|day| day <= *evening) && act.day > Some(*evening)
                });
            assert!(
                arrived,
                "{target:?} made {day:?} on {device}, used {:?} on {}",
                act.day, act.device
            );
        }
        if let Some(target) = makes {
            assert!(made.insert(target, (act.device, act.day)).is_none());
        }
    }
}

#[test]
fn every_joint_edit_is_of_two_people_on_one_day() {
    let plan = plan(14, 7, 1);
    type Writers = Vec<(usize, Option<usize>)>;
    let mut by_place: HashMap<(Target, String), Writers> = HashMap::new();
    for act in plan
        .acts
        .iter()
        .filter(|act| act.day.is_some_and(|day| JOINT_DAYS.contains(&day)))
    {
        let place = match &act.deed {
            Deed::Add { target, field, .. } => (*target, (*field).to_owned()),
            Deed::Type { target, field } if field.field == "weight" => {
                (*target, field.field.clone())
            }
            _ => continue,
        };
        by_place
            .entry(place)
            .or_default()
            .push((plan.devices[act.device].practitioner, act.day));
    }
    assert!(by_place.len() >= 10, "only {} places", by_place.len());
    assert!(by_place.keys().any(|(_, field)| field == "weight"));
    for (place, writers) in by_place {
        let people: HashSet<_> = writers.iter().map(|(who, _)| who).collect();
        let days: HashSet<_> = writers.iter().map(|(_, day)| day).collect();
        assert_eq!((people.len(), days.len()), (2, 1), "{place:?}");
    }
}

#[test]
fn several_teams_write_about_the_same_children() {
    let plan = plan(14, 7, 1);
    let mut teams: HashMap<usize, HashSet<usize>> = HashMap::new();
    for case in &plan.cases {
        teams.entry(case.citizen).or_default().insert(case.team);
    }
    assert!(teams.values().filter(|teams| teams.len() == 2).count() >= 3);
    assert!(teams.values().any(|teams| teams.len() == 3));
}
