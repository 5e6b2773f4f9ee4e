//! A case's card as programs use it: who the citizen is, as this team knows them.

use crate::{
    cpr::Cpr,
    id::SpaceId,
    reading::{FieldReading, FieldState, Reading},
    value::Value,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What kind of citizen a card is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CitizenKind {
    /// A child, born or expected.
    Child,
    /// A parent, with a record of their own.
    Parent,
}

/// How two citizens belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// Holds custody, or is held in custody.
    Custody,
    /// Lives with.
    LivesWith,
    /// Expects a child.
    Expects,
    /// Sibling.
    Sibling,
}

impl RelationKind {
    /// Its code in documents.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Custody => "custody",
            Self::LivesWith => "lives_with",
            Self::Expects => "expects",
            Self::Sibling => "sibling",
        }
    }

    /// Whether it says that a parent and a child belong together.
    #[must_use]
    pub const fn is_of_parent(self) -> bool {
        matches!(self, Self::Custody | Self::LivesWith | Self::Expects)
    }
}

/// One relation, from this card's citizen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// How they belong together.
    pub kind: RelationKind,
    /// The other's case in this team, where there is one.
    pub case: Option<SpaceId>,
    /// The other's name, where it was typed.
    pub name: Option<String>,
}

/// What a card says, as far as its values are settled. A value in conflict is none here, but a name: concurrent names
/// stand side by side, so that a list is never nameless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardView {
    /// The citizen's name; empty when none was typed.
    pub name: String,
    /// Child or parent.
    pub kind: CitizenKind,
    /// The CPR number, when there is one.
    pub cpr: Option<Cpr>,
    /// The day of birth.
    pub birth_date: Option<Date>,
    /// The day the child is due.
    pub due_date: Option<Date>,
    /// Cases that are the same person.
    pub same_as: Vec<SpaceId>,
    /// Who belongs to the citizen.
    pub relations: Vec<Relation>,
    /// The language spoken at home.
    pub language: Option<String>,
    /// Whether an interpreter is needed.
    pub interpreter: Option<bool>,
    /// Whether name and address are protected. A conflict counts as protected.
    pub protected_address: bool,
    /// Whether the card is closed: no reminders.
    pub closed: bool,
}

impl CardView {
    /// What a card's reading says. Of any other reading: an empty view.
    #[must_use]
    pub fn of(reading: &Reading) -> Self {
        let date = |name| match reading.value(name) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        };
        let text = |name| match reading.value(name) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let kind = match reading.value("kind") {
            Some(Value::Code(code)) if code == "parent" => CitizenKind::Parent,
            _ => CitizenKind::Child,
        };
        let interpreter = match reading.value("interpreter") {
            Some(Value::Boolean(yes)) => Some(*yes),
            _ => None,
        };
        Self {
            name: reading.field("name").map(all_texts).unwrap_or_default(),
            kind,
            cpr: text("cpr").and_then(|cpr| Cpr::parse(&cpr).ok()),
            birth_date: date("birth_date"),
            due_date: date("due_date"),
            same_as: reading
                .items("same_as")
                .filter_map(|item| case_in(item.value("case")))
                .collect(),
            relations: reading.items("relations").filter_map(relation).collect(),
            language: text("language"),
            interpreter,
            protected_address: says_yes(reading.field("protected_address")),
            closed: matches!(reading.value("closed"), Some(Value::Code(code)) if code != "open"),
        }
    }
}

/// Every text of a field, side by side.
fn all_texts(field: &FieldReading) -> String {
    let texts = field
        .values()
        .iter()
        .filter_map(|value| match &value.value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        });
    texts.collect::<Vec<_>>().join(" / ")
}

fn says_yes(field: Option<&FieldReading>) -> bool {
    field.is_some_and(|field| match &field.state {
        FieldState::Conflict { .. } | FieldState::Invalid { .. } => true,
        _ => field
            .shown()
            .is_some_and(|value| value.value == Value::Boolean(true)),
    })
}

const fn case_in(value: Option<&Value>) -> Option<SpaceId> {
    match value {
        Some(Value::Reference(id)) => Some(SpaceId(*id)),
        _ => None,
    }
}

fn relation(item: &crate::reading::ItemReading) -> Option<Relation> {
    let kind = match item.value("relation") {
        Some(Value::Code(code)) => match code.as_str() {
            "custody" => RelationKind::Custody,
            "lives_with" => RelationKind::LivesWith,
            "expects" => RelationKind::Expects,
            "sibling" => RelationKind::Sibling,
            _ => return None,
        },
        _ => return None,
    };
    let name = match item.value("name") {
        Some(Value::Text(name)) => Some(name.clone()),
        _ => None,
    };
    Some(Relation {
        kind,
        case: case_in(item.value("case")),
        name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::Edit,
        testing::{code, exchange, replicas, set, text},
    };
    use uuid::Uuid;

    fn item(field: &str, id: u128, values: &[(&str, Value)]) -> Edit {
        let values = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        Edit::AddItem {
            field: field.to_owned(),
            item: Uuid::from_u128(id),
            values,
        }
    }

    #[test]
    fn a_card_says_who_the_citizen_is() {
        let mother = Uuid::from_u128(77);
        let all = replicas(
            1,
            "card",
            vec![
                set("name", text("Emma Sørensen")),
                set("cpr", text("230126-4000")),
                set("birth_date", Value::Date(jiff::civil::date(2026, 1, 23))),
                set("language", text("dansk")),
                set("interpreter", Value::Boolean(false)),
                item(
                    "relations",
                    1,
                    &[
                        ("relation", code("custody")),
                        ("case", Value::Reference(mother)),
                    ],
                ),
                item(
                    "relations",
                    2,
                    &[("relation", code("sibling")), ("name", text("Noah"))],
                ),
                item(
                    "same_as",
                    3,
                    &[("case", Value::Reference(Uuid::from_u128(88)))],
                ),
            ],
        );
        let card = CardView::of(&all[0].reading());
        assert_eq!(
            (card.name.as_str(), card.kind, card.closed),
            ("Emma Sørensen", CitizenKind::Child, false)
        );
        assert_eq!(card.cpr.unwrap().as_str(), "230126-4000");
        assert_eq!(card.birth_date, Some(jiff::civil::date(2026, 1, 23)));
        assert_eq!(card.same_as, [SpaceId(Uuid::from_u128(88))]);
        let custody = Relation {
            kind: RelationKind::Custody,
            case: Some(SpaceId(mother)),
            name: None,
        };
        let sibling = Relation {
            kind: RelationKind::Sibling,
            case: None,
            name: Some("Noah".to_owned()),
        };
        assert_eq!(card.relations, [custody, sibling]);
        assert!(!card.protected_address);
    }

    #[test]
    fn concurrent_names_stand_side_by_side_a_number_in_conflict_is_none_and_doubt_protects() {
        let mut all = replicas(2, "card", vec![set("kind", code("parent"))]);
        for (replica, name, cpr, protected) in [
            (0, "Mia", "230190-4000", true),
            (1, "Maja", "230190-4002", false),
        ] {
            let edits = [
                set("name", text(name)),
                set("cpr", text(cpr)),
                set("protected_address", Value::Boolean(protected)),
            ];
            all[replica].edit(&edits).unwrap();
        }
        all[0].edit(&[set("closed", code("open"))]).unwrap();
        all[1].edit(&[set("closed", code("died"))]).unwrap();
        exchange(&mut all);
        let card = CardView::of(&all[0].reading());
        assert_eq!(
            (card.name.as_str(), card.kind, card.cpr),
            ("Mia / Maja", CitizenKind::Parent, None)
        );
        assert!(card.protected_address);
        assert!(card.closed, "the worst is shown until a person chooses");
    }

    #[test]
    fn what_is_no_card_says_nothing() {
        let all = replicas(1, "note", vec![set("text", text("x"))]);
        let card = CardView::of(&all[0].reading());
        assert!(card.name.is_empty() && card.cpr.is_none() && card.relations.is_empty());
    }
}
