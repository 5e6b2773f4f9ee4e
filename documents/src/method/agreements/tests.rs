use super::*;
use crate::{
    document::Edit,
    method::testing::{
        at_once, case, code, date, day, document, entries, item, same_everywhere, set_item, text,
        written,
    },
    reading::Reading,
    value::Value,
};
use proptest::prelude::*;

const TODAY: Date = date(2026, 9, 1);

fn told(readings: &[Reading]) -> Vec<Agreement> {
    same_everywhere(readings, |entries| {
        let all: Vec<Agreed> = entries.iter().filter_map(Agreed::of).collect();
        // As a device keeps them in its rows.
        for one in &all {
            let json = serde_json::to_string(&one.says).unwrap();
            assert_eq!(serde_json::from_str::<Says>(&json).unwrap(), one.says);
        }
        agreements(&all, TODAY)
    })
}

fn agreed(id: u128, what: &str, more: &[(&str, Value)]) -> Edit {
    let mut values = vec![("what", text(what)), ("who", text("Mor"))];
    values.extend(more.iter().cloned());
    item("agreements", id, &values)
}

fn from(n: u8) -> (&'static str, Value) {
    ("carried_from_entry", Value::Reference(document(n).0))
}

fn meeting(when: Date, agreements: Vec<Edit>) -> Reading {
    written("network_meeting", when, agreements)
}

#[test]
fn an_agreement_stands_by_what_became_of_it_and_by_when_it_is_to_be_done() {
    use AgreementStanding as S;
    let past = || ("when", day(date(2026, 8, 31)));
    let today = || ("when", day(TODAY));
    let status = |status: &str| ("status", code(status));
    let rows = [
        ("nothing said", vec![], S::Open),
        ("today", vec![today(), status("agreed")], S::Open),
        ("past", vec![past(), status("agreed")], S::Overdue),
        ("past, nothing said of it", vec![past()], S::Overdue),
        ("kept", vec![past(), status("kept")], S::Kept),
        ("not kept", vec![past(), status("not_kept")], S::NotKept),
        ("dropped", vec![past(), status("dropped")], S::Dropped),
    ];
    for (name, values, standing) in rows {
        let all = told(&[meeting(date(2026, 6, 1), vec![agreed(1, "Ringe", &values)])]);
        assert_eq!(all.len(), 1, "{name}");
        assert_eq!(all[0].standing, standing, "{name}");
        assert!(!all[0].not_carried_over, "{name}: no meeting came after it");
    }
}

#[test]
fn an_agreement_that_is_carried_over_is_one_and_its_last_meeting_tells() {
    let all = told(&[
        meeting(
            date(2026, 3, 1),
            vec![
                agreed(1, "Ringe til klubben", &[]),
                agreed(2, "Følges i skole", &[]),
            ],
        ),
        meeting(
            date(2026, 6, 1),
            vec![agreed(
                3,
                "ringe til  Klubben",
                &[from(1), ("status", code("kept"))],
            )],
        ),
    ]);
    let one = all.iter().find(|one| one.places.len() == 2).unwrap();
    assert_eq!(one.standing, AgreementStanding::Kept);
    assert_eq!(one.places[0].document, document(1));
    assert_eq!(one.places[1].day.one(), Some(&date(2026, 6, 1)));
    let other = all.iter().find(|one| one.places.len() == 1).unwrap();
    assert_eq!(other.standing, AgreementStanding::Open);
    assert!(other.not_carried_over, "the later meeting does not have it");
    assert_eq!(all.len(), 2);
}

#[test]
fn what_does_not_say_from_where_it_was_carried_is_an_agreement_of_its_own() {
    let first = || meeting(date(2026, 3, 1), vec![agreed(1, "Ringe", &[])]);
    let twice = || {
        meeting(
            date(2026, 3, 1),
            vec![agreed(1, "Ringe", &[]), agreed(2, "ringe", &[])],
        )
    };
    let later =
        |values: Vec<(&str, Value)>| meeting(date(2026, 6, 1), vec![agreed(3, "Ringe", &values)]);
    let rows = [
        ("says nothing", first(), later(vec![]), 2),
        (
            "by the meeting's day",
            first(),
            later(vec![("carried_from", day(date(2026, 3, 1)))]),
            1,
        ),
        (
            "by another day",
            first(),
            later(vec![("carried_from", day(date(2026, 3, 2)))]),
            2,
        ),
        ("by the entry", first(), later(vec![from(1)]), 1),
        (
            "by an entry that is not here",
            first(),
            later(vec![from(9)]),
            2,
        ),
        ("by itself", first(), later(vec![from(2)]), 2),
        ("two have these words", twice(), later(vec![from(1)]), 3),
    ];
    for (name, first, later, count) in rows {
        assert_eq!(told(&[first, later]).len(), count, "{name}");
    }
}

#[test]
fn meetings_that_carried_it_over_side_by_side_are_both_told() {
    let carried = |when, status: &str| {
        meeting(
            when,
            vec![agreed(1, "Ringe", &[from(1), ("status", code(status))])],
        )
    };
    let first = || meeting(date(2026, 3, 1), vec![agreed(1, "Ringe", &[])]);
    let differ = told(&[
        first(),
        carried(date(2026, 5, 1), "kept"),
        carried(date(2026, 6, 1), "agreed"),
    ]);
    assert_eq!(differ.len(), 1);
    assert_eq!(differ[0].standing, AgreementStanding::Unsettled);
    assert_eq!(differ[0].status.values, ["kept", "agreed"]);
    let agree = told(&[
        first(),
        carried(date(2026, 5, 1), "kept"),
        carried(date(2026, 6, 1), "kept"),
    ]);
    assert_eq!(agree[0].standing, AgreementStanding::Kept);
}

#[test]
fn values_in_conflict_are_told_and_settle_nothing() {
    let edits = || vec![agreed(1, "Ringe", &[("when", day(date(2026, 5, 1)))])];
    let both = |name: &str, values: [Value; 2]| {
        values.map(|value| vec![set_item("agreements", 1, name, value)])
    };
    let status = both("status", [code("kept"), code("not_kept")]);
    let all = told(&[at_once(
        "network_meeting",
        date(2026, 4, 1),
        edits(),
        status,
    )]);
    assert_eq!(all[0].standing, AgreementStanding::Unsettled);
    assert_eq!(all[0].status.values.len(), 2);
    assert!(all[0].standing.is_open());
    let when = |other| both("when", [day(date(2026, 6, 1)), day(other)]);
    for (other, standing) in [
        (date(2026, 7, 1), AgreementStanding::Overdue),
        (date(2026, 12, 1), AgreementStanding::Open),
    ] {
        let all = told(&[at_once(
            "network_meeting",
            date(2026, 4, 1),
            edits(),
            when(other),
        )]);
        assert_eq!(all[0].standing, standing, "{other}");
        assert!(all[0].when.unsettled);
    }
}

#[test]
fn other_entries_have_no_agreements_and_another_case_meets_for_itself() {
    let note = written("note", date(2026, 6, 1), Vec::new());
    assert!(Agreed::of(&entries(&[note])[0]).is_none());
    let readings = [
        meeting(date(2026, 3, 1), vec![agreed(1, "Ringe", &[])]),
        meeting(date(2026, 6, 1), Vec::new()),
    ];
    let mut all: Vec<Agreed> = entries(&readings).iter().filter_map(Agreed::of).collect();
    assert!(agreements(&all, TODAY)[0].not_carried_over);
    assert!(
        !agreements(&all, date(2026, 4, 1))[0].not_carried_over,
        "it has not taken place yet"
    );
    all[1].space = case(9);
    assert!(!agreements(&all, TODAY)[0].not_carried_over);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_agreement_of_every_meeting_stands_in_exactly_one_chain(
        meetings in prop::collection::vec(prop::collection::vec((0_usize..3, prop::option::of(1_u8..5)), 0..4), 1..5),
    ) {
        let words = ["Ringe", "Skrive", "Mødes"];
        let readings: Vec<Reading> = meetings.iter().zip(1_i8..).map(|(items, n)| {
            let items = items.iter().zip(1_u128..).map(|((what, origin), id)| {
                let more: Vec<(&str, Value)> = origin.iter().map(|n| from(*n)).collect();
                agreed(id, words[*what], &more)
            });
            meeting(date(2026, n, 1), items.collect())
        }).collect();
        let all = told(&readings);
        let mut places: Vec<(DocumentId, ItemId)> =
            all.iter().flat_map(|one| &one.places).map(|place| (place.document, place.item)).collect();
        let count = places.len();
        places.sort_unstable();
        places.dedup();
        prop_assert_eq!(places.len(), count);
        prop_assert_eq!(count, meetings.iter().map(Vec::len).sum::<usize>());
    }
}
