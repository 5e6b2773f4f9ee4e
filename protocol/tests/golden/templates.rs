//! Templates of an organisation's own, and those that are retired: what a fact says of one.

use super::*;
use samspor_protocol::fact::{Retirement, TemplateFile};

#[test]
fn a_template_that_an_organisation_added_keeps_its_bytes() {
    let body = FactBody::Template(TemplateFile {
        name: "trivselssamtale".into(),
        version: 2,
        text: "name = \"trivselssamtale\"\nversion = 2\n# æøå\n".into(),
    });
    let fact = Fact::new(FactId::from_bytes([0x88; 16]), space(), 1, &body);
    golden("fact-15", &fact);
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
