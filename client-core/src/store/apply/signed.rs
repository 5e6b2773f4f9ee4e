//! Signed documents: their text comes whole, and from then on is the document.
//!
//! A text that came stays as it came: a page can neither change it nor open the document again. One that does not
//! decode, or is filed elsewhere than its item says, is set aside; what was here before stays beside it.
//!
//! A copy that was disclosed comes as its record: it says another case and document than its item, and has to verify
//! against the organisation's key. What it says is its text from then on, and the record is kept as it came.

use super::{
    Applying,
    held::{Held, Place, push_ids},
};
use crate::{
    error::DeviceError,
    store::signed::{remember, state},
};
use samspor_documents::{
    id::{DocumentId, OrganisationId},
    signed::SignedText,
};
use samspor_protocol::{
    hash::Hash32,
    sign::{SignedRecord, TextSignature},
    tag::Tag,
};
use sqlx::QueryBuilder;

/// What a page told, as it came.
pub(super) enum Told {
    /// A canonical text.
    Text(Vec<u8>),
    /// The record of a copy that was disclosed.
    Record(Vec<u8>),
}

/// The organisation, and its key.
#[derive(Clone, Copy)]
pub(super) struct Home {
    pub(super) organisation: OrganisationId,
    pub(super) key: [u8; 32],
}

/// A signed document on its way into the store.
pub(super) struct Signed {
    place: Place,
    /// Of the bytes as they came, whether or not they can be read here: a text of a newer build is held, too.
    tag: Tag,
    read: Read,
    is_here: bool,
}

/// What was told, as it was read.
#[derive(Default)]
struct Read {
    text: Vec<u8>,
    /// Of a copy that was disclosed, and who signed it.
    record: Option<Vec<u8>>,
    signatures: Vec<TextSignature>,
    /// Why it cannot be read; the text is then what came.
    aside: Option<String>,
}

/// What a text means for what is held; none when it is held already, or when another one is.
pub(super) fn received(
    applying: &mut Applying,
    place: Place,
    told: Told,
    held: &Held,
    home: &Home,
) -> Option<Signed> {
    let (Told::Text(bytes) | Told::Record(bytes)) = &told;
    let tag = Tag::of_signed_document(place.document, Hash32::of(bytes).0);
    if held.signed == state::TOLD {
        let is_news = held.tag != Some(tag) || held.seq < Some(place.seq);
        let stands = held.tag != Some(tag) && !held.is_aside;
        if !is_news || stands {
            return None;
        }
    }
    applying.received += 1;
    applying.replace_tag(held.tag, Some(tag));
    Some(Signed {
        read: match told {
            Told::Text(text) => Read {
                aside: check(&place, &text, home.organisation).err(),
                text,
                ..Read::default()
            },
            Told::Record(record) => read_record(record, home),
        },
        place,
        tag,
        is_here: held.is_here,
    })
}

/// Reads a record. Costs time in proportion to its signatures, which are limited.
fn read_record(bytes: Vec<u8>, home: &Home) -> Read {
    match verified(&bytes, home) {
        Ok((text, signatures)) => Read {
            text,
            record: Some(bytes),
            signatures,
            aside: None,
        },
        Err(why) => Read {
            text: bytes,
            aside: Some(why),
            ..Read::default()
        },
    }
}

fn verified(bytes: &[u8], home: &Home) -> Result<(Vec<u8>, Vec<TextSignature>), String> {
    let record = SignedRecord::from_file(bytes).map_err(|error| error.to_string())?;
    let verified = record.verify(Some(&home.key));
    let verified = verified.map_err(|error| error.to_string())?;
    match verified.text.place().organisation == home.organisation {
        true => Ok((record.text.into(), verified.signatures)),
        false => Err("the record is another organisation's".to_owned()),
    }
}

/// Whether it is a text, and filed where the item says. Costs time in proportion to its length, which is limited.
fn check(place: &Place, text: &[u8], organisation: OrganisationId) -> Result<(), String> {
    let text = SignedText::decode(text).map_err(|error| error.to_string())?;
    let filed = text.place();
    let is_there = filed.organisation == organisation
        && filed.space == place.space
        && filed.document == place.document;
    if is_there {
        Ok(())
    } else {
        Err("the text is filed under another document, space or organisation".to_owned())
    }
}

/// Writes them, many per statement.
pub(super) async fn insert(
    applying: &mut Applying,
    signed: Vec<Signed>,
) -> Result<(), DeviceError> {
    if signed.is_empty() {
        return Ok(());
    }
    let good = signed
        .iter()
        .filter(|one| one.is_here && one.read.aside.is_none());
    let good: Vec<DocumentId> = good.map(|one| one.place.document).collect();
    let mut signers = Vec::new();
    let mut query = QueryBuilder::new(
        "INSERT INTO documents (document, space, seq, received_at, receipt, tag, heads, stamp, indexed, aside, signed, text, record) ",
    );
    query.push_values(signed, |mut row, one| {
        if !one.read.signatures.is_empty() {
            signers.push((one.place.document, one.read.signatures));
        }
        row.push_bind(one.place.document.as_bytes().to_vec())
            .push_bind(one.place.space.as_bytes().to_vec())
            .push_bind(one.place.seq)
            .push_bind(one.place.received_at)
            .push_bind(one.place.receipt.0.to_vec())
            .push_bind(one.tag.0.to_vec())
            .push("x''")
            .push("1")
            .push("0")
            .push_bind(one.read.aside)
            .push_bind(state::TOLD)
            .push_bind(one.read.text)
            .push_bind(one.read.record);
    });
    query.push(
        " ON CONFLICT (document) DO UPDATE SET space = excluded.space, seq = excluded.seq,
          received_at = excluded.received_at, receipt = excluded.receipt, tag = excluded.tag,
          heads = excluded.heads, stamp = documents.stamp + 1, aside = excluded.aside,
          signed = excluded.signed, text = excluded.text, record = excluded.record,
          snapshot = CASE WHEN excluded.aside IS NULL THEN NULL ELSE documents.snapshot END",
    );
    query.build().execute(&mut *applying.tx).await?;
    for (document, signatures) in &signers {
        remember(&mut applying.tx, *document, signatures).await?;
    }
    if !good.is_empty() {
        forget_changes(applying, &good).await?;
    }
    Ok(())
}

/// What was confirmed or accepted of these documents is in their texts. What waits stays: the server will refuse it,
/// and then it lies in the not-delivered box with what was typed.
async fn forget_changes(
    applying: &mut Applying,
    documents: &[DocumentId],
) -> Result<(), DeviceError> {
    for sql in [
        "DELETE FROM changes WHERE own = 0 AND document IN (",
        "UPDATE changes SET state = 3 WHERE own = 1 AND (state = 0 OR state = 1 AND EXISTS
           (SELECT 1 FROM outbox o WHERE o.hash = changes.hash AND o.document = changes.document AND o.state = 1))
         AND document IN (",
    ] {
        let mut query = QueryBuilder::new(sql);
        push_ids(&mut query, documents.iter().copied());
        query.build().execute(&mut *applying.tx).await?;
    }
    Ok(())
}
