//! The one gate before what the store holds. Whoever reads or writes records asks it for the store and is refused while
//! the device is locked; nothing in this crate gets at a device's store in another way.
//!
//! Behind the gate works what goes on while it is locked: the sync, enrolment, and how the device stands, in numbers.
//! Locked, nothing is deleted: what waits goes on waiting, and is sent at the next contact.

use super::lease::Lease;
use crate::{
    clock::Clock,
    error::DeviceError,
    store::{Store, meta::Enrolment},
    views::{Lock, Locked},
};
use samspor_documents::time::UnixMillis;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How much of the lease may have passed before that is written down, in milliseconds: what a clock that is set back
/// while the device is closed can win.
const KEPT_EVERY_MILLIS: i64 = 10 * 60 * 1000;

/// A store, and whether it may be used.
pub(super) struct Gate {
    store: Store,
    /// The machine's.
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// None before enrolment.
    lease: Option<Lease>,
    /// As it was last written down.
    kept: Option<Lease>,
    revoked: bool,
    /// How many items were handed over, once the store is erased.
    handed_over: Option<u64>,
    /// Whether the store was erased on its user's word.
    wiped: bool,
}

impl Gate {
    /// A gate before a store. It stands open until a lease is known.
    pub(super) fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            clock,
            state: Mutex::default(),
        }
    }

    /// The store, for whoever reads or writes records.
    ///
    /// # Errors
    /// `LeaseEnded`, `Revoked`, `HandedOver`, `Wiped`.
    pub(super) fn store(&self) -> Result<&Store, DeviceError> {
        self.check_is_there()?;
        match self.locked() {
            None => Ok(&self.store),
            Some(Locked::LeaseEnded) => Err(DeviceError::LeaseEnded),
            Some(Locked::Revoked) => Err(DeviceError::Revoked),
        }
    }

    /// Whether there is anything behind the gate still.
    ///
    /// # Errors
    /// `HandedOver`, `Wiped`.
    pub(super) fn check_is_there(&self) -> Result<(), DeviceError> {
        let state = self.state();
        match state.handed_over {
            Some(items) => Err(DeviceError::HandedOver { items }),
            None if state.wiped => Err(DeviceError::Wiped),
            None => Ok(()),
        }
    }

    /// The store, for what goes on while the gate is closed.
    pub(super) const fn behind(&self) -> &Store {
        &self.store
    }

    /// The latest moment known to be over: by the server's time, or by the device's own clock, whichever is later.
    pub(super) fn server_now(&self) -> UnixMillis {
        let own = self.clock.now();
        self.looked().map_or(own, |lease| lease.latest())
    }

    /// Whether the device is locked, and when it will be.
    pub(super) fn lock(&self) -> Lock {
        let locked = self.locked();
        Lock {
            locked,
            lease_ends_at: self.state().lease.map(|lease| lease.ends_at()),
        }
    }

    /// Whether the device is known to be revoked.
    pub(super) fn is_revoked(&self) -> bool {
        self.state().revoked
    }

    /// The device is revoked: from now on nothing is read or written.
    pub(super) fn revoke(&self) {
        self.state().revoked = true;
    }

    /// The store is erased.
    pub(super) fn close_for_good(&self, items: u64) {
        self.state().handed_over = Some(items);
    }

    /// The store is being erased on its user's word.
    pub(super) fn wipe(&self) {
        self.state().wiped = true;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn locked(&self) -> Option<Locked> {
        if self.is_revoked() {
            return Some(Locked::Revoked);
        }
        let lease = self.looked()?;
        lease.has_ended().then_some(Locked::LeaseEnded)
    }

    /// The lease as of now.
    fn looked(&self) -> Option<Lease> {
        let own = self.clock.now();
        let mut state = self.state();
        let lease = state.lease.as_mut()?;
        lease.look(own);
        Some(*lease)
    }

    /// Takes up the lease that the store holds.
    ///
    /// # Errors
    /// What the store reports.
    pub(super) async fn take_up(&self, enrolment: &Enrolment) -> Result<(), DeviceError> {
        if self.store.is_revoked().await? {
            self.store.seal();
            self.revoke();
        }
        let kept = self.store.lease().await?;
        let lease = match kept {
            Some(lease) => lease,
            None => self.first_lease(enrolment).await?,
        };
        {
            let mut state = self.state();
            state.lease = Some(lease);
            state.kept = kept;
        }
        // A full disk stops nobody from reading; what is over now is over later, too.
        let _ = self.keep_time().await;
        Ok(())
    }

    /// A store from before leases were kept: since its last page, or from now on.
    async fn first_lease(&self, enrolment: &Enrolment) -> Result<Lease, DeviceError> {
        let status = self.store.status().await?;
        let skew = status.clock_offset;
        let contact = self.store.last_told_at().await?;
        let contact = contact.unwrap_or_else(|| self.clock.now().plus(skew));
        Ok(Lease::since(enrolment.lease_millis, contact, skew))
    }

    /// What the lease is by a contact just made; none before enrolment. It holds from [`Self::renew`] on.
    pub(super) fn renewed(&self, server: UnixMillis, length: Option<i64>) -> Option<Lease> {
        let own = self.clock.now();
        let lease = self.state().lease?;
        Some(lease.renewed(server, own, length))
    }

    /// From now on this lease holds: the device is open again.
    pub(super) fn renew(&self, lease: Option<Lease>) {
        let mut state = self.state();
        state.lease = lease.or(state.lease);
    }

    /// The same of a lease that stands in the store already.
    pub(super) fn renew_kept(&self, lease: Lease) {
        let mut state = self.state();
        state.lease = Some(lease);
        state.kept = Some(lease);
    }

    /// The store was enrolled again: this lease holds, and what was said of the device before does not.
    pub(super) fn reopen(&self, lease: Lease) {
        self.renew_kept(lease);
        self.state().revoked = false;
    }

    /// Writes down how much of the lease is over, when that is worth it.
    ///
    /// # Errors
    /// What the store reports.
    pub(super) async fn keep_time(&self) -> Result<(), DeviceError> {
        let Some(lease) = self.looked() else {
            return Ok(());
        };
        let kept = self.state().kept;
        if kept.is_some_and(|kept| lease.ahead_of(&kept) < KEPT_EVERY_MILLIS) {
            return Ok(());
        }
        self.store.keep_lease(&lease).await?;
        self.state().kept = Some(lease);
        Ok(())
    }
}
