//! `/shared`: the single documents that somebody shared with the reader or with one of their teams, each with who shared
//! it, what for and until when. Nothing else of the child's record is on the page.

use super::{
    child::source,
    language::Wishes,
    respond::{self, Frame},
    sign_in::signed_in,
    view::{EntryView, Reader, Shown, TeamView, TimeView, days},
};
use crate::{
    app::App,
    clock,
    problem::Failure,
    timeline::{self, SharedAlone},
};
use askama::Template;
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use samspor_protocol::share::{Recipient, Shared};
use serde::Deserialize;
use std::sync::Arc;

/// What of it is asked for.
#[derive(Debug, Deserialize)]
pub struct SharedQuery {
    /// Whether restricted documents are shown, too.
    restricted: Option<String>,
}

/// One share that opens a document.
struct ShareView {
    about: String,
    by: String,
    at: TimeView,
    /// The reader's team that it is shared with; none when it is with them in person.
    to: Option<TeamView>,
    purpose: String,
    until: Option<TimeView>,
}

/// One document on the page.
struct SharedView {
    shares: Vec<ShareView>,
    entry: EntryView,
}

#[derive(Template)]
#[template(path = "shared.html")]
struct SharedTemplate {
    frame: Frame,
    shared: Vec<SharedView>,
    /// How many documents and additions are restricted.
    restricted: usize,
    /// Whether they are shown.
    restricted_shown: bool,
}

fn share(reader: &Reader<'_>, shared: Shared) -> ShareView {
    let terms = shared.terms;
    ShareView {
        about: terms.about,
        by: reader.person(shared.by),
        at: reader.recent(terms.shared_at),
        to: match terms.to {
            Recipient::Team(team) => Some(reader.team(team)),
            Recipient::Practitioner(_) => None,
        },
        purpose: terms.purpose,
        until: terms.until.map(|until| reader.recent(until)),
    }
}

fn view(reader: &Reader<'_>, one: SharedAlone) -> Option<SharedView> {
    let entry = days(reader, &[source(one.row)], None).pop()?;
    let shares = one.shares.into_iter();
    Some(SharedView {
        shares: shares.map(|one| share(reader, one)).collect(),
        entry,
    })
}

/// Takes out what is restricted, and says how much that is.
fn without_restricted(shared: &mut Vec<SharedAlone>, shown: bool) -> usize {
    let of = |one: &SharedAlone| {
        let rows = std::iter::once(&one.row).chain(&one.row.additions);
        rows.filter(|row| row.restriction.is_some()).count()
    };
    let restricted = shared.iter().map(of).sum();
    if !shown {
        shared.retain(|one| one.row.restriction.is_none());
        for one in shared {
            let additions = &mut one.row.additions;
            additions.retain(|addition| addition.restriction.is_none());
        }
    }
    restricted
}

/// `GET /shared?restricted=`
///
/// # Errors
/// `Unauthenticated` without a session.
pub async fn shared_page(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    uri: Uri,
    query: Result<Query<SharedQuery>, QueryRejection>,
) -> Result<Response, Failure> {
    let session = signed_in(&app, &headers).await?;
    let Query(query) = query.map_err(|_| Failure::NotFound)?;
    let wishes = Wishes::of(&headers, uri.query());
    let at = app.core.heads().borrow().position;
    let mut shared = timeline::shared_alone(&app.store, session.practitioner).await?;
    let restricted_shown = query.restricted.is_some();
    let restricted = without_restricted(&mut shared, restricted_shown);
    let names = app.directory.names(&app.store).await?;
    let reader = Reader {
        language: wishes.language,
        names: &names,
        now: clock::now(),
    };
    let shared = shared.into_iter();
    let template = SharedTemplate {
        frame: Frame::signed_in(&wishes, &session, &names, at),
        shared: shared.filter_map(|one| view(&reader, one)).collect(),
        restricted,
        restricted_shown,
    };
    respond::page(StatusCode::OK, &template, &wishes)
}
