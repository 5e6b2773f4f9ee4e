//! What a person wants written, from the command line or a file: taken apart here, checked and turned into
//! edits by the template it is for.

pub mod file;
pub mod notice;
pub mod resolve;
pub mod source;
pub mod typed;

use crate::{
    args::device::{ContentArgs, ItemChangeArgs},
    exit::Exit,
    failure::Failure,
    words::W,
};
use file::ContentFile;
use source::Sources;
use typed::Wanted;

/// Everything a command asks to be written, in the order: file, `--set`, `--text`, items. A file may also
/// say where and when.
pub struct Content {
    /// The wishes.
    pub wanted: Vec<Wanted>,
    /// What the file says beside its fields.
    pub file: Option<ContentFile>,
}

/// Reads the options of a command, and the files and standard input they name.
///
/// # Errors
/// A file that cannot be read or is not of its form, an option not of its form.
pub fn gather(content: &ContentArgs, items: &ItemChangeArgs) -> Result<Content, Failure> {
    let gathered = gather_visit(content, items)?;
    let file = gathered.file.as_ref();
    let path = content.from.as_ref().map(|path| path.display().to_string());
    match file.is_some_and(|file| !file.parents.is_empty()) {
        // Only a visit is written with what it says of others.
        true => Err(
            source::input("file_shape", W::FILE_SHAPE, &path.unwrap_or_default())
                .with("field", "parents"),
        ),
        false => Ok(gathered),
    }
}

/// The same of a visit, whose file may say something of the parents.
///
/// # Errors
/// As [`gather`].
pub fn gather_visit(content: &ContentArgs, items: &ItemChangeArgs) -> Result<Content, Failure> {
    let mut sources = Sources::default();
    let mut wanted = Vec::new();
    let mut file = None;
    if let Some(path) = &content.from {
        let mut read = file::read(path, &mut sources)?;
        wanted.append(&mut read.wanted);
        file = Some(read);
    }
    for text in &content.set {
        wanted.push(typed::set(text, &mut sources)?);
    }
    for text in &content.text {
        wanted.push(typed::text(text, &mut sources)?);
    }
    for field in &items.clear {
        wanted.push(Wanted::Clear {
            field: field.clone(),
        });
    }
    for text in &content.add_item {
        wanted.push(typed::add_item(text)?);
    }
    for text in &items.set_item {
        wanted.push(typed::set_item(text)?);
    }
    for text in &items.remove_item {
        wanted.push(typed::remove_item(text)?);
    }
    Ok(Content { wanted, file })
}

/// An edit that changes nothing is a slip, not a wish.
pub fn nothing() -> Failure {
    Failure::new(Exit::Usage, "nothing_to_save", W::USAGE_NOTHING)
}
