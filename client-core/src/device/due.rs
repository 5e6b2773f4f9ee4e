//! Visits that are due over the whole caseload, from rows.
//!
//! The schedule is a health visitor's: its windows are counted for children with an open card in such a team of one's
//! own. What is agreed is due in any team of one's own. Every card of a child that may be seen takes part: a visit that
//! another team held fills its window, and where one of them says that the child died, nobody is reminded.

use super::Device;
use crate::{
    clock,
    error::DeviceError,
    store::due::{DueCard, DueFrom, Reach},
    views::{DueFilter, DueRow, ScheduleInForce},
};
use jiff::{ToSpan as _, civil::Date};
use samspor_documents::{
    growth::Child,
    id::{SpaceId, TeamId},
    one_child,
    visit::schedule::{Contact, Due, Schedule, Standing, Subject, due},
};
use samspor_protocol::fact::TeamKind;
use std::{borrow::Cow, collections::HashMap};

/// One's own teams, and whether the schedule is theirs.
type OwnTeams = HashMap<TeamId, bool>;

impl Device {
    /// The visits that are due on a day: the most urgent first.
    ///
    /// # Errors
    /// `NotEnrolled`, or what the store reports.
    pub async fn due(&self, day: Date, filter: DueFilter) -> Result<Vec<DueRow>, DeviceError> {
        let teams = self.teams().await?;
        let own = teams.iter().filter(|team| team.role.is_some());
        let own: OwnTeams = own
            .map(|team| (team.team, team.kind == TeamKind::HealthVisiting))
            .collect();
        let hidden = self.hidden().await?;
        let ScheduleInForce { schedule, .. } = self.visit_schedule().await?;
        let schedule = &*schedule;
        let reach = reach(schedule, day);
        let from = self.inner.store()?.due_from(&reach, &hidden).await?;
        let mut rows = self.told_due(schedule, from, &own, day);
        rows.retain(|row| {
            filter.which.has(row.urgency) && filter.team.is_none_or(|team| team == row.team)
        });
        rows.sort_by(|one, other| {
            let key = |row: &DueRow| (row.urgency, row.agreed.unwrap_or(row.until));
            let of_same_day = || one.citizen.cmp(&other.citizen);
            let order = key(one).cmp(&key(other)).then_with(of_same_day);
            order.then_with(|| one.case.cmp(&other.case))
        });
        rows.truncate(usize::try_from(filter.limit).unwrap_or(usize::MAX));
        Ok(rows)
    }

    /// The visit schedule by which visits are due here: the organisation's own where it has set one, else the one that
    /// ships.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn visit_schedule(&self) -> Result<ScheduleInForce, DeviceError> {
        let file = self.inner.store()?.schedule_file().await?;
        let shipped = |is_own, aside| ScheduleInForce {
            schedule: Cow::Borrowed(Schedule::built_in()),
            is_own,
            aside,
        };
        Ok(match file.map(|text| Schedule::read(&text)) {
            None => shipped(false, None),
            Some(Ok(own)) => ScheduleInForce {
                schedule: Cow::Owned(own),
                is_own: true,
                aside: None,
            },
            Some(Err(error)) => shipped(false, Some(error)),
        })
    }

    fn told_due(
        &self,
        schedule: &Schedule,
        from: DueFrom,
        own: &OwnTeams,
        day: Date,
    ) -> Vec<DueRow> {
        let DueFrom {
            cards,
            links,
            contacts,
        } = from;
        let by_case: HashMap<SpaceId, &DueCard> =
            cards.iter().map(|card| (card.case, card)).collect();
        let templates = self.inner.templates();
        let mut rows = Vec::new();
        for group in one_child::group_linked(by_case.keys().copied(), &links) {
            let cards: Vec<&DueCard> = group
                .iter()
                .filter_map(|case| by_case.get(case).copied())
                .collect();
            let person = Person {
                cards,
                contacts: &contacts,
                own,
            };
            person.due(&mut rows, |subject, contacts| {
                due(schedule, &templates, subject, contacts, day)
            });
        }
        rows
    }
}

/// What has to be read so that nothing that is due on this day is missed.
fn reach(schedule: &Schedule, day: Date) -> Reach {
    let back = |days: i32| day.checked_sub(days.days()).unwrap_or(Date::MIN);
    Reach {
        born_from: back(schedule.reach_days()),
        agreed_until: clock::begins(day.checked_add(8.days()).unwrap_or(Date::MAX)),
    }
}

/// One person: every card of theirs that may be seen.
struct Person<'a> {
    cards: Vec<&'a DueCard>,
    contacts: &'a HashMap<SpaceId, Vec<Contact>>,
    own: &'a OwnTeams,
}

impl Person<'_> {
    fn due(&self, rows: &mut Vec<DueRow>, due: impl Fn(&Subject, &[Contact]) -> Vec<Due>) {
        let is_mine = |card: &&&DueCard| !card.subject.closed && self.own.get(&card.team).is_some();
        let mine: Vec<&DueCard> = self.cards.iter().filter(is_mine).copied().collect();
        if mine.is_empty() || self.cards.iter().any(|card| card.subject.is_over) {
            return;
        }
        let all: Vec<Contact> = self
            .cards
            .iter()
            .filter_map(|card| self.contacts.get(&card.case))
            .flatten()
            .cloned()
            .collect();
        let scheduled = |card: &&&DueCard| self.own.get(&card.team) == Some(&true);
        let first = rows.len();
        for card in mine.iter().filter(scheduled) {
            let windows = due(&self.filled_in(card), &all);
            add(
                rows,
                first,
                card,
                windows.into_iter().filter(|one| one.agreed.is_none()),
            );
        }
        for card in &mine {
            // What is agreed is due where it is agreed, also when the visit that kept it was held elsewhere.
            let here = self.contacts.get(&card.case).map_or(&[][..], Vec::as_slice);
            let is_agreed = |one: &&Contact| one.standing == Standing::Agreed;
            if !here.iter().any(|one| is_agreed(&one)) {
                continue;
            }
            let held = all.iter().filter(|one| one.standing == Standing::Held);
            let known: Vec<Contact> = held.chain(here.iter().filter(is_agreed)).cloned().collect();
            let agreed = due(&self.filled_in(card), &known);
            add(
                rows,
                first,
                card,
                agreed.into_iter().filter(|one| one.agreed.is_some()),
            );
        }
    }

    /// A card with what it does not say taken from the others, as far as they agree.
    fn filled_in(&self, card: &DueCard) -> Subject {
        let cards: Vec<Child> = self.cards.iter().map(|one| one.subject.child).collect();
        let (all, own) = (Child::of_cards(&cards), card.subject.child);
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
}

/// Adds what is not among this person's rows yet: two cards that say the same are reminded of once.
fn add(rows: &mut Vec<DueRow>, first: usize, card: &DueCard, due: impl Iterator<Item = Due>) {
    for one in due {
        let is_same = |row: &DueRow| {
            (&row.visit_type, row.from, row.until, row.agreed)
                == (&one.visit_type, one.from, one.until, one.agreed)
        };
        if rows.iter().skip(first).any(is_same) {
            continue;
        }
        rows.push(DueRow {
            case: card.case,
            team: card.team,
            citizen: card.name.clone(),
            visit_type: one.visit_type,
            labels: one.labels,
            urgency: one.urgency,
            from: one.from,
            until: one.until,
            agreed: one.agreed,
            moved_days: one.moved_days,
        });
    }
}
