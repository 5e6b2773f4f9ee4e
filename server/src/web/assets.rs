//! The pages' own style, script and pictures, compiled in.

use crate::problem::Failure;
use axum::{
    body::Body,
    extract::Path,
    http::{HeaderValue, header},
    response::Response,
};
use samspor_protocol::hash::Hash32;
use std::sync::OnceLock;

struct Asset {
    name: &'static str,
    media: &'static str,
    body: &'static [u8],
}

const ASSETS: &[Asset] = &[
    Asset {
        name: "app.css",
        media: "text/css; charset=utf-8",
        body: include_bytes!("../../assets/app.css"),
    },
    Asset {
        name: "app.js",
        media: "text/javascript; charset=utf-8",
        body: include_bytes!("../../assets/app.js"),
    },
    Asset {
        name: "icon.svg",
        media: "image/svg+xml",
        body: include_bytes!("../../assets/icon.svg"),
    },
];

/// A short name of all assets' content: addresses carry it, so that each build's files are fetched once.
#[must_use]
pub fn build() -> &'static str {
    static BUILD: OnceLock<String> = OnceLock::new();
    BUILD.get_or_init(|| {
        let all: Vec<u8> = ASSETS
            .iter()
            .flat_map(|asset| asset.body)
            .copied()
            .collect();
        let hash = Hash32::of(&all);
        hash.0
            .iter()
            .take(6)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    })
}

/// `GET /assets/{name}`
///
/// # Errors
/// `NotFound` when there is none of that name.
pub async fn asset(Path(name): Path<String>) -> Result<Response, Failure> {
    let asset = ASSETS.iter().find(|asset| asset.name == name);
    let asset = asset.ok_or(Failure::NotFound)?;
    let mut response = Response::new(Body::from(asset.body));
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_TYPE, asset.media),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}
