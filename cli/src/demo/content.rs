//! The demo's material: staff, families, stories and sentences, read from the data files beside this module.
//!
//! Everything in them is invented. The files are part of the program; a test holds that they can be read and
//! that every name in them leads somewhere.

use serde::Deserialize;
use std::collections::BTreeMap;

/// A data file of the program that does not read.
#[derive(Debug, thiserror::Error)]
#[error("the demo's own file {file} does not read")]
pub struct ContentError {
    file: &'static str,
    #[source]
    source: Box<toml::de::Error>,
}

/// All of it.
#[derive(Debug)]
pub struct Content {
    pub staff: Staff,
    pub families: Families,
    pub stories: Vec<Story>,
    pub follow_ups: Vec<FollowUp>,
    pub joint: Joint,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staff {
    pub organisation: String,
    #[serde(rename = "team")]
    pub teams: Vec<TeamContent>,
    #[serde(rename = "practitioner")]
    pub practitioners: Vec<PractitionerContent>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamContent {
    /// A team kind's code.
    pub kind: String,
    pub name: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PractitionerContent {
    pub name: String,
    pub title: String,
    /// Kinds of the teams they are members of.
    pub teams: Vec<String>,
    #[serde(default)]
    pub coordinator: bool,
    /// What their devices are called.
    pub devices: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Families {
    #[serde(rename = "family")]
    pub families: Vec<FamilyContent>,
    pub names: Names,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    Female,
    Male,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FamilyContent {
    pub surname: String,
    pub street: String,
    pub phone: String,
    /// Two: `{mor}` and `{far}` in the texts.
    pub parents: [ParentContent; 2],
    pub children: Vec<ChildContent>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParentContent {
    pub name: String,
    pub sex: Sex,
    pub age_years: u16,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChildContent {
    pub name: String,
    pub sex: Sex,
    /// On the demo's last day.
    pub age_days: u16,
    pub story: String,
}

/// Names for families beyond the written ones.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    pub girls: Vec<String>,
    pub boys: Vec<String>,
    pub women: Vec<String>,
    pub men: Vec<String>,
    pub surnames: Vec<String>,
    pub streets: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    pub name: String,
    #[serde(rename = "entry")]
    pub entries: Vec<StoryEntry>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    #[default]
    Child,
    Mother,
    Father,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    Visit,
    Note,
    /// An assessment of risk and protective factors.
    Factors,
}

/// One factor of an assessment, by the codes of its template.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactorContent {
    pub factor: String,
    pub domain: String,
    pub effect: String,
    pub strength: String,
}

#[derive(Debug, Deserialize)]
pub struct StoryEntry {
    /// The weekday of the two weeks, from 0.
    pub day: usize,
    /// Team kind and the writer's place in the team, from 1: `ppr 2`.
    pub by: String,
    pub template: EntryKind,
    #[serde(default)]
    pub about: About,
    pub visit_type: Option<String>,
    pub weight: Option<String>,
    pub height: Option<String>,
    pub head_circumference: Option<String>,
    /// Indicator → the value's place from no problem to problem.
    #[serde(default)]
    pub codes: BTreeMap<String, usize>,
    /// Of an assessment of factors.
    #[serde(default)]
    pub factors: Vec<FactorContent>,
    #[serde(flatten)]
    pub prose: Prose,
}

/// What a person writes in words, and how they came to know it.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Prose {
    /// The note's subject line.
    pub subject: Option<String>,
    pub contact: Option<String>,
    pub informant: Option<String>,
    pub text: Option<String>,
    pub seen: Option<String>,
    pub understood: Option<String>,
    pub strengths: Option<String>,
    pub child: Option<String>,
    pub parents: Option<String>,
    pub agreements: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgeGroup {
    Infant,
    Small,
    School,
}

#[derive(Debug, Deserialize)]
pub struct FollowUp {
    pub age: AgeGroup,
    /// Kinds of the teams that could have written it.
    pub teams: Vec<String>,
    #[serde(flatten)]
    pub prose: Prose,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Joint {
    #[serde(rename = "addition")]
    pub additions: Vec<Pair>,
    #[serde(rename = "card_addition")]
    pub card_additions: Vec<Pair>,
    #[serde(rename = "reflection")]
    pub reflections: Vec<ReflectionContent>,
}

/// What two people write into one text without knowing of each other.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    pub first: String,
    pub second: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReflectionContent {
    pub team: String,
    pub title: String,
    pub start: String,
    pub first: String,
    pub second: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoryFile {
    #[serde(rename = "story")]
    stories: Vec<Story>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FollowUpFile {
    #[serde(rename = "follow_up")]
    follow_ups: Vec<FollowUp>,
}

fn parse<T: for<'de> Deserialize<'de>>(file: &'static str, text: &str) -> Result<T, ContentError> {
    toml::from_str(text).map_err(|source| ContentError {
        file,
        source: Box::new(source),
    })
}

impl Content {
    /// Reads the files that ship with the program.
    pub fn read() -> Result<Self, ContentError> {
        let mut stories = Vec::new();
        for (file, text) in [
            (
                "stories_infants.toml",
                include_str!("content/stories_infants.toml"),
            ),
            (
                "stories_small.toml",
                include_str!("content/stories_small.toml"),
            ),
            (
                "stories_school.toml",
                include_str!("content/stories_school.toml"),
            ),
        ] {
            stories.extend(parse::<StoryFile>(file, text)?.stories);
        }
        let follow_ups: FollowUpFile =
            parse("follow_ups.toml", include_str!("content/follow_ups.toml"))?;
        Ok(Self {
            staff: parse("staff.toml", include_str!("content/staff.toml"))?,
            families: parse("families.toml", include_str!("content/families.toml"))?,
            stories,
            follow_ups: follow_ups.follow_ups,
            joint: parse("joint.toml", include_str!("content/joint.toml"))?,
        })
    }

    /// The practitioner at `place` (from 1) of the team of this kind, as an index into the staff.
    /// The coordinator belongs to every team and counts last.
    pub fn practitioner_at(&self, by: &str) -> Option<usize> {
        let (kind, place) = by.split_once(' ')?;
        let place: usize = place.parse().ok()?;
        let members = self.staff.practitioners.iter().enumerate();
        let mut members = members.filter(|(_, one)| one.teams.iter().any(|team| team == kind));
        members.nth(place.checked_sub(1)?).map(|(index, _)| index)
    }

    /// The team of this kind, as an index into the staff's teams.
    pub fn team_of_kind(&self, kind: &str) -> Option<usize> {
        self.staff.teams.iter().position(|team| team.kind == kind)
    }

    /// The story of this name.
    pub fn story(&self, name: &str) -> Option<&Story> {
        self.stories.iter().find(|story| story.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use samspor_protocol::fact::TeamKind;

    #[test]
    fn every_name_in_the_demos_files_leads_somewhere() {
        let content = Content::read().unwrap();
        for team in &content.staff.teams {
            assert!(TeamKind::of_code(&team.kind).is_some(), "{}", team.kind);
        }
        for child in content
            .families
            .families
            .iter()
            .flat_map(|family| &family.children)
        {
            assert!(content.story(&child.story).is_some(), "{}", child.story);
        }
        for (story, entry) in content
            .stories
            .iter()
            .flat_map(|story| story.entries.iter().map(move |entry| (story, entry)))
        {
            assert!(
                content.practitioner_at(&entry.by).is_some(),
                "{}: {}",
                story.name,
                entry.by
            );
            assert!(entry.day < 10, "{}: day {}", story.name, entry.day);
        }
        for kind in content
            .follow_ups
            .iter()
            .flat_map(|one| &one.teams)
            .chain(content.joint.reflections.iter().map(|one| &one.team))
        {
            assert!(content.team_of_kind(kind).is_some(), "{kind}");
        }
    }

    #[test]
    fn a_story_is_told_in_the_order_of_its_days() {
        for story in Content::read().unwrap().stories {
            assert!(
                story.entries.is_sorted_by_key(|entry| entry.day),
                "{}",
                story.name
            );
        }
    }
}
