//! What can be held of Swift where no Swift compiler is: the C header that the compiler imports is C, the hand-written
//! sources are Swift by their grammar, and what the bindings offer is what was accepted.

mod accepted;

use anyhow::{Context as _, Result, ensure};
use samspor_ffi_bindgen::bindings;
use samspor_tests::program::built_library;
use std::{fmt::Write as _, fs, path::Path, process::Command};
use tree_sitter::{Node, Parser};
use uniffi::TargetLanguage;

fn ffi() -> Result<&'static Path> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().context("the crate stands in ffi")
}

#[test]
fn the_header_is_c_and_the_bindings_offer_what_was_accepted() -> Result<()> {
    let folder = tempfile::tempdir()?;
    bindings(
        &built_library("samspor_ffi")?,
        TargetLanguage::Swift,
        folder.path(),
    )?;
    // Clang's words on what may be null are no words of C.
    let checked = Command::new("cc")
        .args([
            "-std=c11",
            "-fsyntax-only",
            "-Wall",
            "-Werror",
            "-D_Nonnull=",
            "-D_Nullable=",
        ])
        .args(["-x", "c", "-include"])
        .arg(folder.path().join("SamsporFFI.h"))
        .arg("/dev/null")
        .output()?;
    let said = String::from_utf8_lossy(&checked.stderr);
    ensure!(checked.status.success(), "{said}");

    let offered = interface(&fs::read_to_string(folder.path().join("Samspor.swift"))?);
    ensure!(offered.lines().count() > 500, "{offered}");
    accepted::holds("swift/interface.txt", &offered)
}

/// The lines by which the bindings declare something public, without what stands in them.
fn interface(swift: &str) -> String {
    let mut offered = String::new();
    let lines = swift.lines().map(str::trim_end);
    for line in lines.filter(|line| !line.trim_start().starts_with("fileprivate")) {
        let declares = [
            "public ",
            "open ",
            "    case ",
            "    func ",
            "    var ",
            "    let ",
        ];
        let internal = ["Uniffi", "uniffi", "FfiConverter", "_lift", "_lower"];
        if declares.iter().any(|word| line.starts_with(word))
            && !internal.iter().any(|word| line.contains(word))
        {
            let line = line.split(" {").next().unwrap_or(line);
            let _ = writeln!(offered, "{line}");
        }
    }
    offered
}

#[test]
fn the_hand_written_sources_are_swift() -> Result<()> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_swift::LANGUAGE.into())?;
    let broken = parser
        .parse("func broken( {", None)
        .context("it was parsed")?;
    ensure!(wrong(broken.root_node()).is_some(), "nothing is ever wrong");
    let mut read = 0;
    for folder in ["swift", "swift/Sources/Samspor", "swift/sample"] {
        for file in fs::read_dir(ffi()?.join(folder))? {
            let path = file?.path();
            if path
                .extension()
                .is_none_or(|extension| extension != "swift")
            {
                continue;
            }
            let tree = parser.parse(fs::read_to_string(&path)?, None);
            let tree = tree.context("it was parsed")?;
            if let Some(line) = wrong(tree.root_node()) {
                anyhow::bail!("{}:{line} is no Swift", path.display());
            }
            read += 1;
        }
    }
    ensure!(read >= 6, "only {read} sources were read");
    Ok(())
}

/// The first line that does not parse.
fn wrong(node: Node<'_>) -> Option<usize> {
    if node.is_error() || node.is_missing() {
        return Some(node.start_position().row + 1);
    }
    let mut cursor = node.walk();
    node.children(&mut cursor).find_map(wrong)
}
