//! Who the demo is about: the written families first, then the same families under other names.
//!
//! CPR numbers are made from the birth date and a serial from 9999 downward that fails modulus 11: formally
//! valid, and never given to anybody. The same seed and calendar give the same people.

use super::content::{AgeGroup, ChildContent, Content, FamilyContent, Names, ParentContent, Sex};
use jiff::{ToSpan as _, civil::Date};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use std::collections::HashMap;

/// A child or a parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citizen {
    pub given: String,
    pub surname: String,
    pub sex: Sex,
    pub born: Date,
    /// `DDMMYY-XXXX`.
    pub cpr: String,
}

impl Citizen {
    /// Given name and surname.
    pub fn name(&self) -> String {
        format!("{} {}", self.given, self.surname)
    }
}

/// A child and the story told about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    pub citizen: Citizen,
    pub age: AgeGroup,
    pub story: String,
}

/// A household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    pub street: String,
    pub phone: String,
    pub parents: [Citizen; 2],
    pub children: Vec<Child>,
}

/// Everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caseload {
    pub families: Vec<Family>,
}

impl Caseload {
    /// So many children in families; `last_day` is the day their ages are counted to.
    pub fn make(content: &Content, children: usize, last_day: Date, seed: u64) -> Self {
        let mut maker = Maker {
            rng: StdRng::seed_from_u64(seed),
            last_day,
            serials: HashMap::new(),
        };
        let written = &content.families.families;
        let mut families = Vec::new();
        let mut left = children;
        for round in 0.. {
            for family in written {
                if left == 0 || written.is_empty() {
                    return Self { families };
                }
                let family = if round == 0 {
                    family.clone()
                } else {
                    maker.renamed(family, &content.families.names)
                };
                let family = maker.family(&family, left);
                left -= family.children.len();
                families.push(family);
            }
        }
        Self { families }
    }
}

struct Maker {
    rng: StdRng,
    last_day: Date,
    /// How many serials were given for a birth date.
    serials: HashMap<(Date, bool), u16>,
}

impl Maker {
    fn pick<'a>(&mut self, names: &'a [String]) -> &'a str {
        let at = self.rng.random_range(0..names.len().max(1));
        names.get(at).map_or("", String::as_str)
    }

    fn renamed(&mut self, family: &FamilyContent, names: &Names) -> FamilyContent {
        let surname = self.pick(&names.surnames).to_owned();
        let number = self.rng.random_range(1..90_u8);
        let parent = |maker: &mut Self, one: &ParentContent| ParentContent {
            name: maker
                .pick(if one.sex == Sex::Female {
                    &names.women
                } else {
                    &names.men
                })
                .to_owned(),
            sex: one.sex,
            age_years: one.age_years,
        };
        let [first, second] = &family.parents;
        let parents = [parent(self, first), parent(self, second)];
        let children = family.children.iter().map(|child| ChildContent {
            name: self
                .pick(if child.sex == Sex::Female {
                    &names.girls
                } else {
                    &names.boys
                })
                .to_owned(),
            age_days: child.age_days - self.rng.random_range(0..=child.age_days / 12),
            ..child.clone()
        });
        FamilyContent {
            children: children.collect(),
            street: format!("{} {number}", self.pick(&names.streets)),
            phone: format!(
                "20 00 {:02} {:02}",
                self.rng.random_range(2..100_u8),
                self.rng.random_range(0..100_u8)
            ),
            surname,
            parents,
        }
    }

    fn family(&mut self, family: &FamilyContent, children_max: usize) -> Family {
        let [first, second] = &family.parents;
        let parents = [
            self.parent(first, &family.surname),
            self.parent(second, &family.surname),
        ];
        let children = family.children.iter().take(children_max);
        let children = children
            .map(|child| self.child(child, &family.surname))
            .collect();
        Family {
            street: family.street.clone(),
            phone: family.phone.clone(),
            parents,
            children,
        }
    }

    fn parent(&mut self, parent: &ParentContent, surname: &str) -> Citizen {
        let days = i64::from(parent.age_years) * 365 + self.rng.random_range(30..330);
        self.citizen(&parent.name, surname, parent.sex, days)
    }

    fn child(&mut self, child: &ChildContent, surname: &str) -> Child {
        Child {
            citizen: self.citizen(&child.name, surname, child.sex, i64::from(child.age_days)),
            age: match child.age_days {
                0..400 => AgeGroup::Infant,
                400..2200 => AgeGroup::Small,
                _ => AgeGroup::School,
            },
            story: child.story.clone(),
        }
    }

    fn citizen(&mut self, given: &str, surname: &str, sex: Sex, age_days: i64) -> Citizen {
        let born = self
            .last_day
            .checked_sub(age_days.days())
            .unwrap_or(self.last_day);
        Citizen {
            given: given.to_owned(),
            surname: surname.to_owned(),
            sex,
            born,
            cpr: self.cpr(born, sex),
        }
    }

    /// Odd serials for males, even for females; from the top of the range, passing over those that hold modulus 11.
    fn cpr(&mut self, born: Date, sex: Sex) -> String {
        let given = self.serials.entry((born, sex == Sex::Female)).or_insert(0);
        loop {
            let serial = 9999 - (*given % 500) * 2 - u16::from(sex == Sex::Female);
            *given += 1;
            let date = format!(
                "{:02}{:02}{:02}",
                born.day(),
                born.month(),
                born.year().rem_euclid(100)
            );
            if !holds_modulus_11(&format!("{date}{serial}")) {
                return format!("{date}-{serial}");
            }
        }
    }
}

fn holds_modulus_11(digits: &str) -> bool {
    let weights = [4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
    let sum: u32 = digits
        .chars()
        .filter_map(|digit| digit.to_digit(10))
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum();
    sum.is_multiple_of(11)
}

/// A text with its placeholders filled in for one child.
pub fn fill(text: &str, child: &Child, family: &Family) -> String {
    let [mother, father] = &family.parents;
    let (he, him, his) = match child.citizen.sex {
        Sex::Female => ("hun", "hende", "hendes"),
        Sex::Male => ("han", "ham", "hans"),
    };
    let sibling = family
        .children
        .iter()
        .find(|other| other.citizen != child.citizen);
    let sibling = sibling.map_or("Storesøster", |other| other.citizen.given.as_str());
    [
        ("{barn}", child.citizen.given.clone()),
        ("{barns}", genitive(&child.citizen.given)),
        ("{mor}", mother.given.clone()),
        ("{mors}", genitive(&mother.given)),
        ("{far}", father.given.clone()),
        ("{fars}", genitive(&father.given)),
        ("{søskende}", sibling.to_owned()),
        ("{han}", he.to_owned()),
        ("{Han}", capital(he)),
        ("{ham}", him.to_owned()),
        ("{hans}", his.to_owned()),
        ("{Hans}", capital(his)),
    ]
    .iter()
    .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn genitive(name: &str) -> String {
    if name.ends_with(['s', 'x', 'z']) {
        format!("{name}'")
    } else {
        format!("{name}s")
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use samspor_documents::cpr::Cpr;
    use std::collections::HashSet;

    fn caseload(children: usize, seed: u64) -> Caseload {
        Caseload::make(
            &Content::read().unwrap(),
            children,
            date(2026, 11, 20),
            seed,
        )
    }

    fn everybody(caseload: &Caseload) -> Vec<Citizen> {
        let families = caseload.families.iter();
        families
            .flat_map(|family| {
                family
                    .parents
                    .iter()
                    .chain(family.children.iter().map(|child| &child.citizen))
            })
            .cloned()
            .collect()
    }

    #[test]
    fn there_are_as_many_children_as_asked_for() {
        for children in [0, 1, 2, 13, 14, 15, 300] {
            let made: usize = caseload(children, 7)
                .families
                .iter()
                .map(|family| family.children.len())
                .sum();
            assert_eq!(made, children);
        }
    }

    #[test]
    fn a_seed_always_gives_the_same_people() {
        assert_eq!(caseload(60, 7), caseload(60, 7));
        assert_ne!(caseload(60, 7), caseload(60, 8));
    }

    #[test]
    fn every_cpr_number_is_formally_valid_fails_modulus_11_and_stands_once() {
        let mut seen = HashSet::new();
        for citizen in everybody(&caseload(500, 1)) {
            assert!(Cpr::parse(&citizen.cpr).is_ok());
            assert!(!holds_modulus_11(&citizen.cpr.replace('-', "")));
            assert!(seen.insert(citizen.cpr.clone()));
        }
    }

    #[test]
    fn no_text_keeps_a_placeholder() {
        let content = Content::read().unwrap();
        for family in caseload(14, 1).families {
            for child in &family.children {
                for entry in &content.story(&child.story).unwrap().entries {
                    let prose = &entry.prose;
                    for text in [
                        &prose.text,
                        &prose.seen,
                        &prose.understood,
                        &prose.strengths,
                        &prose.child,
                        &prose.parents,
                        &prose.agreements,
                    ]
                    .into_iter()
                    .flatten()
                    {
                        assert!(
                            !fill(text, child, &family).contains(['{', '}']),
                            "{}: {text}",
                            child.story
                        );
                    }
                }
            }
        }
    }
}
