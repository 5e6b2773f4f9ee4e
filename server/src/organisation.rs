//! Opening the folder: keys, database, and the one organisation in it. The server and the administration both
//! begin here, in either order and at once.

use crate::{
    clock,
    keys::{self, Keys, KeysError},
    log::{self, Secret},
    store::{self, Store, StoreError, Tx, id16},
};
use samspor_documents::id::OrganisationId;
use samspor_protocol::fact::{FactBody, Organisation};
use std::path::Path;

/// An opened folder.
pub struct Opened {
    /// The database.
    pub store: Store,
    /// The organisation's keys.
    pub keys: Keys,
    /// Its secret, as the log uses it.
    pub secret: Secret,
}

/// A folder that cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder cannot be made or read.
    #[error("cannot use the folder {path}: see that it is a folder this user may read and write")]
    Folder {
        /// The folder.
        path: std::path::PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The key store.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes the server's folder, for its owner only, where there is none.
///
/// # Errors
/// `Folder` when it cannot be made.
pub fn make_folder(folder: &Path) -> Result<(), OpenError> {
    keys::make_private_folder(folder).map_err(|source| OpenError::Folder {
        path: folder.to_owned(),
        source,
    })
}

/// Opens the keys and the database of a folder; makes what is not there. Keys are made before the database,
/// and never for a database that is there already.
///
/// # Errors
/// Folder, keys or database cannot be used.
pub async fn open(folder: &Path) -> Result<Opened, OpenError> {
    make_folder(folder)?;
    let fresh = !folder.join(store::FILE_NAME).exists();
    let keys = Keys::open(folder, fresh)?;
    let store = Store::open(folder).await?;
    let secret = Secret::new(keys.secret());
    Ok(Opened {
        store,
        keys,
        secret,
    })
}

/// The organisation whose log this is, if it was begun.
///
/// # Errors
/// The database cannot be read.
pub async fn find(tx: &mut Tx) -> Result<Option<OrganisationId>, StoreError> {
    let id: Option<Vec<u8>> =
        sqlx::query_scalar("SELECT organisation FROM log_state WHERE only_row = 1")
            .fetch_optional(&mut **tx)
            .await?;
    id.map(|id| Ok(OrganisationId::from_bytes(id16("organisation", &id)?)))
        .transpose()
}

/// The organisation; begun under this name when there is none.
///
/// # Errors
/// The database cannot be written, or the system gives no randomness.
pub async fn ensure(opened: &Opened, name: &str) -> Result<OrganisationId, OpenError> {
    let mut tx = opened.store.write().await?;
    if let Some(organisation) = find(&mut tx).await? {
        return Ok(organisation);
    }
    let organisation = OrganisationId::make(clock::now(), keys::random()?);
    log::begin(&mut tx, organisation, keys::random()?).await?;
    let fact = FactBody::Organisation(Organisation {
        organisation,
        name: name.to_owned(),
    });
    log::append_facts(&mut tx, &opened.secret, organisation, &[fact]).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(organisation)
}
