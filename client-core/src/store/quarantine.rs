//! A revoked device's store: nothing is written in it any more, and what was not delivered is read out whole.

use super::{Store, meta, sql};
use crate::error::DeviceError;
use samspor_documents::{
    id::{OperationId, SpaceId},
    time::UnixMillis,
};
use samspor_protocol::quarantine::{Delivery, Parcel, ParcelItem};
use sqlx::{Row as _, sqlite::SqliteRow};
use std::sync::atomic::Ordering;
use uuid::Uuid;

impl Store {
    /// Whether it was found to be a revoked device's.
    pub(crate) async fn is_revoked(&self) -> Result<bool, DeviceError> {
        Ok(meta::get(self.read(), meta::name::REVOKED).await?.is_some())
    }

    /// From now on no write begins.
    pub(crate) fn seal(&self) {
        self.sealed.store(true, Ordering::SeqCst);
    }

    /// Writes begin again: the store is another device's now.
    pub(crate) fn unseal(&self) {
        self.sealed.store(false, Ordering::SeqCst);
    }

    /// How many operations wait or were refused, with writes under way finished before; from then on none begins.
    pub(crate) async fn seal_and_count(&self) -> Result<u64, DeviceError> {
        let mut tx = self.begin_sealed().await?;
        self.seal();
        let count = sqlx::query_scalar("SELECT count(*) FROM outbox WHERE state IN (0, 2)");
        let counted: Result<i64, _> = count.fetch_one(&mut *tx).await;
        if counted.is_err() {
            self.unseal();
        }
        Ok(u64::try_from(counted?).unwrap_or(0))
    }

    /// Seals the store for good, and reads all that was not delivered: what waits and what was refused, in the order it
    /// was written. Writes under way are finished before and stand in it; none begins after. Asked again, it says the
    /// same.
    pub(crate) async fn seal_and_read(&self) -> Result<Delivery, DeviceError> {
        let mut tx = self.begin_sealed().await?;
        self.seal();
        meta::set(&mut tx, meta::name::REVOKED, &[1]).await?;
        let rows = sqlx::query(
            "SELECT o.space, o.document, o.kind, o.operation, coalesce(o.body, c.body, x''),
               CASE WHEN o.state = 2 THEN coalesce(o.reason, '') END, o.written_at, o.written
             FROM outbox o LEFT JOIN changes c ON c.hash = o.hash AND c.document = o.document
             WHERE o.state IN (0, 2) ORDER BY o.n",
        )
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        let mut parcels: Vec<Parcel> = Vec::new();
        for row in &rows {
            let space: SpaceId = sql::id(row, 0)?;
            let item = item(row)?;
            match parcels.iter_mut().find(|parcel| parcel.space == space) {
                Some(parcel) => parcel.items.push(item),
                None => parcels.push(Parcel {
                    space,
                    items: vec![item],
                }),
            }
        }
        Ok(Delivery { parcels })
    }
}

fn item(row: &SqliteRow) -> Result<ParcelItem, DeviceError> {
    Ok(ParcelItem {
        document: sql::id_opt(row, 1)?,
        kind: u8::try_from(row.try_get::<i64, _>(2)?).unwrap_or(u8::MAX),
        operation: sql::id_opt::<Uuid>(row, 3)?.map(OperationId),
        body: row.try_get::<Vec<u8>, _>(4)?.into(),
        refused: row.try_get(5)?,
        written_at: UnixMillis(row.try_get(6)?),
        written: row.try_get(7)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::StoreKey;

    #[tokio::test]
    async fn a_write_that_waited_while_the_store_was_sealed_does_not_begin() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = StoreKey::new([7; 32]);
        let store = Store::create(folder.path(), &key).await.expect("a store");
        let before = store.begin().await.expect("begins");
        let (sealed, late, ()) = tokio::join!(store.seal_and_read(), store.begin(), async {
            drop(before);
        });
        assert!(sealed.expect("reads").parcels.is_empty());
        assert!(matches!(late.err(), Some(DeviceError::Revoked)));
        assert!(store.is_revoked().await.expect("reads"));
        store
            .begin_sealed()
            .await
            .expect("what a sync notes")
            .rollback()
            .await
            .expect("ends");
        store.close().await;
        let store = Store::open(folder.path(), &key).await.expect("opens");
        assert!(store.is_revoked().await.expect("for good"));
        store.close().await;
    }
}
