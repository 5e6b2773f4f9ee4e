//! `sync --watch`: live until Ctrl-C, SIGTERM or the time given; one line whenever something came or went.

use super::{error::failure, session::Session, sync};
use crate::{exit::Exit, failure::Failure, shutdown, when, words::W};
use samspor_client_core::{Activity, Clock as _, SystemClock};
use serde_json::json;
use std::time::Duration;

/// Watches.
///
/// # Errors
/// What ends a sync for good: a wrong server, a device that is revoked; `refused` when work lies in the
/// not-delivered box at the end.
pub async fn run(session: &Session<'_>, seconds: Option<u64>) -> Result<Exit, Failure> {
    let asked = shutdown::asked()?;
    session.out.note(W::WATCHING, &[]);
    let end = async {
        match seconds {
            Some(seconds) => tokio::select! {
                () = asked => {}
                () = tokio::time::sleep(Duration::from_secs(seconds)) => {}
            },
            None => asked.await,
        }
    };
    let told = tell(session);
    tokio::select! {
        watched = session.device.watch(end) => { watched.map_err(failure)?; }
        () = told => {}
    }
    session.out.note(W::WATCH_STOPPED, &[]);
    sync::left_behind(session).await
}

/// Says each time the device has caught up with something; ends when the reader of standard output is gone.
async fn tell(session: &Session<'_>) {
    let mut activity = session.device.activity();
    let mut told = *activity.borrow_and_update();
    while !session.out.is_closed() && activity.changed().await.is_ok() {
        let now = *activity.borrow_and_update();
        let moved = now.pages > told.pages || now.pushes > told.pushes;
        if moved && now.in_sync > told.in_sync {
            print(session, told, now);
            told = now;
        }
    }
}

fn print(session: &Session<'_>, before: Activity, now: Activity) {
    let (pages, pushes) = (now.pages - before.pages, now.pushes - before.pushes);
    let at = SystemClock.now();
    let json = json!({"at": when::iso_local(at), "pages": pages, "pushes": pushes});
    let (at, pages, pushes) = (
        when::show(session.out.lang, at),
        pages.to_string(),
        pushes.to_string(),
    );
    let places = [("at", at.as_str()), ("pages", &pages), ("pushes", &pushes)];
    session
        .out
        .result(&json, &session.out.say(W::WATCH_NEWS, &places));
}
