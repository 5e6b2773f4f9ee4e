//! Template files of others: a template, or an error that names a line of the file.

use super::{grammar, script::Script};
use samspor_documents::template::{Language, Templates};

/// What begins so is a script for a file: TOML does not begin with it.
const SCRIPT: u8 = 1;

pub fn run(input: &[u8]) -> bool {
    if let Some((&SCRIPT, script)) = input.split_first() {
        return check(&grammar::file(&mut Script(script)));
    }
    std::str::from_utf8(input).is_ok_and(check)
}

fn check(text: &str) -> bool {
    match Templates::check("other.toml", text) {
        Ok(template) => {
            assert!(!template.name.is_empty(), "a template without a name");
            let _ = (template.fields_allowed(), template.is_addition());
            for field in &template.fields {
                let _ = (field.codes_allowed(), field.units_allowed());
                assert_eq!(template.field(&field.name), Some(field), "a field twice");
            }
            true
        }
        Err(error) => {
            let lines = text.lines().count() + 1;
            assert!(error.line() <= lines, "line {} of {lines}", error.line());
            for language in [Language::Danish, Language::English] {
                assert!(
                    !error.said(language).is_empty(),
                    "an error that says nothing"
                );
            }
            false
        }
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../documents/templates");
    let files = std::fs::read_dir(folder).expect("the templates");
    let paths = files.map(|file| file.expect("a file").path());
    let mut paths: Vec<_> = paths.filter(|path| path.is_file()).collect();
    paths.sort();
    let files = paths.iter().map(|path| std::fs::read(path).unwrap());
    // Every type in turn, and a block.
    let scripts = (0..28).map(|step| {
        let bytes = (0..240u32).map(|place| {
            u8::try_from((place * 7 + step * 37 + place * place / 5) % 256).expect("a byte")
        });
        std::iter::once(SCRIPT).chain(bytes).collect()
    });
    files.chain(scripts).collect()
}
