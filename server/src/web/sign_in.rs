//! `/sign-in` and `/sign-out`.

use super::{
    cookies,
    language::Wishes,
    respond::{self, Frame},
    session::{self, Session},
};
use crate::{app::App, clock, problem::Failure};
use askama::Template;
use axum::{
    extract::{
        Form, Query, State,
        rejection::{FormRejection, QueryRejection},
    },
    http::{HeaderMap, StatusCode, Uri, header, uri::Authority},
    response::Response,
};
use serde::Deserialize;
use std::sync::Arc;

/// No link's token is longer, in bytes.
const LINK_BYTES_MAX: usize = 64;

/// Pages that belong to somebody: who that is.
///
/// # Errors
/// `Unauthenticated` without a session that holds; else the database's.
pub async fn signed_in(app: &App, headers: &HeaderMap) -> Result<Session, Failure> {
    let token = cookies::get(headers, cookies::SESSION).ok_or(Failure::Unauthenticated)?;
    let session = session::find(&app.store, &app.keys, token, clock::now()).await?;
    let session = session.ok_or(Failure::Unauthenticated)?;
    // Every page is read on what stands open now.
    app.core.end_due().await?;
    Ok(session)
}

/// Whether a form comes from a page of this very host, as far as the browser says: by its word for the site, else
/// by the origin. The form's own token is checked beside it.
fn same_site(headers: &HeaderMap, uri: &Uri) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    // HTTP/2 has the host in the address, HTTP/1.1 in a header.
    let host = uri.authority().map(Authority::as_str);
    match (text(header::ORIGIN), host.or(text(header::HOST))) {
        (Some(origin), Some(host)) => origin.strip_prefix("https://") == Some(host),
        _ => true,
    }
}

#[derive(Deserialize)]
pub struct SignInQuery {
    #[serde(default)]
    link: String,
}

/// Whether a text has the form of a link's token.
fn is_token(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=LINK_BYTES_MAX).contains(&text.len()) && text.bytes().all(fits)
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    link: String,
    form_token: String,
    failed: bool,
}

/// `GET /sign-in`: shows a button; uses nothing up.
///
/// # Errors
/// `Internal`.
pub async fn sign_in_page(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    uri: Uri,
    query: Result<Query<SignInQuery>, QueryRejection>,
) -> Result<Response, Failure> {
    let wishes = Wishes::of(&headers, uri.query());
    let link = query.map(|query| query.0.link).unwrap_or_default();
    let link = if is_token(&link) { link } else { String::new() };
    let cookie = session::make_token().map_err(Failure::internal)?;
    let mut frame = Frame::anonymous(&wishes);
    if !link.is_empty() {
        frame.other_href = format!("?link={link}&lang={}", frame.other_lang);
    }
    let template = SignInPage {
        frame,
        link,
        form_token: session::form_token(&app.keys, &cookie),
        failed: false,
    };
    let mut response = respond::page(StatusCode::OK, &template, &wishes)?;
    let seconds = session::LINK_MILLIS / 1000;
    cookies::set_secret(response.headers_mut(), cookies::FORM, &cookie, seconds);
    Ok(response)
}

#[derive(Deserialize)]
pub struct SignInForm {
    link: String,
    form_token: String,
}

/// `POST /sign-in`: uses the link up and begins a session.
///
/// # Errors
/// `Forged` when the form was not shown to this browser; else the database's.
pub async fn sign_in(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    uri: Uri,
    form: Result<Form<SignInForm>, FormRejection>,
) -> Result<Response, Failure> {
    let wishes = Wishes::of(&headers, uri.query());
    let Form(form) = form.map_err(|_| Failure::Forged)?;
    let shown_here = cookies::get(&headers, cookies::FORM)
        .is_some_and(|cookie| session::form_token_holds(&app.keys, cookie, &form.form_token));
    if !shown_here || !same_site(&headers, &uri) {
        return Err(Failure::Forged);
    }
    let token = session::make_token().map_err(Failure::internal)?;
    let begun = session::begin(&app.store, &app.keys, &form.link, &token, clock::now()).await?;
    if !begun {
        let template = SignInPage {
            frame: Frame::anonymous(&wishes),
            link: String::new(),
            form_token: String::new(),
            failed: true,
        };
        return respond::page(StatusCode::FORBIDDEN, &template, &wishes);
    }
    let mut response = respond::see_other("/", &wishes);
    let seconds = session::SESSION_MILLIS / 1000;
    cookies::set_secret(response.headers_mut(), cookies::SESSION, &token, seconds);
    cookies::clear(response.headers_mut(), cookies::FORM);
    Ok(response)
}

#[derive(Deserialize)]
pub struct SignOutForm {
    form_token: String,
}

/// `POST /sign-out`: ends the session.
///
/// # Errors
/// `Forged` without the session's own form; else the database's.
pub async fn sign_out(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    uri: Uri,
    form: Result<Form<SignOutForm>, FormRejection>,
) -> Result<Response, Failure> {
    let wishes = Wishes::of(&headers, uri.query());
    let Form(form) = form.map_err(|_| Failure::Forged)?;
    let token = cookies::get(&headers, cookies::SESSION).ok_or(Failure::Unauthenticated)?;
    if !session::form_token_holds(&app.keys, token, &form.form_token) || !same_site(&headers, &uri)
    {
        return Err(Failure::Forged);
    }
    session::end(&app.store, &app.keys, token).await?;
    let mut response = respond::see_other("/sign-in", &wishes);
    cookies::clear(response.headers_mut(), cookies::SESSION);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_taken_from_this_host_only() {
        let rows = [
            (None, None, true),
            (Some("same-origin"), None, true),
            // A page without referrers says "null" of its own origin.
            (Some("same-origin"), Some("null"), true),
            (Some("none"), None, true),
            (Some("same-site"), None, false),
            (Some("cross-site"), Some("https://host:1"), false),
            (None, Some("https://host:1"), true),
            (None, Some("https://host:2"), false),
            (None, Some("http://host:1"), false),
            (None, Some("null"), false),
        ];
        let http2: Uri = "https://host:1/sign-in".parse().expect("an address");
        let http1: Uri = "/sign-in".parse().expect("an address");
        for (site, origin, expected) in rows {
            let mut headers = HeaderMap::new();
            for (name, value) in [("sec-fetch-site", site), ("origin", origin)] {
                if let Some(value) = value {
                    headers.insert(name, value.parse().expect("a value"));
                }
            }
            assert_eq!(same_site(&headers, &http2), expected, "{site:?} {origin:?}");
            headers.insert("host", "host:1".parse().expect("a value"));
            assert_eq!(same_site(&headers, &http1), expected, "{site:?} {origin:?}");
        }
    }
}
