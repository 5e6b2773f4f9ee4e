//! `sign` and `export`: a person answers for a text, and takes it along with all that proves it.

use super::{
    disclosures,
    error::failure,
    names::Names,
    session::{Saved, Session, document_id},
};
use crate::{
    args::device::{ExportArgs, SignArgs},
    exit::Exit,
    failure::Failure,
    files,
    words::W,
};
use samspor_client_core::{DeviceError, EntryState};
use samspor_documents::{
    id::DocumentId,
    signed::{Obstacle, UnsignableError, Why},
};
use serde_json::{Map, json};

/// Signs a document; somebody else's, when it is signed already.
///
/// # Errors
/// `unsignable`, which names the fields; `signed`, `not_author`, `card_not_signed`; for a co-signature `offline`, and
/// what does not hold of the evidence.
pub async fn run(session: &Session<'_>, args: &SignArgs) -> Result<Exit, Failure> {
    let document = document_id(&args.document, session.out)?;
    if session.offline && asks_for_evidence(session, document).await? {
        return Err(Failure::new(Exit::NoContact, "offline", W::OFFLINE_ASKED));
    }
    let signed = session.device.sign(document).await;
    signed.map_err(|error| match error {
        DeviceError::Unsignable { source } => unsignable(session, &source),
        other => failure(other),
    })?;
    let saved = Saved {
        words: W::SIGNED,
        name: "document",
        id: document.to_string(),
        changed: true,
        notices: Vec::new(),
    };
    let names = Names::read(session).await?;
    let without = disclosures::without(session, document).await?;
    let told = without.iter();
    let told = told.map(|row| disclosures::left_out(session, row, document, &names));
    let told = told.collect();
    let shares: Vec<_> = without.iter().map(|row| row.share).collect();
    let more = Map::from_iter([("not_disclosed".to_owned(), json!(shares))]);
    let delivery = session.deliver().await;
    delivery.finish_with(session.out, &saved, more, told)
}

/// Whether this would be a signature beside another's.
async fn asks_for_evidence(session: &Session<'_>, document: DocumentId) -> Result<bool, Failure> {
    let row = session.device.row(document).await.map_err(failure)?;
    let me = session.device.identity().await.map_err(failure)?;
    let me = me.map(|identity| identity.practitioner);
    Ok(row.is_some_and(|row| {
        let mut signers = row.signers.iter();
        row.state == EntryState::Signed && !signers.any(|one| Some(one.practitioner) == me)
    }))
}

/// What has to be settled first, by field.
fn unsignable(session: &Session<'_>, error: &UnsignableError) -> Failure {
    let of = |words| Failure::new(Exit::Input, "unsignable", words);
    match error {
        UnsignableError::NoTemplate => of(W::UNSIGNABLE_NO_TEMPLATE),
        UnsignableError::TooLarge { .. } => of(W::UNSIGNABLE_TOO_LARGE),
        UnsignableError::Fields(fields) => {
            let fields: Vec<String> = fields.iter().map(|one| obstacle(session, one)).collect();
            of(W::UNSIGNABLE).with("fields", fields.join(", "))
        }
    }
}

/// A field and why. A name that is not a plain one could be something that was typed: it is not repeated.
fn obstacle(session: &Session<'_>, one: &Obstacle) -> String {
    let plain = |name: &str| {
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        match name.len() <= 40 && name.bytes().all(is_plain) {
            true => name.to_owned(),
            false => "?".to_owned(),
        }
    };
    let mut field = plain(&one.field);
    if let Some((item, name)) = &one.item {
        field = format!("{field}/{item}/{}", plain(name));
    }
    let why = session.say(match one.why {
        Why::NeedsChoice => W::WHY_NEEDS_CHOICE,
        Why::Invalid => W::WHY_INVALID,
        Why::NotWhole => W::WHY_NOT_WHOLE,
        Why::Broken => W::WHY_BROKEN,
    });
    format!("{field} ({why})")
}

/// Writes a signed document with all that proves it to a new file that only its owner may read.
///
/// # Errors
/// `not_signed`, `no_evidence`, `offline`; what does not hold; `file_exists`, `file_unwritable`.
pub async fn export(session: &Session<'_>, args: &ExportArgs) -> Result<Exit, Failure> {
    let document = document_id(&args.document, session.out)?;
    // What was disclosed is its own evidence.
    let row = session.device.row(document).await.map_err(failure)?;
    if session.offline && row.is_none_or(|row| row.disclosed.is_none()) {
        return Err(Failure::new(Exit::NoContact, "offline", W::OFFLINE_ASKED));
    }
    let content = session.device.export_signed(document).await;
    files::save_new(&args.to, &content.map_err(failure)?)?;
    let file = args.to.display().to_string();
    let text = session.out.say(W::SIGNED_EXPORTED, &[("file", &file)]);
    let json = json!({"document": document, "file": file});
    session.out.result(&json, &text);
    Ok(Exit::Done)
}
