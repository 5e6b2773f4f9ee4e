//! What is done with what travels, and what has to hold then. As in `documents/tests/fuzzed`: run by `cargo test`
//! with the golden files and with what once failed, and compiled by the fuzz targets (`/fuzz`) as it stands.

#![expect(clippy::expect_used, reason = "what must hold fails by panic")]

mod bodies;
mod golden;
mod page;
mod record;
mod texts;

/// Does with an input all that is done with such bytes; whether it got in.
pub type Run = fn(&[u8]) -> bool;
/// What fuzzing begins with.
pub type Seeds = fn() -> Vec<Vec<u8>>;

/// Every target of this crate: its name, which is also its folder of regressions.
pub const TARGETS: &[(&str, Run, Seeds)] = &[
    ("push_body", bodies::push, bodies::push_seeds),
    ("operation_body", bodies::operation, bodies::operation_seeds),
    ("request_body", bodies::request, bodies::request_seeds),
    ("feed_page", page::run, page::seeds),
    ("entry_file", record::run, record::seeds),
    ("token", texts::token, texts::token_seeds),
    ("enrolment_code", texts::code, texts::code_seeds),
];
