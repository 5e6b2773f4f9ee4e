//! The bytes of signed texts, in files: they are the record for as long as it is kept. A change in them is a new
//! format, never an accepted difference (`SAMSPOR_ACCEPT_GOLDEN=1 cargo test -p samspor-documents` writes new files).

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test reads and writes its golden files, and fails by panic"
)]

use samspor_documents::{
    authoring::{Actor, Authoring},
    document::{Document, Edit, NewDocument, Splice},
    guard,
    id::{DeviceId, DocumentId, OrganisationId, PractitionerId, SpaceId},
    signed::{SignedText, TextPlace},
    template::{Language, Templates},
    time::{Moment, UnixMillis},
    value::Value,
};
use std::{path::PathBuf, sync::OnceLock};
use uuid::Uuid;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares a text's bytes with the file of this name, and reads it back from them.
fn golden(name: &str, text: &SignedText) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(format!("text-v1-{name}.hex"));
    let bytes = text.encode();
    if std::env::var_os("SAMSPOR_ACCEPT_GOLDEN").is_some() {
        std::fs::write(&file, hex(&bytes) + "\n").unwrap();
    }
    let golden = std::fs::read_to_string(&file).unwrap();
    assert_eq!(hex(&bytes), golden.trim(), "the bytes of {name} changed");
    assert_eq!(&SignedText::decode(&bytes).unwrap(), text);
}

fn space() -> SpaceId {
    SpaceId::from_bytes([0x11; 16])
}

fn place(card: Option<DocumentId>) -> TextPlace {
    TextPlace {
        organisation: OrganisationId::from_bytes([0x55; 16]),
        space: space(),
        document: DocumentId::from_bytes([0x22; 16]),
        card,
    }
}

fn authoring(n: u8, minute: i64) -> Authoring {
    Authoring {
        actor: Actor::make(DeviceId::from_bytes([n; 16]), [n; 8]),
        author: PractitionerId::from_bytes([n; 16]),
        at: UnixMillis(1_795_439_100_000 + minute * 60_000),
    }
}

/// The templates as they were when the bytes were written: a newer version of one makes other texts.
fn templates() -> &'static Templates {
    static TEMPLATES: OnceLock<Templates> = OnceLock::new();
    TEMPLATES.get_or_init(|| {
        Templates::read(&[
            ("note", include_str!("../templates/note.toml")),
            ("home_visit", include_str!("../templates/home_visit.toml")),
            ("addendum", include_str!("../templates/addendum.toml")),
        ])
        .unwrap()
    })
}

/// A field as it is typed.
fn typed(template: &str, name: &str, said: &str) -> Edit {
    let field = templates().latest(template).unwrap().field(name).unwrap();
    Edit::Set {
        field: name.to_owned(),
        value: Value::parse(field, said, Language::Danish).unwrap(),
    }
}

fn begin(template: &str, fields: Vec<Edit>) -> (Document, Vec<u8>) {
    let new = NewDocument {
        template,
        subject: space(),
        occurred_at: Moment {
            at: UnixMillis(1_795_435_500_000),
            offset_minutes: 60,
        },
        fields,
    };
    Document::create(templates(), &new, &authoring(1, 0)).unwrap()
}

#[test]
fn a_small_text_keeps_its_bytes() {
    let (document, _) = begin("note", vec![typed("note", "text", "Ringede. Alt vel.")]);
    let reading = document.reading(Templates::built_in());
    golden("small", &SignedText::new(place(None), &reading).unwrap());
}

/// Two practitioners on two devices: prose of both, a measurement, a missing value with its reason, codes, items of
/// which one was taken away, letters composed in both ways.
fn visit() -> Document {
    let templates = templates();
    let visit = |name: &str, said: &str| typed("home_visit", name, said);
    let (mut mine, first) = begin(
        "home_visit",
        vec![
            visit("visit_type", "months_4_6"),
            visit("contact_form", "home"),
            visit("seen", "Emma sover godt."),
            visit("weight", "6,45 kg"),
        ],
    );
    let mut theirs = Document::empty();
    guard::apply(&mut theirs, &first).unwrap();
    let item = |n: u128, who: &str, side: &str| Edit::AddItem {
        field: "participants".to_owned(),
        item: Uuid::from_u128(n),
        values: vec![
            ("who".to_owned(), Value::Text(who.to_owned())),
            ("side".to_owned(), Value::Code(side.to_owned())),
            ("present".to_owned(), Value::Boolean(true)),
        ],
    };
    let more = mine
        .edit(
            templates,
            &[
                visit("height", "fravalgt af familien"),
                item(1, "Far (Søren A\u{30a}s)", "private"),
                item(2, "Naboen", "civil_society"),
            ],
            &authoring(1, 3),
        )
        .unwrap()
        .unwrap();
    let at_end = Edit::Text {
        field: "seen".to_owned(),
        edits: vec![Splice {
            at: 16,
            delete: 0,
            insert: " Hun griber efter ranglen. Mor: \u{201e}Åh, så glad!\u{201c}".to_owned(),
        }],
    };
    theirs
        .edit(
            templates,
            &[at_end, visit("interpreter", "nej")],
            &authoring(2, 5),
        )
        .unwrap();
    guard::apply(&mut theirs, &more).unwrap();
    let gone = Edit::RemoveItem {
        field: "participants".to_owned(),
        item: Uuid::from_u128(2),
    };
    theirs.edit(templates, &[gone], &authoring(2, 9)).unwrap();
    theirs
}

#[test]
fn a_rich_text_keeps_its_bytes() {
    let card = DocumentId::from_bytes([0x33; 16]);
    let document = visit();
    let reading = document.reading(Templates::built_in());
    let text = SignedText::new(place(Some(card)), &reading).unwrap();
    golden("home-visit", &text);
    let unknowing = Templates::read(&[]).unwrap();
    let reading = document.reading(&unknowing);
    assert_eq!(SignedText::new(place(Some(card)), &reading), Ok(text));
}

#[test]
fn an_addendum_is_signed_with_the_entry_that_it_names() {
    let entry = Edit::Set {
        field: "adds_to".to_owned(),
        value: Value::Reference(Uuid::from_u128(0x7777)),
    };
    let (document, _) = begin(
        "addendum",
        vec![
            typed("addendum", "text", "Vægten var 6,54 kg, ikke 6,45."),
            typed("addendum", "reason", "Tallene var byttet om"),
            entry,
        ],
    );
    let reading = document.reading(Templates::built_in());
    let text = SignedText::new(place(None), &reading).unwrap();
    golden("addendum", &text);
    let unknowing = Templates::read(&[]).unwrap();
    for templates in [Templates::built_in(), &unknowing] {
        let named = text.reading(templates).adds_to();
        assert_eq!(named, Some(DocumentId(Uuid::from_u128(0x7777))));
    }
}
