//! Every route of the server, on one page.

use crate::{app::App, device_api, health, logging, problem::Failure, web};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};
use samspor_protocol::version::path;
use std::sync::Arc;

/// What a page's form may send, in bytes.
const FORM_BYTES_MAX: usize = 16 * 1024;

/// The whole server.
pub fn router(app: Arc<App>) -> Router {
    // Devices: CBOR, signed requests. Their bodies are read and bounded by their handlers.
    let devices = Router::new()
        .route(path::ENROL, post(device_api::enrol))
        .route(path::PUSH, post(device_api::push))
        .route(path::FEED, post(device_api::feed))
        .route(path::REPAIR, post(device_api::repair))
        .route(path::EVIDENCE, post(device_api::evidence))
        .route(path::QUARANTINE, post(device_api::quarantine))
        .route_layer(middleware::from_fn(device_api::speaks));

    // People: pages, and the same data as JSON. A session by cookie.
    let people = Router::new()
        .route("/", get(web::children_page))
        .route("/children/{case}", get(web::child_page))
        .route("/learning", get(web::learning_page))
        .route("/practice", get(web::practice_page))
        .route("/shared", get(web::shared_page))
        .route("/today", get(web::today_page))
        .route("/sign-in", get(web::sign_in_page).post(web::sign_in))
        .route("/sign-out", post(web::sign_out))
        .route("/api/v1/children", get(web::children_data))
        .route("/api/v1/children/{case}/timeline", get(web::timeline_data))
        .route("/api/v1/children/{case}/overview", get(web::overview_data))
        .route("/api/v1/practice", get(web::practice_data))
        .route("/api/v1/today", get(web::today_data))
        .route("/api/v1/changes", get(web::changes));

    // Everybody: is it up, and what a page is drawn with.
    let open = Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/assets/{name}", get(web::asset));

    devices
        .merge(people)
        .merge(open)
        .fallback(async || Failure::NotFound)
        .method_not_allowed_fallback(async || Failure::Method)
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(middleware::from_fn(logging::envelope))
        .with_state(app)
}
