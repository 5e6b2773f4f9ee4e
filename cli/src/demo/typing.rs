//! From what a person types to an edit of a document, and to what the journal notes of it.

use super::{
    journal::{Place, What},
    plan::{PlannedField, Spot, Typed},
};
use samspor_documents::{
    document::{Edit, Splice},
    id::{DocumentId, SpaceId},
    reading::{FieldState, Reading},
    template::{Field, Language, Template},
    value::{InputError, Value},
};
use uuid::Uuid;

/// A plan that does not fit the templates.
#[derive(Debug, thiserror::Error)]
pub enum TypingError {
    #[error("the demo types into a field that its template lacks: {0}")]
    Field(String),
    #[error("the demo names a case that was not opened")]
    Case,
    #[error("the demo's value is refused")]
    Value(#[from] InputError),
}

/// An edit and what is typed by it, without the document: that may not be begun yet.
pub struct Typing {
    pub edit: Edit,
    noted: Vec<Noted>,
}

enum Noted {
    Value {
        field: String,
        item: Option<(String, String)>,
        value: Value,
    },
    Prose {
        field: String,
        seen: String,
        splice: Splice,
    },
}

/// Where the cases are that a plan names by number.
pub type Cases<'a> = &'a dyn Fn(usize) -> Option<SpaceId>;

fn field_of<'a>(template: &'a Template, name: &str) -> Result<&'a Field, TypingError> {
    template
        .field(name)
        .ok_or_else(|| TypingError::Field(format!("{}.{name}", template.name)))
}

fn value(field: &Field, typed: &Typed, cases: Cases<'_>) -> Result<Value, TypingError> {
    match typed {
        Typed::Prose(text) | Typed::Said(text) => Ok(Value::parse(field, text, Language::Danish)?),
        Typed::Place(place) => {
            let code = field.codes().get(*place);
            let code =
                code.ok_or_else(|| TypingError::Field(format!("{}: code {place}", field.name)))?;
            Ok(Value::Code(code.code.clone()))
        }
        Typed::Case(case) => Ok(Value::Reference(cases(*case).ok_or(TypingError::Case)?.0)),
        Typed::Item(_) => Err(TypingError::Field(field.name.clone())),
    }
}

impl Typing {
    /// A field of a new document, or an item added to one: nothing stood there before.
    pub fn first(
        template: &Template,
        planned: &PlannedField,
        cases: Cases<'_>,
        item: Uuid,
    ) -> Result<Self, TypingError> {
        let field = field_of(template, &planned.field)?;
        match &planned.typed {
            Typed::Prose(text) => Ok(Self::prose(&planned.field, "", 0, text)),
            Typed::Item(values) => {
                let mut typed = Vec::with_capacity(values.len());
                for one in values {
                    let inner = field.item_field(&one.field);
                    let inner = inner.ok_or_else(|| {
                        TypingError::Field(format!("{}.{}", planned.field, one.field))
                    })?;
                    typed.push((one.field.clone(), value(inner, &one.typed, cases)?));
                }
                let noted = typed.iter().map(|(name, value)| Noted::Value {
                    field: planned.field.clone(),
                    item: Some((item.to_string(), name.clone())),
                    value: value.clone(),
                });
                let noted = noted.collect();
                Ok(Self {
                    edit: Edit::AddItem {
                        field: planned.field.clone(),
                        item,
                        values: typed,
                    },
                    noted,
                })
            }
            typed => {
                let value = value(field, typed, cases)?;
                let noted = vec![Noted::Value {
                    field: planned.field.clone(),
                    item: None,
                    value: value.clone(),
                }];
                Ok(Self {
                    edit: Edit::Set {
                        field: planned.field.clone(),
                        value,
                    },
                    noted,
                })
            }
        }
    }

    /// The value that settles a conflict.
    pub fn choice(
        template: &Template,
        planned: &PlannedField,
        cases: Cases<'_>,
    ) -> Result<Self, TypingError> {
        let value = value(field_of(template, &planned.field)?, &planned.typed, cases)?;
        let noted = vec![Noted::Value {
            field: planned.field.clone(),
            item: None,
            value: value.clone(),
        }];
        let edit = Edit::Choose {
            field: planned.field.clone(),
            item: None,
            value,
        };
        Ok(Self { edit, noted })
    }

    /// A paragraph before or after the prose on the screen.
    pub fn paragraph(reading: &Reading, field: &str, spot: Spot, text: &str) -> Self {
        let seen = match reading.field(field).map(|field| &field.state) {
            Some(FieldState::Text { text, .. }) => text.as_str(),
            _ => "",
        };
        match spot {
            Spot::Start => Self::prose(field, seen, 0, &format!("{text}\n\n")),
            Spot::End => Self::prose(field, seen, seen.chars().count(), &format!("\n\n{text}")),
        }
    }

    fn prose(field: &str, seen: &str, at: usize, insert: &str) -> Self {
        let splice = Splice {
            at,
            delete: 0,
            insert: insert.to_owned(),
        };
        let noted = vec![Noted::Prose {
            field: field.to_owned(),
            seen: seen.to_owned(),
            splice: splice.clone(),
        }];
        Self {
            edit: Edit::Text {
                field: field.to_owned(),
                edits: vec![splice],
            },
            noted,
        }
    }

    /// What the journal notes of it. `saw` tells which lines of the journal stood in a place.
    pub fn notes(self, document: DocumentId, saw: impl Fn(&Place) -> Vec<usize>) -> Vec<What> {
        let notes = self.noted.into_iter().map(|noted| match noted {
            Noted::Value { field, item, value } => {
                let place = Place {
                    document,
                    field,
                    item,
                };
                let saw = saw(&place);
                What::Value { place, value, saw }
            }
            Noted::Prose {
                field,
                seen,
                splice,
            } => What::Prose {
                document,
                field,
                seen,
                at: splice.at,
                delete: splice.delete,
                insert: splice.insert,
            },
        });
        notes.collect()
    }
}

/// The values that stand in a place of a document as its reader sees it.
pub fn on_screen(reading: &Reading, place: &Place) -> Vec<Value> {
    let field = reading.field(&place.field);
    let field = match &place.item {
        None => field,
        Some((id, name)) => match field.map(|field| &field.state) {
            Some(FieldState::Items(items)) => items
                .iter()
                .find(|item| item.id.to_string() == *id)
                .and_then(|item| item.field(name)),
            _ => None,
        },
    };
    field.map_or_else(Vec::new, |field| {
        field
            .values()
            .iter()
            .map(|shown| shown.value.clone())
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::{
        calendar::Calendar,
        content::Content,
        plan::{Deed, Plan, Target},
    };
    use samspor_documents::template::Templates;

    /// Every value of the written stories is one that the templates take.
    #[test]
    fn the_plan_fits_the_templates() {
        let templates = Templates::built_in();
        let calendar = Calendar::before(jiff::civil::date(2026, 11, 23)).unwrap();
        let plan = Plan::make(&Content::read().unwrap(), &calendar, 28, 12, 1).unwrap();
        let cases = |_| Some(SpaceId::from_bytes([1; 16]));
        let fits = |template: &str, field: &PlannedField| {
            let template = templates.latest(template).unwrap();
            let typed = Typing::first(template, field, &cases, Uuid::nil());
            assert!(
                typed.is_ok(),
                "{}.{}: {:?}",
                template.name,
                field.field,
                typed.err()
            );
        };
        for case in &plan.cases {
            case.fields.iter().for_each(|field| fits("card", field));
        }
        let mut written = 0;
        for act in &plan.acts {
            match &act.deed {
                Deed::Write {
                    template, fields, ..
                } => fields.iter().for_each(|field| fits(template, field)),
                Deed::Reflect { fields, .. } => fields
                    .iter()
                    .for_each(|field| fits("team_reflection", field)),
                Deed::Type {
                    target: Target::Document(_),
                    field,
                } => fits("home_visit", field),
                Deed::Type { field, .. } => fits("card", field),
                _ => continue,
            }
            written += 1;
        }
        assert!(written > plan.entries);
    }
}
