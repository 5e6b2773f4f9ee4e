//! KL's facts for children's health: codes, displays, measurements, what a contact must carry. Displays are KL's
//! own words; the English ones are this project's and stand in a file of their own, by code.

use super::{Code, Labels, TemplateError, file::words};
use serde::Deserialize;
use std::collections::BTreeMap;

const FACTS: &str = include_str!("../../data/kl.toml");
const ENGLISH: &str = include_str!("../../data/kl.en.toml");

#[derive(Deserialize)]
struct Facts {
    visit_type: Vec<Named>,
    contact_form: Vec<Named>,
    informant: Vec<Named>,
    indicator: Vec<Indicator>,
    measurement: Vec<Measurement>,
    mandatory: Vec<Mandatory>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    code: String,
    display: String,
    #[serde(default)]
    face_to_face: bool,
}

#[derive(Deserialize)]
struct Indicator {
    name: String,
    display: String,
    subject: String,
    values: Vec<Coded>,
}

#[derive(Deserialize)]
struct Coded {
    code: String,
    display: String,
}

#[derive(Deserialize)]
struct Measurement {
    name: String,
    units: Vec<String>,
}

/// What a face-to-face contact of some types must carry: a value, or a reason why not.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Mandatory {
    /// The field's name; `nutrition` is the infant's or the school child's.
    pub what: String,
    /// Visit types by name, by the guide's words: what people follow.
    pub text: Vec<String>,
    /// Visit types by name, by the guide's rules: what a delivery is held to.
    pub machine: Vec<String>,
}

/// One of the sets that a template's field may point to with `codes = "kl:…"`, and what goes with them.
#[derive(Debug, Clone)]
pub struct Kl {
    sets: BTreeMap<String, (Option<Labels>, Vec<Code>)>,
    subjects: BTreeMap<String, String>,
    units: BTreeMap<String, Vec<String>>,
    face_to_face: Vec<String>,
    mandatory: Vec<Mandatory>,
}

fn no_english(code: &str) -> TemplateError {
    TemplateError::Reference {
        file: "kl.en.toml".to_owned(),
        line: 0,
        what: words::ENGLISH,
        name: code.to_owned(),
    }
}

impl Kl {
    /// Reads the facts shipped with this crate.
    ///
    /// # Errors
    /// `TemplateError` when the file is not what it should be or an English name is missing.
    pub(super) fn read() -> Result<Self, TemplateError> {
        let broken = |file, error: toml::de::Error| TemplateError::syntax(file, &error);
        let facts: Facts = toml::from_str(FACTS).map_err(|error| broken("kl.toml", error))?;
        let english: BTreeMap<String, String> =
            toml::from_str(ENGLISH).map_err(|error| broken("kl.en.toml", error))?;
        let labels = |code: &str, display: &str| {
            let en = english.get(code).ok_or_else(|| no_english(code))?;
            Ok(Labels {
                da: display.to_owned(),
                en: en.clone(),
            })
        };
        let mut sets = BTreeMap::new();
        let named_sets = [
            ("visit_type", &facts.visit_type),
            ("contact_form", &facts.contact_form),
            ("informant", &facts.informant),
        ];
        for (set, named) in named_sets {
            let codes: Result<Vec<Code>, TemplateError> = named
                .iter()
                .map(|one| {
                    let labels = labels(&one.code, &one.display)?;
                    Ok(Code {
                        code: one.code.clone(),
                        name: Some(one.name.clone()),
                        labels,
                    })
                })
                .collect();
            sets.insert(set.to_owned(), (None, codes?));
        }
        for indicator in &facts.indicator {
            let codes: Result<Vec<Code>, TemplateError> = indicator
                .values
                .iter()
                .map(|one| {
                    Ok(Code {
                        code: one.code.clone(),
                        name: None,
                        labels: labels(&one.code, &one.display)?,
                    })
                })
                .collect();
            let own = labels(&indicator.name, &indicator.display)?;
            sets.insert(format!("indicator/{}", indicator.name), (Some(own), codes?));
        }
        Ok(Self {
            sets,
            subjects: facts
                .indicator
                .iter()
                .map(|one| (one.name.clone(), one.subject.clone()))
                .collect(),
            units: facts
                .measurement
                .iter()
                .map(|one| (one.name.clone(), one.units.clone()))
                .collect(),
            face_to_face: facts
                .contact_form
                .iter()
                .filter(|one| one.face_to_face)
                .map(|one| one.code.clone())
                .collect(),
            mandatory: facts.mandatory,
        })
    }

    /// A set of codes: `visit_type`, `contact_form`, `informant`, `indicator/sleep`.
    #[must_use]
    pub fn codes(&self, set: &str) -> Option<&[Code]> {
        self.sets.get(set).map(|(_, codes)| codes.as_slice())
    }

    /// An indicator's own display, for a set that is one.
    #[must_use]
    pub fn labels(&self, set: &str) -> Option<&Labels> {
        self.sets.get(set).and_then(|(labels, _)| labels.as_ref())
    }

    /// Indicators by name, with the record they belong to: `child` or `parent`.
    pub fn indicators(&self) -> impl Iterator<Item = (&str, &str)> {
        self.subjects
            .iter()
            .map(|(name, subject)| (name.as_str(), subject.as_str()))
    }

    /// A measurement's units.
    #[must_use]
    pub fn units(&self, measurement: &str) -> Option<&[String]> {
        self.units.get(measurement).map(Vec::as_slice)
    }

    /// Whether a contact form is face to face: only those must carry the mandatory values.
    #[must_use]
    pub fn face_to_face(&self, contact_form: &str) -> bool {
        self.face_to_face.iter().any(|code| code == contact_form)
    }

    /// What each type of visit must carry.
    #[must_use]
    pub fn mandatory(&self) -> &[Mandatory] {
        &self.mandatory
    }
}
