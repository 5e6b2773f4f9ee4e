//! What visits that are due are told from: one pass over an index of cards, and into an index of visits; no document and
//! no row of a list is read.

use super::{Store, contacts::IS_NAMED, shares::Hidden, sql};
use crate::error::DeviceError;
use jiff::civil::Date;
use samspor_documents::{
    card::CitizenKind,
    growth::Child,
    id::{SpaceId, TeamId},
    time::{UnixMillis, day_number, day_of_number},
    visit::{
        caseload::told_contacts,
        schedule::{Contact, Subject},
    },
};
use sqlx::AssertSqlSafe;
use std::collections::HashMap;

/// Cards that are one person by their number, pair by pair, and cards that say so.
const LINKS: &str = "SELECT d.first, c.space FROM
     (SELECT cpr, min(space) AS first FROM cards WHERE cpr IS NOT NULL GROUP BY cpr HAVING min(space) <> max(space)) d
     JOIN cards c ON c.cpr = d.cpr WHERE c.space <> d.first
   UNION ALL SELECT space, same_as FROM card_links";

/// What is agreed until a time.
const AGREED: &str =
    "SELECT a.space FROM rows a WHERE a.kind = 3 AND a.occurred_at < ?2 AND a.statuses & 8 <> 0";

/// What is to be asked.
pub(crate) struct Reach {
    /// Who was born, or is due, on this day or later.
    pub(crate) born_from: Date,
    /// Or has something agreed until this time.
    pub(crate) agreed_until: UnixMillis,
}

/// A card, as far as visits are counted from it.
pub(crate) struct DueCard {
    pub(crate) case: SpaceId,
    pub(crate) team: TeamId,
    pub(crate) name: String,
    pub(crate) subject: Subject,
}

/// All that is asked of a store.
#[derive(Default)]
pub(crate) struct DueFrom {
    /// Cards whose windows may be open, that have something agreed, or that are one person with such a one.
    pub(crate) cards: Vec<DueCard>,
    /// Which two cases are one person.
    pub(crate) links: Vec<(SpaceId, SpaceId)>,
    /// Contacts that were held or planned, by their case.
    pub(crate) contacts: HashMap<SpaceId, Vec<Contact>>,
}

/// What stands in a case of visits, as text: a caseload has a few per child, and one row per child is read in a tenth of
/// the time. It is of the form that `told_contacts` reads.
fn visits_sql() -> String {
    format!(
        "SELECT group_concat(concat_ws(' ', r.kind, r.occurred_at, r.offset_minutes, coalesce(r.statuses, 0),
             CASE r.kind WHEN 3 THEN {IS_NAMED} ELSE 0 END, CASE r.visit_type WHEN '' THEN '-' ELSE r.visit_type END), ' ')
         FROM rows r WHERE r.space = c.space AND r.visit_type IS NOT NULL"
    )
}

/// What parts a card's line.
const PART: char = '\u{1f}';

/// The cards, each with its visits: one pass over the index of cards (which is what the plus signs are for), and into
/// that of visits for those that are asked for. All of them are one value, a line per card, as in the list of cases.
fn cards_sql() -> String {
    format!(
        "WITH linked (one, other) AS MATERIALIZED ({LINKS})
         SELECT group_concat(hex(c.space) || hex(s.team) || concat_ws(' ', coalesce(c.born, '-'), coalesce(c.term, '-'),
                  coalesce(c.gestational_days, '-'), c.parent, c.closed, c.is_over)
                || char(31) || coalesce(({}), '') || char(31) || replace(c.name, char(10), ' '), char(10))
         FROM cards c JOIN spaces s ON s.space = c.space
         WHERE +c.born >= ?1 OR (+c.born IS NULL AND +c.term >= ?1) OR +c.space IN ({AGREED})
           OR +c.space IN (SELECT one FROM linked UNION SELECT other FROM linked)",
        visits_sql()
    )
}

impl Store {
    /// What is due is told from this, as far as it may be shown.
    pub(crate) async fn due_from(
        &self,
        reach: &Reach,
        hidden: &Hidden,
    ) -> Result<DueFrom, DeviceError> {
        let mut from = DueFrom::default();
        let mut tx = self.snapshot().await?;
        for row in sqlx::query(LINKS).fetch_all(&mut *tx).await? {
            let link: (SpaceId, SpaceId) = (sql::id(&row, 0)?, sql::id(&row, 1)?);
            if !hidden.hides_case(link.0) && !hidden.hides_case(link.1) {
                from.links.push(link);
            }
        }
        let lines: Option<String> = sqlx::query_scalar(AssertSqlSafe(cards_sql()))
            .bind(day_number(reach.born_from))
            .bind(reach.agreed_until.0)
            .fetch_one(&mut *tx)
            .await?;
        for line in lines.iter().flat_map(|lines| lines.split('\n')) {
            let (card, visits) = due_card(line).ok_or(DeviceError::Damaged { what: "visits" })?;
            if !hidden.hides_case(card.case) {
                from.contacts.insert(card.case, visits);
                from.cards.push(card);
            }
        }
        Ok(from)
    }
}

/// A card and its visits, as its line says them; none when it says none.
fn due_card(line: &str) -> Option<(DueCard, Vec<Contact>)> {
    let mut parts = line.splitn(3, PART);
    let (card, visits, name) = (parts.next()?, parts.next()?, parts.next()?);
    let (case, rest) = sql::split_id(card)?;
    let (team, rest) = sql::split_id(rest)?;
    let mut numbers = rest.split(' ').map(|number| number.parse::<i64>().ok());
    let mut next = || numbers.next();
    let (born, term, days) = (next()?, next()?, next()?);
    let (parent, closed, is_over) = (next()?? != 0, next()?? != 0, next()?? != 0);
    let card = DueCard {
        case,
        team,
        name: name.to_owned(),
        subject: Subject {
            child: Child {
                sex: None,
                birth_date: born.and_then(day_of_number),
                due_date: term.and_then(day_of_number),
                gestational_days: days.and_then(|days| days.try_into().ok()),
            },
            kind: match parent {
                true => CitizenKind::Parent,
                false => CitizenKind::Child,
            },
            closed,
            is_over,
        },
    };
    Some((card, told_contacts(visits)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::{Row as _, sqlite::SqliteRow};

    async fn steps(store: &Store, sql: &str) -> Vec<String> {
        let sql = format!("EXPLAIN QUERY PLAN {sql}");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .fetch_all(store.read())
            .await;
        let rows = rows.expect("a plan");
        let told = |row: &SqliteRow| row.try_get::<String, _>("detail").expect("told");
        rows.iter().map(told).collect()
    }

    #[tokio::test]
    async fn a_caseload_is_told_from_indexes_that_hold_all_that_is_asked() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = crate::key::StoreKey::new([7; 32]);
        let store = Store::create(&folder.path().join("store"), &key).await;
        let store = store.expect("a store");
        let steps = steps(&store, &cards_sql()).await;
        for (table, index) in [(" c ", "cards_due"), (" r ", "rows_visits")] {
            let of_table: Vec<&String> = steps
                .iter()
                .filter(|step| format!("{step} ").contains(table))
                .collect();
            let covering = format!("USING COVERING INDEX {index}");
            assert!(
                of_table.iter().any(|step| step.contains(&covering)),
                "{steps:?}"
            );
        }
        store.close().await;
    }
}
