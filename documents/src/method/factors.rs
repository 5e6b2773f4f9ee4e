//! Risk and protective factors over assessments: when each appeared, how it changed, when it was not named any more.
//!
//! A factor is known by its domain and its words. Where the words or the domain are in conflict it stands under each of
//! them, marked, and nothing is said of a change.

use super::{Entry, Said, code, day_of, folded, in_order, text};
use crate::{id::DocumentId, reading::ItemReading};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// The field of items that holds the factors of an assessment.
const FACTORS: &str = "factors";
/// The domains in the order in which they are told; others follow by name, and what says none stands last.
const DOMAINS: [&str; 5] = ["child", "family", "network", "daycare_school", "leisure"];
/// From least to most.
const STRENGTHS: [&str; 3] = ["slight", "clear", "strong"];

/// What an assessment says of a factor, beside the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is named for the first time.
    Appeared,
    /// As before.
    Same,
    /// Stronger than before.
    Stronger,
    /// Weaker than before.
    Weaker,
    /// It was a risk and protects now, or the other way.
    Turned,
    /// It is not named any more.
    NotNamed,
    /// It is named again.
    NamedAgain,
    /// Values in conflict, here or right before: a person has to choose.
    Unsettled,
}

/// One assessment's word on a factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The assessment.
    pub document: DocumentId,
    /// Its day.
    pub day: Said<Date>,
    /// Beside the one before.
    pub change: Change,
    /// `risk` or `protective`.
    pub effect: Said<String>,
    /// `slight`, `clear` or `strong`.
    pub strength: Said<String>,
    /// Since when, in the words of who knows it.
    pub since: Said<String>,
}

/// One factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Factor {
    /// Its words, as they were written first.
    pub factor: String,
    /// One per assessment from its first on.
    pub steps: Vec<Step>,
}

/// The factors of one domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Domain {
    /// Its code; none where none was said.
    pub domain: Option<String>,
    /// By when they appeared, then by their words.
    pub factors: Vec<Factor>,
}

/// Where the factors of a domain stand among others.
type DomainKey = (usize, Option<String>);
/// By which assessment a factor was named first, its words folded and as they were written.
type FactorKey = (usize, String, String);

/// A child's factors over its assessments, by domain. The order the entries are given in makes no difference.
#[must_use]
pub fn factors(entries: &[Entry<'_>]) -> Vec<Domain> {
    let assessments: Vec<Entry<'_>> = in_order(entries)
        .into_iter()
        .filter(|entry| entry.reading.field(FACTORS).is_some())
        .collect();
    let named: Vec<Vec<Named>> = assessments
        .iter()
        .map(|entry| entry.reading.items(FACTORS).filter_map(Named::of).collect())
        .collect();
    let mut known: BTreeMap<DomainKey, Vec<FactorKey>> = BTreeMap::new();
    for (first, assessment) in named.iter().enumerate() {
        for (domain, words) in assessment.iter().flat_map(Named::keys) {
            let factors = known.entry((rank(domain.as_deref()), domain)).or_default();
            let key = folded(&words);
            if !factors.iter().any(|(_, known, _)| *known == key) {
                factors.push((first, key, words));
            }
        }
    }
    let domains = known.into_iter().map(|((_, domain), mut factors)| {
        factors.sort();
        let factor = |(first, key, words): FactorKey| Factor {
            factor: words,
            steps: steps(&assessments, &named, first, (domain.as_ref(), &key)),
        };
        Domain {
            factors: factors.into_iter().map(factor).collect(),
            domain: domain.clone(),
        }
    });
    domains.collect()
}

fn rank(domain: Option<&str>) -> usize {
    match domain {
        Some(domain) => {
            let place = DOMAINS.iter().position(|one| *one == domain);
            place.unwrap_or(DOMAINS.len())
        }
        None => DOMAINS.len() + 1,
    }
}

/// A factor as an assessment names it.
struct Named {
    words: Said<String>,
    domain: Said<String>,
    effect: Said<String>,
    strength: Said<String>,
    since: Said<String>,
}

impl Named {
    /// None where nobody can read which factor it is.
    fn of(item: &ItemReading) -> Option<Self> {
        let words = Said::of(item.field("factor"), text);
        (!words.values.is_empty()).then(|| Self {
            words,
            domain: Said::of(item.field("domain"), code),
            effect: Said::of(item.field("effect"), code),
            strength: Said::of(item.field("strength"), code),
            since: Said::of(item.field("since"), text),
        })
    }

    fn domains(&self) -> Vec<Option<String>> {
        match self.domain.values.is_empty() {
            true => vec![None],
            false => self.domain.values.iter().cloned().map(Some).collect(),
        }
    }

    fn keys(&self) -> Vec<(Option<String>, String)> {
        let domains = self.domains();
        let with = |domain: &Option<String>| {
            let words = self.words.values.iter();
            words
                .map(|words| (domain.clone(), words.clone()))
                .collect::<Vec<_>>()
        };
        domains.iter().flat_map(with).collect()
    }

    fn is(&self, (domain, key): (Option<&String>, &str)) -> bool {
        self.domains().iter().any(|one| one.as_ref() == domain)
            && self.words.values.iter().any(|words| folded(words) == key)
    }

    const fn is_unsettled(&self) -> bool {
        self.words.unsettled || self.domain.unsettled
    }
}

fn steps(
    assessments: &[Entry<'_>],
    named: &[Vec<Named>],
    first: usize,
    key: (Option<&String>, &str),
) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    // The last time it was named.
    let mut before: Option<usize> = None;
    for (entry, named) in assessments.iter().zip(named).skip(first) {
        let here: Vec<&Named> = named.iter().filter(|one| one.is(key)).collect();
        let join = |what: fn(&Named) -> &Said<String>| {
            Said::together(here.iter().map(|one| what(one).clone()))
        };
        let mut step = Step {
            document: entry.document,
            day: day_of(entry.reading),
            change: Change::NotNamed,
            effect: join(|one| &one.effect),
            strength: join(|one| &one.strength),
            since: join(|one| &one.since),
        };
        if !here.is_empty() {
            let unsettled = here.iter().any(|one| one.is_unsettled());
            step.change = match before.and_then(|before| steps.get(before)) {
                _ if unsettled || step.effect.unsettled || step.strength.unsettled => {
                    Change::Unsettled
                }
                None => Change::Appeared,
                Some(_)
                    if steps
                        .last()
                        .is_some_and(|last| last.change == Change::NotNamed) =>
                {
                    Change::NamedAgain
                }
                Some(before) => change(before, &step),
            };
            before = Some(steps.len());
        }
        steps.push(step);
    }
    steps
}

fn change(before: &Step, now: &Step) -> Change {
    if before.effect.unsettled || before.strength.unsettled {
        return Change::Unsettled;
    }
    match (before.effect.one(), now.effect.one()) {
        (Some(before), Some(now)) if before != now => return Change::Turned,
        _ => {}
    }
    let strength = |step: &Step| {
        let said = step.strength.one()?;
        STRENGTHS.iter().position(|one| one == said)
    };
    match (strength(before), strength(now)) {
        (Some(before), Some(now)) if now > before => Change::Stronger,
        (Some(before), Some(now)) if now < before => Change::Weaker,
        _ => Change::Same,
    }
}

#[cfg(test)]
mod tests;
