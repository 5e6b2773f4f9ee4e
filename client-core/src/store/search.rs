//! Search in the store: the words by which each document is found, and their index.
//!
//! Words are written with a document's list row, in its transaction, and wait beside the index: a save does not pay for
//! it. Those of a document that is begun here wait as one row without a place. Few are put into it when something is
//! looked for, many (a first sync) in large batches of ascending places, which costs a fraction. They stand in the order
//! they came, wherever their places are: else each would be written into a page of its own.
//! What is found is a place and a document; what may be shown of it is its row's and the caller's to say.

use super::{
    Store, Tx,
    apply::push_ids,
    disclosed,
    drafts::PUBLISHED_HERE,
    restrictions::IS_RESTRICTED,
    rows, signed,
    sql::{self, Script},
};
use crate::{error::DeviceError, views::TimelineRow};
use samspor_documents::{
    id::{DocumentId, PractitionerId, SpaceId, TeamId},
    template::TemplateKind,
    time::UnixMillis,
};
use sqlx::{Row as _, sqlite::SqliteRow};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    fmt::Write as _,
    sync::atomic::Ordering,
};

/// So many that wait go into the index before something is looked for; more are left to what follows a sync.
const FEW_MAX: i64 = 1_000;
/// So many that waited go into it in one transaction.
const BATCH: i64 = 20_000;
/// Bits of a place that tell documents of one second apart.
const TAIL_BITS: u32 = 24;
/// Seconds of a place, at most, before and after 1970.
const SECONDS_MAX: i64 = 1 << 37;
/// What filters are written in stands before each: no word that anybody writes begins with it.
const FILTER: char = '\u{e000}';

/// The name on the card of a row's case, or of the case that a draft is meant for.
const NAME: &str =
    "(SELECT c.name FROM cards c WHERE c.space = coalesce(r.subject, r.space)) AS about";

/// What is found of one document.
pub(super) struct Found {
    pub(super) document: DocumentId,
    pub(super) space: SpaceId,
    pub(super) subject: Option<SpaceId>,
    pub(super) occurred_at: UnixMillis,
    /// Its words and its own filters; none when it is not to be found.
    pub(super) words: String,
}

/// The filter of a kind of document.
pub(crate) fn of_kind(kind: TemplateKind) -> String {
    format!("{FILTER}k{}", kind.name())
}

/// The filter of a template.
pub(crate) fn of_template(name: &str) -> String {
    let name = name.chars().filter(char::is_ascii_alphanumeric);
    format!("{FILTER}t{}", name.collect::<String>())
}

/// The filter of somebody who wrote in it.
pub(crate) fn of_author(author: PractitionerId) -> String {
    of_id('a', author.as_bytes())
}

/// The filter of a case or circle.
pub(crate) fn of_space(space: SpaceId) -> String {
    of_id('s', space.as_bytes())
}

/// The filter of a team.
pub(crate) fn of_team(team: TeamId) -> String {
    of_id('m', team.as_bytes())
}

/// The half of an id that is random: a row's own columns say the rest.
fn of_id(kind: char, id: &[u8; 16]) -> String {
    let mut text = format!("{FILTER}{kind}");
    for byte in id.iter().skip(8) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The first place of a time.
pub(crate) fn place_of(at: UnixMillis) -> i64 {
    at.0.div_euclid(1_000).clamp(-SECONDS_MAX, SECONDS_MAX) << TAIL_BITS
}

/// The first place of the second after a time.
pub(crate) fn place_after(at: UnixMillis) -> i64 {
    place_of(UnixMillis(at.0.saturating_add(1_000)))
}

fn place(found: &Found) -> i64 {
    let tail = found.document.as_bytes().iter().rev().take(3);
    let tail = tail.fold(0, |tail, byte| (tail << 8) | i64::from(*byte));
    place_of(found.occurred_at) | tail
}

/// What stands of documents already.
#[derive(Default)]
struct Known {
    teams: HashMap<SpaceId, TeamId>,
    standing: HashMap<DocumentId, Standing>,
    taken: HashSet<i64>,
}

/// What stands of a document.
struct Standing {
    n: i64,
    space: SpaceId,
    words: String,
}

/// What is found of documents, each with its place, and which of them were found otherwise before.
pub(super) struct Placed {
    /// All of them: what waited here of each gives way.
    of: Vec<DocumentId>,
    gone: Vec<DocumentId>,
    found: Vec<(i64, Found)>,
}

/// Finds a place for what is found of documents, at most [`sql::CHUNK`] of them. What stands already is left as it is.
pub(super) async fn place_all(tx: &mut Tx, mut found: Vec<Found>) -> Result<Placed, DeviceError> {
    let of = found.iter().map(|one| one.document).collect();
    let mut known = known(tx, &found).await?;
    add_teams(&mut found, &known.teams);
    let stands = |one: &Found| {
        known.standing.get(&one.document).is_some_and(|old| {
            old.words == one.words
                && old.space == one.space
                && old.n >> TAIL_BITS == place(one) >> TAIL_BITS
        })
    };
    found.retain(|one| !stands(one));
    let mut gone = Vec::new();
    for one in &found {
        if let Some(old) = known.standing.get(&one.document) {
            known.taken.remove(&old.n);
            gone.push(one.document);
        }
    }
    let mut placed = Vec::with_capacity(found.len());
    for one in found.into_iter().filter(|one| !one.words.is_empty()) {
        let mut n = place(&one);
        while !known.taken.insert(n) {
            n = free_after(tx, n).await?;
        }
        placed.push((n, one));
    }
    Ok(Placed {
        of,
        gone,
        found: placed,
    })
}

/// The statements that write it, in place of what was.
pub(super) fn push(script: &mut Script, placed: Placed) {
    if !placed.of.is_empty() {
        script
            .push("DELETE FROM found_here WHERE n IN (SELECT n FROM documents WHERE document IN (");
        push_ids(script, placed.of.into_iter());
        script.push(");");
    }
    if !placed.gone.is_empty() {
        script.push("DELETE FROM found WHERE document IN (");
        push_ids(script, placed.gone.into_iter());
        script.push(";");
    }
    if placed.found.is_empty() {
        return;
    }
    script.push("INSERT INTO found (n, document, space, words) ");
    script.push_values(placed.found, |mut row, (n, one)| {
        row.push_bind(n)
            .push_bind(one.document.as_bytes().to_vec())
            .push_bind(one.space.as_bytes().to_vec())
            .push_bind(one.words);
    });
    script.push(";");
}

/// The statement that keeps what is found of a document that is begun here: without a place, which is found for it when
/// something is looked for. Nothing stands of it yet.
pub(super) fn push_here(script: &mut Script, found: Found) {
    if found.words.is_empty() {
        return;
    }
    script
        .push("INSERT INTO found_here (n, words) SELECT n, ")
        .push_bind(found.words)
        .push(" FROM documents WHERE document = ")
        .push_bind(found.document.as_bytes().to_vec())
        .push(";");
}

/// Finds places for what was begun here, at most [`BATCH`] of them.
async fn place_here(tx: &mut Tx) -> Result<(), DeviceError> {
    let mut left = BATCH;
    while left > 0 {
        let rows = sqlx::query(
            "SELECT r.document, r.space, r.subject, r.occurred_at, h.words FROM found_here h
             CROSS JOIN documents d ON d.n = h.n CROSS JOIN rows r ON r.document = d.document ORDER BY h.n LIMIT ?",
        )
        .bind(i64::try_from(sql::CHUNK).unwrap_or(i64::MAX))
        .fetch_all(&mut **tx)
        .await?;
        if rows.is_empty() {
            break;
        }
        let found: Result<Vec<Found>, DeviceError> = rows.iter().map(found_here).collect();
        let mut script = sql::script();
        push(&mut script, place_all(tx, found?).await?);
        sql::run(tx, &mut script).await?;
        left = left.saturating_sub(i64::try_from(rows.len()).unwrap_or(i64::MAX));
    }
    Ok(())
}

fn found_here(row: &SqliteRow) -> Result<Found, DeviceError> {
    Ok(Found {
        document: sql::id(row, 0)?,
        space: sql::id(row, 1)?,
        subject: sql::id_opt(row, 2)?,
        occurred_at: UnixMillis(row.try_get(3)?),
        words: row.try_get(4)?,
    })
}

/// The cases that a document belongs to.
fn cases(one: &Found) -> impl Iterator<Item = SpaceId> + use<> {
    [Some(one.space), one.subject].into_iter().flatten()
}

fn add_teams(found: &mut [Found], teams: &HashMap<SpaceId, TeamId>) {
    for one in found.iter_mut().filter(|one| !one.words.is_empty()) {
        for case in cases(one) {
            let team = teams.get(&case).map(|team| of_team(*team));
            for filter in [Some(of_space(case)), team].into_iter().flatten() {
                if !one.words.contains(&filter) {
                    one.words.push(' ');
                    one.words.push_str(&filter);
                }
            }
        }
    }
}

/// What stands, in one statement: the teams of their cases, the documents themselves, the places they would have.
async fn known(tx: &mut Tx, found: &[Found]) -> Result<Known, DeviceError> {
    let spaces: BTreeSet<SpaceId> = found.iter().flat_map(cases).collect();
    let mut query =
        sqlx::QueryBuilder::new("SELECT 0, space, team, 0, '' FROM spaces WHERE space IN (");
    let mut list = query.separated(", ");
    for space in spaces {
        list.push_bind(space.as_bytes().to_vec());
    }
    query.push(") UNION ALL SELECT 1, document, space, n, words FROM found WHERE document IN (");
    push_ids(&mut query, found.iter().map(|one| one.document));
    query.push(" UNION ALL SELECT 2, x'', x'', n, '' FROM found WHERE n IN (");
    let mut list = query.separated(", ");
    for one in found {
        list.push_bind(place(one));
    }
    query.push(")");
    let mut known = Known::default();
    for row in query.build().fetch_all(&mut **tx).await? {
        match row.try_get::<i64, _>(0)? {
            0 => {
                known.teams.insert(sql::id(&row, 1)?, sql::id(&row, 2)?);
            }
            1 => {
                let old = Standing {
                    n: row.try_get(3)?,
                    space: sql::id(&row, 2)?,
                    words: row.try_get(4)?,
                };
                known.standing.insert(sql::id(&row, 1)?, old);
            }
            _ => {
                known.taken.insert(row.try_get(3)?);
            }
        }
    }
    Ok(known)
}

/// The first place after this one that is free in the store.
async fn free_after(tx: &mut Tx, n: i64) -> Result<i64, DeviceError> {
    let mut next = n.saturating_add(1);
    loop {
        let taken: Option<i64> = sqlx::query_scalar("SELECT n FROM found WHERE n = ?")
            .bind(next)
            .fetch_optional(&mut **tx)
            .await?;
        if taken.is_none() {
            return Ok(next);
        }
        next = next.saturating_add(1);
    }
}

impl Store {
    /// Puts the next documents that wait for it into the index, and says how many wait still.
    pub(super) async fn list_found(&self) -> Result<u64, DeviceError> {
        let mut tx = self.begin().await?;
        place_here(&mut tx).await?;
        let last: Option<i64> = sqlx::query_scalar(
            "SELECT max(id) FROM (SELECT id FROM found_waiting ORDER BY id LIMIT ?)",
        )
        .bind(BATCH)
        .fetch_one(&mut *tx)
        .await?;
        let Some(last) = last else {
            tx.commit().await?;
            return Ok(0);
        };
        sqlx::query(
            "INSERT INTO found_words (rowid, words) SELECT f.n, f.words FROM found_waiting AS w
             CROSS JOIN found AS f ON f.id = w.id WHERE w.id <= ? ORDER BY f.n",
        )
        .bind(last)
        .execute(&mut *tx)
        .await?;
        sqlx::query("DELETE FROM found_waiting WHERE id <= ?")
            .bind(last)
            .execute(&mut *tx)
            .await?;
        let left: i64 = sqlx::query_scalar(
            "SELECT (SELECT count(*) FROM found_waiting) + (SELECT count(*) FROM found_here)",
        )
        .fetch_one(&mut *tx)
        .await?;
        let was_many = self.listed_many.fetch_or(left > 0, Ordering::SeqCst);
        if left == 0 && was_many {
            // After many, one index of several parts is made one: else the next saves would do it piece by piece.
            sqlx::query("INSERT INTO found_words (found_words) VALUES ('optimize')")
                .execute(&mut *tx)
                .await?;
            self.listed_many.store(false, Ordering::SeqCst);
        }
        tx.commit().await?;
        Ok(u64::try_from(left).unwrap_or(0))
    }

    /// Puts the few that wait into the index, and what was begun here in its place. What cannot be written now, as on a
    /// full disk, is found later.
    pub(crate) async fn list_few(&self) -> Result<(), DeviceError> {
        let (waiting, has_here): (i64, bool) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM (SELECT 1 FROM found_waiting LIMIT ?)), EXISTS (SELECT 1 FROM found_here)",
        )
        .bind(FEW_MAX + 1)
        .fetch_one(self.read())
        .await?;
        let done = match (waiting > FEW_MAX, waiting > 0 || has_here) {
            (false, true) => self.list_found().await.map(drop),
            (true, _) if has_here => self.place_begun().await,
            _ => Ok(()),
        };
        match done {
            Err(DeviceError::DiskFull | DeviceError::ReadOnly) => Ok(()),
            other => other,
        }
    }

    /// Finds places for what was begun here, and leaves the index to who comes after.
    pub(super) async fn place_begun(&self) -> Result<(), DeviceError> {
        let mut tx = self.begin().await?;
        place_here(&mut tx).await?;
        Ok(tx.commit().await?)
    }
}

impl Store {
    /// The rows of documents, with the name on their case's card, in the order asked for. Drafts that were published or
    /// discarded are left out, and what is restricted, unless it is asked for.
    pub(crate) async fn found_rows(
        &self,
        documents: &[DocumentId],
        private: SpaceId,
        restricted: bool,
    ) -> Result<Vec<(TimelineRow, Option<String>)>, DeviceError> {
        let mut tx = self.snapshot().await?;
        let mut rows = Vec::with_capacity(documents.len());
        let mut names = HashMap::new();
        for chunk in documents.chunks(sql::CHUNK) {
            let mut query = sqlx::QueryBuilder::new(rows::select_with(NAME));
            query.push(" WHERE r.document IN (");
            push_ids(&mut query, chunk.iter().copied());
            query.push(format!(
                " AND r.discarded = 0 AND NOT {PUBLISHED_HERE} AND ({} OR NOT {IS_RESTRICTED})",
                i32::from(restricted)
            ));
            for row in query.build().fetch_all(&mut *tx).await? {
                let read = rows::timeline_row(&row, Some(private))?;
                let name: Option<String> = row.try_get("about")?;
                names.insert(read.document, name);
                rows.push(read);
            }
        }
        signed::add_signers(&mut tx, &mut rows).await?;
        disclosed::add_disclosed(&mut tx, &mut rows).await?;
        let order: HashMap<DocumentId, usize> = documents.iter().copied().zip(0..).collect();
        rows.sort_by_key(|row| order.get(&row.document).copied());
        let named = rows.into_iter().map(|row| {
            let name = names.remove(&row.document).flatten();
            (row, name)
        });
        Ok(named.collect())
    }

    /// How many documents are not found by what they say yet.
    pub(crate) async fn to_find(&self) -> Result<u64, DeviceError> {
        let row = sqlx::query(
            "SELECT (SELECT count(*) FROM documents WHERE stamp <> indexed)
               + (SELECT count(*) FROM found_waiting) + (SELECT count(*) FROM found_here)",
        )
        .fetch_one(self.read())
        .await?;
        sql::count(&row, 0)
    }
}
