//! What is typed into an entry: the story's words and measurements in the fields of its template.

use super::{PlannedField, Typed, entries::Subject};
use crate::demo::{
    content::{About, AgeGroup, EntryKind, FactorContent, Prose, StoryEntry},
    people::fill,
};

/// The template of a story's entry, and its fields.
pub(super) fn story_fields(
    entry: &StoryEntry,
    subject: &Subject<'_>,
) -> (&'static str, Vec<PlannedField>) {
    let template = match (entry.template, entry.about) {
        (EntryKind::Factors, _) => {
            let factors = entry.factors.iter();
            return (
                "factor_assessment",
                factors.map(|one| factor(one, subject)).collect(),
            );
        }
        (EntryKind::Note, _) => "note",
        (EntryKind::Visit, About::Child) => "home_visit",
        (EntryKind::Visit, _) => "parent_visit",
    };
    let mut fields = Vec::new();
    let measurements = [
        ("visit_type", &entry.visit_type),
        ("weight", &entry.weight),
        ("height", &entry.height),
        ("head_circumference", &entry.head_circumference),
    ];
    for (field, said) in measurements {
        if let Some(said) = said {
            fields.push(PlannedField::new(field, Typed::Said(said.clone())));
        }
    }
    let nutrition = if subject.child.age == AgeGroup::School
        || entry.visit_type.as_deref() == Some("school_entry")
    {
        "nutrition_school"
    } else {
        "nutrition_infant"
    };
    for (indicator, place) in &entry.codes {
        let field = if indicator == "nutrition" {
            nutrition
        } else {
            indicator.as_str()
        };
        fields.push(PlannedField::new(field, Typed::Place(*place)));
    }
    fields.extend(prose_fields(template, &entry.prose, subject));
    (template, fields)
}

fn factor(one: &FactorContent, subject: &Subject<'_>) -> PlannedField {
    let words = fill(&one.factor, subject.child, subject.family);
    let item = [
        ("factor", &words),
        ("domain", &one.domain),
        ("effect", &one.effect),
        ("strength", &one.strength),
    ];
    let item = item.map(|(field, said)| PlannedField::new(field, Typed::Said(said.clone())));
    PlannedField::new("factors", Typed::Item(item.into()))
}

/// The words of an entry in the fields of its template. A note has one field for what was seen and what is strong.
pub(super) fn prose_fields(
    template: &str,
    prose: &Prose,
    subject: &Subject<'_>,
) -> Vec<PlannedField> {
    let filled = |text: &String| fill(text, subject.child, subject.family);
    let is_note = template == "note";
    let mut fields = Vec::new();
    let contact = prose
        .contact
        .clone()
        .or_else(|| (!is_note).then(|| "home".to_owned()));
    for (field, said) in [
        ("subject_line", prose.subject.as_ref().map(filled)),
        ("contact_form", contact),
    ] {
        if let Some(said) = said.filter(|_| is_note || field != "subject_line") {
            fields.push(PlannedField::new(field, Typed::Said(said)));
        }
    }
    if let Some(informant) = &prose.informant {
        let item = vec![PlannedField::new(
            "informant",
            Typed::Said(informant.clone()),
        )];
        fields.push(PlannedField::new("informants", Typed::Item(item)));
    }
    let strengths = prose.strengths.as_ref().map(filled);
    let seen = prose.seen.as_ref().or(prose.text.as_ref()).map(filled);
    let (seen, strengths) = match (is_note, seen, strengths) {
        (true, Some(seen), Some(strengths)) => {
            (Some(format!("{seen}\n\nStyrker: {strengths}")), None)
        }
        (_, seen, strengths) => (seen, strengths),
    };
    let parents = if template == "parent_visit" {
        "parent_view"
    } else {
        "parents_view"
    };
    for (field, text) in [
        (if is_note { "text" } else { "seen" }, seen),
        ("understood", prose.understood.as_ref().map(filled)),
        ("strengths", strengths),
        ("child_words", prose.child.as_ref().map(filled)),
        (parents, prose.parents.as_ref().map(filled)),
        ("agreed_next", prose.agreements.as_ref().map(filled)),
    ] {
        if let Some(text) = text {
            fields.push(PlannedField::new(field, Typed::Prose(text)));
        }
    }
    fields
}
