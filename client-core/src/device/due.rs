//! Visits that are due over the whole caseload, from rows. What of them a card reminds says `documents::visit::caseload`.

use super::Device;
use crate::{
    clock,
    error::DeviceError,
    store::due::{DueCard, DueFrom, Reach},
    views::{DueFilter, DueRow, ScheduleInForce},
};
use jiff::{ToSpan as _, civil::Date};
use samspor_documents::{
    id::{SpaceId, TeamId},
    name_order::sort_name,
    one_child,
    visit::{
        caseload::{Asked, CaseCard, CaseDue, Reminds},
        schedule::Schedule,
    },
};
use samspor_protocol::fact::TeamKind;
use std::collections::HashMap;

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
        rows.sort_by_cached_key(|row| {
            let day = row.agreed.unwrap_or(row.until);
            (row.urgency, day, sort_name(&row.citizen), row.case)
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
        let (schedule, aside) = Schedule::in_force(file.as_deref());
        Ok(ScheduleInForce {
            is_own: file.is_some() && aside.is_none(),
            schedule,
            aside,
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
        let asked = Asked {
            schedule,
            templates: &templates,
            day,
        };
        let mut rows = Vec::new();
        for group in one_child::group_linked(by_case.keys().copied(), &links) {
            let cards: Vec<CaseCard> = group
                .iter()
                .filter_map(|case| Some(case_card(by_case.get(case)?, own)))
                .collect();
            let due = asked.of_person(&cards, &contacts).into_iter();
            rows.extend(due.filter_map(|one| Some(row(by_case.get(&one.case)?, one))));
        }
        rows
    }
}

fn case_card(card: &DueCard, own: &OwnTeams) -> CaseCard {
    CaseCard {
        case: card.case,
        subject: card.subject,
        reminds: match own.get(&card.team) {
            None => Reminds::Nothing,
            Some(false) => Reminds::Agreements,
            Some(true) => Reminds::Windows,
        },
    }
}

fn row(card: &DueCard, CaseDue { case, due }: CaseDue) -> DueRow {
    DueRow {
        case,
        team: card.team,
        citizen: card.name.clone(),
        visit_type: due.visit_type,
        labels: due.labels,
        urgency: due.urgency,
        from: due.from,
        until: due.until,
        agreed: due.agreed,
        moved_days: due.moved_days,
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
