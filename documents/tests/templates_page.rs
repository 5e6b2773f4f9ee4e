//! The page that says how a municipality writes a template: its example is one.

#![allow(clippy::expect_used, reason = "tests")]

use samspor_documents::template::{
    OWN_TEMPLATES_MAX, TEMPLATE_BYTES_MAX, TEMPLATE_FIELDS_MAX, Templates,
};

const PAGE: &str = include_str!("../../docs/TEMPLATES.md");
const EXAMPLE: &str = include_str!("../../docs/templates/trivselssamtale.toml");

#[test]
fn the_example_on_the_page_is_the_file_beside_it_and_can_be_used() {
    let (_, begun) = PAGE.split_once("```toml\n").expect("an example");
    let (example, _) = begun.split_once("```").expect("its end");
    assert_eq!(example, EXAMPLE);
    let read = Templates::check("example", example).expect("it can be used");
    // Every rule that the page explains is in it.
    for rule in [
        "text",
        "keep_all",
        "worst_until_chosen",
        "withdrawal_wins",
        "last",
    ] {
        assert!(example.contains(&format!("merge = \"{rule}\"")), "{rule}");
    }
    assert!(read.names_items());
}

#[test]
fn the_limits_on_the_page_are_those_of_the_code() {
    let limits = [
        format!("at most {} KiB", TEMPLATE_BYTES_MAX / 1024),
        format!("at most {TEMPLATE_FIELDS_MAX} fields"),
        format!("at most {OWN_TEMPLATES_MAX} templates"),
    ];
    for limit in limits {
        assert!(PAGE.contains(&limit), "{limit}");
    }
}

#[test]
fn every_block_that_ships_stands_on_the_page() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/shared");
    let mut blocks = 0;
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let name = entry.expect("an entry").file_name();
        let name = name
            .to_str()
            .expect("a name")
            .trim_end_matches(".toml")
            .to_owned();
        assert!(PAGE.contains(&format!("`{name}`")), "{name}");
        blocks += 1;
    }
    assert!(blocks > 0);
}
