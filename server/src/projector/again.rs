//! What was rendered before its template came is rendered again: the rows of that template and version, and no other. So is
//! what an earlier version of the projector made, once. What devices are fed does not change by it: neither is a part of
//! what a document is.

use super::{
    apply::{self, With},
    read::LoggedFact,
    render::{self, MADE, Placed, TimelineRow},
    rows,
};
use crate::{
    access::{self, GroundKind},
    log::Seq,
    store::{Store, StoreError, Tx, id16},
};
use samspor_documents::{
    guard,
    id::{DocumentId, SpaceId},
    reading::Reading,
    signed::SignedText,
    time::UnixMillis,
};
use samspor_protocol::{
    fact::{FactBody, TemplateFile},
    sign::SignedRecord,
};

/// Rows at a time.
const ROWS_MAX: i64 = 64;

/// A document whose row was made without its template.
struct Unknown {
    document: DocumentId,
    space: SpaceId,
    ground: i64,
    placed: Placed,
    /// Of a copy that was filed: what it stands with there.
    filed_with: Option<Option<DocumentId>>,
    content: Content,
}

enum Content {
    Open(Vec<u8>),
    Signed(Vec<u8>),
    Filed(Vec<u8>),
}

/// The templates that facts tell of.
pub(super) fn told(facts: &[LoggedFact]) -> Vec<TemplateFile> {
    let template = |fact: &LoggedFact| match fact.fact.read() {
        Ok(FactBody::Template(template)) => Some(template),
        _ => None,
    };
    facts.iter().filter_map(template).collect()
}

/// Renders again what was rendered without this template, as long as the projection stands at `position`.
pub(super) async fn render(
    store: &Store,
    with: &With,
    position: Seq,
    template: &TemplateFile,
) -> Result<(), StoreError> {
    let mut after = Vec::new();
    loop {
        let mut tx = store.read().await?;
        let unknown = read(&mut tx, template, &after).await?;
        drop(tx);
        let Some(last) = unknown.last() else {
            return Ok(());
        };
        after = last.document.as_bytes().to_vec();
        if !write_again(store, with, position, unknown).await? {
            return Ok(());
        }
    }
}

/// Renders again the next of what an earlier version of the projector made, after this document, as long as the projection
/// stands at `position`. Where it stopped; none when there is no more.
pub(super) async fn render_next(
    store: &Store,
    with: &With,
    position: Seq,
    after: &[u8],
) -> Result<Option<Vec<u8>>, StoreError> {
    let mut tx = store.read().await?;
    let sql = format!("{SELECT} WHERE t.made < ? AND t.document > ? ORDER BY t.document LIMIT ?");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(MADE)
        .bind(after)
        .bind(ROWS_MAX)
        .fetch_all(&mut *tx)
        .await?;
    drop(tx);
    let Some(last) = rows.last().map(|row| row.0.clone()) else {
        return Ok(None);
    };
    let old = rows.into_iter().filter_map(|row| unknown(row).transpose());
    let old = old.collect::<Result<Vec<Unknown>, StoreError>>()?;
    match write_again(store, with, position, old).await? {
        true => Ok(Some(last)),
        false => Ok(Some(after.to_vec())),
    }
}

/// Makes these rows again; false, and nothing written, when the projection has moved meanwhile.
async fn write_again(
    store: &Store,
    with: &With,
    position: Seq,
    unknown: Vec<Unknown>,
) -> Result<bool, StoreError> {
    let with = with.clone();
    let made = tokio::task::spawn_blocking(move || make(&with, unknown))
        .await
        .map_err(|_| StoreError::Damaged {
            what: "rows: making them again failed",
        })?;
    let mut tx = store.write().await?;
    if access::position(&mut tx).await? != position {
        return Ok(false);
    }
    let placed: Vec<_> = made
        .iter()
        .map(|(space, ground, row)| rows::Placed {
            space: *space,
            ground: *ground,
            row,
        })
        .collect();
    rows::write_placed(&mut tx, &placed).await?;
    tx.commit().await?;
    Ok(true)
}

/// Document, space, ground, kind of ground, received at, seq, what it adds to, snapshot, signed text, filed record.
type Row = (
    Vec<u8>,
    Vec<u8>,
    i64,
    i64,
    i64,
    Seq,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
);

const SELECT: &str =
    "SELECT t.document, t.space, t.ground, g.kind, t.received_at, t.seq, t.adds_to, s.body, x.text, d.record
     FROM timeline AS t CROSS JOIN grounds AS g ON g.ground = t.ground
     LEFT JOIN snapshots AS s ON s.document = t.document
     LEFT JOIN signed_texts AS x ON x.document = t.document AND x.seq = t.seq
     LEFT JOIN disclosures AS d ON d.document = t.document AND d.seq = t.seq";

async fn read(
    tx: &mut Tx,
    template: &TemplateFile,
    after: &[u8],
) -> Result<Vec<Unknown>, StoreError> {
    let sql = format!(
        "{SELECT} WHERE t.template = ? AND t.unknown_version = ? AND t.document > ? ORDER BY t.document LIMIT ?"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(&template.name)
        .bind(i64::from(template.version))
        .bind(after)
        .bind(ROWS_MAX)
        .fetch_all(&mut **tx)
        .await?;
    rows.into_iter()
        .filter_map(|row| unknown(row).transpose())
        .collect()
}

fn unknown(row: Row) -> Result<Option<Unknown>, StoreError> {
    let (document, space, ground, kind, received_at, seq, adds_to, snapshot, text, record) = row;
    let document = DocumentId::from_bytes(id16("row", &document)?);
    let kind = GroundKind::of_code(kind).ok_or(StoreError::Damaged { what: "ground" })?;
    let adds_to = adds_to.map(|entry| id16("row", &entry).map(DocumentId::from_bytes));
    let adds_to = adds_to.transpose()?;
    let is_filed = record.is_some();
    let content = record
        .map(Content::Filed)
        .or(text.map(Content::Signed))
        .or(snapshot.map(Content::Open));
    let Some(content) = content else {
        return Ok(None);
    };
    Ok(Some(Unknown {
        document,
        space: SpaceId::from_bytes(id16("row", &space)?),
        ground,
        placed: Placed {
            id: document,
            in_case: kind == GroundKind::Cases,
            received_at: UnixMillis(received_at),
            seq,
        },
        filed_with: is_filed.then_some(adds_to),
        content,
    }))
}

fn make(with: &With, unknown: Vec<Unknown>) -> Vec<(SpaceId, i64, TimelineRow)> {
    let row = |one: Unknown| {
        let made =
            guard::guarded(|| render::render(with, &reading(with, &one.content)?, &one.placed));
        let row = made.ok().flatten()?;
        let adds_to = one.filed_with.unwrap_or(row.adds_to);
        Some((one.space, one.ground, TimelineRow { adds_to, ..row }))
    };
    unknown.into_iter().filter_map(row).collect()
}

fn reading(with: &With, content: &Content) -> Option<Reading> {
    let signed = |text: &[u8]| {
        let text = SignedText::decode(text).ok()?;
        Some(text.reading(&with.templates))
    };
    match content {
        Content::Open(snapshot) => {
            let document = guard::load(snapshot, apply::SNAPSHOT_BYTES_MAX).ok()?;
            Some(document.reading(&with.templates))
        }
        Content::Signed(text) => signed(text),
        Content::Filed(record) => signed(&SignedRecord::from_file(record).ok()?.text),
    }
}
