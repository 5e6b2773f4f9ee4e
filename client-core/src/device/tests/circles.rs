//! Circles on a device: opened and written in without a network, joined and left, and what becomes of it all when the
//! server says no.

use super::*;
use crate::{
    testing::Fault,
    views::{CircleRow, TimelinePage},
};
use samspor_protocol::{limits, reason::Reason};

/// A practitioner whom everybody knows by name, and whom the model server takes into no circle.
const REFUSED: PractitionerId = PractitionerId::from_bytes([0xee; 16]);

fn server() -> ModelServer {
    let server = ModelServer::new();
    for (n, name) in [(1, "Åse Holm"), (2, "Bo Østergård"), (3, "Ærø Lind")] {
        server.name(practitioner(n), name);
    }
    server.name(REFUSED, "Ukendt");
    server
}

impl Phone {
    async fn open_circle(&self, title: &str, with: &[u8]) -> SpaceId {
        let with = with.iter().map(|n| practitioner(*n)).collect();
        let opened = self.device.open_circle(title, with, Vec::new()).await;
        opened.expect("opens")
    }

    async fn circles(&self) -> Vec<CircleRow> {
        self.device.circles().await.expect("lists")
    }

    async fn reflection(&self, circle: SpaceId, text: &str) -> DocumentId {
        let fields = vec![insert(0, text)];
        let written = self
            .device
            .write(circle, "team_reflection", fields, None)
            .await;
        written.expect("writes")
    }

    async fn written_in(&self, circle: SpaceId) -> Vec<DocumentId> {
        let rows = self.device.written_in(circle, false).await.expect("lists");
        rows.iter().map(|row| row.document).collect()
    }

    async fn reasons(&self) -> Vec<(String, Vec<&'static str>)> {
        let box_ = self.device.not_delivered().await.expect("lists");
        let one = |entry: &crate::views::NotDelivered| {
            let operations = entry.operations.iter().map(|one| one.operation);
            (entry.reason.clone(), operations.collect())
        };
        box_.iter().map(one).collect()
    }
}

fn names(row: &CircleRow) -> Vec<(&str, bool)> {
    let names = row.participants.iter();
    names
        .map(|one| (one.name.as_deref().unwrap_or("?"), one.confirmed))
        .collect()
}

#[tokio::test]
async fn a_circle_is_opened_written_in_and_drafted_for_without_a_network_and_survives_a_restart() {
    let phone = Phone::ready(&server(), 1).await;
    let case = phone.open_case("Freja").await;
    let about = vec![case, case];
    let with = vec![practitioner(2), practitioner(1), practitioner(2)];
    let opened = phone
        .device
        .open_circle("  Overgang til skole  ", with, about)
        .await;
    let circle = opened.expect("opens");
    let text = phone.reflection(circle, "Første ord på Ærø").await;
    let draft = phone
        .device
        .draft(circle, "team_reflection", vec![insert(0, "Kladde")], None)
        .await
        .expect("drafts");
    let published = phone.device.publish(draft).await.expect("publishes");
    let phone = phone.restart().await;
    let rows = phone.circles().await;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].title.as_str(), rows[0].confirmed),
        ("Overgang til skole", false)
    );
    assert_eq!(rows[0].about, [case]);
    assert_eq!(
        names(&rows[0]),
        [("Bo Østergård", false), ("Åse Holm", false)]
    );
    let written = phone.written_in(circle).await;
    assert!(written.contains(&text) && written.contains(&published));
    let timeline = phone.device.timeline(case, TimelinePage::default()).await;
    assert!(timeline.expect("reads").is_empty());

    let report = phone.sync().await;
    assert!(
        report.in_sync && report.all_sent && report.refused == 0,
        "{report:?}"
    );
    let rows = phone.circles().await;
    assert!(rows[0].confirmed);
    assert_eq!(
        names(&rows[0]),
        [("Bo Østergård", true), ("Åse Holm", true)]
    );
    let colleague = Phone::ready(&phone.server, 2).await;
    assert_eq!(colleague.text(text).await, "Første ord på Ærø");
    assert_eq!(colleague.circles().await, rows);
    let outsider = Phone::ready(&phone.server, 3).await;
    assert!(outsider.circles().await.is_empty());
    let unknown = outsider.device.written_in(circle, false).await;
    assert!(matches!(unknown, Err(DeviceError::UnknownCircle)));
    assert!(outsider.device.read(text).await.is_err());
}

#[tokio::test]
async fn what_no_circle_can_be_is_refused_and_nothing_is_kept() {
    let phone = Phone::ready(&server(), 1).await;
    let open = async |title: &str, with: Vec<PractitionerId>, about: Vec<SpaceId>| {
        let opened = phone.device.open_circle(title, with, about).await;
        opened.expect_err("refused")
    };
    let many = limits::CIRCLE_PARTICIPANTS_MAX;
    let people = |count: usize| {
        let one = |n: usize| PractitionerId::from_bytes([u8::try_from(n).expect("few"); 16]);
        (0..count).map(|n| one(n + 100)).collect::<Vec<_>>()
    };
    for title in [
        "",
        "  ",
        "to\nlinjer",
        &"x".repeat(limits::CIRCLE_TITLE_CHARS_MAX + 1),
    ] {
        let error = open(title, vec![practitioner(2)], vec![]).await;
        assert!(
            matches!(error, DeviceError::CircleTitle { .. }),
            "{error:?}"
        );
    }
    let error = open("Kreds", vec![practitioner(9)], vec![]).await;
    assert!(
        matches!(error, DeviceError::UnknownPractitioner),
        "{error:?}"
    );
    let error = open("Kreds", people(many), vec![]).await;
    assert!(
        matches!(error, DeviceError::CircleTooLarge { .. }),
        "{error:?}"
    );
    let nowhere = SpaceId::from_bytes([9; 16]);
    let error = open("Kreds", vec![practitioner(2)], vec![nowhere]).await;
    assert!(matches!(error, DeviceError::UnknownCase), "{error:?}");
    for error in [
        phone.device.join(nowhere, practitioner(2)).await.err(),
        phone.device.leave(nowhere).await.err(),
    ] {
        assert!(
            matches!(error, Some(DeviceError::UnknownCircle)),
            "{error:?}"
        );
    }
    assert!(phone.circles().await.is_empty());
    assert_eq!(phone.waiting().await, 0);
}

#[tokio::test]
async fn a_colleague_is_brought_in_once_and_gets_it_whole() {
    let server = server();
    let phone = Phone::ready(&server, 1).await;
    let later = Phone::ready(&server, 3).await;
    let circle = phone.open_circle("Kreds", &[2]).await;
    let text = phone.reflection(circle, "fra først af").await;
    phone.sync().await;
    later.sync().await;
    assert!(later.circles().await.is_empty());
    assert!(
        phone
            .device
            .join(circle, practitioner(3))
            .await
            .expect("joins")
    );
    assert!(
        !phone
            .device
            .join(circle, practitioner(3))
            .await
            .expect("has joined")
    );
    let rows = phone.circles().await;
    assert_eq!(
        names(&rows[0]),
        [
            ("Bo Østergård", true),
            ("Åse Holm", true),
            ("Ærø Lind", false)
        ]
    );
    assert_eq!(phone.waiting().await, 1);
    server.state().faults.push_back(Fault::LoseAnswer);
    phone.sync().await;
    assert!(
        phone.circles().await[0]
            .participants
            .iter()
            .all(|one| one.confirmed)
    );
    let report = later.sync().await;
    assert!(report.in_sync);
    assert_eq!(later.text(text).await, "fra først af");
    assert_eq!(later.circles().await, phone.circles().await);
}

#[tokio::test]
async fn who_leaves_sends_first_what_they_wrote_and_keeps_nothing() {
    let server = server();
    let phone = Phone::ready(&server, 1).await;
    let colleague = Phone::ready(&server, 2).await;
    let circle = phone.open_circle("Kreds", &[2]).await;
    phone.sync().await;
    colleague.sync().await;
    let last = colleague.reflection(circle, "det sidste, jeg skrev").await;
    colleague.device.leave(circle).await.expect("leaves");
    assert!(
        colleague.circles().await.is_empty(),
        "gone from the lists at once"
    );
    let written = colleague
        .device
        .write(circle, "note", Vec::new(), None)
        .await;
    assert!(matches!(written, Err(DeviceError::UnknownCase)));
    let again = colleague.device.leave(circle).await;
    assert!(matches!(again, Err(DeviceError::UnknownCircle)));
    let report = colleague.sync().await;
    assert!(report.in_sync && report.refused == 0, "{report:?}");
    assert!(colleague.device.read(last).await.is_err());
    phone.sync().await;
    assert_eq!(phone.text(last).await, "det sidste, jeg skrev");
    assert_eq!(names(&phone.circles().await[0]), [("Åse Holm", true)]);
    // Brought in again, it is all there again.
    phone
        .device
        .join(circle, practitioner(2))
        .await
        .expect("joins");
    phone.sync().await;
    colleague.sync().await;
    assert_eq!(colleague.circles().await.len(), 1);
    assert_eq!(colleague.text(last).await, "det sidste, jeg skrev");
}

#[tokio::test]
async fn invariant_09_what_another_device_had_not_sent_when_one_left_is_refused_and_kept() {
    let server = server();
    let phone = Phone::ready(&server, 1).await;
    let circle = phone.open_circle("Kreds", &[2]).await;
    phone.sync().await;
    let tablet = Phone::ready(&server, 1).await;
    let sent = tablet.reflection(circle, "sendt").await;
    tablet.sync().await;
    let unsent = tablet.reflection(circle, "skrevet i bilen på Fanø").await;
    phone.device.leave(circle).await.expect("leaves");
    phone.sync().await;
    let report = tablet.sync().await;
    assert_eq!((report.refused, report.in_sync), (1, true));
    let kept = [(Reason::NoAccess.code().to_owned(), vec!["change"])];
    assert_eq!(tablet.reasons().await, kept);
    let written = tablet.device.export_not_delivered(unsent.0).await;
    assert!(
        written
            .expect("exports")
            .contains("skrevet i bilen på Fanø")
    );
    assert!(tablet.circles().await.is_empty());
    for document in [sent, unsent] {
        assert!(tablet.device.read(document).await.is_err());
    }
}

#[tokio::test]
async fn a_joining_that_is_refused_takes_nothing_along_and_a_circle_that_is_refused_takes_all() {
    let server = server();
    let phone = Phone::ready(&server, 1).await;
    let circle = phone.open_circle("Kreds", &[2]).await;
    assert!(phone.device.join(circle, REFUSED).await.expect("kept"));
    assert!(
        phone
            .device
            .join(circle, practitioner(3))
            .await
            .expect("kept")
    );
    phone.reflection(circle, "bliver stående").await;
    let report = phone.sync().await;
    assert_eq!((report.pushed, report.refused), (3, 1));
    assert_eq!(
        phone.reasons().await,
        [("no_access".to_owned(), vec!["join"])]
    );
    let rows = phone.circles().await;
    assert_eq!(
        rows[0].participants.len(),
        3,
        "whom the server refused is not there"
    );
    phone
        .device
        .discard_not_delivered(circle.0)
        .await
        .expect("given up");

    server.state().refuse = Some(Reason::NoAccess);
    let other = phone.open_circle("Anden kreds", &[2]).await;
    phone
        .device
        .join(other, practitioner(3))
        .await
        .expect("kept");
    phone.reflection(other, "venter med").await;
    phone.sync().await;
    let refused = phone.reasons().await;
    assert_eq!(refused.len(), 2, "{refused:?}");
    assert_eq!(refused[0].1, ["open_circle", "join"]);
    server.state().refuse = None;
    for one in phone.device.not_delivered().await.expect("lists") {
        assert!(one.retryable, "{one:?}");
        phone
            .device
            .retry_not_delivered(one.id)
            .await
            .expect("again");
    }
    assert!(phone.sync().await.in_sync);
    assert!(phone.reasons().await.is_empty());
    assert!(
        phone
            .circles()
            .await
            .iter()
            .all(|row| row.confirmed && row.participants.len() == 3)
    );
}
