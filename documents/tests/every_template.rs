//! Every template, as it stands in its folder: filled by two at once from its declaration alone, merged, chosen, signed,
//! read in both languages. No template is named here, and none needs code of its own.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panic"
)]

#[path = "../../tests/src/filled.rs"]
mod filled;

use filled::{
    Filled, HANDS, Hand, choices, edits, filled, items, lost, moment, reasons, unreadable, value,
};
use samspor_documents::{
    authoring::{Actor, Authoring},
    document::{Begun, Document, NewDocument},
    guard,
    id::{DeviceId, DocumentId, OrganisationId, PractitionerId, SpaceId},
    reading::{FieldReading, FieldState, Reading},
    signed::{SignedText, TextPlace},
    template::{Language, Template, Templates},
    time::UnixMillis,
    value::{MissingReason, Value},
};

const LANGUAGES: [Language; 2] = [Language::Danish, Language::English];

/// A template's file alone.
struct File {
    text: String,
    templates: Templates,
}

impl File {
    fn read(name: &str, text: String) -> Self {
        let templates = Templates::read(&[(name, &text)]).unwrap();
        Self { text, templates }
    }

    fn template(&self) -> &Template {
        &self.templates.all()[0]
    }
}

/// What stands in the folder.
fn files() -> Vec<File> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
    let paths = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let read = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        File::read(path.to_str().unwrap(), text)
    };
    let files: Vec<File> = paths.filter(|path| path.is_file()).map(read).collect();
    assert_eq!(files.len(), Templates::built_in().all().len());
    own().into_iter().chain(files).collect()
}

/// An organisation's own, from outside the folder: two versions.
fn own() -> [File; 2] {
    let read = |name, text: &str| {
        let file = File::read(name, text.to_owned());
        let checked = Templates::check(name, text).unwrap();
        assert_eq!(file.template(), &checked);
        file
    };
    [
        read(
            "one",
            include_str!("../../docs/templates/trivselssamtale.toml"),
        ),
        read(
            "two",
            include_str!("../../docs/templates/trivselssamtale_2.toml"),
        ),
    ]
}

fn authoring(n: u8, minute: i64) -> Authoring {
    Authoring {
        actor: Actor::make(DeviceId::from_bytes([n; 16]), [n; 8]),
        author: PractitionerId::from_bytes([n; 16]),
        at: UnixMillis(1_795_439_100_000 + minute * 60_000),
    }
}

fn place() -> TextPlace {
    TextPlace {
        organisation: OrganisationId::from_bytes([5; 16]),
        space: SpaceId::from_bytes([1; 16]),
        document: DocumentId::from_bytes([2; 16]),
        card: None,
    }
}

/// A document with two empty items in every field of items, on two devices.
fn begun(templates: &Templates, template: &Template) -> (Document, Document, Vec<u8>) {
    let new = NewDocument {
        template: &template.name,
        subject: place().space,
        occurred_at: moment(Hand::One),
        fields: items(template),
    };
    let (one, first) = Document::create(templates, &new, &authoring(1, 0)).unwrap();
    let mut other = Document::empty();
    guard::apply(&mut other, &first).unwrap();
    (one, other, first)
}

/// What is known of a document that begins with something in it is what it says once it is read, and its bytes are those
/// that the library's own encoder makes.
fn begins_as_it_reads(templates: &Templates, template: &Template) {
    let reason = reasons(template, MissingReason::ALL[0]);
    let everything = [items(template), edits(template, Hand::One)].concat();
    for fields in [items(template), everything, reason] {
        let new = NewDocument {
            template: &template.name,
            subject: place().space,
            occurred_at: moment(Hand::One),
            fields,
        };
        let begun = Begun::write(templates, &new, &authoring(1, 0)).unwrap();
        let document = begun.document().unwrap();
        let known = begun.reading(templates);
        assert_eq!(known, document.reading(templates), "{}", template.name);
        assert_eq!(known.invalid, 0, "{}", template.name);
        let read = automerge::Change::try_from(begun.change.as_slice()).unwrap();
        assert_eq!(begun.hash, read.hash().0);
        let written = automerge::Change::from(read.decode());
        assert_eq!(begun.change, written.raw_bytes(), "{}", template.name);
    }
}

/// Both type into every field, without each other.
fn typed(templates: &Templates, template: &Template) -> (Document, Document) {
    let (mut one, mut other, _) = begun(templates, template);
    let mine = one.edit(templates, &edits(template, Hand::One), &authoring(1, 3));
    let theirs = other.edit(templates, &edits(template, Hand::Other), &authoring(2, 5));
    let (mine, theirs) = (mine.unwrap().unwrap(), theirs.unwrap().unwrap());
    for change in [&theirs, &theirs] {
        guard::apply(&mut one, change).unwrap();
    }
    guard::apply(&mut other, &mine).unwrap();
    assert_eq!(
        one.reading(templates),
        other.reading(templates),
        "{}",
        template.name
    );
    (one, other)
}

/// What people read in both languages: no field without a label, no value without words.
fn reads_in_both_languages(templates: &Templates, template: &Template, reading: &Reading) {
    for language in LANGUAGES {
        assert_eq!(
            unreadable(template, reading, language),
            Vec::<String>::new()
        );
        let title = reading.title(templates, language);
        assert!(
            title.starts_with(template.labels.get(language)) || template.kind.name() == "card",
            "{title}"
        );
        let titled = usize::from(template.title.is_some());
        let beside = |field: &&FieldReading| reading.is_told_beside(field);
        let beside = reading.fields.iter().filter(beside).count();
        let lines = reading.summary(templates, language, usize::MAX);
        assert_eq!(
            lines.len(),
            template.fields.len() - titled - beside,
            "{}: {lines:?}",
            template.name
        );
    }
}

#[test]
fn every_template_keeps_what_two_type_at_once_until_somebody_chooses_and_is_signed_and_read() {
    for file in files() {
        let (templates, template) = (&file.templates, file.template());
        begins_as_it_reads(templates, template);
        let (mut one, mut other) = typed(templates, template);
        let reading = one.reading(templates);
        assert_eq!(reading.invalid, 0, "{}", template.name);
        assert_eq!(lost(template, &reading), Vec::<String>::new());
        let chosen = choices(template, &reading);
        assert_eq!(chosen.len(), reading.conflicts, "{}", template.name);
        assert_eq!(
            SignedText::new(place(), &reading).is_err(),
            !chosen.is_empty()
        );
        if let Some(change) = other.edit(templates, &chosen, &authoring(2, 9)).unwrap() {
            guard::apply(&mut one, &change).unwrap();
        }
        let reading = one.reading(templates);
        assert_eq!(
            (reading.conflicts, &reading),
            (0, &other.reading(templates))
        );
        let text = SignedText::new(place(), &reading).unwrap();
        let decoded = SignedText::decode(&text.encode()).unwrap();
        assert_eq!(decoded, text, "{}", template.name);
        let signed = decoded.reading(templates);
        reads_in_both_languages(templates, template, &signed);
        for language in LANGUAGES {
            let lines = |reading: &Reading| reading.summary(templates, language, usize::MAX);
            assert_eq!(lines(&signed), lines(&reading));
        }
    }
}

#[test]
fn every_field_that_takes_a_reason_keeps_each_of_them() {
    let mut kept = 0;
    for file in files() {
        let (templates, template) = (&file.templates, file.template());
        for reason in MissingReason::ALL {
            let (mut one, _, _) = begun(templates, template);
            one.edit(templates, &reasons(template, reason), &authoring(1, 3))
                .unwrap();
            let reading = one.reading(templates);
            let text = SignedText::new(place(), &reading).unwrap();
            let signed = SignedText::decode(&text.encode())
                .unwrap()
                .reading(templates);
            for field in template.fields.iter().filter(|field| field.missing) {
                let said = [reading.value(&field.name), signed.value(&field.name)];
                assert_eq!(
                    said,
                    [Some(&Value::Missing(reason)); 2],
                    "{} {}",
                    template.name,
                    field.name
                );
                kept += 1;
            }
        }
    }
    assert!(kept > 0, "some field takes a reason");
}

/// The file without its last field: the version before, as it may have been.
fn before(file: &File) -> Option<File> {
    let (text, _) = file.text.rsplit_once("\n[[field]]\n")?;
    let text = text.contains("[[field]]").then(|| text.to_owned())?;
    let title = file.template().title.as_ref();
    title
        .is_none_or(|title| text.contains(&format!("name = \"{title}\"")))
        .then(|| File::read("before", text))
}

#[test]
fn a_device_with_an_older_version_and_one_with_a_newer_lose_nothing_between_them() {
    for file in files() {
        let Some(older) = before(&file) else {
            continue;
        };
        let version = file.template().version;
        let newer = file.text.replacen(
            &format!("version = {version}"),
            &format!("version = {}", version + 1),
            1,
        );
        let both = Templates::read(&[("before", &older.text), ("after", &newer)]).unwrap();
        // Begun by the older device, filled by both at once: each reads the same, by the version it was begun with.
        let (mut one, mut other, _) = begun(&older.templates, older.template());
        let mine = one.edit(
            &older.templates,
            &edits(older.template(), Hand::One),
            &authoring(1, 3),
        );
        let theirs = other.edit(
            &both,
            &edits(older.template(), Hand::Other),
            &authoring(2, 5),
        );
        guard::apply(&mut one, &theirs.unwrap().unwrap()).unwrap();
        guard::apply(&mut other, &mine.unwrap().unwrap()).unwrap();
        assert_eq!(one.reading(&older.templates), other.reading(&both));
        let kept = one.reading(&older.templates);
        assert_eq!(lost(older.template(), &kept), Vec::<String>::new());
        // Begun by the newer one: the older knows no such version, shows all that stands there, and hands it on whole.
        let template = both.latest(&file.template().name).unwrap();
        let (one, _) = typed(&both, template);
        let saved = one.save();
        let carried = guard::load(&saved, saved.len()).unwrap();
        let seen = carried.reading(&older.templates);
        assert!(!seen.template_known);
        let shown = all_shown(&seen.fields);
        for Filled { field, .. } in filled(template, &one.reading(&both)) {
            for hand in HANDS {
                let typed = value(field, hand).unwrap();
                let kept = as_kept(&typed);
                assert!(
                    shown.contains(&kept),
                    "{} {}: {kept}",
                    template.name,
                    field.name
                );
            }
        }
        assert_eq!(carried.reading(&both), one.reading(&both));
    }
}

/// All that a reading shows, as text.
fn all_shown(fields: &[FieldReading]) -> String {
    let mut shown = String::new();
    for field in fields {
        match &field.state {
            FieldState::Items(items) => {
                shown.extend(items.iter().map(|item| all_shown(&item.fields)))
            }
            FieldState::Text { text, .. } => shown.push_str(text),
            FieldState::Invalid { raw, .. } => shown.push_str(raw),
            _ => {
                let values = field.values().iter();
                shown.extend(values.map(|one| one.value.display_plain(Language::English)));
            }
        }
        shown.push('\n');
    }
    shown
}

/// A value as a device reads it that does not know its field.
fn as_kept(value: &Value) -> String {
    match value {
        Value::Quantity { amount, unit } => format!("{amount} {unit}"),
        Value::Moment(moment) => format!("{} {}", moment.at.0, moment.offset_minutes),
        Value::Date(date) => date.to_string(),
        Value::TimeCode(place) => place.to_string(),
        value => value.display_plain(Language::English),
    }
}
