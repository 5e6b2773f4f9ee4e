//! What stands on a citizen's card.

use super::{PlannedField, Typed};
use crate::demo::{
    content::Sex,
    people::{Child, Citizen, Family},
};

fn said(field: &str, text: impl Into<String>) -> PlannedField {
    PlannedField::new(field, Typed::Said(text.into()))
}

fn citizen(citizen: &Citizen, kind: &str, sex: &str, with_cpr: bool) -> Vec<PlannedField> {
    let mut fields = vec![
        said("name", citizen.name()),
        said("kind", kind),
        said("birth_date", citizen.born.to_string()),
        said("sex", sex),
    ];
    if with_cpr {
        fields.push(said("cpr", citizen.cpr.clone()));
    }
    fields
}

/// A child's card. Without a CPR number when the team has not been told it.
pub(super) fn child(child: &Child, family: &Family, with_cpr: bool) -> Vec<PlannedField> {
    let sex = if child.citizen.sex == Sex::Female {
        "girl"
    } else {
        "boy"
    };
    let mut fields = citizen(&child.citizen, "child", sex, with_cpr);
    fields.push(said("address", family.street.clone()));
    for parent in &family.parents {
        fields.push(relation("custody", None, parent));
    }
    if let Some(parent) = family.parents.first() {
        let contact = vec![
            said("who", parent.given.clone()),
            said("phone", family.phone.clone()),
        ];
        fields.push(PlannedField::new("contacts", Typed::Item(contact)));
    }
    fields
}

/// A parent's card, related to the child's case in the same team.
pub(super) fn parent(parent: &Citizen, child: &Child, child_case: usize) -> Vec<PlannedField> {
    let sex = if parent.sex == Sex::Female {
        "woman"
    } else {
        "man"
    };
    let mut fields = citizen(parent, "parent", sex, true);
    fields.push(relation("custody", Some(child_case), &child.citizen));
    fields
}

/// A relation to a person, and to their case where there is one in the team.
pub(super) fn relation(relation: &str, case: Option<usize>, to: &Citizen) -> PlannedField {
    let mut item = vec![said("relation", relation), said("name", to.name())];
    if let Some(case) = case {
        item.push(PlannedField::new("case", Typed::Case(case)));
    }
    PlannedField::new("relations", Typed::Item(item))
}
