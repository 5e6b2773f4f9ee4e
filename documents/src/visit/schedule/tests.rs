use super::*;
use crate::{
    document::Edit,
    testing::{code, exchange, replicas, set, signed},
};
use jiff::civil::date;

fn card(edits: Vec<Edit>) -> Reading {
    replicas(1, "card", edits)[0].reading()
}

fn born(day: Date) -> Reading {
    card(vec![set("birth_date", Value::Date(day))])
}

fn early(day: Date, gestational_days: i64) -> Reading {
    let days = Value::Quantity {
        amount: crate::value::Decimal::whole(gestational_days),
        unit: "d".to_owned(),
    };
    card(vec![
        set("birth_date", Value::Date(day)),
        set("gestational_age", days),
    ])
}

fn contact(visit_type: &str, day: Date, standing: Standing) -> Contact {
    Contact {
        visit_type: Some(visit_type.to_owned()),
        day,
        standing,
    }
}

fn all_due(card: &Reading, contacts: &[Contact], day: Date) -> Vec<Due> {
    due(
        Schedule::built_in(),
        Templates::built_in(),
        &Subject::of(card),
        contacts,
        day,
    )
}

fn told(card: &Reading, contacts: &[Contact], day: Date) -> Vec<(String, Urgency)> {
    all_due(card, contacts, day)
        .into_iter()
        .filter_map(|one| Some((one.visit_type?, one.urgency)))
        .collect()
}

fn is(visit_type: &str, urgency: Urgency) -> Vec<(String, Urgency)> {
    vec![(visit_type.to_owned(), urgency)]
}

/// Everything before four months.
fn held_until_two_months() -> Vec<Contact> {
    ["postnatal", "establishment", "months_2"]
        .map(|visit| contact(visit, date(2026, 1, 1), Standing::Held))
        .to_vec()
}

#[test]
fn the_default_is_read_and_says_what_is_kls_and_what_the_municipalitys() {
    let schedule = Schedule::read(Schedule::built_in_text()).unwrap();
    assert_eq!(&schedule, Schedule::built_in());
    assert_eq!(schedule.windows.len(), 9);
    let of_kl = schedule
        .windows
        .iter()
        .filter(|one| one.source == Source::Kl);
    let of_kl: Vec<&str> = of_kl.map(|one| one.visit_type.as_str()).collect();
    assert_eq!(
        of_kl,
        ["months_4_6", "months_8_11"],
        "only where KL's name of the visit says it"
    );
    assert!(
        schedule
            .windows
            .iter()
            .all(|one| !one.note.da.is_empty() && !one.note.en.is_empty())
    );
}

#[test]
fn a_window_opens_ends_and_is_reminded_of_for_a_while() {
    use Urgency::{Open, Overdue, ThisWeek, Today};
    // 4-6 months of a child born on 15 January 2026: 15 May to 14 August, a Friday.
    let card = born(date(2026, 1, 15));
    for (day, expected) in [
        (date(2026, 5, 14), None),
        (date(2026, 5, 15), Some(Open)),
        (date(2026, 8, 9), Some(Open)),
        (date(2026, 8, 10), Some(ThisWeek)),
        (date(2026, 8, 13), Some(ThisWeek)),
        (date(2026, 8, 14), Some(Today)),
        (date(2026, 8, 15), Some(Overdue)),
    ] {
        let found = told(&card, &held_until_two_months(), day);
        let expected = expected
            .map(|urgency| is("months_4_6", urgency))
            .unwrap_or_default();
        assert_eq!(found, expected, "{day}");
    }
    // Sixty days later nobody is reminded of it any more; by then the next window is open.
    let found = told(&card, &held_until_two_months(), date(2026, 10, 13));
    assert!(found.contains(&("months_4_6".to_owned(), Overdue)));
    assert_eq!(
        told(&card, &held_until_two_months(), date(2026, 10, 14)),
        is("months_8_11", Open)
    );
    let one = &all_due(&card, &held_until_two_months(), date(2026, 5, 15))[0];
    assert_eq!(one.labels.da, "Besøg hos det 4-6 måneder gamle barn");
}

#[test]
fn windows_fall_on_days_of_the_calendar_through_leap_days_and_changes_of_the_clock() {
    let schedule = Schedule::built_in();
    let window = |visit: &str, card: &Reading| {
        let found = schedule.windows.iter().find(|one| one.visit_type == visit);
        let (from, until, _) = found.unwrap().days(&Child::of(card)).unwrap();
        (from, until)
    };
    let rows = [
        (
            "months_4_6",
            date(2024, 2, 29),
            date(2024, 6, 29),
            date(2024, 9, 28),
        ),
        (
            "months_8_11",
            date(2024, 2, 29),
            date(2024, 10, 29),
            date(2025, 2, 27),
        ),
        (
            "months_8_11",
            date(2023, 2, 28),
            date(2023, 10, 28),
            date(2024, 2, 27),
        ),
        // Born on 31 October: a month without a 31st ends on its last day.
        (
            "months_4_6",
            date(2025, 10, 31),
            date(2026, 2, 28),
            date(2026, 5, 30),
        ),
        (
            "months_4_6",
            date(2027, 10, 31),
            date(2028, 2, 29),
            date(2028, 5, 30),
        ),
        // The clocks change on 29 March and 25 October 2026.
        (
            "postnatal",
            date(2026, 3, 26),
            date(2026, 3, 29),
            date(2026, 4, 1),
        ),
        (
            "establishment",
            date(2026, 10, 20),
            date(2026, 10, 27),
            date(2026, 11, 10),
        ),
    ];
    for (visit, birth, from, until) in rows {
        assert_eq!(
            window(visit, &born(birth)),
            (from, until),
            "{visit} {birth}"
        );
    }
}

#[test]
fn a_child_born_early_has_its_later_windows_from_the_day_it_was_due() {
    // 30 weeks: seventy days early, so due on 26 March.
    let card = early(date(2026, 1, 15), 210);
    let none = held_until_two_months();
    assert!(told(&card, &none, date(2026, 7, 25)).is_empty());
    let found = all_due(&card, &none, date(2026, 7, 26));
    assert_eq!(
        (found[0].from, found[0].moved_days),
        (date(2026, 7, 26), 70)
    );
    // The first days at home follow birth.
    let found = all_due(&card, &[], date(2026, 1, 18));
    assert_eq!(
        (found[0].visit_type.as_deref(), found[0].moved_days),
        (Some("postnatal"), 0)
    );
    // 37 weeks is term.
    let found = all_due(&early(date(2026, 1, 15), 259), &none, date(2026, 5, 15));
    assert_eq!(found[0].moved_days, 0);
}

#[test]
fn what_is_agreed_is_due_on_its_day() {
    use Urgency::{Overdue, ThisWeek, Today};
    let card = born(date(2026, 1, 15));
    // A Wednesday.
    let agreed = date(2026, 6, 17);
    let mut contacts = held_until_two_months();
    contacts.push(contact("months_4_6", agreed, Standing::Agreed));
    for (day, expected) in [
        (date(2026, 6, 14), None),
        (date(2026, 6, 15), Some(ThisWeek)),
        (agreed, Some(Today)),
        (date(2026, 6, 18), Some(Overdue)),
    ] {
        let expected = expected
            .map(|urgency| is("months_4_6", urgency))
            .unwrap_or_default();
        assert_eq!(told(&card, &contacts, day), expected, "{day}");
    }
    // Cancelled or nobody at home: the window is open again. Held or declined: it is filled.
    for (standing, expected) in [
        (Standing::Cancelled, is("months_4_6", Urgency::Open)),
        (Standing::NotAtHome, is("months_4_6", Urgency::Open)),
        (Standing::Held, Vec::new()),
        (Standing::Declined, Vec::new()),
    ] {
        let mut contacts = held_until_two_months();
        contacts.push(contact("months_4_6", agreed, standing));
        assert_eq!(
            told(&card, &contacts, date(2026, 6, 18)),
            expected,
            "{standing:?}"
        );
    }
}

#[test]
fn what_is_agreed_without_a_window_is_due_too_until_it_was_held() {
    let card = born(date(2021, 1, 15));
    let day = date(2026, 6, 17);
    let mut contacts = vec![
        contact("need_small_child", date(2026, 5, 1), Standing::Held),
        contact("need_small_child", day, Standing::Agreed),
    ];
    assert_eq!(
        told(&card, &contacts, day),
        is("need_small_child", Urgency::Today)
    );
    contacts.push(contact("need_small_child", day, Standing::Held));
    assert!(told(&card, &contacts, day).is_empty());
}

#[test]
fn a_school_child_is_due_by_its_years_and_between_them_for_nothing() {
    use Urgency::{Open, Overdue, Today};
    let card = born(date(2018, 3, 10));
    for (day, expected) in [
        (date(2024, 3, 9), None),
        (date(2024, 3, 10), Some(("school_entry", Open))),
        (date(2025, 3, 9), Some(("school_entry", Today))),
        (date(2025, 5, 8), Some(("school_entry", Overdue))),
        (date(2025, 5, 9), None),
        (date(2028, 3, 10), Some(("middle_school_measured", Open))),
        (date(2032, 3, 10), Some(("school_leaving", Open))),
        (date(2034, 5, 9), None),
    ] {
        let expected = expected.map(|(kind, urgency)| is(kind, urgency));
        assert_eq!(told(&card, &[], day), expected.unwrap_or_default(), "{day}");
    }
    let held = [contact("school_entry", date(2024, 3, 1), Standing::Held)];
    assert!(told(&card, &held, date(2024, 6, 1)).is_empty());
}

#[test]
fn an_agreement_that_passed_without_a_word_stays_beside_a_newer_one() {
    let card = born(date(2026, 1, 15));
    let mut contacts = held_until_two_months();
    contacts.push(contact("months_4_6", date(2026, 6, 10), Standing::Agreed));
    contacts.push(contact("months_4_6", date(2026, 6, 17), Standing::Agreed));
    let found = all_due(&card, &contacts, date(2026, 6, 17));
    let found: Vec<_> = found
        .iter()
        .map(|one| (one.urgency, one.agreed, one.from))
        .collect();
    let opened = date(2026, 5, 15);
    let expected = [
        (Urgency::Overdue, Some(date(2026, 6, 10)), opened),
        (Urgency::Today, Some(date(2026, 6, 17)), opened),
    ];
    assert_eq!(found, expected);
    contacts.push(contact("months_4_6", date(2026, 6, 17), Standing::Held));
    assert!(told(&card, &contacts, date(2026, 6, 17)).is_empty());
}

#[test]
fn the_most_urgent_stands_first() {
    let card = born(date(2026, 6, 1));
    let contacts = [contact(
        "need_small_child",
        date(2026, 6, 8),
        Standing::Agreed,
    )];
    let found = told(&card, &contacts, date(2026, 6, 8));
    let expected = [
        ("postnatal".to_owned(), Urgency::Overdue),
        ("need_small_child".to_owned(), Urgency::Today),
        ("establishment".to_owned(), Urgency::Open),
    ];
    assert_eq!(found, expected);
}

#[test]
fn before_birth_it_is_the_day_the_child_is_due_and_a_parents_own_birth_opens_nothing() {
    let due_on = set("due_date", Value::Date(date(2026, 9, 30)));
    let day = date(2026, 8, 1);
    assert_eq!(
        told(&card(vec![due_on.clone()]), &[], day),
        is("pregnancy", Urgency::Open)
    );
    let own_birth = set("birth_date", Value::Date(date(1995, 3, 3)));
    let expecting = card(vec![
        set("kind", code("parent")),
        own_birth.clone(),
        due_on.clone(),
    ]);
    assert_eq!(told(&expecting, &[], day), is("pregnancy", Urgency::Open));
    let parent = card(vec![set("kind", code("parent")), own_birth]);
    assert!(told(&parent, &[], date(1995, 3, 7)).is_empty());
    let arrived = card(vec![
        due_on,
        set("birth_date", Value::Date(date(2026, 7, 31))),
    ]);
    assert!(
        told(&arrived, &[], day).is_empty(),
        "a child that is born is not due"
    );
}

#[test]
fn a_closed_card_reminds_nobody_whatever_is_agreed() {
    let day = date(2026, 6, 17);
    let contacts = [contact("months_4_6", day, Standing::Agreed)];
    for ground in ["ended", "moved", "pregnancy_ended", "died"] {
        let edits = vec![
            set("birth_date", Value::Date(date(2026, 1, 15))),
            set("due_date", Value::Date(date(2026, 7, 30))),
            set("closed", code(ground)),
        ];
        assert!(told(&card(edits), &contacts, day).is_empty(), "{ground}");
    }
    let birth = set("birth_date", Value::Date(date(2026, 1, 15)));
    let open = card(vec![birth.clone(), set("closed", code("open"))]);
    assert!(!told(&open, &contacts, day).is_empty());
    // Until somebody chooses, the worst stands: nobody is sent to a family whose child died.
    let mut all = replicas(2, "card", vec![birth]);
    all[0].edit(&[set("closed", code("died"))]).unwrap();
    all[1].edit(&[set("closed", code("open"))]).unwrap();
    exchange(&mut all);
    assert!(told(&all[0].reading(), &contacts, day).is_empty());
}

#[test]
fn an_entry_is_a_held_contact_open_and_signed() {
    let kind = "51f30d1c-d60e-4e3e-ac22-ec9712ea962d";
    let mut entry = replicas(1, "home_visit", vec![set("visit_type", code(kind))]).remove(0);
    let expected = Some(contact("months_2", date(2026, 11, 18), Standing::Held));
    let held = |reading: &Reading| Contact::held(reading, Templates::built_in());
    assert_eq!(held(&entry.reading()), expected);
    assert_eq!(held(&signed(&entry.reading())), expected);
    entry.edit(&[Edit::Discard]).unwrap();
    assert_eq!(held(&entry.reading()), None);
    assert_eq!(held(&replicas(1, "note", Vec::new())[0].reading()), None);
}

proptest::proptest! {
    /// Wherever a card's days lie: windows are put on the calendar or left out, and no panic.
    #[test]
    fn any_birth_and_any_day_have_an_answer(
        birth in -4_371_587..2_932_896_i32,
        day in -4_371_587..2_932_896_i32,
        gestational_days in proptest::option::of(proptest::num::i32::ANY),
    ) {
        let on = |days: i32| date(1970, 1, 1).checked_add(days.days()).unwrap();
        let child = Child {
            birth_date: Some(on(birth)),
            gestational_days,
            ..Child::default()
        };
        for window in &Schedule::built_in().windows {
            if let Some((from, until, moved)) = window.days(&child) {
                proptest::prop_assert!(from <= until && (0..=280).contains(&moved));
            }
        }
        proptest::prop_assert!(end_of_week(on(day)) >= on(day));
        let _ = of_window(on(birth), on(day), on(day), u16::MAX);
    }
}
