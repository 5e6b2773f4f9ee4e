//! Requests that no device sends: each is answered as a whole, by a code and a sentence.

use crate::Visit;
use anyhow::{Context as _, Result, ensure};
use ed25519_dalek::SigningKey;
use reqwest::StatusCode;
use samspor_documents::id::DeviceId;
use samspor_protocol::{
    feed::FeedRequest,
    limits,
    problem::code,
    push::PushRequest,
    version::path::{FEED, PUSH},
    wire,
};
use samspor_tests::hand_made::{Said, now, random};
use tokio::io::AsyncWriteExt as _;

fn empty_push() -> Vec<u8> {
    wire::encode(&PushRequest { groups: vec![] })
}

fn cold_feed() -> Vec<u8> {
    wire::encode(&FeedRequest {
        cursor: None,
        wait_millis: 0,
        bytes_max: 1024,
        tells: None,
    })
}

/// The answer is this problem, and says what to do; others go on.
async fn is_problem(visit: &Visit, said: &Said, status: StatusCode, code: &str) -> Result<()> {
    let problem = said.problem()?;
    ensure!(
        (said.status, problem.code.as_str()) == (status, code),
        "{} {problem:?}",
        said.status
    );
    ensure!(
        !problem.detail.is_empty() && !problem.request_id.is_empty(),
        "{problem:?}"
    );
    visit.others_are_served().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_replayed_to_another_path_is_refused() {
    let visit = Visit::begin().await.unwrap();
    let device = visit.hand_made().await.unwrap();
    let mut draft = device.draft(FEED, cold_feed());
    draft.path_signed = PUSH.to_owned();
    let said = device.send(draft).await.unwrap();
    let status = StatusCode::UNAUTHORIZED;
    is_problem(&visit, &said, status, code::UNAUTHENTICATED)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_with_another_body_is_refused() {
    let visit = Visit::begin().await.unwrap();
    let device = visit.hand_made().await.unwrap();
    let token = device.token(&device.draft(PUSH, empty_push()));
    let mut draft = device.draft(PUSH, empty_push());
    draft.body.push(0);
    let said = device.send_with(draft, &token).await.unwrap();
    let status = StatusCode::UNAUTHORIZED;
    is_problem(&visit, &said, status, code::UNAUTHENTICATED)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_token_is_refused() {
    let visit = Visit::begin().await.unwrap();
    let mut device = visit.hand_made().await.unwrap();
    let own = device.key.clone();
    let cases = [
        (
            "another's key",
            SigningKey::from_bytes(&random().unwrap()),
            device.speaker.device,
        ),
        (
            "a device nobody enrolled",
            own,
            DeviceId::make(now(), random().unwrap()),
        ),
    ];
    for (name, key, id) in cases {
        device.key = key;
        device.speaker.device = id;
        let said = device.send(device.draft(PUSH, empty_push())).await.unwrap();
        let outcome = is_problem(
            &visit,
            &said,
            StatusCode::UNAUTHORIZED,
            code::UNAUTHENTICATED,
        );
        outcome.await.context(name).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_another_time_is_refused_with_the_servers_time() {
    let visit = Visit::begin().await.unwrap();
    let device = visit.hand_made().await.unwrap();
    let mut draft = device.draft(PUSH, empty_push());
    draft.at = now().plus(-10 * 60 * 1000);
    let said = device.send(draft).await.unwrap();
    let status = StatusCode::UNAUTHORIZED;
    is_problem(&visit, &said, status, code::CLOCK)
        .await
        .unwrap();
    let server_time = said.problem().unwrap().server_time.unwrap();
    assert!((now().0 - server_time).abs() < 60_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_oversized_body_is_refused_without_being_read() {
    let visit = Visit::begin().await.unwrap();
    let device = visit.hand_made().await.unwrap();
    for (path, bytes_max) in [
        (PUSH, limits::PUSH_BYTES_MAX),
        (FEED, limits::REQUEST_BYTES_MAX),
    ] {
        let said = device
            .send(device.draft(path, vec![0; bytes_max + 1]))
            .await
            .unwrap();
        let outcome = is_problem(
            &visit,
            &said,
            StatusCode::PAYLOAD_TOO_LARGE,
            code::TOO_LARGE,
        );
        outcome.await.context(path).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_truncated_body_is_refused_wherever_it_is_cut() {
    let visit = Visit::begin().await.unwrap();
    let device = visit.hand_made().await.unwrap();
    for (path, body) in [(PUSH, empty_push()), (FEED, cold_feed())] {
        for end in 0..body.len() {
            let cut = body[..end].to_vec();
            let said = device.send(device.draft(path, cut)).await.unwrap();
            assert_eq!(
                said.problem().unwrap().code,
                code::MALFORMED,
                "{path} cut at {end}"
            );
        }
        let said = device
            .send(device.draft(path, vec![0xff; 40]))
            .await
            .unwrap();
        let outcome = is_problem(&visit, &said, StatusCode::BAD_REQUEST, code::MALFORMED);
        outcome.await.context(path).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_dies_amid_its_body_harms_nobody() {
    let visit = Visit::begin().await.unwrap();
    let device = visit.hand_made().await.unwrap();
    visit.world.relay.cut_after(3_000);
    let cut = device.send(device.draft(PUSH, vec![0; 100_000])).await;
    assert!(cut.is_err(), "{cut:?}");
    visit.world.relay.cut_after(0);
    // Not even TLS: noise, and then nothing.
    let mut noise = tokio::net::TcpStream::connect(visit.world.address())
        .await
        .unwrap();
    noise
        .write_all(&[0x16, 3, 1, 0xff, 0xff, 0, 0])
        .await
        .unwrap();
    drop(noise);
    visit.others_are_served().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_protocol_version_that_is_not_spoken_here_is_told_the_range() {
    let visit = Visit::begin().await.unwrap();
    let device = visit.hand_made().await.unwrap();
    for version in ["0", "99", "one", ""] {
        let mut draft = device.draft(PUSH, empty_push());
        draft.version = version.to_owned();
        let said = device.send(draft).await.unwrap();
        assert_eq!(said.version.as_deref(), Some("1-1"), "asked in {version:?}");
        let outcome = is_problem(&visit, &said, StatusCode::UPGRADE_REQUIRED, code::VERSION);
        outcome.await.context(version).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_the_server_did_not_make_is_no_way_in() {
    let visit = Visit::begin().await.unwrap();
    let stranger = visit.world.practitioner("Erik Vang", &[]).await.unwrap();
    let device = visit.world.hand_made(stranger).await.unwrap();
    for cursor in [vec![], vec![0; 16], vec![0xff; 200]] {
        let body = wire::encode(&FeedRequest {
            cursor: Some(cursor.into()),
            wait_millis: 0,
            bytes_max: 1 << 20,
            tells: None,
        });
        let said = device.send(device.draft(FEED, body)).await.unwrap();
        if said.status.is_success() {
            let page = samspor_protocol::frame::decode_page(&said.body).unwrap();
            assert!(page.documents.is_empty(), "a stranger was fed");
        } else {
            assert_eq!(said.problem().unwrap().code, code::MALFORMED);
        }
    }
    visit.others_are_served().await.unwrap();
}
