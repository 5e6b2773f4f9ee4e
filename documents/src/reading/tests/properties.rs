//! What holds over every interleaving of edits, choices and deliveries on two and three devices.
//!
//! The expectation is computed without Automerge: a write is superseded by a later write to the same field whose
//! writer knew it. What is not superseded must be in the reading, and nothing else may.

use super::SLEEP;
use crate::{
    document::{ChangeHash, Edit, Splice},
    reading::FieldState,
    testing::{Replica, code, grams, replicas, set, text, values},
    value::Value,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

#[derive(Debug, Clone)]
enum Step {
    /// Replica, field, value: refused where the replica sees a conflict.
    Set(usize, usize, usize),
    Choose(usize, usize, usize),
    /// Replica and a place in the prose, in thousandths of its length.
    Insert(usize, usize),
    AddItem(usize),
    /// Everything that one replica holds, to another, in an order drawn from a number.
    Deliver(usize, usize, u64),
}

fn steps(count: usize) -> impl Strategy<Value = Vec<Step>> {
    let (replica, field, value) = (0..count, 0..FIELDS.len(), 0..3usize);
    let step = prop_oneof![
        4 => (replica.clone(), field.clone(), value.clone()).prop_map(|(r, f, v)| Step::Set(r, f, v)),
        4 => (replica.clone(), field, value).prop_map(|(r, f, v)| Step::Choose(r, f, v)),
        2 => (replica.clone(), 0..1000usize).prop_map(|(r, at)| Step::Insert(r, at)),
        1 => replica.clone().prop_map(Step::AddItem),
        4 => (replica.clone(), replica, any::<u64>()).prop_map(|(from, to, order)| Step::Deliver(from, to, order)),
    ];
    proptest::collection::vec(step, 1..32)
}

/// One field per rule that is not prose: keep_all, worst_until_chosen, last.
const FIELDS: [(&str, &str); 3] = [
    ("home_visit", "weight"),
    ("home_visit", "sleep"),
    ("home_visit", "height_how"),
];

fn value(field: usize, value: usize) -> Value {
    match field {
        0 => grams(3000 + 100 * i64::try_from(value).unwrap()),
        1 => code(SLEEP[value]),
        _ => code(["lying", "standing", "lying"][value]),
    }
}

/// A write that was accepted.
struct Write {
    field: usize,
    value: Value,
    change: ChangeHash,
    /// Writes to the same field that its writer knew.
    knew: BTreeSet<usize>,
}

#[derive(Default)]
struct Model {
    writes: Vec<Write>,
    inserted: Vec<char>,
    items: BTreeSet<uuid::Uuid>,
}

impl Model {
    fn known(&self, replica: &Replica, field: usize) -> BTreeSet<usize> {
        let known = |(at, write): (usize, &Write)| {
            (write.field == field && replica.changes.contains_key(&write.change)).then_some(at)
        };
        self.writes.iter().enumerate().filter_map(known).collect()
    }

    /// The values of writes that nobody who knew them wrote over.
    fn standing(&self, field: usize) -> BTreeSet<String> {
        let superseded: BTreeSet<usize> = self
            .writes
            .iter()
            .flat_map(|write| write.knew.iter().copied())
            .collect();
        let standing = self
            .writes
            .iter()
            .enumerate()
            .filter(|(at, write)| write.field == field && !superseded.contains(at));
        standing
            .map(|(_, write)| format!("{:?}", write.value))
            .collect()
    }

    fn write(&mut self, replica: &mut Replica, field: usize, chosen: Value, edit: Edit) {
        let knew = self.known(replica, field);
        let before = replica.document.heads();
        if replica.edit(&[edit]).is_ok_and(|bytes| bytes.is_some()) {
            let after = replica.document.heads();
            assert!(after.len() == 1 && after != before);
            self.writes.push(Write {
                field,
                value: chosen,
                change: after[0],
                knew,
            });
        }
    }

    fn step(&mut self, all: &mut [Replica], step: &Step) {
        match *step {
            Step::Set(r, f, v) => {
                self.write(&mut all[r], f, value(f, v), set(FIELDS[f].1, value(f, v)))
            }
            Step::Choose(r, f, v) => {
                let edit = Edit::Choose {
                    field: FIELDS[f].1.to_owned(),
                    item: None,
                    value: value(f, v),
                };
                self.write(&mut all[r], f, value(f, v), edit);
            }
            Step::Insert(r, place) => {
                let new =
                    char::from_u32(0x4e00 + u32::try_from(self.inserted.len()).unwrap()).unwrap();
                let length = match &all[r].field("seen").state {
                    FieldState::Text { text, .. } => text.chars().count(),
                    _ => 0,
                };
                let at = length * place / 1000;
                let edits = vec![Splice {
                    at,
                    delete: 0,
                    insert: new.to_string(),
                }];
                all[r]
                    .edit(&[Edit::Text {
                        field: "seen".to_owned(),
                        edits,
                    }])
                    .unwrap();
                self.inserted.push(new);
            }
            Step::AddItem(r) => {
                let item = uuid::Uuid::from_u128(1 + u128::try_from(self.items.len()).unwrap());
                let values = vec![("who".to_owned(), text(&item.to_string()))];
                all[r]
                    .edit(&[Edit::AddItem {
                        field: "participants".to_owned(),
                        item,
                        values,
                    }])
                    .unwrap();
                self.items.insert(item);
            }
            Step::Deliver(from, to, order) => deliver(all, from, to, order),
        }
    }
}

/// Everything of one replica to another, shuffled, some of it twice.
fn deliver(all: &mut [Replica], from: usize, to: usize, order: u64) {
    let mut changes: Vec<Vec<u8>> = all[from].changes.values().cloned().collect();
    let mut state = order | 1;
    let mut draw = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for at in (1..changes.len()).rev() {
        changes.swap(at, draw(at + 1));
    }
    let again = changes[draw(changes.len())].clone();
    changes.push(again);
    all[to].receive_all(&changes);
}

fn check(count: u8, steps: &[Step], order: u64) {
    let mut all = replicas(count, "home_visit", vec![]);
    let mut model = Model::default();
    for step in steps {
        model.step(&mut all, step);
    }
    for from in 0..all.len() {
        for to in 0..all.len() {
            deliver(
                &mut all,
                from,
                to,
                order.wrapping_add(u64::try_from(from * 7 + to).unwrap()),
            );
        }
    }
    let first = all[0].reading();
    for other in &all[1..] {
        assert_eq!(other.document.heads(), all[0].document.heads());
        assert_eq!(other.reading(), first);
    }
    let json = serde_json::to_string(&first).unwrap();
    assert_eq!(
        serde_json::from_str::<crate::reading::Reading>(&json).unwrap(),
        first
    );
    let saved = all[0].document.save();
    let loaded = crate::guard::load(&saved, saved.len()).unwrap();
    assert_eq!(
        loaded.reading(crate::template::Templates::built_in()),
        first
    );
    for (f, (_, name)) in FIELDS.iter().enumerate() {
        let field = first.field(name).unwrap();
        let read: BTreeSet<String> = values(field)
            .iter()
            .map(|value| format!("{value:?}"))
            .collect();
        assert_eq!(read, model.standing(f), "{name}");
        if let (1, FieldState::Conflict { shown, values }) = (f, &field.state) {
            let worst = values.iter().map(|one| place(&one.value)).max().unwrap();
            assert_eq!(place(&shown.as_ref().unwrap().value), worst);
        }
    }
    let prose: BTreeSet<char> = match &first.field("seen").unwrap().state {
        FieldState::Text { text, .. } => {
            assert_eq!(text.chars().count(), model.inserted.len());
            text.chars().collect()
        }
        _ => BTreeSet::new(),
    };
    assert_eq!(prose, model.inserted.iter().copied().collect());
    assert_eq!(
        first
            .items("participants")
            .map(|item| item.id)
            .collect::<BTreeSet<_>>(),
        model.items
    );
}

/// Where a value of `sleep` stands from no problem to problem.
fn place(value: &Value) -> usize {
    SLEEP
        .iter()
        .position(|known| code(known) == *value)
        .unwrap()
}

/// What one does about consent.
#[derive(Debug, Clone)]
enum Consent {
    Give(usize),
    Withdraw(usize),
    /// A new consent naming every withdrawal this replica sees.
    Again(usize),
    Deliver(usize, usize, u64),
}

fn consents() -> impl Strategy<Value = Vec<Consent>> {
    let step = prop_oneof![
        (0..3usize).prop_map(Consent::Give),
        (0..3usize).prop_map(Consent::Withdraw),
        (0..3usize).prop_map(Consent::Again),
        (0..3usize, 0..3usize, any::<u64>())
            .prop_map(|(from, to, order)| Consent::Deliver(from, to, order)),
    ];
    proptest::collection::vec(step, 1..20)
}

const CONSENT: &str = "consent_to_cooperation";

/// Whether consent stands withdrawn after these steps: some withdrawal that no later consent's writer knew.
fn check_consent(steps: &[Consent], order: u64) {
    let mut all = replicas(3, "card", vec![]);
    // Withdrawal or not, its change, and the changes its writer knew.
    let mut said: Vec<(bool, ChangeHash, BTreeSet<ChangeHash>)> = Vec::new();
    for step in steps {
        let (r, edit, withdraws) = match *step {
            Consent::Give(r) => (r, set(CONSENT, code("given")), false),
            Consent::Withdraw(r) => (r, set(CONSENT, code("withdrawn")), true),
            Consent::Again(r) => {
                let open = all[r].field(CONSENT);
                let withdrawals = open
                    .values()
                    .iter()
                    .filter(|one| one.value == code("withdrawn"));
                let withdrawals = withdrawals.map(|one| one.operation.clone()).collect();
                (
                    r,
                    Edit::ConsentAgain {
                        field: CONSENT.to_owned(),
                        value: code("given"),
                        withdrawals,
                    },
                    false,
                )
            }
            Consent::Deliver(from, to, order) => {
                deliver(&mut all, from, to, order);
                continue;
            }
        };
        let knew: BTreeSet<ChangeHash> = all[r].changes.keys().copied().collect();
        if all[r].edit(&[edit]).is_ok_and(|bytes| bytes.is_some()) {
            said.push((withdraws, all[r].document.heads()[0], knew));
        }
    }
    for round in 0..2 {
        for (from, to) in [(0, 1), (1, 2), (2, 0), (0, 2), (2, 1), (1, 0)] {
            deliver(&mut all, from, to, order.wrapping_add(round));
        }
    }
    let answered = |change: &ChangeHash| said.iter().any(|(_, _, knew)| knew.contains(change));
    let standing = said
        .iter()
        .any(|(withdraws, change, _)| *withdraws && !answered(change));
    for replica in &all {
        assert_eq!(replica.reading(), all[0].reading());
        let shown = replica
            .field(CONSENT)
            .shown()
            .map(|shown| shown.value.clone());
        assert_eq!(shown == Some(code("withdrawn")), standing, "{said:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { 64 }))]

    #[test]
    fn two_devices_read_the_same_and_every_standing_value(steps in steps(2), order in any::<u64>()) {
        check(2, &steps, order);
    }

    #[test]
    fn three_devices_read_the_same_and_every_standing_value(steps in steps(3), order in any::<u64>()) {
        check(3, &steps, order);
    }

    #[test]
    fn a_withdrawal_stands_until_somebody_who_knew_it_answers(steps in consents(), order in any::<u64>()) {
        check_consent(&steps, order);
    }
}
