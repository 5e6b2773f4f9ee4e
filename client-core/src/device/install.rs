//! The installation's id: 16 random bytes in a file of their own, outside the store. A store that was copied
//! to another machine without it shows itself to the server.

use crate::{error::DeviceError, key::random_bytes};
use std::{fs, io, path::Path};
use uuid::Uuid;

const FILE: &str = "install-id";

/// The id in the file, made when there is none. `None` as file means: in the store's folder.
pub(super) fn read_or_make(folder: &Path, file: Option<&Path>) -> Result<[u8; 16], DeviceError> {
    let path = file.map_or_else(|| folder.join(FILE), Path::to_owned);
    let unusable = |source| DeviceError::Folder {
        folder: folder.to_owned(),
        source,
    };
    match fs::read_to_string(&path) {
        Ok(text) => Uuid::try_parse(text.trim())
            .map(|id| *id.as_bytes())
            .map_err(|_| DeviceError::Damaged { what: "install id" }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let id: [u8; 16] = random_bytes()?;
            fs::write(&path, Uuid::from_bytes(id).to_string()).map_err(unusable)?;
            Ok(id)
        }
        Err(error) => Err(unusable(error)),
    }
}
