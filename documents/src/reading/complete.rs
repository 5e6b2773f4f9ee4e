//! What a visit must carry and does not: derived, shown, never a reason to refuse.

use super::{FieldReading, FieldState, Reading};
use crate::{
    template::{Field, Templates},
    value::Value,
};

/// Which of the guide's two readings of "must" is asked; they differ in two places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guide {
    /// What its words say: what people follow.
    Text,
    /// What its rules check: what a delivery is held to.
    Machine,
}

impl Reading {
    /// The template's fields that this contact must carry and that hold neither a value nor a reason. Only a contact
    /// face to face must carry any; a contact whose type or form is not settled says nothing yet. What belongs to
    /// the other record (a parent's in the child's) is not asked for here.
    #[must_use]
    pub fn incomplete<'a>(&self, templates: &'a Templates, guide: Guide) -> Vec<&'a Field> {
        let (Some(template), Some(kl)) = (self.template(templates), templates.kl()) else {
            return Vec::new();
        };
        let face_to_face = self
            .code("contact_form")
            .is_some_and(|form| kl.face_to_face(form));
        let visit = template.field("visit_type").and_then(|field| {
            let code = self.code("visit_type")?;
            field
                .codes()
                .iter()
                .find(|known| known.code == code)?
                .name
                .as_deref()
        });
        let Some(visit) = visit.filter(|_| face_to_face) else {
            return Vec::new();
        };
        let school = ["school_entry", "middle_school_measured", "school_leaving"].contains(&visit);
        let required = kl.mandatory().iter().filter(|mandatory| match guide {
            Guide::Text => mandatory.text.iter().any(|one| one == visit),
            Guide::Machine => mandatory.machine.iter().any(|one| one == visit),
        });
        let fields = required.filter_map(|mandatory| match (mandatory.what.as_str(), school) {
            ("nutrition", true) => template.field("nutrition_school"),
            ("nutrition", false) => template.field("nutrition_infant"),
            (what, _) => template.field(what),
        });
        fields
            .filter(|field| self.field(&field.name).is_none_or(FieldReading::is_empty))
            .collect()
    }

    fn code(&self, name: &str) -> Option<&str> {
        match self.value(name) {
            Some(Value::Code(code)) => Some(code),
            _ => None,
        }
    }
}

impl FieldReading {
    /// Whether nothing was written.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        matches!(self.state, FieldState::Empty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        template::Language,
        testing::{grams, replicas, set},
        value::MissingReason,
    };

    fn typed(template: &str, field: &str, said: &str) -> crate::document::Edit {
        let field = Templates::built_in()
            .latest(template)
            .unwrap()
            .field(field)
            .unwrap();
        set(
            &field.name,
            Value::parse(field, said, Language::Danish).unwrap(),
        )
    }

    fn missing(template: &str, visit: &str, form: &str, guide: Guide) -> Vec<String> {
        let edits = vec![
            typed(template, "visit_type", visit),
            typed(template, "contact_form", form),
        ];
        let reading = replicas(1, template, edits)[0].reading();
        reading
            .incomplete(Templates::built_in(), guide)
            .iter()
            .map(|field| field.name.clone())
            .collect()
    }

    #[test]
    fn a_visit_must_carry_what_the_guide_says_for_its_type_when_it_is_face_to_face() {
        use Guide::{Machine, Text};
        let first = ["parent_child_relation", "weight", "nutrition_infant"];
        assert_eq!(missing("home_visit", "postnatal", "home", Text), first);
        assert_eq!(missing("home_visit", "postnatal", "phone", Text), [""; 0]);
        let leaving = missing("home_visit", "school_leaving", "facility", Text);
        assert!(
            leaving.contains(&"nicotine".to_owned())
                && leaving.contains(&"nutrition_school".to_owned())
        );
        assert_eq!(
            missing("parent_visit", "pregnancy", "home", Text),
            ["parent_mental_state", "parent_vulnerability", "network"]
        );
        // The two places where words and rules differ.
        let has = |visit, what: &str, guide| {
            missing("home_visit", visit, "home", guide).contains(&what.to_owned())
        };
        assert!(
            has("months_8_11", "parent_child_relation", Text)
                && !has("months_8_11", "parent_child_relation", Machine)
        );
        assert!(
            !has("other_first_month", "communication", Text)
                && has("other_first_month", "communication", Machine)
        );
    }

    #[test]
    fn a_value_or_a_reason_completes_it() {
        let edits = vec![
            typed("home_visit", "visit_type", "postnatal"),
            typed("home_visit", "contact_form", "home"),
            set("weight", grams(3450)),
            set(
                "parent_child_relation",
                Value::Missing(MissingReason::NotDone),
            ),
        ];
        let reading = replicas(1, "home_visit", edits)[0].reading();
        let missing = reading.incomplete(Templates::built_in(), Guide::Text);
        assert_eq!(
            missing
                .iter()
                .map(|field| field.name.as_str())
                .collect::<Vec<_>>(),
            ["nutrition_infant"]
        );
    }
}
