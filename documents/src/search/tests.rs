//! What is found by what.

use super::*;
use crate::{
    document::Edit,
    testing::{exchange, replicas},
};
use proptest::prelude::*;

fn is_found(text: &str, typed: &str) -> bool {
    let mut words = BTreeSet::new();
    fold::add(text, &mut words);
    let wanted = wanted(typed);
    !wanted.is_empty()
        && wanted
            .iter()
            .all(|wanted| words.iter().any(|word| word.starts_with(wanted.as_str())))
}

#[test]
fn danish_letters_are_found_however_they_are_typed() {
    for (text, typed, found) in [
        ("Åse Sørensen", "åse", true),
        ("Åse Sørensen", "aase", true),
        ("Åse Sørensen", "ase", true),
        ("Åse Sørensen", "SØRENS", true),
        ("Åse Sørensen", "soeren", true),
        ("Åse Sørensen", "soren", true),
        ("Aage Soerensen", "åge søren", true),
        ("Aage", "age", false),
        ("A\u{30a}se", "åse", true),
        ("Åse", "A\u{30a}S", true),
        ("Bjæverskov", "bjaever", true),
        ("André", "andre", true),
        ("Andre", "André", true),
        ("Straße", "strasse", true),
        ("rødgrød med fløde", "fløde rød", true),
        ("sover godt", "over", false),
        ("sover godt", "godt sover", true),
        ("sover godt", "godt vågen", false),
        ("3450 g", "345", true),
        ("מדברת בבית", "בבית", true),
        ("sover", "", false),
        ("sover", " - ", false),
    ] {
        assert_eq!(is_found(text, typed), found, "{text:?} by {typed:?}");
    }
    assert_eq!(wanted("\u{e000}xnote"), ["xnote"]);
}

#[test]
fn a_card_is_found_by_names_alone() {
    let set = |field: &str, text: &str| Edit::Set {
        field: field.to_owned(),
        value: Value::Text(text.to_owned()),
    };
    let contact = Edit::AddItem {
        field: "contacts".to_owned(),
        item: uuid::Uuid::from_bytes([3; 16]),
        values: vec![
            ("who".to_owned(), Value::Text("Mormor Mette".to_owned())),
            ("phone".to_owned(), Value::Text("22334455".to_owned())),
        ],
    };
    let edits = vec![
        set("name", "Sofie Ærø"),
        set("cpr", "0102251234"),
        set("address", "Skovvej 7"),
        contact,
    ];
    let replica = replicas(1, "card", edits).remove(0);
    let words = words(&replica.reading(), Templates::built_in());
    for found in ["sofie", "aeroe", "mormor", "mette"] {
        assert!(words.contains(found), "{found}: {words:?}");
    }
    for secret in ["0102251234", "010225", "1234", "skovvej", "22334455"] {
        assert!(!words.contains(secret), "{secret}");
    }
}

#[test]
fn prose_lines_items_and_every_value_of_a_conflict_are_found() {
    let set = |text: &str| Edit::Set {
        field: "subject_line".to_owned(),
        value: Value::Text(text.to_owned()),
    };
    let prose = Edit::ReplaceText {
        field: "text".to_owned(),
        text: "Sover dårligt".to_owned(),
    };
    let who = Edit::AddItem {
        field: "participants".to_owned(),
        item: uuid::Uuid::from_bytes([4; 16]),
        values: vec![("who".to_owned(), Value::Text("Pædagogen".to_owned()))],
    };
    let mut all = replicas(2, "note", vec![prose, who]);
    all[0].edit(&[set("Søvn")]).expect("edits");
    all[1].edit(&[set("Natten")]).expect("edits");
    exchange(&mut all);
    let words = words(&all[0].reading(), Templates::built_in());
    for found in [
        "sover",
        "daarligt",
        "darligt",
        "paedagogen",
        "soevn",
        "natten",
        "notat",
        "note",
    ] {
        assert!(words.contains(found), "{found}: {words:?}");
    }
}

proptest! {
    #[test]
    fn whatever_stands_in_a_text_is_found_by_the_beginning_of_its_words(text in "\\PC{0,60}") {
        for typed in text.split_whitespace() {
            let wanted = wanted(typed);
            prop_assert!(wanted.is_empty() || is_found(&text, typed), "{typed:?} in {text:?}");
            for word in wanted {
                prop_assert!(word.chars().count() <= WORD_CHARS_MAX + 4);
            }
        }
    }

    #[test]
    fn a_text_of_any_length_gives_bounded_words(seed in "[a-zæøå]{1,5}", count in 1_usize..9_000) {
        let text: String = (0..count).map(|n| format!("{seed}{n} ")).collect();
        let mut words = BTreeSet::new();
        fold::add(&text, &mut words);
        prop_assert!(words.len() <= WORDS_MAX + 1);
    }
}
