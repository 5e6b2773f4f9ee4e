//! What a visit must carry and does not: derived, shown, never a reason to refuse.

use super::{FieldReading, FieldState, Reading};
use crate::{
    template::{Field, Templates},
    time::UnixMillis,
    value::{MissingReason, Value},
};

/// How long after it happened a contact may lack what it must carry before that is overdue: two days of 24 hours.
pub const COMPLETE_WITHIN_MILLIS: i64 = 2 * 24 * 60 * 60 * 1000;

/// Which of the guide's two readings of "must" is asked; they differ in two places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guide {
    /// What its words say: what people follow.
    Text,
    /// What its rules check: what a delivery is held to.
    Machine,
}

/// What stands in a field that a contact must carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filling {
    /// A value.
    Value,
    /// A reason why there is none.
    Reason(MissingReason),
    /// Values in conflict, or something that breaks the template: written, and not settled.
    Unsettled,
    /// Nothing.
    Open,
}

impl Filling {
    fn of(field: Option<&FieldReading>) -> Self {
        match field.map(|field| (&field.state, field.is_invalid())) {
            None | Some((FieldState::Empty, _)) => Self::Open,
            Some((FieldState::One(one), false)) => match one.value {
                Value::Missing(reason) => Self::Reason(reason),
                _ => Self::Value,
            },
            Some((FieldState::Text { .. } | FieldState::Items(_), false)) => Self::Value,
            Some(_) => Self::Unsettled,
        }
    }

    /// Whether somebody has still to write something: nothing stands there, or that it is to be written.
    #[must_use]
    pub const fn is_outstanding(self) -> bool {
        matches!(
            self,
            Self::Open | Self::Reason(MissingReason::NotYetWritten)
        )
    }
}

/// A field that a contact must carry, and what stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Required<'a> {
    /// The field.
    pub field: &'a Field,
    /// What stands in it.
    pub filling: Filling,
}

/// How a contact stands by what it must carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// Nothing is outstanding. So it is for a contact that must carry nothing.
    Complete,
    /// Something is outstanding, and there is time until then.
    Until(UnixMillis),
    /// Something is outstanding since the time for it ran out.
    OverdueSince(UnixMillis),
    /// Something is outstanding of a contact that does not say when it happened.
    Undated,
}

/// Whether something of a contact is outstanding, by each reading of the guide, as a row of a list keeps it: so a list
/// tells how its contacts stand at any time without reading them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outstanding(i64);

impl Outstanding {
    const UNDATED: i64 = 4;

    /// What a reading says. Of a draft that was discarded nothing is.
    #[must_use]
    pub fn of(reading: &Reading, templates: &Templates) -> Self {
        let guides = [Guide::Text, Guide::Machine].into_iter();
        let outstanding = guides.filter(|guide| reading.is_outstanding(templates, *guide));
        let bits = outstanding.fold(0, |all, guide| all | Self::bit(guide));
        match (reading.discarded, bits, reading.occurred_at) {
            (true, ..) | (_, 0, _) => Self(0),
            (_, bits, Some(_)) => Self(bits),
            (_, bits, None) => Self(bits | Self::UNDATED),
        }
    }

    /// The bit of a reading of the guide.
    #[must_use]
    pub const fn bit(guide: Guide) -> i64 {
        match guide {
            Guide::Text => 1,
            Guide::Machine => 2,
        }
    }

    /// As a row keeps it; none when nothing is outstanding.
    #[must_use]
    pub fn bits(self) -> Option<i64> {
        (self.0 != 0).then_some(self.0)
    }

    /// From what a row keeps.
    #[must_use]
    pub fn from_bits(bits: Option<i64>) -> Self {
        Self(bits.unwrap_or(0))
    }

    /// How the contact stands at `now`, by when its row says that it happened.
    #[must_use]
    pub const fn completeness(
        self,
        guide: Guide,
        occurred_at: UnixMillis,
        now: UnixMillis,
    ) -> Completeness {
        if self.0 & Self::bit(guide) == 0 {
            Completeness::Complete
        } else if self.0 & Self::UNDATED != 0 {
            Completeness::Undated
        } else {
            Completeness::outstanding(occurred_at, now)
        }
    }
}

impl Completeness {
    const fn outstanding(occurred_at: UnixMillis, now: UnixMillis) -> Self {
        let due = occurred_at.plus(COMPLETE_WITHIN_MILLIS);
        if now.0 > due.0 {
            Self::OverdueSince(due)
        } else {
            Self::Until(due)
        }
    }
}

impl Reading {
    /// The template's fields that this contact must carry, in the guide's order, each with what stands in it. Only a
    /// contact face to face must carry any; a contact whose type or form is not settled says nothing yet. What belongs
    /// to the other record (a parent's in the child's) is not asked for here.
    #[must_use]
    pub fn required<'a>(&self, templates: &'a Templates, guide: Guide) -> Vec<Required<'a>> {
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
            .map(|field| Required {
                field,
                filling: Filling::of(self.field(&field.name)),
            })
            .collect()
    }

    fn is_outstanding(&self, templates: &Templates, guide: Guide) -> bool {
        let required = self.required(templates, guide);
        required.iter().any(|one| one.filling.is_outstanding())
    }

    /// Whether something of that is outstanding at `now`, and since or until when. The clock runs from when the contact
    /// happened. "Not yet written" keeps it running: it says that somebody has still to write.
    #[must_use]
    pub fn completeness(
        &self,
        templates: &Templates,
        guide: Guide,
        now: UnixMillis,
    ) -> Completeness {
        match (self.is_outstanding(templates, guide), self.occurred_at) {
            (false, _) => Completeness::Complete,
            (true, None) => Completeness::Undated,
            (true, Some(occurred)) => Completeness::outstanding(occurred.at, now),
        }
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
mod tests;
