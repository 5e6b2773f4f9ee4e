//! Shares in the store: what facts say, what was recorded here that no page has told of yet, and what is hidden because
//! the time of the share that opened it is over.
//!
//! A withdrawal made here is read from the outbox while it is on its way, so that a refusal takes it back by itself; a
//! share that was refused is no share.

use super::{Store, Tx, facts, sql};
use crate::{
    error::DeviceError,
    views::{ReceivedRow, ShareRow},
};
use samspor_documents::{
    id::{DocumentId, OperationId, ShareId, SpaceId, TeamId},
    time::UnixMillis,
};
use samspor_protocol::{
    fact::FactBody,
    push::kind,
    share::{Received, Shared, Withdraw},
    wire,
};
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};

/// How many shares one list reads at most.
const LIST_MAX: i64 = 10_000;

/// Notes a share that is recorded here.
pub(crate) async fn insert_local(
    tx: &mut Tx,
    case: SpaceId,
    shared: &Shared,
    operation: OperationId,
) -> Result<(), DeviceError> {
    sqlx::query(
        "INSERT INTO shares (share, space, body, operation, confirmed) VALUES (?, ?, ?, ?, 0)",
    )
    .bind(shared.share.as_bytes().as_slice())
    .bind(case.as_bytes().as_slice())
    .bind(wire::encode(shared))
    .bind(operation.as_bytes().as_slice())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes over shares of cases here that facts of a page told of.
pub(super) async fn insert_told(
    tx: &mut Tx,
    shares: Vec<(SpaceId, Shared)>,
) -> Result<(), DeviceError> {
    if shares.is_empty() {
        return Ok(());
    }
    let mut query =
        QueryBuilder::<Sqlite>::new("INSERT INTO shares (share, space, body, confirmed) ");
    query.push_values(shares, |mut row, (case, shared)| {
        row.push_bind(shared.share.as_bytes().to_vec())
            .push_bind(case.as_bytes().to_vec())
            .push_bind(wire::encode(&shared))
            .push("1");
    });
    query.push(" ON CONFLICT (share) DO UPDATE SET body = excluded.body, confirmed = 1");
    query.build().execute(&mut **tx).await?;
    Ok(())
}

/// Takes over shares received that facts of a page told of.
pub(super) async fn insert_received(
    tx: &mut Tx,
    received: Vec<Received>,
) -> Result<(), DeviceError> {
    if received.is_empty() {
        return Ok(());
    }
    let mut query = QueryBuilder::<Sqlite>::new(
        "INSERT INTO received (share, space, document, until_at, ended) ",
    );
    query.push_values(received, |mut row, one| {
        let terms = &one.shared.terms;
        row.push_bind(one.shared.share.as_bytes().to_vec())
            .push_bind(one.case.as_bytes().to_vec())
            .push_bind(terms.document.map(|document| document.as_bytes().to_vec()))
            .push_bind(terms.until.map(|until| until.0))
            .push_bind(one.shared.ended.is_some());
    });
    query.push(
        " ON CONFLICT (share) DO UPDATE SET until_at = excluded.until_at, ended = excluded.ended",
    );
    query.build().execute(&mut **tx).await?;
    Ok(())
}

/// What is on this device and may not be shown now: the time of every share that opened it is over.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Hidden {
    /// Cases; all that stands in them,
    cases: BTreeSet<SpaceId>,
    /// but these documents.
    shown: BTreeSet<DocumentId>,
}

impl Hidden {
    /// Whether a case is hidden, its card included.
    pub(crate) fn hides_case(&self, case: SpaceId) -> bool {
        self.cases.contains(&case)
    }

    /// Whether a document in a space is hidden.
    pub(crate) fn hides(&self, space: SpaceId, document: DocumentId) -> bool {
        self.cases.contains(&space) && !self.shown.contains(&document)
    }
}

/// Case, document, whether it stands.
type GroundRow = (Vec<u8>, Option<Vec<u8>>, bool);

/// The team of a case here, and whether anything of it was received by a share.
pub(crate) async fn team_and_received(
    db: &mut SqliteConnection,
    case: SpaceId,
) -> Result<(Option<TeamId>, bool), DeviceError> {
    let row = sqlx::query(
        "SELECT (SELECT team FROM spaces WHERE space = ?1), EXISTS (SELECT 1 FROM received WHERE space = ?1)",
    )
    .bind(case.as_bytes().as_slice())
    .fetch_one(db)
    .await?;
    Ok((sql::id_opt(&row, 0)?, row.try_get(1)?))
}

impl Store {
    /// What is hidden at a time, for somebody to whom all cases of these teams are open whatever the share, and those
    /// that are their own.
    pub(crate) async fn hidden(
        &self,
        now: UnixMillis,
        own_teams: &BTreeSet<TeamId>,
    ) -> Result<Hidden, DeviceError> {
        let rows: Vec<GroundRow> = sqlx::query_as(
            "SELECT r.space, r.document, r.ended = 0 AND (r.until_at IS NULL OR r.until_at > ?1) FROM received r
             WHERE r.space IN (SELECT o.space FROM received o
               WHERE o.ended = 0 AND o.until_at IS NOT NULL AND o.until_at <= ?1)",
        )
        .bind(now.0)
        .fetch_all(self.read())
        .await?;
        let mut whole: BTreeMap<SpaceId, bool> = BTreeMap::new();
        let mut shown = BTreeSet::new();
        for (space, document, stands) in rows {
            let damaged = |_| DeviceError::Damaged { what: "identifier" };
            let space = SpaceId::from_slice(&space).map_err(damaged)?;
            let is_open = whole.entry(space).or_default();
            match document {
                None => *is_open |= stands,
                Some(document) if stands => {
                    shown.insert(DocumentId::from_slice(&document).map_err(damaged)?);
                }
                Some(_) => {}
            }
        }
        let added = self.signed_additions(&shown, true).await?;
        shown.extend(added.into_iter().map(|(_, addition)| addition));
        let mut hidden = Hidden {
            cases: BTreeSet::new(),
            shown,
        };
        for (case, _) in whole.into_iter().filter(|(_, is_open)| !is_open) {
            let team = self.team_of(case).await?;
            let by_team = team.is_some_and(|team| own_teams.contains(&team));
            if !by_team && !self.is_told_as_own(case).await? {
                hidden.cases.insert(case);
            }
        }
        Ok(hidden)
    }

    /// Whether the time of any share received is over. Nearly always none is: one look into an index.
    pub(crate) async fn is_anything_over(&self, now: UnixMillis) -> Result<bool, DeviceError> {
        let found: Option<i64> = sqlx::query_scalar(
            "SELECT 1 FROM received WHERE ended = 0 AND until_at IS NOT NULL AND until_at <= ? LIMIT 1",
        )
        .bind(now.0)
        .fetch_optional(self.read())
        .await?;
        Ok(found.is_some())
    }

    /// Whether a case, or anything of it, is here by a share.
    pub(crate) async fn is_received(&self, case: SpaceId) -> Result<bool, DeviceError> {
        let found: Option<i64> =
            sqlx::query_scalar("SELECT 1 FROM received WHERE space = ? LIMIT 1")
                .bind(case.as_bytes().as_slice())
                .fetch_optional(self.read())
                .await?;
        Ok(found.is_some())
    }

    /// The shares of a case here, or of all cases, the last recorded first.
    pub(crate) async fn shares(
        &self,
        case: Option<SpaceId>,
        now: UnixMillis,
    ) -> Result<Vec<ShareRow>, DeviceError> {
        let mut tx = self.snapshot().await?;
        // One that was refused is none; it lies in the not-delivered box.
        let rows = sqlx::query(
            "SELECT s.space, s.body, s.confirmed FROM shares s
             WHERE (?1 IS NULL OR s.space = ?1) AND (s.confirmed = 1 OR EXISTS
               (SELECT 1 FROM outbox o WHERE o.space = s.space AND o.document IS NULL AND o.operation = s.operation AND o.state < 2))
             ORDER BY s.share DESC LIMIT ?2",
        )
        .bind(case.map(|case| case.as_bytes().to_vec()))
        .bind(LIST_MAX)
        .fetch_all(&mut *tx)
        .await?;
        let withdrawn = withdrawals_on_the_way(&mut tx).await?;
        let mut shares = Vec::with_capacity(rows.len());
        for row in &rows {
            let shared: Shared = wire::decode("share", row.try_get(1)?)
                .map_err(|_| DeviceError::Damaged { what: "share" })?;
            shares.push(ShareRow {
                share: shared.share,
                case: sql::id(row, 0)?,
                by: shared.by,
                is_over: shared.terms.until.is_some_and(|until| until <= now),
                withdrawal_waits: shared.ended.is_none() && withdrawn.contains(&shared.share),
                is_disclosure: shared.is_disclosure(),
                without: Vec::new(),
                terms: shared.terms,
                ended: shared.ended,
                confirmed: row.try_get(2)?,
            });
        }
        Ok(shares)
    }

    /// The shares received, the last recorded first.
    pub(crate) async fn received(&self, now: UnixMillis) -> Result<Vec<ReceivedRow>, DeviceError> {
        let bodies: Vec<Vec<u8>> = sqlx::query_scalar(
            "SELECT body FROM facts WHERE kind = ? ORDER BY subject DESC LIMIT ?",
        )
        .bind(facts::kind::RECEIVED)
        .bind(LIST_MAX)
        .fetch_all(self.read())
        .await?;
        let mut received = Vec::with_capacity(bodies.len());
        for body in &bodies {
            let FactBody::Received(one) = facts::body(body)? else {
                continue;
            };
            let is_disclosure = one.shared.is_disclosure();
            let Shared {
                share,
                by,
                terms,
                ended,
                form: _,
            } = one.shared;
            received.push(ReceivedRow {
                share,
                case: one.case,
                team: one.team,
                by,
                is_over: terms.until.is_some_and(|until| until <= now),
                terms,
                ended,
                is_disclosure,
            });
        }
        Ok(received)
    }
}

/// The shares whose withdrawal was recorded here and is not refused.
async fn withdrawals_on_the_way(tx: &mut Tx) -> Result<BTreeSet<ShareId>, DeviceError> {
    let bodies: Vec<Vec<u8>> = sqlx::query_scalar(
        "SELECT coalesce(body, x'') FROM outbox WHERE document IS NULL AND kind = ? AND state < 2",
    )
    .bind(i64::from(kind::WITHDRAW))
    .fetch_all(&mut **tx)
    .await?;
    bodies
        .iter()
        .map(|body| {
            wire::decode::<Withdraw>("withdrawal", body)
                .map(|one| one.share)
                .map_err(|_| DeviceError::Damaged { what: "outbox" })
        })
        .collect()
}
