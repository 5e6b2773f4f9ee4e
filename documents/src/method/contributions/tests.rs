use super::*;
use crate::{
    document::Edit,
    method::testing::{at_once, code, date, item, same_everywhere, set, text, written},
    testing::{exchange, practitioner, replicas, signed},
    value::Value,
};

fn prose_in(field: &str, text: &str) -> Edit {
    Edit::ReplaceText {
        field: field.to_owned(),
        text: text.to_owned(),
    }
}

#[test]
fn contributors_come_from_who_wrote_each_change() {
    let mut all = replicas(
        3,
        "team_reflection",
        vec![set("question", text("Hvad ser vi?"))],
    );
    all[1].edit(&[prose_in("text", "Set fra PPR. ")]).unwrap();
    exchange(&mut all);
    all[2]
        .edit(&[item("learning", 1, &[("line", text("Spørg barnet først"))])])
        .unwrap();
    // A name typed into a field is nobody's contribution.
    all[2]
        .edit(&[item("participants", 2, &[("who", text("Anna"))])])
        .unwrap();
    exchange(&mut all);
    let reading = all[0].reading();
    let expected = [
        (1, vec!["question"]),
        (2, vec!["text"]),
        (3, vec!["learning", "participants"]),
    ];
    for reading in [&reading, &signed(&reading)] {
        let told = contributors(reading);
        let told: Vec<(PractitionerId, Vec<&str>)> = told
            .iter()
            .map(|one| {
                (
                    one.practitioner,
                    one.fields.iter().map(String::as_str).collect(),
                )
            })
            .collect();
        let expected: Vec<(PractitionerId, Vec<&str>)> = expected
            .iter()
            .map(|(n, fields)| (practitioner(*n), fields.clone()))
            .collect();
        assert_eq!(told, expected);
    }
}

#[test]
fn who_was_written_over_contributed_all_the_same() {
    let mut all = replicas(
        2,
        "team_reflection",
        vec![set("question", text("Hvad ser vi?"))],
    );
    all[1]
        .edit(&[set("question", text("Hvad ser barnet?"))])
        .unwrap();
    let told = contributors(&all[1].reading());
    assert_eq!(told[0].practitioner, practitioner(1));
    assert!(told[0].fields.is_empty());
    assert_eq!(told[1].fields, ["question"]);
}

#[test]
fn feedback_is_counted_by_answer_for_staff_and_for_leaders() {
    let given = |from: Option<&str>, mark: Option<i64>, works: &str| {
        let mut edits = vec![prose_in("works", works)];
        edits.extend(from.map(|from| set("from", code(from))));
        edits.extend(mark.map(|mark| set("usefulness", Value::Integer(mark))));
        written("feedback", date(2026, 6, 1), edits)
    };
    let both = [3, 9].map(|mark| vec![set("usefulness", Value::Integer(mark))]);
    let all = [
        given(Some("staff"), Some(8), "Fælles møder"),
        given(Some("staff"), Some(8), ""),
        given(Some("leader"), None, ""),
        given(None, Some(2), ""),
        at_once(
            "feedback",
            date(2026, 6, 2),
            vec![set("from", code("staff"))],
            both,
        ),
        written("note", date(2026, 6, 1), Vec::new()),
    ];
    let sum = same_everywhere(&all, feedback);
    assert_eq!(sum.staff.entries, 3);
    assert_eq!(sum.staff.usefulness, BTreeMap::from([(8, 2)]));
    assert_eq!((sum.staff.works, sum.staff.unsettled), (1, 1));
    assert_eq!((sum.leaders.entries, sum.leaders.no_mark), (1, 1));
    assert_eq!(sum.others.usefulness, BTreeMap::from([(2, 1)]));
    let json = serde_json::to_string(&sum).unwrap();
    assert!(
        !json.contains("author") && !json.contains("document"),
        "{json}"
    );
}
