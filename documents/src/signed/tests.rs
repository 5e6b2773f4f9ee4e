//! What becomes a text, what does not, and what comes back. What holds for anything at all is in `properties`.

mod bytes;
mod properties;

use super::{content::Content, *};
use crate::{
    document::{Document, Edit},
    reading::{Attributed, FieldState},
    template::{Language, TemplateKind},
    testing::{
        Replica, code, exchange, grams, moment, practitioner, replicas, set, subject, text, values,
    },
    time::UnixMillis,
    value::{MissingReason, Value},
};
use uuid::Uuid;

const CONSENT: &str = "consent_to_cooperation";

fn place() -> TextPlace {
    TextPlace {
        organisation: OrganisationId::from_bytes([1; 16]),
        space: subject(),
        document: DocumentId::from_bytes([2; 16]),
        card: Some(DocumentId::from_bytes([3; 16])),
    }
}

/// Templates of somebody who knows none.
fn none() -> Templates {
    Templates::read(&[]).unwrap()
}

/// Templates of somebody whose `home_visit` lacks most fields.
fn few() -> Templates {
    let file = r#"
name = "home_visit"
version = 1
kind = "entry"
labels = { da = "Besøg", en = "Visit" }
[[field]]
name = "interpreter"
labels = { da = "Nogen der tolker", en = "Somebody who interprets" }
type = "boolean"
merge = "last"
[[field]]
name = "seen"
labels = { da = "Set", en = "Seen" }
type = "text"
merge = "text"
"#;
    Templates::read(&[("home_visit.toml", file)]).unwrap()
}

fn render(document: &Document, templates: &Templates) -> Result<SignedText, UnsignableError> {
    SignedText::new(place(), &document.reading(templates))
}

fn signed(replica: &Replica) -> SignedText {
    render(&replica.document, Templates::built_in()).unwrap()
}

/// The text read back from its bytes.
fn again(text: &SignedText) -> SignedText {
    let again = SignedText::decode(&text.encode()).unwrap();
    assert_eq!(&again, text);
    again
}

/// A reading as a text gives it back: without operations, an empty line as nothing, and nothing only where the
/// template has a field for it.
fn without_operations(mut reading: Reading) -> Reading {
    fn blank(fields: &mut Vec<crate::reading::FieldReading>) {
        let forget = |one: &mut Attributed| one.operation.clear();
        fields.retain(|field| field.labels.is_some() || field.state != FieldState::Empty);
        for field in fields {
            match &mut field.state {
                FieldState::One(one) => forget(one),
                FieldState::Conflict { shown, values } => {
                    shown.iter_mut().for_each(forget);
                    values.iter_mut().for_each(forget);
                }
                FieldState::Items(items) => {
                    items.iter_mut().for_each(|item| blank(&mut item.fields));
                }
                _ => {}
            }
            if matches!(&field.state, FieldState::One(one) if one.value == text("")) {
                field.state = FieldState::Empty;
            }
        }
    }
    blank(&mut reading.fields);
    reading
}

fn obstacles(result: Result<SignedText, UnsignableError>) -> Vec<(String, Why)> {
    match result {
        Err(UnsignableError::Fields(obstacles)) => obstacles
            .into_iter()
            .map(|one| match one.item {
                Some((_, part)) => (format!("{}.{part}", one.field), one.why),
                None => (one.field, one.why),
            })
            .collect(),
        other => panic!("{other:?}"),
    }
}

fn named(names: &[(&str, Why)]) -> Vec<(String, Why)> {
    names
        .iter()
        .map(|(name, why)| ((*name).to_owned(), *why))
        .collect()
}

fn add(field: &str, item: u128, values: Vec<(&str, Value)>) -> Edit {
    Edit::AddItem {
        field: field.to_owned(),
        item: Uuid::from_u128(item),
        values: values
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    }
}

/// A visit with something of every kind.
fn visit() -> Vec<Replica> {
    let mut all = replicas(2, "home_visit", vec![set("seen", text("Emma sover godt."))]);
    let sleep = code("d13ad530-d8f6-4933-be18-bb77e2334f9f");
    all[0]
        .edit(&[
            set("weight", grams(3450)),
            set("height", Value::Missing(MissingReason::Declined)),
            set("sleep", sleep),
            set("interpreter", Value::Boolean(false)),
            add(
                "participants",
                9,
                vec![("who", text("Far")), ("present", Value::Boolean(true))],
            ),
        ])
        .unwrap();
    all[1]
        .edit(&[
            add("participants", 8, vec![("who", text("Mormor"))]),
            set("conferred_with", text("Åse")),
        ])
        .unwrap();
    exchange(&mut all);
    all[1]
        .edit(&[Edit::RemoveItem {
            field: "participants".to_owned(),
            item: Uuid::from_u128(8),
        }])
        .unwrap();
    exchange(&mut all);
    all
}

#[test]
fn who_knows_the_template_who_knows_part_of_it_and_who_knows_none_make_the_same_bytes() {
    let all = visit();
    let known = signed(&all[0]);
    for templates in [few(), none()] {
        assert_eq!(render(&all[0].document, &templates).unwrap(), known);
    }
    let mut cards = replicas(
        1,
        "card",
        vec![set("name", text("Emma")), set(CONSENT, code("given"))],
    );
    cards[0]
        .edit(&[add("contacts", 1, vec![("who", text("Mormor"))])])
        .unwrap();
    cards[0]
        .edit(&[
            set("language", text("")),
            set("birth_date", Value::Date(jiff::civil::date(2026, 1, 3))),
        ])
        .unwrap();
    let known = signed(&cards[0]);
    assert_eq!(render(&cards[0].document, &none()).unwrap(), known);
}

#[test]
fn a_text_holds_neither_labels_nor_empty_fields_nor_operations() {
    let all = visit();
    let bytes = signed(&all[0]).encode();
    let holds = |part: &str| {
        bytes
            .windows(part.len())
            .any(|window| window == part.as_bytes())
    };
    assert!(holds("Emma sover godt.") && holds("3450 g") && holds("weight"));
    for absent in ["Vægt", "Weight", "keep_all", "hearing", "understood", "@"] {
        assert!(!holds(absent), "{absent}");
    }
}

#[test]
fn what_is_read_from_a_text_is_what_the_document_says() {
    let all = visit();
    let text = again(&signed(&all[0]));
    for templates in [Templates::built_in(), &few(), &none()] {
        let reading = text.reading(templates);
        assert_eq!(
            reading,
            without_operations(all[0].document.reading(templates))
        );
    }
    let title = text
        .reading(Templates::built_in())
        .title(Templates::built_in(), Language::Danish);
    assert_eq!(title, "Hjemmebesøg");
}

#[test]
fn replicas_that_got_the_same_changes_in_another_order_make_the_same_bytes() {
    let all = visit();
    let changes: Vec<Vec<u8>> = all[0].changes.values().cloned().collect();
    for turn in 0..changes.len() {
        let mut other = replicas(2, "home_visit", vec![]).remove(1);
        other.document = Document::empty();
        let mut shuffled = changes.clone();
        shuffled.rotate_left(turn);
        shuffled.reverse();
        other.receive_all(&shuffled);
        assert_eq!(other.document.heads(), all[0].document.heads());
        assert_eq!(signed(&other).encode(), signed(&all[0]).encode());
    }
}

#[test]
fn what_waits_for_a_choice_or_breaks_its_template_is_named_and_not_signed() {
    use automerge::{ROOT, ReadDoc, transaction::Transactable};
    let mut all = replicas(2, "home_visit", vec![add("participants", 1, vec![])]);
    let who = |name: &str| Edit::SetItem {
        field: "participants".to_owned(),
        item: Uuid::from_u128(1),
        name: "who".to_owned(),
        value: text(name),
    };
    let at = |minutes: i64| {
        Edit::OccurredAt(crate::time::Moment {
            at: UnixMillis(minutes * 60_000),
            offset_minutes: 60,
        })
    };
    all[0]
        .edit(&[set("weight", grams(3450)), who("Far"), at(1)])
        .unwrap();
    all[1]
        .edit(&[set("weight", grams(3540)), who("Mor"), at(2)])
        .unwrap();
    exchange(&mut all);
    let document = &mut all[0].document.inner;
    document.set_actor(automerge::ActorId::from([9u8; 24]));
    let mut tx = document.transaction();
    let (_, fields) = tx.get(ROOT, "fields").unwrap().unwrap();
    tx.put(&fields, "sight", 7).unwrap();
    tx.put(&fields, "ratio", 0.5).unwrap();
    tx.commit();
    let refused = render(&all[0].document, Templates::built_in());
    assert_eq!(
        refused.as_ref().unwrap_err().to_string(),
        "not to be signed yet: occurred_at waits for a choice, weight waits for a choice, sight breaks its template, \
         participants.who waits for a choice, ratio holds what this version cannot sign"
    );
    use Why::{Invalid, NeedsChoice, NotWhole};
    assert_eq!(
        obstacles(refused),
        named(&[
            ("occurred_at", NeedsChoice),
            ("weight", NeedsChoice),
            ("sight", Invalid),
            ("participants.who", NeedsChoice),
            ("ratio", NotWhole),
        ])
    );
    assert_eq!(
        render(&Document::empty(), Templates::built_in()),
        Err(UnsignableError::NoTemplate)
    );
}

#[test]
fn a_settled_conflict_is_signed_with_every_value_and_the_one_that_is_shown() {
    let mut all = replicas(2, "card", vec![set(CONSENT, code("given"))]);
    all[0].edit(&[set("language", text("tyrkisk"))]).unwrap();
    all[0].edit(&[set(CONSENT, code("withdrawn"))]).unwrap();
    all[1].edit(&[set("language", text("kurdisk"))]).unwrap();
    all[1].edit(&[set(CONSENT, code("not_given"))]).unwrap();
    exchange(&mut all);
    let text_of_card = again(&signed(&all[0]));
    assert_eq!(signed(&all[1]), text_of_card);
    let reading = text_of_card.reading(Templates::built_in());
    assert_eq!(reading, without_operations(all[0].reading()));
    for (name, shown) in [("language", text("kurdisk")), (CONSENT, code("withdrawn"))] {
        let field = reading.field(name).unwrap();
        assert_eq!(values(field).len(), 2);
        assert_eq!(field.shown().unwrap().value, shown, "{name}");
    }
    // Who does not know the template cannot know that it is settled.
    assert_eq!(
        obstacles(render(&all[0].document, &none())),
        named(&[(CONSENT, Why::NeedsChoice), ("language", Why::NeedsChoice)])
    );
    // Read from the text, it waits for nobody.
    let reading = text_of_card.reading(&none());
    assert_eq!((reading.conflicts, reading.invalid), (0, 0));
    assert_eq!(
        reading.field(CONSENT).unwrap().shown().unwrap().value,
        text("withdrawn")
    );
    assert_eq!(SignedText::new(place(), &reading), Ok(text_of_card));
}

#[test]
fn text_stands_byte_for_byte_however_its_letters_are_composed() {
    let cases = [
        ("composed", "\u{e5}se"),
        ("decomposed", "a\u{30a}se"),
        (
            "right to left",
            "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{202e}abc\u{202c}",
        ),
        ("joined", "\u{1f469}\u{200d}\u{1f467}"),
        ("control", "a\u{0}b\r\n\tc"),
        ("mark first", "\u{feff}\u{301}x"),
    ];
    let mut seen = std::collections::BTreeSet::new();
    for (name, typed) in cases {
        let all = replicas(
            1,
            "home_visit",
            vec![
                set("seen", text(typed)),
                add("participants", 1, vec![("side", code("private"))]),
            ],
        );
        let bytes = signed(&all[0]).encode();
        let reading = SignedText::decode(&bytes)
            .unwrap()
            .reading(Templates::built_in());
        assert!(
            matches!(&reading.field("seen").unwrap().state, FieldState::Text { text, .. } if text.as_bytes() == typed.as_bytes()),
            "{name}"
        );
        assert!(seen.insert(bytes), "{name}");
    }
}

#[test]
fn what_a_newer_build_wrote_passes_through_and_reads_as_far_as_it_is_known() {
    use super::content::{Hand, Said, Scalar, Written};
    let hand = Hand {
        at: UnixMillis(5),
        author: None,
    };
    let one = |value| Said::One(Written { value, hand });
    let text_of_tomorrow = |template: &str| SignedText {
        place: place(),
        content: Content {
            kind: "plan".to_owned(),
            template: template.to_owned(),
            version: 1,
            subject: None,
            occurred_at: None,
            written_at: None,
            edited_at: None,
            authors: vec![],
            fields: vec![
                (
                    "sleep".to_owned(),
                    one(Scalar::Text("a code of tomorrow".to_owned())),
                ),
                (
                    "height".to_owned(),
                    one(Scalar::Missing(b"postponed".to_vec())),
                ),
                ("weight".to_owned(), one(Scalar::Integer(3))),
            ],
        },
    };
    let reading = again(&text_of_tomorrow("of_tomorrow")).reading(Templates::built_in());
    assert_eq!(
        (reading.kind, reading.template_known),
        (TemplateKind::Entry, false)
    );
    assert_eq!(reading.value("sleep"), Some(&text("a code of tomorrow")));
    assert_eq!(reading.value("weight"), Some(&Value::Integer(3)));
    assert!(!reading.field("height").unwrap().whole);
    assert_eq!((reading.invalid, reading.conflicts), (0, 0));

    // Where the template is known, what breaks it is marked, and the text is the same.
    let reading = again(&text_of_tomorrow("home_visit")).reading(Templates::built_in());
    assert_eq!((reading.kind, reading.invalid), (TemplateKind::Entry, 3));
    assert!(
        matches!(&reading.field("weight").unwrap().state, FieldState::Invalid { raw, .. } if raw == "3")
    );
}

#[test]
fn a_text_over_its_limit_is_neither_made_nor_read() {
    let long = "æ".repeat(20_000);
    let fields = [
        "seen",
        "understood",
        "strengths",
        "worries",
        "child_words",
        "parents_view",
        "agreed_next",
    ];
    let edits = fields.map(|name| set(name, text(&long)));
    let mut all = replicas(1, "home_visit", vec![]);
    for edit in edits {
        all[0].edit(&[edit]).unwrap();
    }
    assert!(matches!(
        render(&all[0].document, Templates::built_in()),
        Err(UnsignableError::TooLarge { bytes }) if bytes > TEXT_BYTES_MAX
    ));
    assert!(matches!(
        SignedText::decode(&vec![0; TEXT_BYTES_MAX + 1]),
        Err(TextError::TooLarge { .. })
    ));
}

#[test]
fn what_is_not_as_a_document_holds_it_is_refused() {
    let all = visit();
    let good = all[0].reading();
    let broken = |break_it: fn(&mut Reading)| {
        let mut reading = good.clone();
        break_it(&mut reading);
        obstacles(SignedText::new(place(), &reading))
    };
    let twice = broken(|reading| {
        let seen = reading.field("seen").cloned().unwrap();
        reading.fields.push(seen);
    });
    assert_eq!(twice, named(&[("seen", Why::Broken)]));
    let stranger = broken(|reading| {
        reading.authors.retain(|author| *author != practitioner(2));
    });
    assert_eq!(
        stranger,
        named(&[
            ("participants.who", Why::Broken),
            ("conferred_with", Why::Broken)
        ])
    );
    let nested = broken(|reading| {
        let items = reading.field("participants").cloned().unwrap();
        for field in &mut reading.fields {
            if let FieldState::Items(all) = &mut field.state {
                all.truncate(1);
                all[0].fields = vec![items.clone()];
            }
        }
    });
    assert_eq!(nested, named(&[("participants.participants", Why::Broken)]));
    assert_eq!(good.occurred_at, Some(moment()));
}
