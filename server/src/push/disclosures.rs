//! Disclosures as admission sees them, read under the log's lock; and their rows.
//!
//! They are few and each carries a whole record, so they are read one by one, and a group commit takes only some. Where a
//! copy is filed is decided here, from cards as they are projected: the push waited for the projector before the lock.

use super::{
    signatures,
    stage::{Staged, StagedGroup},
    state::Question,
};
use crate::{
    access::GroundKind,
    devices::{Device, SELECT_DEVICE, device_of},
    log::{self, Seq},
    store::{StoreError, Tx, bulk_chunks, hex_list, id16},
    sync::{Core, CoreError},
};
use samspor_documents::{
    id::{DeviceId, DocumentId, PractitionerId, ShareId, SpaceId, TeamId},
    time::UnixMillis,
};
use samspor_protocol::{
    hash::Hash32,
    share::Received,
    sign::{SignedRecord, TextSignature},
    wire,
};
use sqlx::QueryBuilder;
use std::collections::{BTreeSet, HashMap};

/// Waits until what was logged before a push that discloses something is projected, and notes whether it is.
pub(super) async fn wait(core: &Core, groups: &mut [StagedGroup]) -> Result<(), CoreError> {
    let operations = groups.iter_mut().flat_map(|group| &mut group.operations);
    let mut flags: Vec<&mut bool> = operations
        .filter_map(|operation| match operation {
            Staged::Disclose { is_projected, .. } => Some(is_projected),
            _ => None,
        })
        .collect();
    if flags.is_empty() {
        return Ok(());
    }
    let mut tx = core.store.read().await?;
    let head = log::head(&mut tx).await?.seq;
    drop(tx);
    core.projected(head).await;
    let is_projected = core.heads().borrow().position >= head;
    flags.iter_mut().for_each(|flag| **flag = is_projected);
    Ok(())
}

/// What is signed, with all its signatures.
#[derive(Debug, Clone)]
pub(super) struct Original {
    pub text: Vec<u8>,
    pub heads: Vec<Hash32>,
    /// The first signature first.
    pub signatures: Vec<TextSignature>,
}

/// What a batch asks of disclosures, as it stands in the log; it grows by what is admitted.
#[derive(Debug, Default)]
pub(super) struct Disclosures {
    /// Those that are there, by the case of the original.
    pub known: HashMap<ShareId, SpaceId>,
    /// What documents say that were signed before this batch.
    pub originals: HashMap<DocumentId, Original>,
    /// Of those that were filed themselves: the record.
    pub records: HashMap<DocumentId, Vec<u8>>,
    /// Those that are restricted, as far as is projected.
    pub restricted: BTreeSet<DocumentId>,
    /// Whoever signed, or pushes in this batch.
    pub devices: HashMap<DeviceId, Device>,
    /// The case of a team in which what comes from a case is filed.
    pub places: HashMap<(SpaceId, TeamId), SpaceId>,
}

/// The keys to look up.
#[derive(Default)]
pub(super) struct Keys {
    shares: BTreeSet<ShareId>,
    documents: BTreeSet<DocumentId>,
    devices: BTreeSet<DeviceId>,
    places: BTreeSet<(SpaceId, TeamId)>,
}

impl Keys {
    pub(super) fn add(&mut self, question: &Question<'_>) {
        match question.operation {
            Staged::Disclose { body, filed, .. } => {
                self.shares.insert(body.share);
                self.documents.insert(filed.original);
                self.places.insert((question.group.space, filed.team));
            }
            Staged::Withdraw { body, .. } => {
                self.shares.insert(body.share);
            }
            Staged::Sign { body, .. } => {
                self.devices.insert(body.signature.device);
            }
            _ => {}
        }
    }
}

impl Disclosures {
    /// Reads what the keys name; nothing when there are none.
    pub(super) async fn read(tx: &mut Tx, mut keys: Keys) -> Result<Self, StoreError> {
        let mut read = Self::default();
        if keys.shares.is_empty() {
            return Ok(read);
        }
        read.read_known(tx, &keys.shares).await?;
        for document in &keys.documents {
            if is_restricted(tx, *document).await? {
                read.restricted.insert(*document);
            }
            if let Some(original) = original(tx, *document).await? {
                keys.devices
                    .extend(original.signatures.iter().map(|one| one.device));
                read.originals.insert(*document, original);
            } else if let Some(record) = record(tx, *document).await? {
                read.records.insert(*document, record);
            }
        }
        if !keys.documents.is_empty() {
            read.read_devices(tx, &keys.devices).await?;
        }
        for (case, team) in &keys.places {
            if let Some(place) = place(tx, *case, *team).await? {
                read.places.insert((*case, *team), place);
            }
        }
        Ok(read)
    }

    async fn read_known(
        &mut self,
        tx: &mut Tx,
        shares: &BTreeSet<ShareId>,
    ) -> Result<(), StoreError> {
        let rows: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(
            "SELECT d.share, d.space FROM json_each(?) AS wanted
             CROSS JOIN disclosures AS d ON d.share = unhex(wanted.value)",
        )
        .bind(hex_list(shares.iter().map(ShareId::as_bytes)))
        .fetch_all(&mut **tx)
        .await?;
        for (share, space) in rows {
            let share = ShareId::from_bytes(id16("disclosure", &share)?);
            let space = SpaceId::from_bytes(id16("disclosure", &space)?);
            self.known.insert(share, space);
        }
        Ok(())
    }

    async fn read_devices(
        &mut self,
        tx: &mut Tx,
        devices: &BTreeSet<DeviceId>,
    ) -> Result<(), StoreError> {
        for device in devices {
            let row = sqlx::query(SELECT_DEVICE)
                .bind(device.as_bytes().to_vec())
                .fetch_optional(&mut **tx)
                .await?;
            if let Some(row) = row {
                self.devices.insert(*device, device_of(&row)?);
            }
        }
        Ok(())
    }
}

/// Signer, device, time, signature.
type SignatureRow = (Vec<u8>, Vec<u8>, i64, Vec<u8>);

async fn original(tx: &mut Tx, document: DocumentId) -> Result<Option<Original>, StoreError> {
    let row: Option<(Vec<u8>, Vec<u8>)> =
        sqlx::query_as("SELECT text, heads FROM signed_texts WHERE document = ?")
            .bind(document.as_bytes().to_vec())
            .fetch_optional(&mut **tx)
            .await?;
    let Some((text, heads)) = row else {
        return Ok(None);
    };
    let rows: Vec<SignatureRow> = sqlx::query_as(
        "SELECT signer, device, signed_at, signature FROM signatures WHERE document = ? ORDER BY seq",
    )
    .bind(document.as_bytes().to_vec())
    .fetch_all(&mut **tx)
    .await?;
    let signatures = rows.into_iter().map(|(signer, device, at, signature)| {
        Ok(TextSignature {
            signer: PractitionerId::from_bytes(id16("signature", &signer)?),
            device: DeviceId::from_bytes(id16("signature", &device)?),
            signed_at: UnixMillis(at),
            signature: signature
                .try_into()
                .map_err(|_| StoreError::Damaged { what: "signature" })?,
        })
    });
    Ok(Some(Original {
        text,
        heads: signatures::split(&heads)?,
        signatures: signatures.collect::<Result<_, StoreError>>()?,
    }))
}

async fn is_restricted(tx: &mut Tx, document: DocumentId) -> Result<bool, StoreError> {
    let found: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM restrictions WHERE document = ? AND restricted = 1")
            .bind(document.as_bytes().to_vec())
            .fetch_optional(&mut **tx)
            .await?;
    Ok(found.is_some())
}

/// The record of a document that was filed itself.
async fn record(tx: &mut Tx, document: DocumentId) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(
        sqlx::query_scalar("SELECT record FROM disclosures WHERE document = ?")
            .bind(document.as_bytes().to_vec())
            .fetch_optional(&mut **tx)
            .await?,
    )
}

/// The case of a team that is about the citizen of this one: by CPR, else where an earlier disclosure of this case was
/// filed with that team.
async fn place(tx: &mut Tx, case: SpaceId, team: TeamId) -> Result<Option<SpaceId>, StoreError> {
    let by_cpr: Option<Vec<u8>> = sqlx::query_scalar(
        "SELECT t.space FROM cards AS o
         CROSS JOIN cards AS t ON t.cpr_key = o.cpr_key
         CROSS JOIN grounds AS g ON g.ground = t.ground AND g.kind = ? AND g.team = ?
         WHERE o.space = ? AND o.cpr_key IS NOT NULL ORDER BY t.space LIMIT 1",
    )
    .bind(GroundKind::Cases.code())
    .bind(team.as_bytes().to_vec())
    .bind(case.as_bytes().to_vec())
    .fetch_optional(&mut **tx)
    .await?;
    let found: Option<Vec<u8>> = match by_cpr {
        Some(space) => Some(space),
        None => sqlx::query_scalar(
            "SELECT filed_in FROM disclosures WHERE space = ? AND team = ? ORDER BY seq LIMIT 1",
        )
        .bind(case.as_bytes().to_vec())
        .bind(team.as_bytes().to_vec())
        .fetch_optional(&mut **tx)
        .await?,
    };
    found
        .map(|space| id16("card", &space).map(SpaceId::from_bytes))
        .transpose()
}

/// A disclosure that a batch records.
pub(super) struct NewDisclosure {
    pub told: Received,
    pub team: TeamId,
    /// Where the recipient is told of it, and the entry from which on.
    pub told_ground: i64,
    pub from: Seq,
    /// The copy, the case it stands in, and the entry that files it.
    pub copy: DocumentId,
    pub filed_in: SpaceId,
    pub seq: Seq,
    pub record: Vec<u8>,
}

/// Records disclosures, the space in which each recipient is told of it included.
pub(super) async fn write(tx: &mut Tx, new: &[NewDisclosure]) -> Result<(), StoreError> {
    for chunk in bulk_chunks(new) {
        let mut insert = QueryBuilder::new("INSERT INTO spaces (space, ground, seq, told_only) ");
        insert.push_values(chunk, |mut row, one| {
            row.push_bind(one.told.shared.share.as_bytes().to_vec())
                .push_bind(one.told_ground)
                .push_bind(one.from)
                .push("1");
        });
        insert.build().execute(&mut **tx).await?;
        let mut insert = QueryBuilder::new(
            "INSERT INTO disclosures (share, space, team, document, filed_in, opened, seq, told, hash, record) ",
        );
        insert.push_values(chunk, |mut row, one| {
            row.push_bind(one.told.shared.share.as_bytes().to_vec())
                .push_bind(one.told.case.as_bytes().to_vec())
                .push_bind(one.team.as_bytes().to_vec())
                .push_bind(one.copy.as_bytes().to_vec())
                .push_bind(one.filed_in.as_bytes().to_vec())
                .push_bind(one.filed_in == one.told.shared.share.case())
                .push_bind(one.seq)
                .push_bind(wire::encode(&one.told))
                .push_bind(Hash32::of(&one.record).0.to_vec())
                .push_bind(one.record.clone());
        });
        insert.build().execute(&mut **tx).await?;
    }
    Ok(())
}

/// Who signed what a record holds, the first signature first; none when it is not one of this build's.
pub(crate) fn signatures_in(record: &[u8]) -> Option<Vec<TextSignature>> {
    let record = SignedRecord::from_file(record).ok()?;
    let first = std::iter::once(record.signature);
    Some(first.chain(record.co_signatures).collect())
}
