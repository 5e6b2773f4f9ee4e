use super::*;
use crate::{
    document::Edit,
    method::testing::{
        at_once, code, date, day, document, entries, item, same_everywhere, set, written,
    },
};
use proptest::prelude::*;

const TODAY: Date = date(2026, 9, 1);

fn prose_in(field: &str, text: &str) -> Edit {
    Edit::ReplaceText {
        field: field.to_owned(),
        text: text.to_owned(),
    }
}

fn told(readings: &[Reading]) -> ChildHeard {
    same_everywhere(readings, |entries| child_heard(entries, TODAY))
}

#[test]
fn a_decision_tells_whether_the_child_was_heard_before_it_or_the_ground() {
    let heard = |code_: &str| set("child_heard", code(code_));
    let on = |when| set("child_heard_on", day(when));
    let ground = || prose_in("not_heard_ground", "Barnet er spædt");
    let rows = [
        ("yes", vec![heard("yes")], Hearing::Heard),
        (
            "yes, the same day",
            vec![heard("yes"), on(date(2026, 6, 1))],
            Hearing::Heard,
        ),
        (
            "in part",
            vec![heard("partly"), on(date(2026, 5, 1))],
            Hearing::InPart,
        ),
        (
            "the day after",
            vec![heard("yes"), on(date(2026, 6, 2))],
            Hearing::After,
        ),
        (
            "no, with a ground",
            vec![heard("no"), ground()],
            Hearing::NotHeardWithGround,
        ),
        (
            "no, without",
            vec![heard("no")],
            Hearing::NotHeardWithoutGround,
        ),
        (
            "a ground alone",
            vec![ground()],
            Hearing::NotHeardWithGround,
        ),
        ("nothing", vec![], Hearing::NotSaid),
    ];
    for (name, edits, hearing) in rows {
        let all = told(&[written("decision", date(2026, 6, 1), edits)]);
        assert_eq!(all.decisions.len(), 1, "{name}");
        assert_eq!(all.decisions[0].hearing, hearing, "{name}");
    }
}

#[test]
fn what_is_in_conflict_is_told_and_counts_as_no_hearing() {
    let heard = ["yes", "no"].map(|one| vec![set("child_heard", code(one))]);
    let all = told(&[at_once("decision", date(2026, 6, 1), Vec::new(), heard)]);
    assert_eq!(all.decisions[0].hearing, Hearing::Unsettled);
    assert_eq!(all.decisions[0].heard.values.len(), 2);
    assert!(all.obtained.is_empty());
    for (other, hearing) in [
        (date(2026, 5, 2), Hearing::Heard),
        (date(2026, 7, 1), Hearing::Unsettled),
    ] {
        let edits = vec![set("child_heard", code("yes"))];
        let on = [date(2026, 5, 1), other].map(|when| vec![set("child_heard_on", day(when))]);
        let all = told(&[at_once("decision", date(2026, 6, 1), edits, on)]);
        assert_eq!(all.decisions[0].hearing, hearing, "{other}");
    }
}

#[test]
fn that_the_child_was_talked_with_stands_beside_the_decision_and_makes_no_hearing() {
    let all = told(&[
        written(
            "child_conversation",
            date(2026, 5, 1),
            vec![prose_in("child_words", "Jeg vil hellere cykle")],
        ),
        written("decision", date(2026, 6, 1), Vec::new()),
        written(
            "child_conversation",
            date(2026, 7, 1),
            vec![set("child_heard", code("yes"))],
        ),
        written(
            "child_conversation",
            date(2026, 12, 1),
            vec![set("child_heard", code("yes"))],
        ),
    ]);
    let decision = &all.decisions[0];
    assert_eq!(decision.hearing, Hearing::NotSaid);
    let before = decision.last_before.as_ref().unwrap();
    assert_eq!(
        (before.document, &before.sources[..]),
        (document(1), &[Source::OwnWords][..])
    );
    assert_eq!(all.last.unwrap().document, document(3));
    assert_eq!(all.obtained.len(), 3);
}

#[test]
fn the_child_speaks_in_many_entries() {
    let child = |items: &str, field: &str| item(items, 1, &[(field, code("child"))]);
    let rows = [
        ("perspectives", child("views", "whose"), Some(Source::View)),
        (
            "perspectives",
            item("views", 1, &[("whose", code("parent"))]),
            None,
        ),
        ("progress", child("marks", "by"), Some(Source::Mark)),
        (
            "concern",
            child("informants", "informant"),
            Some(Source::Informant),
        ),
        ("concern", prose_in("child_words", " \n"), None),
        ("network_meeting", set("child_heard", code("no")), None),
    ];
    for (template, edit, source) in rows {
        let all = told(&[written(template, date(2026, 6, 1), vec![edit])]);
        let sources: Vec<Source> = all
            .obtained
            .iter()
            .flat_map(|one| one.sources.clone())
            .collect();
        assert_eq!(sources, Vec::from_iter(source), "{template}");
    }
}

#[test]
fn a_hearing_is_as_old_as_the_day_it_says() {
    let all = told(&[
        written("note", date(2026, 1, 1), Vec::new()),
        written(
            "decision",
            date(2026, 6, 1),
            vec![
                set("child_heard", code("yes")),
                set("child_heard_on", day(date(2026, 4, 1))),
                set("child_heard_how", code("alone")),
            ],
        ),
    ]);
    let last = all.last.unwrap();
    assert_eq!(last.day.one(), Some(&date(2026, 4, 1)));
    assert_eq!(last.how.one().map(String::as_str), Some("alone"));
    assert!(
        all.decisions[0].last_before.is_none(),
        "it is no ground for itself"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn each_decision_of_a_team_is_counted_once_under_one_head(
        decisions in prop::collection::vec((0_u8..3, 0_usize..4, any::<bool>()), 0..10),
    ) {
        let heard = ["yes", "partly", "no"];
        let readings: Vec<Reading> = decisions.iter().map(|(_, code_, has_ground)| {
            let mut edits: Vec<Edit> =
                heard.get(*code_).map(|one| set("child_heard", code(one))).into_iter().collect();
            if *has_ground {
                edits.push(prose_in("not_heard_ground", "Begrundelse"));
            }
            written("decision", date(2026, 6, 1), edits)
        }).collect();
        let team = |n: u8| TeamId::from_bytes([n; 16]);
        let mut all: Vec<(TeamId, Entry<'_>)> = decisions.iter().zip(entries(&readings))
            .map(|((n, ..), entry)| (team(*n), entry)).collect();
        all.extend(all.clone());
        let told = counts(&all);
        prop_assert_eq!(told.values().map(|one| one.decisions).sum::<usize>(), decisions.len());
        for one in told.values() {
            let heads = one.heard + one.in_part + one.after + one.not_heard_with_ground
                + one.not_heard_without_ground + one.not_said + one.unsettled;
            prop_assert_eq!(heads, one.decisions);
        }
        let of = |n: u8| decisions.iter().filter(|(team, code_, _)| *team == n && *code_ == 0).count();
        for n in 0..3 {
            prop_assert_eq!(told.get(&team(n)).map_or(0, |one| one.heard), of(n));
        }
    }
}
