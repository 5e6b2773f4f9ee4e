//! Opening one parcel: for who may write in its space now, on a ground that is written down before anything is shown.
//!
//! A case or circle that the device opened and never delivered is known from its parcel only: then its team's members
//! whose role opens cases may open it, or those whom the circle names.

use super::{
    rows::{self, OpeningRow},
    seal,
};
use crate::{
    access::{self, History},
    keys::Keys,
    log,
    store::{Store, StoreError, Tx},
};
use samspor_documents::{
    id::{DeviceId, PractitionerId, SpaceId},
    permission::Act,
    time::UnixMillis,
};
use samspor_protocol::{
    circle::OpenCircle,
    push::{OpenCase, kind},
    quarantine::{Parcel, ParcelItem},
    wire,
};
use uuid::Uuid;

/// A parcel that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedParcel {
    /// The revoked device.
    pub device: DeviceId,
    /// Whose device it was: who wrote what is in it.
    pub practitioner: PractitionerId,
    /// The space.
    pub space: SpaceId,
    /// When it was handed over.
    pub received_at: UnixMillis,
    /// When it was opened.
    pub opened_at: UnixMillis,
    /// What is in it.
    pub items: Vec<ParcelItem>,
}

/// Why a parcel was not opened. Nothing was shown, and nothing written down.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// There is no such parcel.
    #[error("there is no parcel with this id in quarantine")]
    Unknown,
    /// It was deleted after its time.
    #[error("the parcel was deleted when its time was over")]
    Expired,
    /// Who wants to open it may not write in its space.
    #[error("only who may write in the space now may open what was handed over of it")]
    NoAccess,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Opens a parcel by, and for, this practitioner.
///
/// # Errors
/// See [`Refused`].
pub(crate) async fn open(
    store: &Store,
    keys: &Keys,
    parcel: Uuid,
    opening: OpeningRow,
) -> Result<OpenedParcel, Refused> {
    let mut tx = store.write().await?;
    let kept = rows::kept(&mut tx, parcel).await?.ok_or(Refused::Unknown)?;
    let sealed = kept.sealed.ok_or(Refused::Expired)?;
    let plain = seal::open(keys, kept.label, &sealed)?;
    let damaged = |_| StoreError::Damaged {
        what: "parcel in quarantine",
    };
    let content: Parcel = wire::decode("parcel", &plain).map_err(damaged)?;
    if !may_open(&mut tx, opening.by, kept.practitioner, &content).await? {
        return Err(Refused::NoAccess);
    }
    rows::insert_opening(&mut tx, parcel, &opening).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(OpenedParcel {
        device: kept.label.device,
        practitioner: kept.practitioner,
        space: content.space,
        received_at: kept.received_at,
        opened_at: opening.at,
        items: content.items,
    })
}

async fn may_open(
    tx: &mut Tx,
    by: PractitionerId,
    writer: PractitionerId,
    parcel: &Parcel,
) -> Result<bool, StoreError> {
    let head = log::head(tx).await?.seq;
    let mut histories = access::load(tx, &[by, writer], head).await?;
    let wrote = histories.get(&writer).cloned().unwrap_or_default();
    let history = histories.remove(&by).unwrap_or_default();
    let ground: Option<i64> =
        sqlx::query_scalar("SELECT ground FROM spaces WHERE space = ? AND NOT told_only")
            .bind(parcel.space.as_bytes().to_vec())
            .fetch_optional(&mut **tx)
            .await?;
    Ok(match ground {
        Some(ground) => history.may(Act::Write, ground, parcel.space, head),
        None => {
            let who = (by, writer);
            let opens = |item| would_open(item, who, (&history, &wrote), head);
            parcel.items.iter().any(opens)
        }
    })
}

/// Whether this item would have opened the space to `by`. A case of a team whose caseload is by assignment would have been
/// its writer's; where they have left the team, somebody else of it takes it over, for it is left with nobody.
fn would_open(
    item: &ParcelItem,
    (by, writer): (PractitionerId, PractitionerId),
    (history, wrote): (&History, &History),
    head: log::Seq,
) -> bool {
    match item.kind {
        kind::OPEN_CASE => wire::decode::<OpenCase>("case opening", &item.body).is_ok_and(|open| {
            let is_left = || by == writer || wrote.cases_of(open.team, head).is_none();
            let cases = history.cases_of(open.team, head);
            cases.is_some_and(|cases| !history.is_by_assignment(cases, head) || is_left())
        }),
        kind::OPEN_CIRCLE => OpenCircle::from_body(&item.body)
            .is_ok_and(|open| open.all_participants(writer).contains(&by)),
        _ => false,
    }
}
