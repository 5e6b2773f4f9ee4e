//! What revoked devices handed over: listed without content, opened for a colleague on a stated ground.

use super::{Admin, AdminError, lists};
use crate::{
    clock,
    quarantine::{self, OpenedParcel, OpeningRow, ParcelRow},
};
use samspor_documents::id::PractitionerId;
use uuid::Uuid;

/// No ground is longer, in characters.
const GROUND_CHARACTERS_MAX: usize = 500;

fn checked(ground: &str) -> Result<String, AdminError> {
    let ground = ground.trim();
    let length = ground.chars().count();
    if (1..=GROUND_CHARACTERS_MAX).contains(&length) && !ground.chars().any(char::is_control) {
        Ok(ground.to_owned())
    } else {
        Err(AdminError::Ground {
            max: GROUND_CHARACTERS_MAX,
        })
    }
}

impl Admin {
    /// What revoked devices handed over, the oldest first: never what is in it.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn quarantine(&self) -> Result<Vec<ParcelRow>, AdminError> {
        let mut tx = self.opened.store.read().await?;
        Ok(quarantine::list(&mut tx).await?)
    }

    /// Opens one parcel for a practitioner who may write in its space now. Who, when and on which ground is durable
    /// before anything is returned; the parcel stays as it is.
    ///
    /// # Errors
    /// `Ground`, `NoPractitioner`, `Quarantine`; else the database's.
    pub async fn open_parcel(
        &self,
        parcel: Uuid,
        by: PractitionerId,
        ground: &str,
    ) -> Result<OpenedParcel, AdminError> {
        let ground = checked(ground)?;
        let mut tx = self.opened.store.read().await?;
        lists::must_know_practitioner(&mut tx, by).await?;
        drop(tx);
        let at = clock::now();
        let opening = OpeningRow { by, at, ground };
        let (store, keys) = (&self.opened.store, &self.opened.keys);
        Ok(quarantine::open(store, keys, parcel, opening).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ground_is_said_in_so_many_words_on_one_line() {
        let long = "å".repeat(501);
        for (ground, expected) in [
            (" Barnets sag overtages ", Some("Barnets sag overtages")),
            ("", None),
            (" \t ", None),
            ("to\nlinjer", None),
            (long.as_str(), None),
        ] {
            assert_eq!(checked(ground).ok().as_deref(), expected, "{ground:?}");
        }
    }
}
