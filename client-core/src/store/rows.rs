//! What lists and timelines read: rows only, never documents.

use super::{
    Store, additions,
    additions::STANDS_WITH_ENTRY,
    caseload::CASES_MAX,
    disclosed,
    drafts::PUBLISHED_HERE,
    index,
    restrictions::IS_RESTRICTED,
    signed, sql,
    standing::{self, COLUMNS as STANDING},
};
use crate::{
    error::DeviceError,
    views::{RestrictionRow, TimelinePage, TimelineRow},
};
use samspor_documents::{
    card::CardView,
    id::{DocumentId, PractitionerId, SpaceId, TeamId},
    one_child,
    reading::Outstanding,
    time::{Moment, UnixMillis},
};
use sqlx::{Row as _, sqlite::SqliteRow};
use std::collections::HashMap;

/// How many cases can be about one citizen here.
const SAME_CITIZEN_MAX: usize = 256;
/// How many rows a timeline page has at most.
const TIMELINE_MAX: u32 = 1_000;

/// What [`timeline_row`] reads.
const ROW: &str = "r.document, r.space, s.team, r.kind, r.template, r.occurred_at, r.offset_minutes,
   r.written_at, d.received_at, d.seq, r.authors, r.title_da, r.title_en, r.summary_da, r.summary_en, r.conflicts, r.invalid,
   r.adds_to, y.ground, y.said_by, y.said_at, r.outstanding";

/// Rows as [`timeline_row`] reads them.
pub(super) fn select() -> String {
    select_with("0")
}

/// The same, with one more column.
pub(super) fn select_with(column: &str) -> String {
    format!(
        "SELECT {ROW}, {STANDING}, {column} FROM rows r JOIN documents d ON d.document = r.document
         LEFT JOIN spaces s ON s.space = r.space
         LEFT JOIN restrictions y ON y.document = r.document AND y.restricted = 1"
    )
}

pub(super) fn view_of(json: Option<&str>) -> Option<CardView> {
    json.and_then(super::card::from_json)
}

impl Store {
    /// The cases here that are about the same citizen as this one, itself included: by CPR or by a card's
    /// word, among those on this device.
    pub(crate) async fn same_citizen(&self, case: SpaceId) -> Result<Vec<SpaceId>, DeviceError> {
        let mut known: HashMap<SpaceId, CardView> = HashMap::new();
        let mut open = vec![case];
        while let Some(space) = open.pop() {
            if known.contains_key(&space) || known.len() >= SAME_CITIZEN_MAX {
                continue;
            }
            let row = sqlx::query("SELECT view, cpr FROM cards WHERE space = ?")
                .bind(space.as_bytes().as_slice())
                .fetch_optional(self.read())
                .await?;
            let Some(row) = row else { continue };
            let Some(view) = view_of(row.try_get(0)?) else {
                continue;
            };
            known.insert(space, view);
            let next = sqlx::query(
                "SELECT space FROM cards WHERE cpr = ?1 UNION SELECT same_as FROM card_links WHERE space = ?2
                 UNION SELECT space FROM card_links WHERE same_as = ?2",
            )
            .bind(row.try_get::<Option<String>, _>(1)?)
            .bind(space.as_bytes().as_slice())
            .fetch_all(self.read())
            .await?;
            for row in &next {
                open.push(sql::id(row, 0)?);
            }
        }
        let cards: Vec<(SpaceId, CardView)> = known.into_iter().collect();
        let group = one_child::group(&cards)
            .into_iter()
            .find(|group| group.contains(&case));
        Ok(group.unwrap_or_else(|| vec![case]))
    }

    /// One page of the merged timeline of these cases, newest first.
    pub(crate) async fn timeline(
        &self,
        cases: &[SpaceId],
        page: TimelinePage,
    ) -> Result<Vec<TimelineRow>, DeviceError> {
        let limit = page.limit.min(TIMELINE_MAX);
        let (at, seq, id) = match page.before {
            Some(before) => (
                before.occurred_at.0,
                sql::seq_column(before.seq),
                before.document.as_bytes().to_vec(),
            ),
            None => (i64::MAX, i64::MAX, vec![0xff; 17]),
        };
        let sql = format!(
            "{} WHERE r.space = ? AND r.kind = 1 AND (r.occurred_at, r.seq, r.document) < (?, ?, ?)
               AND NOT ({STANDS_WITH_ENTRY}) AND (? OR NOT {IS_RESTRICTED})
             ORDER BY r.occurred_at DESC, r.seq DESC, r.document DESC LIMIT ?",
            select()
        );
        let mut tx = self.snapshot().await?;
        let mut merged = Vec::new();
        for case in cases {
            let rows = sqlx::query(sqlx::AssertSqlSafe(sql.as_str()))
                .bind(case.as_bytes().as_slice())
                .bind(at)
                .bind(seq)
                .bind(&id)
                .bind(page.restricted)
                .bind(limit)
                .fetch_all(&mut *tx)
                .await?;
            for row in &rows {
                merged.push(timeline_row(row, None)?);
            }
        }
        merged.sort_by_key(|row| std::cmp::Reverse(row.position()));
        merged.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        signed::add_signers(&mut tx, &mut merged).await?;
        additions::add_to(&mut tx, &mut merged, page.restricted).await?;
        disclosed::add_disclosed(&mut tx, &mut merged).await?;
        Ok(merged)
    }

    /// What stands in a circle, the last that happened first.
    pub(crate) async fn written_in(
        &self,
        circle: SpaceId,
        restricted: bool,
    ) -> Result<Vec<TimelineRow>, DeviceError> {
        let sql = format!(
            "{} WHERE r.space = ? AND NOT ({STANDS_WITH_ENTRY}) AND (? OR NOT {IS_RESTRICTED})
             ORDER BY r.occurred_at DESC, r.seq DESC, r.document DESC LIMIT ?",
            select()
        );
        let mut tx = self.snapshot().await?;
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(circle.as_bytes().as_slice())
            .bind(restricted)
            .bind(TIMELINE_MAX)
            .fetch_all(&mut *tx)
            .await?;
        let rows: Result<Vec<_>, _> = rows.iter().map(|row| timeline_row(row, None)).collect();
        let mut rows = rows?;
        signed::add_signers(&mut tx, &mut rows).await?;
        additions::add_to(&mut tx, &mut rows, restricted).await?;
        Ok(rows)
    }

    /// One row, a draft's of this private space as well.
    pub(crate) async fn row(
        &self,
        private: Option<SpaceId>,
        document: DocumentId,
    ) -> Result<Option<TimelineRow>, DeviceError> {
        let sql = format!("{} WHERE r.document = ?", select());
        let mut tx = self.snapshot().await?;
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(document.as_bytes().as_slice())
            .fetch_optional(&mut *tx)
            .await?;
        let mut row = row
            .as_ref()
            .map(|row| timeline_row(row, private))
            .transpose()?;
        signed::add_signers(&mut tx, row.as_mut_slice()).await?;
        additions::add_to(&mut tx, row.as_mut_slice(), true).await?;
        disclosed::add_disclosed(&mut tx, row.as_mut_slice()).await?;
        Ok(row)
    }

    /// Documents with concurrent values that wait for a person; not drafts that were discarded or published.
    pub(crate) async fn documents_in_conflict(&self) -> Result<Vec<DocumentId>, DeviceError> {
        let sql = format!(
            "SELECT r.document FROM rows r WHERE r.conflicts > 0 AND r.discarded = 0 AND NOT {PUBLISHED_HERE}
             ORDER BY r.occurred_at DESC, r.document LIMIT ?"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(CASES_MAX)
            .fetch_all(self.read())
            .await?;
        rows.iter().map(|row| sql::id(row, 0)).collect()
    }

    /// The card document of a case.
    pub(crate) async fn card_of(&self, case: SpaceId) -> Result<Option<DocumentId>, DeviceError> {
        sqlx::query("SELECT document FROM cards WHERE space = ?")
            .bind(case.as_bytes().as_slice())
            .fetch_optional(self.read())
            .await?
            .as_ref()
            .map(|row| sql::id(row, 0))
            .transpose()
    }

    /// The team of a case here.
    pub(crate) async fn team_of(&self, case: SpaceId) -> Result<Option<TeamId>, DeviceError> {
        sqlx::query("SELECT team FROM spaces WHERE space = ?")
            .bind(case.as_bytes().as_slice())
            .fetch_optional(self.read())
            .await?
            .as_ref()
            .map(|row| sql::id(row, 0))
            .transpose()
    }
}

fn restriction(row: &SqliteRow) -> Result<Option<RestrictionRow>, DeviceError> {
    let Some(ground) = row.try_get(18)? else {
        return Ok(None);
    };
    Ok(Some(RestrictionRow {
        ground,
        by: sql::id(row, 19)?,
        at: UnixMillis(row.try_get(20)?),
    }))
}

/// A row as [`select`] asks for it; `private`: where drafts live, when the list may have any.
pub(super) fn timeline_row(
    row: &SqliteRow,
    private: Option<SpaceId>,
) -> Result<TimelineRow, DeviceError> {
    let space = sql::id(row, 1)?;
    let authors: Result<Vec<PractitionerId>, DeviceError> = row
        .try_get::<&[u8], _>(10)?
        .chunks_exact(16)
        .map(|id| {
            PractitionerId::from_slice(id).map_err(|_| DeviceError::Damaged { what: "identifier" })
        })
        .collect();
    let small = |column| -> Result<u32, DeviceError> {
        Ok(u32::try_from(row.try_get::<i64, _>(column)?).unwrap_or(u32::MAX))
    };
    let standing = standing::of(row, private == Some(space))?;
    Ok(TimelineRow {
        document: sql::id(row, 0)?,
        case: space,
        team: sql::id_opt(row, 2)?,
        kind: index::kind_of(row.try_get(3)?),
        template: row.try_get(4)?,
        occurred_at: Moment {
            at: UnixMillis(row.try_get(5)?),
            offset_minutes: i16::try_from(row.try_get::<i64, _>(6)?).unwrap_or(0),
        },
        written_at: UnixMillis(row.try_get(7)?),
        received_at: row.try_get::<Option<i64>, _>(8)?.map(UnixMillis),
        seq: row
            .try_get::<Option<i64>, _>(9)?
            .and_then(|seq| u64::try_from(seq).ok()),
        authors: authors?,
        title_da: row.try_get(11)?,
        title_en: row.try_get(12)?,
        summary_da: row.try_get(13)?,
        summary_en: row.try_get(14)?,
        conflicts: small(15)?,
        invalid: small(16)?,
        waiting: standing.waiting,
        refused: standing.refused,
        state: standing.state,
        signers: Vec::new(),
        adds_to: sql::id_opt(row, 17)?,
        additions: Vec::new(),
        outstanding: Outstanding::from_bits(row.try_get("outstanding")?),
        restriction: restriction(row)?,
        disclosed: None,
    })
}
