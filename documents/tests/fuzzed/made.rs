//! Documents, edits and values made from a script, chunks with a checksum that holds, and what must hold of every
//! document.

use super::script::Script;
use samspor_documents::{
    authoring::{Actor, Authoring},
    document::{Document, Edit, NewDocument, Splice},
    guard,
    id::{DeviceId, DocumentId, OrganisationId, PractitionerId, SpaceId},
    reading::Reading,
    search,
    signed::{SignedText, TEXT_BYTES_MAX, TextPlace},
    template::{Field, FieldType, Language, Template, Templates},
    time::{Moment, UnixMillis},
    value::{TimeCode, Value},
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// A chunk's kinds.
pub const DOCUMENT: u8 = 0;
pub const CHANGE: u8 = 1;
/// The most bytes a document's snapshot may take here.
pub const SNAPSHOT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Magic and checksum.
const HEAD: usize = 8;

/// A chunk of this content whose length and checksum hold.
pub fn sealed(kind: u8, content: &[u8]) -> Vec<u8> {
    let mut hashed = vec![kind];
    let mut length = content.len();
    loop {
        let low = u8::try_from(length & 0x7f).expect("seven bits");
        length >>= 7;
        if length == 0 {
            hashed.push(low);
            break;
        }
        hashed.push(low | 0x80);
    }
    hashed.extend(content);
    let mut chunk = vec![0x85, 0x6f, 0x4a, 0x83];
    chunk.extend(Sha256::digest(&hashed).iter().take(4));
    chunk.extend(hashed);
    chunk
}

/// What stands in a chunk after its length.
pub fn content(chunk: &[u8]) -> &[u8] {
    let after_kind = chunk.get(HEAD + 1..).unwrap_or_default();
    let length = after_kind.iter().take_while(|byte| **byte >= 0x80).count();
    after_kind.get(length + 1..).unwrap_or_default()
}

/// Who writes: device `n` in its session `session`.
pub fn authoring(n: u8, session: u8, minute: i64) -> Authoring {
    Authoring {
        actor: Actor::make(DeviceId::from_bytes([n; 16]), [session; 8]),
        author: PractitionerId::from_bytes([n; 16]),
        at: UnixMillis(1_795_000_000_000 + minute * 60_000),
    }
}

/// A document by this template, begun by device 1.
pub fn begun(template: &Template) -> (Document, Vec<u8>) {
    let new = NewDocument {
        template: &template.name,
        subject: SpaceId::from_bytes([7; 16]),
        occurred_at: Moment {
            at: UnixMillis(1_794_990_000_000),
            offset_minutes: 60,
        },
        fields: Vec::new(),
    };
    Document::create(Templates::built_in(), &new, &authoring(1, 1, 0))
        .expect("its template is known")
}

pub fn place() -> TextPlace {
    TextPlace {
        organisation: OrganisationId::from_bytes([1; 16]),
        space: SpaceId::from_bytes([7; 16]),
        document: DocumentId::from_bytes([2; 16]),
        card: None,
    }
}

/// A value that this field may hold, as far as the script chooses well.
pub fn value(field: &Field, script: &mut Script<'_>) -> Value {
    let typed = |text: &str| Value::parse(field, text, Language::Danish).ok();
    let made = match &field.field_type {
        FieldType::Text { .. } | FieldType::Line { .. } => Some(Value::Text(script.text())),
        FieldType::Code { codes, .. } => {
            let place = script.one_of(codes.len());
            codes.get(place).map(|code| Value::Code(code.code.clone()))
        }
        FieldType::Quantity { units } => {
            let unit = units.get(script.one_of(units.len()));
            unit.map(|unit| Value::Quantity {
                amount: unit.usual_least,
                unit: unit.unit.clone(),
            })
        }
        FieldType::Measure => typed("2,5 kg"),
        FieldType::Boolean => Some(Value::Boolean(script.byte() % 2 == 1)),
        FieldType::Date => typed("23.11.2026"),
        FieldType::Moment => typed("23.11.2026 14.05"),
        FieldType::Cpr => typed("010126-1234"),
        FieldType::TimeCode => TimeCode::new(u32::from(script.byte()))
            .ok()
            .map(Value::TimeCode),
        FieldType::Reference => Some(Value::Reference(Uuid::from_bytes([script.byte(); 16]))),
        // One of those that edits add, or the one that is not there.
        FieldType::Item { .. } => Some(Value::Reference(Uuid::from_bytes([script.byte() % 5; 16]))),
        FieldType::Integer { .. } => None,
        FieldType::Items { .. } => None,
    };
    made.unwrap_or_else(|| Value::Integer(i64::from(script.byte() % 16)))
}

/// One edit of a document by this template. Not every one is allowed: then it is refused.
pub fn edit(template: &Template, script: &mut Script<'_>) -> Edit {
    let place = script.one_of(template.fields.len());
    let field = template.fields.get(place).expect("a template has fields");
    let name = field.name.clone();
    let item = Uuid::from_bytes([script.byte() % 4; 16]);
    let inner = field.item_fields();
    if let Some(part) = inner.get(script.one_of(inner.len())) {
        return match script.byte() % 4 {
            0 | 1 => Edit::AddItem {
                field: name,
                item,
                values: vec![(part.name.clone(), value(part, script))],
            },
            2 => Edit::SetItem {
                field: name,
                item,
                name: part.name.clone(),
                value: value(part, script),
            },
            _ => Edit::RemoveItem { field: name, item },
        };
    }
    match script.byte() % 8 {
        0 => Edit::Clear { field: name },
        1 => Edit::Choose {
            field: name,
            item: None,
            value: value(field, script),
        },
        2 => Edit::Text {
            field: name,
            edits: vec![Splice {
                at: usize::from(script.byte()),
                delete: usize::from(script.byte() % 8),
                insert: script.text(),
            }],
        },
        3 => Edit::Discard,
        _ => Edit::Set {
            field: name,
            value: value(field, script),
        },
    }
}

/// What must hold of every document, whoever wrote it: it can be saved and loaded and says the same then, what it says
/// can be shown, kept and found within the limits, and signed if nothing stands against it.
pub fn holds(document: &Document) -> Reading {
    let reading = document.reading(Templates::built_in());
    let loaded = guard::load(&document.save(), SNAPSHOT_BYTES_MAX).expect("what was saved loads");
    assert_eq!(loaded.heads(), document.heads(), "heads after loading");
    assert!(
        loaded.reading(Templates::built_in()) == reading,
        "another reading after loading"
    );
    if let Ok(text) = SignedText::new(place(), &reading) {
        let bytes = text.encode();
        assert!(bytes.len() <= TEXT_BYTES_MAX, "a text over its limit");
        let again = SignedText::decode(&bytes).expect("what was encoded decodes");
        readable(&again.reading(Templates::built_in()));
    }
    readable(&reading);
    reading
}

/// What is done with every reading.
pub fn readable(reading: &Reading) {
    let templates = Templates::built_in();
    for language in [Language::Danish, Language::English] {
        let _ = reading.title(templates, language);
        assert!(
            reading.summary(templates, language, 3).len() <= 3,
            "too many lines"
        );
        for field in &reading.fields {
            let known = reading
                .template(templates)
                .and_then(|known| known.field(&field.name));
            let _ = field.line(known, language);
        }
    }
    let words = search::words(reading, templates);
    // A word is added in both of its forms.
    assert!(
        words.len() <= search::WORDS_MAX + 1,
        "{} words",
        words.len()
    );
    let row = serde_json::to_vec(reading).expect("a reading can be kept");
    let kept: Reading = serde_json::from_slice(&row).expect("what was kept is read");
    assert!(kept == *reading, "another reading from its row");
}
