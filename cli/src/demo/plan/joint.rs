//! Where two write into the same place at once: the same prose, the same measurement, the same card, the same
//! reflection. All of it concerns documents that both have had since a common evening.

use super::{
    Act, CHOICE_DAY, Deed, JOINT_DAYS, PlannedDevice, PlannedField, Spot, Target, Typed,
    entries::Draft,
};
use crate::demo::{
    calendar::Calendar,
    content::{Content, Pair, ReflectionContent},
    people::fill,
};
use samspor_documents::time::Moment;
use std::collections::BTreeMap;

/// Every so many-th entry of the first week gets a paragraph from two people at once.
const TEXT_EVERY: usize = 3;
/// Every so many-th weight of the first week is corrected by two people at once.
const WEIGHT_EVERY: usize = 2;
/// Every so many-th of these is settled afterwards; the others stay open for the coordinator to see.
const SETTLED_EVERY: usize = 2;
/// Indicators of three values, from no problem to problem.
const RISKS: [&str; 4] = ["parent_child_relation", "sleep", "motor", "social_contact"];
/// Every so many-th of them that is slight is seen differently by two people at once.
const RISK_EVERY: usize = 2;
/// Every so many-th case's card gets a contact from two people at once.
const CARD_EVERY: usize = 5;
/// Prose that is added to, the first that an entry has.
const PROSE: [&str; 3] = ["understood", "seen", "text"];

struct Joint<'a> {
    content: &'a Content,
    calendar: &'a Calendar,
    devices: &'a [PlannedDevice],
    acts: Vec<Act>,
    pairs: usize,
}

/// All of them.
pub(super) fn acts(
    content: &Content,
    calendar: &Calendar,
    draft: &Draft<'_>,
    devices: &[PlannedDevice],
) -> Vec<Act> {
    let mut joint = Joint {
        content,
        calendar,
        devices,
        acts: Vec::new(),
        pairs: 0,
    };
    joint.texts(draft);
    joint.weights(draft);
    joint.risks(draft);
    joint.cards(draft);
    joint.reflections(draft.entries.len());
    joint.acts
}

impl Joint<'_> {
    /// Two devices do something on the same day of the second week.
    fn pair(&mut self, devices: (usize, usize), deeds: (Deed, Deed)) {
        let day = JOINT_DAYS.start + self.pairs % JOINT_DAYS.len();
        let minutes = 20 + i64::try_from(self.pairs % 200).unwrap_or(0);
        self.pairs += 1;
        self.act(devices.0, day, minutes, deeds.0);
        self.act(devices.1, day, minutes + 35, deeds.1);
    }

    fn act(&mut self, device: usize, day: usize, minutes: i64, deed: Deed) {
        let at: Moment = self.calendar.moment(day, minutes);
        self.acts.push(Act {
            device,
            day: Some(day),
            at,
            deed,
        });
    }

    /// Another member of the team: a colleague, and every fourth time the coordinator.
    fn colleague(&self, device: usize, team: usize) -> Option<usize> {
        let writer = self.devices.get(device)?.practitioner;
        let kind = &self.content.staff.teams.get(team)?.kind;
        let others: Vec<usize> = self
            .devices
            .iter()
            .enumerate()
            .filter(|(_, one)| one.practitioner != writer)
            .filter(|(_, one)| {
                self.content
                    .staff
                    .practitioners
                    .get(one.practitioner)
                    .is_some_and(|who| who.teams.contains(kind))
            })
            .map(|(at, _)| at)
            .collect();
        if self.pairs % 4 == 3 {
            others.last().copied()
        } else {
            others.first().copied()
        }
    }

    fn texts(&mut self, draft: &Draft<'_>) {
        let early = draft
            .entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.day < JOINT_DAYS.start);
        for (place, (document, entry)) in early.step_by(TEXT_EVERY).enumerate() {
            let Some(field) = PROSE
                .into_iter()
                .find(|name| entry.fields.iter().any(|field| field.field == *name))
            else {
                continue;
            };
            let Some(other) = draft
                .cases
                .get(entry.case)
                .and_then(|case| self.colleague(entry.device, case.team))
            else {
                continue;
            };
            let Some(Pair { first, second }) = self
                .content
                .joint
                .additions
                .get(place % self.content.joint.additions.len().max(1))
            else {
                return;
            };
            let target = Target::Document(document);
            // Every third time one of the two writes before the text and one after it.
            let spot = if place % 3 == 2 {
                Spot::Start
            } else {
                Spot::End
            };
            let add = |spot, text: &str| Deed::Add {
                target,
                field,
                spot,
                text: fill(text, &entry.child, &entry.family),
            };
            self.pair(
                (entry.device, other),
                (add(Spot::End, first), add(spot, second)),
            );
        }
    }

    fn weights(&mut self, draft: &Draft<'_>) {
        let early = draft
            .entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.day < JOINT_DAYS.start);
        let weighed = early.filter_map(|(document, entry)| {
            let weight = entry.fields.iter().find(|field| field.field == "weight")?;
            let Typed::Said(said) = &weight.typed else {
                return None;
            };
            Some((document, entry, corrected(said, 50)?, corrected(said, -20)?))
        });
        for (place, (document, entry, first, second)) in weighed.step_by(WEIGHT_EVERY).enumerate() {
            let Some(other) = draft
                .cases
                .get(entry.case)
                .and_then(|case| self.colleague(entry.device, case.team))
            else {
                continue;
            };
            let target = Target::Document(document);
            let field = |said: &str| PlannedField::new("weight", Typed::Said(said.to_owned()));
            let correct = |said: &str| Deed::Type {
                target,
                field: field(said),
            };
            self.pair((entry.device, other), (correct(&first), correct(&second)));
            if place % SETTLED_EVERY == SETTLED_EVERY - 1 {
                let minutes = 30 + i64::try_from(place % 60).unwrap_or(0);
                self.act(
                    entry.device,
                    CHOICE_DAY,
                    minutes,
                    Deed::Choose {
                        target,
                        field: field(&first),
                    },
                );
            }
        }
    }

    /// What looked slightly troubled to the one who wrote it: they come to think better of it, a colleague worse.
    /// Nobody settles it: risk waits for people to talk.
    fn risks(&mut self, draft: &Draft<'_>) {
        let early = draft
            .entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.day < JOINT_DAYS.start);
        let slight = early.filter_map(|(document, entry)| {
            let slight = |field: &&PlannedField| {
                field.typed == Typed::Place(1) && RISKS.contains(&field.field.as_str())
            };
            Some((document, entry, entry.fields.iter().find(slight)?))
        });
        for (document, entry, risk) in slight.step_by(RISK_EVERY) {
            let Some(other) = draft
                .cases
                .get(entry.case)
                .and_then(|case| self.colleague(entry.device, case.team))
            else {
                continue;
            };
            let say = |place| Deed::Type {
                target: Target::Document(document),
                field: PlannedField::new(&risk.field, Typed::Place(place)),
            };
            self.pair((entry.device, other), (say(0), say(2)));
        }
    }

    fn cards(&mut self, draft: &Draft<'_>) {
        let is_old = |case: usize| {
            let opened = draft.opened.get(case).copied().flatten();
            opened.is_none_or(|day| day < JOINT_DAYS.start)
        };
        let entries = draft.entries.iter().filter(|entry| is_old(entry.case));
        let by_case: BTreeMap<_, _> = entries.map(|entry| (entry.case, entry)).collect();
        for (place, (case, entry)) in by_case.into_iter().step_by(CARD_EVERY).enumerate() {
            let Some((team, device)) = draft.cases.get(case).map(|case| (case.team, case.device))
            else {
                continue;
            };
            let Some(other) = self.colleague(device, team) else {
                continue;
            };
            let pairs = &self.content.joint.card_additions;
            let Some(Pair { first, second }) = pairs.get(place % pairs.len().max(1)) else {
                return;
            };
            let note = |text: &str| {
                let said = fill(text, &entry.child, &entry.family);
                let item = vec![PlannedField::new("note", Typed::Said(said))];
                Deed::Type {
                    target: Target::Card(case),
                    field: PlannedField::new("contacts", Typed::Item(item)),
                }
            };
            self.pair((device, other), (note(first), note(second)));
        }
    }

    /// A reflection is begun in the first week; in the second, two go on with it at once.
    fn reflections(&mut self, entries: usize) {
        for (place, reflection) in self.content.joint.reflections.iter().enumerate() {
            let ReflectionContent {
                team,
                title,
                start,
                first,
                second,
            } = reflection;
            let Some(team) = self.content.team_of_kind(team) else {
                continue;
            };
            let Some(device) = self.first_of(team) else {
                continue;
            };
            let Some(other) = self.colleague(device, team) else {
                continue;
            };
            let document = entries + place;
            let fields = vec![
                PlannedField::new("question", Typed::Said(title.clone())),
                PlannedField::new("text", Typed::Prose(start.clone())),
            ];
            self.act(
                device,
                place,
                400,
                Deed::Reflect {
                    document,
                    team,
                    fields,
                },
            );
            let target = Target::Document(document);
            let add = |text: &str| Deed::Add {
                target,
                field: "text",
                spot: Spot::End,
                text: text.to_owned(),
            };
            self.pair((device, other), (add(first), add(second)));
        }
    }

    fn first_of(&self, team: usize) -> Option<usize> {
        let kind = &self.content.staff.teams.get(team)?.kind;
        self.devices.iter().position(|one| {
            self.content
                .staff
                .practitioners
                .get(one.practitioner)
                .is_some_and(|who| who.teams.contains(kind))
        })
    }
}

/// A weight as it is typed, so many grams or tenths of a kilogram more.
fn corrected(said: &str, more: i64) -> Option<String> {
    let (number, unit) = said.split_once(' ')?;
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.parse::<i64>().ok()?;
    if unit == "g" {
        let grams = digits + more;
        return Some(format!("{}.{:03} g", grams / 1000, grams % 1000));
    }
    let tenths = digits + more / 10;
    Some(format!("{},{} {unit}", tenths / 10, tenths % 10))
}

#[cfg(test)]
mod tests {
    use super::corrected;

    #[test]
    fn a_weight_is_corrected_as_it_was_typed() {
        assert_eq!(corrected("3.180 g", 50).as_deref(), Some("3.230 g"));
        assert_eq!(corrected("5.010 g", -20).as_deref(), Some("4.990 g"));
        assert_eq!(corrected("21,4 kg", 50).as_deref(), Some("21,9 kg"));
        assert_eq!(corrected("21,4 kg", -20).as_deref(), Some("21,2 kg"));
    }
}
