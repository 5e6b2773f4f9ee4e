//! What a batch of the log is about, read in sets.

use super::{
    filed::{self, FiledText},
    scopes::{self, Counted, Cover},
};
use crate::{
    access::GroundKind,
    log::{EntryKind, Seq},
    store::{StoreError, Tx, hex_list, id16, id32},
};
use samspor_documents::{
    id::{DeviceId, DocumentId, FactId, SpaceId},
    template::Templates,
    time::UnixMillis,
};
use samspor_protocol::{
    fact::{Fact, FactBody},
    tag::Tag,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Entries of one batch.
const ENTRIES_MAX: i64 = 256;
/// Bodies of one batch, in bytes; one entry is always taken.
const BYTES_MAX: usize = 4 * 1024 * 1024;

/// One logged change.
#[derive(Debug, Clone)]
pub(super) struct LoggedChange {
    pub seq: Seq,
    pub hash: [u8; 32],
    pub device: DeviceId,
    pub body: Vec<u8>,
}

/// A document that the batch touches.
#[derive(Debug, Clone)]
pub(super) struct TouchedDocument {
    pub document: DocumentId,
    pub space: SpaceId,
    pub ground: i64,
    /// Where it stands.
    pub kind: GroundKind,
    pub received_at: UnixMillis,
    pub first_seq: Seq,
    pub snapshot: Option<Vec<u8>>,
    pub changes: Vec<LoggedChange>,
    /// The signature that froze it, where it is among the entries.
    pub signed: Option<LoggedSignature>,
    /// The record that it is, where it was filed among the entries.
    pub filed: Option<LoggedRecord>,
}

/// One logged record that was disclosed: a document that is nothing else.
#[derive(Debug, Clone)]
pub(super) struct LoggedRecord {
    pub seq: Seq,
    pub record: Vec<u8>,
    pub hash: [u8; 32],
    /// What the text in it says; none when it does not read.
    pub text: Option<FiledText>,
}

/// One logged signature that froze a document.
#[derive(Debug, Clone)]
pub(super) struct LoggedSignature {
    pub seq: Seq,
    pub text: Vec<u8>,
    pub hash: [u8; 32],
}

/// A fact that the batch logs.
#[derive(Debug, Clone)]
pub(super) struct LoggedFact {
    pub seq: Seq,
    pub ground: i64,
    pub fact: Fact,
}

/// A draft that the batch's facts say was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Closed {
    pub draft: DocumentId,
    /// The private ground it is closed on; a document of this id anywhere else is not meant.
    pub ground: i64,
    pub seq: Seq,
}

/// What an item counts for in its ground's sums.
#[derive(Debug, Clone, Copy)]
pub(super) struct OldItem {
    pub tag: Tag,
    /// The entry that it adds to.
    pub with_entry: Option<[u8; 16]>,
    pub ground: i64,
    /// 0 counted; 2 superseded, and not.
    pub state: i64,
}

/// The next entries of the log with all they are about.
#[derive(Debug, Default)]
pub(super) struct Work {
    /// The last entry of the batch; the batch's entries are all up to it.
    pub upto: Seq,
    pub documents: Vec<TouchedDocument>,
    pub facts: Vec<LoggedFact>,
    pub closed: Vec<Closed>,
    /// By kind and id.
    pub items: HashMap<(i64, [u8; 16]), OldItem>,
    /// The scopes in the spaces that the batch touches.
    pub scopes: Vec<Counted>,
}

/// Position, document, hash, device, body.
type ChangeRow = (Seq, Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>);
/// Position, fact, version, space, ground, body.
type FactRow = (Seq, Vec<u8>, i64, Vec<u8>, i64, Vec<u8>);

/// Reads the entries after `position`; none when there are none.
pub(super) async fn read(
    tx: &mut Tx,
    position: Seq,
    templates: &Templates,
) -> Result<Option<Work>, StoreError> {
    let entries: Vec<(Seq, i64)> = sqlx::query_as(
        "SELECT e.seq, e.kind FROM entries AS e WHERE e.seq > ? ORDER BY e.seq LIMIT ?",
    )
    .bind(position)
    .bind(ENTRIES_MAX)
    .fetch_all(&mut **tx)
    .await?;
    let Some((last, _)) = entries.last() else {
        return Ok(None);
    };
    let mut work = Work {
        upto: *last,
        ..Work::default()
    };
    let has = |kind: EntryKind| entries.iter().any(|(_, code)| *code == kind.code());
    let mut changes = BTreeMap::new();
    if has(EntryKind::Change) {
        changes = read_changes(tx, position, &mut work.upto).await?;
    }
    if has(EntryKind::Fact) {
        work.facts = read_facts(tx, position, work.upto).await?;
        work.closed = work.facts.iter().filter_map(closed_by).collect();
    }
    let mut signed = BTreeMap::new();
    if has(EntryKind::Signature) {
        signed = read_signatures(tx, position, work.upto).await?;
    }
    let mut filed = BTreeMap::new();
    if has(EntryKind::Filed) {
        filed = read_filed(tx, position, work.upto, templates).await?;
    }
    let touched = changes.keys().chain(signed.keys()).chain(filed.keys());
    let documents: BTreeSet<DocumentId> = touched.copied().collect();
    if !documents.is_empty() {
        work.documents = read_documents(tx, &documents, changes, signed).await?;
    }
    for document in &mut work.documents {
        document.filed = filed.remove(&document.document);
    }
    filed::resolve(tx, &mut work.documents).await?;
    let mut touched = documents;
    touched.extend(work.closed.iter().map(|closed| closed.draft));
    touched.extend(work.facts.iter().filter_map(about));
    work.items = read_items(tx, &touched, &work.facts).await?;
    let of_documents = work.documents.iter().map(|one| *one.space.as_bytes());
    let of_facts = work.facts.iter().map(|one| *one.fact.space.as_bytes());
    let spaces = of_documents.chain(of_facts).collect();
    let told_on = work.facts.iter().filter(|one| tells_of_share(one));
    let told_on = told_on.map(|one| one.ground).collect();
    work.scopes = scopes::read(tx, &spaces, &told_on).await?;
    Ok(Some(work))
}

fn tells_of_share(fact: &LoggedFact) -> bool {
    matches!(fact.fact.read(), Ok(FactBody::Received(_)))
}

/// The document that a fact is about.
fn about(fact: &LoggedFact) -> Option<DocumentId> {
    Cover::of(fact.fact.read().ok().as_ref()).about
}

fn closed_by(fact: &LoggedFact) -> Option<Closed> {
    match fact.fact.read() {
        Ok(FactBody::Published(published)) => Some(Closed {
            draft: published.draft,
            ground: fact.ground,
            seq: fact.seq,
        }),
        _ => None,
    }
}

/// The changes by document. Moves `upto` back when the bodies of fewer entries fill the batch.
async fn read_changes(
    tx: &mut Tx,
    position: Seq,
    upto: &mut Seq,
) -> Result<BTreeMap<DocumentId, Vec<LoggedChange>>, StoreError> {
    let sizes: Vec<(Seq, i64)> = sqlx::query_as(
        "SELECT seq, length(body) FROM changes WHERE seq > ? AND seq <= ? ORDER BY seq",
    )
    .bind(position)
    .bind(*upto)
    .fetch_all(&mut **tx)
    .await?;
    let mut bytes = 0usize;
    for (index, (seq, size)) in sizes.iter().enumerate() {
        bytes = bytes.saturating_add(usize::try_from(*size).unwrap_or(usize::MAX));
        if bytes > BYTES_MAX && index > 0 {
            *upto = Seq(seq.0.saturating_sub(1));
            break;
        }
    }
    let rows: Vec<ChangeRow> = sqlx::query_as(
        "SELECT seq, document, hash, device, body FROM changes WHERE seq > ? AND seq <= ? ORDER BY seq",
    )
    .bind(position)
    .bind(*upto)
    .fetch_all(&mut **tx)
    .await?;
    let mut changes: BTreeMap<DocumentId, Vec<LoggedChange>> = BTreeMap::new();
    for (seq, document, hash, device, body) in rows {
        let document = DocumentId::from_bytes(id16("change", &document)?);
        changes.entry(document).or_default().push(LoggedChange {
            seq,
            hash: id32("change", &hash)?,
            device: DeviceId::from_bytes(id16("change", &device)?),
            body,
        });
    }
    Ok(changes)
}

/// Position, document, text or record, hash.
type SignatureRow = (Seq, Vec<u8>, Vec<u8>, Vec<u8>);

/// The signatures that froze a document, by document.
async fn read_signatures(
    tx: &mut Tx,
    position: Seq,
    upto: Seq,
) -> Result<BTreeMap<DocumentId, LoggedSignature>, StoreError> {
    let rows: Vec<SignatureRow> = sqlx::query_as(
        "SELECT seq, document, text, hash FROM signed_texts WHERE seq > ? AND seq <= ? ORDER BY seq",
    )
    .bind(position)
    .bind(upto)
    .fetch_all(&mut **tx)
    .await?;
    let mut signed = BTreeMap::new();
    for (seq, document, text, hash) in rows {
        let document = DocumentId::from_bytes(id16("signature", &document)?);
        let signature = LoggedSignature {
            seq,
            text,
            hash: id32("signature", &hash)?,
        };
        signed.insert(document, signature);
    }
    Ok(signed)
}

/// The records that were filed, by document.
async fn read_filed(
    tx: &mut Tx,
    position: Seq,
    upto: Seq,
    templates: &Templates,
) -> Result<BTreeMap<DocumentId, LoggedRecord>, StoreError> {
    let rows: Vec<SignatureRow> = sqlx::query_as(
        "SELECT seq, document, record, hash FROM disclosures WHERE seq > ? AND seq <= ? ORDER BY seq",
    )
    .bind(position)
    .bind(upto)
    .fetch_all(&mut **tx)
    .await?;
    let mut filed = BTreeMap::new();
    for (seq, document, record, hash) in rows {
        let document = DocumentId::from_bytes(id16("disclosure", &document)?);
        let hash = id32("disclosure", &hash)?;
        let text = FiledText::of(&record, seq, templates);
        let logged = LoggedRecord {
            seq,
            record,
            hash,
            text,
        };
        filed.insert(document, logged);
    }
    Ok(filed)
}

async fn read_facts(tx: &mut Tx, position: Seq, upto: Seq) -> Result<Vec<LoggedFact>, StoreError> {
    let rows: Vec<FactRow> = sqlx::query_as(
        "SELECT seq, fact, version, space, ground, body FROM facts
         WHERE seq > ? AND seq <= ? ORDER BY seq",
    )
    .bind(position)
    .bind(upto)
    .fetch_all(&mut **tx)
    .await?;
    let mut facts = Vec::with_capacity(rows.len());
    for (seq, id, version, space, ground, body) in rows {
        let fact = Fact {
            id: FactId::from_bytes(id16("fact", &id)?),
            space: SpaceId::from_bytes(id16("fact", &space)?),
            version: u32::try_from(version).map_err(|_| StoreError::Damaged { what: "fact" })?,
            body: body.into(),
        };
        facts.push(LoggedFact { seq, ground, fact });
    }
    Ok(facts)
}

type DocumentRow = (Vec<u8>, Vec<u8>, i64, i64, i64, Seq, Option<Vec<u8>>);

async fn read_documents(
    tx: &mut Tx,
    documents: &BTreeSet<DocumentId>,
    mut changes: BTreeMap<DocumentId, Vec<LoggedChange>>,
    mut signed: BTreeMap<DocumentId, LoggedSignature>,
) -> Result<Vec<TouchedDocument>, StoreError> {
    let rows: Vec<DocumentRow> = sqlx::query_as(
        "SELECT d.document, d.space, d.ground, g.kind, d.received_at, d.first_seq, s.body
         FROM json_each(?) AS wanted
         CROSS JOIN documents AS d ON d.document = unhex(wanted.value)
         CROSS JOIN grounds AS g ON g.ground = d.ground
         LEFT JOIN snapshots AS s ON s.document = d.document",
    )
    .bind(hex_list(documents.iter().map(DocumentId::as_bytes)))
    .fetch_all(&mut **tx)
    .await?;
    let mut touched = Vec::with_capacity(rows.len());
    for (document, space, ground, kind, received_at, first_seq, snapshot) in rows {
        let document = DocumentId::from_bytes(id16("document", &document)?);
        touched.push(TouchedDocument {
            document,
            space: SpaceId::from_bytes(id16("document", &space)?),
            ground,
            kind: GroundKind::of_code(kind).ok_or(StoreError::Damaged { what: "ground" })?,
            received_at: UnixMillis(received_at),
            first_seq,
            snapshot,
            changes: changes.remove(&document).unwrap_or_default(),
            signed: signed.remove(&document),
            filed: None,
        });
    }
    Ok(touched)
}

/// Id, tag, the entry that it adds to, ground, state.
type ItemRow = (Vec<u8>, Vec<u8>, Option<Vec<u8>>, i64, i64);

async fn read_items(
    tx: &mut Tx,
    documents: &BTreeSet<DocumentId>,
    facts: &[LoggedFact],
) -> Result<HashMap<(i64, [u8; 16]), OldItem>, StoreError> {
    let mut items = HashMap::new();
    let wanted = [
        (1i64, hex_list(documents.iter().map(DocumentId::as_bytes))),
        (
            2i64,
            hex_list(facts.iter().map(|fact| fact.fact.id.as_bytes())),
        ),
    ];
    for (kind, list) in wanted {
        if list == "[]" {
            continue;
        }
        let rows: Vec<ItemRow> = sqlx::query_as(
            "SELECT i.id, i.tag, i.with_entry, i.ground, i.state FROM json_each(?1) AS wanted
             CROSS JOIN items AS i ON i.kind = ?2 AND i.id = unhex(wanted.value)",
        )
        .bind(list)
        .bind(kind)
        .fetch_all(&mut **tx)
        .await?;
        for (id, tag, with_entry, ground, state) in rows {
            let with_entry = with_entry.map(|entry| id16("item", &entry)).transpose()?;
            let item = OldItem {
                tag: Tag(id16("item", &tag)?),
                with_entry,
                ground,
                state,
            };
            items.insert((kind, id16("item", &id)?), item);
        }
    }
    Ok(items)
}
