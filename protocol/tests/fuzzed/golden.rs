//! The golden files as seeds.

use std::path::Path;

/// The bytes in every golden file whose name, after its version, begins with one of these; each after `before`.
pub fn golden(beginnings: &[&str], before: &[u8]) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../protocol/tests/golden");
    let files = std::fs::read_dir(folder).expect("the golden files");
    let mut paths: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    paths.sort();
    let wanted = |path: &&std::path::PathBuf| {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let hex = name
            .strip_suffix(".hex")
            .and_then(|name| name.strip_prefix("v1-"));
        hex.is_some_and(|name| beginnings.iter().any(|one| name.starts_with(one)))
    };
    let read = |path: &std::path::PathBuf| {
        let bytes = bytes_of(&std::fs::read_to_string(path).expect("a golden file"));
        [before, &bytes].concat()
    };
    paths.iter().filter(wanted).map(read).collect()
}

fn bytes_of(hex: &str) -> Vec<u8> {
    let digits = hex.chars().filter_map(|one| one.to_digit(16));
    let digits: Vec<u8> = digits.filter_map(|one| u8::try_from(one).ok()).collect();
    digits
        .chunks_exact(2)
        .filter_map(|pair| Some(pair.first()? << 4 | pair.last()?))
        .collect()
}
