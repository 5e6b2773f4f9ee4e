//! References in words, and those that name nothing.

use super::*;
use crate::{
    document::Edit,
    template::Templates,
    testing::{Replica, exchange, practitioner, replicas, text},
};

fn item(field: &str, id: u128, values: Vec<(&str, Value)>) -> Edit {
    Edit::AddItem {
        field: field.to_owned(),
        item: Uuid::from_u128(id),
        values: values
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    }
}

/// The sub-goal belongs to this goal.
fn moved(step: u128, goal: u128) -> Edit {
    Edit::SetItem {
        field: "sub_goals".to_owned(),
        item: Uuid::from_u128(step),
        name: "goal".to_owned(),
        value: Value::Reference(Uuid::from_u128(goal)),
    }
}

#[test]
fn a_sub_goal_is_read_with_its_goal_in_words_and_one_that_two_moved_with_both() {
    let goal = |id: u128| Value::Reference(Uuid::from_u128(id));
    let begun = vec![
        item("goals", 1, vec![("goal", text("I skole hver dag"))]),
        item("goals", 2, vec![("goal", text("En ven"))]),
        item(
            "sub_goals",
            3,
            vec![("step", text("Cykle med Ida")), ("goal", goal(1))],
        ),
        item("sub_goals", 4, vec![("step", text("Fodbold"))]),
    ];
    let mut all = replicas(2, "plan", begun);
    all[0].edit(&[moved(4, 1)]).unwrap();
    all[1].edit(&[moved(4, 2)]).unwrap();
    exchange(&mut all);
    let reading = all[0].reading();
    let lines = reading.summary(Templates::built_in(), Language::Danish, 9);
    assert!(
        lines.contains(
            &"Delmål: Cykle med Ida, I skole hver dag; Fodbold, I skole hver dag ≠ En ven"
                .to_owned()
        ),
        "{lines:?}"
    );
    assert_eq!(reading.conflicts, 1);
    let kept = reading.items("sub_goals").next().unwrap().value("goal");
    assert_eq!(kept, Some(&goal(1)), "what is kept is the id");
}

/// What a device wrote that did not ask: it names an item by an id of none.
fn named_by_nobody(replica: &mut Replica, field: &str, item: u128, name: &str, id: u128) {
    use automerge::{ActorId, Author, ROOT, ReadDoc, transaction::Transactable};
    let inner = &mut replica.document.inner;
    let author = practitioner(replica.n).as_bytes().to_vec();
    inner.set_author(Some(Author::from(author)));
    inner.set_actor(ActorId::from([9; 24]));
    let mut tx = inner.transaction();
    let (_, fields) = tx.get(ROOT, "fields").unwrap().unwrap();
    let (_, items) = tx.get(&fields, field).unwrap().unwrap();
    let (_, item) = tx.get(&items, uuid_of(item)).unwrap().unwrap();
    tx.put(&item, name, uuid_of(id)).unwrap();
    tx.commit();
}

fn uuid_of(id: u128) -> String {
    Uuid::from_u128(id).as_hyphenated().to_string()
}

fn with_goal() -> Vec<Edit> {
    vec![
        item("goals", 1, vec![("goal", text("I skole hver dag"))]),
        item("sub_goals", 3, vec![("step", text("Cykle med Ida"))]),
    ]
}

fn state_of_goal(replica: &Replica) -> FieldState {
    let reading = replica.reading();
    let step = reading.items("sub_goals").next().unwrap();
    step.field("goal").unwrap().state.clone()
}

#[test]
fn a_received_reference_to_no_item_is_kept_marked_and_holds_up_a_signature_until_it_is_mended() {
    let mut all = replicas(1, "plan", with_goal());
    named_by_nobody(&mut all[0], "sub_goals", 3, "goal", 9);
    let saved = all[0].document.save();
    all[0].document = crate::guard::load(&saved, saved.len()).unwrap();
    let kept = FieldState::Invalid {
        raw: uuid_of(9),
        author: Some(practitioner(1)),
    };
    assert_eq!(state_of_goal(&all[0]), kept);
    let reading = all[0].reading();
    assert_eq!((reading.invalid, reading.conflicts), (1, 0));
    let lines = reading.summary(Templates::built_in(), Language::English, 9);
    let shown = format!("Sub-goals: Cykle med Ida, {}", uuid_of(9));
    assert!(lines.contains(&shown), "{lines:?}");
    let place = crate::testing::place();
    let refused = crate::signed::SignedText::new(place, &reading);
    assert!(refused.is_err(), "a text that names nothing is not signed");
    all[0].edit(&[moved(3, 1)]).unwrap();
    assert_eq!(all[0].reading().invalid, 0);
}

#[test]
fn of_two_references_at_once_the_one_to_no_item_is_marked_and_the_other_can_be_chosen() {
    let mut all = replicas(2, "plan", with_goal());
    all[0].edit(&[moved(3, 1)]).unwrap();
    named_by_nobody(&mut all[1], "sub_goals", 3, "goal", 9);
    let other = all[1].document.save();
    all[0]
        .document
        .inner
        .merge(&mut crate::guard::load(&other, other.len()).unwrap().inner)
        .unwrap();
    let FieldState::Conflict { values, .. } = state_of_goal(&all[0]) else {
        panic!("{:?}", state_of_goal(&all[0]));
    };
    let valid: Vec<bool> = values.iter().map(|one| one.valid).collect();
    assert_eq!(valid.iter().filter(|valid| **valid).count(), 1);
    assert_eq!(all[0].reading().invalid, 1);
    let choose = |to: u128| Edit::Choose {
        field: "sub_goals".to_owned(),
        item: Some((Uuid::from_u128(3), "goal".to_owned())),
        value: Value::Reference(Uuid::from_u128(to)),
    };
    assert!(all[0].edit(&[choose(9)]).is_err());
    all[0].edit(&[choose(1)]).unwrap();
    let reading = all[0].reading();
    assert_eq!((reading.invalid, reading.conflicts), (0, 0));
}

#[test]
fn a_reference_to_an_item_that_was_taken_away_at_once_still_says_which_it_was() {
    let mut all = replicas(2, "plan", with_goal());
    all[0].edit(&[moved(3, 1)]).unwrap();
    let remove = Edit::RemoveItem {
        field: "goals".to_owned(),
        item: Uuid::from_u128(1),
    };
    all[1].edit(&[remove]).unwrap();
    exchange(&mut all);
    let reading = all[0].reading();
    assert_eq!((reading.invalid, reading.conflicts), (0, 0));
    let lines = reading.summary(Templates::built_in(), Language::Danish, 9);
    let shown = "Delmål: Cykle med Ida, I skole hver dag".to_owned();
    assert!(lines.contains(&shown), "{lines:?}");
}
