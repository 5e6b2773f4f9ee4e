//! Rows that pages are made of, from a document's newest state: so that no page loads a document.

use super::apply::With;
use crate::{
    log::{Secret, Seq},
    timeline::stored,
};
use samspor_documents::{
    card::{CardView, CitizenKind},
    contact::Statuses,
    cpr::Cpr,
    id::{DocumentId, PractitionerId, SpaceId},
    method::{contributions::is_feedback, heard::is_decision},
    name_order::sort_name,
    reading::{Outstanding, Reading},
    template::{TemplateKind, Templates},
    time::{UnixMillis, day_number},
    visit::schedule::{Contact, Subject, visit_type},
};

/// By which version of this code a row is made. Rows by an earlier one are made again when the projector has nothing else to
/// do.
pub(super) const MADE: i64 = 1;

/// A document's row.
#[derive(Debug)]
pub(super) struct TimelineRow {
    pub document: DocumentId,
    pub kind: i64,
    pub template: String,
    /// The version of the template, where that is not known: it is rendered again when it comes.
    pub unknown_version: Option<i64>,
    /// What the order follows.
    pub occurred_at: i64,
    pub written_at: Option<i64>,
    pub received_at: i64,
    pub seq: Seq,
    pub conflicts: i64,
    pub invalid: i64,
    /// The entry that it adds to.
    pub adds_to: Option<DocumentId>,
    /// The planned contact that it names.
    pub contact: Option<DocumentId>,
    /// What its status says; of planned contacts only.
    pub statuses: Option<i64>,
    /// Of a contact that was held or planned: its kind; empty where a planned one says none.
    pub visit_type: Option<String>,
    /// How far its place was ahead of UTC.
    pub offset_minutes: i64,
    /// In which of a team's figures it is counted.
    pub counted: Option<i64>,
    /// What it lacks that it must carry, and who wrote in it; of contacts that lack something only.
    pub outstanding: Option<(i64, Vec<PractitionerId>)>,
    /// The reading as it is stored.
    pub reading: Vec<u8>,
    /// What a list of children needs; of cards only.
    pub card: Option<CardRow>,
}

/// A card's row in the list of children.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CardRow {
    pub kind: i64,
    pub sort_name: String,
    pub cpr_key: Option<[u8; 16]>,
    pub same_as: Vec<SpaceId>,
    /// The cases of whom it says to be its citizen's parent or child.
    pub relations: Vec<SpaceId>,
    /// From when visits are counted, as days since 1970.
    pub born: Option<i64>,
    pub term: Option<i64>,
    pub gestational_days: Option<i32>,
    pub closed: bool,
    pub is_over: bool,
}

/// A kind of document as it is stored.
pub(crate) const fn kind_code(kind: TemplateKind) -> i64 {
    match kind {
        TemplateKind::Card => 0,
        TemplateKind::Entry => 1,
        TemplateKind::Reflection => 2,
        TemplateKind::PlannedContact => 3,
    }
}

/// A CPR number as it is stored: without the organisation's secret it cannot be guessed back.
fn cpr_key(secret: &Secret, cpr: &Cpr) -> [u8; 16] {
    secret.mac16("cpr-1", &[cpr.as_str().as_bytes()])
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn card_row(secret: &Secret, reading: &Reading) -> CardRow {
    let view = CardView::of(reading);
    let subject = Subject::of(reading);
    let of_parents = view.relations.iter();
    let of_parents = of_parents.filter(|one| one.kind.is_of_parent());
    CardRow {
        relations: of_parents.filter_map(|one| one.case).collect(),
        born: subject.child.birth_date.map(day_number),
        term: subject.child.due_date.map(day_number),
        gestational_days: subject.child.gestational_days,
        closed: subject.closed,
        is_over: subject.is_over,
        kind: match view.kind {
            CitizenKind::Child => 0,
            CitizenKind::Parent => 1,
        },
        sort_name: sort_name(&view.name),
        cpr_key: view.cpr.as_ref().map(|cpr| cpr_key(secret, cpr)),
        same_as: view.same_as,
    }
}

/// The kind of visit that a contact was or is to be; none of what is no contact.
fn visit_of(reading: &Reading, templates: &Templates) -> Option<String> {
    match reading.kind {
        TemplateKind::Entry => Contact::held(reading, templates)?.visit_type,
        TemplateKind::PlannedContact if !reading.discarded => {
            let said = visit_type(reading, templates);
            Some(said.unwrap_or_default().to_owned())
        }
        _ => None,
    }
}

/// As a row keeps what a decision and what feedback is.
pub(crate) const COUNTED_DECISION: i64 = 1;
pub(crate) const COUNTED_FEEDBACK: i64 = 2;

fn counted(reading: &Reading) -> Option<i64> {
    if reading.discarded {
        None
    } else if is_decision(reading) {
        Some(COUNTED_DECISION)
    } else {
        is_feedback(reading).then_some(COUNTED_FEEDBACK)
    }
}

fn outstanding(reading: &Reading, templates: &Templates) -> Option<(i64, Vec<PractitionerId>)> {
    let bits = Outstanding::of(reading, templates).bits()?;
    Some((bits, reading.authors.clone()))
}

/// Where a document stands that is rendered.
pub(super) struct Placed {
    pub id: DocumentId,
    /// Whether it stands in a case: a card anywhere else is none.
    pub in_case: bool,
    pub received_at: UnixMillis,
    pub seq: Seq,
}

/// Renders one document; none when its reading cannot be stored (then the row before, if any, stands).
pub(super) fn render(with: &With, reading: &Reading, placed: &Placed) -> Option<TimelineRow> {
    let (secret, templates) = (&with.secret, &*with.templates);
    let written_at = reading.written_at.map(|at| at.0);
    let received_at = placed.received_at.0;
    let occurred_at = reading.occurred_at.map(|moment| moment.at.0);
    let is_card = placed.in_case && reading.kind == TemplateKind::Card;
    let is_contact = placed.in_case && reading.kind == TemplateKind::PlannedContact;
    Some(TimelineRow {
        document: placed.id,
        kind: kind_code(reading.kind),
        occurred_at: occurred_at.or(written_at).unwrap_or(received_at),
        written_at,
        received_at,
        seq: placed.seq,
        conflicts: count(reading.conflicts),
        invalid: count(reading.invalid),
        adds_to: reading.adds_to(),
        contact: reading.planned_contact(),
        statuses: is_contact.then(|| Statuses::of(reading).bits()),
        visit_type: visit_of(reading, templates).filter(|_| placed.in_case),
        offset_minutes: reading
            .occurred_at
            .map_or(0, |moment| i64::from(moment.offset_minutes)),
        counted: counted(reading),
        outstanding: outstanding(reading, templates).filter(|_| placed.in_case),
        reading: stored::encode(reading)?,
        unknown_version: (!reading.template_known).then(|| i64::from(reading.template_version)),
        card: is_card.then(|| card_row(secret, reading)),
        template: reading.template.clone(),
    })
}
