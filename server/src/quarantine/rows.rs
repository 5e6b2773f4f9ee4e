//! Deliveries, parcels and openings in the database.

use super::seal::Label;
use crate::{
    store::{Store, StoreError, Tx, id16, id32},
    sync::Caller,
};
use samspor_documents::{
    id::{DeviceId, PractitionerId, SpaceId},
    time::UnixMillis,
};
use samspor_protocol::hash::Hash32;
use uuid::Uuid;

/// No list is longer.
const ROWS_MAX: i64 = 100_000;

/// A parcel as it stands: never what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParcelRow {
    /// Its id; none for a device that had nothing to hand over.
    pub parcel: Option<Uuid>,
    /// The revoked device.
    pub device: DeviceId,
    /// Whose device it was.
    pub practitioner: PractitionerId,
    /// The space, likewise.
    pub space: Option<SpaceId>,
    /// How many items.
    pub items: u64,
    /// When it was handed over.
    pub received_at: UnixMillis,
    /// When it is deleted.
    pub expires_at: Option<UnixMillis>,
    /// When it was deleted.
    pub expired_at: Option<UnixMillis>,
    /// Who opened it, the first first.
    pub openings: Vec<OpeningRow>,
}

/// One opening of a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningRow {
    /// Who.
    pub by: PractitionerId,
    /// When.
    pub at: UnixMillis,
    /// Why.
    pub ground: String,
}

/// A parcel about to be kept.
pub(super) struct NewParcel {
    pub parcel: Uuid,
    pub label: Label,
    pub items: i64,
    pub expires_at: UnixMillis,
    pub sealed: Vec<u8>,
}

/// A parcel that can be opened.
pub(super) struct Kept {
    pub label: Label,
    pub practitioner: PractitionerId,
    pub received_at: UnixMillis,
    /// None once it has expired.
    pub sealed: Option<Vec<u8>>,
}

/// What this device has delivered before, if anything: its MAC, how many items, when.
pub(super) async fn delivered(
    tx: &mut Tx,
    device: DeviceId,
) -> Result<Option<(Hash32, (u64, UnixMillis))>, StoreError> {
    let row: Option<(Vec<u8>, i64, i64)> = sqlx::query_as(
        "SELECT content_mac, items, received_at FROM quarantine_deliveries WHERE device = ?",
    )
    .bind(device.as_bytes().to_vec())
    .fetch_optional(&mut **tx)
    .await?;
    let Some((mac, items, received_at)) = row else {
        return Ok(None);
    };
    let told = (u64::try_from(items).unwrap_or(0), UnixMillis(received_at));
    Ok(Some((Hash32(id32("delivery", &mac)?), told)))
}

pub(super) async fn insert_delivery(
    tx: &mut Tx,
    caller: &Caller,
    mac: &Hash32,
    (items, received_at): (u64, UnixMillis),
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO quarantine_deliveries (device, practitioner, received_at, items, content_mac)
         VALUES (?, ?, ?, ?, ?)",
    )
    .bind(caller.device.as_bytes().to_vec())
    .bind(caller.practitioner.as_bytes().to_vec())
    .bind(received_at.0)
    .bind(i64::try_from(items).unwrap_or(i64::MAX))
    .bind(mac.0.to_vec())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn insert_parcel(tx: &mut Tx, new: NewParcel) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO quarantine_parcels (parcel, device, space, items, expires_at, sealed)
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(new.parcel.as_bytes().to_vec())
    .bind(new.label.device.as_bytes().to_vec())
    .bind(new.label.space.as_bytes().to_vec())
    .bind(new.items)
    .bind(new.expires_at.0)
    .bind(new.sealed)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A parcel by its id.
pub(super) async fn kept(tx: &mut Tx, parcel: Uuid) -> Result<Option<Kept>, StoreError> {
    type Row = (Vec<u8>, Vec<u8>, Vec<u8>, i64, Option<Vec<u8>>);
    let row: Option<Row> = sqlx::query_as(
        "SELECT p.device, p.space, d.practitioner, d.received_at, p.sealed
         FROM quarantine_parcels AS p JOIN quarantine_deliveries AS d ON d.device = p.device
         WHERE p.parcel = ?",
    )
    .bind(parcel.as_bytes().to_vec())
    .fetch_optional(&mut **tx)
    .await?;
    let Some((device, space, practitioner, received_at, sealed)) = row else {
        return Ok(None);
    };
    Ok(Some(Kept {
        label: Label {
            device: DeviceId::from_bytes(id16("parcel", &device)?),
            space: SpaceId::from_bytes(id16("parcel", &space)?),
        },
        practitioner: PractitionerId::from_bytes(id16("parcel", &practitioner)?),
        received_at: UnixMillis(received_at),
        sealed,
    }))
}

pub(super) async fn insert_opening(
    tx: &mut Tx,
    parcel: Uuid,
    opening: &OpeningRow,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO quarantine_openings (parcel, practitioner, opened_at, ground) VALUES (?, ?, ?, ?)",
    )
    .bind(parcel.as_bytes().to_vec())
    .bind(opening.by.as_bytes().to_vec())
    .bind(opening.at.0)
    .bind(&opening.ground)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Deletes what has ended; the rows stay and say when.
///
/// # Errors
/// The database cannot be written.
pub(crate) async fn expire(store: &Store, now: UnixMillis) -> Result<u64, StoreError> {
    let mut tx = store.read().await?;
    let due: i64 = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM quarantine_parcels WHERE sealed IS NOT NULL AND expires_at <= ?)",
    )
    .bind(now.0)
    .fetch_one(&mut *tx)
    .await?;
    drop(tx);
    if due == 0 {
        return Ok(0);
    }
    let mut tx = store.write().await?;
    let done = sqlx::query(
        "UPDATE quarantine_parcels SET sealed = NULL, expired_at = ?1
         WHERE sealed IS NOT NULL AND expires_at <= ?1",
    )
    .bind(now.0)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(done.rows_affected())
}

type ListRow = (
    Vec<u8>,
    Vec<u8>,
    i64,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<i64>,
    Option<i64>,
    Option<i64>,
);

/// Every parcel that was handed over, the oldest first; a delivery without any has a row of its own.
pub(crate) async fn list(tx: &mut Tx) -> Result<Vec<ParcelRow>, StoreError> {
    let rows: Vec<ListRow> = sqlx::query_as(
        "SELECT d.device, d.practitioner, d.received_at, p.parcel, p.space, p.items, p.expires_at, p.expired_at
         FROM quarantine_deliveries AS d LEFT JOIN quarantine_parcels AS p ON p.device = d.device
         ORDER BY d.received_at, d.device, p.parcel LIMIT ?",
    )
    .bind(ROWS_MAX)
    .fetch_all(&mut **tx)
    .await?;
    let mut list = Vec::with_capacity(rows.len());
    for row in &rows {
        list.push(parcel_row(row)?);
    }
    let openings: Vec<(Vec<u8>, Vec<u8>, i64, String)> = sqlx::query_as(
        "SELECT parcel, practitioner, opened_at, ground FROM quarantine_openings ORDER BY opening LIMIT ?",
    )
    .bind(ROWS_MAX)
    .fetch_all(&mut **tx)
    .await?;
    for (parcel, by, at, ground) in openings {
        let parcel = Uuid::from_bytes(id16("opening", &parcel)?);
        let opening = OpeningRow {
            by: PractitionerId::from_bytes(id16("opening", &by)?),
            at: UnixMillis(at),
            ground,
        };
        if let Some(row) = list.iter_mut().find(|row| row.parcel == Some(parcel)) {
            row.openings.push(opening);
        }
    }
    Ok(list)
}

fn parcel_row(row: &ListRow) -> Result<ParcelRow, StoreError> {
    let (device, practitioner, received_at, parcel, space, items, expires_at, expired_at) = row;
    let sixteen = |bytes: &Vec<u8>| id16("parcel", bytes);
    Ok(ParcelRow {
        parcel: parcel
            .as_ref()
            .map(|id| sixteen(id).map(Uuid::from_bytes))
            .transpose()?,
        device: DeviceId::from_bytes(sixteen(device)?),
        practitioner: PractitionerId::from_bytes(sixteen(practitioner)?),
        space: space
            .as_ref()
            .map(|id| sixteen(id).map(SpaceId::from_bytes))
            .transpose()?,
        items: items.map_or(0, |items| u64::try_from(items).unwrap_or(0)),
        received_at: UnixMillis(*received_at),
        expires_at: expires_at.map(UnixMillis),
        expired_at: expired_at.map(UnixMillis),
        openings: Vec::new(),
    })
}
