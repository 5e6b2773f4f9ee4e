//! Unique texts that a person could have typed, and where they can be found again: in files, in captures.

use anyhow::{Context as _, Result};
use std::{
    collections::{BTreeSet, HashMap},
    fmt::Write as _,
    path::{Path, PathBuf},
};

/// How much of a needle is enough to call it readable, in characters.
const PIECE_CHARACTERS: usize = 12;

/// A text that stands nowhere else, with Danish letters.
///
/// # Errors
/// When the system gives no randomness.
pub fn make_needle(of: &str) -> Result<String> {
    let mut random = [0; 8];
    getrandom::fill(&mut random)?;
    let mut needle = format!("blåbærgrød-{of}-");
    for byte in random {
        write!(needle, "{byte:02x}")?;
    }
    Ok(needle)
}

/// The bytes that would give a needle away: its beginning and its end, as UTF-8 and as UTF-16 of both orders.
fn traces(needle: &str) -> Vec<Vec<u8>> {
    let characters: Vec<char> = needle.chars().collect();
    let size = PIECE_CHARACTERS.min(characters.len());
    let last: String = characters.iter().skip(characters.len() - size).collect();
    let mut traces = vec![needle.as_bytes().to_vec(), last.as_bytes().to_vec()];
    traces.push(last.encode_utf16().flat_map(u16::to_le_bytes).collect());
    traces.push(last.encode_utf16().flat_map(u16::to_be_bytes).collect());
    traces
}

/// Which of the needles can be read in `bytes`, whole or by their unique ends. One pass, however many they are.
#[must_use]
pub fn found<'n>(needles: &'n [String], bytes: &[u8]) -> Vec<&'n str> {
    let mut by_beginning: HashMap<[u8; 2], Vec<(usize, Vec<u8>)>> = HashMap::new();
    let mut begins = vec![false; 1 << 16];
    for (number, needle) in needles.iter().enumerate() {
        for trace in traces(needle) {
            if let [first, second, ..] = *trace {
                if let Some(begins) = begins.get_mut(place(first, second)) {
                    *begins = true;
                }
                by_beginning
                    .entry([first, second])
                    .or_default()
                    .push((number, trace));
            }
        }
    }
    let mut found = BTreeSet::new();
    let mut rest = bytes;
    while let [first, second, ..] = *rest {
        if begins
            .get(place(first, second))
            .is_some_and(|begins| *begins)
        {
            let candidates = by_beginning.get(&[first, second]).into_iter().flatten();
            let here = candidates.filter(|(_, trace)| rest.starts_with(trace));
            found.extend(here.map(|(number, _)| *number));
        }
        (_, rest) = rest.split_at(1);
    }
    let found = found.into_iter().filter_map(|number| needles.get(number));
    found.map(String::as_str).collect()
}

const fn place(first: u8, second: u8) -> usize {
    (first as usize) << 8 | second as usize
}

/// Every file in a folder, in its subfolders too.
///
/// # Errors
/// When a folder cannot be read.
pub fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    Ok(files)
}

/// Which of the needles can be read in the files of a folder, in their names too: `(needle, file)`.
///
/// # Errors
/// When a file cannot be read.
pub fn found_in_folder(needles: &[String], folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut all = Vec::new();
    for file in files_in(folder)? {
        let mut bytes = std::fs::read(&file).with_context(|| file.display().to_string())?;
        bytes.extend(file.as_os_str().as_encoded_bytes());
        for needle in found(needles, &bytes) {
            all.push((needle.to_owned(), file.clone()));
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_needle_is_found_whole_in_pieces_and_in_utf16() {
        let needle = vec![make_needle("vægt").unwrap()];
        let (_, half) = needle[0].split_at(needle[0].len() - 14);
        let utf16: Vec<u8> = needle[0]
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        for hay in [needle[0].as_bytes(), half.as_bytes(), &utf16] {
            let hay = [b"before \xc3", hay, b"after"].concat();
            assert_eq!(found(&needle, &hay).len(), 1);
        }
        assert!(found(&needle, "blåbærgrød-vægt-".as_bytes()).is_empty());
    }

    #[test]
    fn a_folder_is_searched_to_its_depths() {
        let folder = tempfile::tempdir().unwrap();
        let needle = vec![make_needle("note").unwrap()];
        std::fs::create_dir(folder.path().join("deep")).unwrap();
        std::fs::write(folder.path().join("deep/file"), &needle[0]).unwrap();
        assert_eq!(found_in_folder(&needle, folder.path()).unwrap().len(), 1);
    }
}
