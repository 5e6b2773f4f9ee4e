//! What is made from the library that was built, by what it says of itself: its bindings, and its public surface as a text.
//! What an app links against is read here, not what the sources look like.

mod surface;

pub use surface::surface;

use anyhow::{Context as _, Result};
use std::path::Path;
use uniffi::TargetLanguage;

/// Writes the bindings of a built library into a folder, which is made.
///
/// # Errors
/// When the library holds no metadata, or the folder cannot be written.
pub fn bindings(library: &Path, language: TargetLanguage, folder: &Path) -> Result<()> {
    let text = |path: &Path| path.to_str().map(Into::into).context("a path in UTF-8");
    uniffi::generate(uniffi::GenerateOptions {
        languages: vec![language],
        source: text(library)?,
        out_dir: text(folder)?,
        metadata_no_deps: true,
        ..uniffi::GenerateOptions::default()
    })
}
