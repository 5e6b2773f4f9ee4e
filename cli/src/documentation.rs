//! `docs/CLI.md` says what the program does: its tables are compared with the code.

use crate::{
    args::{Lang, help},
    exit::Exit,
};
use clap::Command;
use std::{collections::BTreeSet, fs, path::Path};

const DOCUMENT: &str = include_str!("../../docs/CLI.md");

/// Rows of the table under a heading: the cells of each.
fn table(heading: &str) -> Vec<Vec<&'static str>> {
    let (_, below) = DOCUMENT
        .split_once(heading)
        .expect("the heading stands in docs/CLI.md");
    let rows = below
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'));
    rows.skip(2)
        .map(|row| {
            row.trim_matches('|')
                .split('|')
                .map(|cell| cell.trim().trim_matches('`'))
                .collect()
        })
        .collect()
}

#[test]
fn the_documented_exit_codes_are_those_of_the_code() {
    let documented: Vec<(String, String)> = table("## Exit codes")
        .iter()
        .map(|row| (row[0].to_owned(), row[1].to_owned()))
        .collect();
    let coded: Vec<(String, String)> = Exit::ALL
        .iter()
        .map(|exit| (exit.number().to_string(), exit.name().to_owned()))
        .collect();
    assert_eq!(documented, coded);
}

#[test]
fn every_command_is_documented() {
    fn walk(command: &Command, above: &str, missing: &mut Vec<String>) {
        let path = format!("{above} {}", command.get_name()).trim().to_owned();
        if command.get_subcommands().next().is_none() && !DOCUMENT.contains(&format!("`{path}")) {
            missing.push(path.clone());
        }
        for inner in command.get_subcommands() {
            walk(inner, &path, missing);
        }
    }
    let mut missing = Vec::new();
    walk(&help::command(Lang::En), "", &mut missing);
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn every_option_is_documented() {
    fn walk(command: &Command, missing: &mut BTreeSet<String>) {
        for option in command
            .get_arguments()
            .filter_map(|argument| argument.get_long())
        {
            // A flag of `serve` is documented as the setting that it sets.
            let setting = format!("`{}`", option.replace('-', "_"));
            if !DOCUMENT.contains(&format!("--{option}")) && !DOCUMENT.contains(&setting) {
                missing.insert(option.to_owned());
            }
        }
        command
            .get_subcommands()
            .for_each(|inner| walk(inner, missing));
    }
    let mut missing = BTreeSet::new();
    walk(&help::command(Lang::En), &mut missing);
    missing.remove("help");
    assert_eq!(missing, BTreeSet::new());
}

#[test]
fn the_documented_settings_are_those_of_the_server() {
    let expected = samspor_server::settings::table_markdown();
    assert!(
        DOCUMENT.contains(&expected),
        "docs/CLI.md should have:\n{expected}"
    );
}

/// Codes as they stand in the sources: `Exit::Input, "code"`, and helpers that always end with `Input`.
fn codes(folder: &Path, found: &mut BTreeSet<(String, String)>) {
    for entry in fs::read_dir(folder)
        .expect("sources")
        .map(|entry| entry.expect("an entry").path())
    {
        if entry.is_dir() {
            codes(&entry, found);
            continue;
        }
        if entry.ends_with("documentation.rs") {
            continue;
        }
        let source: String = fs::read_to_string(&entry)
            .expect("a source")
            .split_whitespace()
            .collect();
        let source = source.split("#[cfg(test)]mod").next().unwrap_or("");
        for exit in Exit::ALL {
            for part in source.split(&format!("Exit::{exit:?},\"")).skip(1) {
                let code = part.split('"').next().unwrap_or("");
                found.insert((code.to_owned(), exit.number().to_string()));
            }
        }
        for helper in ["|code,words|of(\"", "=>of(\"", "input(\""] {
            for part in source.split(helper).skip(1) {
                let code = part.split('"').next().unwrap_or("");
                found.insert((code.to_owned(), Exit::Input.number().to_string()));
            }
        }
    }
}

#[test]
fn every_error_code_is_documented_with_its_exit() {
    let mut coded = BTreeSet::new();
    codes(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut coded,
    );
    // What of a signed record does not hold says so by its own code.
    let record = include_str!("../../protocol/src/sign/record.rs");
    for part in record.split("=> \"").skip(1) {
        let code = part.split('"').next().unwrap_or("").to_owned();
        coded.insert((code, Exit::NotProven.number().to_string()));
    }
    let documented: BTreeSet<(String, String)> = table("<!-- errors -->")
        .iter()
        .map(|row| (row[0].to_owned(), row[1].to_owned()))
        .collect();
    let undocumented: Vec<_> = coded.difference(&documented).collect();
    let gone: Vec<_> = documented.difference(&coded).collect();
    assert!(
        undocumented.is_empty() && gone.is_empty(),
        "not in docs/CLI.md: {undocumented:?}; no longer so: {gone:?}"
    );
}
