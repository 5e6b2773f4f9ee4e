//! Pages on their way out: their headers, and pages that say what went wrong.

use super::{
    cookies,
    language::{self, Texts, Told, Wishes},
    session::Session,
};
use crate::{log::Seq, names::Names, problem::Failure};
use askama::Template;
use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};

/// Nothing but this server's own files; no inline script or style; in nobody's frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// What every page's frame needs.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The page's language.
    pub lang: &'static str,
    /// Its texts.
    pub t: &'static Texts,
    /// Its texts of what is told over time.
    pub told: &'static Told,
    /// The other language's code.
    pub other_lang: &'static str,
    /// This page in the other language.
    pub other_href: String,
    /// Who is signed in; empty when nobody is.
    pub practitioner: String,
    /// The organisation's name; empty when nobody is signed in.
    pub organisation: String,
    /// What the sign-out form carries.
    pub form_token: String,
    /// The log's position that the page was made at.
    pub at: i64,
    /// Of the style and script files: a new build is fetched anew.
    pub build: &'static str,
}

impl Frame {
    /// A frame for nobody in particular.
    #[must_use]
    pub fn anonymous(wishes: &Wishes) -> Self {
        Self {
            lang: wishes.language.code(),
            t: wishes.language.texts(),
            told: wishes.language.told(),
            other_lang: wishes.language.other().code(),
            other_href: format!("?lang={}", wishes.language.other().code()),
            practitioner: String::new(),
            organisation: String::new(),
            form_token: String::new(),
            at: 0,
            build: super::assets::build(),
        }
    }

    /// A frame for who is signed in. `at` is taken before the page asks for anything.
    #[must_use]
    pub fn signed_in(wishes: &Wishes, session: &Session, names: &Names, at: Seq) -> Self {
        let person = names.person(session.practitioner).unwrap_or_default();
        Self {
            practitioner: person.to_owned(),
            organisation: names.organisation.clone(),
            form_token: session.form_token.clone(),
            at: at.0,
            ..Self::anonymous(wishes)
        }
    }
}

/// Gives an answer the headers of a page.
fn protect(response: &mut Response, wishes: &Wishes) {
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
        (header::VARY, "cookie, accept-language"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(
        "cross-origin-opener-policy",
        HeaderValue::from_static("same-origin"),
    );
    if wishes.keep_language {
        cookies::set_plain(headers, language::COOKIE, wishes.language.code());
    }
}

/// A page.
///
/// # Errors
/// `Internal` when the template cannot be rendered.
pub fn page(
    status: StatusCode,
    template: &impl Template,
    wishes: &Wishes,
) -> Result<Response, Failure> {
    let html = template.render().map_err(Failure::internal)?;
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, html);
    protect(&mut response, wishes);
    Ok(response)
}

/// To another page of this server, asked by GET.
#[must_use]
pub fn see_other(location: &'static str, wishes: &Wishes) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let location = HeaderValue::from_static(location);
    response.headers_mut().insert(header::LOCATION, location);
    protect(&mut response, wishes);
    response
}

/// The pages' data as JSON.
///
/// # Errors
/// `Internal` when it cannot be written as JSON.
pub fn data(value: &impl serde::Serialize) -> Result<Response, Failure> {
    let json = serde_json::to_vec(value).map_err(Failure::internal)?;
    let mut response = Response::new(Body::from(json));
    let media = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, media);
    protect(&mut response, &Wishes::default());
    Ok(response)
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage<'a> {
    frame: Frame,
    title: &'static str,
    lead: &'static str,
    request_id: &'a str,
}

/// What a person is shown when a request fails.
#[must_use]
pub fn failure_page(failure: &Failure, request_id: &str, wishes: &Wishes) -> Response {
    let frame = Frame::anonymous(wishes);
    let t = frame.t;
    let (title, lead) = match failure {
        Failure::NotFound | Failure::Method => (t.not_found, t.not_found_lead),
        Failure::Forged => (t.forged, t.forged_lead),
        Failure::Unauthenticated => (t.sign_in, t.sign_in_needed),
        _ => (t.failed, t.failed_lead),
    };
    let template = FailurePage {
        frame,
        title,
        lead,
        request_id,
    };
    page(failure.status(), &template, wishes).unwrap_or_else(|_| failure.for_data(request_id))
}
