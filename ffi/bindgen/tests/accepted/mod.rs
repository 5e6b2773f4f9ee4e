//! What apps are built on stands in files: a change in it is made on purpose, and named in the changelog.

use anyhow::{Result, ensure};
use similar::{Algorithm, ChangeTag, capture_diff_slices};
use std::{env, fs, path::Path};

/// That a file beside the crate holds what is offered now.
///
/// # Errors
/// With the lines that differ; none where the change is accepted, and then the file is written.
pub fn holds(file: &str, now: &str) -> Result<()> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    if env::var_os("SAMSPOR_ACCEPT_SURFACE").is_some() {
        fs::write(&file, now)?;
    }
    let accepted = fs::read_to_string(&file)?;
    let lines = |text| str::lines(text).collect::<Vec<_>>();
    let (before, after) = (lines(&accepted), lines(now));
    let operations = capture_diff_slices(Algorithm::Myers, &before, &after);
    let changes = operations
        .iter()
        .flat_map(|one| one.iter_changes(&before, &after));
    let changed: Vec<String> = changes
        .filter(|one| one.tag() != ChangeTag::Equal)
        .map(|one| format!("{}{}", one.tag(), one.value()))
        .collect();
    ensure!(
        accepted == now,
        "the surface changed; accept it with SAMSPOR_ACCEPT_SURFACE=1 and name it in the CHANGELOG:\n{}",
        changed.join("\n")
    );
    Ok(())
}
