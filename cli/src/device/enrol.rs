//! `enrol`: a folder becomes one practitioner's device.

use super::{
    error::failure,
    key::{self, KeyPlace},
    session::folder,
};
use crate::{
    args::device::{DeviceArgs, EnrolArgs},
    content::source::Sources,
    exit::Exit,
    failure::Failure,
    layout,
    output::Output,
    words::W,
};
use samspor_client_core::{Device, DeviceOptions, SyncOptions};
use samspor_protocol::enrol::EnrolmentCode;
use serde_json::json;
use std::{fs, path::Path};
use zeroize::Zeroizing;

/// Enrols, then fetches names and cases.
///
/// # Errors
/// A code that is none or is refused, a wrong server, no contact, a folder that cannot be used.
pub async fn run(args: &DeviceArgs, enrol: &EnrolArgs, out: &Output) -> Result<Exit, Failure> {
    let folder = folder(args)?;
    let code = code(enrol)?;
    if args.offline {
        return Err(Failure::new(Exit::NoContact, "offline", W::OFFLINE_ASKED));
    }
    make_folder(folder)?;
    let place = KeyPlace::new(args.key_file.as_deref(), folder);
    let device = if key::store_in(folder) {
        Device::open(folder, place.read(out)?, DeviceOptions::default()).await
    } else {
        Device::create(folder, place.read_or_make(out)?, DeviceOptions::default()).await
    }
    .map_err(failure)?;
    let ended = enrolled(&device, &code, folder, out).await;
    device.close().await;
    ended
}

fn code(args: &EnrolArgs) -> Result<EnrolmentCode, Failure> {
    let text = match (&args.code, &args.code_file) {
        (Some(code), _) => Zeroizing::new(code.clone()),
        (None, Some(file)) => Zeroizing::new(Sources::default().read(file)?),
        (None, None) => Zeroizing::default(),
    };
    EnrolmentCode::from_text(&text)
        .map_err(|_| Failure::new(Exit::Input, "not_a_code", W::BAD_ENROLMENT_CODE))
}

async fn enrolled(
    device: &Device,
    code: &EnrolmentCode,
    folder: &Path,
    out: &Output,
) -> Result<Exit, Failure> {
    device.enrol(code).await.map_err(failure)?;
    // Enrolled is enrolled: when the first fetch fails, the next sync does it.
    let fetched = device.sync(SyncOptions::default()).await;
    let identity = device
        .identity()
        .await
        .map_err(failure)?
        .ok_or_else(|| Failure::new(Exit::Identity, "not_enrolled", W::NOT_ENROLLED))?;
    let name = identity.practitioner_name.clone().unwrap_or_default();
    let organisation = identity.organisation_name.clone().unwrap_or_default();
    let json = json!({
        "device": identity.device,
        "practitioner": {"id": identity.practitioner, "name": name},
        "organisation": {"id": identity.organisation, "name": organisation},
        "server": identity.server,
    });
    let text = layout::labelled(&[
        (out.say(W::LABEL_PRACTITIONER, &[]).as_str(), name),
        (out.say(W::LABEL_ORGANISATION, &[]).as_str(), organisation),
        (
            out.say(W::LABEL_SERVER, &[]).as_str(),
            identity.server.clone(),
        ),
        (
            out.say(W::LABEL_DEVICE, &[]).as_str(),
            identity.device.to_string(),
        ),
    ]);
    out.result(&json, &format!("{}\n{text}", out.say(W::ENROL_DONE, &[])));
    let made = folder.join(key::FILE);
    if made.exists() {
        out.note(W::ENROL_KEY, &[("file", &made.display().to_string())]);
    }
    fetched.map(|_| Exit::Done).map_err(failure)
}

/// Makes the folder for its owner only.
fn make_folder(folder: &Path) -> Result<(), Failure> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder).map_err(|_| {
        Failure::new(Exit::Folder, "folder", W::FOLDER_UNUSABLE)
            .with("folder", folder.display().to_string())
    })
}
