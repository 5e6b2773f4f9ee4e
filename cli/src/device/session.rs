//! One opened device for one command, and what every command needs of it.

use super::{
    error::failure,
    key::{self, KeyPlace},
    sync,
};
use crate::{
    args::device::DeviceArgs,
    content::{file::ContentFile, notice::Notice},
    exit::Exit,
    failure::Failure,
    output::Output,
    when,
    words::W,
};
use samspor_client_core::{
    Clock as _, Device, DeviceError, DeviceOptions, SyncOptions, SystemClock,
};
use samspor_documents::{
    id::{DocumentId, IdError, ShareId, SpaceId},
    template::Templates,
    time::Moment,
};
use serde_json::{Map, Value, json};
use std::{path::Path, str::FromStr, sync::Arc, time::Duration};

/// How long a write waits for the server before it leaves the rest to the next sync.
const DELIVERY_BUDGET: Duration = Duration::from_secs(30);

/// An opened device.
pub struct Session<'a> {
    /// The device.
    pub device: Device,
    /// The templates it knows: those that ship and the organisation's own.
    pub templates: Arc<Templates>,
    /// Where to print.
    pub out: &'a Output,
    /// Whether the network is not to be used.
    pub offline: bool,
    /// `--at`.
    pub at: Option<Moment>,
}

/// The folder named by flag or environment.
///
/// # Errors
/// `usage` when none is.
pub fn folder(args: &DeviceArgs) -> Result<&Path, Failure> {
    args.folder
        .as_deref()
        .ok_or_else(|| Failure::new(Exit::Usage, "usage", W::USAGE_NO_FOLDER))
}

impl<'a> Session<'a> {
    /// Opens the store in the folder.
    ///
    /// # Errors
    /// No folder, no store, no key, a wrong key, a store in use; `bad_time`.
    pub async fn open(args: &DeviceArgs, out: &'a Output) -> Result<Self, Failure> {
        let folder = folder(args)?;
        let at = match &args.at {
            Some(text) => Some(when::parse(text, SystemClock.now())?),
            None => None,
        };
        if !key::store_in(folder) {
            let folder = folder.display().to_string();
            return Err(
                Failure::new(Exit::Identity, "no_store", W::NO_STORE).with("folder", folder)
            );
        }
        let key = KeyPlace::new(args.key_file.as_deref(), folder).read(out)?;
        let device = Device::open(folder, key, DeviceOptions::default())
            .await
            .map_err(failure)?;
        Ok(Self {
            templates: device.templates(),
            device,
            out,
            offline: args.offline,
            at,
        })
    }

    /// Closes the store.
    pub async fn close(self) {
        self.device.close().await;
    }

    /// A sentence of the catalogue.
    pub fn say(&self, words: W) -> String {
        self.out.say(words, &[])
    }

    /// When it happened: `--at`, else what the file says, else nothing.
    ///
    /// # Errors
    /// `bad_time`.
    pub fn occurred(&self, file: Option<&ContentFile>) -> Result<Option<Moment>, Failure> {
        let typed = file.and_then(|file| file.occurred_at.as_deref());
        match (self.at, typed) {
            (Some(at), _) => Ok(Some(at)),
            (None, Some(text)) => when::parse(text, SystemClock.now()).map(Some),
            (None, None) => Ok(None),
        }
    }

    /// Sends what was just written unless `--offline`; says what became of it. The work is kept whatever happens.
    pub async fn deliver(&self) -> Delivery {
        if self.offline {
            return Delivery::waiting(None);
        }
        let options = SyncOptions {
            budget: Some(DELIVERY_BUDGET),
            retries_max: 0,
            ..SyncOptions::default()
        };
        match self.device.sync(options).await {
            Ok(report) if report.refused > 0 => Delivery {
                state: "refused",
                words: W::DELIVERY_REFUSED,
                failure: Some(sync::refused(report.refused)),
            },
            Ok(report) if report.all_sent => Delivery {
                state: "delivered",
                words: W::DELIVERY_DONE,
                failure: None,
            },
            Ok(_) => Delivery::waiting(None),
            Err(error @ DeviceError::HandedOver { .. }) => Delivery {
                state: "handed_over",
                words: W::DELIVERY_HANDED_OVER,
                failure: Some(failure(error)),
            },
            Err(error) => Delivery::waiting(Some(failure(error))),
        }
    }
}

/// What was just saved.
pub struct Saved<'a> {
    /// The sentence that says so, with a place for the id.
    pub words: W,
    /// What the id is called in JSON.
    pub name: &'a str,
    /// Its id.
    pub id: String,
    /// Whether it says anything else than before.
    pub changed: bool,
    /// What to look at twice.
    pub notices: Vec<Notice>,
}

/// What became of work that was just saved.
pub struct Delivery {
    state: &'static str,
    words: W,
    failure: Option<Failure>,
}

impl Delivery {
    const fn waiting(failure: Option<Failure>) -> Self {
        Self {
            state: "waiting",
            words: W::DELIVERY_WAITING,
            failure,
        }
    }

    /// Prints what was saved, by its id, what to look at twice, and what became of it; then ends with the
    /// delivery's own error, if any.
    ///
    /// # Errors
    /// Why it could not be delivered. It is saved all the same.
    pub fn finish(self, out: &Output, saved: &Saved<'_>) -> Result<Exit, Failure> {
        self.finish_with(out, saved, Map::new(), Vec::new())
    }

    /// As [`Self::finish`], with more to tell of it.
    ///
    /// # Errors
    /// As [`Self::finish`].
    pub fn finish_with(
        self,
        out: &Output,
        saved: &Saved<'_>,
        more: Map<String, Value>,
        told: Vec<String>,
    ) -> Result<Exit, Failure> {
        let words = if saved.changed {
            saved.words
        } else {
            W::UNCHANGED
        };
        let mut lines = vec![out.say(words, &[("id", &saved.id)])];
        lines.extend(saved.notices.iter().map(|notice| notice.text(out)));
        lines.extend(told);
        lines.push(out.say(self.words, &[]));
        let warnings: Vec<Value> = saved.notices.iter().map(Notice::json).collect();
        let mut json = json!({
            saved.name: saved.id, "changed": saved.changed, "delivery": self.state, "warnings": warnings,
        });
        if let Some(all) = json.as_object_mut() {
            all.extend(more);
        }
        out.result(&json, &lines.join("\n"));
        self.end()
    }

    /// What became of it, in words.
    pub fn told(&self, out: &Output) -> String {
        out.say(self.words, &[])
    }

    /// `delivered`, `waiting` or `refused`.
    pub const fn state(&self) -> &'static str {
        self.state
    }

    /// The delivery's own error, if any.
    ///
    /// # Errors
    /// Why it could not be delivered.
    pub fn end(self) -> Result<Exit, Failure> {
        self.failure.map_or(Ok(Exit::Done), Err)
    }
}

/// A case's id.
///
/// # Errors
/// `bad_id`.
pub fn case_id(text: &str, out: &Output) -> Result<SpaceId, Failure> {
    id(text, W::ID_CASE, "samspor device case list", out)
}

/// A document's id.
///
/// # Errors
/// `bad_id`.
pub fn document_id(text: &str, out: &Output) -> Result<DocumentId, Failure> {
    id(text, W::ID_DOCUMENT, "samspor device timeline", out)
}

/// A draft's id.
///
/// # Errors
/// `bad_id`.
pub fn draft_id(text: &str, out: &Output) -> Result<DocumentId, Failure> {
    id(text, W::ID_DRAFT, "samspor device drafts", out)
}

/// A planned contact's id.
///
/// # Errors
/// `bad_id`.
pub fn contact_id(text: &str, out: &Output) -> Result<DocumentId, Failure> {
    id(text, W::ID_CONTACT, "samspor device contact list", out)
}

/// A share's id.
///
/// # Errors
/// `bad_id`.
pub fn share_id(text: &str, out: &Output) -> Result<ShareId, Failure> {
    id(text, W::ID_SHARE, "samspor device share list", out)
}

fn id<T: FromStr<Err = IdError>>(
    text: &str,
    what: W,
    place: &str,
    out: &Output,
) -> Result<T, Failure> {
    text.trim().parse().map_err(|_| {
        Failure::new(Exit::Input, "bad_id", W::BAD_ID)
            .with("what", out.say(what, &[]))
            .with("where", place)
    })
}
