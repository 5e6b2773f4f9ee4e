//! What apps are built on is a file: a change in it is made on purpose, accepted with `SAMSPOR_ACCEPT_SURFACE=1`, and
//! named in the changelog.

mod accepted;

use anyhow::{Result, ensure};
use samspor_ffi_bindgen::surface;
use samspor_tests::program::built_library;

#[test]
fn the_public_surface_is_the_one_that_was_accepted() -> Result<()> {
    accepted::holds("surface.txt", &surface(&built_library("samspor_ffi")?)?)
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
