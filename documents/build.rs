//! Lists the template files of `templates` and `templates/shared`, so that a template is there by being in its folder.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=templates");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let mut lists = list(&root, "FILES", "templates")?;
    lists.push_str(&list(&root, "SHARED", "templates/shared")?);
    let made = PathBuf::from(env::var("OUT_DIR")?).join("template_files.rs");
    #[expect(
        clippy::disallowed_methods,
        reason = "what is built is written; the crate itself does no I/O"
    )]
    fs::write(made, lists)?;
    Ok(())
}

/// A constant of names and texts, by name.
fn list(root: &Path, constant: &str, folder: &str) -> Result<String, Box<dyn Error>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root.join(folder))? {
        let name = entry?.file_name();
        let name = name.to_str().ok_or("a name that is no text")?;
        if name.ends_with(".toml") {
            names.push(name.to_owned());
        }
    }
    names.sort();
    let mut list = format!("const {constant}: [(&str, &str); {}] = [\n", names.len());
    for name in names {
        writeln!(
            list,
            "    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/{folder}/{name}\"))),"
        )?;
    }
    list.push_str("];\n");
    Ok(list)
}
