//! Deliveries of revoked devices: taken in once, sealed, opened by who may write there, deleted in time.

use super::{rows::OpeningRow, *};
use crate::{
    keys::Keys,
    problem::Failure,
    sync::Caller,
    testing::{NOW, World, bytes16, caller, practitioner, space as case, team},
};
use samspor_documents::{
    id::{DeviceId, PractitionerId, SpaceId},
    time::UnixMillis,
};
use samspor_protocol::{
    circle::OpenCircle,
    fact::Role,
    push::{OpenCase, kind},
    quarantine::{Delivery, Parcel, ParcelItem, Receipt},
    wire,
};
use std::time::Duration;
use tempfile::TempDir;
use uuid::Uuid;

const TEXT: &str = "skrevet uden dækning på Ærø";
const DAY: i64 = 24 * 60 * 60 * 1000;

fn item(kind: u8, body: Vec<u8>) -> ParcelItem {
    ParcelItem {
        document: None,
        kind,
        operation: None,
        body: body.into(),
        refused: None,
        written_at: NOW,
        written: format!("{{\"text\":\"{TEXT}\"}}"),
    }
}

fn delivery(space: SpaceId, items: Vec<ParcelItem>) -> Vec<u8> {
    wire::encode(&Delivery {
        parcels: vec![Parcel { space, items }],
    })
}

fn change() -> Vec<ParcelItem> {
    vec![item(kind::CHANGE, TEXT.as_bytes().to_vec())]
}

/// A device of the first practitioner.
fn device(number: u64) -> Caller {
    Caller {
        device: DeviceId::from_bytes(bytes16(0x77, number)),
        ..caller(1)
    }
}

/// A world with a key store.
struct Kept {
    world: World,
    keys: Keys,
    _folder: TempDir,
}

impl Kept {
    async fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        Self {
            world: World::new().await,
            keys: Keys::open(folder.path(), true).expect("keys"),
            _folder: folder,
        }
    }

    async fn member(&self, who: u64, of: u64, ended: bool) {
        self.world.member(who, of, Role::Practitioner, ended).await;
    }

    async fn hand_over(
        &self,
        from: &Caller,
        body: &[u8],
        now: UnixMillis,
    ) -> Result<Receipt, Failure> {
        let quarantine = Quarantine {
            store: self.world.core.store(),
            keys: &self.keys,
            keep: Duration::from_secs(30 * 24 * 60 * 60),
        };
        receive(&quarantine, from, body, now).await
    }

    async fn rows(&self) -> Vec<ParcelRow> {
        let mut tx = self.world.core.store().read().await.expect("reads");
        list(&mut tx).await.expect("lists")
    }

    async fn open_as(&self, parcel: Uuid, by: PractitionerId) -> Result<OpenedParcel, Refused> {
        let opening = OpeningRow {
            by,
            at: NOW,
            ground: "Sagen overtages".to_owned(),
        };
        open(self.world.core.store(), &self.keys, parcel, opening).await
    }

    /// The only parcel.
    async fn parcel(&self) -> Uuid {
        let rows = self.rows().await;
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows[0].parcel.expect("a parcel")
    }
}

#[tokio::test]
async fn a_delivery_is_taken_in_once_and_the_same_again_is_answered_the_same() {
    let kept = Kept::new().await;
    let from = device(1);
    let body = delivery(case(1), change());
    let first = kept.hand_over(&from, &body, NOW).await.expect("received");
    assert_eq!((first.items, first.received_at), (1, NOW));
    let packed = samspor_protocol::frame::pack(body.clone());
    let again = kept.hand_over(&from, &packed, NOW.plus(DAY)).await;
    assert_eq!(again.expect("the same"), first);
    let other = delivery(case(2), change());
    let refused = kept.hand_over(&from, &other, NOW).await;
    assert!(matches!(refused, Err(Failure::HandedOver)), "{refused:?}");
    let another = kept.hand_over(&device(2), &other, NOW).await;
    assert_eq!(another.expect("another device's").items, 1);
    assert_eq!(kept.rows().await.len(), 2);
    for (name, body) in [("noise", vec![0xff; 40]), ("nothing", Vec::new())] {
        let refused = kept.hand_over(&device(3), &body, NOW).await;
        assert!(
            matches!(refused, Err(Failure::Malformed(_))),
            "{name}: {refused:?}"
        );
    }
    let nothing = wire::encode(&Delivery {
        parcels: Vec::new(),
    });
    let receipt = kept.hand_over(&device(4), &nothing, NOW).await;
    assert_eq!(receipt.expect("nothing is a delivery, too").items, 0);
    let rows = kept.rows().await;
    assert_eq!(rows.iter().filter(|row| row.parcel.is_none()).count(), 1);
}

#[tokio::test]
async fn only_who_may_write_in_the_space_now_opens_it_and_each_opening_is_written_down() {
    let kept = Kept::new().await;
    let (one, two) = (practitioner(1), practitioner(2));
    kept.member(1, 1, false).await;
    kept.member(2, 2, false).await;
    kept.world.open_case(&caller(1), 1, 1).await;
    let body = delivery(case(1), change());
    let received = kept.hand_over(&device(1), &body, NOW).await;
    received.expect("received");
    let parcel = kept.parcel().await;
    let refused = kept.open_as(parcel, two).await;
    assert!(matches!(refused, Err(Refused::NoAccess)), "{refused:?}");
    let unknown = kept.open_as(Uuid::nil(), one).await;
    assert!(matches!(unknown, Err(Refused::Unknown)), "{unknown:?}");
    assert_eq!(kept.rows().await[0].openings, []);
    let opened = kept.open_as(parcel, one).await.expect("a writer");
    assert_eq!(opened.items, change());
    assert_eq!((opened.space, opened.practitioner), (case(1), one));
    let openings = kept.rows().await.remove(0).openings;
    assert_eq!(openings.len(), 1);
    assert_eq!(
        (openings[0].by, openings[0].ground.as_str()),
        (one, "Sagen overtages")
    );
    kept.member(1, 1, true).await;
    let refused = kept.open_as(parcel, one).await;
    assert!(
        matches!(refused, Err(Refused::NoAccess)),
        "no more: {refused:?}"
    );
}

#[tokio::test]
async fn a_case_or_circle_that_was_never_delivered_is_opened_by_whom_its_opening_names() {
    let kept = Kept::new().await;
    kept.member(1, 1, false).await;
    kept.member(2, 2, false).await;
    kept.member(3, 1, false).await;
    let opens = OpenCase {
        team: team(1),
        opened_at: NOW,
    };
    let circle = OpenCircle {
        title: "Overgang".to_owned(),
        participants: vec![practitioner(2)],
        about: Vec::new(),
        opened_at: NOW,
    };
    for (number, kind, body, may) in [
        (
            1,
            kind::OPEN_CASE,
            wire::encode(&opens),
            [true, false, true],
        ),
        (
            2,
            kind::OPEN_CIRCLE,
            wire::encode(&circle),
            [true, true, false],
        ),
        (3, kind::CHANGE, Vec::new(), [false, false, false]),
    ] {
        let items = [vec![item(kind, body)], change()].concat();
        let body = delivery(case(80 + number), items);
        let from = device(number);
        kept.hand_over(&from, &body, NOW).await.expect("received");
        let rows = kept.rows().await;
        let row = rows.iter().find(|row| row.device == from.device);
        let parcel = row.and_then(|row| row.parcel).expect("its parcel");
        for (who, expected) in [1, 2, 3].into_iter().zip(may) {
            let opened = kept.open_as(parcel, practitioner(who)).await;
            assert_eq!(opened.is_ok(), expected, "{number} by {who}");
        }
    }
}

#[tokio::test]
async fn what_is_kept_is_sealed_and_is_deleted_after_its_time_with_a_row_that_says_so() {
    let kept = Kept::new().await;
    kept.member(1, 1, false).await;
    kept.world.open_case(&caller(1), 1, 1).await;
    let body = delivery(case(1), change());
    let received = kept.hand_over(&device(1), &body, NOW).await;
    received.expect("received");
    let parcel = kept.parcel().await;
    let store = kept.world.core.store();
    assert_eq!(
        expire(store, NOW.plus(30 * DAY - 1)).await.expect("looks"),
        0
    );
    assert!(kept.open_as(parcel, practitioner(1)).await.is_ok());
    let end = NOW.plus(30 * DAY);
    assert_eq!(expire(store, end).await.expect("deletes"), 1);
    assert_eq!(expire(store, end).await.expect("once"), 0);
    let gone = kept.open_as(parcel, practitioner(1)).await;
    assert!(matches!(gone, Err(Refused::Expired)), "{gone:?}");
    let row = kept.rows().await.remove(0);
    assert_eq!((row.expired_at, row.items), (Some(end), 1));
    assert_eq!(row.openings.len(), 1, "who opened it stays known");
    let again = kept.hand_over(&device(1), &body, end).await;
    assert_eq!(again.expect("the same").received_at, NOW);
    for file in std::fs::read_dir(kept.world.folder.path()).expect("reads") {
        let bytes = std::fs::read(file.expect("a file").path()).unwrap_or_default();
        let found = bytes
            .windows(20)
            .any(|window| window == &TEXT.as_bytes()[..20]);
        assert!(!found, "nothing readable stands at rest");
    }
}
