//! Is it up, and can it do its work: for whoever watches the server. Says nothing of what is in it.

use crate::{access, app::App, log, store::StoreError};
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

/// Entries that the projector may be behind before the server is better left alone: about ten seconds' work.
const BEHIND_MAX: i64 = 20_000;

/// `GET /readyz`: the database can be written, the projector follows, and the server is not stopping.
pub async fn readyz(State(app): State<Arc<App>>) -> Response {
    if app.stopping.is_cancelled() {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match behind(&app).await {
        Ok(behind) if behind > BEHIND_MAX => {
            tracing::warn!(behind, "not ready: the projector is far behind the log");
            plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "the projector is far behind the log\n",
            )
        }
        Ok(_) => plain(StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready: the database cannot be written");
            plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "the database cannot be written\n",
            )
        }
    }
}

/// Writes a page of the database and undoes it; how many entries the projector is behind.
async fn behind(app: &App) -> Result<i64, StoreError> {
    let mut tx = app.store.write().await?;
    sqlx::query("UPDATE devices_revision SET revision = revision WHERE one = 1")
        .execute(&mut *tx)
        .await?;
    let head = log::head(&mut tx).await?.seq;
    let position = access::position(&mut tx).await?;
    tx.rollback().await?;
    Ok(head.0.saturating_sub(position.0))
}
