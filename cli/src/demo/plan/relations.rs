//! Who belongs to whom: siblings within a team, and cases that are one person though one lacks the CPR number.

use super::{
    JOINT_DAYS, PlannedField, Target, Typed, cases,
    entries::{Addition, Draft},
};
use crate::demo::people::Citizen;

/// All of them, for the cases planned so far.
pub(super) fn additions(draft: &Draft<'_>) -> Vec<Addition> {
    let mut additions = Vec::new();
    for (family, numbers) in &draft.families {
        let children: Vec<(usize, &Citizen)> = numbers
            .iter()
            .copied()
            .zip(family.children.iter().map(|child| &child.citizen))
            .collect();
        for (one, _) in &children {
            for (other, citizen) in children.iter().filter(|(other, _)| other != one) {
                additions.extend(siblings(draft, *one, *other, citizen));
            }
        }
    }
    additions.extend(identities(draft));
    additions
}

/// In every team that has a case of both, the one's card points to the other's case. On the Friday before when both
/// were opened then on one device, else when everybody has both.
fn siblings(draft: &Draft<'_>, one: usize, other: usize, citizen: &Citizen) -> Vec<Addition> {
    let teams = 0..draft.content.staff.teams.len();
    let pairs = teams.filter_map(|team| {
        let case = *draft.by_key.get(&(one, team))?;
        let sibling = *draft.by_key.get(&(other, team))?;
        let device = draft.cases.get(case)?.device;
        let on_one_device = draft.cases.get(sibling)?.device == device;
        let prepared = |case: usize| draft.opened.get(case).is_some_and(Option::is_none);
        let at_once = on_one_device && prepared(case) && prepared(sibling);
        Some(Addition {
            day: (!at_once).then_some(JOINT_DAYS.start),
            device,
            target: Target::Card(case),
            field: cases::relation("sibling", Some(sibling), citizen),
        })
    });
    pairs.collect()
}

/// The coordinator, who sees both, says of a case without CPR number that it is the same person as another.
fn identities(draft: &Draft<'_>) -> Vec<Addition> {
    let coordinator = draft.devices.len().saturating_sub(1);
    let numberless = draft.cases.iter().enumerate().filter(|(_, planned)| {
        let mut fields = planned.fields.iter();
        !fields.any(|field| field.field == "cpr")
    });
    let same = numberless.filter_map(|(case, planned)| {
        let mut cases = draft.cases.iter().enumerate();
        let (same, _) =
            cases.find(|(other, one)| *other != case && one.citizen == planned.citizen)?;
        let item = vec![PlannedField::new("case", Typed::Case(same))];
        Some(Addition {
            day: Some(JOINT_DAYS.start),
            device: coordinator,
            target: Target::Card(case),
            field: PlannedField::new("same_as", Typed::Item(item)),
        })
    });
    same.collect()
}
