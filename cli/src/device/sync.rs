//! `sync`: once, or watching until Ctrl-C.

use super::{error::failure, session::Session};
use crate::{
    args::device::SyncArgs, exit::Exit, failure::Failure, layout, output::Output, words::W,
};
use samspor_client_core::{SyncOptions, SyncReport};
use serde_json::{Value, json};
use std::time::Duration;

/// Sends what waits and fetches what is new.
///
/// # Errors
/// No contact, a server that is not the one of the code, a device that is revoked; `refused` when work lies in
/// the not-delivered box afterwards.
pub async fn run(session: &Session<'_>, args: &SyncArgs) -> Result<Exit, Failure> {
    if session.offline {
        return Err(Failure::new(Exit::NoContact, "offline", W::OFFLINE_ASKED));
    }
    if args.watch {
        return super::watch::run(session, args.seconds).await;
    }
    let options = SyncOptions {
        budget: args.within.map(Duration::from_secs),
        ..SyncOptions::default()
    };
    let report = session.device.sync(options).await.map_err(failure)?;
    let (json, text) = told(session.out, &report);
    session.out.result(&json, &text);
    left_behind(session).await
}

/// Exit 5 as long as anything lies in the not-delivered box: it must not be overlooked.
///
/// # Errors
/// `refused`.
pub async fn left_behind(session: &Session<'_>) -> Result<Exit, Failure> {
    let status = session.device.status().await.map_err(failure)?;
    match status.not_delivered {
        0 => Ok(Exit::Done),
        count => Err(refused(count)),
    }
}

/// The failure of work that was refused.
pub fn refused(count: u64) -> Failure {
    Failure::new(Exit::Refused, "refused", W::REFUSED_WORK).with("count", count.to_string())
}

/// A report as JSON and as text.
pub fn told(out: &Output, report: &SyncReport) -> (Value, String) {
    let json = json!({
        "sent": report.pushed,
        "refused": report.refused,
        "received": report.received,
        "in_sync": report.in_sync,
        "up_to_date": report.up_to_date,
        "all_sent": report.all_sent,
        "repairs": report.repairs,
        "round_trips": report.round_trips,
        "bytes_up": report.bytes_up,
        "bytes_down": report.bytes_down,
        "out_of_time": report.out_of_time,
        "left": report.left,
    });
    let state = match report.left {
        Some(_) => W::SYNC_OUT_OF_TIME,
        None if report.in_sync => W::SYNC_IN_SYNC,
        None => W::SYNC_NOT_YET,
    };
    let mut rows = vec![
        (out.say(W::LABEL_SENT, &[]), report.pushed),
        (out.say(W::LABEL_RECEIVED, &[]), report.received),
        (out.say(W::LABEL_REFUSED, &[]), report.refused),
    ];
    if let Some(left) = report.left {
        rows.push((out.say(W::LABEL_LEFT_TO_SEND, &[]), left.to_send));
        rows.push((out.say(W::LABEL_LEFT_TO_RECEIVE, &[]), left.to_receive));
    }
    let rows: Vec<(&str, String)> = rows
        .iter()
        .map(|(label, count)| (label.as_str(), count.to_string()))
        .collect();
    (
        json,
        format!("{}\n{}", out.say(state, &[]), layout::labelled(&rows)),
    )
}
