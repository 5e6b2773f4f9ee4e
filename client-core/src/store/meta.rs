//! Single values: who this device is, where it stands in the feed, how its syncs went.

use super::{Store, Tx};
use crate::{device::Lease, error::DeviceError, key::DeviceKey};
use minicbor::{Decode, Encode};
use samspor_documents::{
    id::{DeviceId, OrganisationId, PractitionerId},
    time::UnixMillis,
};
use samspor_protocol::{certificate::DeviceCertificate, hash::Hash32, tag::Digest, wire};
use sqlx::{Executor, Sqlite};

/// Names of the values.
pub(crate) mod name {
    pub(crate) const KEY: &str = "device_key";
    pub(crate) const DEVICE: &str = "device";
    pub(crate) const ENROLMENT: &str = "enrolment";
    pub(crate) const CURSOR: &str = "cursor";
    pub(crate) const DIGEST: &str = "digest";
    pub(crate) const PROGRESS: &str = "progress";
    pub(crate) const HISTORY: &str = "history";
    pub(crate) const LEASE: &str = "lease";
    pub(crate) const UNSWEPT: &str = "unswept";
    pub(crate) const REVOKED: &str = "revoked";
    pub(crate) const NEXT_KEY: &str = "next_device_key";
    pub(crate) const NEXT_DEVICE: &str = "next_device";
}

/// What enrolment settled.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Enrolment {
    #[n(0)]
    pub(crate) server: String,
    #[n(1)]
    pub(crate) pin: Option<Hash32>,
    #[cbor(n(2), with = "minicbor::bytes")]
    pub(crate) organisation_key: [u8; 32],
    #[n(3)]
    pub(crate) organisation: OrganisationId,
    #[n(4)]
    pub(crate) practitioner: PractitionerId,
    #[n(5)]
    pub(crate) device: DeviceId,
    #[n(6)]
    pub(crate) certificate: DeviceCertificate,
    #[n(7)]
    pub(crate) lease_millis: i64,
}

/// Where the last page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub(crate) struct Progress {
    #[n(0)]
    pub(crate) visible: u64,
    #[n(1)]
    pub(crate) safe_seq: u64,
    #[n(2)]
    pub(crate) server_time: UnixMillis,
}

/// How syncs went.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub(crate) struct History {
    #[n(0)]
    pub(crate) last_attempt: Option<UnixMillis>,
    #[n(1)]
    pub(crate) last_success: Option<UnixMillis>,
    #[n(2)]
    pub(crate) last_error: Option<String>,
    #[n(3)]
    pub(crate) in_sync: Option<bool>,
    #[n(4)]
    pub(crate) repairs: u64,
    #[n(5)]
    pub(crate) clock_offset: i64,
    #[n(6)]
    pub(crate) last_failed_at: Option<UnixMillis>,
    #[n(7)]
    pub(crate) last_error_code: Option<String>,
}

impl History {
    /// A sync was completed.
    pub(crate) fn succeed(&mut self, now: UnixMillis, in_sync: bool) {
        self.last_success = Some(now);
        self.in_sync = Some(in_sync);
        self.forget_failure();
    }

    /// The last sync did not fail.
    pub(crate) fn forget_failure(&mut self) {
        self.last_error = None;
        self.last_failed_at = None;
        self.last_error_code = None;
    }

    /// A sync failed.
    pub(crate) fn fail(&mut self, now: UnixMillis, error: &DeviceError) {
        self.last_error = Some(error.to_string());
        self.last_failed_at = Some(now);
        self.last_error_code = Some(error.code().to_owned());
    }
}

/// A value by its name.
pub(crate) async fn get<'e>(
    db: impl Executor<'e, Database = Sqlite>,
    name: &'static str,
) -> Result<Option<Vec<u8>>, DeviceError> {
    Ok(sqlx::query_scalar("SELECT value FROM meta WHERE name = ?")
        .bind(name)
        .fetch_optional(db)
        .await?)
}

/// A value in CBOR by its name.
pub(crate) async fn get_cbor<'e, T: for<'b> Decode<'b, ()>>(
    db: impl Executor<'e, Database = Sqlite>,
    name: &'static str,
) -> Result<Option<T>, DeviceError> {
    get(db, name)
        .await?
        .map(|bytes| {
            wire::decode("store value", &bytes).map_err(|_| DeviceError::Damaged { what: name })
        })
        .transpose()
}

/// Sets a value.
pub(crate) async fn set(tx: &mut Tx, name: &'static str, value: &[u8]) -> Result<(), DeviceError> {
    sqlx::query("INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bind(name)
        .bind(value)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Forgets a value.
async fn unset(tx: &mut Tx, name: &'static str) -> Result<(), DeviceError> {
    sqlx::query("DELETE FROM meta WHERE name = ?")
        .bind(name)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Sets a value in CBOR.
pub(crate) async fn set_cbor<T: Encode<()>>(
    tx: &mut Tx,
    name: &'static str,
    value: &T,
) -> Result<(), DeviceError> {
    set(tx, name, &wire::encode(value)).await
}

/// The sum of the tags of everything confirmed.
pub(crate) async fn digest<'e>(
    db: impl Executor<'e, Database = Sqlite>,
) -> Result<Digest, DeviceError> {
    let Some(bytes) = get(db, name::DIGEST).await? else {
        return Ok(Digest::default());
    };
    let bytes = <[u8; 16]>::try_from(bytes).map_err(|_| DeviceError::Damaged { what: "digest" })?;
    Ok(Digest::from_bytes(bytes))
}

impl Store {
    /// The enrolment and its key, once enrolled.
    pub(crate) async fn enrolment(&self) -> Result<Option<(Enrolment, DeviceKey)>, DeviceError> {
        let Some(enrolment) = get_cbor(self.read(), name::ENROLMENT).await? else {
            return Ok(None);
        };
        let seed = get(self.read(), name::KEY)
            .await?
            .ok_or(DeviceError::Damaged { what: "device key" })?;
        let seed = zeroize::Zeroizing::new(seed);
        Ok(Some((enrolment, DeviceKey::from_seed(&seed)?)))
    }

    /// The device's id and key: made once, before the first attempt to enrol, so that a repeated attempt
    /// (an answer lost on the way) is the same.
    pub(crate) async fn device_key(
        &self,
        make: impl FnOnce() -> Result<(DeviceId, DeviceKey), DeviceError> + Send,
    ) -> Result<(DeviceId, DeviceKey), DeviceError> {
        self.key_named(name::DEVICE, name::KEY, make).await
    }

    /// The same of the device that is to take the place of the one that this store is.
    pub(crate) async fn next_device_key(
        &self,
        make: impl FnOnce() -> Result<(DeviceId, DeviceKey), DeviceError> + Send,
    ) -> Result<(DeviceId, DeviceKey), DeviceError> {
        self.key_named(name::NEXT_DEVICE, name::NEXT_KEY, make)
            .await
    }

    async fn key_named(
        &self,
        device_name: &'static str,
        key_name: &'static str,
        make: impl FnOnce() -> Result<(DeviceId, DeviceKey), DeviceError> + Send,
    ) -> Result<(DeviceId, DeviceKey), DeviceError> {
        let mut tx = self.begin_sealed().await?;
        let device = get(&mut *tx, device_name).await?;
        let seed = get(&mut *tx, key_name).await?.map(zeroize::Zeroizing::new);
        if let (Some(device), Some(seed)) = (device, seed) {
            let device = DeviceId::from_slice(&device)
                .map_err(|_| DeviceError::Damaged { what: "device id" })?;
            return Ok((device, DeviceKey::from_seed(&seed)?));
        }
        let (device, key) = make()?;
        set(&mut tx, device_name, device.as_bytes()).await?;
        set(&mut tx, key_name, key.seed().as_slice()).await?;
        tx.commit().await?;
        Ok((device, key))
    }

    /// Keeps what enrolment settled, and the lease that begins with it.
    pub(crate) async fn keep_enrolment(
        &self,
        enrolment: &Enrolment,
        lease: &Lease,
    ) -> Result<(), DeviceError> {
        let mut tx = self.begin().await?;
        if get(&mut *tx, name::ENROLMENT).await?.is_some() {
            return Err(DeviceError::AlreadyEnrolled);
        }
        set_cbor(&mut tx, name::ENROLMENT, enrolment).await?;
        set_cbor(&mut tx, name::LEASE, lease).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Forgets the device that was to take this one's place.
    pub(crate) async fn forget_next_device(&self) -> Result<(), DeviceError> {
        let mut tx = self.begin_sealed().await?;
        for name in [name::NEXT_DEVICE, name::NEXT_KEY] {
            unset(&mut tx, name).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Another device takes this one's place: the store is that one's now, whatever became of the old. All that stands
    /// in it stays.
    pub(crate) async fn replace_enrolment(
        &self,
        enrolment: &Enrolment,
        key: &DeviceKey,
        lease: &Lease,
    ) -> Result<(), DeviceError> {
        let mut tx = self.begin_sealed().await?;
        set_cbor(&mut tx, name::ENROLMENT, enrolment).await?;
        set_cbor(&mut tx, name::LEASE, lease).await?;
        set(&mut tx, name::DEVICE, enrolment.device.as_bytes()).await?;
        set(&mut tx, name::KEY, key.seed().as_slice()).await?;
        for name in [name::NEXT_DEVICE, name::NEXT_KEY, name::REVOKED] {
            unset(&mut tx, name).await?;
        }
        tx.commit().await?;
        self.unseal();
        Ok(())
    }

    /// Changes the history of syncs.
    pub(crate) async fn note(
        &self,
        edit: impl FnOnce(&mut History) + Send,
    ) -> Result<(), DeviceError> {
        let mut tx = self.begin_sealed().await?;
        let mut history: History = get_cbor(&mut *tx, name::HISTORY).await?.unwrap_or_default();
        edit(&mut history);
        set_cbor(&mut tx, name::HISTORY, &history).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Milliseconds to add to the machine's clock to get the server's, as the last contact found.
    pub(crate) async fn clock_offset(&self) -> Result<i64, DeviceError> {
        let history: Option<History> = get_cbor(self.read(), name::HISTORY).await?;
        Ok(history.unwrap_or_default().clock_offset)
    }

    /// The organisation's lease as it was last written down.
    pub(crate) async fn lease(&self) -> Result<Option<Lease>, DeviceError> {
        get_cbor(self.read(), name::LEASE).await
    }

    /// Writes the lease down.
    pub(crate) async fn keep_lease(&self, lease: &Lease) -> Result<(), DeviceError> {
        let mut tx = self.begin_sealed().await?;
        set_cbor(&mut tx, name::LEASE, lease).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The server's time on the last page; none before the first.
    pub(crate) async fn last_told_at(&self) -> Result<Option<UnixMillis>, DeviceError> {
        let progress: Option<Progress> = get_cbor(self.read(), name::PROGRESS).await?;
        Ok(progress.map(|progress| progress.server_time))
    }

    /// Whether a sync was ever completed here.
    pub(crate) async fn was_synced(&self) -> Result<bool, DeviceError> {
        let history: Option<History> = get_cbor(self.read(), name::HISTORY).await?;
        Ok(history.is_some_and(|history| history.last_success.is_some()))
    }

    /// The cursor of the last page applied.
    pub(crate) async fn cursor(&self) -> Result<Option<Vec<u8>>, DeviceError> {
        get(self.read(), name::CURSOR).await
    }
}
