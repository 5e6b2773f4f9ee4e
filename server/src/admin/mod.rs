//! Administration: the organisation, its teams and people, their devices' codes and their sign-in links.
//!
//! It works on the folder, beside a running server or without one: what it says is appended to the same log, and
//! a running server notices within a quarter of a second. It reads no records, but what a revoked device handed over, for
//! a colleague who may write there, on a ground that is written down.

mod caseloads;
mod error;
mod lists;
mod name;
mod quarantine;
mod records;
mod schedule;
mod shares;
mod templates;

pub use caseloads::CaseRow;
pub use error::AdminError;
pub use lists::{DeviceRow, MembershipRow, PractitionerRow, TeamRow};
pub use records::ReceiptStanding;
pub use shares::{ShareEnd, ShareRow};
pub use templates::{TemplateAdded, TemplateRetired};

use crate::{
    clock, enrol, keys, log,
    organisation::{self, Opened},
    settings::is_base_url,
    store::{StoreError, Tx},
    web::session,
};
use samspor_documents::id::{DeviceId, OrganisationId, PractitionerId, TeamId};
use samspor_protocol::{
    enrol::{CodeSecret, EnrolmentCode},
    fact::{FactBody, Membership, Practitioner, Role, Team, TeamKind},
    hash::Hash32,
};
use std::path::Path;

/// The administration of one folder.
pub struct Admin {
    opened: Opened,
}

impl Admin {
    /// Opens a folder; makes its keys and its database when there are none.
    ///
    /// # Errors
    /// `Open` when the folder, its keys or its database cannot be used.
    pub async fn open(folder: &Path) -> Result<Self, AdminError> {
        let opened = organisation::open(folder).await?;
        Ok(Self { opened })
    }

    /// Closes the database.
    pub async fn close(self) {
        self.opened.store.close().await;
    }

    /// The organisation of this folder, begun under this name. A server's first start does the same with the
    /// name in its settings. Where there is one already, nothing changes and its id is returned.
    ///
    /// # Errors
    /// `Name` when the name cannot stand; else the database's.
    pub async fn create_organisation(&self, name: &str) -> Result<OrganisationId, AdminError> {
        let name = name::checked("organisation's name", name)?;
        Ok(organisation::ensure(&self.opened, &name).await?)
    }

    /// The organisation of this folder.
    ///
    /// # Errors
    /// `NoOrganisation` when there is none yet.
    pub async fn organisation(&self) -> Result<OrganisationId, AdminError> {
        let mut tx = self.opened.store.read().await?;
        organisation::find(&mut tx)
            .await?
            .ok_or(AdminError::NoOrganisation)
    }

    /// The organisation's public key, by which devices' certificates are checked.
    #[must_use]
    pub fn organisation_key(&self) -> [u8; 32] {
        self.opened.keys.public()
    }

    async fn append(&self, tx: &mut Tx, fact: FactBody) -> Result<(), AdminError> {
        let organisation = organisation::find(tx)
            .await?
            .ok_or(AdminError::NoOrganisation)?;
        log::append_facts(tx, &self.opened.secret, organisation, &[fact]).await?;
        Ok(())
    }

    /// Adds a team, whose cases are the whole team's.
    ///
    /// # Errors
    /// `Name` when the name cannot stand, `NoOrganisation`; else the database's.
    pub async fn add_team(&self, name: &str, kind: TeamKind) -> Result<TeamId, AdminError> {
        let name = name::checked("team's name", name)?;
        let team = TeamId::make(clock::now(), keys::random()?);
        let mut tx = self.opened.store.write().await?;
        let fact = FactBody::Team(Team {
            team,
            name,
            kind,
            caseload: None,
        });
        self.append(&mut tx, fact).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(team)
    }

    /// Adds a practitioner; the title may be empty.
    ///
    /// # Errors
    /// `Name` when a name cannot stand, `NoOrganisation`; else the database's.
    pub async fn add_practitioner(
        &self,
        name: &str,
        title: &str,
    ) -> Result<PractitionerId, AdminError> {
        let name = name::checked("practitioner's name", name)?;
        let title = name::checked_or_empty("practitioner's title", title)?;
        let practitioner = PractitionerId::make(clock::now(), keys::random()?);
        let mut tx = self.opened.store.write().await?;
        let fact = FactBody::Practitioner(Practitioner {
            practitioner,
            name,
            title,
        });
        self.append(&mut tx, fact).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(practitioner)
    }

    /// Makes a practitioner a member of a team, or changes their role in it. The same again changes nothing.
    ///
    /// # Errors
    /// `NoPractitioner`, `NoTeam`, `NoOrganisation`; else the database's.
    pub async fn add_membership(
        &self,
        practitioner: PractitionerId,
        team: TeamId,
        role: Role,
    ) -> Result<(), AdminError> {
        let mut tx = self.opened.store.write().await?;
        lists::must_know_practitioner(&mut tx, practitioner).await?;
        lists::must_know_team(&mut tx, team).await?;
        let memberships = lists::memberships(&mut tx).await?;
        let stands = memberships.iter().any(|one| {
            one.practitioner == practitioner && one.team == team && one.role == role && !one.ended
        });
        if stands {
            return Ok(());
        }
        let fact = FactBody::Membership(Membership {
            practitioner,
            team,
            role,
            ended: false,
        });
        self.append(&mut tx, fact).await?;
        Ok(tx.commit().await.map_err(StoreError::from)?)
    }

    /// Ends a membership: the team's cases disappear from the practitioner's devices.
    ///
    /// # Errors
    /// `NoMembership` when there is none in force; else the database's.
    pub async fn end_membership(
        &self,
        practitioner: PractitionerId,
        team: TeamId,
    ) -> Result<(), AdminError> {
        let mut tx = self.opened.store.write().await?;
        let memberships = lists::memberships(&mut tx).await?;
        let stands = memberships
            .into_iter()
            .find(|one| one.practitioner == practitioner && one.team == team && !one.ended);
        let role = stands.ok_or(AdminError::NoMembership)?.role;
        let fact = FactBody::Membership(Membership {
            practitioner,
            team,
            role,
            ended: true,
        });
        self.append(&mut tx, fact).await?;
        Ok(tx.commit().await.map_err(StoreError::from)?)
    }

    /// A one-time code with which one device of this practitioner enrols, within 24 hours, at `server_url`
    /// (`https://host:port`). The code is shown here and never again.
    ///
    /// # Errors
    /// `Url`, `NoPractitioner`, `NeverServed` (the server's key is made at its first start); else the database's.
    pub async fn enrolment_code(
        &self,
        practitioner: PractitionerId,
        server_url: &str,
    ) -> Result<String, AdminError> {
        let server = base_url(server_url)?;
        let mut tx = self.opened.store.read().await?;
        lists::must_know_practitioner(&mut tx, practitioner).await?;
        let served = lists::served(&mut tx).await?;
        drop(tx);
        let (_, pin) = served.ok_or(AdminError::NeverServed)?;
        let secret = CodeSecret(keys::random()?);
        let Opened { store, keys, .. } = &self.opened;
        enrol::keep_code(store, keys, &secret, practitioner, clock::now()).await?;
        let code = EnrolmentCode {
            server,
            secret,
            organisation_key: keys.public(),
            pin: pin.map(Hash32),
        };
        Ok(code.to_text())
    }

    /// A one-time link with which this practitioner signs in on the web, within 15 minutes, at `base_url`
    /// (`https://host:port`).
    ///
    /// # Errors
    /// `Url`, `NoPractitioner`; else the database's.
    pub async fn sign_in_link(
        &self,
        practitioner: PractitionerId,
        base_url_text: &str,
    ) -> Result<String, AdminError> {
        let base = base_url(base_url_text)?;
        let mut tx = self.opened.store.read().await?;
        lists::must_know_practitioner(&mut tx, practitioner).await?;
        drop(tx);
        let link = session::make_token()?;
        let Opened { store, keys, .. } = &self.opened;
        session::keep_link(store, keys, &link, practitioner, clock::now()).await?;
        Ok(format!("{base}/sign-in?link={link}"))
    }

    /// Revokes a device: from now on its requests are refused and its parked ones end. The same again changes
    /// nothing.
    ///
    /// # Errors
    /// `NoDevice`; else the database's.
    pub async fn revoke_device(&self, device: DeviceId) -> Result<(), AdminError> {
        let mut tx = self.opened.store.write().await?;
        let known: Option<i64> = sqlx::query_scalar("SELECT 1 FROM devices WHERE device = ?")
            .bind(device.as_bytes().as_slice())
            .fetch_optional(&mut *tx)
            .await
            .map_err(StoreError::from)?;
        known.ok_or(AdminError::NoDevice)?;
        sqlx::query("UPDATE devices SET revoked_at = coalesce(revoked_at, ?) WHERE device = ?")
            .bind(clock::now().0)
            .bind(device.as_bytes().as_slice())
            .execute(&mut *tx)
            .await
            .map_err(StoreError::from)?;
        sqlx::query("UPDATE devices_revision SET revision = revision + 1 WHERE one = 1")
            .execute(&mut *tx)
            .await
            .map_err(StoreError::from)?;
        Ok(tx.commit().await.map_err(StoreError::from)?)
    }

    /// Every device ever enrolled, the oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn devices(&self) -> Result<Vec<DeviceRow>, AdminError> {
        let mut tx = self.opened.store.read().await?;
        Ok(lists::devices(&mut tx).await?)
    }

    /// Every team, by name.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn teams(&self) -> Result<Vec<TeamRow>, AdminError> {
        let mut tx = self.opened.store.read().await?;
        Ok(lists::teams(&mut tx).await?)
    }

    /// Every practitioner, by name.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn practitioners(&self) -> Result<Vec<PractitionerRow>, AdminError> {
        let mut tx = self.opened.store.read().await?;
        Ok(lists::practitioners(&mut tx).await?)
    }

    /// Every membership as it stands, ended ones too.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn memberships(&self) -> Result<Vec<MembershipRow>, AdminError> {
        let mut tx = self.opened.store.read().await?;
        Ok(lists::memberships(&mut tx).await?)
    }

    /// The address under which the server was last started: what codes and links are made for.
    ///
    /// # Errors
    /// `NeverServed` when it never was; else the database's.
    pub async fn server_url(&self) -> Result<String, AdminError> {
        let mut tx = self.opened.store.read().await?;
        let served = lists::served(&mut tx).await?;
        Ok(served.ok_or(AdminError::NeverServed)?.0)
    }
}

/// The organisation's name as it is kept; none when it cannot stand.
pub(crate) fn checked_organisation_name(name: &str) -> Option<String> {
    name::checked("organisation's name", name).ok()
}

fn base_url(text: &str) -> Result<String, AdminError> {
    let url = text.trim_end_matches('/');
    if is_base_url(url) {
        Ok(url.to_owned())
    } else {
        Err(AdminError::Url)
    }
}

#[cfg(test)]
mod tests;
