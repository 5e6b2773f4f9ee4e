//! Erasing a store, and the file that says afterwards what became of it.
//!
//! That file is durable before anything is erased: a store beside it is one whose erasing was interrupted, and is erased
//! when its folder is next looked at. It says nothing of what was in the store.

use super::{FILE, Store, lock::FolderLock};
use crate::error::DeviceError;
use samspor_documents::{id::DeviceId, time::UnixMillis};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

const MARK: &str = "handed-over.json";
/// Says that the store beside it is to be erased, and nothing else is to be told of it.
const WIPED: &str = "wiped";
/// What belongs to a database, by what follows its name. The log comes first: it is the newest.
const PARTS: [&str; 4] = ["-wal", "-journal", "-shm", ""];
/// How much is overwritten at a time, in bytes.
const STRETCH: usize = 256 * 1024;

/// What became of a revoked device: what it had not delivered was handed over, and its store was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOver {
    /// Which device it was.
    pub device: DeviceId,
    /// How many items were handed over.
    pub items: u64,
    /// When, by the server's clock.
    pub at: UnixMillis,
}

fn unusable(folder: &Path) -> impl FnOnce(io::Error) -> DeviceError {
    let folder = folder.to_owned();
    move |source| DeviceError::Folder { folder, source }
}

/// What became of the revoked device in this folder; none when none was there. An interrupted erasing is finished first.
///
/// # Errors
/// `Folder` when the folder cannot be read, or what is to be erased in it cannot; `Damaged`.
pub fn handed_over(folder: &Path) -> Result<Option<HandedOver>, DeviceError> {
    if read_mark(folder)?.is_none() {
        return Ok(None);
    }
    // Whoever has the folder is erasing it, or using it anew: nothing of theirs is touched.
    let Ok(_lock) = FolderLock::take(folder) else {
        return read_mark(folder);
    };
    let mark = read_mark(folder)?;
    if mark.is_some() {
        erase_files(folder).map_err(unusable(folder))?;
    }
    Ok(mark)
}

fn read_mark(folder: &Path) -> Result<Option<HandedOver>, DeviceError> {
    let text = match fs::read(folder.join(MARK)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unusable(folder)(error)),
    };
    let mark = serde_json::from_slice(&text);
    mark.map_err(|_| DeviceError::Damaged { what: "mark" })
}

/// The folder, whose lock the caller holds, is used anew: what it says of a revoked device is taken away.
pub(super) fn forget(folder: &Path) -> Result<(), DeviceError> {
    if folder.join(WIPED).exists() {
        wipe_files(folder).map_err(unusable(folder))?;
    }
    if read_mark(folder)?.is_some() {
        erase_files(folder).map_err(unusable(folder))?;
        fs::remove_file(folder.join(MARK)).map_err(unusable(folder))?;
        sync_folder(folder).map_err(unusable(folder))?;
    }
    Ok(())
}

/// Finishes what wiped the store in this folder and was interrupted.
pub(super) fn finish_wiping(folder: &Path) -> Result<(), DeviceError> {
    if !folder.join(WIPED).exists() {
        return Ok(());
    }
    let _lock = FolderLock::take(folder)?;
    wipe_files(folder).map_err(unusable(folder))
}

/// Erases the database, then what said that it was to be.
fn wipe_files(folder: &Path) -> io::Result<()> {
    erase_files(folder)?;
    match fs::remove_file(folder.join(WIPED)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    sync_folder(folder)
}

impl Store {
    /// Says durably that the store is to be erased: from here on it will be, whatever happens.
    pub(crate) fn mark_wiped(&self) -> Result<(), DeviceError> {
        let mark = || -> io::Result<()> {
            File::create(self.folder.join(WIPED))?.sync_all()?;
            sync_folder(&self.folder)
        };
        mark().map_err(unusable(&self.folder))
    }

    /// Closes the store that was marked, and erases it. The folder is free then.
    pub(crate) async fn wipe(&self) -> Result<(), DeviceError> {
        self.read.close().await;
        self.write.close().await;
        let folder = self.folder.clone();
        let erased =
            tokio::task::spawn_blocking(move || wipe_files(&folder).map_err(unusable(&folder)))
                .await
                .unwrap_or(Err(DeviceError::Damaged { what: "erasing" }));
        self.close().await;
        erased
    }

    /// Closes the store and erases it, when the folder says durably what became of it. The folder's lock stays.
    pub(crate) async fn erase(&self, mark: HandedOver) -> Result<(), DeviceError> {
        write_mark(&self.folder, &mark).map_err(unusable(&self.folder))?;
        self.read.close().await;
        self.write.close().await;
        let folder = self.folder.clone();
        tokio::task::spawn_blocking(move || erase_files(&folder).map_err(unusable(&folder)))
            .await
            .unwrap_or(Err(DeviceError::Damaged { what: "erasing" }))
    }
}

fn write_mark(folder: &Path, mark: &HandedOver) -> io::Result<()> {
    let new = folder.join(format!("{MARK}.new"));
    let mut file = File::create(&new)?;
    file.write_all(&serde_json::to_vec(mark)?)?;
    file.sync_all()?;
    fs::rename(&new, folder.join(MARK))?;
    sync_folder(folder)
}

/// Overwrites and removes the database with all that belongs to it.
fn erase_files(folder: &Path) -> io::Result<()> {
    for part in PARTS {
        erase_file(&folder.join(format!("{FILE}{part}")))?;
    }
    sync_folder(folder)
}

fn erase_file(path: &PathBuf) -> io::Result<()> {
    let mut file = match OpenOptions::new().write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut left = file.metadata()?.len();
    file.seek(SeekFrom::Start(0))?;
    let zeros = vec![0; STRETCH];
    while left > 0 {
        let length = usize::try_from(left).unwrap_or(STRETCH).min(STRETCH);
        file.write_all(zeros.get(..length).unwrap_or_default())?;
        left = left.saturating_sub(u64::try_from(length).unwrap_or(left));
    }
    file.sync_all()?;
    fs::remove_file(path)
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKED: HandedOver = HandedOver {
        device: DeviceId::from_bytes([1; 16]),
        items: 7,
        at: UnixMillis(5),
    };

    #[test]
    fn an_interrupted_erasing_is_finished_when_the_folder_is_next_looked_at() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        assert_eq!(handed_over(folder).expect("reads"), None);
        for part in PARTS {
            fs::write(folder.join(format!("{FILE}{part}")), [1; 700_000]).expect("writes");
        }
        write_mark(folder, &MARKED).expect("writes");
        assert_eq!(handed_over(folder).expect("reads"), Some(MARKED));
        for part in PARTS {
            assert!(!folder.join(format!("{FILE}{part}")).exists(), "{part}");
        }
        let lock = FolderLock::take(folder).expect("free");
        fs::write(folder.join(FILE), "begun anew").expect("writes");
        assert_eq!(handed_over(folder).expect("reads"), Some(MARKED));
        assert!(folder.join(FILE).exists(), "another's folder is left alone");
        drop(lock);
        forget(folder).expect("used anew");
        assert!(!folder.join(FILE).exists());
        assert_eq!(handed_over(folder).expect("reads"), None);
    }

    #[test]
    fn what_is_erased_is_overwritten_before_it_goes() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE);
        fs::write(&path, [1; 700_001]).expect("writes");
        let beside = folder.path().join("beside");
        fs::hard_link(&path, &beside).expect("a second name");
        erase_files(folder.path()).expect("erases");
        assert!(!path.exists());
        let left = fs::read(beside).expect("reads");
        assert!(left.len() == 700_001 && left.iter().all(|byte| *byte == 0));
    }
}
