//! Circles of chosen participants in the store: what facts say, and what was done here that no page has told of yet.
//!
//! Who joins and leaves here is read from the outbox while it is on its way, so that a refusal takes it back by itself.

use super::{Store, Tx, closings, facts, sql};
use crate::{
    error::DeviceError,
    views::{CircleParticipant, CircleRow},
};
use samspor_documents::{
    id::{PractitionerId, SpaceId},
    time::UnixMillis,
};
use samspor_protocol::{
    circle::{Circle, Join},
    fact::FactBody,
    push::kind,
    wire,
};
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection, sqlite::SqliteRow};

/// How many circles one list reads at most.
const LIST_MAX: i64 = 10_000;

const COLUMNS: &str =
    "SELECT circle, title, opened_by, opened_at, about, participants, confirmed FROM circles";

/// Notes a circle that is opened here.
pub(crate) async fn insert_local(
    tx: &mut Tx,
    circle: SpaceId,
    body: &Circle,
    participants: &[PractitionerId],
) -> Result<(), DeviceError> {
    sqlx::query(
        "INSERT INTO circles (circle, title, opened_by, opened_at, about, participants, confirmed)
         VALUES (?, ?, ?, ?, ?, ?, 0)",
    )
    .bind(circle.as_bytes().as_slice())
    .bind(&body.title)
    .bind(body.opened_by.as_bytes().as_slice())
    .bind(body.opened_at.0)
    .bind(concat(body.about.iter().map(SpaceId::as_bytes)))
    .bind(concat(participants.iter().map(PractitionerId::as_bytes)))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes over circles that facts of a page told of.
pub(super) async fn insert_told(
    tx: &mut Tx,
    circles: Vec<(SpaceId, Circle)>,
) -> Result<(), DeviceError> {
    if circles.is_empty() {
        return Ok(());
    }
    let mut query = QueryBuilder::<Sqlite>::new(
        "INSERT INTO circles (circle, title, opened_by, opened_at, about, participants, confirmed) ",
    );
    query.push_values(circles, |mut row, (circle, body)| {
        row.push_bind(circle.as_bytes().to_vec())
            .push_bind(body.title)
            .push_bind(body.opened_by.as_bytes().to_vec())
            .push_bind(body.opened_at.0)
            .push_bind(concat(body.about.iter().map(SpaceId::as_bytes)))
            .push("x'', 1");
    });
    query.push(
        " ON CONFLICT (circle) DO UPDATE SET title = excluded.title, opened_by = excluded.opened_by,
          opened_at = excluded.opened_at, about = excluded.about, participants = x'', confirmed = 1",
    );
    query.build().execute(&mut **tx).await?;
    Ok(())
}

fn concat<'a>(ids: impl Iterator<Item = &'a [u8; 16]>) -> Vec<u8> {
    ids.flatten().copied().collect()
}

fn ids<T: sql::Sixteen>(bytes: &[u8]) -> Result<Vec<T>, DeviceError> {
    let damaged = DeviceError::Damaged { what: "identifier" };
    let all: Option<Vec<T>> = bytes.chunks(16).map(T::of).collect();
    all.ok_or(damaged)
}

/// A circle here in which this practitioner takes part, as of everything done here; none otherwise. How it was closed
/// and who wrote in it is not filled in.
pub(crate) async fn own(
    db: &mut SqliteConnection,
    circle: SpaceId,
    me: PractitionerId,
) -> Result<Option<CircleRow>, DeviceError> {
    let sql = format!("{COLUMNS} WHERE circle = ?");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(circle.as_bytes().as_slice())
        .fetch_optional(&mut *db)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let circle = circle_row(db, &row, me).await?;
    Ok(Some(circle).filter(|circle| circle.has(me)))
}

async fn circle_row(
    db: &mut SqliteConnection,
    row: &SqliteRow,
    me: PractitionerId,
) -> Result<CircleRow, DeviceError> {
    let circle: SpaceId = sql::id(row, 0)?;
    let opened_with: Vec<PractitionerId> = ids(row.try_get(5)?)?;
    let mut participants = told(db, circle).await?;
    participants.extend(opened_with.into_iter().map(|one| participant(one, false)));
    on_the_way(db, circle, me, &mut participants).await?;
    Ok(CircleRow {
        closing: None,
        authors: Vec::new(),
        circle,
        title: row.try_get(1)?,
        opened_by: sql::id(row, 2)?,
        opened_at: UnixMillis(row.try_get(3)?),
        about: ids(row.try_get(4)?)?,
        participants,
        confirmed: row.try_get(6)?,
    })
}

const fn participant(practitioner: PractitionerId, confirmed: bool) -> CircleParticipant {
    CircleParticipant {
        practitioner,
        name: None,
        confirmed,
    }
}

/// Who takes part, as facts say.
async fn told(
    db: &mut SqliteConnection,
    circle: SpaceId,
) -> Result<Vec<CircleParticipant>, DeviceError> {
    let bodies: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT body FROM facts WHERE space = ? AND kind = ? ORDER BY subject")
            .bind(circle.as_bytes().as_slice())
            .bind(facts::kind::PARTICIPANT)
            .fetch_all(db)
            .await?;
    let mut participants = Vec::with_capacity(bodies.len());
    for body in &bodies {
        if let FactBody::Participant(one) = facts::body(body)?
            && !one.ended
        {
            participants.push(participant(one.practitioner, true));
        }
    }
    Ok(participants)
}

/// Puts on top what was done here and no page has told of: it waits, or is logged after every fact that is here.
async fn on_the_way(
    db: &mut SqliteConnection,
    circle: SpaceId,
    me: PractitionerId,
    participants: &mut Vec<CircleParticipant>,
) -> Result<(), DeviceError> {
    let done: Vec<(i64, Vec<u8>)> = sqlx::query_as(
        "SELECT kind, coalesce(body, x'') FROM outbox
         WHERE space = ?1 AND document IS NULL AND kind IN (?2, ?3) AND (state = 0 OR state = 1
           AND seq > coalesce((SELECT max(f.seq) FROM facts f WHERE f.space = ?1), 0)) ORDER BY n",
    )
    .bind(circle.as_bytes().as_slice())
    .bind(i64::from(kind::JOIN))
    .bind(i64::from(kind::LEAVE))
    .fetch_all(db)
    .await?;
    for (number, body) in done {
        if number == i64::from(kind::LEAVE) {
            participants.retain(|one| one.practitioner != me);
            continue;
        }
        let damaged = |_| DeviceError::Damaged { what: "outbox" };
        let join: Join = wire::decode("joining", &body).map_err(damaged)?;
        if !participants
            .iter()
            .any(|one| one.practitioner == join.practitioner)
        {
            participants.push(participant(join.practitioner, false));
        }
    }
    Ok(())
}

impl Store {
    /// The circles in which this practitioner takes part, the last opened first, with how they were closed and who
    /// wrote in them. Names are not filled in.
    pub(crate) async fn circles(&self, me: PractitionerId) -> Result<Vec<CircleRow>, DeviceError> {
        let mut tx = self.snapshot().await?;
        let sql = format!("{COLUMNS} ORDER BY opened_at DESC, circle DESC LIMIT ?");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(LIST_MAX)
            .fetch_all(&mut *tx)
            .await?;
        let mut circles = Vec::with_capacity(rows.len());
        for row in &rows {
            let circle = circle_row(&mut tx, row, me).await?;
            circles.extend(Some(circle).filter(|circle| circle.has(me)));
        }
        let mut closings = closings::all(&mut tx, me).await?;
        let mut authors = closings::authors(&mut tx).await?;
        for row in &mut circles {
            row.closing = closings.remove(&row.circle);
            row.authors = authors.remove(&row.circle).unwrap_or_default();
        }
        Ok(circles)
    }
}
