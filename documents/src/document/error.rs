//! Why something could not be written. No message repeats what was typed.

use crate::value::InputError;

/// A refusal to write. The document is as it was before. Messages name the field and what is allowed, never the
/// value typed.
#[derive(Debug, thiserror::Error)]
pub enum AuthorError {
    /// No template of this name (and version) is known here.
    #[error("unknown template; known: {known}")]
    UnknownTemplate {
        /// The known names.
        known: String,
    },
    /// No version of the template is in use any more: nothing new is begun in it.
    #[error("the template is retired; in use: {known}")]
    RetiredTemplate {
        /// The names of those that can be begun.
        known: String,
    },
    /// The template has no such field.
    #[error("{field}: no such field in {template}; its fields: {allowed}")]
    UnknownField {
        /// The field's name as given, when it looks like one.
        field: String,
        /// The template.
        template: String,
        /// The template's fields.
        allowed: String,
    },
    /// The field holds another kind of value.
    #[error("{field}: expected {expected}")]
    WrongType {
        /// The field.
        field: String,
        /// What it holds.
        expected: &'static str,
    },
    /// Not one of the field's codes.
    #[error("{field}: not one of its codes; allowed: {allowed}")]
    UnknownCode {
        /// The field.
        field: String,
        /// Its codes.
        allowed: String,
    },
    /// Not one of the field's units.
    #[error("{field}: not one of its units; allowed: {allowed}")]
    UnknownUnit {
        /// The field.
        field: String,
        /// Its units with their limits.
        allowed: String,
    },
    /// A number that cannot be true.
    #[error("{field}: impossible; allowed: {allowed}")]
    Impossible {
        /// The field.
        field: String,
        /// Its limits.
        allowed: String,
    },
    /// More characters than the field takes.
    #[error("{field}: at most {chars_max} characters")]
    TooLong {
        /// The field.
        field: String,
        /// The most it takes.
        chars_max: usize,
    },
    /// Not a CPR number.
    #[error("{field}: expected DDMMYY-XXXX with a real date")]
    NotCpr {
        /// The field.
        field: String,
    },
    /// Two wrote it at once and nobody has chosen: only `Choose` may write it.
    #[error("{field}: written by several at once; choose a value first")]
    InConflict {
        /// The field.
        field: String,
    },
    /// A consent was withdrawn; a new one has to name the withdrawal.
    #[error("{field}: withdrawn; a new consent must name the withdrawal")]
    WithdrawalNotNamed {
        /// The field.
        field: String,
    },
    /// There is no such item.
    #[error("{field}: no such item")]
    UnknownItem {
        /// The field.
        field: String,
    },
    /// It refers to one of the document's own items, and there is none of this id, or somebody took it away.
    #[error("{field}: names no item of {of}")]
    NamesNoItem {
        /// The field, and of an item's the item's field: `sub_goals.goal`.
        field: String,
        /// The field whose items it may name.
        of: String,
    },
    /// The item's id is taken.
    #[error("{field}: an item of this id is there already")]
    ItemExists {
        /// The field.
        field: String,
    },
    /// What was written when the document began, and stands.
    #[error("{field}: it was said when this was begun, and stays as it is")]
    Fixed {
        /// The field.
        field: String,
    },
    /// A splice outside the text.
    #[error("{field}: a splice outside the text")]
    OutsideText {
        /// The field.
        field: String,
    },
    /// More than one change may carry.
    #[error(
        "too much at once: {operations} operations, {bytes} bytes; one change carries {operations_max} and {bytes_max}"
    )]
    TooMuchAtOnce {
        /// What the edit came to.
        operations: u64,
        /// What the edit came to.
        bytes: usize,
        /// What one change carries.
        operations_max: u64,
        /// What one change carries.
        bytes_max: usize,
    },
    /// The actor has written here for somebody else: an actor belongs to one author.
    #[error("this session has written here for another author; open a new session")]
    ActorOfAnother,
    /// The document's operation numbers are used up.
    #[error("this document takes no more edits; write a new one")]
    Exhausted,
    /// The document lacks what its creator's first change makes.
    #[error("this document is broken and cannot be edited")]
    Broken,
    /// The library refused.
    #[error("the document could not be written")]
    Library(#[source] automerge::AutomergeError),
}

impl From<InputError> for AuthorError {
    fn from(error: InputError) -> Self {
        match error {
            InputError::WrongType { field, expected } => Self::WrongType { field, expected },
            InputError::UnknownCode { field, allowed } => Self::UnknownCode { field, allowed },
            InputError::UnknownUnit { field, allowed } => Self::UnknownUnit { field, allowed },
            InputError::Impossible { field, allowed } => Self::Impossible { field, allowed },
            InputError::TooLong { field, chars_max } => Self::TooLong { field, chars_max },
            InputError::NotCpr { field } => Self::NotCpr { field },
        }
    }
}

impl From<automerge::AutomergeError> for AuthorError {
    fn from(error: automerge::AutomergeError) -> Self {
        Self::Library(error)
    }
}

/// A field's name as given by the caller, if it looks like one: else it could be a value in the wrong place.
pub(crate) fn field_name(given: &str) -> String {
    let plain = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'.'
    };
    if given.len() <= 40 && given.bytes().all(plain) {
        given.to_owned()
    } else {
        "?".to_owned()
    }
}
