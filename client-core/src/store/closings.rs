//! Closed circles in the store, and the learning lines that are shared with teams: what facts say, and a closing that
//! was done here and is on its way. A refusal opens the circle again by itself: the closing is read from the outbox.

use super::{Store, facts, sql};
use crate::{
    error::DeviceError,
    views::{CircleClosing, LearningRow},
};
use samspor_documents::id::{PractitionerId, SpaceId};
use samspor_protocol::{closing::CloseCircle, fact::FactBody, push::kind};
use sqlx::{Row as _, SqliteConnection};
use std::collections::HashMap;

/// How many reflections one list reads at most.
const LIST_MAX: i64 = 10_000;

/// Refuses to go on where a circle of chosen participants is closed, here or as a page told.
pub(crate) async fn check_open(
    db: &mut SqliteConnection,
    space: SpaceId,
) -> Result<(), DeviceError> {
    let closed: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM circles c WHERE c.circle = ?1 AND (
           EXISTS (SELECT 1 FROM facts f WHERE f.space = ?1 AND f.kind = ?2)
           OR EXISTS (SELECT 1 FROM outbox o WHERE o.space = ?1 AND o.document IS NULL AND o.kind = ?3 AND o.state < 2)))",
    )
    .bind(space.as_bytes().as_slice())
    .bind(facts::kind::CLOSING)
    .bind(i64::from(kind::CLOSE_CIRCLE))
    .fetch_one(db)
    .await?;
    if closed {
        return Err(DeviceError::CircleClosed);
    }
    Ok(())
}

/// How circles here were closed; `me`: who closes what is on its way.
pub(super) async fn all(
    db: &mut SqliteConnection,
    me: PractitionerId,
) -> Result<HashMap<SpaceId, CircleClosing>, DeviceError> {
    let mut closings = HashMap::new();
    let waiting = sqlx::query(
        "SELECT o.space, coalesce(o.body, x'') FROM circles c
         CROSS JOIN outbox o ON o.space = c.circle AND o.document IS NULL AND o.kind = ? AND o.state < 2
         ORDER BY o.n DESC LIMIT ?",
    )
    .bind(i64::from(kind::CLOSE_CIRCLE))
    .bind(LIST_MAX)
    .fetch_all(&mut *db)
    .await?;
    for row in &waiting {
        let damaged = |_| DeviceError::Damaged { what: "outbox" };
        let body = CloseCircle::from_body(row.try_get(1)?).map_err(damaged)?;
        let closing = CircleClosing {
            closed_by: me,
            closed_at: body.at,
            kind: body.kind,
            lines: body.lines,
            shared_with: body.shared_with,
            confirmed: false,
        };
        closings.insert(sql::id(row, 0)?, closing);
    }
    let told: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT body FROM facts WHERE kind = ? ORDER BY seq DESC LIMIT ?")
            .bind(facts::kind::CLOSING)
            .bind(LIST_MAX)
            .fetch_all(db)
            .await?;
    for body in &told {
        if let FactBody::Closing(one) = facts::body(body)? {
            let closing = CircleClosing {
                closed_by: one.closed_by,
                closed_at: one.closed_at,
                kind: one.kind,
                lines: one.lines,
                shared_with: one.shared_with,
                confirmed: true,
            };
            closings.insert(one.circle, closing);
        }
    }
    Ok(closings)
}

/// Who wrote in circles here, by the rows of what stands in them: each once, in no order.
pub(super) async fn authors(
    db: &mut SqliteConnection,
) -> Result<HashMap<SpaceId, Vec<PractitionerId>>, DeviceError> {
    let rows = sqlx::query(
        "SELECT DISTINCT r.space, r.authors FROM circles c CROSS JOIN rows r ON r.space = c.circle",
    )
    .fetch_all(db)
    .await?;
    let mut authors: HashMap<SpaceId, Vec<PractitionerId>> = HashMap::new();
    for row in &rows {
        let all = authors.entry(sql::id(row, 0)?).or_default();
        for id in row.try_get::<&[u8], _>(1)?.chunks_exact(16) {
            let damaged = |_| DeviceError::Damaged { what: "identifier" };
            let author = PractitionerId::from_slice(id).map_err(damaged)?;
            if !all.contains(&author) {
                all.push(author);
            }
        }
    }
    Ok(authors)
}

impl Store {
    /// What was shared with the teams of this device's practitioner, the last first.
    pub(crate) async fn learning(&self) -> Result<Vec<LearningRow>, DeviceError> {
        let told: Vec<Vec<u8>> =
            sqlx::query_scalar("SELECT body FROM facts WHERE kind = ? ORDER BY seq DESC LIMIT ?")
                .bind(facts::kind::LEARNING)
                .bind(LIST_MAX)
                .fetch_all(self.read())
                .await?;
        let mut rows: Vec<LearningRow> = Vec::with_capacity(told.len());
        for body in &told {
            let FactBody::Learning(one) = facts::body(body)? else {
                continue;
            };
            let row = LearningRow {
                teams: vec![one.team],
                kind: one.kind,
                day: one.day,
                lines: one.lines,
                participants: one.participants,
            };
            // One closing is logged team by team, in one go.
            match rows.last_mut() {
                Some(last) if last.is_of_one_closing(&row) => last.teams.extend(row.teams),
                _ => rows.push(row),
            }
        }
        Ok(rows)
    }
}
