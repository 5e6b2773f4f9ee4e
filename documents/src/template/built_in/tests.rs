//! What ships, and that it says KL's words.

use super::*;
use crate::template::{Code, FieldType, MergeRule};

/// KL's facts as they stand in the file, read here without this crate's reader.
fn facts() -> toml::Table {
    include_str!("../../../data/kl.toml").parse().unwrap()
}

fn field<'a>(template: &str, name: &str) -> &'a crate::template::Field {
    Templates::built_in()
        .latest(template)
        .unwrap()
        .field(name)
        .unwrap()
}

/// Pairs of code and display.
fn coded(list: &toml::Value) -> Vec<(String, String)> {
    let text = |one: &toml::Value, key: &str| one[key].as_str().unwrap().to_owned();
    list.as_array()
        .unwrap()
        .iter()
        .map(|one| (text(one, "code"), text(one, "display")))
        .collect()
}

fn shipped(field: &crate::template::Field) -> Vec<(String, String)> {
    field
        .codes()
        .iter()
        .map(|code| (code.code.clone(), code.labels.da.clone()))
        .collect()
}

#[test]
fn every_template_that_ships_can_be_read() {
    let templates = Templates::read_built_in().unwrap();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| {
            Some(
                entry
                    .unwrap()
                    .file_name()
                    .to_str()?
                    .strip_suffix(".toml")?
                    .to_owned(),
            )
        })
        .collect();
    files.sort_unstable();
    let name = |template: &Template| match template.version {
        1 => template.name.clone(),
        later => format!("{}_{later}", template.name),
    };
    let mut named: Vec<String> = templates.all().iter().map(name).collect();
    named.sort_unstable();
    assert_eq!(
        named, files,
        "every file, called as it is named in its folder"
    );
    let used = templates.all().iter().flat_map(|template| &template.fields);
    let used: Vec<&str> = used.map(|field| field.name.as_str()).collect();
    for (block, fields) in blocks(&Kl::read().unwrap()).unwrap() {
        assert!(
            fields
                .iter()
                .all(|field| used.contains(&field.name.as_str())),
            "{block}"
        );
    }
    assert!(Templates::built_in().kl().is_some());
}

#[test]
fn a_newer_version_of_a_template_stands_beside_the_older_ones_and_only_adds_to_them() {
    let templates = Templates::built_in();
    for newer in templates.all() {
        for older in templates.all() {
            if older.name != newer.name || older.version + 1 != newer.version {
                continue;
            }
            let kept: Vec<_> = older
                .fields
                .iter()
                .map(|field| newer.field(&field.name))
                .collect();
            let expected: Vec<_> = older.fields.iter().map(Some).collect();
            assert_eq!(kept, expected, "{} {}", newer.name, newer.version);
            assert_eq!((&newer.title, newer.kind), (&older.title, older.kind));
        }
    }
    assert_eq!(templates.latest("note").map(|note| note.version), Some(3));
    assert!(templates.get("note", 1).is_some());
}

#[test]
fn displays_of_sets_are_the_files_own_word_for_word() {
    let facts = facts();
    assert_eq!(
        shipped(field("home_visit", "visit_type")),
        coded(&facts["visit_type"])
    );
    assert_eq!(
        shipped(field("home_visit", "contact_form")),
        coded(&facts["contact_form"])
    );
    let item = field("home_visit", "informants")
        .item_field("informant")
        .unwrap();
    let mut expected = coded(&facts["informant"]);
    expected.push(("child".to_owned(), "Barnet selv".to_owned()));
    assert_eq!(shipped(item), expected);
}

/// Every display of the file by its code; nutrition's code has two sets of values and one display.
fn displays(facts: &toml::Table) -> std::collections::BTreeMap<String, String> {
    let sets = ["visit_type", "contact_form", "informant"];
    let mut all: Vec<(String, String)> = sets.iter().flat_map(|set| coded(&facts[*set])).collect();
    for indicator in facts["indicator"].as_array().unwrap() {
        all.extend(coded(&indicator["values"]));
    }
    all.into_iter().collect()
}

#[test]
fn every_display_of_kl_in_every_version_of_every_template_is_the_files_own() {
    fn collect<'a>(
        fields: &'a [crate::template::Field],
        found: &mut Vec<&'a crate::template::Field>,
    ) {
        for field in fields {
            found.push(field);
            collect(field.item_fields(), found);
        }
    }
    let facts = facts();
    let displays = displays(&facts);
    let indicators = facts["indicator"].as_array().unwrap();
    let mut shown = std::collections::BTreeSet::new();
    for template in Templates::built_in().all() {
        let mut fields = Vec::new();
        collect(&template.fields, &mut fields);
        for field in fields {
            for code in field.codes() {
                if let Some(display) = displays.get(&code.code) {
                    assert_eq!(code.labels.da, *display, "{} {}", template.name, field.name);
                    shown.insert(code.code.clone());
                }
            }
            let of_kl = |code: &Code| displays.contains_key(&code.code);
            if let Some(one) = indicators
                .iter()
                .find(|one| one["name"].as_str() == Some(&field.name))
                && field.codes().iter().any(of_kl)
            {
                assert_eq!(
                    Some(field.labels.da.as_str()),
                    one["display"].as_str(),
                    "{}",
                    template.name
                );
            }
        }
    }
    assert_eq!(
        shown,
        displays.into_keys().collect(),
        "every code of the file can be chosen"
    );
}

#[test]
fn indicators_stand_in_the_record_of_whom_they_are_about_in_order_no_problem_to_problem() {
    for indicator in facts()["indicator"].as_array().unwrap() {
        let name = indicator["name"].as_str().unwrap();
        let (own, other) = match indicator["subject"].as_str().unwrap() {
            "parent" => ("parent_visit", "home_visit"),
            _ => ("home_visit", "parent_visit"),
        };
        let shipped_field = field(own, name);
        assert_eq!(
            shipped(shipped_field),
            coded(&indicator["values"]),
            "{name}"
        );
        assert_eq!(
            shipped_field.labels.da,
            indicator["display"].as_str().unwrap()
        );
        assert_eq!(shipped_field.merge, MergeRule::WorstUntilChosen);
        assert!(shipped_field.missing, "{name}: a missing value is a value");
        assert!(
            Templates::built_in()
                .latest(other)
                .unwrap()
                .field(name)
                .is_none(),
            "{name} in {other}"
        );
    }
}

#[test]
fn measurements_have_the_guides_units() {
    for measurement in facts()["measurement"].as_array().unwrap() {
        let name = measurement["name"].as_str().unwrap();
        let FieldType::Quantity { units } = &field("home_visit", name).field_type else {
            panic!("{name} is no measurement");
        };
        let ours: Vec<&str> = units.iter().map(|unit| unit.unit.as_str()).collect();
        let theirs: Vec<&str> = measurement["units"]
            .as_array()
            .unwrap()
            .iter()
            .map(|unit| unit.as_str().unwrap())
            .collect();
        assert_eq!(ours, theirs);
        assert_eq!(field("home_visit", name).merge, MergeRule::KeepAll);
    }
}

#[test]
fn what_a_contact_must_carry_is_in_the_templates() {
    let kl = Templates::built_in().kl().unwrap();
    let visits: Vec<&str> = field("home_visit", "visit_type")
        .codes()
        .iter()
        .filter_map(|code| code.name.as_deref())
        .collect();
    for mandatory in kl.mandatory() {
        assert!(
            mandatory
                .text
                .iter()
                .chain(&mandatory.machine)
                .all(|visit| visits.contains(&visit.as_str()))
        );
        let names = match mandatory.what.as_str() {
            "nutrition" => vec!["nutrition_infant", "nutrition_school"],
            what => vec![what],
        };
        for name in names {
            let found = ["home_visit", "parent_visit"].iter().any(|template| {
                Templates::built_in()
                    .latest(template)
                    .unwrap()
                    .field(name)
                    .is_some()
            });
            assert!(found, "{name}");
        }
    }
    assert!(kl.face_to_face("HH") && kl.face_to_face("AMB"));
    assert!(!kl.face_to_face("1b55a4b0-1156-4f58-b2df-b5c6014d9048"));
}

#[test]
fn the_facts_are_the_shared_ones() {
    use sha2::{Digest as _, Sha256};
    let digest = Sha256::digest(include_bytes!("../../../data/kl.toml"));
    let shown: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        shown,
        "e1a80cce7fb5086730dbbb82ecd7d78e67d447ca9dae4b3cdc2e077d40d3fd75"
    );
}

#[test]
fn a_file_is_checked_beside_what_ships_and_a_new_version_only_adds() {
    let note = include_str!("../../../templates/note_3.toml");
    assert_eq!(
        Templates::check("note_3.toml", note).as_ref(),
        Ok(Templates::built_in().get("note", 3).unwrap())
    );
    let newer = note.replace("version = 3", "version = 4");
    assert_eq!(
        Templates::check("note_4.toml", &newer).map(|note| note.version),
        Ok(4)
    );
    let changed = newer.replace("chars_max = 120", "chars_max = 80");
    let refused = Templates::check("note_4.toml", &changed).unwrap_err();
    assert_eq!(
        (refused.line(), refused.field()),
        (10, Some("subject_line"))
    );
    let said = refused.said(crate::template::Language::Danish);
    assert!(said.contains("lægger kun til"), "{said}");
    let own = "name = \"own\"\nversion = 1\nkind = \"entry\"\nlabels = { da = \"Egen\", en = \"Own\" }\n[[field]]\nuse = \"bisidder\"\n";
    assert_eq!(
        Templates::check("own.toml", own).map(|own| own.fields.len()),
        Ok(2)
    );
}
