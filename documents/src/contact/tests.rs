//! How a planned contact stands, whatever was written at the same time.

use super::*;
use crate::{
    document::Edit,
    template::{PLANNED_CONTACT, Templates},
    testing::{Replica, code, exchange, moment, practitioner, replicas, set},
};
use proptest::prelude::*;
use std::collections::BTreeSet;

const BEFORE: UnixMillis = UnixMillis(moment_at() - 1);
const AFTER: UnixMillis = UnixMillis(moment_at() + 1);

const fn moment_at() -> i64 {
    1_794_990_000_000
}

fn status(status: ContactStatus) -> Edit {
    set(STATUS, code(status.code()))
}

fn agreed(count: u8) -> Vec<Replica> {
    replicas(count, PLANNED_CONTACT, vec![status(ContactStatus::Agreed)])
}

fn standing(replica: &Replica, is_named: bool) -> ContactStanding {
    let reading = replica.document.reading(Templates::built_in());
    let planned_at = reading.occurred_at.unwrap().at;
    ContactStanding::of(Statuses::of(&reading), planned_at, is_named, AFTER)
}

#[test]
fn the_template_has_these_codes_in_this_order() {
    let template = Templates::built_in().latest(PLANNED_CONTACT).unwrap();
    let codes: Vec<&str> = template
        .field(STATUS)
        .unwrap()
        .codes()
        .iter()
        .map(|code| code.code.as_str())
        .collect();
    assert_eq!(codes, ContactStatus::ALL.map(ContactStatus::code));
    assert!(template.field(PRACTITIONER).is_some());
    for name in ["home_visit", "parent_visit", "note"] {
        let newest = Templates::built_in().latest(name).unwrap();
        assert!(newest.names_contact(), "{name}");
        assert!(newest.field(PLANNED_CONTACT).unwrap().fixed, "{name}");
        let first = Templates::built_in().get(name, 1).unwrap();
        assert!(!first.names_contact(), "{name}");
    }
    assert!(!template.names_contact());
}

#[test]
fn a_contact_stands_as_what_has_still_to_be_done_about_it() {
    use ContactStanding as S;
    use ContactStatus::{Agreed, Cancelled, Declined, Held, NotHome, Started};
    assert_eq!(moment().at.0, moment_at());
    let cases: [(&str, &[ContactStatus], UnixMillis, bool, S); 13] = [
        ("to come", &[Agreed], BEFORE, false, S::Agreed),
        ("nothing said", &[], BEFORE, false, S::Agreed),
        ("its time passed", &[Agreed], AFTER, false, S::Overdue),
        ("begun", &[Started], BEFORE, false, S::NoteMissing),
        ("held, says somebody", &[Held], AFTER, false, S::NoteMissing),
        ("begun and named", &[Started], AFTER, true, S::Held),
        ("named, never begun", &[Agreed], BEFORE, true, S::Held),
        ("cancelled", &[Cancelled], AFTER, false, S::Cancelled),
        ("declined", &[Declined], AFTER, false, S::Declined),
        ("not at home", &[NotHome], AFTER, false, S::NotHome),
        (
            "begun and cancelled",
            &[Started, Cancelled],
            AFTER,
            false,
            S::NoteMissing,
        ),
        (
            "begun, cancelled, named",
            &[Started, Cancelled],
            AFTER,
            true,
            S::Held,
        ),
        (
            "moved and cancelled",
            &[Agreed, Cancelled],
            BEFORE,
            false,
            S::Agreed,
        ),
    ];
    for (name, statuses, now, is_named, expected) in cases {
        let bits = statuses.iter().fold(0, |all, one| all | one.bit());
        let statuses = Statuses::from_bits(bits);
        let planned_at = moment().at;
        let found = ContactStanding::of(statuses, planned_at, is_named, now);
        assert_eq!(found, expected, "{name}");
        let is_undone = statuses.bits() & Statuses::UNDONE != 0 && !is_named;
        let reminds = matches!(found, S::Agreed | S::Overdue | S::NoteMissing);
        assert_eq!(is_undone, reminds, "{name}: what a list of rows asks for");
    }
}

#[test]
fn begun_on_one_device_and_cancelled_on_another_it_reads_note_missing_on_both_until_a_person_chooses()
 {
    let mut pair = agreed(2);
    pair[0].edit(&[status(ContactStatus::Started)]).unwrap();
    pair[1].edit(&[status(ContactStatus::Cancelled)]).unwrap();
    exchange(&mut pair);
    for replica in &pair {
        let reading = replica.document.reading(Templates::built_in());
        assert_eq!(reading.conflicts, 1);
        let shown = reading.value(STATUS).cloned();
        assert_eq!(shown, Some(code("started")));
        assert_eq!(standing(replica, false), ContactStanding::NoteMissing);
        assert_eq!(standing(replica, true), ContactStanding::Held);
    }
    let choice = Edit::Choose {
        field: STATUS.to_owned(),
        item: None,
        value: code("cancelled"),
    };
    pair[1].edit(&[choice]).unwrap();
    exchange(&mut pair);
    assert_eq!(standing(&pair[0], false), ContactStanding::Cancelled);
}

#[test]
fn it_is_moved_and_given_to_somebody() {
    let mut one = agreed(1);
    let later = crate::time::Moment {
        at: AFTER.plus(60_000),
        ..moment()
    };
    let who = practitioner(3);
    let edits = [
        Edit::OccurredAt(later),
        set(PRACTITIONER, Value::Reference(who.0)),
    ];
    one[0].edit(&edits).unwrap();
    let reading = one[0].document.reading(Templates::built_in());
    assert_eq!(reading.occurred_at, Some(later));
    assert_eq!(made_by(&reading), Some(who));
    assert_eq!(standing(&one[0], false), ContactStanding::Agreed);
    assert_eq!(reading.planned_contact(), None);
}

#[test]
fn a_status_from_a_later_version_is_not_hidden() {
    let mut one = agreed(1);
    let mut reading = one.remove(0).document.reading(Templates::built_in());
    let field = reading.fields.iter_mut().find(|field| field.name == STATUS);
    if let crate::reading::FieldState::One(said) = &mut field.unwrap().state {
        said.value = Value::Code("postponed".to_owned());
    }
    let statuses = Statuses::of(&reading);
    let now = ContactStanding::of(statuses, moment().at, false, AFTER);
    assert_eq!(now, ContactStanding::Overdue);
}

proptest! {
    /// Three devices write statuses apart from each other and meet: whoever began it is never hidden.
    #[test]
    fn a_contact_that_one_device_began_or_held_is_never_hidden(
        written in proptest::collection::vec(proptest::option::of(0..6usize), 3),
    ) {
        let mut all = agreed(3);
        let mut standing_values = BTreeSet::new();
        for (replica, place) in all.iter_mut().zip(&written) {
            let Some(place) = place else { continue };
            let value = ContactStatus::ALL[*place];
            if replica.edit(&[status(value)]).unwrap().is_some() {
                standing_values.insert(value.code());
            }
        }
        exchange(&mut all);
        let took_place = standing_values.contains("started") || standing_values.contains("held");
        for replica in &all {
            let found = standing(replica, false);
            prop_assert_eq!(found == ContactStanding::NoteMissing, took_place, "{:?}", standing_values);
            let reading = replica.document.reading(Templates::built_in());
            prop_assert_eq!(Statuses::from_bits(Statuses::of(&reading).bits()), Statuses::of(&reading));
        }
    }
}
