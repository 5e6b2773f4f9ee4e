//! What is worth a second look in what was typed. A true value may be unusual: it is told, never refused.

use crate::{output::Output, words::W};
use samspor_documents::{
    document::Edit,
    template::{Field, Template},
    value::{Value, Warning},
};
use serde_json::{Value as Json, json};

/// One thing to look at twice.
pub struct Notice {
    field: Field,
    unit: String,
    warning: Warning,
}

/// What is unusual in the values that are about to be written.
pub fn unusual(edits: &[Edit], template: &Template) -> Vec<Notice> {
    edits
        .iter()
        .filter_map(|edit| match edit {
            Edit::Set { field, value } => Some((template.field(field)?, value)),
            _ => None,
        })
        .flat_map(|(field, value)| of_value(field, value))
        .collect()
}

/// What is unusual in one value.
pub fn of_value(field: &Field, value: &Value) -> Vec<Notice> {
    let unit = match value {
        Value::Quantity { unit, .. } => unit.as_str(),
        _ => "",
    };
    let notice = |warning| Notice {
        field: field.clone(),
        unit: unit.to_owned(),
        warning,
    };
    value.warnings(field).into_iter().map(notice).collect()
}

impl Notice {
    /// `{"field","kind","unit", …}`.
    pub fn json(&self) -> Json {
        let (field, unit) = (&self.field.name, &self.unit);
        match &self.warning {
            Warning::Unusual { least, most } => {
                json!({"field": field, "kind": "unusual", "unit": unit, "least": least, "most": most})
            }
            Warning::Decimals { most } => {
                json!({"field": field, "kind": "decimals", "unit": unit, "most": most})
            }
        }
    }

    /// The sentence for a person.
    pub fn text(&self, out: &Output) -> String {
        let language = out.lang.into();
        let label = self.field.labels.get(language);
        match &self.warning {
            Warning::Unusual { least, most } => {
                let range = format!(
                    "{} – {} {}",
                    least.display(language),
                    most.display(language),
                    self.unit
                );
                out.say(W::UNUSUAL, &[("field", label), ("range", &range)])
            }
            Warning::Decimals { most } => out.say(
                W::MANY_DECIMALS,
                &[("field", label), ("most", &most.to_string())],
            ),
        }
    }
}
