//! Edits: each checks what it touches against the template and the document, then writes only that.

use super::{
    AuthorError, begin, field_name,
    layout::{self, choice_path},
    splices, statement,
    write::{self, Values as _},
};
use crate::{
    authoring::Actor,
    id::SpaceId,
    template::{Field, FieldType, MergeRule, Template},
    time::Moment,
    value::{Value, stored},
};
use automerge::{
    ObjId, ObjType, ROOT, ScalarValue,
    transaction::{Transactable, Transaction},
};
use uuid::Uuid;

/// A document to begin.
#[derive(Debug, Clone)]
pub struct NewDocument<'a> {
    /// The template's name; its newest version is taken.
    pub template: &'a str,
    /// The case or circle it is about.
    pub subject: SpaceId,
    /// When what it tells happened.
    pub occurred_at: Moment,
    /// What stands in it from the start.
    pub fields: Vec<Edit>,
}

/// One replacement inside a text. Positions count Unicode code points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    /// From here.
    pub at: usize,
    /// So many code points go.
    pub delete: usize,
    /// This comes.
    pub insert: String,
}

/// One edit. Several in one call are one change, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Sets a field. On a prose field: as `ReplaceText`. Refused where values are in conflict.
    Set {
        /// The field.
        field: String,
        /// Its new value.
        value: Value,
    },
    /// Empties a field that is not prose.
    Clear {
        /// The field.
        field: String,
    },
    /// Edits prose at places; each splice counts in the text as the one before left it.
    Text {
        /// The field.
        field: String,
        /// The replacements, in order.
        edits: Vec<Splice>,
    },
    /// Makes prose read as given, by the smallest splices found, so that what others write at once stays.
    ReplaceText {
        /// The field.
        field: String,
        /// The whole new text.
        text: String,
    },
    /// Adds an item. Fields of the item that are not named are empty.
    AddItem {
        /// The field.
        field: String,
        /// A new id.
        item: Uuid,
        /// The item's values by name.
        values: Vec<(String, Value)>,
    },
    /// Sets a field of an item.
    SetItem {
        /// The field.
        field: String,
        /// The item.
        item: Uuid,
        /// The item's field.
        name: String,
        /// Its new value.
        value: Value,
    },
    /// Marks an item as removed; it stays in the document.
    RemoveItem {
        /// The field.
        field: String,
        /// The item.
        item: Uuid,
    },
    /// Ends a conflict: writes the value and the operations it saw. A concurrent choice conflicts with it again.
    /// For a withdrawn consent: a new statement that names every withdrawal there is.
    Choose {
        /// The field.
        field: String,
        /// The item and the item's field, when it is one of an item's.
        item: Option<(Uuid, String)>,
        /// The value chosen, one of those there or another.
        value: Value,
    },
    /// A new consent after a withdrawal, naming the withdrawals it answers by their `operation` in the reading.
    ConsentAgain {
        /// The field.
        field: String,
        /// What is said now.
        value: Value,
        /// Every standing withdrawal.
        withdrawals: Vec<String>,
    },
    /// Corrects when it happened.
    OccurredAt(Moment),
    /// Marks the whole document as discarded; everything stays in it. Discarded on one device while it is edited
    /// on another it reads as both.
    Discard,
}

impl Edit {
    /// The field that it touches; none when it is about the whole document.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Set { field, .. }
            | Self::Clear { field }
            | Self::Text { field, .. }
            | Self::ReplaceText { field, .. }
            | Self::AddItem { field, .. }
            | Self::SetItem { field, .. }
            | Self::RemoveItem { field, .. }
            | Self::Choose { field, .. }
            | Self::ConsentAgain { field, .. } => Some(field),
            Self::OccurredAt(_) | Self::Discard => None,
        }
    }
}

/// What an edit works on.
pub(super) struct Work<'a, 'tx> {
    pub tx: &'a mut Transaction<'tx>,
    pub template: &'a Template,
    pub fields: ObjId,
    pub choices: ObjId,
    pub actor: &'a Actor,
}

/// How a value is written: as an edit, which is refused in a conflict, or as the choice that ends one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Edit,
    Choice,
}

/// Applies edits in order inside one transaction. What they refer to is asked afterwards: [`super::references`].
pub(super) fn apply_all<'e>(
    tx: &mut Transaction<'_>,
    template: &Template,
    edits: impl IntoIterator<Item = &'e Edit>,
    actor: &Actor,
) -> Result<(), AuthorError> {
    let mut edits = edits.into_iter().peekable();
    if edits.peek().is_none() {
        return Ok(());
    }
    let fields = write::container(tx, &ROOT, layout::FIELDS, ObjType::Map)?;
    let choices = write::container(tx, &ROOT, layout::CHOICES, ObjType::Map)?;
    let mut work = Work {
        tx,
        template,
        fields,
        choices,
        actor,
    };
    edits.try_for_each(|edit| work.apply(edit))
}

impl<'a> Work<'a, '_> {
    fn apply(&mut self, edit: &Edit) -> Result<(), AuthorError> {
        match edit {
            Edit::Set { field, value } => self.put(field, value, How::Edit),
            Edit::Clear { field } => self.clear(field),
            Edit::Text { field, edits } => {
                let text = self.text_object(field)?;
                splices::apply(self.tx, &text, self.field(field)?, edits)
            }
            Edit::ReplaceText { field, text } => {
                self.put(field, &Value::Text(text.clone()), How::Edit)
            }
            Edit::AddItem {
                field,
                item,
                values,
            } => self.add_item(field, *item, values),
            Edit::SetItem {
                field,
                item,
                name,
                value,
            } => self.put_item(field, *item, name, value, How::Edit),
            Edit::RemoveItem { field, item } => self.remove_item(field, *item),
            Edit::Choose {
                field,
                item: None,
                value,
            } => self.put(field, value, How::Choice),
            Edit::Choose {
                field,
                item: Some((item, name)),
                value,
            } => self.put_item(field, *item, name, value, How::Choice),
            Edit::ConsentAgain {
                field,
                value,
                withdrawals,
            } => {
                let field = self.field(field)?;
                value.check(field)?;
                let statements =
                    write::container(self.tx, &self.fields, &field.name, ObjType::Map)?;
                statement::add(
                    self.tx,
                    &statements,
                    field,
                    value,
                    statement::Answers::Named(withdrawals),
                    self.actor,
                )
            }
            Edit::OccurredAt(moment) => {
                self.put(layout::OCCURRED_AT, &Value::Moment(*moment), How::Edit)
            }
            Edit::Discard => self.mark(&ROOT, layout::DISCARDED),
        }
    }

    /// The template's field of this name.
    fn field(&self, name: &str) -> Result<&'a Field, AuthorError> {
        self.template
            .field(name)
            .ok_or_else(|| self.unknown_field(name, self.template.fields_allowed()))
    }

    fn unknown_field(&self, name: &str, allowed: String) -> AuthorError {
        AuthorError::UnknownField {
            field: field_name(name),
            template: self.template.name.clone(),
            allowed,
        }
    }

    /// Where a field stands.
    fn home(&self, field: &Field) -> ObjId {
        if field.name == layout::OCCURRED_AT {
            ROOT
        } else {
            self.fields.clone()
        }
    }

    fn put(&mut self, name: &str, value: &Value, how: How) -> Result<(), AuthorError> {
        let field = self.field(name)?;
        value.check(field)?;
        let home = self.home(field);
        if field.merge == MergeRule::WithdrawalWins {
            let statements = write::container(self.tx, &home, &field.name, ObjType::Map)?;
            let answers = if how == How::Choice {
                statement::Answers::All
            } else {
                statement::Answers::Open
            };
            return statement::add(self.tx, &statements, field, value, answers, self.actor);
        }
        if field.fixed && self.is_said_otherwise(&home, field, value)? {
            return Err(fixed(field));
        }
        let path = choice_path(name, None);
        self.put_at(&home, field, value, &path, how)
    }

    /// Whether the field says something, and not this alone. Several at once are for a choice to settle.
    fn is_said_otherwise(
        &self,
        home: &ObjId,
        field: &Field,
        value: &Value,
    ) -> Result<bool, AuthorError> {
        let seen = self.tx.found_at(home, &field.name)?;
        let is_open = write::says(&seen, &ScalarValue::Null) || write::in_conflict(&seen);
        Ok(!is_open && !write::says(&seen, &stored::to_scalar(value)))
    }

    /// Writes a checked value of a field or an item's field.
    fn put_at(
        &mut self,
        home: &ObjId,
        field: &Field,
        value: &Value,
        path: &str,
        how: How,
    ) -> Result<(), AuthorError> {
        let seen = self.tx.found_at(home, &field.name)?;
        let conflict = write::in_conflict(&seen);
        if conflict && how == How::Edit && field.merge != MergeRule::Last {
            return Err(AuthorError::InConflict {
                field: field.name.clone(),
            });
        }
        if let (FieldType::Text { .. }, Value::Text(text)) = (&field.field_type, value) {
            if conflict || how == How::Choice && !write::is_text(&seen) {
                let object = self
                    .tx
                    .put_object(home, field.name.as_str(), ObjType::Text)?;
                self.tx.splice_text(&object, 0, 0, text)?;
            } else {
                let object = write::container(self.tx, home, &field.name, ObjType::Text)?;
                return splices::replace(self.tx, &object, text);
            }
        } else {
            let scalar = stored::to_scalar(value);
            if !conflict && write::says(&seen, &scalar) {
                return Ok(());
            }
            if conflict {
                // The library would make the value it prefers the only one by deleting the others, and keep that
                // value's first author: a concurrent choice would then be lost. A new operation is needed.
                self.tx.delete(home, field.name.as_str())?;
            }
            self.tx.put(home, field.name.as_str(), scalar)?;
        }
        if how == How::Choice {
            let operations: Vec<String> = seen.iter().map(|(_, id)| id.to_string()).collect();
            self.tx.put(&self.choices, path, operations.join(" "))?;
        }
        Ok(())
    }

    fn clear(&mut self, name: &str) -> Result<(), AuthorError> {
        let field = self.field(name)?;
        let wrong = || AuthorError::WrongType {
            field: field.name.clone(),
            expected: field.field_type.expects(),
        };
        let occurred = field.name == layout::OCCURRED_AT;
        if occurred
            || matches!(
                field.field_type,
                FieldType::Text { .. } | FieldType::Items { .. }
            )
        {
            return Err(wrong());
        }
        if field.merge == MergeRule::WithdrawalWins {
            return Err(wrong());
        }
        if field.fixed {
            return Err(fixed(field));
        }
        let seen = self.tx.found_at(&self.fields, name)?;
        if write::in_conflict(&seen) {
            return Err(AuthorError::InConflict {
                field: field.name.clone(),
            });
        }
        if !write::says(&seen, &ScalarValue::Null) {
            self.tx.put(&self.fields, name, ())?;
        }
        Ok(())
    }

    /// The one text of a prose field.
    fn text_object(&self, name: &str) -> Result<ObjId, AuthorError> {
        let field = self.field(name)?;
        if !matches!(field.field_type, FieldType::Text { .. }) {
            let expected = field.field_type.expects();
            return Err(AuthorError::WrongType {
                field: field.name.clone(),
                expected,
            });
        }
        if write::in_conflict(&self.tx.found_at(&self.fields, name)?) {
            return Err(AuthorError::InConflict {
                field: field.name.clone(),
            });
        }
        write::container(self.tx, &self.fields, name, ObjType::Text)
    }

    /// The field and the map of its items.
    fn items(&self, name: &str) -> Result<(&'a Field, &'a [Field], ObjId), AuthorError> {
        let field = self.field(name)?;
        let FieldType::Items { fields } = &field.field_type else {
            let expected = field.field_type.expects();
            return Err(AuthorError::WrongType {
                field: field.name.clone(),
                expected,
            });
        };
        Ok((
            field,
            fields,
            write::container(self.tx, &self.fields, name, ObjType::Map)?,
        ))
    }

    /// A field of the items of `field`.
    fn item_field(&self, field: &'a Field, name: &str) -> Result<&'a Field, AuthorError> {
        field.item_field(name).ok_or_else(|| {
            let allowed: Vec<&str> = field
                .item_fields()
                .iter()
                .map(|one| one.name.as_str())
                .collect();
            self.unknown_field(&format!("{}.{name}", field.name), allowed.join(", "))
        })
    }

    fn add_item(
        &mut self,
        name: &str,
        item: Uuid,
        values: &[(String, Value)],
    ) -> Result<(), AuthorError> {
        let (field, fields, items) = self.items(name)?;
        for (name, value) in values {
            value.check(self.item_field(field, name)?)?;
        }
        let key = item.as_hyphenated().to_string();
        if !self.tx.found_at(&items, &key)?.is_empty() {
            return Err(AuthorError::ItemExists {
                field: field.name.clone(),
            });
        }
        let new = begin::first_item(fields, values).into();
        self.tx
            .batch_create_object(&items, key.as_str(), &new, false)?;
        Ok(())
    }

    fn item(&self, field: &Field, items: &ObjId, item: Uuid) -> Result<ObjId, AuthorError> {
        let key = item.as_hyphenated().to_string();
        write::container(self.tx, items, &key, ObjType::Map).map_err(|_| AuthorError::UnknownItem {
            field: field.name.clone(),
        })
    }

    fn put_item(
        &mut self,
        name: &str,
        item: Uuid,
        part: &str,
        value: &Value,
        how: How,
    ) -> Result<(), AuthorError> {
        let (field, _, items) = self.items(name)?;
        let part = self.item_field(field, part)?;
        value.check(part)?;
        let object = self.item(field, &items, item)?;
        let path = choice_path(name, Some((item, &part.name)));
        self.put_at(&object, part, value, &path, how)
    }

    fn remove_item(&mut self, name: &str, item: Uuid) -> Result<(), AuthorError> {
        let (field, _, items) = self.items(name)?;
        let object = self.item(field, &items, item)?;
        self.mark(&object, layout::REMOVED)
    }

    /// Sets a mark, unless it stands.
    fn mark(&mut self, home: &ObjId, key: &str) -> Result<(), AuthorError> {
        let seen = self.tx.found_at(home, key)?;
        if !write::says(&seen, &ScalarValue::Boolean(true)) {
            self.tx.put(home, key, true)?;
        }
        Ok(())
    }
}

fn fixed(field: &Field) -> AuthorError {
    AuthorError::Fixed {
        field: field.name.clone(),
    }
}
