//! Shares as admission sees them, read in sets under the log's lock; and their rows.

use super::{stage::Staged, state::Question};
use crate::{
    access::GroundKind,
    log::Seq,
    store::{StoreError, Tx, bulk_chunks, hex_list, id16},
};
use samspor_documents::{
    id::{DocumentId, PractitionerId, ShareId, SpaceId, TeamId},
    time::UnixMillis,
};
use samspor_protocol::{
    fact::FactBody,
    share::{Ended, Received, Recipient, Shared},
    wire,
};
use sqlx::QueryBuilder;
use std::collections::{BTreeSet, HashMap};

/// How many shares end by their time in one group commit; the rest in the next.
const DUE_MAX: i64 = 200;

/// A share that is in the log.
#[derive(Debug, Clone)]
pub(super) struct KnownShare {
    pub space: SpaceId,
    /// The team whose case it is.
    pub team: TeamId,
    /// The ground of that team's cases.
    pub cases: i64,
    /// Where the recipient is told of it.
    pub told_ground: i64,
    /// The entry that ended it.
    pub ended: Option<Seq>,
    /// Of its facts.
    pub version: u32,
    /// What they say.
    pub shared: Shared,
}

impl KnownShare {
    /// It ends at this entry.
    pub(super) fn end(&mut self, until: Seq, ended: Ended) {
        self.version = self.version.saturating_add(1);
        self.ended = Some(until);
        self.shared.ended = Some(ended);
    }

    /// Its two facts as they stand, each with its space and ground: in the case, then for the recipient.
    pub(super) fn facts(&self) -> [(FactBody, SpaceId, i64); 2] {
        let own = FactBody::Shared(self.shared.clone());
        let theirs = FactBody::Received(Received {
            case: self.space,
            team: self.team,
            shared: self.shared.for_recipient(),
        });
        let told = self.shared.share.space();
        [
            (own, self.space, self.cases),
            (theirs, told, self.told_ground),
        ]
    }
}

/// The ground of a team's cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cases {
    pub ground: i64,
    pub team: TeamId,
}

/// What a batch asks of shares, as it stands in the log; it grows by what is admitted.
#[derive(Debug, Default)]
pub(super) struct Shares {
    pub known: HashMap<ShareId, KnownShare>,
    /// The scopes that are there, by case and document.
    pub scopes: HashMap<(SpaceId, Option<DocumentId>), i64>,
    /// The recipients that are there, and where each is told of a share.
    pub recipients: HashMap<Recipient, i64>,
    /// Whose the cases are that are shared.
    pub cases: HashMap<SpaceId, Cases>,
}

/// The keys to look up.
#[derive(Default)]
pub(super) struct Keys {
    shares: BTreeSet<ShareId>,
    spaces: BTreeSet<SpaceId>,
    recipients: BTreeSet<Recipient>,
    /// Whether a scope may have to be made.
    pub opens: bool,
}

impl Keys {
    pub(super) fn add(&mut self, question: &Question<'_>) {
        match question.operation {
            Staged::Share { body, .. } => {
                self.opens = true;
                self.shares.insert(body.share);
                self.spaces.insert(question.group.space);
                self.recipients.insert(body.terms.to);
            }
            Staged::Disclose { body, .. } => {
                self.opens = true;
                self.shares.insert(body.share);
                self.spaces.insert(question.group.space);
                self.recipients.insert(body.terms.to);
            }
            Staged::Withdraw { body, .. } => {
                self.shares.insert(body.share);
            }
            _ => {}
        }
    }
}

/// Share, case, team, ground of its cases, ground of its recipient, end, version, what its fact says.
type ShareRow = (
    Vec<u8>,
    Vec<u8>,
    Vec<u8>,
    i64,
    i64,
    Option<Seq>,
    i64,
    Vec<u8>,
);

const COLUMNS: &str =
    "s.share, s.space, o.team, p.cases, s.told_ground, s.until_seq, s.version, s.body";

const JOINED: &str =
    "CROSS JOIN scopes AS p ON p.ground = s.scope CROSS JOIN grounds AS o ON o.ground = p.cases";

fn known(row: ShareRow) -> Result<(ShareId, KnownShare), StoreError> {
    let (share, space, team, cases, told_ground, ended, version, body) = row;
    let damaged = StoreError::Damaged { what: "share" };
    let Ok(FactBody::Shared(shared)) = wire::decode("fact", &body) else {
        return Err(damaged);
    };
    let known = KnownShare {
        space: SpaceId::from_bytes(id16("share", &space)?),
        team: TeamId::from_bytes(id16("share", &team)?),
        cases,
        told_ground,
        ended,
        version: u32::try_from(version).map_err(|_| damaged)?,
        shared,
    };
    Ok((ShareId::from_bytes(id16("share", &share)?), known))
}

impl Shares {
    /// Reads what the keys name; nothing when there are none.
    pub(super) async fn read(tx: &mut Tx, keys: &Keys) -> Result<Self, StoreError> {
        let mut shares = Self::default();
        if keys.shares.is_empty() {
            return Ok(shares);
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM json_each(?) AS wanted
             CROSS JOIN shares AS s ON s.share = unhex(wanted.value) {JOINED}"
        );
        let rows: Vec<ShareRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(hex_list(keys.shares.iter().map(ShareId::as_bytes)))
            .fetch_all(&mut **tx)
            .await?;
        for row in rows {
            let (share, row) = known(row)?;
            shares.known.insert(share, row);
        }
        if keys.opens {
            shares.read_places(tx, &keys.spaces).await?;
            shares.read_recipients(tx, &keys.recipients).await?;
        }
        Ok(shares)
    }

    async fn read_places(
        &mut self,
        tx: &mut Tx,
        spaces: &BTreeSet<SpaceId>,
    ) -> Result<(), StoreError> {
        let wanted = hex_list(spaces.iter().map(SpaceId::as_bytes));
        let cases: Vec<(Vec<u8>, i64, Vec<u8>)> = sqlx::query_as(
            "SELECT s.space, g.ground, g.team FROM json_each(?) AS wanted
             CROSS JOIN spaces AS s ON s.space = unhex(wanted.value)
             CROSS JOIN grounds AS g ON g.ground = s.ground AND g.kind = ?",
        )
        .bind(wanted.as_str())
        .bind(GroundKind::Cases.code())
        .fetch_all(&mut **tx)
        .await?;
        for (space, ground, team) in cases {
            let team = TeamId::from_bytes(id16("ground", &team)?);
            let space = SpaceId::from_bytes(id16("space", &space)?);
            self.cases.insert(space, Cases { ground, team });
        }
        let scopes: Vec<(Vec<u8>, Option<Vec<u8>>, i64)> = sqlx::query_as(
            "SELECT p.space, p.document, p.ground FROM json_each(?) AS wanted
             CROSS JOIN scopes AS p ON p.space = unhex(wanted.value) AND p.cover = 0",
        )
        .bind(wanted)
        .fetch_all(&mut **tx)
        .await?;
        for (space, document, ground) in scopes {
            let space = SpaceId::from_bytes(id16("scope", &space)?);
            let document = document
                .map(|document| id16("scope", &document).map(DocumentId::from_bytes))
                .transpose()?;
            self.scopes.insert((space, document), ground);
        }
        Ok(())
    }

    async fn read_recipients(
        &mut self,
        tx: &mut Tx,
        recipients: &BTreeSet<Recipient>,
    ) -> Result<(), StoreError> {
        let ids = recipients.iter().map(|one| column(*one).1);
        let rows: Vec<(Vec<u8>, i64, i64)> = sqlx::query_as(
            "SELECT g.team, g.kind, g.ground FROM json_each(?) AS wanted
             CROSS JOIN grounds AS g ON g.team = unhex(wanted.value) AND g.kind IN (?, ?)",
        )
        .bind(hex_list(ids))
        .bind(GroundKind::Cases.code())
        .bind(GroundKind::Private.code())
        .fetch_all(&mut **tx)
        .await?;
        for (id, kind, ground) in rows {
            let id = id16("recipient", &id)?;
            let recipient = if kind == GroundKind::Cases.code() {
                Recipient::Team(TeamId::from_bytes(id))
            } else {
                Recipient::Practitioner(PractitionerId::from_bytes(id))
            };
            self.recipients.insert(recipient, ground);
        }
        Ok(())
    }
}

/// One share; none when there is no such.
pub(super) async fn find(tx: &mut Tx, share: ShareId) -> Result<Option<KnownShare>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM shares AS s {JOINED} WHERE s.share = ?");
    let row: Option<ShareRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(share.as_bytes().to_vec())
        .fetch_optional(&mut **tx)
        .await?;
    row.map(|row| known(row).map(|(_, known)| known))
        .transpose()
}

/// The shares in force whose time is over, the first that ended first.
pub(super) async fn due(tx: &mut Tx, now: UnixMillis) -> Result<Vec<KnownShare>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM shares AS s {JOINED}
         WHERE s.until_seq IS NULL AND s.until_at IS NOT NULL AND s.until_at <= ?
         ORDER BY s.until_at LIMIT ?"
    );
    let rows: Vec<ShareRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(now.0)
        .bind(DUE_MAX)
        .fetch_all(&mut **tx)
        .await?;
    rows.into_iter()
        .map(|row| known(row).map(|(_, known)| known))
        .collect()
}

/// A recipient's kind and id, as columns.
const fn column(recipient: Recipient) -> (i64, [u8; 16]) {
    match recipient {
        Recipient::Team(team) => (0, team.0.into_bytes()),
        Recipient::Practitioner(practitioner) => (1, practitioner.0.into_bytes()),
    }
}

/// A scope that a batch makes.
pub(super) struct NewScope {
    pub ground: i64,
    pub kind: GroundKind,
    pub space: SpaceId,
    pub document: Option<DocumentId>,
    pub cases: i64,
    pub since: Seq,
}

/// A share that a batch records.
pub(super) struct NewShare {
    pub scope: i64,
    pub from: Seq,
    pub known: KnownShare,
}

/// A share that a batch ends.
pub(super) struct EndedShare {
    pub until: Seq,
    pub known: KnownShare,
}

/// Makes scopes, each with its ground.
pub(super) async fn write_scopes(tx: &mut Tx, scopes: &[NewScope]) -> Result<(), StoreError> {
    for chunk in bulk_chunks(scopes) {
        let mut insert =
            QueryBuilder::new("INSERT INTO grounds (ground, kind, team, last_seq, items, digest) ");
        insert.push_values(chunk, |mut row, new| {
            let id = match new.document {
                None => *new.space.as_bytes(),
                Some(document) => *document.as_bytes(),
            };
            row.push_bind(new.ground)
                .push_bind(new.kind.code())
                .push_bind(id.to_vec())
                .push("0, 0")
                .push_bind(vec![0_u8; 16]);
        });
        insert.build().execute(&mut **tx).await?;
        let mut insert = QueryBuilder::new(
            "INSERT INTO scopes (ground, space, document, cases, since_seq, cover) ",
        );
        insert.push_values(chunk, |mut row, new| {
            row.push_bind(new.ground)
                .push_bind(new.space.as_bytes().to_vec())
                .push_bind(new.document.map(|document| document.as_bytes().to_vec()))
                .push_bind(new.cases)
                .push_bind(new.since)
                .push_bind(i64::from(new.kind == GroundKind::AssignedCase));
        });
        insert.build().execute(&mut **tx).await?;
    }
    Ok(())
}

fn body(known: &KnownShare) -> Vec<u8> {
    wire::encode(&FactBody::Shared(known.shared.clone()))
}

/// Records shares, the space in which each recipient is told of it included.
pub(super) async fn write_new(tx: &mut Tx, shares: &[NewShare]) -> Result<(), StoreError> {
    for chunk in bulk_chunks(shares) {
        let mut insert = QueryBuilder::new("INSERT INTO spaces (space, ground, seq, told_only) ");
        insert.push_values(chunk, |mut row, new| {
            row.push_bind(new.known.shared.share.as_bytes().to_vec())
                .push_bind(new.known.told_ground)
                .push_bind(new.from)
                .push("1");
        });
        insert.build().execute(&mut **tx).await?;
        let mut insert = QueryBuilder::new(
            "INSERT INTO shares (share, space, scope, recipient_kind, recipient, told_ground, from_seq,
               until_at, version, body) ",
        );
        insert.push_values(chunk, |mut row, new| {
            let (kind, id) = column(new.known.shared.terms.to);
            row.push_bind(new.known.shared.share.as_bytes().to_vec())
                .push_bind(new.known.space.as_bytes().to_vec())
                .push_bind(new.scope)
                .push_bind(kind)
                .push_bind(id.to_vec())
                .push_bind(new.known.told_ground)
                .push_bind(new.from)
                .push_bind(new.known.shared.terms.until.map(|until| until.0))
                .push_bind(i64::from(new.known.version))
                .push_bind(body(&new.known));
        });
        insert.build().execute(&mut **tx).await?;
    }
    Ok(())
}

/// Ends shares.
pub(super) async fn write_ended(tx: &mut Tx, shares: &[EndedShare]) -> Result<(), StoreError> {
    for chunk in bulk_chunks(shares) {
        let mut update = QueryBuilder::new("WITH ended (share, until_seq, version, body) AS (");
        update.push_values(chunk, |mut row, one| {
            row.push_bind(one.known.shared.share.as_bytes().to_vec())
                .push_bind(one.until)
                .push_bind(i64::from(one.known.version))
                .push_bind(body(&one.known));
        });
        update.push(
            ") UPDATE shares SET until_seq = ended.until_seq, version = ended.version, body = ended.body
             FROM ended WHERE shares.share = ended.share AND shares.until_seq IS NULL",
        );
        update.build().execute(&mut **tx).await?;
    }
    Ok(())
}
