//! What people type: into a field of any template, as a CPR number, as a search.

use super::{made, script::Script};
use samspor_documents::{
    cpr::Cpr,
    reading::{FieldReading, FieldState, Reading},
    search,
    template::{Field, FieldType, Language, MergeRule, TemplateKind, Templates},
    value::Value,
};

/// Every field of every template, those of items too.
fn fields() -> impl Iterator<Item = &'static Field> {
    let fields = Templates::built_in()
        .all()
        .iter()
        .flat_map(|template| &template.fields);
    fields.flat_map(|field| std::iter::once(field).chain(field.item_fields()))
}

fn language(byte: u8) -> Language {
    if byte.is_multiple_of(2) {
        Language::Danish
    } else {
        Language::English
    }
}

/// Which field, which language, what is typed.
pub fn run(input: &[u8]) -> bool {
    let mut script = Script(input);
    let place = script.one_of(fields().count());
    let language = language(script.byte());
    let text = String::from_utf8_lossy(script.0);
    let field = fields().nth(place).expect("one of them");
    let number = Cpr::parse(&text);
    if let Ok(number) = &number {
        assert_eq!(
            Cpr::parse(number.as_str()).as_ref(),
            Ok(number),
            "another number"
        );
        assert!(
            !format!("{number:?}").contains(number.as_str()),
            "a number in the clear"
        );
    }
    match Value::parse(field, &text, language) {
        Ok(value) => {
            assert_eq!(value.check(field), Ok(()), "read, and may not stand there");
            let _ = value.warnings(field);
            for shown in [
                value.display(field, language),
                value.display_plain(language),
            ] {
                assert!(
                    shown.len() <= text.len() + 1_000,
                    "{} bytes to show",
                    shown.len()
                );
            }
            true
        }
        Err(error) => {
            let said = error.to_string();
            assert!(said.len() <= 4_000, "an error of {} bytes", said.len());
            number.is_ok()
        }
    }
}

/// Something for every field, in both languages.
pub fn seeds() -> Vec<Vec<u8>> {
    const TYPED: &[&str] = &[
        "hun sover godt",
        "1",
        "2,5 kg",
        "2.5 kg",
        "1.234,5 g",
        "23.11.2026",
        "2026-11-23 14.05 +01:00",
        "ja",
        "4 dage",
        "12:30",
        "010126-1234",
        "00000000-0000-0000-0000-000000000001",
        "ikke spurgt",
    ];
    let mut seeds = Vec::new();
    for (place, field) in fields().enumerate() {
        let place = u16::try_from(place).expect("few fields");
        let one = TYPED
            .get(usize::from(place) % TYPED.len())
            .copied()
            .unwrap_or_default();
        let code = match &field.field_type {
            FieldType::Code { codes, .. } => codes.first().map(|code| code.code.as_str()),
            _ => None,
        };
        for text in [Some(one), code].into_iter().flatten() {
            let language = [(place % 2) as u8];
            seeds.push([&place.to_be_bytes(), language.as_slice(), text.as_bytes()].concat());
        }
    }
    seeds
}

/// What was written is found by what it says.
pub fn search(input: &[u8]) -> bool {
    let text = String::from_utf8_lossy(input).into_owned();
    let wanted = search::wanted(&text);
    assert!(
        wanted.len() <= search::WANTED_MAX,
        "{} words wanted",
        wanted.len()
    );
    let words = search::words(&saying(text), Templates::built_in());
    assert!(
        words.len() <= search::WORDS_MAX + 1,
        "{} words",
        words.len()
    );
    for word in wanted.iter().chain(&words) {
        // The last letter of a word may become several.
        assert!(
            word.chars().count() <= search::WORD_CHARS_MAX + 18,
            "a word of {} letters",
            word.chars().count()
        );
    }
    if words.len() < search::WORDS_MAX {
        let lost = wanted.iter().find(|wanted| !words.contains(*wanted));
        assert!(lost.is_none(), "not found by what it says");
    }
    !wanted.is_empty()
}

fn saying(text: String) -> Reading {
    let state = FieldState::Text {
        text,
        authors: Vec::new(),
    };
    let field = FieldReading {
        name: "text".to_owned(),
        labels: None,
        merge: MergeRule::KeepAll,
        whole: true,
        state,
    };
    let reading = Reading {
        kind: TemplateKind::Entry,
        template: String::new(),
        template_version: 0,
        template_known: false,
        subject: None,
        occurred_at: None,
        written_at: None,
        edited_at: None,
        authors: Vec::new(),
        fields: vec![field],
        conflicts: 0,
        invalid: 0,
        discarded: false,
    };
    made::readable(&reading);
    reading
}

pub fn search_seeds() -> Vec<Vec<u8>> {
    let texts = [
        "Åse Sørensen",
        "Aase Soerensen",
        "A\u{30a}se ŁÓDŹ Größe ﷺ ǆ",
        "hun græd 12.5",
    ];
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}
