//! One process at a time: a lock on a file beside the database, released by the system when the process ends
//! however it ends.

use crate::error::DeviceError;
use std::{
    fs::{File, OpenOptions, TryLockError},
    path::Path,
};

const FILE: &str = "samspor.lock";

/// Held while a store is open.
pub(super) struct FolderLock {
    file: File,
}

impl FolderLock {
    /// Takes the folder's lock, or says who should let go.
    pub(super) fn take(folder: &Path) -> Result<Self, DeviceError> {
        let unusable = |source| DeviceError::Folder {
            folder: folder.to_owned(),
            source,
        };
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join(FILE))
            .map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file }),
            Err(TryLockError::WouldBlock) => Err(DeviceError::StoreInUse {
                folder: folder.to_owned(),
            }),
            Err(TryLockError::Error(source)) => Err(unusable(source)),
        }
    }
}

impl Drop for FolderLock {
    /// Let go in so many words: closing the file would not do while another process that this one is just starting
    /// still holds a copy of it.
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}
