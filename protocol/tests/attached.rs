//! A template attached to a signed record: it gives labels or nothing, and never changes what is proven or said.

#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test reads and writes its golden file, and fails by panic"
)]

use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use samspor_documents::{
    authoring::{Actor, Authoring},
    document::{Document, Edit, NewDocument},
    id::{DeviceId, DocumentId, OrganisationId, PractitionerId, SpaceId},
    signed::{SignedText, TextPlace},
    template::{Language, OwnFile, Templates},
    time::{Moment, UnixMillis},
    value::Value,
};
use samspor_protocol::{
    certificate::{DeviceCertificate, DeviceStatement},
    fact::TemplateFile,
    hash::Hash32,
    sign::{Labelled, LabelsFrom, SignatureStatement, SignedFile, SignedRecord, VerifyError},
};
use std::path::PathBuf;

const AT: UnixMillis = UnixMillis(1_790_000_000_123);
const ORGANISATION: OrganisationId = OrganisationId::from_bytes([0x55; 16]);
const NAME: &str = "trivselssamtale";
const OWN: &str = include_str!("../../docs/templates/trivselssamtale.toml");

fn organisation_key() -> SigningKey {
    SigningKey::from_bytes(&[0x50; 32])
}

fn attached(text: &str) -> TemplateFile {
    TemplateFile {
        name: NAME.to_owned(),
        version: 1,
        text: text.to_owned(),
        signature: None,
    }
}

fn confirmed(text: &str) -> TemplateFile {
    attached(text).signed(ORGANISATION, &organisation_key())
}

fn text(authoring: &Authoring, template: &str, fields: Vec<Edit>) -> Vec<u8> {
    let file = OwnFile {
        name: NAME,
        version: 1,
        text: OWN,
    };
    let (templates, _) = Templates::with_own(&[file]);
    let new = NewDocument {
        template,
        subject: SpaceId::from_bytes([0x11; 16]),
        occurred_at: Moment {
            at: AT,
            offset_minutes: 120,
        },
        fields,
    };
    let (document, _) = Document::create(&templates, &new, authoring).expect("a document");
    let place = TextPlace {
        organisation: ORGANISATION,
        space: SpaceId::from_bytes([0x11; 16]),
        document: DocumentId::from_bytes([0x22; 16]),
        card: None,
    };
    let text = SignedText::new(place, &document.reading(&templates));
    text.expect("nothing stands in the way").encode()
}

fn record_of(template: &str, fields: Vec<Edit>) -> SignedRecord {
    let (author, device) = (
        PractitionerId::from_bytes([1; 16]),
        DeviceId::from_bytes([2; 16]),
    );
    let key = SigningKey::from_bytes(&[3; 32]);
    let authoring = Authoring {
        actor: Actor::make(device, [1; 8]),
        author,
        at: AT,
    };
    let text = text(&authoring, template, fields);
    let heads = vec![Hash32([0xff; 32])];
    let statement = DeviceStatement {
        organisation: ORGANISATION,
        device,
        practitioner: author,
        public_key: key.verifying_key().to_bytes(),
        issued_at: AT,
    };
    let signed = SignatureStatement {
        text_hash: Hash32::of(&text),
        heads: &heads,
        signer: author,
        device,
        signed_at: AT,
    };
    SignedRecord {
        signature: signed.sign(&key),
        co_signatures: Vec::new(),
        certificates: vec![DeviceCertificate::issue(statement, &organisation_key())],
        organisation_key: organisation_key().verifying_key().to_bytes(),
        receipt: None,
        text: text.into(),
        heads,
    }
}

fn record() -> SignedRecord {
    let set = |field: &str, value| Edit::Set {
        field: field.to_owned(),
        value,
    };
    let fields = vec![
        set("how_it_is", Value::Text("Bedre, på Ærø".to_owned())),
        set("worry", Value::Code("grave".to_owned())),
        set("scale", Value::Integer(3)),
    ];
    record_of(NAME, fields)
}

/// How a record reads with this attached, through its file.
fn labelled(record: SignedRecord, template: Option<TemplateFile>) -> Labelled {
    let file = SignedFile { record, template };
    let read = SignedFile::from_file(&file.to_file()).expect("a file");
    assert_eq!(read, file);
    let verified = read.record.verify(None).expect("it holds");
    read.labelled(&verified.text)
}

fn lines(labelled: &Labelled, language: Language) -> Vec<String> {
    let all = usize::MAX;
    labelled.reading.summary(&labelled.templates, language, all)
}

/// What stands behind the labels.
fn values(labelled: &Labelled) -> Vec<String> {
    let value = |line: &String| line.split_once(": ").expect("a label").1.to_owned();
    lines(labelled, Language::Danish)
        .iter()
        .map(value)
        .collect()
}

#[test]
fn a_file_with_a_template_keeps_its_bytes() {
    let file = SignedFile {
        record: record(),
        template: Some(confirmed(OWN)),
    };
    let hex: String = file
        .to_file()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let kept = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden/v1-signed-record-template.hex");
    if std::env::var_os("SAMSPOR_ACCEPT_GOLDEN").is_some() {
        std::fs::write(&kept, hex.clone() + "\n").expect("the golden file is written");
    }
    let golden = std::fs::read_to_string(&kept).expect("there is a golden file");
    assert_eq!(hex, golden.trim(), "the bytes changed");
}

#[test]
fn the_organisations_word_gives_labels_of_fields_and_codes_in_both_languages() {
    let shown = labelled(record(), Some(confirmed(OWN)));
    assert_eq!(shown.from, LabelsFrom::Organisation);
    let danish = lines(&shown, Language::Danish);
    assert!(
        danish.contains(&"Bekymring: Alvorlig".to_owned()),
        "{danish:?}"
    );
    let english = lines(&shown, Language::English);
    assert!(
        english.contains(&"Concern: Grave".to_owned()),
        "{english:?}"
    );
    assert_eq!(
        shown.reading.title(&shown.templates, Language::Danish),
        "Trivselssamtale"
    );
}

#[test]
fn without_its_word_only_fields_have_labels_each_beside_its_name() {
    let shown = labelled(record(), Some(attached(OWN)));
    assert_eq!(shown.from, LabelsFrom::Attached);
    let said = lines(&shown, Language::Danish);
    assert!(
        said.contains(&"Bekymring (worry): grave".to_owned()),
        "{said:?}"
    );
    // It may call the worst what it will, and break its lines: the value stands as it was written.
    let lie = OWN
        .replace("da = \"Alvorlig\"", "da = \"Ingen\"")
        .replace("da = \"Bekymring\"", "da = \"Bekymring: Ingen\\nSkala\"");
    let said = lines(&labelled(record(), Some(attached(&lie))), Language::Danish);
    assert!(
        said.contains(&"Bekymring: Ingen Skala (worry): grave".to_owned()),
        "{said:?}"
    );
    assert_eq!(values(&shown), values(&labelled(record(), None)));
}

#[test]
fn what_is_attached_and_cannot_be_used_leaves_names_and_values_as_they_are() {
    let plain = labelled(record(), None);
    assert_eq!(plain.from, LabelsFrom::Nowhere);
    let mut altered = confirmed(OWN);
    altered.text = altered.text.replace("Alvorlig", "Ingen");
    let mut cut = confirmed(OWN);
    cut.signature = Some(vec![1, 2, 3].into());
    let others = SigningKey::from_bytes(&[9; 32]);
    let elsewhere = OrganisationId::from_bytes([0x56; 16]);
    let mut renamed = confirmed(OWN);
    renamed.version = 2;
    for (what, template) in [
        ("altered after its word was given", altered),
        ("a word that is none", cut),
        (
            "another key's word",
            attached(OWN).signed(ORGANISATION, &others),
        ),
        (
            "a word for another organisation",
            attached(OWN).signed(elsewhere, &organisation_key()),
        ),
        ("called another version than the text names", renamed),
        (
            "another version inside",
            confirmed(&OWN.replace("version = 1", "version = 2")),
        ),
        ("none", confirmed("")),
        ("far too deep", confirmed(&"[".repeat(60_000))),
    ] {
        let shown = labelled(record(), Some(template));
        assert_eq!(shown.from, LabelsFrom::Unusable, "{what}");
        let said = lines(&shown, Language::Danish);
        assert_eq!(said, lines(&plain, Language::Danish), "{what}");
        assert!(said.contains(&"worry: grave".to_owned()), "{said:?}");
    }
}

#[test]
fn nobodys_word_takes_the_place_of_a_template_that_ships() {
    let set = Edit::Set {
        field: "text".to_owned(),
        value: Value::Text("Alt vel".to_owned()),
    };
    let note = record_of("note", vec![set]);
    let newest = Templates::built_in().latest("note").expect("ships").version;
    let own = format!(
        "name = \"note\"\nversion = {newest}\nkind = \"entry\"\nlabels = {{ da = \"X\", en = \"X\" }}\n\
         [[field]]\nname = \"text\"\nlabels = {{ da = \"Y\", en = \"Y\" }}\ntype = \"text\"\nmerge = \"text\"\n"
    );
    let file = TemplateFile {
        name: "note".to_owned(),
        version: newest,
        text: own,
        signature: None,
    };
    let shown = labelled(note.clone(), Some(file.clone()));
    assert_eq!(shown.from, LabelsFrom::Unusable);
    assert_eq!(lines(&shown, Language::Danish), ["Notat: Alt vel"]);
    let with_word = file.signed(ORGANISATION, &organisation_key());
    let shown = labelled(note, Some(with_word));
    assert_eq!(lines(&shown, Language::Danish), ["Y: Alt vel"]);
}

#[test]
fn a_file_with_something_attached_is_no_plain_record_and_none_that_is_too_long_is_read() {
    let file = SignedFile {
        record: record(),
        template: Some(confirmed(OWN)),
    };
    let plain = SignedRecord::from_file(&file.to_file());
    assert!(matches!(plain, Err(VerifyError::NotARecord(None))));
    let file = SignedFile {
        template: Some(attached(&"#".repeat(64 * 1024 + 1))),
        ..file
    };
    let long = SignedFile::from_file(&file.to_file());
    assert!(matches!(
        long,
        Err(VerifyError::TooLarge {
            what: "template",
            ..
        })
    ));
    assert_eq!(
        record().to_file()[..25],
        file.to_file()[..25]
            .iter()
            .enumerate()
            .map(|(at, byte)| match at {
                // One part fewer, and format 1.
                0 => 0x83,
                23 => 1,
                _ => *byte,
            })
            .collect::<Vec<u8>>()
    );
}

proptest! {
    /// Whatever is attached, altered anywhere, with or without the organisation's word: what is proven holds as before,
    /// and without that word every value stands as it does with nothing attached.
    #[test]
    fn nothing_attached_changes_what_is_said(
        at in 0..OWN.len(),
        put in "\\PC{0,20}",
        signed in any::<bool>(),
        kept in any::<bool>(),
    ) {
        let at = (0..=at).rev().find(|at| OWN.is_char_boundary(*at)).expect("a place");
        let (before, after) = OWN.split_at(at);
        let altered = format!("{before}{put}{after}");
        let template = match signed {
            true => TemplateFile { signature: confirmed(OWN).signature, ..attached(&altered) },
            false => attached(if kept { OWN } else { &altered }),
        };
        let shown = labelled(record(), Some(template.clone()));
        if shown.from == LabelsFrom::Organisation {
            prop_assert_eq!(template.text, OWN);
        } else {
            prop_assert_eq!(values(&shown).len(), 3);
            let plain = labelled(record(), None);
            let of = |one: &Labelled| -> Vec<_> {
                let fields = one.reading.fields.iter();
                fields.map(|field| (field.name.clone(), field.state.clone())).collect()
            };
            prop_assert_eq!(of(&shown), of(&plain));
        }
    }
}
