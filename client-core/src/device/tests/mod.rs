//! Stories of devices: alone without a network, and with a model of the server over a road that fails.

mod additions;
mod alone;
mod circles;
mod contacts;
mod drafts;
mod due;
mod faults;
mod filed_pages;
mod incomplete;
mod lease;
mod methods;
mod refusals;
mod remainder;
mod rest;
mod restrictions;
mod revoked;
mod search;
mod signed_pages;
mod signing;
mod status;
mod templates;
mod text_edits;
mod together;
mod visits;
mod ways_out;
mod wipe;

use super::*;
use crate::{
    testing::ModelServer,
    views::{SyncOptions, SyncReport},
};
use samspor_documents::{
    document::Edit,
    id::{DocumentId, PractitionerId, SpaceId},
    reading::FieldState,
    value::Value,
};
use std::path::PathBuf;
use tempfile::TempDir;

/// A device with its folder, so that it can be closed and opened again.
struct Phone {
    device: Device,
    server: ModelServer,
    folder: PathBuf,
    options: DeviceOptions,
    _keep: TempDir,
}

fn key() -> StoreKey {
    StoreKey::new([7; 32])
}

fn practitioner(n: u8) -> PractitionerId {
    PractitionerId::from_bytes([n; 16])
}

fn set(field: &str, text: &str) -> Edit {
    Edit::Set {
        field: field.to_owned(),
        value: Value::Text(text.to_owned()),
    }
}

fn insert(at: usize, text: &str) -> Edit {
    Edit::Text {
        field: "text".to_owned(),
        edits: vec![samspor_documents::document::Splice {
            at,
            delete: 0,
            insert: text.to_owned(),
        }],
    }
}

impl Phone {
    /// An enrolled device of practitioner `n`, not yet synced.
    async fn enrolled(server: &ModelServer, n: u8) -> Self {
        Self::enrolled_with(server, n, DeviceOptions::default()).await
    }

    /// The same, with clocks of the test's own.
    async fn enrolled_with(server: &ModelServer, n: u8, options: DeviceOptions) -> Self {
        let keep = tempfile::tempdir().expect("a folder");
        let folder = keep.path().join("store");
        let device = Device::create(&folder, key(), options.clone())
            .await
            .expect("a store");
        let code = server.code(practitioner(n));
        let enrolled = device.enrol_by(&code, server.road()).await;
        enrolled.expect("enrols");
        Self {
            device,
            server: server.clone(),
            folder,
            options,
            _keep: keep,
        }
    }

    /// The same, after a first sync.
    async fn ready(server: &ModelServer, n: u8) -> Self {
        let phone = Self::enrolled(server, n).await;
        phone.sync().await;
        phone
    }

    /// Ends the process without warning, and starts it again.
    async fn restart(self) -> Self {
        let Self {
            device,
            server,
            folder,
            options,
            _keep,
        } = self;
        device.close().await;
        let device = Device::open(&folder, key(), options.clone())
            .await
            .expect("opens again");
        let enrolment = device.inner.gate.behind().enrolment().await.expect("reads");
        if let Some((enrolment, key)) = enrolment {
            device
                .become_enrolled(enrolment, key, server.road(), 0)
                .expect("a session");
        }
        Self {
            device,
            server,
            folder,
            options,
            _keep,
        }
    }

    async fn sync(&self) -> SyncReport {
        self.try_sync().await.expect("syncs")
    }

    async fn try_sync(&self) -> Result<SyncReport, DeviceError> {
        let options = SyncOptions {
            retries_max: 20,
            ..SyncOptions::default()
        };
        self.device.sync(options).await
    }

    async fn open_case(&self, name: &str) -> SpaceId {
        let team = self.server.state().team;
        let case = self.device.open_case(team, vec![set("name", name)]).await;
        case.expect("opens a case")
    }

    async fn note(&self, case: SpaceId, text: &str) -> DocumentId {
        let note = self
            .device
            .write(case, "note", vec![set("text", text)], None)
            .await;
        note.expect("writes")
    }

    async fn text(&self, document: DocumentId) -> String {
        let reading = self.device.read(document).await.expect("reads");
        match reading.field("text").map(|field| &field.state) {
            Some(FieldState::Text { text, .. }) => text.clone(),
            _ => String::new(),
        }
    }

    async fn waiting(&self) -> u64 {
        self.device.status().await.expect("status").waiting
    }
}
