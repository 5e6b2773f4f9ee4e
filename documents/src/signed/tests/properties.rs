//! What holds for any reading, any bytes and any history.

use super::*;
use crate::{
    document::Splice,
    id::PractitionerId,
    reading::{FieldReading, ItemReading},
    template::{Labels, MergeRule},
    time::Moment,
    value::Decimal,
};
use proptest::{option, prelude::*, sample::select};

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => select(vec!["seen", "weight", "sleep", "interpreter", "participants", "who", "text", "language"])
            .prop_map(str::to_owned),
        1 => ".{0,30}",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        ".{0,12}".prop_map(Value::Text),
        "[a-z]{1,8}".prop_map(Value::Code),
        (any::<i32>(), 0..=6u8).prop_map(|(units, scale)| Value::Quantity {
            amount: Decimal::new(i64::from(units), scale).unwrap(),
            unit: "g".to_owned(),
        }),
        any::<i64>().prop_map(Value::Integer),
        any::<bool>().prop_map(Value::Boolean),
        (1..=28i8).prop_map(|day| Value::Date(jiff::civil::date(2026, 2, day))),
        (any::<i64>(), any::<i16>()).prop_map(|(at, offset_minutes)| Value::Moment(Moment {
            at: UnixMillis(at),
            offset_minutes,
        })),
        any::<u128>().prop_map(|id| Value::Reference(Uuid::from_u128(id))),
        select(MissingReason::ALL.to_vec()).prop_map(Value::Missing),
    ]
}

fn attributed() -> impl Strategy<Value = Attributed> {
    let author = option::of((1..4u8).prop_map(practitioner));
    let at = prop_oneof![Just(5i64), any::<i64>()];
    (
        value(),
        prop::bool::weighted(0.97),
        author,
        at,
        "[0-9]@[a-f]{4}",
    )
        .prop_map(|(value, valid, author, at, operation)| Attributed {
            value,
            valid,
            author,
            at: UnixMillis(at),
            operation,
        })
}

fn state(items: BoxedStrategy<FieldState>) -> BoxedStrategy<FieldState> {
    let authors = prop::collection::vec((1..4u8).prop_map(practitioner), 0..3);
    let several = (
        prop::collection::vec(attributed(), 2..4),
        option::weighted(0.8, any::<prop::sample::Index>()),
    );
    prop_oneof![
        1 => Just(FieldState::Empty),
        4 => attributed().prop_map(FieldState::One),
        3 => (".{0,40}", authors).prop_map(|(text, authors)| FieldState::Text { text, authors }),
        1 => several.prop_map(|(values, shown)| FieldState::Conflict {
            shown: shown.map(|at| at.get(&values).clone()),
            values,
        }),
        2 => items,
    ]
    .boxed()
}

fn field(items: BoxedStrategy<FieldState>) -> impl Strategy<Value = FieldReading> {
    let labels = || Labels {
        da: "Felt".to_owned(),
        en: "Field".to_owned(),
    };
    let merge = select(vec![
        MergeRule::Last,
        MergeRule::WithdrawalWins,
        MergeRule::KeepAll,
    ]);
    (
        name(),
        any::<bool>(),
        merge,
        prop::bool::weighted(0.98),
        state(items),
    )
        .prop_map(move |(name, labelled, merge, whole, state)| FieldReading {
            name,
            labels: labelled.then(labels),
            merge,
            whole,
            state,
        })
}

fn items() -> BoxedStrategy<FieldState> {
    let fields = prop::collection::vec(field(Just(FieldState::Empty).boxed()), 0..3);
    let item =
        (any::<u128>(), any::<bool>(), fields).prop_map(|(id, removed, fields)| ItemReading {
            id: Uuid::from_u128(id),
            removed,
            fields,
        });
    prop::collection::vec(item, 0..3)
        .prop_map(FieldState::Items)
        .boxed()
}

fn reading() -> impl Strategy<Value = Reading> {
    let template = select(vec!["home_visit", "note", "card", "of_tomorrow"]);
    let kind = select(vec![
        TemplateKind::Entry,
        TemplateKind::Card,
        TemplateKind::Reflection,
    ]);
    let time = || option::of(any::<i64>().prop_map(UnixMillis));
    let fields = prop::collection::vec(field(items()), 0..6);
    (
        template,
        any::<u32>(),
        kind,
        time(),
        time(),
        any::<i16>(),
        fields,
    )
        .prop_map(
            |(template, version, kind, written_at, edited_at, offset_minutes, fields)| Reading {
                kind,
                template: template.to_owned(),
                template_version: if version % 2 == 0 { 1 } else { version },
                template_known: false,
                subject: written_at.map(|_| subject()),
                occurred_at: edited_at.map(|at| Moment { at, offset_minutes }),
                written_at,
                edited_at,
                authors: (1..4).map(practitioner).collect::<Vec<PractitionerId>>(),
                discarded: false,
                fields,
                conflicts: 0,
                invalid: 0,
            },
        )
}

/// Everything one history of edits can do, on two devices.
#[derive(Debug, Clone)]
enum Step {
    Weigh(usize, i64),
    Say(usize, String),
    Bring(usize, String),
    Take(usize, u128),
    Confer(usize, String),
    Exchange,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let device = 0..2usize;
    let step = prop_oneof![
        (device.clone(), 300..400i64).prop_map(|(n, grams)| Step::Weigh(n, grams)),
        (device.clone(), ".{1,5}").prop_map(|(n, said)| Step::Say(n, said)),
        (device.clone(), "[a-z]{0,5}").prop_map(|(n, who)| Step::Bring(n, who)),
        (device.clone(), 0..4u128).prop_map(|(n, item)| Step::Take(n, item)),
        (device, "[a-z]{0,5}").prop_map(|(n, who)| Step::Confer(n, who)),
        Just(Step::Exchange),
    ];
    prop::collection::vec(step, 1..16)
}

/// The devices after these steps, each with everything. An edit that is refused (a conflict) is left out.
fn after(steps: &[Step]) -> Vec<Replica> {
    let mut all = replicas(2, "home_visit", vec![]);
    for (next, step) in (0u128..).zip(steps) {
        let (n, edit) = match step.clone() {
            Step::Weigh(n, grams_more) => (n, set("weight", grams(grams_more))),
            Step::Say(n, insert) => {
                let edits = vec![Splice {
                    at: 0,
                    delete: 0,
                    insert,
                }];
                (
                    n,
                    Edit::Text {
                        field: "seen".to_owned(),
                        edits,
                    },
                )
            }
            Step::Bring(n, who) => (n, add("participants", next, vec![("who", text(&who))])),
            Step::Take(n, item) => {
                let item = Uuid::from_u128(item);
                (
                    n,
                    Edit::RemoveItem {
                        field: "participants".to_owned(),
                        item,
                    },
                )
            }
            Step::Confer(n, who) => (n, set("conferred_with", text(&who))),
            Step::Exchange => {
                exchange(&mut all);
                continue;
            }
        };
        let _ = all[n].edit(&[edit]);
    }
    exchange(&mut all);
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { 256 }))]

    #[test]
    fn any_reading_becomes_a_text_that_reads_back_or_is_refused(reading in reading()) {
        if let Ok(text) = SignedText::new(place(), &reading) {
            let again = SignedText::decode(&text.encode()).unwrap();
            prop_assert_eq!(&again, &text);
            // Read without any template, it becomes the same text again; with one, the same or none.
            let unknowing = SignedText::new(place(), &again.reading(&none()));
            prop_assert_eq!(unknowing.as_ref(), Ok(&text));
            if let Ok(known) = SignedText::new(place(), &again.reading(Templates::built_in())) {
                prop_assert_eq!(known.content.fields, text.content.fields);
            }
        }
    }

    #[test]
    fn invariant_10_any_bytes_are_answered_and_what_is_taken_is_written_the_same(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(text) = SignedText::decode(&bytes) {
            prop_assert_eq!(text.encode(), bytes);
        }
    }

    #[test]
    fn invariant_10_a_text_with_damage_is_answered_and_what_is_taken_is_written_the_same(
        reading in reading(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        if let Ok(text) = SignedText::new(place(), &reading) {
            let whole = text.encode();
            let mut bytes = whole.clone();
            for (at, byte) in damage {
                *at.get_mut(&mut bytes) = byte;
            }
            if let Ok(other) = SignedText::decode(&bytes) {
                prop_assert_eq!(other.encode(), bytes.clone());
                prop_assert_eq!(other == text, bytes == whole);
                let _ = other.reading(Templates::built_in());
            }
        }
    }

    #[test]
    fn any_history_makes_one_text_whoever_renders_it(steps in steps()) {
        let all = after(&steps);
        let known = render(&all[0].document, Templates::built_in());
        prop_assert_eq!(&known, &render(&all[1].document, Templates::built_in()));
        let saved = all[0].document.save();
        let loaded = crate::guard::load(&saved, saved.len()).unwrap();
        prop_assert_eq!(&known, &render(&loaded, Templates::built_in()));
        for templates in [few(), none()] {
            let other = render(&all[0].document, &templates);
            if let (Ok(known), Ok(other)) = (&known, &other) {
                prop_assert_eq!(known, other);
            }
            // Nothing here is settled or broken by the template's word alone.
            prop_assert_eq!(known.is_ok(), other.is_ok());
        }
        if let Ok(text) = &known {
            let reading = text.reading(Templates::built_in());
            prop_assert_eq!(reading, without_operations(all[0].reading()));
        }
    }
}
