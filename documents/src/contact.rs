//! Planned contacts: how one stands, for device and server alike.
//!
//! A contact says what was agreed and what became of it; that it was written about is told by the entry that names it,
//! and by nothing else. So a visit that was begun or held is seen until its entry is there, also when its author falls
//! ill, and also when somebody cancelled it at the same time.

use crate::{
    id::PractitionerId, reading::Reading, template::Language, time::UnixMillis, value::Value,
};

/// The name of the field that says what became of a contact.
pub const STATUS: &str = "status";
/// The name of the field that says who is to make it.
pub const PRACTITIONER: &str = "practitioner";

/// What a contact's status can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContactStatus {
    /// It was called off.
    Cancelled,
    /// The citizen does not want it.
    Declined,
    /// Nobody was at home.
    NotHome,
    /// It is to take place.
    Agreed,
    /// It took place.
    Held,
    /// It began.
    Started,
}

impl ContactStatus {
    /// Every one, in the order of the template.
    pub const ALL: [Self; 6] = [
        Self::Cancelled,
        Self::Declined,
        Self::NotHome,
        Self::Agreed,
        Self::Held,
        Self::Started,
    ];

    /// Its code in documents.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Declined => "declined",
            Self::NotHome => "not_home",
            Self::Agreed => "agreed",
            Self::Held => "held",
            Self::Started => "started",
        }
    }

    /// The status of this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    const fn bit(self) -> i64 {
        match self {
            Self::Cancelled => 1,
            Self::Declined => 2,
            Self::NotHome => 4,
            Self::Agreed => 8,
            Self::Held => 16,
            Self::Started => 32,
        }
    }
}

/// What a contact's status says: every value that stands, concurrent ones included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statuses(i64);

impl Statuses {
    /// Something still has to be done about a contact of which one of these stands, as they are kept in rows.
    pub const UNDONE: i64 =
        ContactStatus::Agreed.bit() | ContactStatus::Held.bit() | ContactStatus::Started.bit();
    /// A contact of which one of these stands took place.
    const TOOK_PLACE: i64 = ContactStatus::Held.bit() | ContactStatus::Started.bit();

    /// What a contact's reading says. One that says nothing, or what is not known here, is to take place as far as
    /// anybody knows.
    #[must_use]
    pub fn of(reading: &Reading) -> Self {
        let values = reading
            .field(STATUS)
            .map_or(&[][..], |field| field.values());
        let of_value = |value: &Value| match value {
            Value::Code(code) => ContactStatus::from_code(code),
            _ => None,
        };
        let statuses = values
            .iter()
            .map(|one| of_value(&one.value).unwrap_or(ContactStatus::Agreed).bit())
            .fold(0, |all, bit| all | bit);
        Self::from_bits(statuses)
    }

    /// As they are kept in rows.
    #[must_use]
    pub const fn bits(self) -> i64 {
        self.0
    }

    /// From what a row keeps.
    #[must_use]
    pub const fn from_bits(bits: i64) -> Self {
        match bits {
            0 => Self(ContactStatus::Agreed.bit()),
            bits => Self(bits),
        }
    }

    /// Whether this one stands, alone or among others.
    #[must_use]
    pub const fn has(self, status: ContactStatus) -> bool {
        self.0 & status.bit() != 0
    }
}

impl From<ContactStatus> for Statuses {
    fn from(status: ContactStatus) -> Self {
        Self(status.bit())
    }
}

/// Who is to make a contact, where one is named.
#[must_use]
pub fn made_by(reading: &Reading) -> Option<PractitionerId> {
    match reading.value(PRACTITIONER) {
        Some(Value::Reference(id)) => Some(PractitionerId(*id)),
        _ => None,
    }
}

/// How a planned contact stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContactStanding {
    /// It is to come.
    Agreed,
    /// Its time has passed, and nobody said what became of it.
    Overdue,
    /// It was begun or held, and no entry in its case names it.
    NoteMissing,
    /// An entry in its case names it.
    Held,
    /// Nobody was at home.
    NotHome,
    /// The citizen does not want it.
    Declined,
    /// It was called off.
    Cancelled,
}

impl ContactStanding {
    /// How a contact stands at a time: from what its status says, when it is planned for, and whether an entry in its
    /// case names it. Of several values at once, what has still to be done comes first.
    #[must_use]
    pub const fn of(
        statuses: Statuses,
        planned_at: UnixMillis,
        is_named: bool,
        now: UnixMillis,
    ) -> Self {
        if is_named {
            Self::Held
        } else if statuses.0 & Statuses::TOOK_PLACE != 0 {
            Self::NoteMissing
        } else if statuses.has(ContactStatus::Agreed) {
            match planned_at.0 < now.0 {
                true => Self::Overdue,
                false => Self::Agreed,
            }
        } else if statuses.has(ContactStatus::NotHome) {
            Self::NotHome
        } else if statuses.has(ContactStatus::Declined) {
            Self::Declined
        } else {
            Self::Cancelled
        }
    }

    /// Its code: stable, lower case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::Overdue => "overdue",
            Self::NoteMissing => "note_missing",
            Self::Held => "held",
            Self::NotHome => "not_home",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
        }
    }

    /// What people read.
    #[must_use]
    pub const fn label(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Agreed, Language::Danish) => "Aftalt",
            (Self::Agreed, Language::English) => "Agreed",
            (Self::Overdue, Language::Danish) => "Tiden er gået",
            (Self::Overdue, Language::English) => "Time has passed",
            (Self::NoteMissing, Language::Danish) => "Notat mangler",
            (Self::NoteMissing, Language::English) => "Note missing",
            (Self::Held, Language::Danish) => "Gennemført",
            (Self::Held, Language::English) => "Held",
            (Self::NotHome, Language::Danish) => "Ikke hjemme",
            (Self::NotHome, Language::English) => "Not at home",
            (Self::Declined, Language::Danish) => "Fravalgt",
            (Self::Declined, Language::English) => "Declined",
            (Self::Cancelled, Language::Danish) => "Aflyst",
            (Self::Cancelled, Language::English) => "Cancelled",
        }
    }

    /// Whether it is still to be made, as far as anybody said: of a card that is closed nobody is reminded of it.
    #[must_use]
    pub const fn is_to_come(self) -> bool {
        matches!(self, Self::Agreed | Self::Overdue)
    }
}

#[cfg(test)]
mod tests;
