//! Planned contacts in the store: lists from rows, never from documents. How one stands is told by
//! [`ContactStanding::of`]; a statement only leaves out what can stand in no such list.

use super::{
    Store, Tx, index, sql,
    standing::{self, COLUMNS as STANDING},
};
use crate::{
    error::DeviceError,
    views::{ContactRow, Contacts},
};
use samspor_documents::{
    contact::{ContactStanding, ContactStatus, Statuses},
    id::{DocumentId, PractitionerId, SpaceId},
    time::{Moment, UnixMillis},
};
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection, sqlite::SqliteRow};
use std::ops::Range;

/// How many contacts one list reads at most.
const LIST_MAX: i64 = 10_000;

/// Whether an entry in its case names the contact in row `r`. Drafts live elsewhere.
pub(super) const IS_NAMED: &str =
    "EXISTS (SELECT 1 FROM rows e WHERE e.contact = r.document AND e.space = r.space)";

/// Which contacts to read.
pub(crate) struct Wanted {
    pub(crate) which: Contacts,
    pub(crate) case: Option<SpaceId>,
    /// Theirs, and nobody's in particular.
    pub(crate) of: Option<PractitionerId>,
    pub(crate) now: UnixMillis,
    /// The days that are asked for, of a list by days.
    pub(crate) days: Range<UnixMillis>,
}

impl Wanted {
    fn push(&self, query: &mut QueryBuilder<Sqlite>) {
        match self.which {
            Contacts::All => {}
            Contacts::Today | Contacts::Week => {
                let Range { start, end } = self.days;
                query.push(" AND r.occurred_at >= ").push_bind(start.0);
                query.push(" AND r.occurred_at < ").push_bind(end.0);
            }
            Contacts::Overdue => {
                query.push(" AND r.occurred_at < ").push_bind(self.now.0);
                push_undone(query);
            }
            Contacts::NoteMissing => push_undone(query),
        }
        if let Some(case) = self.case {
            query
                .push(" AND r.space = ")
                .push_bind(case.as_bytes().to_vec());
        }
        if let Some(practitioner) = self.of {
            query
                .push(" AND (r.made_by IS NULL OR r.made_by = ")
                .push_bind(practitioner.as_bytes().to_vec())
                .push(")");
        }
    }

    /// Whether a contact that was read belongs in the list. Of a closed case nobody is reminded of what was to come; that
    /// a visit was held and not written about is told all the same.
    const fn has(&self, standing: ContactStanding, is_closed: bool) -> bool {
        let is_asked_for = match self.which {
            Contacts::All => return true,
            Contacts::Today | Contacts::Week => true,
            Contacts::Overdue => matches!(standing, ContactStanding::Overdue),
            Contacts::NoteMissing => matches!(standing, ContactStanding::NoteMissing),
        };
        is_asked_for && !(is_closed && standing.is_to_come())
    }
}

fn push_undone(query: &mut QueryBuilder<Sqlite>) {
    query
        .push(" AND r.statuses & ")
        .push_bind(Statuses::UNDONE)
        .push(" <> 0 AND NOT ")
        .push(IS_NAMED);
}

/// The case of a planned contact here; none when there is none of this id.
pub(crate) async fn space_of(
    db: &mut SqliteConnection,
    contact: DocumentId,
) -> Result<Option<SpaceId>, DeviceError> {
    let row = sqlx::query("SELECT space FROM rows WHERE document = ? AND kind = ?")
        .bind(contact.as_bytes().as_slice())
        .bind(index::CONTACT)
        .fetch_optional(db)
        .await?;
    row.as_ref().map(|row| sql::id(row, 0)).transpose()
}

/// What is agreed in a case within these days and is this practitioner's or nobody's in particular: what lies nearest
/// to now, where there are several.
pub(crate) async fn agreed_near(
    tx: &mut Tx,
    case: SpaceId,
    practitioner: PractitionerId,
    days: Range<UnixMillis>,
    now: UnixMillis,
) -> Result<Option<DocumentId>, DeviceError> {
    let sql = format!(
        "SELECT r.document FROM rows r WHERE r.space = ? AND r.kind = 3 AND r.occurred_at >= ? AND r.occurred_at < ?
           AND r.statuses = ? AND (r.made_by IS NULL OR r.made_by = ?) AND NOT {IS_NAMED}
         ORDER BY abs(r.occurred_at - ?), r.document LIMIT 1"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(case.as_bytes().as_slice())
        .bind(days.start.0)
        .bind(days.end.0)
        .bind(Statuses::from(ContactStatus::Agreed).bits())
        .bind(practitioner.as_bytes().as_slice())
        .bind(now.0)
        .fetch_optional(&mut **tx)
        .await?;
    row.as_ref().map(|row| sql::id(row, 0)).transpose()
}

impl Store {
    /// Planned contacts, the first to come first.
    pub(crate) async fn contacts(&self, wanted: &Wanted) -> Result<Vec<ContactRow>, DeviceError> {
        let mut query = QueryBuilder::new(format!(
            "SELECT r.document, r.space, s.team, r.occurred_at, r.offset_minutes, r.statuses, {IS_NAMED}, r.made_by,
               r.title_da, r.title_en, r.summary_da, r.summary_en, r.conflicts, c.name, coalesce(c.closed, 0), {STANDING}
             FROM rows r JOIN spaces s ON s.space = r.space LEFT JOIN cards c ON c.space = r.space WHERE r.kind = 3"
        ));
        wanted.push(&mut query);
        query
            .push(" ORDER BY r.occurred_at, r.document LIMIT ")
            .push_bind(LIST_MAX);
        let rows = query.build().fetch_all(self.read()).await?;
        let mut contacts = Vec::with_capacity(rows.len());
        for row in &rows {
            let contact = contact_row(row, wanted.now)?;
            if wanted.has(contact.standing, row.try_get(14)?) {
                contacts.push(contact);
            }
        }
        Ok(contacts)
    }

    /// One planned contact.
    pub(crate) async fn contact(
        &self,
        contact: DocumentId,
        now: UnixMillis,
    ) -> Result<Option<ContactRow>, DeviceError> {
        let Some(case) = space_of(&mut *self.read().acquire().await?, contact).await? else {
            return Ok(None);
        };
        let wanted = Wanted {
            which: Contacts::All,
            case: Some(case),
            of: None,
            now,
            days: now..now,
        };
        let all = self.contacts(&wanted).await?;
        Ok(all.into_iter().find(|row| row.document == contact))
    }
}

fn contact_row(row: &SqliteRow, now: UnixMillis) -> Result<ContactRow, DeviceError> {
    let planned_at = Moment {
        at: UnixMillis(row.try_get(3)?),
        offset_minutes: i16::try_from(row.try_get::<i64, _>(4)?).unwrap_or(0),
    };
    let statuses = Statuses::from_bits(row.try_get::<Option<i64>, _>(5)?.unwrap_or(0));
    let standing = standing::of(row, false)?;
    Ok(ContactRow {
        document: sql::id(row, 0)?,
        case: sql::id(row, 1)?,
        team: sql::id(row, 2)?,
        citizen: row.try_get(13)?,
        planned_at,
        standing: ContactStanding::of(statuses, planned_at.at, row.try_get(6)?, now),
        practitioner: sql::id_opt(row, 7)?,
        title_da: row.try_get(8)?,
        title_en: row.try_get(9)?,
        summary_da: row.try_get(10)?,
        summary_en: row.try_get(11)?,
        conflicts: u32::try_from(row.try_get::<i64, _>(12)?).unwrap_or(u32::MAX),
        waiting: standing.waiting,
        refused: standing.refused,
    })
}
