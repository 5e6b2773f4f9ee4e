//! Agreements of meetings: who does what by when, whether it was kept, and how it was carried from meeting to meeting.
//!
//! An agreement goes on in a later meeting where that says from which it was carried over and has it in the same words;
//! anything else is an agreement of its own. An entry's part in this is small ([`Says`]) and can be kept beside it, so
//! that a whole caseload is asked without reading its documents.

use super::{Entry, ItemId, Said, code, date, day_of, folded, integer, item_id, text};
use crate::{
    id::{DocumentId, SpaceId},
    reading::{ItemReading, Reading},
    template::TemplateKind,
    time::UnixMillis,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An entry or reflection, by what it says of agreements and of being followed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// The document.
    pub document: DocumentId,
    /// The case or circle it stands in.
    pub space: SpaceId,
    /// What it says.
    pub says: Says,
}

/// What of an entry or reflection agreements and follow-ups rest on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Says {
    /// Its template.
    pub template: String,
    /// When it happened: its place in the order.
    pub at: Option<UnixMillis>,
    /// The day of it.
    pub day: Said<Date>,
    /// Whether it is an entry, in a case; else a reflection.
    pub is_entry: bool,
    /// Whether it is a meeting, at which agreements are made.
    pub is_meeting: bool,
    /// Its agreements.
    pub agreements: Vec<AgreedItem>,
    /// The day that is said for following it up.
    pub next: Said<Date>,
    /// After how many months it is followed up, as it says.
    pub months: Said<i64>,
    /// Of a reflection: the cases it is about.
    pub about: Vec<SpaceId>,
    /// Of a method's follow-up: the course.
    pub course: Said<String>,
}

/// One agreement as one meeting has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedItem {
    /// Which item.
    pub item: ItemId,
    /// What.
    pub what: Said<String>,
    /// Who.
    pub who: Said<String>,
    /// By when.
    pub when: Said<Date>,
    /// `agreed`, `kept`, `not_kept` or `dropped`.
    pub status: Said<String>,
    /// The day of the meeting that it was carried over from.
    pub carried_on: Said<Date>,
    /// That meeting's entry.
    pub carried_from: Said<ItemId>,
}

impl Says {
    /// What a document says of agreements and of being followed up; none where it says nothing of either.
    #[must_use]
    pub fn of(reading: &Reading) -> Option<Self> {
        let is_meeting = reading.field("agreements").is_some();
        // One that says no day may still be what follows another up.
        if reading.discarded || !is_meeting && reading.field("next_date").is_none() {
            return None;
        }
        let about = reading.items("about");
        Some(Self {
            template: reading.template.clone(),
            at: reading.occurred_at.map(|moment| moment.at),
            day: day_of(reading),
            is_entry: reading.kind == TemplateKind::Entry,
            is_meeting,
            agreements: reading.items("agreements").map(agreed_item).collect(),
            next: Said::of(reading.field("next_date"), date),
            months: Said::of(reading.field("follow_up_months"), integer),
            about: about
                .filter_map(|item| Said::of(item.field("case"), item_id).one().copied())
                .map(|id| SpaceId(id.0))
                .collect(),
            course: Said::of(reading.field("course"), text),
        })
    }
}

impl Agreed {
    /// Of an entry.
    #[must_use]
    pub fn of(entry: &Entry<'_>) -> Option<Self> {
        Some(Self {
            document: entry.document,
            space: entry.space,
            says: Says::of(entry.reading)?,
        })
    }

    /// Its place in time; what does not say when it happened stands last.
    pub(super) fn place(&self) -> (bool, UnixMillis, DocumentId) {
        let at = self.says.at;
        (at.is_none(), at.unwrap_or_default(), self.document)
    }
}

fn agreed_item(item: &ItemReading) -> AgreedItem {
    AgreedItem {
        item: ItemId(item.id),
        what: Said::of(item.field("what"), text),
        who: Said::of(item.field("who"), text),
        when: Said::of(item.field("when"), date),
        status: Said::of(item.field("status"), code),
        carried_on: Said::of(item.field("carried_from"), date),
        carried_from: Said::of(item.field("carried_from_entry"), item_id),
    }
}

/// How an agreement stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AgreementStanding {
    /// Its time has passed, and nobody said that it was kept.
    Overdue,
    /// It is to be done.
    Open,
    /// What became of it is in conflict: a person has to choose.
    Unsettled,
    /// It was kept.
    Kept,
    /// It was not kept.
    NotKept,
    /// It was given up.
    Dropped,
}

impl AgreementStanding {
    /// Whether something has still to be done about it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Overdue | Self::Open | Self::Unsettled)
    }
}

/// Where an agreement stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The meeting.
    pub document: DocumentId,
    /// Which of its agreements.
    pub item: ItemId,
    /// The day of the meeting.
    pub day: Said<Date>,
}

/// One agreement, through every meeting that it was carried over to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Agreement {
    /// The case it stands in, by its last meeting.
    pub space: SpaceId,
    /// Where it stands, the first meeting first.
    pub places: Vec<Place>,
    /// What, as it was said last. Where meetings carried it over side by side, all that they say.
    pub what: Said<String>,
    /// Who.
    pub who: Said<String>,
    /// By when.
    pub when: Said<Date>,
    /// What became of it.
    pub status: Said<String>,
    /// How it stands.
    pub standing: AgreementStanding,
    /// Whether it is open and a later meeting in its case does not have it.
    pub not_carried_over: bool,
}

/// Every agreement of these meetings on a day: by when it is to be done, then in order of time. The order the meetings are
/// given in makes no difference.
#[must_use]
pub fn agreements(all: &[Agreed], day: Date) -> Vec<Agreement> {
    let mut meetings: Vec<&Agreed> = all.iter().filter(|one| one.says.is_meeting).collect();
    meetings.sort_by_key(|one| one.place());
    meetings.dedup_by_key(|one| one.document);
    let items: Vec<Standing<'_>> = meetings
        .iter()
        .flat_map(|meeting| meeting.says.agreements.iter().map(|item| (*meeting, item)))
        .collect();
    let from: Vec<Option<usize>> = items.iter().map(|one| carried_from(&items, one)).collect();
    let mut chains: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut roots: Vec<usize> = Vec::with_capacity(items.len());
    for (place, from) in from.iter().enumerate() {
        // What it was carried over from stands before it.
        let root = from
            .and_then(|from| roots.get(from).copied())
            .unwrap_or(place);
        roots.push(root);
        chains.entry(root).or_default().push(place);
    }
    let mut told: Vec<Agreement> = chains
        .values()
        .filter_map(|chain| agreement(&items, &from, chain, &meetings, day))
        .collect();
    told.sort_by(|one, other| {
        let by = |agreement: &Agreement| {
            agreement
                .when
                .values
                .iter()
                .min()
                .copied()
                .unwrap_or(Date::MAX)
        };
        by(one).cmp(&by(other))
    });
    told
}

type Standing<'a> = (&'a Agreed, &'a AgreedItem);

/// The one agreement that this was carried over from: in the meeting that it names, in the same words.
fn carried_from(items: &[Standing<'_>], (meeting, item): &Standing<'_>) -> Option<usize> {
    let named = item.carried_from.one().map(|id| DocumentId(id.0));
    let on = item.carried_on.one();
    if named.is_none() && (on.is_none() || !item.carried_from.is_nothing()) {
        return None;
    }
    let words = folded(item.what.one()?);
    let mut found = items.iter().enumerate().filter(|(_, (other, origin))| {
        let is_meeting = match named {
            Some(named) => other.document == named,
            None => other.space == meeting.space && other.says.day.one() == on,
        };
        let is_before = other.place() < meeting.place();
        is_meeting && is_before && origin.what.values.iter().any(|one| folded(one) == words)
    });
    let (place, _) = found.next()?;
    // In several places in the same words: nobody knows which.
    found.next().is_none().then_some(place)
}

fn agreement(
    items: &[Standing<'_>],
    from: &[Option<usize>],
    chain: &[usize],
    meetings: &[&Agreed],
    day: Date,
) -> Option<Agreement> {
    let goes_on = |place: &usize| from.contains(&Some(*place));
    let last: Vec<&Standing<'_>> = chain
        .iter()
        .filter(|place| !goes_on(place))
        .filter_map(|place| items.get(*place))
        .collect();
    let (meeting, _) = last.last()?;
    let place = |place: &usize| {
        let (meeting, item) = items.get(*place)?;
        Some(Place {
            document: meeting.document,
            item: item.item,
            day: meeting.says.day.clone(),
        })
    };
    let when = Said::together(last.iter().map(|(_, item)| item.when.clone()));
    let status = Said::together(last.iter().map(|(_, item)| item.status.clone()));
    let standing = standing(&status, &when, day);
    let is_later = |other: &&Agreed| {
        let is_past = other.says.day.all_say(|on| *on <= day) == Some(true);
        other.space == meeting.space && other.place() > meeting.place() && is_past
    };
    Some(Agreement {
        space: meeting.space,
        places: chain.iter().filter_map(place).collect(),
        what: Said::together(last.iter().map(|(_, item)| item.what.clone())),
        who: Said::together(last.iter().map(|(_, item)| item.who.clone())),
        not_carried_over: standing.is_open() && meetings.iter().copied().any(|one| is_later(&one)),
        when,
        status,
        standing,
    })
}

fn standing(status: &Said<String>, when: &Said<Date>, day: Date) -> AgreementStanding {
    if status.unsettled {
        return AgreementStanding::Unsettled;
    }
    match status.one().map(String::as_str) {
        Some("kept") => AgreementStanding::Kept,
        Some("not_kept") => AgreementStanding::NotKept,
        Some("dropped") => AgreementStanding::Dropped,
        _ if when.all_say(|when| *when < day) == Some(true) => AgreementStanding::Overdue,
        _ => AgreementStanding::Open,
    }
}

#[cfg(test)]
mod tests;
