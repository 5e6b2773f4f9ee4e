//! `/api/v1/changes`: tells a page that what it shows may have changed, as server-sent events.
//!
//! An event carries the log's position and nothing else: the page asks for itself again, with all its checks. Told is
//! only what moved in the reader's own scope; the stream ends with the session.

use super::{cookies, session, session::Session, sign_in::signed_in};
use crate::{
    access::{self, History},
    app::App,
    clock,
    log::Seq,
    problem::Failure,
    projector::Heads,
};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{
        IntoResponse as _, Response,
        sse::{Event, Sse},
    },
};
use futures_util::{Stream, stream};
use samspor_documents::id::PractitionerId;
use std::{collections::BTreeSet, convert::Infallible, sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, watch};

/// Streams that may be open at once; a page without one only does not update itself.
pub const STREAMS_MAX: usize = 2_000;
/// How often a quiet stream says that it is alive and looks whether its session is.
const QUIET: Duration = Duration::from_secs(15);

struct Watcher {
    app: Arc<App>,
    session: Session,
    token: String,
    heads: watch::Receiver<Arc<Heads>>,
    history: History,
    /// The grounds that are open to the reader, and the membership or share that made them so.
    scope: BTreeSet<i64>,
    scope_moved: Seq,
    /// The newest membership or share that `history` knows of.
    grants: Seq,
    /// The newest entry in the reader's scope that was told of.
    told: Seq,
    _permit: OwnedSemaphorePermit,
}

async fn history(app: &App, practitioner: PractitionerId) -> Result<History, Failure> {
    let mut tx = app.store.read().await?;
    let position = access::position(&mut tx).await?;
    Ok(access::load_one(&mut tx, practitioner, position).await?)
}

impl Watcher {
    /// The newest entry that moved something in the reader's scope, or the scope itself.
    async fn newest(&mut self) -> Result<Seq, Failure> {
        let heads = Arc::clone(&self.heads.borrow_and_update());
        let grants = heads.grants.max(heads.shares);
        if grants > self.grants {
            self.history = history(&self.app, self.session.practitioner).await?;
            let open = self.history.at(heads.position);
            let scope = open.map(|standing| standing.ground.ground).collect();
            // A membership of somebody else moves nothing here.
            if scope != self.scope {
                self.scope = scope;
                self.scope_moved = grants;
            }
            self.grants = grants;
        }
        let moved = heads.newest(self.scope.iter().copied());
        Ok(moved.max(self.scope_moved))
    }

    async fn is_signed_in(&self) -> bool {
        let (store, keys) = (&self.app.store, &self.app.keys);
        let found = session::find(store, keys, &self.token, clock::now()).await;
        matches!(found, Ok(Some(_)))
    }

    /// The next event; none when the stream is to end.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let changed = tokio::select! {
                changed = self.heads.changed() => changed.is_ok(),
                () = tokio::time::sleep(QUIET) => {
                    return self.is_signed_in().await.then(|| Event::default().comment(""));
                }
                () = self.app.stopping.cancelled() => false,
            };
            if !changed {
                return None;
            }
            let newest = self.newest().await.ok()?;
            if newest > self.told {
                self.told = newest;
                let event = Event::default().event("changed").data(newest.0.to_string());
                return self.is_signed_in().await.then_some(event);
            }
        }
    }
}

fn events(watcher: Watcher) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(watcher, async |mut watcher| {
        let event = watcher.next().await?;
        Some((Ok(event), watcher))
    })
}

/// `GET /api/v1/changes`: an event `changed` whenever something in the reader's scope did.
///
/// # Errors
/// `Unauthenticated` without a session; `Unavailable` when too many streams are open.
pub async fn changes(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Failure> {
    let session = signed_in(&app, &headers).await?;
    let token = cookies::get(&headers, cookies::SESSION).unwrap_or_default();
    let permit = Arc::clone(&app.streams).try_acquire_owned();
    let permit = permit.map_err(|_| Failure::Unavailable(None))?;
    let history = history(&app, session.practitioner).await?;
    let mut watcher = Watcher {
        heads: app.core.heads(),
        token: token.to_owned(),
        session,
        history,
        scope: BTreeSet::new(),
        scope_moved: Seq::ZERO,
        grants: Seq::ZERO,
        told: Seq::ZERO,
        _permit: permit,
        app,
    };
    watcher.told = watcher.newest().await?;
    // The page compares it with what it was rendered at: what changed in between is told at once.
    let first = Event::default()
        .event("at")
        .data(watcher.told.0.to_string());
    let begin = stream::iter([Ok::<_, Infallible>(first)]);
    let all = futures_util::StreamExt::chain(begin, events(watcher));
    let mut response = Sse::new(all).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}
