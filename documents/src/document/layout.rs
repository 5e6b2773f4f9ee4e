//! Where things stand in an Automerge document.
//!
//! ```text
//! template     "home_visit"        version      1
//! kind         "entry"             subject      the space's id
//! occurred_at  "1795439100000 60"
//! fields       map: name -> scalar | text | items | statements
//! choices      map: path -> the operations that a choice saw
//! discarded    true; only in a draft that its author discarded
//! ```
//! Items are a map from item id to a map of the item's fields, with `removed`; statements (consent) a map from a key
//! to what was said. The creator's first change makes every container, because two that make one at once lose one.

pub(crate) const TEMPLATE: &str = "template";
pub(crate) const VERSION: &str = "version";
pub(crate) const KIND: &str = "kind";
pub(crate) const SUBJECT: &str = "subject";
pub(crate) const OCCURRED_AT: &str = crate::template::OCCURRED_AT;
pub(crate) const FIELDS: &str = "fields";
pub(crate) const CHOICES: &str = "choices";
/// Only in a draft that its author discarded: nothing is deleted, lists leave it out.
pub(crate) const DISCARDED: &str = "discarded";

/// In an item: whether somebody took it away.
pub(crate) const REMOVED: &str = "removed";

/// In a statement: what was said.
pub(crate) const STATEMENT_VALUE: &str = "value";
/// In a statement: the keys of the statements it answers, separated by blanks.
pub(crate) const STATEMENT_NAMES: &str = "names";

/// The key of a choice: `weight`, or `relations/<item>/relation`.
pub(crate) fn choice_path(field: &str, item: Option<(uuid::Uuid, &str)>) -> String {
    match item {
        Some((id, name)) => format!("{field}/{}/{name}", id.as_hyphenated()),
        None => field.to_owned(),
    }
}
