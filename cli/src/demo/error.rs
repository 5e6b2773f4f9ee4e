//! What can stop the demo, one variant per thing a person can act on.

use super::{
    checker::CheckError, content::ContentError, journal::JournalError, typing::TypingError,
};
use crate::{exit::Exit, failure::Failure, words::W};
use samspor_client_core::DeviceError;
use samspor_server::{StartError, admin::AdminError};
use std::path::{Path, PathBuf};

/// The demo did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("the folder {folder} is not empty: give an empty one or a new one with --data")]
    NotEmpty { folder: PathBuf },
    #[error("{path} cannot be used: make its folder writable, or give another with --data")]
    Folder {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Admin(#[from] AdminError),
    #[error(transparent)]
    Device(#[from] DeviceError),
    #[error(transparent)]
    Check(#[from] CheckError),
    #[error("no port for the way between a device and the server")]
    Relay(#[source] std::io::Error),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Content(#[from] ContentError),
    #[error("the calendar cannot be made")]
    Calendar(#[from] jiff::Error),
    #[error(transparent)]
    Typing(#[from] TypingError),
    #[error("the demo's plan does not hold: {0}")]
    Plan(&'static str),
    #[error("{device}: work was not delivered: samspor device not-delivered list shows it")]
    NotDelivered { device: String },
    #[error("the devices did not come to the same within {rounds} rounds of syncing")]
    NeverInSync { rounds: usize },
}

impl DemoError {
    /// Names the path in a file error.
    pub fn folder(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Folder { path, source }
    }
}

impl DemoError {
    /// What to tell the person at the command line.
    pub fn failure(self) -> Failure {
        match self {
            Self::NotEmpty { folder } => Failure::new(Exit::Folder, "not_empty", W::DEMO_NOT_EMPTY)
                .with("folder", folder.display().to_string()),
            Self::Folder { path, .. } => Failure::new(Exit::Folder, "folder", W::FOLDER_UNUSABLE)
                .with("folder", path.display().to_string()),
            Self::Start(error) => crate::server::starting(&error),
            Self::Admin(error) => crate::server::administering(&error),
            Self::Device(error) => crate::device::failure(error),
            other => Failure::new(Exit::Other, "unexpected", W::UNEXPECTED)
                .with("detail", causes(&other)),
        }
    }
}

/// An error and what caused it, in one line.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}
