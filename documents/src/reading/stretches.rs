//! Who wrote which stretch of a document's prose, character by character as it stands now: from the changes that hold
//! them, never from a field. What was deleted is in no stretch.

use super::{history::History, source::Source as _};
use crate::{
    document::{Values as _, layout::FIELDS},
    id::PractitionerId,
    time::UnixMillis,
};
use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, Value as Stored};

/// Consecutive characters of one author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The characters.
    pub text: String,
    /// Who wrote them; none when their changes have no author of ours.
    pub author: Option<PractitionerId>,
    /// When the first of them was typed, by the writer's clock.
    pub from: UnixMillis,
    /// When the last of them was.
    pub until: UnixMillis,
}

/// The stretches of one prose field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// Where it stands: `text`, or `relations/<item>/note` within an item.
    pub path: String,
    /// Its characters, in order; together they are its text.
    pub stretches: Vec<Stretch>,
}

/// Every prose field that says something, by its path.
pub(crate) fn attributions(document: &Automerge) -> Vec<Attribution> {
    let history = document.history();
    let mut all = Vec::new();
    for (value, home) in document.found_at(&ROOT, FIELDS).unwrap_or_default() {
        if matches!(value, Stored::Object(ObjType::Map)) {
            add((document, &history), &home, "", 0, &mut all);
        }
    }
    all.sort_by(|one: &Attribution, other| one.path.cmp(&other.path));
    all
}

/// A field holds items, an item fields: nothing stands deeper.
const DEPTH_MAX: usize = 2;

/// A document and who wrote it.
type Written<'a> = (&'a Automerge, &'a History);

fn add(written: Written<'_>, home: &ObjId, above: &str, depth: usize, all: &mut Vec<Attribution>) {
    let (document, _) = written;
    for key in document.names(home) {
        let path = match above {
            "" => key.clone(),
            above => format!("{above}/{key}"),
        };
        for (value, id) in document.found_at(home, &key).unwrap_or_default() {
            match value {
                Stored::Object(ObjType::Text) => {
                    let stretches = stretches(written, &id);
                    if !stretches.is_empty() {
                        let path = path.clone();
                        all.push(Attribution { path, stretches });
                    }
                }
                Stored::Object(ObjType::Map) if depth < DEPTH_MAX => {
                    add(written, &id, &path, depth + 1, all);
                }
                _ => {}
            }
        }
    }
}

fn stretches((document, history): Written<'_>, text: &ObjId) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for item in document.list_range(text, ..) {
        let (author, at) = history.of_operation(&item.id());
        // What is no character, as a mark or an object, shows as what stands for one.
        let value = Stored::from(item.value);
        let character = value.as_str().unwrap_or("\u{fffc}");
        match stretches.last_mut().filter(|last| last.author == author) {
            Some(last) => {
                last.text.push_str(character);
                last.from = last.from.min(at);
                last.until = last.until.max(at);
            }
            None => stretches.push(Stretch {
                text: character.to_owned(),
                author,
                from: at,
                until: at,
            }),
        }
    }
    stretches
}

#[cfg(test)]
mod tests {
    use crate::{
        document::{Edit, Splice},
        testing::{exchange, practitioner, replicas},
    };
    use proptest::prelude::*;

    fn splice(at: usize, delete: usize, insert: &str) -> Edit {
        Edit::Text {
            field: "text".to_owned(),
            edits: vec![Splice {
                at,
                delete,
                insert: insert.to_owned(),
            }],
        }
    }

    #[test]
    fn each_stretch_is_its_writers_and_what_was_deleted_is_in_none() {
        let begun = Edit::ReplaceText {
            field: "text".to_owned(),
            text: "Sover godt.".to_owned(),
        };
        let mut all = replicas(2, "note", vec![begun]);
        all[0].edit(&[splice(6, 5, "dårligt.")]).expect("edits");
        all[1].edit(&[splice(0, 0, "Far: ")]).expect("edits");
        exchange(&mut all);
        for replica in &all {
            let told = replica.document.attributions();
            assert_eq!(told.len(), 1);
            assert_eq!(told[0].path, "text");
            let told: Vec<_> = told[0]
                .stretches
                .iter()
                .map(|one| (one.author, one.text.as_str()))
                .collect();
            let expected = [
                (Some(practitioner(2)), "Far: "),
                (Some(practitioner(1)), "Sover dårligt."),
            ];
            assert_eq!(told, expected);
        }
    }

    #[test]
    fn prose_within_items_is_attributed_by_its_path() {
        let item = uuid::Uuid::from_bytes([5; 16]);
        let comment = Edit::AddItem {
            field: "comments".to_owned(),
            item,
            values: Vec::new(),
        };
        let mut all = replicas(1, "video_sparring", vec![comment]);
        let names = crate::template::Templates::built_in();
        let template = names.latest("video_sparring").expect("ships");
        let field = template.field("comments").expect("it has comments");
        let prose = field
            .item_fields()
            .iter()
            .find(|field| matches!(field.field_type, crate::template::FieldType::Text { .. }));
        let name = &prose.expect("a comment is prose").name;
        let write = Edit::SetItem {
            field: "comments".to_owned(),
            item,
            name: name.clone(),
            value: crate::value::Value::Text("Hun venter på barnet".to_owned()),
        };
        all[0].edit(&[write]).expect("edits");
        let told = all[0].document.attributions();
        assert_eq!(told[0].path, format!("comments/{item}/{name}"));
        assert_eq!(told[0].stretches[0].text, "Hun venter på barnet");
    }

    proptest! {
        #[test]
        fn stretches_together_are_the_text_on_every_replica(
            edits in prop::collection::vec((0..3_usize, 0..40_usize, 0..6_usize, "[a-zæøå \u{1f476}]{0,6}"), 0..12),
        ) {
            let begun = Edit::ReplaceText { field: "text".to_owned(), text: "Alt vel".to_owned() };
            let mut all = replicas(3, "note", vec![begun]);
            for (n, (who, at, delete, insert)) in edits.into_iter().enumerate() {
                let length = all[who].text_of("text").chars().count();
                let at = at.min(length);
                let edit = splice(at, delete.min(length - at), &insert);
                all[who].edit(&[edit]).expect("edits");
                if n % 3 == 2 {
                    exchange(&mut all);
                }
            }
            exchange(&mut all);
            let first = all[0].document.attributions();
            for replica in &all {
                let told = replica.document.attributions();
                prop_assert_eq!(&told, &first);
                let joined: String = told.iter().flat_map(|one| &one.stretches).map(|one| one.text.as_str()).collect();
                prop_assert_eq!(joined, replica.text_of("text"));
            }
        }
    }
}
