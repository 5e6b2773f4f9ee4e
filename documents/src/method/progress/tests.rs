use super::*;
use crate::method::testing::{
    at_once, code, date, day, document, item, on, same_everywhere, set, set_item, text, written,
};
use crate::{reading::Reading, testing::replicas};
use proptest::prelude::*;
use uuid::Uuid;

const GOAL: u128 = 1;
const STEP: u128 = 2;

fn id(n: u128) -> Value {
    Value::Reference(Uuid::from_u128(n))
}

fn mark(n: u128, by: &str, when: Date, scale: i64) -> crate::document::Edit {
    item(
        "marks",
        n,
        &[
            ("sub_goal", id(STEP)),
            ("by", code(by)),
            ("on", day(when)),
            ("scale", Value::Integer(scale)),
        ],
    )
}

fn plan(more: Vec<crate::document::Edit>) -> Reading {
    let mut edits = vec![
        item("goals", GOAL, &[("goal", text("I skole hver dag"))]),
        item(
            "sub_goals",
            STEP,
            &[("step", text("Følges til porten")), ("goal", id(GOAL))],
        ),
        set("until", day(date(2026, 6, 30))),
    ];
    edits.extend(more);
    written("plan", date(2026, 3, 1), edits)
}

fn later_mark(when: Date, by: &str, goal: Option<u128>, value: (&str, Value)) -> Reading {
    let mut values = vec![("goal", text("Følges til porten")), ("by", code(by)), value];
    values.extend(goal.map(|goal| ("goal_id", id(goal))));
    written("progress", when, vec![item("marks", 9, &values)])
}

/// Every point as day, numbers, and whether it is after the plan.
fn points(line: &Line) -> Vec<(Date, Vec<String>, Option<bool>)> {
    let numbers = |point: &Point| {
        let amounts = point.amounts.values.iter();
        amounts.map(|one| one.number.to_string()).collect()
    };
    line.points
        .iter()
        .map(|point| (point.day.values[0], numbers(point), point.after_plan))
        .collect()
}

#[test]
fn each_person_has_a_line_of_their_own_and_marks_after_the_plan_are_told_as_such() {
    let all = [
        plan(vec![
            mark(10, "child", date(2026, 3, 1), 2),
            mark(11, "professional", date(2026, 3, 1), 5),
            mark(12, "child", date(2026, 4, 1), 4),
        ]),
        later_mark(
            date(2026, 9, 1),
            "child",
            Some(STEP),
            ("scale", Value::Integer(7)),
        ),
        later_mark(
            date(2026, 5, 1),
            "parent",
            Some(STEP),
            (
                "measure",
                Value::Quantity {
                    amount: Decimal::whole(4),
                    unit: "dage".to_owned(),
                },
            ),
        ),
    ];
    let told = same_everywhere(&all, progress);
    let kinds: Vec<GoalKind> = told.goals.iter().map(|goal| goal.kind).collect();
    assert_eq!(kinds, [GoalKind::Goal, GoalKind::SubGoal]);
    assert!(told.goals[0].lines.is_empty());
    let lines = &told.goals[1].lines;
    let of = |by: &str| {
        let one = |line: &&Line| line.by.one().map(String::as_str) == Some(by);
        lines.iter().find(one).unwrap()
    };
    assert_eq!(lines.len(), 3);
    let number = |number: &str| vec![number.to_owned()];
    assert_eq!(
        points(of("child")),
        [
            (date(2026, 3, 1), number("2"), Some(false)),
            (date(2026, 4, 1), number("4"), Some(false)),
            (date(2026, 9, 1), number("7"), Some(true)),
        ]
    );
    assert_eq!(points(of("professional")).len(), 1);
    assert_eq!(of("parent").unit, Unit::Measure("dage".to_owned()));
}

#[test]
fn marks_in_conflict_are_both_told_and_none_is_chosen() {
    let rows: [(&str, [Value; 2], Vec<&str>); 2] = [
        (
            "scale",
            [Value::Integer(3), Value::Integer(8)],
            vec!["3", "8"],
        ),
        (
            "on",
            [day(date(2026, 5, 1)), day(date(2026, 8, 1))],
            vec!["2"],
        ),
    ];
    for (field, [one, other], numbers) in rows {
        let edits = vec![
            item("sub_goals", STEP, &[("step", text("Lektier"))]),
            set("until", day(date(2026, 6, 30))),
            mark(10, "child", date(2026, 3, 1), 2),
        ];
        let both = [one, other].map(|value| vec![set_item("marks", 10, field, value)]);
        let all = [at_once("plan", date(2026, 3, 1), edits, both)];
        let told = same_everywhere(&all, progress);
        let point = &told.goals[0].lines[0].points[0];
        let mut shown: Vec<String> = point
            .amounts
            .values
            .iter()
            .map(|one| one.number.to_string())
            .collect();
        shown.sort();
        assert_eq!(shown, numbers, "{field}");
        assert_eq!(point.amounts.unsettled, field == "scale");
        assert_eq!(point.day.unsettled, field == "on");
        // One of the days is after the plan, the other is not: nothing is said of it.
        assert_eq!(point.after_plan, (field == "scale").then_some(false));
    }
}

#[test]
fn a_mark_of_which_the_goal_is_in_conflict_stands_at_each() {
    let edits = vec![
        item("sub_goals", STEP, &[("step", text("Lektier"))]),
        item("sub_goals", 3, &[("step", text("Sove hele natten"))]),
        item(
            "marks",
            10,
            &[("by", code("child")), ("scale", Value::Integer(4))],
        ),
    ];
    let both = [STEP, 3].map(|goal| vec![set_item("marks", 10, "sub_goal", id(goal))]);
    let told = same_everywhere(&[at_once("plan", date(2026, 3, 1), edits, both)], progress);
    let marked: Vec<bool> = told
        .goals
        .iter()
        .map(|goal| goal.lines[0].points[0].goal_unsettled)
        .collect();
    assert_eq!(marked, [true, true]);
}

#[test]
fn a_mark_that_names_no_goal_here_stands_under_its_own_words() {
    let value = || ("scale", Value::Integer(4));
    let all = [
        plan(Vec::new()),
        later_mark(date(2026, 5, 1), "child", None, value()),
        later_mark(date(2026, 5, 2), "child", Some(77), value()),
    ];
    let told = same_everywhere(&all, progress);
    let unlisted: Vec<(Option<ItemId>, Option<&str>)> = told
        .goals
        .iter()
        .filter(|goal| goal.kind == GoalKind::Unlisted)
        .map(|goal| (goal.id, goal.says.one().map(String::as_str)))
        .collect();
    assert_eq!(
        unlisted,
        [
            (None, Some("Følges til porten")),
            (Some(ItemId(Uuid::from_u128(77))), Some("Følges til porten")),
        ]
    );
    // The words are the sub-goal's own, and still nobody guesses that it is meant.
    assert!(told.goals[1].lines.is_empty());
}

#[test]
fn a_goal_that_was_taken_away_stands_while_there_are_marks_on_it() {
    for marked in [false, true] {
        let mut replica = replicas(1, "plan", vec![on(date(2026, 3, 1))]).remove(0);
        replica
            .edit(&[item("sub_goals", STEP, &[("step", text("Lektier"))])])
            .unwrap();
        if marked {
            replica
                .edit(&[mark(10, "child", date(2026, 3, 2), 3)])
                .unwrap();
        }
        let remove = crate::document::Edit::RemoveItem {
            field: "sub_goals".to_owned(),
            item: Uuid::from_u128(STEP),
        };
        replica.edit(&[remove]).unwrap();
        let told = same_everywhere(&[replica.reading()], progress);
        let removed: Vec<bool> = told.goals.iter().map(|goal| goal.removed).collect();
        assert_eq!(removed, vec![true; usize::from(marked)]);
    }
}

#[test]
fn everybody_at_meetings_has_a_line_and_who_is_not_named_is_nobody_else() {
    let scaled = |who: Option<&str>, n: u128, number: i64| {
        let mut values = vec![("mark", Value::Integer(number))];
        values.extend(who.map(|who| ("who", text(who))));
        item("scaling", n, &values)
    };
    let all = [
        written(
            "network_meeting",
            date(2026, 6, 1),
            vec![scaled(Some("emma "), 1, 6), scaled(None, 2, 1)],
        ),
        written(
            "network_meeting",
            date(2026, 3, 1),
            vec![
                scaled(Some("Emma"), 3, 3),
                scaled(Some("Mor"), 4, 5),
                scaled(None, 5, 9),
            ],
        ),
    ];
    let told = same_everywhere(&all, progress);
    let lines: Vec<(Option<String>, Vec<String>)> = told
        .scalings
        .iter()
        .map(|line| {
            let numbers = line.points.iter().flat_map(|point| &point.amounts.values);
            (
                line.who.one().cloned(),
                numbers.map(|one| one.number.to_string()).collect(),
            )
        })
        .collect();
    let row = |who: Option<&str>, numbers: &[&str]| {
        let numbers = numbers.iter().map(|one| (*one).to_owned()).collect();
        (who.map(str::to_owned), numbers)
    };
    assert_eq!(
        lines,
        [
            row(Some("Emma"), &["3", "6"]),
            row(Some("Mor"), &["5"]),
            row(None, &["9"]),
            row(None, &["1"])
        ]
    );
    assert_eq!(told.scalings[0].points[0].document, document(2));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_mark_that_was_set_stands_in_exactly_one_line(
        marks in prop::collection::vec((0_usize..4, 1_i8..28, 0_i64..=10), 0..12),
    ) {
        let by = ["child", "parent", "professional", "network"];
        let edits = marks.iter().zip(100..).map(|((who, when, scale), n)| {
            mark(n, by[*who], date(2026, 7, *when), *scale)
        });
        let told = same_everywhere(&[plan(edits.collect())], progress);
        let mut found: Vec<u128> = told
            .goals
            .iter()
            .flat_map(|goal| &goal.lines)
            .flat_map(|line| &line.points)
            .map(|point| point.item.0.as_u128())
            .collect();
        found.sort_unstable();
        let set: Vec<u128> = (100..).take(marks.len()).collect();
        prop_assert_eq!(found, set);
        for line in told.goals.iter().flat_map(|goal| &goal.lines) {
            let days: Vec<Date> = line.points.iter().map(|point| point.day.values[0]).collect();
            prop_assert!(days.is_sorted());
            // The plan ended in June.
            prop_assert!(line.points.iter().all(|point| point.after_plan == Some(true)));
        }
    }
}
