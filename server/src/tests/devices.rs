//! The devices' routes: enrolment, tokens, versions, bodies.

use super::*;
use samspor_protocol::{
    certificate::DeviceCertificate,
    feed::FeedRequest,
    frame, limits,
    problem::code,
    push::{PushRequest, PushResponse},
};

const SIGNED: [&str; 3] = ["/v1/push", "/v1/feed", "/v1/repair"];

fn empty_push() -> Vec<u8> {
    wire::encode(&PushRequest { groups: Vec::new() })
}

#[tokio::test]
async fn a_device_enrols_once_and_the_same_request_gets_the_same_answer() {
    let world = World::new().await;
    let request = TestDevice::request(7, world.code().await);
    let body = wire::encode(&request);
    let first = world.send(world.post("/v1/enrol", body.clone())).await;
    let again = world.send(world.post("/v1/enrol", body)).await;
    assert_eq!(
        (first.status, again.status),
        (StatusCode::OK, StatusCode::OK)
    );
    let read = |answer: &Answered| -> EnrolResponse {
        wire::decode("response", &answer.body).expect("reads")
    };
    let (first, again) = (read(&first), read(&again));
    assert_eq!(first.certificate, again.certificate);
    assert_eq!(first.practitioner, world.practitioner);
    let key = world.server.organisation_key();
    assert!(DeviceCertificate::is_signed_by(&first.certificate, &key));
    assert_eq!(world.admin.devices().await.expect("lists").len(), 1);
    world.stop().await;
}

#[tokio::test]
async fn whatever_is_wrong_with_a_code_the_answer_is_the_same() {
    let world = World::new().await;
    let used = world.code().await;
    let used_text = used.to_text();
    let body = wire::encode(&TestDevice::request(7, used));
    let enrolled = world.send(world.post("/v1/enrol", body)).await;
    assert_eq!(enrolled.status, StatusCode::OK);

    let mut unknown = world.code().await;
    unknown.secret.0 = [0; 16];
    let mut unproven = TestDevice::request(9, world.code().await);
    unproven.proof = [1; 64];
    let used = EnrolmentCode::from_text(&used_text).expect("reads");
    let rows = [
        ("unknown", TestDevice::request(8, unknown)),
        ("used by another", TestDevice::request(8, used)),
        (
            "a taken device id",
            TestDevice::request(7, world.code().await),
        ),
        ("without the key", unproven),
    ];
    let mut bodies = Vec::new();
    for (name, request) in rows {
        let answer = world
            .send(world.post("/v1/enrol", wire::encode(&request)))
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}");
        let mut problem = answer.problem();
        assert_eq!(problem.request_id.len(), 32);
        problem.request_id.clear();
        bodies.push(problem);
    }
    assert!(
        bodies
            .iter()
            .all(|body| body.code == code::BAD_CODE && *body == bodies[0])
    );
    world.stop().await;
}

#[tokio::test]
async fn after_five_failed_attempts_a_code_is_dead() {
    let world = World::new().await;
    let code = world.code().await.to_text();
    let code = || EnrolmentCode::from_text(&code).expect("reads");
    for _ in 0..limits::ENROLMENT_TRIES_MAX {
        let mut request = TestDevice::request(7, code());
        request.proof = [1; 64];
        let answer = world
            .send(world.post("/v1/enrol", wire::encode(&request)))
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    let right = wire::encode(&TestDevice::request(7, code()));
    let answer = world.send(world.post("/v1/enrol", right)).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    world.stop().await;
}

/// Tokens that hold for no request of the device `7` to this path with this body, and what is answered.
fn wrong_tokens(
    world: &World,
    path: &str,
    body: &[u8],
) -> Vec<(&'static str, String, &'static str)> {
    let now = crate::clock::now();
    let organisation = world.server.organisation();
    let device = TestDevice::with(7, organisation);
    let stranger = TestDevice::with(8, organisation);
    let elsewhere = TestDevice::with(7, OrganisationId::from_bytes([9; 16]));
    let mut copied = TestDevice::with(7, organisation);
    copied.speaker.install = [9; 16];
    let mut impostor = TestDevice::with(7, organisation);
    impostor.key = SigningKey::from_bytes(&[9; 32]);
    let (no, clock) = (code::UNAUTHENTICATED, code::CLOCK);
    vec![
        ("none", String::new(), no),
        ("not a token", "x.y.z".to_owned(), no),
        ("unknown device", stranger.token(now, path, body), no),
        ("another key", impostor.token(now, path, body), no),
        ("another organisation", elsewhere.token(now, path, body), no),
        (
            "a copied store",
            copied.token(now, path, body),
            code::OTHER_INSTALLATION,
        ),
        ("for another path", device.token(now, "/v1/else", body), no),
        ("for another body", device.token(now, path, b"else"), no),
        (
            "expired",
            device.token(now.plus(-180_000), path, body),
            clock,
        ),
        (
            "from the future",
            device.token(now.plus(180_000), path, body),
            clock,
        ),
    ]
}

#[tokio::test]
async fn every_signed_route_refuses_a_token_that_is_not_for_it() {
    let world = World::new().await;
    TestDevice::enrolled(&world, 7).await;
    let body = empty_push();
    for path in SIGNED {
        for (name, token, expected) in wrong_tokens(&world, path, &body) {
            let mut request = world.post(path, body.clone());
            if !token.is_empty() {
                request = request.bearer_auth(token);
            }
            let answer = world.send(request).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}: {name}");
            let problem = answer.problem();
            assert_eq!(problem.code, expected, "{path}: {name}");
            assert_eq!(problem.server_time.is_some(), expected == code::CLOCK);
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn a_token_may_be_used_twice_for_the_same_request() {
    let world = World::new().await;
    let device = TestDevice::enrolled(&world, 7).await;
    let body = empty_push();
    let token = device.token(crate::clock::now(), "/v1/push", &body);
    for _ in 0..2 {
        let request = world.post("/v1/push", body.clone()).bearer_auth(&token);
        let answer = world.send(request).await;
        assert_eq!(answer.status, StatusCode::OK);
        let response: PushResponse = wire::decode("response", &answer.body).expect("reads");
        assert!(response.groups.is_empty());
    }
    world.stop().await;
}

#[tokio::test]
async fn a_version_that_is_not_spoken_is_told_the_range() {
    let world = World::new().await;
    for asked in [None, Some("2"), Some("0"), Some("one"), Some("")] {
        for path in ["/v1/enrol", "/v1/push", "/v1/feed", "/v1/repair"] {
            let mut request = world.request(Method::POST, path);
            if let Some(asked) = asked {
                request = request.header(version::HEADER, asked);
            }
            let answer = world.send(request).await;
            assert_eq!(
                answer.status,
                StatusCode::UPGRADE_REQUIRED,
                "{path} {asked:?}"
            );
            assert_eq!(answer.headers[version::HEADER], "1-1");
            assert_eq!(answer.problem().code, code::VERSION);
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn a_body_over_its_limit_is_refused_before_it_is_read() {
    let world = World::new().await;
    let rows = [
        ("/v1/enrol", limits::REQUEST_BYTES_MAX),
        ("/v1/feed", limits::REQUEST_BYTES_MAX),
        ("/v1/repair", limits::REQUEST_BYTES_MAX),
        ("/v1/push", limits::PUSH_BYTES_MAX),
    ];
    for (path, limit) in rows {
        let answer = world.send(world.post(path, vec![0; limit + 1])).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert_eq!(answer.problem().code, code::TOO_LARGE, "{path}");
    }
    world.stop().await;
}

#[tokio::test]
async fn what_is_not_cbor_of_the_protocol_is_malformed() {
    let world = World::new().await;
    let device = TestDevice::enrolled(&world, 7).await;
    let enrol = world
        .send(world.post("/v1/enrol", b"\xff\xff".to_vec()))
        .await;
    assert_eq!(enrol.problem().code, code::MALFORMED);
    for path in SIGNED {
        for body in [b"".to_vec(), b"\xff".to_vec(), vec![0x9f; 1000]] {
            let answer = device.post(&world, path, body).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
            assert_eq!(answer.problem().code, code::MALFORMED, "{path}");
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn an_unknown_path_and_a_wrong_method_are_problems_too() {
    let world = World::new().await;
    let unknown = world.send(world.post("/v1/else", Vec::new())).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(unknown.problem().code, code::NOT_FOUND);
    let method = world.send(world.request(Method::GET, "/v1/push")).await;
    assert_eq!(method.status, StatusCode::METHOD_NOT_ALLOWED);
    let data = world.send(world.request(Method::GET, "/api/v1/else")).await;
    assert_eq!(data.headers["content-type"], "application/problem+json");
    let json: serde_json::Value = serde_json::from_slice(&data.body).expect("json");
    assert_eq!(json["code"], code::NOT_FOUND);
    assert_eq!(json["status"], 404);
    world.stop().await;
}

#[tokio::test]
async fn a_revoked_device_is_refused_once_the_server_has_looked() {
    let world = World::new().await;
    let device = TestDevice::enrolled(&world, 7).await;
    let answer = device.post(&world, "/v1/push", empty_push()).await;
    assert_eq!(answer.status, StatusCode::OK);
    let id = device.speaker.device;
    world.admin.revoke_device(id).await.expect("revokes");
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(10);
    loop {
        let answer = device.post(&world, "/v1/push", empty_push()).await;
        if answer.status == StatusCode::UNAUTHORIZED {
            assert_eq!(answer.problem().code, code::REVOKED);
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "never refused");
    }
    let late = device.token(
        crate::clock::now().plus(-180_000),
        "/v1/push",
        &empty_push(),
    );
    let request = world.post("/v1/push", empty_push()).bearer_auth(late);
    assert_eq!(world.send(request).await.problem().code, code::REVOKED);
    world.stop().await;
}

#[tokio::test]
async fn each_page_tells_how_long_a_device_may_be_out_of_contact() {
    let world = World::new().await;
    let device = TestDevice::enrolled(&world, 7).await;
    let body = wire::encode(&FeedRequest {
        cursor: None,
        wait_millis: 0,
        bytes_max: 100_000,
        tells: None,
    });
    let answer = device.post(&world, "/v1/feed", body).await;
    let page = frame::decode_page(&answer.body).expect("a page");
    let lease = settings(&world.folder).lease.as_millis();
    let told = page.end.lease_millis.map(i128::from);
    assert_eq!(told, Some(i128::try_from(lease).expect("small")));
    world.stop().await;
}
