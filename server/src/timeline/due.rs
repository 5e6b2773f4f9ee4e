//! Visits that are due: of one child, or over every case that the reader may see. From rows: one pass over an index of cards,
//! and into an index of visits. What of them a card reminds says `documents::visit::caseload`, as on a device.

use super::visible;
use crate::{
    access::Visible,
    log::role_of_code,
    schedule,
    store::{Store, StoreError, Tx, hex_list, id16},
    sync::CoreError,
};
use jiff::civil::Date;
use samspor_documents::{
    card::CitizenKind,
    growth::Child,
    id::{PractitionerId, SpaceId, TeamId},
    one_child,
    time::day_of_number,
    visit::{
        caseload::{Asked, CaseCard, CaseDue, Reminds, told_contacts},
        schedule::{Contact, Subject, Urgency},
    },
};
use samspor_protocol::fact::Role;
use sqlx::{Row as _, sqlite::SqliteRow};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Most cards of one caseload.
const CARDS_MAX: i64 = 20_000;
/// Most teams of one practitioner.
const TEAMS_MAX: i64 = 200;

/// A visit that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueVisit {
    /// The team whose case it is due in.
    pub team: TeamId,
    /// The visit, and the case.
    pub visit: CaseDue,
}

/// What is due, the most urgent first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DueVisits {
    /// The visits.
    pub visits: Vec<DueVisit>,
    /// Whether there are more cards than are looked at.
    pub is_cut: bool,
}

/// What is due on a day in these cases (over all that the reader may see when none are named), as far as the reader's own teams
/// are reminded of it. `visits` says of a team whether it visits by the schedule.
///
/// # Errors
/// `Unavailable` or `Internal`.
pub async fn due(
    store: &Store,
    practitioner: PractitionerId,
    cases: Option<&[SpaceId]>,
    day: Date,
    visits: impl Fn(TeamId) -> bool,
) -> Result<DueVisits, CoreError> {
    let mut tx = store.read().await?;
    let visible = visible(&mut tx, practitioner).await?;
    let templates = store.templates(&mut tx).await?;
    let schedule = schedule::in_force(&mut tx).await?;
    let own = own_teams(&mut tx, practitioner).await?;
    let read = read(&mut tx, &visible, cases).await?;
    let links = links(&mut tx, &read.cards).await?;
    drop(tx);
    let reminds = |team: TeamId| match (own.contains(&team), visits(team)) {
        (false, _) => Reminds::Nothing,
        (true, false) => Reminds::Agreements,
        (true, true) => Reminds::Windows,
    };
    let mut by_case: HashMap<SpaceId, Vec<&Card>> = HashMap::new();
    for card in &read.cards {
        by_case.entry(card.case).or_default().push(card);
    }
    let asked = Asked {
        schedule: &schedule,
        templates: &templates,
        day,
    };
    let mut told = Vec::new();
    for group in one_child::group_linked(by_case.keys().copied(), &links) {
        let cards = group.iter().filter_map(|case| by_case.get(case)).flatten();
        let case_card = |card: &&Card| CaseCard {
            case: card.case,
            subject: card.subject,
            reminds: reminds(card.team),
        };
        let cards: Vec<CaseCard> = cards.map(case_card).collect();
        for visit in asked.of_person(&cards, &read.contacts) {
            let first = by_case.get(&visit.case).and_then(|cards| cards.first());
            told.extend(first.map(|card| DueVisit {
                team: card.team,
                visit,
            }));
        }
    }
    told.sort_by_key(|one| {
        let due = &one.visit.due;
        (due.urgency, due.agreed.unwrap_or(due.until), one.visit.case)
    });
    Ok(DueVisits {
        visits: told,
        is_cut: read.is_cut,
    })
}

impl DueVisits {
    /// How many are this urgent.
    #[must_use]
    pub fn count(&self, urgency: Urgency) -> usize {
        let visits = self.visits.iter();
        visits
            .filter(|one| one.visit.due.urgency == urgency)
            .count()
    }
}

/// The teams in which a membership whose role opens cases stands.
async fn own_teams(tx: &mut Tx, who: PractitionerId) -> Result<HashSet<TeamId>, StoreError> {
    let rows: Vec<(Vec<u8>, i64)> = sqlx::query_as(
        "SELECT DISTINCT team, role FROM grants WHERE practitioner = ? AND until_seq IS NULL LIMIT ?",
    )
    .bind(who.as_bytes().to_vec())
    .bind(TEAMS_MAX)
    .fetch_all(&mut **tx)
    .await?;
    let mut teams = HashSet::new();
    for (team, role) in rows {
        if role_of_code(role).is_some_and(Role::opens_cases) {
            teams.insert(TeamId::from_bytes(id16("grant", &team)?));
        }
    }
    Ok(teams)
}

/// A card, as far as visits are counted from it.
struct Card {
    case: SpaceId,
    team: TeamId,
    subject: Subject,
    cpr_key: Option<Vec<u8>>,
}

/// What was read.
#[derive(Default)]
struct Read {
    cards: Vec<Card>,
    contacts: HashMap<SpaceId, Vec<Contact>>,
    is_cut: bool,
}

/// Cards with the visits of their cases as text, of the form that `told_contacts` reads: one row per card is read in a tenth
/// of the time of one per visit.
pub(super) fn cards_sql(wanted: &str) -> String {
    format!(
        "SELECT c.space, c.ground, c.kind, c.born, c.term, c.gestational_days, c.closed, c.is_over, c.cpr_key,
           (SELECT group_concat(concat_ws(' ', r.kind, r.occurred_at, r.offset_minutes, coalesce(r.statuses, 0),
               CASE r.kind WHEN 3 THEN EXISTS (SELECT 1 FROM timeline AS e WHERE e.contact = r.document AND e.space = r.space)
                 ELSE 0 END, CASE r.visit_type WHEN '' THEN '-' ELSE r.visit_type END), ' ')
            FROM timeline AS r WHERE r.space = c.space AND r.visit_type IS NOT NULL)
         FROM json_each(?) AS wanted CROSS JOIN cards AS c ON {wanted} LIMIT ?"
    )
}

/// The cards of a team's cases.
pub(super) const BY_GROUND: &str = "c.ground = wanted.value";
/// The cards of some cases.
pub(super) const BY_CASE: &str = "c.space = unhex(wanted.value)";

async fn read(
    tx: &mut Tx,
    visible: &Visible,
    cases: Option<&[SpaceId]>,
) -> Result<Read, StoreError> {
    let parts = match cases {
        Some(cases) => vec![(BY_CASE, hex_list(cases.iter().map(SpaceId::as_bytes)))],
        None => vec![
            (BY_GROUND, visible.grounds_list()),
            (BY_CASE, visible.cases_list()),
        ],
    };
    let mut read = Read::default();
    let mut seen = BTreeSet::new();
    for (wanted, list) in parts {
        let rows = sqlx::query(sqlx::AssertSqlSafe(cards_sql(wanted)))
            .bind(list)
            .bind(CARDS_MAX)
            .fetch_all(&mut **tx)
            .await?;
        read.is_cut |= i64::try_from(rows.len()).unwrap_or(i64::MAX) >= CARDS_MAX;
        for row in &rows {
            let Some(card) = card(row, visible)? else {
                continue;
            };
            let told: Option<&str> = row.try_get(9)?;
            let contacts = told_contacts(told.unwrap_or_default());
            let contacts = contacts.ok_or(StoreError::Damaged { what: "visits" })?;
            // One that stands on a ground of one's own and is shared as well comes twice.
            if seen.insert((card.case, wanted)) && wanted == BY_CASE {
                read.cards.retain(|one| one.case != card.case);
            }
            read.contacts.insert(card.case, contacts);
            read.cards.push(card);
        }
    }
    Ok(read)
}

/// None of a case that the reader may not see.
fn card(row: &SqliteRow, visible: &Visible) -> Result<Option<Card>, StoreError> {
    let case = SpaceId::from_bytes(id16("card", row.try_get(0)?)?);
    let Some(team) = visible.team_of(row.try_get(1)?, case) else {
        return Ok(None);
    };
    let day = |column: usize| -> Result<Option<Date>, StoreError> {
        let number: Option<i64> = row.try_get(column)?;
        Ok(number.and_then(day_of_number))
    };
    let kind: i64 = row.try_get(2)?;
    Ok(Some(Card {
        case,
        team,
        subject: Subject {
            child: Child {
                sex: None,
                birth_date: day(3)?,
                due_date: day(4)?,
                gestational_days: row.try_get(5)?,
            },
            kind: match kind {
                0 => CitizenKind::Child,
                _ => CitizenKind::Parent,
            },
            closed: row.try_get(6)?,
            is_over: row.try_get(7)?,
        },
        cpr_key: row.try_get(8)?,
    }))
}

/// Which two of these cases are one person: by their number, or since a card says so.
async fn links(tx: &mut Tx, cards: &[Card]) -> Result<Vec<(SpaceId, SpaceId)>, StoreError> {
    let mut first: HashMap<&[u8], SpaceId> = HashMap::new();
    let mut links = Vec::new();
    for card in cards {
        if let Some(key) = &card.cpr_key {
            links.push((*first.entry(key).or_insert(card.case), card.case));
        }
    }
    let rows: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(
        "SELECT l.space, l.other FROM json_each(?) AS wanted
         CROSS JOIN card_links AS l ON l.space = unhex(wanted.value)",
    )
    .bind(hex_list(cards.iter().map(|card| card.case.as_bytes())))
    .fetch_all(&mut **tx)
    .await?;
    for (space, other) in rows {
        let space = SpaceId::from_bytes(id16("card", &space)?);
        links.push((space, SpaceId::from_bytes(id16("card", &other)?)));
    }
    Ok(links)
}
