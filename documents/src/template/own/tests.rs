//! Templates of an organisation beside those that ship: what is taken, what is refused, what stops nothing.

use super::*;
use crate::template::Language;

const ONE: &str = include_str!("../../../../docs/templates/trivselssamtale.toml");
const TWO: &str = include_str!("../../../../docs/templates/trivselssamtale_2.toml");
const NAME: &str = "trivselssamtale";

fn own<'a>(version: u32, text: &'a str) -> OwnFile<'a> {
    OwnFile {
        name: NAME,
        version,
        text,
    }
}

/// The smallest file of this name, version, kind and rest.
fn small(name: &str, version: u32, kind: &str, rest: &str) -> String {
    format!(
        "name = \"{name}\"\nversion = {version}\nkind = \"{kind}\"\nlabels = {{ da = \"X\", en = \"X\" }}\n
[[field]]\nname = \"text\"\nlabels = {{ da = \"T\", en = \"T\" }}\ntype = \"text\"\nmerge = \"text\"\n{rest}"
    )
}

#[test]
fn both_versions_stand_beside_what_ships_in_any_order() {
    for files in [[own(1, ONE), own(2, TWO)], [own(2, TWO), own(1, ONE)]] {
        let (all, aside) = Templates::with_own(&files);
        assert_eq!(aside, []);
        assert_eq!(all.all().len(), Templates::built_in().all().len() + 2);
        let versions = [1, 2].map(|version| all.get(NAME, version).unwrap());
        assert!(versions.iter().all(|template| all.is_own(template)));
        assert!(!all.is_own(all.latest("note").unwrap()));
        assert_eq!(
            versions.map(|one| one.field("friends").is_some()),
            [false, true]
        );
        assert_eq!(all.latest(NAME), Some(versions[1]));
    }
}

#[test]
fn a_version_that_both_have_is_the_organisations() {
    let text = small("note", 1, "entry", "");
    let file = OwnFile {
        name: "note",
        version: 1,
        text: &text,
    };
    let (all, _) = Templates::with_own(&[file]);
    assert_eq!(all.get("note", 1).unwrap().fields.len(), 1);
    assert_eq!(all.all().len(), Templates::built_in().all().len());
}

#[test]
fn what_cannot_be_read_stands_aside_and_stops_nothing() {
    let long = format!("{ONE}#{}", "x".repeat(TEMPLATE_BYTES_MAX));
    let deep = format!("name = {}", "[".repeat(60_000));
    let many: String = (0..TEMPLATE_FIELDS_MAX)
        .map(|n| format!("[[field]]\nname = \"f{n}\"\ntype = \"boolean\"\nmerge = \"last\"\nlabels = {{ da = \"F\", en = \"F\" }}\n"))
        .collect();
    let many = small(NAME, 3, "entry", &many);
    let bad = [
        (own(3, &long), "64 KiB"),
        (own(4, &deep), ""),
        (own(3, &many), "300"),
        (own(5, TWO), "anden skabelon"),
        (own(6, ""), ""),
        (own(7, "\u{0}\u{1}"), ""),
    ];
    for (file, said) in bad {
        let (all, aside) = Templates::with_own(&[own(1, ONE), file]);
        assert!(all.get(NAME, 1).is_some());
        assert_eq!(aside.len(), 1);
        let told = aside[0].error.said(Language::Danish);
        assert!(told.contains(said) && !told.is_empty(), "{told}");
    }
}

#[test]
fn an_organisation_has_only_so_many() {
    let texts: Vec<String> = (1..=OWN_TEMPLATES_MAX + 1)
        .map(|version| small("x", u32::try_from(version).unwrap(), "entry", ""))
        .collect();
    let files: Vec<OwnFile<'_>> = (1..)
        .zip(&texts)
        .map(|(version, text)| OwnFile {
            name: "x",
            version,
            text,
        })
        .collect();
    let (all, aside) = Templates::with_own(&files);
    assert_eq!((all.own_count(), aside.len()), (OWN_TEMPLATES_MAX, 1));
}

#[test]
fn a_file_is_checked_beside_the_organisations_own() {
    let (all, _) = Templates::with_own(&[own(1, ONE)]);
    assert_eq!(
        all.check_beside("again", ONE).as_ref(),
        Ok(all.get(NAME, 1).unwrap())
    );
    assert_eq!(all.check_beside("two", TWO).map(|two| two.version), Ok(2));
    let (with_two, _) = Templates::with_own(&[own(2, TWO)]);
    assert_eq!(
        with_two.check_beside("one", ONE).map(|one| one.version),
        Ok(1)
    );
    let refused = [
        (ONE.replace("0-10", "1-10"), "navn og version er i brug"),
        (
            TWO.replace("chars_max = 8000", "chars_max = 7000"),
            "lægger kun til",
        ),
        (
            TWO.replace("version = 2", "version = 7")
                .replace("usual_most = \"14\"", "usual_most = \"15\""),
            "lægger kun til",
        ),
        (
            TWO.replace("kind = \"entry\"", "kind = \"reflection\""),
            "samme slags",
        ),
        (small("own_card", 1, "card", ""), "entry eller reflection"),
        (small(&"x".repeat(65), 1, "entry", ""), "små bogstaver"),
    ];
    for (text, said) in refused {
        let error = all.check_beside("file", &text).unwrap_err();
        let told = error.said(Language::Danish);
        assert!(told.contains(said), "{told}");
    }
    let differs = ONE.replace("chars_max = 8000", "chars_max = 7000");
    let error = with_two.check_beside("one", &differs).unwrap_err();
    assert_eq!(error.field(), Some("how_it_is"));
}

mod any_input {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_is_read_or_stands_aside(text in "\\PC{0,200}", at in 0usize..2_000, cut in 0usize..2_000) {
            let mut mangled: String = ONE.chars().take(at).collect();
            mangled.push_str(&text);
            mangled.extend(ONE.chars().skip(cut));
            for text in [text.as_str(), mangled.as_str()] {
                let (all, aside) = Templates::with_own(&[own(1, text), own(2, TWO)]);
                prop_assert!(all.get(NAME, 2).is_some());
                prop_assert_eq!(all.own_count() + aside.len(), 2);
            }
        }
    }
}
