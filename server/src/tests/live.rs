//! Pages that keep themselves fresh, and what a stopping server does to who waits.

use super::{
    pages::{Story, Writer, story},
    *,
};
use std::time::Duration;

/// Reads a stream of events until one of this name.
async fn event(response: &mut reqwest::Response, name: &str) -> String {
    let mut text = String::new();
    let wanted = format!("event: {name}\n");
    let read = async {
        while let Some(chunk) = response.chunk().await.expect("a stream") {
            text.push_str(std::str::from_utf8(&chunk).expect("text"));
            if text.contains(&wanted) {
                return;
            }
        }
        panic!("the stream ended: {text}");
    };
    tokio::time::timeout(Duration::from_secs(20), read)
        .await
        .expect("an event");
    text
}

#[tokio::test]
async fn a_page_is_told_of_what_moves_in_its_own_scope_only() {
    let Story {
        world,
        case,
        session,
        mut mette,
        ..
    } = story().await;
    let kind = TeamKind::Ppr;
    let other = world.admin.add_team("PPR", kind).await.expect("a team");
    let mut jonas = Writer::of(&world, 9, "Jonas Bech", other).await;
    world.projected().await;
    let request = world.request(Method::GET, "/api/v1/changes");
    let mut stream = request
        .header("cookie", &session)
        .send()
        .await
        .expect("a stream");
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    event(&mut stream, "at").await;

    let card = [("name", "Oskar"), ("kind", "child")];
    jonas.open_case(&world, other, &card).await;
    let head = world.projected().await;
    let note = [("subject_line", "Nyt")];
    mette
        .write(&world, case, "note", crate::clock::now(), &note)
        .await;
    let text = event(&mut stream, "changed").await;
    assert_eq!(text.matches("event: changed").count(), 1, "{text}");
    let told = text.split("data: ").nth(1).expect("a position");
    let told: i64 = told
        .lines()
        .next()
        .expect("a line")
        .parse()
        .expect("a number");
    assert!(
        told > head,
        "told of the other team's case: {told} after {head}"
    );
    world.stop().await;
}

#[tokio::test]
async fn a_stopping_server_ends_parked_polls_and_streams() {
    let Story {
        world,
        session,
        mette,
        ..
    } = story().await;
    let request = world.request(Method::GET, "/api/v1/changes");
    let mut stream = request
        .header("cookie", &session)
        .send()
        .await
        .expect("a stream");
    event(&mut stream, "at").await;
    let feed = samspor_protocol::feed::FeedRequest {
        cursor: None,
        wait_millis: 25_000,
        bytes_max: 1_000_000,
        tells: None,
    };
    let first = mette
        .device
        .post(&world, "/v1/feed", wire::encode(&feed))
        .await;
    let page = samspor_protocol::frame::decode_page(&first.body).expect("a page");
    let parked = samspor_protocol::feed::FeedRequest {
        cursor: Some(page.end.cursor.into()),
        ..feed
    };
    let body = wire::encode(&parked);
    let token = mette.device.token(crate::clock::now(), "/v1/feed", &body);
    let poll = world.post("/v1/feed", body).bearer_auth(token);
    let poll = tokio::spawn(async move { poll.send().await.map(|answer| answer.status()) });
    world.stop().await;
    let answered = poll.await.expect("joins");
    assert!(answered.is_ok_and(|status| status == StatusCode::OK));
    while let Ok(Some(_)) = stream.chunk().await {}
}
