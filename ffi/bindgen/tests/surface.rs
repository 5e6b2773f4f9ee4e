//! What apps are built on is a file: a change in it is made on purpose, accepted with `SAMSPOR_ACCEPT_SURFACE=1`, and
//! named in the changelog.

use anyhow::{Result, ensure};
use samspor_ffi_bindgen::surface;
use samspor_tests::program::built_library;
use similar::{Algorithm, ChangeTag, capture_diff_slices};
use std::{fs, path::Path};

#[test]
fn the_public_surface_is_the_one_that_was_accepted() -> Result<()> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../surface.txt");
    let now = surface(&built_library("samspor_ffi")?)?;
    if std::env::var_os("SAMSPOR_ACCEPT_SURFACE").is_some() {
        fs::write(&file, &now)?;
    }
    let accepted = fs::read_to_string(&file)?;
    let (before, after) = (lines(&accepted), lines(&now));
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

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

#[test]
fn the_surface_names_errors_with_their_fields_and_calls_with_their_defaults() -> Result<()> {
    let now = surface(&built_library("samspor_ffi")?)?;
    for line in [
        "error SamsporError",
        "    Refused(code: string, detail: string, fields: [string])",
        "type DocumentId = string",
        "    async edit_text(document: DocumentId, field: string, seen: string, splices: [Splice]) -> boolean throws SamsporError",
        "    limit: uint32 = 50",
    ] {
        ensure!(now.lines().any(|one| one == line), "{line}");
    }
    Ok(())
}
