//! Rendering, before the lock: does the document, at the heads that a signature names, say the text that was signed?
//!
//! The document is put together as the projector would: its snapshot, what is logged and not projected yet, and what
//! this push brings before the signature. Only where the device may write there is anything looked at, so that no time
//! tells whether somebody else's record exists. Whether all of that is still so is asked again under the lock, by the
//! number of the document's changes ([`super::signing`]).

use super::stage::{Refusal, Staged, StagedGroup};
use crate::{
    access,
    log::{self, Seq},
    store::{StoreError, Tx, id16, id32},
    sync::{Caller, Core, CoreError},
};
use samspor_documents::{
    document::Document,
    guard::{self, GuardError},
    id::{DeviceId, DocumentId, SpaceId},
    permission::Act,
    signed::{SignedText, TextPlace},
    template::Templates,
};
use samspor_protocol::{hash::Hash32, limits, push::Sign, reason::Reason};
use std::{collections::BTreeSet, sync::Arc};

/// A document in the making may be this much: what is stored, and what this push brings.
const DOCUMENT_BYTES_MAX: usize = 2 * limits::DOCUMENT_BYTES_MAX;

/// What rendering found.
#[derive(Debug, Clone)]
pub(super) struct Rendering {
    /// How many changes of the document it was made from: those in the log, and those of this push that are not.
    pub changes: i64,
    /// The card that the text names: it has to be a document of the same space.
    pub card: Option<DocumentId>,
    /// The entry that the text adds to: it has to be signed, in the same space.
    pub adds_to: Option<DocumentId>,
    /// Whether the text and its signature are what they have to be.
    pub outcome: Result<(), Refusal>,
}

/// One signature with all that is needed to judge it.
struct Question {
    place: TextPlace,
    adds_to: Option<DocumentId>,
    /// Whether the document is signed already: then the text that was signed is what this one is compared with, later.
    is_frozen: bool,
    /// The device that may have signed.
    device: DeviceId,
    public_key: [u8; 32],
    caller: Caller,
    sign: Sign,
    templates: Arc<Templates>,
    snapshot: Option<Vec<u8>>,
    bodies: Vec<Vec<u8>>,
}

/// Renders for each signature of a push.
///
/// # Errors
/// `Unavailable` or `Internal`: nothing was decided.
pub(super) async fn render(
    core: &Core,
    caller: &Caller,
    groups: &mut [StagedGroup],
) -> Result<(), CoreError> {
    let opened: BTreeSet<SpaceId> = groups.iter().filter_map(opens).collect();
    for group in groups {
        let opens_it = opened.contains(&group.space);
        for place in 0..group.operations.len() {
            let asked = question(core, caller, group, place, opens_it).await?;
            let Some((changes, question)) = asked else {
                continue;
            };
            let card = question.place.card;
            let adds_to = question.adds_to;
            let judged = tokio::task::spawn_blocking(move || judge(&question))
                .await
                .map_err(|_| CoreError::Internal(None))?;
            if let Some(Staged::Sign { rendering, .. }) = group.operations.get_mut(place) {
                *rendering = Some(Rendering {
                    changes,
                    card,
                    adds_to,
                    outcome: judged,
                });
            }
        }
    }
    Ok(())
}

/// The case or circle that a group opens.
fn opens(group: &StagedGroup) -> Option<SpaceId> {
    let opens = |operation: &Staged| {
        matches!(
            operation,
            Staged::OpenCase { .. } | Staged::OpenCircle { .. }
        )
    };
    group.operations.iter().any(opens).then_some(group.space)
}

/// The question that the operation at a place puts, with the number of the document's changes; none when it is no
/// signature, or the device may not write there. Where this very push opens the case or circle (`opens_it`), it may.
async fn question(
    core: &Core,
    caller: &Caller,
    group: &StagedGroup,
    place: usize,
    opens_it: bool,
) -> Result<Option<(i64, Question)>, StoreError> {
    let (Some(Staged::Sign { body, .. }), Some(document)) =
        (group.operations.get(place), group.document)
    else {
        return Ok(None);
    };
    let mut tx = core.store.read().await?;
    if !may_write(&mut tx, caller, group.space, opens_it).await? {
        return Ok(None);
    }
    let named = body.signature.device;
    let Some((device, public_key)) = signing_device(&mut tx, caller, named).await? else {
        return Ok(None);
    };
    let (mut changes, snapshot, mut bodies) = logged(&mut tx, document).await?;
    for earlier in group.operations.iter().take(place) {
        let brings = match earlier {
            Staged::Change { facts, body } => Some((facts, body)),
            Staged::Publish { facts, change, .. } => Some((facts, change)),
            _ => None,
        };
        if let Some((facts, body)) = brings
            && !is_logged(&mut tx, document, &facts.hash).await?
        {
            changes = changes.saturating_add(1);
            bodies.push(body.clone());
        }
    }
    let templates = core.store.templates(&mut tx).await?;
    let (card, adds_to) = named_in(&body.text, &templates);
    let question = Question {
        place: TextPlace {
            organisation: core.organisation,
            space: group.space,
            document,
            card,
        },
        adds_to,
        is_frozen: is_frozen(&mut tx, document).await?,
        device,
        public_key,
        caller: *caller,
        sign: body.clone(),
        templates,
        snapshot,
        bodies,
    };
    Ok(Some((changes, question)))
}

/// The card, and the entry that it adds to, that a text names.
fn named_in(text: &[u8], templates: &Templates) -> (Option<DocumentId>, Option<DocumentId>) {
    let read = || {
        let text = SignedText::decode(text).ok()?;
        let reading = text.reading(templates);
        Some((text.place().card, reading.adds_to()))
    };
    guard::guarded(read).ok().flatten().unwrap_or_default()
}

async fn may_write(
    tx: &mut Tx,
    caller: &Caller,
    space: SpaceId,
    opens_it: bool,
) -> Result<bool, StoreError> {
    let ground: Option<i64> = sqlx::query_scalar("SELECT ground FROM spaces WHERE space = ?")
        .bind(space.as_bytes().to_vec())
        .fetch_optional(&mut **tx)
        .await?;
    let head = log::head(tx).await?.seq;
    let history = access::load_one(tx, caller.practitioner, head).await?;
    Ok(ground.map_or(opens_it, |ground| {
        history.may(Act::Write, ground, space, head)
    }))
}

/// The device that may have signed, with its key: the one that the signature names, when it is the caller or one whose
/// place the caller took; else the caller.
async fn signing_device(
    tx: &mut Tx,
    caller: &Caller,
    named: DeviceId,
) -> Result<Option<(DeviceId, [u8; 32])>, StoreError> {
    let row: Option<(Vec<u8>, Vec<u8>)> = sqlx::query_as(
        "SELECT d.device, d.public_key FROM devices AS d
         WHERE d.device = ?1
            OR d.device = ?2 AND EXISTS (
              SELECT 1 FROM successions AS s WHERE s.device = ?1 AND s.predecessor = ?2)
         ORDER BY d.device = ?2 DESC LIMIT 1",
    )
    .bind(caller.device.as_bytes().to_vec())
    .bind(named.as_bytes().to_vec())
    .fetch_optional(&mut **tx)
    .await?;
    let Some((device, key)) = row else {
        return Ok(None);
    };
    let device = DeviceId::from_bytes(id16("device", &device)?);
    Ok(Some((device, id32("device", &key)?)))
}

/// How many changes of the document are logged, its snapshot, and the changes that are not projected into it yet.
async fn logged(
    tx: &mut Tx,
    document: DocumentId,
) -> Result<(i64, Option<Vec<u8>>, Vec<Vec<u8>>), StoreError> {
    let id = document.as_bytes().to_vec();
    let changes: i64 = sqlx::query_scalar("SELECT count(*) FROM changes WHERE document = ?")
        .bind(id.clone())
        .fetch_one(&mut **tx)
        .await?;
    let snapshot: Option<Vec<u8>> =
        sqlx::query_scalar("SELECT body FROM snapshots WHERE document = ?")
            .bind(id.clone())
            .fetch_optional(&mut **tx)
            .await?;
    let position: Seq = access::position(tx).await?;
    let bodies: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT body FROM changes WHERE document = ? AND seq > ? ORDER BY seq")
            .bind(id)
            .bind(position)
            .fetch_all(&mut **tx)
            .await?;
    Ok((changes, snapshot, bodies))
}

async fn is_logged(tx: &mut Tx, document: DocumentId, hash: &[u8; 32]) -> Result<bool, StoreError> {
    let found: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM changes WHERE document = ? AND hash = ?")
            .bind(document.as_bytes().to_vec())
            .bind(hash.to_vec())
            .fetch_optional(&mut **tx)
            .await?;
    Ok(found.is_some())
}

async fn is_frozen(tx: &mut Tx, document: DocumentId) -> Result<bool, StoreError> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM signed_texts WHERE document = ?")
        .bind(document.as_bytes().to_vec())
        .fetch_optional(&mut **tx)
        .await?;
    Ok(found.is_some())
}

/// Judges one signature. Never panics.
fn judge(question: &Question) -> Result<(), Refusal> {
    check_signature(question)?;
    if question.is_frozen {
        return Ok(());
    }
    let rendered = guard::guarded(|| rendered(question)).and_then(|rendered| rendered);
    let document = rendered.map_err(|_| {
        Refusal::new(
            Reason::TextDiffers,
            "the document cannot be rendered by this server",
        )
    })?;
    check_heads(question, &document)?;
    check_text(question, &document)
}

/// The signature is the caller's, and over this text and these heads.
fn check_signature(question: &Question) -> Result<(), Refusal> {
    let sign = &question.sign;
    let is_own = sign.signature.signer == question.caller.practitioner
        && sign.signature.device == question.device;
    let hash = Hash32::of(&sign.text);
    if is_own
        && sign
            .signature
            .holds(hash, &sign.heads, &question.public_key)
    {
        Ok(())
    } else {
        Err(Refusal::new(
            Reason::Malformed,
            "the signature is not this device's over this text",
        ))
    }
}

/// The document as the projector would make it: what cannot be applied is left out.
fn rendered(question: &Question) -> Result<Document, GuardError> {
    let mut document = match &question.snapshot {
        Some(snapshot) => guard::load(snapshot, DOCUMENT_BYTES_MAX)?,
        None => Document::empty(),
    };
    for body in &question.bodies {
        let _ = guard::apply(&mut document, body);
    }
    Ok(document)
}

fn check_heads(question: &Question, document: &Document) -> Result<(), Refusal> {
    let heads = &question.sign.heads;
    if !heads.iter().all(|head| document.has_change(&head.0)) {
        return Err(Refusal::new(
            Reason::MissingDeps,
            "it was read from changes that are not here",
        ));
    }
    let now = document.heads();
    if now.len() == heads.len() && now.iter().zip(heads).all(|(now, signed)| *now == signed.0) {
        Ok(())
    } else {
        Err(super::signing::UNSEEN_CHANGES)
    }
}

fn check_text(question: &Question, document: &Document) -> Result<(), Refusal> {
    let differs = |detail| Err(Refusal::new(Reason::TextDiffers, detail));
    let reading = document.reading(&question.templates);
    if !reading.kind.is_signed() {
        let detail = "a card or a planned contact is not signed";
        return Err(Refusal::new(Reason::Malformed, detail));
    }
    match SignedText::new(question.place, &reading) {
        Ok(text) if text.encode() == question.sign.text.as_slice() => Ok(()),
        Ok(_) => differs("the document says something else at these heads"),
        Err(_) => differs("something in the document waits for a choice, or breaks its template"),
    }
}
