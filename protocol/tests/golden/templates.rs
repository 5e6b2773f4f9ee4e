//! What an organisation sets: templates of its own, those that are retired, its visit schedule; as facts say it.

use super::*;
use ed25519_dalek::SigningKey;
use samspor_documents::id::OrganisationId;
use samspor_protocol::fact::{Retirement, ScheduleFile, TemplateFile};

#[test]
fn a_template_that_an_organisation_added_keeps_its_bytes() {
    let body = FactBody::Template(TemplateFile {
        name: "trivselssamtale".into(),
        version: 2,
        text: "name = \"trivselssamtale\"\nversion = 2\n# æøå\n".into(),
        signature: None,
    });
    let fact = Fact::new(FactId::from_bytes([0x88; 16]), space(), 1, &body);
    golden("fact-15", &fact);
    assert_eq!(fact.read().expect("reads back"), body);
}

#[test]
fn a_template_with_its_organisations_word_keeps_its_bytes() {
    let file = TemplateFile {
        name: "trivselssamtale".into(),
        version: 2,
        text: "name = \"trivselssamtale\"\nversion = 2\n# æøå\n".into(),
        signature: None,
    };
    let organisation = OrganisationId::from_bytes([0x11; 16]);
    let key = SigningKey::from_bytes(&[7; 32]);
    let body = FactBody::Template(file.signed(organisation, &key));
    let fact = Fact::new(FactId::from_bytes([0x88; 16]), space(), 2, &body);
    golden("fact-15-signed", &fact);
    assert_eq!(fact.read().expect("reads back"), body);
}

#[test]
fn a_template_that_is_retired_keeps_its_bytes() {
    for (case, version) in [("fact-16", None), ("fact-16-version", Some(2))] {
        let body = FactBody::Retirement(Retirement {
            name: "trivselssamtale".into(),
            version,
            is_retired: version.is_none(),
        });
        let fact = Fact::new(FactId::from_bytes([0x89; 16]), space(), 1, &body);
        golden(case, &fact);
        assert_eq!(fact.read().expect("reads back"), body);
    }
}

#[test]
fn a_visit_schedule_that_an_organisation_set_keeps_its_bytes() {
    let file = "remind_days = 60\n# æøå\n".to_owned();
    for (case, text) in [("fact-17", Some(file)), ("fact-17-none", None)] {
        let body = FactBody::VisitSchedule(ScheduleFile { text });
        let fact = Fact::new(FactId::from_bytes([0x8a; 16]), space(), 1, &body);
        golden(case, &fact);
        assert_eq!(fact.read().expect("reads back"), body);
    }
}
