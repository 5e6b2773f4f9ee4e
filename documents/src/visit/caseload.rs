//! Visits that are due over a caseload, person by person: the same for a device, which asks its own rows, and for a page.
//!
//! The schedule is a health visitor's: its windows are counted for children with an open card in such a team of the reader's.
//! What is agreed is due in any team of theirs. Every card of a person that may be seen takes part: a visit that another team
//! held fills its window, and where one of them says that the child died, nobody is reminded.

use super::schedule::{Contact, Due, Schedule, Standing, Subject, due};
use crate::{
    contact::{ContactStatus, Statuses},
    growth::Child,
    id::SpaceId,
    template::Templates,
    time::{Moment, UnixMillis},
};
use jiff::civil::Date;
use std::collections::HashMap;

/// The stored kind of a planned contact among the visits of a case.
const KIND_CONTACT: i64 = 3;

/// Of what a card reminds the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reminds {
    /// Of nothing: it is another team's.
    Nothing,
    /// Of what is agreed: it is a team's of theirs.
    Agreements,
    /// Of the schedule's windows as well: that team visits by it.
    Windows,
}

/// A card of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseCard {
    /// Its case.
    pub case: SpaceId,
    /// What visits are counted from.
    pub subject: Subject,
    /// Of what it reminds.
    pub reminds: Reminds,
}

/// A visit that is due, and in which case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseDue {
    /// The case.
    pub case: SpaceId,
    /// The visit.
    pub due: Due,
}

/// What is asked of the schedule.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The windows.
    pub schedule: &'a Schedule,
    /// What visits are called.
    pub templates: &'a Templates,
    /// The day.
    pub day: Date,
}

impl Asked<'_> {
    fn due(&self, subject: &Subject, contacts: &[Contact]) -> Vec<Due> {
        due(self.schedule, self.templates, subject, contacts, self.day)
    }

    /// What is due of one person, from every card of theirs that may be seen and the contacts of each case. Two cards that
    /// say the same are reminded of once.
    #[must_use]
    pub fn of_person(
        &self,
        cards: &[CaseCard],
        contacts: &HashMap<SpaceId, Vec<Contact>>,
    ) -> Vec<CaseDue> {
        let is_mine = |card: &&CaseCard| !card.subject.closed && card.reminds != Reminds::Nothing;
        let mine: Vec<&CaseCard> = cards.iter().filter(is_mine).collect();
        if mine.is_empty() || cards.iter().any(|card| card.subject.is_over) {
            return Vec::new();
        }
        let all: Vec<Contact> = cards
            .iter()
            .filter_map(|card| contacts.get(&card.case))
            .flatten()
            .cloned()
            .collect();
        let mut told = Vec::new();
        for card in mine.iter().filter(|card| card.reminds == Reminds::Windows) {
            let windows = self.due(&filled_in(card, cards), &all);
            add(
                &mut told,
                card,
                windows.into_iter().filter(|one| one.agreed.is_none()),
            );
        }
        for card in &mine {
            // What is agreed is due where it is agreed, also when the visit that kept it was held elsewhere.
            let here = contacts.get(&card.case).map_or(&[][..], Vec::as_slice);
            let is_agreed = |one: &&Contact| one.standing == Standing::Agreed;
            if !here.iter().any(|one| is_agreed(&one)) {
                continue;
            }
            let held = all.iter().filter(|one| one.standing == Standing::Held);
            let known: Vec<Contact> = held.chain(here.iter().filter(is_agreed)).cloned().collect();
            let agreed = self.due(&filled_in(card, cards), &known);
            add(
                &mut told,
                card,
                agreed.into_iter().filter(|one| one.agreed.is_some()),
            );
        }
        told
    }
}

/// A card with what it does not say taken from the others, as far as they agree.
fn filled_in(card: &CaseCard, cards: &[CaseCard]) -> Subject {
    let all: Vec<Child> = cards.iter().map(|one| one.subject.child).collect();
    let (all, own) = (Child::of_cards(&all), card.subject.child);
    Subject {
        child: Child {
            sex: own.sex.or(all.sex),
            birth_date: own.birth_date.or(all.birth_date),
            due_date: own.due_date.or(all.due_date),
            gestational_days: own.gestational_days.or(all.gestational_days),
        },
        ..card.subject
    }
}

/// Adds what is not told of this person yet.
fn add(told: &mut Vec<CaseDue>, card: &CaseCard, due: impl Iterator<Item = Due>) {
    for one in due {
        let is_same = |known: &CaseDue| {
            let known = &known.due;
            (&known.visit_type, known.from, known.until, known.agreed)
                == (&one.visit_type, one.from, one.until, one.agreed)
        };
        if !told.iter().any(is_same) {
            let case = card.case;
            told.push(CaseDue { case, due: one });
        }
    }
}

impl Standing {
    /// Of what a contact's status says. Of several that were written at once, what has still to be done comes first, as in a
    /// list of contacts.
    #[must_use]
    pub fn of(statuses: Statuses) -> Self {
        let has = |status| statuses.has(status);
        if has(ContactStatus::Started) || has(ContactStatus::Held) {
            Self::Held
        } else if has(ContactStatus::Agreed) {
            Self::Agreed
        } else if has(ContactStatus::NotHome) {
            Self::NotAtHome
        } else if has(ContactStatus::Declined) {
            Self::Declined
        } else {
            Self::Cancelled
        }
    }
}

/// The contacts of a case as a store tells them in one text: `kind time offset statuses named visit_type` each, with a blank
/// between its parts and between them, `-` where no kind of visit is said. A planned one that an entry names is the visit
/// that this entry tells of, and left out. None where the text is not of this form.
#[must_use]
pub fn told_contacts(told: &str) -> Option<Vec<Contact>> {
    let mut parts = told.split(' ').filter(|part| !part.is_empty());
    let mut contacts = Vec::new();
    while let Some(kind) = parts.next() {
        let kind: i64 = kind.parse().ok()?;
        let mut number = || -> Option<i64> { parts.next()?.parse().ok() };
        let (at, offset, statuses, named) = (number()?, number()?, number()?, number()?);
        let visit_type = parts.next()?;
        let moment = Moment {
            at: UnixMillis(at),
            offset_minutes: i16::try_from(offset).unwrap_or(0),
        };
        let Some(day) = moment.day().filter(|_| named == 0) else {
            continue;
        };
        contacts.push(Contact {
            visit_type: Some(visit_type.to_owned()).filter(|name| name != "-"),
            day,
            standing: match kind {
                KIND_CONTACT => Standing::of(Statuses::from_bits(statuses)),
                _ => Standing::Held,
            },
        });
    }
    Some(contacts)
}

#[cfg(test)]
mod tests;
