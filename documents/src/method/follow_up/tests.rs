use super::*;
use crate::{
    document::Edit,
    method::testing::{at_once, date, day, document, item, same_everywhere, set, text, written},
    reading::Reading,
    value::Value,
};
use FollowUpStanding as S;
use uuid::Uuid;

const TODAY: Date = date(2026, 9, 1);

fn told(readings: &[Reading]) -> Vec<FollowUp> {
    same_everywhere(readings, |entries| {
        let all: Vec<Agreed> = entries.iter().filter_map(Agreed::of).collect();
        follow_ups(&all, TODAY)
    })
}

#[test]
fn a_meeting_is_followed_up_on_its_day_or_after_its_interval_or_after_three_months() {
    let months = |months| set("follow_up_months", Value::Integer(months));
    let rows = [
        (
            "usual",
            date(2026, 6, 2),
            Vec::<Edit>::new(),
            date(2026, 9, 2),
            Ground::Usual,
            S::ToCome,
        ),
        (
            "usual, past",
            date(2026, 5, 31),
            vec![],
            date(2026, 8, 31),
            Ground::Usual,
            S::Overdue,
        ),
        (
            "the month is shorter",
            date(2026, 11, 30),
            vec![],
            date(2027, 2, 28),
            Ground::Usual,
            S::ToCome,
        ),
        (
            "interval",
            date(2026, 6, 1),
            vec![months(1)],
            date(2026, 7, 1),
            Ground::Interval,
            S::Overdue,
        ),
        (
            "day",
            date(2026, 6, 1),
            vec![months(1), set("next_date", day(TODAY))],
            TODAY,
            Ground::Day,
            S::ToCome,
        ),
    ];
    for (name, when, edits, due, ground, standing) in rows {
        let all = told(&[written("network_meeting", when, edits)]);
        assert_eq!(all.len(), 1, "{name}");
        assert_eq!(all[0].due.one(), Some(&due), "{name}");
        assert_eq!(
            (all[0].ground, all[0].standing),
            (ground, standing),
            "{name}"
        );
    }
}

#[test]
fn intervals_in_conflict_make_every_day() {
    let both = [2, 6].map(|months| vec![set("follow_up_months", Value::Integer(months))]);
    let all = told(&[at_once(
        "network_meeting",
        date(2026, 5, 1),
        Vec::new(),
        both,
    )]);
    assert_eq!(all[0].due.values, [date(2026, 7, 1), date(2026, 11, 1)]);
    assert!(all[0].due.unsettled);
    assert_eq!(all[0].standing, S::Unsettled);
}

#[test]
fn a_later_meeting_follows_one_up_and_one_that_is_to_come_does_not_yet() {
    for (next, standing, by) in [
        (date(2026, 8, 1), S::Done, Some(document(2))),
        (date(2026, 12, 1), S::Overdue, None),
    ] {
        let meeting = |when| written("network_meeting", when, Vec::new());
        let all = told(&[meeting(date(2026, 3, 1)), meeting(next)]);
        let first = all.iter().find(|one| one.document == document(1)).unwrap();
        assert_eq!(
            (first.standing, first.followed_by),
            (standing, by),
            "{next}"
        );
    }
}

#[test]
fn a_reflection_is_followed_up_by_one_about_the_same_and_by_nothing_else() {
    let about = |n: u128| {
        item(
            "about",
            n,
            &[("case", Value::Reference(Uuid::from_u128(n)))],
        )
    };
    let course = |name: &str| set("course", text(name));
    let next = || set("next_date", day(date(2026, 6, 1)));
    let rows = [
        (
            "the same child",
            "team_reflection",
            vec![about(1)],
            vec![about(2), about(1)],
            S::Done,
        ),
        (
            "another child",
            "team_reflection",
            vec![about(1)],
            vec![about(2)],
            S::Overdue,
        ),
        (
            "about nobody",
            "team_reflection",
            vec![],
            vec![],
            S::Overdue,
        ),
        (
            "the same course",
            "method_follow_up",
            vec![course("Beskyt")],
            vec![course("beskyt ")],
            S::Done,
        ),
        (
            "another course",
            "method_follow_up",
            vec![course("Beskyt")],
            vec![course("Sparring")],
            S::Overdue,
        ),
    ];
    for (name, template, mut first, later, standing) in rows {
        first.push(next());
        let all = told(&[
            written(template, date(2026, 3, 1), first),
            written(template, date(2026, 6, 2), later),
        ]);
        assert_eq!(all.len(), 1, "{name}: the later one says no day");
        assert_eq!(all[0].standing, standing, "{name}");
    }
}
