//! A template's kind as rows have it.

use samspor_documents::template::TemplateKind;

/// The number of planned contacts in rows.
pub(crate) const CONTACT: i64 = 3;

/// The number of a template's kind in rows.
pub(crate) const fn kind_number(kind: TemplateKind) -> i64 {
    match kind {
        TemplateKind::Card => 0,
        TemplateKind::Entry => 1,
        TemplateKind::Reflection => 2,
        TemplateKind::PlannedContact => CONTACT,
    }
}

/// The kind of a number in rows.
pub(crate) const fn kind_of(number: i64) -> TemplateKind {
    match number {
        0 => TemplateKind::Card,
        2 => TemplateKind::Reflection,
        CONTACT => TemplateKind::PlannedContact,
        _ => TemplateKind::Entry,
    }
}
