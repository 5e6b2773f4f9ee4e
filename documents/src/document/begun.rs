//! A document that was just begun: its one change, and what it says.

use super::{
    AuthorError, CHANGE, ChangeHash, Document, Edit, NewDocument,
    begin::{self, About},
    edit, references, too_much, tree,
    tree::Tree,
};
use crate::{
    authoring::Authoring,
    guard,
    reading::{self, Reading},
    template::{Template, Templates},
};
use automerge::transaction::Transactable as _;

/// A document's first change. What it says is known without the library having read it.
#[derive(Debug)]
pub struct Begun {
    /// Its bytes.
    pub change: Vec<u8>,
    /// Its hash.
    pub hash: ChangeHash,
    pub(super) says: Says,
}

/// What a new document says: as a tree, or as the library holds it.
#[derive(Debug)]
pub(super) enum Says {
    Tree(Box<Tree>),
    Document(Box<Document>),
}

impl Says {
    pub(super) fn reading(&self, templates: &Templates) -> Reading {
        match self {
            Self::Tree(tree) => reading::read(&**tree, templates),
            Self::Document(document) => document.reading(templates),
        }
    }

    /// The document itself, where `first` is its first change.
    pub(super) fn document(&self, first: &[u8]) -> Result<Document, AuthorError> {
        match self {
            Self::Tree(_) => guard::load_changes([first], &CHANGE).map_err(|_| AuthorError::Broken),
            Self::Document(document) => Ok(Document {
                inner: document.inner.clone(),
            }),
        }
    }
}

impl Begun {
    /// Begins a document by the newest version of its template that is not retired.
    ///
    /// # Errors
    /// `AuthorError` when the template, a field or a value is not what it may be.
    pub fn write(
        templates: &Templates,
        new: &NewDocument<'_>,
        authoring: &Authoring,
    ) -> Result<Self, AuthorError> {
        let none = || {
            let known = templates.names_allowed();
            match templates.latest(new.template) {
                Some(_) => AuthorError::RetiredTemplate { known },
                None => AuthorError::UnknownTemplate { known },
            }
        };
        let template = templates.begun(new.template).ok_or_else(none)?;
        let about = About {
            subject: new.subject,
            occurred_at: new.occurred_at,
        };
        Self::by(template, about, &new.fields, authoring)
    }

    /// The same by a template at hand.
    pub(super) fn by(
        template: &Template,
        about: About,
        edits: &[Edit],
        authoring: &Authoring,
    ) -> Result<Self, AuthorError> {
        let (root, rest) = begin::tree(template, about, edits, &authoring.actor)?;
        if !rest.is_empty() {
            let mut document = Document::empty();
            let change = document.write(authoring, |tx| {
                tx.init_root_from_hydrate(&tree::hydrated(root))?;
                edit::apply_all(tx, template, rest, &authoring.actor)?;
                references::check(tx, template, edits)
            })?;
            return Ok(Self {
                change: change.ok_or(AuthorError::Broken)?,
                hash: document.heads().pop().ok_or(AuthorError::Broken)?,
                says: Says::Document(Box::new(document)),
            });
        }
        let operations = tree::operations(&root);
        if operations > CHANGE.operations_max {
            return Err(too_much(operations, 0));
        }
        let (tree, change, hash) = Tree::write(&root, authoring).ok_or(AuthorError::Broken)?;
        references::check(&tree, template, edits)?;
        if change.len() > CHANGE.bytes_max {
            return Err(too_much(operations, change.len()));
        }
        Ok(Self {
            change,
            hash,
            says: Says::Tree(Box::new(tree)),
        })
    }

    /// What it says, as [`Document::reading`] of its document does.
    #[must_use]
    pub fn reading(&self, templates: &Templates) -> Reading {
        self.says.reading(templates)
    }

    /// The document, to go on with.
    ///
    /// # Errors
    /// `Broken`, which would be a fault of this crate.
    pub fn document(&self) -> Result<Document, AuthorError> {
        self.says.document(&self.change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        reading::{FieldReading, FieldState},
        testing::{authoring, code, moment, set, subject, text},
        value::{Decimal, Value},
    };
    use proptest::prelude::*;
    use uuid::Uuid;

    fn begun(template: &str, fields: Vec<Edit>) -> Result<Begun, AuthorError> {
        let new = NewDocument {
            template,
            subject: subject(),
            occurred_at: moment(),
            fields,
        };
        Begun::write(Templates::built_in(), &new, &authoring(1, 0))
    }

    /// The same with an edit that changes nothing, and has to go through the library.
    fn through_the_library(template: &str, mut fields: Vec<Edit>) -> Result<Begun, AuthorError> {
        fields.push(Edit::OccurredAt(moment()));
        begun(template, fields)
    }

    /// A reading without the numbers of its operations, which are another's order.
    fn told(begun: &Begun) -> Reading {
        fn strip(fields: &mut [FieldReading]) {
            for field in fields {
                match &mut field.state {
                    FieldState::One(one) => one.operation.clear(),
                    FieldState::Items(items) => {
                        items.iter_mut().for_each(|item| strip(&mut item.fields));
                    }
                    _ => {}
                }
            }
        }
        let mut reading = begun.reading(Templates::built_in());
        strip(&mut reading.fields);
        reading
    }

    /// What the library's own encoder makes of the operations that it reads in a change.
    fn written_by_the_library(change: &[u8]) -> Vec<u8> {
        let read = automerge::Change::try_from(change).unwrap();
        automerge::Change::from(read.decode()).raw_bytes().to_vec()
    }

    fn item(id: u128, name: &str, value: Value) -> Edit {
        Edit::AddItem {
            field: "relations".to_owned(),
            item: Uuid::from_u128(id),
            values: vec![(name.to_owned(), value)],
        }
    }

    #[test]
    fn straight_or_through_the_library_a_document_begins_the_same() {
        let weight = Value::Quantity {
            amount: Decimal::whole(5300),
            unit: "g".to_owned(),
        };
        let prose = |field: &str, text: &str| Edit::ReplaceText {
            field: field.to_owned(),
            text: text.to_owned(),
        };
        let cases = [
            ("nothing", "note", vec![]),
            (
                "prose",
                "note",
                vec![prose("text", "Emma sover 👶🏽 godt\u{301}.\n")],
            ),
            (
                "values",
                "home_visit",
                vec![set("weight", weight), prose("seen", "Glad")],
            ),
            (
                "consent and items",
                "card",
                vec![
                    set("consent_to_cooperation", code("withdrawn")),
                    set("name", text("Emma")),
                    item(2, "name", text("Mor")),
                    item(1, "name", text("Far")),
                    item(3, "name", text("Mormor")),
                ],
            ),
        ];
        for (name, template, edits) in cases {
            let straight = begun(template, edits.clone()).unwrap();
            let library = through_the_library(template, edits).unwrap();
            assert!(matches!(straight.says, Says::Tree(_)), "{name}");
            assert!(matches!(library.says, Says::Document(_)), "{name}");
            assert_eq!(told(&straight), told(&library), "{name}");
            let document = straight.document().unwrap();
            let templates = Templates::built_in();
            assert_eq!(
                straight.reading(templates),
                document.reading(templates),
                "{name}"
            );
            let theirs = written_by_the_library(&straight.change);
            assert_eq!(straight.change, theirs, "{name}");
            let facts = guard::check_change(&straight.change, &CHANGE).unwrap();
            assert_eq!(
                [straight.hash, library.hash],
                [facts.hash, library.document().unwrap().heads()[0]],
                "{name}"
            );
            assert_eq!(document.heads(), [facts.hash], "{name}");
            assert_eq!(facts.author, Some(authoring(1, 0).author), "{name}");
        }
    }

    #[test]
    fn items_stand_in_the_order_in_which_they_were_added() {
        let names = ["Mor", "Far", "Mormor", "Lillebror"];
        let ids = [9, 2, 7, 1];
        let added = names.iter().zip(ids);
        let added: Vec<Edit> = added
            .map(|(name, id)| item(id, "name", text(name)))
            .collect();
        for begun in [
            begun("card", added.clone()),
            through_the_library("card", added),
        ] {
            let reading = begun.unwrap().reading(Templates::built_in());
            let items = reading.items("relations");
            let told: Vec<_> = items
                .map(|item| item.value("name").cloned().unwrap())
                .collect();
            assert_eq!(told, names.map(text));
        }
    }

    #[test]
    fn what_is_refused_is_refused_either_way() {
        let long = "a".repeat(usize::try_from(CHANGE.operations_max).unwrap());
        let prose = Edit::ReplaceText {
            field: "text".to_owned(),
            text: long,
        };
        let cases = [
            ("note", vec![prose]),
            ("note", vec![set("no_such", text("x"))]),
            ("card", vec![set("born", text("x"))]),
            ("card", vec![item(1, "no_such", text("x"))]),
            ("card", vec![item(1, "relation", code("no_such"))]),
            (
                "card",
                vec![item(1, "name", text("a")), item(1, "name", text("b"))],
            ),
        ];
        for (template, edits) in cases {
            let straight = begun(template, edits.clone()).map(|_| ()).unwrap_err();
            let library = through_the_library(template, edits)
                .map(|_| ())
                .unwrap_err();
            assert_eq!(format!("{straight:?}"), format!("{library:?}"));
        }
    }

    proptest! {
        #[test]
        fn any_prose_begins_the_same(prose in "\\PC{0,60}", line in "[a-zæøå]{0,9}") {
            let edits = vec![
                Edit::ReplaceText { field: "text".to_owned(), text: prose },
                set("subject_line", text(&line)),
            ];
            let straight = begun("note", edits.clone());
            let library = through_the_library("note", edits);
            match (straight, library) {
                (Ok(straight), Ok(library)) => {
                    prop_assert_eq!(told(&straight), told(&library));
                    prop_assert_eq!(&straight.change, &written_by_the_library(&straight.change));
                    let document = straight.document().unwrap();
                    prop_assert_eq!(straight.reading(Templates::built_in()), document.reading(Templates::built_in()));
                }
                (straight, library) => prop_assert_eq!(
                    format!("{:?}", straight.map(|_| ())),
                    format!("{:?}", library.map(|_| ()))
                ),
            }
        }
    }
}
