//! Why an edit was refused by its document, said in the user's language.

use crate::{exit::Exit, failure::Failure, words::W};
use samspor_documents::document::AuthorError;

/// The failure of a refused edit. Nothing of the edit was saved.
pub fn failure(error: &AuthorError) -> Failure {
    use AuthorError as E;
    let of = |code, words| Failure::new(Exit::Input, code, words);
    match error {
        E::UnknownTemplate { known } => {
            of("unknown_template", W::TEMPLATE_NOT_KNOWN).with("known", known)
        }
        E::RetiredTemplate { known } => {
            of("retired_template", W::RETIRED_TEMPLATE_HERE).with("known", known)
        }
        E::UnknownField {
            field, template, ..
        } => of("unknown_field", W::UNKNOWN_FIELD)
            .with("field", field)
            .with("template", template),
        E::WrongType { field, expected } => of("wrong_type", W::WRONG_TYPE)
            .with("field", field)
            .with("expected", *expected),
        E::UnknownCode { field, allowed } => of("unknown_code", W::UNKNOWN_CODE)
            .with("field", field)
            .with("allowed", allowed),
        E::UnknownUnit { field, allowed } => of("unknown_unit", W::UNKNOWN_UNIT)
            .with("field", field)
            .with("allowed", allowed),
        E::Impossible { field, allowed } => of("impossible", W::IMPOSSIBLE)
            .with("field", field)
            .with("allowed", allowed),
        E::TooLong { field, chars_max } => of("too_long", W::TOO_LONG)
            .with("field", field)
            .with("most", chars_max.to_string()),
        E::NotCpr { field } => of("not_cpr", W::NOT_CPR).with("field", field),
        E::InConflict { field } => of("in_conflict", W::IN_CONFLICT).with("field", field),
        E::UnknownItem { field } => of("unknown_item", W::UNKNOWN_ITEM).with("field", field),
        E::NamesNoItem { field, of: list } => of("names_no_item", W::NAMES_NO_ITEM)
            .with("field", field)
            .with("list", list),
        other => of_document(other),
    }
}

fn of_document(error: &AuthorError) -> Failure {
    use AuthorError as E;
    match error {
        E::WithdrawalNotNamed { field } => {
            Failure::new(Exit::Input, "withdrawn", W::WITHDRAWN).with("field", field)
        }
        E::Fixed { field } => {
            Failure::new(Exit::Input, "fixed_field", W::FIXED_FIELD).with("field", field)
        }
        E::TooMuchAtOnce { bytes_max, .. } => {
            Failure::new(Exit::Input, "too_large", W::CHANGE_TOO_LARGE)
                .with("most", bytes_max.to_string())
        }
        E::Exhausted => Failure::new(Exit::Input, "exhausted", W::EXHAUSTED),
        E::Broken => Failure::new(Exit::Store, "set_aside", W::SET_ASIDE),
        other => Failure::new(Exit::Input, "input_refused", W::INPUT_REFUSED)
            .with("detail", other.to_string()),
    }
}
