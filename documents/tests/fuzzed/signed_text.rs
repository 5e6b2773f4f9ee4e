//! Signed texts from elsewhere: one text has one encoding, and reads as something that can be shown.

use super::made;
use samspor_documents::{
    signed::{SignedText, TEXT_BYTES_MAX},
    template::Templates,
};

pub fn run(input: &[u8]) -> bool {
    let Ok(text) = SignedText::decode(input) else {
        return false;
    };
    assert!(input.len() <= TEXT_BYTES_MAX, "a text over its limit");
    assert!(text.encode() == input, "another encoding of the same text");
    let reading = text.reading(Templates::built_in());
    made::readable(&reading);
    if let Ok(again) = SignedText::new(*text.place(), &reading) {
        assert!(
            again.encode().len() <= TEXT_BYTES_MAX,
            "a text over its limit"
        );
    }
    true
}

pub fn seeds() -> Vec<Vec<u8>> {
    golden("text-")
}

/// The bytes in the golden files whose names begin so.
fn golden(beginning: &str) -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../documents/tests/golden");
    let files = std::fs::read_dir(folder).expect("the golden files");
    let mut found: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    found.sort();
    let named = |path: &&std::path::PathBuf| {
        path.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with(beginning))
    };
    found
        .iter()
        .filter(named)
        .map(|path| bytes_of(&std::fs::read_to_string(path).unwrap()))
        .collect()
}

fn bytes_of(hex: &str) -> Vec<u8> {
    let digits = hex.chars().filter_map(|one| one.to_digit(16));
    let digits: Vec<u8> = digits.filter_map(|one| u8::try_from(one).ok()).collect();
    let pairs = digits.chunks_exact(2);
    pairs
        .filter_map(|pair| Some(pair.first()? << 4 | pair.last()?))
        .collect()
}
