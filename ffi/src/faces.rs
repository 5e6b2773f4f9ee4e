//! Everything that a device can do has a face here, or is named with the reason why it has none.

use std::{collections::BTreeSet, fs, path::Path};

/// What apps do otherwise.
const LEFT_OUT: &[(&str, &str)] = &[
    ("activity", "a SyncListener is told what changed"),
    ("adding_to", "draft_addition names the entry by itself"),
    ("close", "lock closes the store"),
    ("is_in", "open says no_store where there is none"),
];

/// The names after these beginnings of lines in sources.
fn named(sources: &str, begins: &[&str]) -> BTreeSet<String> {
    let of_line = |line: &str| {
        let rest = begins.iter().find_map(|begin| line.strip_prefix(begin))?;
        rest.split(['(', '<']).next().map(str::to_owned)
    };
    sources.lines().filter_map(of_line).collect()
}

fn devices_functions() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../client-core/src/device");
    let files = fs::read_dir(folder).expect("sources").flatten();
    let sources: Vec<String> = files
        .filter(|file| file.path().extension().is_some_and(|end| end == "rs"))
        .map(|file| fs::read_to_string(file.path()).expect("a source"))
        .collect();
    let begins = ["    pub async fn ", "    pub fn ", "    pub const fn "];
    named(&sources.join("\n"), &begins)
}

fn faces() -> BTreeSet<String> {
    let surface = Path::new(env!("CARGO_MANIFEST_DIR")).join("surface.txt");
    let surface = fs::read_to_string(surface).expect("the surface");
    let begin = surface.split("object Device\n").nth(1).expect("a device");
    let device = begin.split("\n\n").next().unwrap_or("");
    let begins = ["    async ", "    constructor async ", "    "];
    named(device, &begins)
}

#[test]
fn every_function_of_a_device_has_a_face_or_is_left_out_for_a_reason() {
    let functions = devices_functions();
    assert!(functions.contains("open_case") && functions.contains("growth"));
    let left_out: BTreeSet<String> = LEFT_OUT
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let faces = faces();
    let has_none: BTreeSet<String> = functions.difference(&faces).cloned().collect();
    assert_eq!(has_none, left_out, "give it a face, or say why it has none");
    assert!(left_out.is_subset(&functions), "gone from the device");
}
