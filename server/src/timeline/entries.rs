//! One child's timeline: the entries of every case that belongs to the child and that the reader may see.

use super::{
    Before, Disclosed, additions,
    additions::STANDS_WITH_ENTRY,
    contacts::{self, ContactRow},
    disclosed::disclosed,
    restrictions::{self, IS_RESTRICTED},
    stored, together, visible,
};
use crate::{
    access::Visible,
    log::Seq,
    store::{Store, StoreError, Tx, hex_list, id16},
    sync::CoreError,
};
use samspor_documents::{
    id::{DocumentId, PractitionerId, SpaceId, TeamId},
    reading::Reading,
    time::UnixMillis,
};
use samspor_protocol::restrict::Restriction;
use std::collections::{BTreeMap, BTreeSet};

/// Most rows of one page.
const PAGE_MAX: usize = 200;
/// A stored entry, by its number.
const KIND_ENTRY: i64 = 1;

/// One entry of a timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineRow {
    /// The document.
    pub document: DocumentId,
    /// The case it stands in.
    pub case: SpaceId,
    /// The team whose case it is.
    pub team: TeamId,
    /// Its place: a page that begins right before it has the next older rows.
    pub place: Before,
    /// When the server received its first change.
    pub received_at: UnixMillis,
    /// What it says, concurrent values included, with authors and times.
    pub reading: Reading,
    /// Who signed it, the first one first; nobody while it is open.
    pub signed: Vec<SignedBy>,
    /// What is added to it, the first that was written first. It stands here and nowhere else.
    pub additions: Vec<TimelineRow>,
    /// What was said of its restriction, while it is restricted.
    pub restriction: Option<Restriction>,
    /// How it came here, where it is another team's record.
    pub disclosed: Option<Disclosed>,
}

/// One signature of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedBy {
    /// Who.
    pub signer: PractitionerId,
    /// When, by the signer's device.
    pub at: UnixMillis,
}

/// A page of a timeline, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelinePage {
    /// The entries.
    pub rows: Vec<TimelineRow>,
    /// Where the next older page begins; none when this is the last.
    pub next: Option<Before>,
    /// How many entries and additions of the whole timeline are restricted, whether they are on the page or left out.
    pub restricted: usize,
    /// On the first page: the planned contacts of which something has still to be done, the first to come first.
    pub contacts: Vec<ContactRow>,
}

/// Which part of a timeline.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// What is older than this; from the newest when none.
    pub before: Option<Before>,
    /// At most so many entries, and never more than 200.
    pub limit: usize,
    /// Whether restricted entries and additions are among them.
    pub restricted: bool,
}

/// A part of the timeline of the child whose case this is, newest first.
/// None when the practitioner may not see the case, or there is none: the answer is the same.
///
/// # Errors
/// `Unavailable` or `Internal`.
pub async fn timeline(
    store: &Store,
    practitioner: PractitionerId,
    case: SpaceId,
    part: Part,
) -> Result<Option<TimelinePage>, CoreError> {
    let limit = part.limit.clamp(1, PAGE_MAX);
    let mut tx = store.read().await?;
    let visible = visible(&mut tx, practitioner).await?;
    if !is_visible(&mut tx, &visible, case).await? {
        return Ok(None);
    }
    let persons = together::persons(&mut tx, &visible, BTreeSet::from([case])).await?;
    let mut cases = BTreeSet::from([case]);
    let mut closed = BTreeSet::new();
    for cards in persons {
        if cards.iter().any(|card| card.case == case) {
            cases.extend(cards.iter().map(|card| card.case));
            let ended = cards.iter().filter(|card| card.view.closed);
            closed.extend(ended.map(|card| card.case));
        }
    }
    let contacts = match part.before {
        None => contacts::undone(&mut tx, &visible, &cases, &closed).await?,
        Some(_) => Vec::new(),
    };
    let mut places = places(&mut tx, &cases, Part { limit, ..part }).await?;
    let next = if places.len() > limit {
        places.truncate(limit);
        places.last().copied()
    } else {
        None
    };
    let mut rows = rows(&mut tx, &visible, &places).await?;
    let found = additions::places(&mut tx, &places, part.restricted).await?;
    add_additions(&mut tx, &visible, &found, &mut rows).await?;
    Ok(Some(TimelinePage {
        rows,
        next,
        restricted: restrictions::count(&mut tx, &cases).await?,
        contacts,
    }))
}

async fn is_visible(tx: &mut Tx, visible: &Visible, case: SpaceId) -> Result<bool, StoreError> {
    let ground: Option<i64> = sqlx::query_scalar("SELECT ground FROM spaces WHERE space = ?")
        .bind(case.as_bytes().to_vec())
        .fetch_optional(&mut **tx)
        .await?;
    Ok(ground.is_some_and(|ground| visible.team_of(ground, case).is_some()))
}

/// The places of one case's entries, newest first.
pub(super) fn places_sql() -> String {
    format!(
        "SELECT t.occurred_at, t.seq, t.document FROM timeline AS t
         WHERE t.space = ? AND t.kind = ? AND (t.occurred_at, t.seq, t.document) < (?, ?, ?)
           AND NOT ({STANDS_WITH_ENTRY}) AND (? OR NOT {IS_RESTRICTED})
         ORDER BY t.occurred_at DESC, t.seq DESC, t.document DESC LIMIT ?"
    )
}

/// The newest places before `before` over all cases: one more than `limit` when there are more. Each case is
/// one seek in an index that holds the whole order.
async fn places(
    tx: &mut Tx,
    cases: &BTreeSet<SpaceId>,
    part: Part,
) -> Result<Vec<Before>, StoreError> {
    let limit = part.limit;
    let from = part.before.unwrap_or(Before {
        occurred_at: i64::MAX,
        seq: Seq(i64::MAX),
        document: DocumentId::from_bytes([0xff; 16]),
    });
    let mut places = Vec::new();
    let sql = places_sql();
    for case in cases {
        let rows: Vec<(i64, Seq, Vec<u8>)> = sqlx::query_as(sqlx::AssertSqlSafe(sql.as_str()))
            .bind(case.as_bytes().to_vec())
            .bind(KIND_ENTRY)
            .bind(from.occurred_at)
            .bind(from.seq)
            .bind(from.document.as_bytes().to_vec())
            .bind(part.restricted)
            .bind(i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX))
            .fetch_all(&mut **tx)
            .await?;
        for (occurred_at, seq, document) in rows {
            places.push(Before {
                occurred_at,
                seq,
                document: DocumentId::from_bytes(id16("timeline row", &document)?),
            });
        }
    }
    places.sort_unstable_by(|a, b| b.cmp(a));
    places.truncate(limit.saturating_add(1));
    Ok(places)
}

type Row = (Vec<u8>, Vec<u8>, i64, i64, Vec<u8>);

/// What stands at these places, as far as the reader sees it: with its case, or alone.
pub(super) async fn rows(
    tx: &mut Tx,
    visible: &Visible,
    places: &[Before],
) -> Result<Vec<TimelineRow>, StoreError> {
    let found: Vec<Row> = sqlx::query_as(
        "SELECT t.document, t.space, t.ground, t.received_at, t.reading FROM json_each(?) AS wanted
         CROSS JOIN timeline AS t ON t.document = unhex(wanted.value)",
    )
    .bind(hex_list(
        places.iter().map(|place| place.document.as_bytes()),
    ))
    .fetch_all(&mut **tx)
    .await?;
    let mut by_id = BTreeMap::new();
    for row in found {
        by_id.insert(DocumentId::from_bytes(id16("timeline row", &row.0)?), row);
    }
    let mut signatures = signatures(tx, places).await?;
    let mut restrictions = restrictions::said(tx, places).await?;
    let mut filed = disclosed(tx, places.iter().map(|place| place.document)).await?;
    let mut rows = Vec::with_capacity(places.len());
    for place in places {
        let Some((_, case, ground, received_at, reading)) = by_id.remove(&place.document) else {
            continue;
        };
        let case = SpaceId::from_bytes(id16("timeline row", &case)?);
        let alone = || visible.documents.get(&place.document).copied();
        let Some(team) = visible.team_of(ground, case).or_else(alone) else {
            continue;
        };
        let (disclosed, signed) = match filed.remove(&place.document) {
            Some((disclosed, signed)) => (Some(disclosed), signed),
            None => (None, signatures.remove(&place.document).unwrap_or_default()),
        };
        rows.push(TimelineRow {
            document: place.document,
            case,
            team,
            place: *place,
            received_at: UnixMillis(received_at),
            reading: stored::decode(&reading)?,
            signed,
            disclosed,
            additions: Vec::new(),
            restriction: restrictions.remove(&place.document),
        });
    }
    Ok(rows)
}

/// Puts with each entry what is added to it.
pub(super) async fn add_additions(
    tx: &mut Tx,
    visible: &Visible,
    found: &BTreeMap<DocumentId, Vec<Before>>,
    entries: &mut [TimelineRow],
) -> Result<(), StoreError> {
    let all: Vec<Before> = found.values().flatten().copied().collect();
    if all.is_empty() {
        return Ok(());
    }
    let mut by_id = BTreeMap::new();
    for row in rows(tx, visible, &all).await? {
        by_id.insert(row.document, row);
    }
    for entry in entries {
        let places = found.get(&entry.document).into_iter().flatten();
        let additions = places.filter_map(|place| by_id.remove(&place.document));
        entry.additions = additions.collect();
    }
    Ok(())
}

/// The signatures of these entries, as far as they are projected.
async fn signatures(
    tx: &mut Tx,
    places: &[Before],
) -> Result<BTreeMap<DocumentId, Vec<SignedBy>>, StoreError> {
    let rows: Vec<(Vec<u8>, Vec<u8>, i64)> = sqlx::query_as(
        "SELECT s.document, s.signer, s.signed_at FROM json_each(?) AS wanted
         CROSS JOIN signatures AS s ON s.document = unhex(wanted.value)
         WHERE s.seq <= (SELECT seq FROM projection) ORDER BY s.seq",
    )
    .bind(hex_list(
        places.iter().map(|place| place.document.as_bytes()),
    ))
    .fetch_all(&mut **tx)
    .await?;
    let mut signatures: BTreeMap<DocumentId, Vec<SignedBy>> = BTreeMap::new();
    for (document, signer, at) in rows {
        let document = DocumentId::from_bytes(id16("signature", &document)?);
        signatures.entry(document).or_default().push(SignedBy {
            signer: PractitionerId::from_bytes(id16("signature", &signer)?),
            at: UnixMillis(at),
        });
    }
    Ok(signatures)
}
