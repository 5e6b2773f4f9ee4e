//! Is it up, and can it do its work: for whoever watches the server. Says nothing of what is in it.

use crate::app::App;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use std::sync::Arc;

fn plain(status: StatusCode, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, text).into_response()
}

/// `GET /healthz`: the process answers.
pub async fn healthz() -> Response {
    plain(StatusCode::OK, "ok\n")
}

/// `GET /readyz`: the database can be written, and the server is not stopping.
pub async fn readyz(State(app): State<Arc<App>>) -> Response {
    if app.stopping.is_cancelled() {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match writable(&app).await {
        Ok(()) => plain(StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready: the database cannot be written");
            plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "the database cannot be written\n",
            )
        }
    }
}

/// Writes a page of the database and undoes it.
async fn writable(app: &App) -> Result<(), crate::store::StoreError> {
    let mut tx = app.store.write().await?;
    sqlx::query("UPDATE devices_revision SET revision = revision WHERE one = 1")
        .execute(&mut *tx)
        .await?;
    Ok(tx.rollback().await?)
}
