//! What the administration can be told.

use crate::{keys::KeysError, organisation::OpenError, quarantine, store::StoreError};
use samspor_documents::{
    template::{RetireError, TemplateError},
    visit::schedule::ScheduleError,
};

/// Why something was not done. Nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The folder, its keys or its database.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key store, or randomness.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// No organisation yet.
    #[error("there is no organisation in this folder yet: start the server once, or make one")]
    NoOrganisation,
    /// A name that cannot stand.
    #[error("the {what} must be 1 to {max} characters on one line")]
    Name {
        /// Of what.
        what: &'static str,
        /// How long it may be.
        max: usize,
    },
    /// No such practitioner.
    #[error("there is no practitioner with this id")]
    NoPractitioner,
    /// No such team.
    #[error("there is no team with this id")]
    NoTeam,
    /// No such case.
    #[error("there is no case with this id")]
    NoCase,
    /// No membership in force.
    #[error("this practitioner is not a member of this team")]
    NoMembership,
    /// A membership whose role opens no case.
    #[error("this practitioner's role in the case's team opens no case")]
    RoleOpensNoCase,
    /// No such share.
    #[error("there is no share with this id")]
    NoShare,
    /// A template's file that cannot be added.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A template that cannot be retired, or put back to use.
    #[error(transparent)]
    Retire(#[from] RetireError),
    /// As many templates as an organisation may have.
    #[error("there are {most} templates already, each version counted")]
    TooManyTemplates {
        /// How many.
        most: usize,
    },
    /// A visit schedule that cannot be used.
    #[error("a visit schedule: {0}")]
    Schedule(#[from] ScheduleError),
    /// No such device.
    #[error("there is no device with this id")]
    NoDevice,
    /// No ground, or one that cannot stand.
    #[error("the ground must be 1 to {max} characters on one line")]
    Ground {
        /// How long it may be.
        max: usize,
    },
    /// A parcel in quarantine that was not opened.
    #[error(transparent)]
    Quarantine(#[from] quarantine::Refused),
    /// An address that is none.
    #[error("the server's address must be https://host or https://host:port")]
    Url,
    /// The server was never started in this folder.
    #[error(
        "the server has never been started in this folder: start it once, it makes its key then"
    )]
    NeverServed,
}
