//! Each merge rule, on fields drawn from all that ship with it, items' fields included: two and three devices write,
//! clear, choose and hand on some of what they hold, in any order and more than once. At every moment each device reads
//! exactly what stands among the changes that reached it, and in the end all read the same.
//!
//! The expectation is computed without Automerge: a write stands until a later one, whose writer knew it, is there too.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panic"
)]

#[path = "../../tests/src/filled.rs"]
#[expect(dead_code, reason = "whole templates are filled by another test")]
mod filled;

use filled::{HANDS, item_id, items, moment, value};
use proptest::{prelude::*, test_runner::TestCaseError};
use samspor_documents::{
    authoring::{Actor, Authoring},
    document::{CHANGE, ChangeHash, Document, Edit, NewDocument},
    guard::{self, GuardError},
    id::{DeviceId, PractitionerId, SpaceId},
    reading::{FieldReading, FieldState, Reading},
    template::{Field, MergeRule, Template, Templates},
    time::UnixMillis,
    value::Value,
};
use std::collections::{BTreeMap, BTreeSet};

/// A field of a template, or of its first item.
#[derive(Clone, Copy)]
struct Place {
    template: &'static Template,
    items: Option<&'static Field>,
    field: &'static Field,
}

/// Every field that merges by this rule.
fn places(rule: MergeRule) -> Vec<Place> {
    let mut places = Vec::new();
    for template in Templates::built_in().all() {
        let newest = Templates::built_in().latest(&template.name) == Some(template);
        for field in template
            .fields
            .iter()
            .filter(|field| newest && !field.fixed)
        {
            let alone = field.item_fields().is_empty().then_some((None, field));
            let parts = field.item_fields().iter().map(|part| (Some(field), part));
            places.extend(alone.into_iter().chain(parts).map(|(items, field)| Place {
                template,
                items,
                field,
            }));
        }
    }
    places.retain(|place| place.field.merge == rule);
    assert!(!places.is_empty(), "{rule:?}");
    places
}

impl Place {
    fn item(&self) -> Option<uuid::Uuid> {
        self.items.map(|items| item_id(&items.name, 1))
    }

    /// All its codes, or what each of two types.
    fn values(&self) -> Vec<Value> {
        let codes = self
            .field
            .codes()
            .iter()
            .map(|code| Value::Code(code.code.clone()));
        let codes: Vec<Value> = codes.collect();
        if codes.is_empty() {
            HANDS
                .into_iter()
                .filter_map(|hand| value(self.field, hand))
                .collect()
        } else {
            codes
        }
    }

    fn set(&self, value: Value) -> Edit {
        let name = self.field.name.clone();
        match (self.items, self.item()) {
            (Some(items), Some(item)) => Edit::SetItem {
                field: items.name.clone(),
                item,
                name,
                value,
            },
            _ => Edit::Set { field: name, value },
        }
    }

    fn choose(&self, value: Value) -> Edit {
        Edit::Choose {
            field: self.items.unwrap_or(self.field).name.clone(),
            item: self.item().map(|item| (item, self.field.name.clone())),
            value,
        }
    }

    fn read<'a>(&self, reading: &'a Reading) -> &'a FieldReading {
        let read = match (self.items, self.item()) {
            (Some(items), Some(id)) => {
                let mut items = reading.items(&items.name);
                items
                    .find(|item| item.id == id)
                    .unwrap()
                    .field(&self.field.name)
            }
            _ => reading.field(&self.field.name),
        };
        read.unwrap()
    }
}

/// One device's copy, with every change that reached it.
struct Replica {
    n: u8,
    minute: i64,
    document: Document,
    changes: BTreeMap<ChangeHash, Vec<u8>>,
    waiting: Vec<Vec<u8>>,
}

impl Replica {
    fn authoring(&self) -> Authoring {
        Authoring {
            actor: Actor::make(DeviceId::from_bytes([self.n; 16]), [self.n; 8]),
            author: PractitionerId::from_bytes([self.n; 16]),
            at: UnixMillis(1_795_439_100_000 + self.minute * 60_000),
        }
    }

    /// The change, where something was written; what is refused is not.
    fn edit(&mut self, edit: Edit) -> Option<ChangeHash> {
        self.minute += 1;
        let written = self
            .document
            .edit(Templates::built_in(), &[edit], &self.authoring());
        written.ok().flatten().map(|bytes| self.remember(bytes))
    }

    fn remember(&mut self, bytes: Vec<u8>) -> ChangeHash {
        let hash = guard::check_change(&bytes, &CHANGE).unwrap().hash;
        self.changes.insert(hash, bytes);
        hash
    }

    fn receive(&mut self, bytes: &[u8]) {
        self.waiting.push(bytes.to_vec());
        let can_apply = |document: &mut Document, bytes: &Vec<u8>| {
            let applied = guard::apply(document, bytes);
            !matches!(
                applied,
                Err(GuardError::MissingDeps | GuardError::ActorSequence)
            )
        };
        while let Some(at) = self
            .waiting
            .iter()
            .position(|bytes| can_apply(&mut self.document, bytes))
        {
            let bytes = self.waiting.remove(at);
            self.remember(bytes);
        }
    }

    fn reading(&self) -> Reading {
        self.document.reading(Templates::built_in())
    }
}

fn replicas(count: u8, place: &Place) -> Vec<Replica> {
    let new = NewDocument {
        template: &place.template.name,
        subject: SpaceId::from_bytes([7; 16]),
        occurred_at: moment(HANDS[0]),
        fields: items(place.template),
    };
    let mut all: Vec<Replica> = Vec::new();
    for n in 1..=count {
        all.push(Replica {
            n,
            minute: 0,
            document: Document::empty(),
            changes: BTreeMap::new(),
            waiting: Vec::new(),
        });
    }
    let (document, first) =
        Document::create(Templates::built_in(), &new, &all[0].authoring()).unwrap();
    all[0].document = document;
    all[0].remember(first.clone());
    all.iter_mut()
        .skip(1)
        .for_each(|replica| replica.receive(&first));
    all
}

/// Some or all of what one holds, to another: shuffled, the first of it twice.
fn deliver(all: &mut [Replica], from: usize, to: usize, order: u64, most: usize) {
    let mut changes: Vec<Vec<u8>> = all[from].changes.values().cloned().collect();
    let mut state = order | 1;
    for at in (1..changes.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        changes.swap(at, usize::try_from(state >> 33).unwrap() % (at + 1));
    }
    changes.truncate(most.max(1));
    changes.push(changes[0].clone());
    changes.iter().for_each(|bytes| all[to].receive(bytes));
}

#[derive(Debug, Clone)]
enum Step {
    /// Replica and value: refused where it sees a conflict. Of prose: a new character at this place.
    Set(usize, usize),
    /// Of prose: the character at this place goes.
    Choose(usize, usize),
    Clear(usize),
    /// So many changes at most, in an order drawn from a number.
    Deliver(usize, usize, u64, usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (replica, value) = (0..3usize, 0..100usize);
    let step = prop_oneof![
        4 => (replica.clone(), value.clone()).prop_map(|(r, v)| Step::Set(r, v)),
        3 => (replica.clone(), value).prop_map(|(r, v)| Step::Choose(r, v)),
        1 => replica.clone().prop_map(Step::Clear),
        4 => (replica.clone(), replica, any::<u64>(), 1..12usize).prop_map(|(from, to, order, most)| Step::Deliver(from, to, order, most)),
    ];
    proptest::collection::vec(step, 1..24)
}

/// What was written; of prose a character that came or went.
struct Write {
    /// None: emptied.
    value: Option<Value>,
    change: ChangeHash,
    /// What its writer knew of the others.
    knew: BTreeSet<ChangeHash>,
}

/// The writes that a replica knows and nothing that it knows wrote over.
fn standing<'a>(writes: &'a [Write], replica: &Replica) -> Vec<&'a Write> {
    let known: Vec<&Write> = writes
        .iter()
        .filter(|write| replica.changes.contains_key(&write.change))
        .collect();
    let superseded: BTreeSet<ChangeHash> = known
        .iter()
        .flat_map(|write| write.knew.iter().copied())
        .collect();
    known
        .into_iter()
        .filter(|write| !superseded.contains(&write.change))
        .collect()
}

fn shown_as(values: impl Iterator<Item = Value>) -> BTreeSet<String> {
    values.map(|value| format!("{value:?}")).collect()
}

/// All that stands is in the reading, nothing else is, and what is shown is what the rule says.
fn holds(place: &Place, writes: &[Write], replica: &Replica) -> Result<(), TestCaseError> {
    let reading = replica.reading();
    let read = place.read(&reading);
    let expected: Vec<Value> = standing(writes, replica)
        .into_iter()
        .filter_map(|write| write.value.clone())
        .collect();
    let values = read.values().iter().map(|one| one.value.clone());
    prop_assert_eq!(shown_as(values), shown_as(expected.iter().cloned()));
    let different = shown_as(expected.iter().cloned()).len() > 1;
    let shown = read.shown().map(|shown| &shown.value);
    prop_assert_eq!(matches!(read.state, FieldState::Conflict { .. }), different);
    match (different, place.field.merge) {
        (false, _) => prop_assert_eq!(shown, expected.first()),
        (true, MergeRule::WorstUntilChosen) => {
            let severity = |value: &Value| match value {
                Value::Code(code) => place.field.severity(code),
                _ => 0,
            };
            prop_assert_eq!(shown, expected.iter().max_by_key(|value| severity(value)));
        }
        (true, MergeRule::WithdrawalWins) => {
            let withdraws =
                |value: &&Value| matches!(value, Value::Code(code) if place.field.withdraws(code));
            prop_assert_eq!(shown, expected.iter().find(withdraws));
        }
        (true, MergeRule::Last) => {
            prop_assert!(shown.is_some_and(|shown| expected.contains(shown)))
        }
        (true, _) => prop_assert_eq!(shown, None),
    }
    prop_assert_eq!(reading.conflicts, usize::from(read.needs_choice()));
    Ok(())
}

fn all_read_the_same(all: &mut [Replica], order: u64) -> Result<(), TestCaseError> {
    for round in 0..2 {
        for (from, to) in (0..all.len()).flat_map(|from| (0..3).map(move |to| (from, to))) {
            deliver(
                all,
                from,
                to % all.len(),
                order.wrapping_add(round),
                usize::MAX,
            );
        }
    }
    for other in &all[1..] {
        prop_assert_eq!(other.document.heads(), all[0].document.heads());
        prop_assert_eq!(other.reading(), all[0].reading());
    }
    Ok(())
}

fn check(
    rule: MergeRule,
    count: u8,
    which: usize,
    steps: &[Step],
    order: u64,
) -> Result<(), TestCaseError> {
    let places = places(rule);
    let place = places[which % places.len()];
    let mut all = replicas(count, &place);
    let values = place.values();
    let mut writes: Vec<Write> = Vec::new();
    for step in steps {
        let (r, edit, value) = match *step {
            Step::Set(r, v) => (
                r,
                place.set(values[v % values.len()].clone()),
                Some(&values[v % values.len()]),
            ),
            Step::Choose(r, v) => (
                r,
                place.choose(values[v % values.len()].clone()),
                Some(&values[v % values.len()]),
            ),
            Step::Clear(r) if place.items.is_none() => (
                r,
                Edit::Clear {
                    field: place.field.name.clone(),
                },
                None,
            ),
            Step::Clear(_) => continue,
            Step::Deliver(from, to, order, most) => {
                let to = to % all.len();
                let from = from % all.len();
                deliver(&mut all, from, to, order, most);
                holds(&place, &writes, &all[to])?;
                continue;
            }
        };
        let r = r % all.len();
        let knew = writes
            .iter()
            .map(|write| write.change)
            .filter(|change| all[r].changes.contains_key(change))
            .collect();
        if let Some(change) = all[r].edit(edit) {
            writes.push(Write {
                value: value.cloned(),
                change,
                knew,
            });
        }
        holds(&place, &writes, &all[r])?;
    }
    all_read_the_same(&mut all, order)?;
    holds(&place, &writes, &all[0])
}

/// Characters that came and went, by the change that did it.
#[derive(Default)]
struct Prose {
    came: BTreeMap<char, ChangeHash>,
    went: Vec<(char, ChangeHash)>,
}

impl Prose {
    fn holds(&self, place: &Place, replica: &Replica) -> Result<(), TestCaseError> {
        let known = |change: &ChangeHash| replica.changes.contains_key(change);
        let went: BTreeSet<char> = self
            .went
            .iter()
            .filter(|(_, change)| known(change))
            .map(|(gone, _)| *gone)
            .collect();
        let came = self
            .came
            .iter()
            .filter(|(_, change)| known(change))
            .map(|(new, _)| *new);
        let expected: BTreeSet<char> = came.filter(|new| !went.contains(new)).collect();
        let text = text(place, replica);
        prop_assert_eq!(
            text.iter().copied().collect::<BTreeSet<char>>(),
            expected.clone()
        );
        prop_assert_eq!(text.len(), expected.len(), "nothing stands twice");
        Ok(())
    }
}

fn text(place: &Place, replica: &Replica) -> Vec<char> {
    match &place.read(&replica.reading()).state {
        FieldState::Text { text, .. } => text.chars().collect(),
        _ => Vec::new(),
    }
}

/// One character at a time, each of them once in all: what stands can be told apart.
fn check_prose(count: u8, which: usize, steps: &[Step], order: u64) -> Result<(), TestCaseError> {
    let places = places(MergeRule::Text);
    let place = places[which % places.len()];
    let mut all = replicas(count, &place);
    let mut prose = Prose::default();
    for step in steps {
        match *step {
            Step::Set(r, at) => {
                let r = r % all.len();
                let mut characters = text(&place, &all[r]);
                let new =
                    char::from_u32(0x4e00 + u32::try_from(prose.came.len()).unwrap()).unwrap();
                characters.insert(at % (characters.len() + 1), new);
                let change = all[r]
                    .edit(place.set(Value::Text(characters.into_iter().collect())))
                    .unwrap();
                prose.came.insert(new, change);
            }
            Step::Choose(r, at) => {
                let r = r % all.len();
                let mut characters = text(&place, &all[r]);
                if characters.is_empty() {
                    continue;
                }
                let gone = characters.remove(at % characters.len());
                let change = all[r]
                    .edit(place.set(Value::Text(characters.into_iter().collect())))
                    .unwrap();
                prose.went.push((gone, change));
            }
            Step::Clear(_) => {}
            Step::Deliver(from, to, order, most) => {
                let (from, to) = (from % all.len(), to % all.len());
                deliver(&mut all, from, to, order, most);
                prose.holds(&place, &all[to])?;
            }
        }
    }
    all_read_the_same(&mut all, order)?;
    prose.holds(&place, &all[0])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { 64 }))]

    #[test]
    fn keep_all_keeps_all(count in 2..=3u8, which in any::<usize>(), steps in steps(), order in any::<u64>()) {
        check(MergeRule::KeepAll, count, which, &steps, order)?;
    }

    #[test]
    fn the_worst_is_shown_until_somebody_chooses(count in 2..=3u8, which in any::<usize>(), steps in steps(), order in any::<u64>()) {
        check(MergeRule::WorstUntilChosen, count, which, &steps, order)?;
    }

    #[test]
    fn a_withdrawal_wins(count in 2..=3u8, which in any::<usize>(), steps in steps(), order in any::<u64>()) {
        check(MergeRule::WithdrawalWins, count, which, &steps, order)?;
    }

    #[test]
    fn of_labels_one_is_shown_and_the_others_stand_beside_it(count in 2..=3u8, which in any::<usize>(), steps in steps(), order in any::<u64>()) {
        check(MergeRule::Last, count, which, &steps, order)?;
    }

    #[test]
    fn prose_merges_by_character(count in 2..=3u8, which in any::<usize>(), steps in steps(), order in any::<u64>()) {
        check_prose(count, which, &steps, order)?;
    }
}
