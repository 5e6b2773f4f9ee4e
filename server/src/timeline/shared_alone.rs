//! Documents that are shared alone with a practitioner or with their teams: each with what is added to it and with the
//! shares that open it. Nothing else of their cases is looked at: no card, no other entry, no other share.

use super::{
    Before, TimelineRow, additions,
    entries::{add_additions, rows},
    visible,
};
use crate::{
    access::{self, Visible},
    log::Seq,
    store::{Store, StoreError, Tx, hex_list, id16},
    sync::CoreError,
};
use samspor_documents::id::{DocumentId, PractitionerId, TeamId};
use samspor_protocol::{
    fact::FactBody,
    share::{Recipient, Shared},
    wire,
};
use std::collections::BTreeMap;

/// Most documents of one list.
const LIST_MAX: i64 = 500;

/// A document that is shared alone.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedAlone {
    /// It, with what is added to it.
    pub row: TimelineRow,
    /// The shares that open it to this reader, the last recorded first.
    pub shares: Vec<Shared>,
}

/// Those that the practitioner may read and sees on no timeline, the last shared first.
///
/// # Errors
/// `Unavailable` or `Internal`.
pub async fn shared_alone(
    store: &Store,
    practitioner: PractitionerId,
) -> Result<Vec<SharedAlone>, CoreError> {
    let mut tx = store.read().await?;
    let mut visible = visible(&mut tx, practitioner).await?;
    if visible.documents.is_empty() {
        return Ok(Vec::new());
    }
    let mut shares = shares(&mut tx, practitioner, &visible).await?;
    let places = places(&mut tx, &visible).await?;
    let added = additions::signed(&mut tx, visible.documents.keys()).await?;
    let of_entry = |(addition, entry): (DocumentId, DocumentId)| {
        let team = visible.documents.get(&entry)?;
        Some((addition, *team))
    };
    let added: BTreeMap<DocumentId, TeamId> = added.into_iter().filter_map(of_entry).collect();
    visible.documents.extend(added);
    let mut rows = rows(&mut tx, &visible, &places).await?;
    let found = additions::places(&mut tx, &places, true).await?;
    add_additions(&mut tx, &visible, &found, &mut rows).await?;
    let mut all: Vec<SharedAlone> = rows
        .into_iter()
        .filter_map(|row| {
            let shares = shares.remove(&row.document)?;
            Some(SharedAlone { row, shares })
        })
        .collect();
    let last = |one: &SharedAlone| one.shares.first().map(|share| share.terms.shared_at);
    all.sort_by_key(|one| std::cmp::Reverse(last(one)));
    Ok(all)
}

/// Where these documents stand.
async fn places(tx: &mut Tx, visible: &Visible) -> Result<Vec<Before>, StoreError> {
    let rows: Vec<(i64, Seq, Vec<u8>)> = sqlx::query_as(
        "SELECT t.occurred_at, t.seq, t.document FROM json_each(?) AS wanted
         CROSS JOIN timeline AS t ON t.document = unhex(wanted.value) LIMIT ?",
    )
    .bind(hex_list(visible.documents.keys().map(DocumentId::as_bytes)))
    .bind(LIST_MAX)
    .fetch_all(&mut **tx)
    .await?;
    let place = |(occurred_at, seq, document): (i64, Seq, Vec<u8>)| {
        Ok(Before {
            occurred_at,
            seq,
            document: DocumentId::from_bytes(id16("timeline row", &document)?),
        })
    };
    rows.into_iter().map(place).collect()
}

/// The shares in force that open these documents to a practitioner.
async fn shares(
    tx: &mut Tx,
    practitioner: PractitionerId,
    visible: &Visible,
) -> Result<BTreeMap<DocumentId, Vec<Shared>>, StoreError> {
    let position = access::position(tx).await?;
    let history = access::load_one(tx, practitioner, position).await?;
    let rows: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(
        "SELECT p.document, s.body FROM json_each(?1) AS wanted
         CROSS JOIN scopes AS p ON p.document = unhex(wanted.value)
         CROSS JOIN shares AS s ON s.scope = p.ground
         WHERE s.from_seq <= ?2 AND coalesce(s.until_seq > ?2, 1) ORDER BY s.from_seq DESC",
    )
    .bind(hex_list(visible.documents.keys().map(DocumentId::as_bytes)))
    .bind(position)
    .fetch_all(&mut **tx)
    .await?;
    let mut shares: BTreeMap<DocumentId, Vec<Shared>> = BTreeMap::new();
    for (document, body) in rows {
        let Ok(FactBody::Shared(shared)) = wire::decode("share", &body) else {
            return Err(StoreError::Damaged { what: "share" });
        };
        let is_told = match shared.terms.to {
            Recipient::Practitioner(one) => one == practitioner,
            Recipient::Team(team) => history.cases_of(team, position).is_some(),
        };
        if is_told {
            let document = DocumentId::from_bytes(id16("scope", &document)?);
            shares.entry(document).or_default().push(shared);
        }
    }
    Ok(shares)
}
