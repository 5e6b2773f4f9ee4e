//! Reading histories of access from the database, many practitioners at once.

use super::{Ground, GroundKind, History, Scope, WithEntry};
use crate::{
    log::{Seq, role_of_code},
    store::{StoreError, Tx, hex_list, id16},
};
use samspor_documents::id::{DocumentId, PractitionerId, SpaceId, TeamId};
use samspor_protocol::tag::Digest;
use std::collections::HashMap;

/// Practitioner, from, until, role; ground, kind, whose, last entry, items, digest; of a scope its case, its document and
/// the ground of its team's cases; of a document that adds to another that one, and the entry that signed it.
type Row = (
    Option<Vec<u8>>,
    Option<Seq>,
    Option<Seq>,
    Option<i64>,
    i64,
    i64,
    Vec<u8>,
    Seq,
    i64,
    Vec<u8>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<i64>,
    Option<Vec<u8>>,
    Option<Seq>,
);

const SQL: &str = "
    SELECT g.practitioner, g.from_seq, g.until_seq, g.role,
           c.ground, c.kind, c.team, c.last_seq, c.items, c.digest, NULL, NULL, NULL, NULL, NULL
    FROM json_each(?1) AS wanted
    CROSS JOIN grants AS g ON g.practitioner = unhex(wanted.value)
    CROSS JOIN grounds AS c ON c.team = g.team AND c.kind IN (1, 2, 4)
    UNION ALL
    SELECT c.team, NULL, NULL, NULL, c.ground, c.kind, c.team, c.last_seq, c.items, c.digest, NULL, NULL, NULL, NULL, NULL
    FROM json_each(?1) AS wanted
    CROSS JOIN grounds AS c ON c.team = unhex(wanted.value) AND c.kind = 3
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, c.ground, c.kind, c.team, c.last_seq, c.items, c.digest, NULL, NULL, NULL, NULL, NULL
    FROM log_state AS s CROSS JOIN grounds AS c ON c.team = s.organisation AND c.kind = 0
    UNION ALL
    SELECT s.recipient, s.from_seq, s.until_seq, 0,
           c.ground, c.kind, o.team, c.last_seq, c.items, c.digest, p.space, p.document, p.cases,
           i.with_entry, i.last_seq
    FROM json_each(?1) AS wanted
    CROSS JOIN shares AS s ON s.recipient = unhex(wanted.value) AND s.recipient_kind = 1
        AND coalesce(s.until_seq > ?2, 1)
    CROSS JOIN scopes AS p ON p.ground = s.scope
    CROSS JOIN grounds AS c ON c.ground = p.ground
    CROSS JOIN grounds AS o ON o.ground = p.cases
    LEFT JOIN items AS i ON i.kind = 1 AND i.id = p.document AND i.with_entry IS NOT NULL
    UNION ALL
    SELECT g.practitioner, max(g.from_seq, s.from_seq),
           CASE WHEN g.until_seq IS NULL OR s.until_seq IS NULL THEN coalesce(g.until_seq, s.until_seq)
                ELSE min(g.until_seq, s.until_seq) END,
           g.role, c.ground, c.kind, o.team, c.last_seq, c.items, c.digest, p.space, p.document, p.cases,
           i.with_entry, i.last_seq
    FROM json_each(?1) AS wanted
    CROSS JOIN grants AS g ON g.practitioner = unhex(wanted.value) AND coalesce(g.until_seq > ?2, 1)
    CROSS JOIN shares AS s ON s.recipient = g.team AND s.recipient_kind = 0
        AND coalesce(s.until_seq > max(?2, g.from_seq), 1) AND coalesce(s.from_seq < g.until_seq, 1)
    CROSS JOIN scopes AS p ON p.ground = s.scope
    CROSS JOIN grounds AS c ON c.ground = p.ground
    CROSS JOIN grounds AS o ON o.ground = p.cases
    LEFT JOIN items AS i ON i.kind = 1 AND i.id = p.document AND i.with_entry IS NOT NULL
    UNION ALL
    SELECT g.practitioner, w.from_seq, w.until_seq, NULL,
           c.ground, c.kind, c.team, c.last_seq, c.items, c.digest, NULL, NULL, NULL, NULL, NULL
    FROM json_each(?1) AS wanted
    CROSS JOIN grants AS g ON g.practitioner = unhex(wanted.value)
    CROSS JOIN caseloads AS w ON w.team = g.team
    CROSS JOIN grounds AS c ON c.team = g.team AND c.kind = 2
    UNION ALL
    SELECT g.practitioner, g.from_seq, g.until_seq, g.role,
           c.ground, c.kind, g.team, c.last_seq, c.items, c.digest, g.team, NULL, p.cases, NULL, NULL
    FROM json_each(?1) AS wanted
    CROSS JOIN grants AS g ON g.practitioner = unhex(wanted.value)
    CROSS JOIN grounds AS c ON c.team = g.team AND c.kind = 8
    CROSS JOIN scopes AS p ON p.ground = c.ground
    UNION ALL
    SELECT g.practitioner, max(g.from_seq, a.from_seq),
           CASE WHEN g.until_seq IS NULL OR a.until_seq IS NULL THEN coalesce(g.until_seq, a.until_seq)
                ELSE min(g.until_seq, a.until_seq) END,
           g.role, c.ground, c.kind, g.team, c.last_seq, c.items, c.digest, a.space, NULL, p.cases, NULL, NULL
    FROM json_each(?1) AS wanted
    CROSS JOIN grants AS g ON g.practitioner = unhex(wanted.value) AND coalesce(g.until_seq > ?2, 1)
        AND EXISTS (SELECT 1 FROM caseloads AS w WHERE w.team = g.team AND coalesce(w.until_seq > ?2, 1))
    CROSS JOIN assignments AS a ON a.practitioner = g.practitioner AND a.team = g.team
        AND coalesce(a.until_seq > max(?2, g.from_seq), 1) AND coalesce(a.from_seq < g.until_seq, 1)
    CROSS JOIN grounds AS c ON c.team = a.space AND c.kind = 7
    CROSS JOIN scopes AS p ON p.ground = c.ground
    ORDER BY 1, 2";

fn with_entry(row: &Row) -> Result<Option<WithEntry>, StoreError> {
    let (Some(entry), Some(since)) = (&row.13, row.14) else {
        return Ok(None);
    };
    let entry = DocumentId::from_bytes(id16("item", entry)?);
    Ok(Some(WithEntry { entry, since }))
}

fn ground(row: &Row) -> Result<Ground, StoreError> {
    let damaged = StoreError::Damaged { what: "ground" };
    let scope = match (&row.10, row.12) {
        (Some(space), Some(cases)) => Some(Scope {
            space: SpaceId::from_bytes(id16("scope", space)?),
            document: row
                .11
                .as_deref()
                .map(|document| id16("scope", document).map(DocumentId::from_bytes))
                .transpose()?,
            cases,
            with_entry: with_entry(row)?,
        }),
        _ => None,
    };
    Ok(Ground {
        ground: row.4,
        kind: GroundKind::of_code(row.5).ok_or(damaged)?,
        team: TeamId::from_bytes(id16("ground", &row.6)?),
        scope,
        last_seq: row.7,
        items: row.8,
        digest: Digest::from_bytes(id16("ground", &row.9)?),
    })
}

/// The histories of these practitioners; one without any membership has the organisation's ground and their own only.
/// What shares and assignments opened and ended before `since` is left out: they grow in number, and nobody asks that far
/// back.
///
/// # Errors
/// `Unavailable`, `Query`, or `Damaged`.
pub async fn load(
    tx: &mut Tx,
    practitioners: &[PractitionerId],
    since: Seq,
) -> Result<HashMap<PractitionerId, History>, StoreError> {
    let wanted = hex_list(practitioners.iter().map(PractitionerId::as_bytes));
    let rows: Vec<Row> = sqlx::query_as(SQL)
        .bind(wanted)
        .bind(since)
        .fetch_all(&mut **tx)
        .await?;
    let mut histories: HashMap<PractitionerId, History> = practitioners
        .iter()
        .map(|one| (*one, History::default()))
        .collect();
    for row in &rows {
        let ground = ground(row)?;
        let Some(practitioner) = &row.0 else {
            histories
                .values_mut()
                .for_each(|history| history.add_for_ever(ground));
            continue;
        };
        let practitioner = PractitionerId::from_bytes(id16("grant", practitioner)?);
        let Some(history) = histories.get_mut(&practitioner) else {
            continue;
        };
        match (row.1, row.3) {
            (Some(from), Some(role)) => {
                let role = role_of_code(role).ok_or(StoreError::Damaged { what: "grant" })?;
                history.add_grant(ground, role, from, row.2);
            }
            (Some(from), None) => history.add_by_assignment(ground.ground, from, row.2),
            _ => history.add_for_ever(ground),
        }
    }
    histories.values_mut().for_each(History::settle);
    Ok(histories)
}

/// The history of one practitioner; of shares and assignments that ended, those after `since`.
///
/// # Errors
/// As [`load`].
pub async fn load_one(
    tx: &mut Tx,
    practitioner: PractitionerId,
    since: Seq,
) -> Result<History, StoreError> {
    let mut histories = load(tx, &[practitioner], since).await?;
    Ok(histories.remove(&practitioner).unwrap_or_default())
}

/// How far the projector has come: where reads are decided.
///
/// # Errors
/// `Unavailable` or `Query`.
pub async fn position(tx: &mut Tx) -> Result<Seq, StoreError> {
    let row: Option<Seq> = sqlx::query_scalar("SELECT seq FROM projection WHERE only_row = 1")
        .fetch_optional(&mut **tx)
        .await?;
    Ok(row.unwrap_or_default())
}
