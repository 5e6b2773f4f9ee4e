//! What was written against what a reading says, as people read it: for what could not be merged any more.

use super::{FieldReading, FieldState, Reading};
use crate::template::{Language, Templates};
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Fewer words than these between two differences belong to both: single words torn apart read badly.
const WORDS_BETWEEN: usize = 3;

impl Reading {
    /// What these fields say otherwise than this reading does, one difference per line, in
    /// the order of this reading: of prose the passages that
    /// differ, of anything else what was written and what stands. Nothing is shortened. Where nothing differs, none.
    #[must_use]
    pub fn differences(
        &self,
        written: &[FieldReading],
        templates: &Templates,
        language: Language,
    ) -> Vec<String> {
        let template = self.template(templates);
        let place = |field: &&FieldReading| {
            let mut known = self.fields.iter();
            known.position(|known| known.name == field.name)
        };
        let mut written: Vec<&FieldReading> = written.iter().collect();
        written.sort_by_key(|field| place(field).unwrap_or(usize::MAX));
        let mut lines = Vec::new();
        for field in written {
            let known = template.and_then(|template| template.field(&field.name));
            let label = field
                .labels
                .as_ref()
                .or_else(|| known.map(|known| &known.labels))
                .map_or(field.name.as_str(), |labels| labels.get(language));
            let stands = self.field(&field.name);
            let before = stands.map_or_else(String::new, |field| field.said(known, language));
            let after = field.said(known, language);
            let is_prose = |field: &FieldReading| matches!(field.state, FieldState::Text { .. });
            if before == after {
                continue;
            }
            if is_prose(field) && stands.is_some_and(is_prose) {
                let passages = passages(&before, &after);
                let said = passages.iter().map(|passage| passage.told(language));
                lines.extend(said.map(|said| format!("{label}: {said}")));
            } else {
                lines.push(format!("{label}: {}", against(&before, &after, language)));
            }
        }
        lines
    }
}

/// A value against another.
fn against(before: &str, after: &str, language: Language) -> String {
    let (emptied, stands) = match language {
        Language::Danish => ("tømt", "i notatet står"),
        Language::English => ("emptied", "the entry says"),
    };
    let after = if after.is_empty() { emptied } else { after };
    if before.is_empty() {
        after.to_owned()
    } else {
        format!("{after} ({stands}: {before})")
    }
}

/// A stretch of prose that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Passage {
    before: String,
    after: String,
}

impl Passage {
    fn told(&self, language: Language) -> String {
        let (before, after) = (self.before.trim(), self.after.trim());
        match (language, before.is_empty(), after.is_empty()) {
            (Language::Danish, true, _) => format!("tilføjet »{after}«"),
            (Language::Danish, false, true) => format!("slettet »{before}«"),
            (Language::Danish, false, false) => format!("»{before}« rettet til »{after}«"),
            (Language::English, true, _) => format!("added “{after}”"),
            (Language::English, false, true) => format!("deleted “{before}”"),
            (Language::English, false, false) => format!("“{before}” changed to “{after}”"),
        }
    }
}

/// Words, and what stands between them.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let end = word.trim_end_matches(char::is_whitespace).len();
        let (word, space) = word.split_at(end);
        pieces.extend([word, space].into_iter().filter(|piece| !piece.is_empty()));
    }
    pieces
}

/// The passages in which two texts differ, word by word, in order.
fn passages(before: &str, after: &str) -> Vec<Passage> {
    let (old, new) = (pieces(before), pieces(after));
    let text = |words: &[&str], at: usize, length: usize| -> String {
        words.iter().skip(at).take(length).copied().collect()
    };
    let mut passages: Vec<Passage> = Vec::new();
    // What both say since the last difference.
    let mut between: Option<(String, usize)> = None;
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let (old_at, old_length) = (op.old_range().start, op.old_range().len());
        let (new_at, new_length) = (op.new_range().start, op.new_range().len());
        if matches!(op, DiffOp::Equal { .. }) {
            let shared = text(&old, old_at, old_length);
            let words = shared.split_whitespace().count();
            between = Some((shared, words));
            continue;
        }
        let passage = Passage {
            before: text(&old, old_at, old_length),
            after: text(&new, new_at, new_length),
        };
        let shared = between.take();
        let belongs = shared
            .as_ref()
            .is_none_or(|(_, words)| *words < WORDS_BETWEEN);
        match passages.last_mut().filter(|_| belongs) {
            Some(last) => {
                let shared = shared.map(|(shared, _)| shared).unwrap_or_default();
                last.before.extend([shared.as_str(), &passage.before]);
                last.after.extend([shared.as_str(), &passage.after]);
            }
            None => passages.push(passage),
        }
    }
    passages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::{Document, Edit, NewDocument},
        testing::{authoring, grams, moment, set, subject, text},
    };

    fn document(fields: Vec<Edit>) -> Document {
        let new = NewDocument {
            template: "home_visit",
            subject: subject(),
            occurred_at: moment(),
            fields,
        };
        let made = Document::create(Templates::built_in(), &new, &authoring(1, 0));
        made.unwrap().0
    }

    fn told(before: Vec<Edit>, after: Vec<Edit>, language: Language) -> Vec<String> {
        let templates = Templates::built_in();
        let before = document(before).reading(templates);
        let after = document(after).reading(templates);
        before.differences(&after.fields, templates, language)
    }

    fn seen(said: &str) -> Vec<Edit> {
        vec![set("seen", text(said))]
    }

    #[test]
    fn of_prose_the_passages_that_differ_are_told() {
        let rows: [(&str, &str, &[&str]); 7] = [
            ("Sover godt.", "Sover godt.", &[]),
            ("", "Sover godt.", &["Sover godt."]),
            ("Sover godt.", "", &["tømt (i notatet står: Sover godt.)"]),
            (
                "Sover godt.",
                "Sover godt. Spiser æg.",
                &["tilføjet »Spiser æg.«"],
            ),
            (
                "Hun sover ikke godt om natten.",
                "Hun sover godt om natten.",
                &["slettet »ikke«"],
            ),
            (
                "Far er hjemme i dag.",
                "Mor er ude i dag.",
                &["»Far er hjemme« rettet til »Mor er ude«"],
            ),
            (
                "Far er hjemme. Vi taler længe om søvn og mad.",
                "Mor er hjemme. Vi taler længe om søvn og vægt.",
                &["»Far« rettet til »Mor«", "»mad.« rettet til »vægt.«"],
            ),
        ];
        for (before, after, expected) in rows {
            let told = told(seen(before), seen(after), Language::Danish);
            let expected: Vec<String> = expected
                .iter()
                .map(|said| format!("Set og hørt: {said}"))
                .collect();
            assert_eq!(told, expected, "{before} / {after}");
        }
    }

    #[test]
    fn of_a_value_both_are_told_and_nothing_is_shortened() {
        let weight = |amount| vec![set("weight", grams(amount))];
        assert_eq!(
            told(weight(6450), weight(6540), Language::Danish),
            ["Vægt: 6.540 g (i notatet står: 6.450 g)"]
        );
        assert_eq!(
            told(vec![], weight(6540), Language::English),
            ["Weight: 6,540 g"]
        );
        assert_eq!(
            told(weight(6450), vec![], Language::Danish),
            ["Vægt: tømt (i notatet står: 6.450 g)"]
        );
        let long = "å".repeat(190);
        let who = |name: &str| {
            let values = vec![("who".to_owned(), text(name))];
            vec![Edit::AddItem {
                field: "participants".to_owned(),
                item: uuid::Uuid::from_u128(1),
                values,
            }]
        };
        let lines = told(vec![], who(&long), Language::Danish);
        assert!(lines[0].contains(&long), "{lines:?}");
    }
}
