//! Snapshots from elsewhere: loaded or refused; one that is loaded is saved, read and written in like any other. Bytes
//! alone seldom are one: so some are of documents that several wrote in, by edits and by the library alone.

use super::{
    made::{self, DOCUMENT, authoring, begun, content, holds, sealed},
    rebuilt,
    script::Script,
};
use automerge::{Automerge, LoadOptions, OnPartialLoad, VerificationMode};
use samspor_documents::{
    document::Document,
    guard::{self, Applied, GuardError},
    template::{Template, Templates},
};

/// The first byte says whether the rest is a snapshot, or what stands in one, or how a document came to be of which some
/// bytes are altered then; where it is content, the heads it names become those that it has, as somebody would write it
/// who means harm. It got in where it says something that no edit of ours does.
pub fn run(input: &[u8]) -> bool {
    let mut script = Script(input);
    let (bytes, is_other) = match script.byte() {
        0 => (script.0.to_vec(), true),
        1 => (with_heads(script.0), true),
        _ => made_and_altered(&mut script),
    };
    let heads = guard::snapshot_heads(&bytes);
    let Ok(mut document) = guard::load(&bytes, made::SNAPSHOT_BYTES_MAX) else {
        return false;
    };
    assert_eq!(heads, Ok(document.heads()), "other heads than it says");
    let _ = document.versions();
    holds(&document);
    write(&mut document);
    is_other
}

fn with_heads(content: &[u8]) -> Vec<u8> {
    named_right(content).unwrap_or_else(|| sealed(DOCUMENT, content))
}

/// The snapshot of a document that several wrote in, and whether it is one that edits of ours could not have made.
fn made_and_altered(script: &mut Script<'_>) -> (Vec<u8>, bool) {
    let templates = Templates::built_in().all();
    let template = templates
        .get(script.one_of(templates.len()))
        .expect("there are templates");
    let template = Templates::built_in().latest(&template.name);
    let (document, is_other) = rebuilt::written(template.expect("its own name"), script);
    let saved = document.save();
    let mut altered = content(&saved).to_vec();
    for _ in 0..script.byte() % 3 {
        let place = script.one_of(altered.len());
        if let Some(byte) = altered.get_mut(place) {
            *byte = byte.wrapping_add(script.byte());
        }
    }
    if altered == content(&saved) {
        return (saved, is_other);
    }
    (with_heads(&altered), true)
}

/// A snapshot of this content with the heads that the library finds in it. Asked only where the guard met nothing
/// else: what it refuses earlier is not for the library to see.
fn named_right(content: &[u8]) -> Option<Vec<u8>> {
    let bytes = sealed(DOCUMENT, content);
    let refused = guard::load(&bytes, made::SNAPSHOT_BYTES_MAX).err();
    if refused != Some(GuardError::Refused) {
        return None;
    }
    let options = LoadOptions::new()
        .on_partial_load(OnPartialLoad::Error)
        .verification_mode(VerificationMode::DontCheck);
    let load = || Automerge::load_with_options(&bytes, options);
    let mut heads = guard::guarded(load).ok()?.ok()?.get_heads();
    heads.sort_unstable();
    let mut content = content.to_vec();
    let (at, count) = place_of_heads(&content)?;
    if count != heads.len() {
        return None;
    }
    for (place, head) in content.get_mut(at..)?.chunks_exact_mut(32).zip(&heads) {
        place.copy_from_slice(&head.0);
    }
    Some(sealed(DOCUMENT, &content))
}

/// Where the heads begin and how many there are: after the actors.
fn place_of_heads(content: &[u8]) -> Option<(usize, usize)> {
    let mut script = Script(content);
    for _ in 0..script.small()? {
        let length = script.small()?;
        script.take(length);
    }
    let count = script.small()?;
    Some((content.len() - script.0.len(), count))
}

/// Writes into it, if it can be written in at all, and gives that to another who loaded the same.
fn write(document: &mut Document) {
    let mut other = guard::load(&document.save(), made::SNAPSHOT_BYTES_MAX).expect("just saved");
    let reading = document.reading(Templates::built_in());
    let Some(template) = reading.template(Templates::built_in()) else {
        return;
    };
    let mut script = Script(&[0, 0, 0, 0, 0, 4, 2, b'h', b'i']);
    let edit = made::edit(template, &mut script);
    let written = document.edit(Templates::built_in(), &[edit], &authoring(9, 1, 500));
    if let Ok(Some(bytes)) = written {
        assert_eq!(
            guard::apply(&mut other, &bytes),
            Ok(Applied::New),
            "an edit is refused"
        );
        let (one, two) = (holds(document), holds(&other));
        assert!(one == two, "another reading after an edit");
    }
}

fn written_in(template: &Template, choice: u8) -> Document {
    let (mut document, _) = begun(template);
    for place in 0..u8::try_from(template.fields.len().min(200)).expect("at most 200") {
        let bytes = [0, place, choice, 0, choice, 4, 3, b'a', choice, b'c'];
        let edit = made::edit(template, &mut Script(&bytes));
        let who = authoring(place % 3 + 1, 1, i64::from(place) + 1);
        // What this field does not take is left out.
        let _ = document.edit(Templates::built_in(), &[edit], &who);
    }
    document
}

pub fn seeds() -> Vec<Vec<u8>> {
    let newest = Templates::built_in().all().iter();
    let documents = newest.map(|template| written_in(template, 1).save());
    let count = u8::try_from(Templates::built_in().all().len()).expect("few templates");
    let made = (0..count).map(|template| {
        let step = [
            1, 0, 0, 2, 0, 1, 3, 0, template, 5, 8, 2, b'h', b'i', 1, 0, 2, 4, 0, 1,
        ];
        let rebuilt = [
            2, 1, 2, 0, template, 0, 0, 0, 5, 1, b'a', 1, 0, 0, 6, 0, 1, 0, 0, 14,
        ];
        [&[2, 0, template, 9][..], &step, &rebuilt, &step, &rebuilt].concat()
    });
    documents
        .flat_map(|bytes| {
            let raw = [&[0], bytes.as_slice()].concat();
            [raw, [&[1], content(&bytes)].concat()]
        })
        .chain(made)
        .collect()
}
