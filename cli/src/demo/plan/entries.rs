//! The entries of every child: its story, and follow-ups where more entries are asked for than the story has.

use super::{
    Act, Deed, PlannedCase, PlannedDevice, PlannedField, Target, cases,
    fields::{prose_fields, story_fields},
};
use crate::demo::{
    calendar::{Calendar, DAYS, WORK_MINUTES},
    content::{About, AgeGroup, Content, FollowUp},
    people::{Caseload, Child, Citizen, Family},
};
use rand::{RngExt as _, rngs::StdRng};
use samspor_documents::time::Moment;
use std::collections::HashMap;

/// Every so many-th entry is written two days after it happened.
const LATE_EVERY: usize = 9;
/// Every so many-th further case of a child is opened without a CPR number.
const WITHOUT_CPR_EVERY: usize = 4;
/// How long after it happened an entry is typed, at most.
const TYPED_AFTER_MINUTES: i64 = 20;

/// An entry before it has its time of day.
pub(super) struct Entry {
    pub case: usize,
    pub device: usize,
    pub day: usize,
    pub template: &'static str,
    pub fields: Vec<PlannedField>,
    /// Names of the child and its parents, for what is added later.
    pub child: Child,
    pub family: Family,
}

/// A field that is added to a card after its case was opened.
pub(super) struct Addition {
    /// None: on the Friday before.
    pub day: Option<usize>,
    pub device: usize,
    pub target: Target,
    pub field: PlannedField,
}

/// What is planned so far.
pub(super) struct Draft<'a> {
    pub content: &'a Content,
    calendar: &'a Calendar,
    pub devices: &'a [PlannedDevice],
    pub cases: Vec<PlannedCase>,
    /// The day a case is opened on; none: the Friday before.
    pub opened: Vec<Option<usize>>,
    /// The citizen on each case's card.
    citizens: Vec<Citizen>,
    /// The case of a citizen in a team.
    pub by_key: HashMap<(usize, usize), usize>,
    pub entries: Vec<Entry>,
    /// Relations and identities.
    pub additions: Vec<Addition>,
    /// Each family with its children's numbers among the citizens.
    pub families: Vec<(Family, Vec<usize>)>,
    citizens_next: usize,
    further_cases: usize,
}

/// One child while its entries are planned.
pub(super) struct Subject<'a> {
    /// Its number among all citizens; the parents have the next two.
    pub number: usize,
    pub child: &'a Child,
    pub family: &'a Family,
}

impl<'a> Draft<'a> {
    pub(super) fn new(
        content: &'a Content,
        calendar: &'a Calendar,
        devices: &'a [PlannedDevice],
    ) -> Self {
        Self {
            content,
            calendar,
            devices,
            cases: Vec::new(),
            opened: Vec::new(),
            citizens: Vec::new(),
            by_key: HashMap::new(),
            entries: Vec::new(),
            additions: Vec::new(),
            families: Vec::new(),
            citizens_next: 0,
            further_cases: 0,
        }
    }

    pub(super) fn write_all(&mut self, caseload: &Caseload, entries: usize, rng: &mut StdRng) {
        for family in &caseload.families {
            let parents = self.citizens_next;
            self.citizens_next += 2;
            let mut children = Vec::new();
            for child in &family.children {
                let subject = Subject {
                    number: self.citizens_next,
                    child,
                    family,
                };
                self.citizens_next += 1;
                children.push(subject.number);
                self.write_child(&subject, parents, entries, rng);
            }
            self.families.push((family.clone(), children));
        }
    }

    fn write_child(
        &mut self,
        subject: &Subject<'_>,
        parents: usize,
        entries: usize,
        rng: &mut StdRng,
    ) {
        let content = self.content;
        let Some(story) = content.story(&subject.child.story) else {
            return;
        };
        // Who wrote last in each team: follow-ups are theirs, since they have the case on their device.
        let mut writers: Vec<(usize, usize, usize)> = Vec::new();
        for entry in story.entries.iter().take(entries) {
            let Some((kind, _)) = entry.by.split_once(' ') else {
                continue;
            };
            let (Some(team), Some(practitioner)) = (
                content.team_of_kind(kind),
                content.practitioner_at(&entry.by),
            ) else {
                continue;
            };
            let device = self.device_of(practitioner, subject.number);
            let case = self.case_for(subject, parents, entry.about, team, device, entry.day);
            if entry.about == About::Child {
                writers.retain(|(known, ..)| *known != team);
                writers.push((team, device, entry.day));
            }
            let (template, fields) = story_fields(entry, subject);
            self.push(subject, case, device, entry.day, template, fields);
        }
        let follow_ups = follow_ups(content, subject.child.age, &writers);
        for extra in 0..entries.saturating_sub(story.entries.len()) {
            let at = (subject.number + extra * 3) % follow_ups.len().max(1);
            let Some((follow_up, (team, device, from))) = follow_ups.get(at) else {
                return;
            };
            let day = rng.random_range(*from..DAYS);
            let case = self.case_for(subject, parents, About::Child, *team, *device, day);
            let fields = prose_fields("note", &follow_up.prose, subject);
            self.push(subject, case, *device, day, "note", fields);
        }
    }

    fn push(
        &mut self,
        subject: &Subject<'_>,
        case: usize,
        device: usize,
        day: usize,
        template: &'static str,
        fields: Vec<PlannedField>,
    ) {
        let (child, family) = (subject.child.clone(), subject.family.clone());
        self.entries.push(Entry {
            case,
            device,
            day,
            template,
            fields,
            child,
            family,
        });
    }

    /// A person with several devices keeps one child on one of them.
    fn device_of(&self, practitioner: usize, citizen: usize) -> usize {
        let own: Vec<usize> = (0..self.devices.len())
            .filter(|device| {
                self.devices
                    .get(*device)
                    .is_some_and(|one| one.practitioner == practitioner)
            })
            .collect();
        own.get(citizen % own.len().max(1)).copied().unwrap_or(0)
    }

    /// The citizen's case in the team; planned now if there is none. A child born since the Friday before, and a
    /// parent, get theirs when something is first written about them, by whoever writes it.
    fn case_for(
        &mut self,
        subject: &Subject<'_>,
        parents: usize,
        about: About,
        team: usize,
        device: usize,
        day: usize,
    ) -> usize {
        let number = match about {
            About::Child => subject.number,
            About::Mother => parents,
            About::Father => parents + 1,
        };
        if let Some(case) = self.by_key.get(&(number, team)) {
            return *case;
        }
        let [mother, father] = &subject.family.parents;
        let (citizen, fields, waits) = match about {
            About::Child => {
                let further = self.by_key.keys().any(|(known, _)| *known == number);
                self.further_cases += usize::from(further);
                let with_cpr = !further || !self.further_cases.is_multiple_of(WITHOUT_CPR_EVERY);
                let newborn = subject.child.citizen.born
                    >= self
                        .calendar
                        .day(0)
                        .saturating_sub(jiff::Span::new().days(3));
                (
                    &subject.child.citizen,
                    cases::child(subject.child, subject.family, with_cpr),
                    newborn,
                )
            }
            About::Mother | About::Father => {
                let citizen = if about == About::Mother {
                    mother
                } else {
                    father
                };
                let child_case = self.case_for(subject, parents, About::Child, team, device, day);
                (
                    citizen,
                    cases::parent(citizen, subject.child, child_case),
                    true,
                )
            }
        };
        let case = self.cases.len();
        self.citizens.push(citizen.clone());
        self.by_key.insert((number, team), case);
        self.cases.push(PlannedCase {
            team,
            citizen: number,
            device,
            fields,
        });
        self.opened.push(waits.then_some(day));
        case
    }

    /// Openings, entries and later additions with their times of day.
    pub(super) fn timed(&self) -> Vec<Act> {
        let mut acts: Vec<Act> = Vec::new();
        for (case, (planned, opened)) in self.cases.iter().zip(&self.opened).enumerate() {
            let minutes = i64::try_from(case % 90).unwrap_or(0);
            let at = opened.map_or_else(
                || self.calendar.preparation(minutes),
                |day| self.calendar.moment(day, 0),
            );
            acts.push(Act {
                device: planned.device,
                day: *opened,
                at,
                deed: Deed::Open { case },
            });
        }
        for (number, addition) in self.additions.iter().enumerate() {
            let Addition {
                day,
                device,
                target,
                field,
            } = addition;
            let minutes = 120 + i64::try_from(number % 240).unwrap_or(0);
            let at = day.map_or_else(
                || self.calendar.preparation(minutes),
                |day| self.calendar.moment(day, 1),
            );
            let deed = Deed::Type {
                target: *target,
                field: field.clone(),
            };
            acts.push(Act {
                device: *device,
                day: *day,
                at,
                deed,
            });
        }
        let mut per_day: HashMap<(usize, usize), (i64, i64)> = HashMap::new();
        for entry in &self.entries {
            per_day.entry((entry.device, entry.day)).or_default().1 += 1;
        }
        for (document, entry) in self.entries.iter().enumerate() {
            let (written, all) = per_day.entry((entry.device, entry.day)).or_default();
            *written += 1;
            // Between a quarter past eight and four, evenly; an hour's visit is typed within twenty minutes of it.
            let occurred_minutes = 15 + (*written - 1) * (WORK_MINUTES - 45) / (*all).max(1);
            let typed_after = TYPED_AFTER_MINUTES.min((WORK_MINUTES - 45) / (*all).max(1) / 2);
            let happened = if document % LATE_EVERY == LATE_EVERY - 1 {
                late_day(entry.day)
            } else {
                entry.day
            };
            acts.push(Act {
                device: entry.device,
                day: Some(entry.day),
                at: self
                    .calendar
                    .moment(entry.day, occurred_minutes + typed_after),
                deed: Deed::Write {
                    document,
                    case: entry.case,
                    template: entry.template,
                    occurred_at: rounded(self.calendar.moment(happened, occurred_minutes)),
                    fields: entry.fields.clone(),
                },
            });
        }
        acts
    }
}

/// Two days earlier in the same week, where there are any.
const fn late_day(day: usize) -> usize {
    if day % 5 >= 2 { day - 2 } else { day }
}

/// To whole five minutes, as people note times.
fn rounded(moment: Moment) -> Moment {
    let five = 5 * 60_000;
    Moment {
        at: samspor_documents::time::UnixMillis(moment.at.0 - moment.at.0.rem_euclid(five)),
        ..moment
    }
}

type Writer = (usize, usize, usize);

fn follow_ups<'a>(
    content: &'a Content,
    age: AgeGroup,
    writers: &[Writer],
) -> Vec<(&'a FollowUp, Writer)> {
    let fitting = content.follow_ups.iter().filter(|one| one.age == age);
    fitting
        .filter_map(|one| {
            let kinds = one
                .teams
                .iter()
                .filter_map(|kind| content.team_of_kind(kind));
            let writer = kinds
                .filter_map(|team| writers.iter().find(|(known, ..)| *known == team))
                .next()?;
            Some((one, *writer))
        })
        .collect()
}
