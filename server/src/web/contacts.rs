//! A child's planned contacts on the page: what is to come, and what was held and not written about.

use super::{
    format,
    view::{Reader, TeamView, TimeView},
};
use crate::timeline::ContactRow;
use samspor_documents::{
    contact::{ContactStanding, made_by},
    id::{DocumentId, PractitionerId, SpaceId, TeamId},
    reading::Reading,
    time::UnixMillis,
};
use serde::Serialize;

/// How many lines are shown of what a contact says.
const LINES: usize = 3;

/// What is shown of a planned contact.
pub struct ContactView {
    /// Its document's id: its place on the page.
    pub id: String,
    /// Its team.
    pub team: TeamView,
    /// What it is called.
    pub title: String,
    /// When it is planned for.
    pub planned: TimeView,
    /// How it stands.
    pub standing: &'static str,
    /// Whether it was held and no entry names it.
    pub is_note_missing: bool,
    /// Who is to make it, where somebody is named.
    pub practitioner: Option<String>,
    /// What else it says.
    pub lines: Vec<String>,
    /// Fields to settle.
    pub conflicts: usize,
}

impl ContactView {
    pub(super) fn of(reader: &Reader<'_>, row: &ContactRow) -> Self {
        let standing = row.standing(reader.now);
        let (templates, language) = (&*reader.names.templates, reader.language.of_documents());
        Self {
            id: row.document.to_string(),
            team: reader.team(row.team),
            title: row.reading.title(templates, language),
            planned: TimeView::new(
                row.planned_at,
                format::moment(row.planned_at, reader.language),
            ),
            standing: standing.label(language),
            is_note_missing: standing == ContactStanding::NoteMissing,
            practitioner: made_by(&row.reading).map(|who| reader.person(who)),
            lines: row.reading.summary(templates, language, LINES),
            conflicts: row.reading.conflicts,
        }
    }
}

/// A planned contact, as data.
#[derive(Debug, Serialize)]
pub(super) struct ContactData {
    document: DocumentId,
    case: SpaceId,
    team: TeamId,
    team_name: String,
    /// Unix milliseconds.
    planned_at: UnixMillis,
    /// `agreed`, `overdue` or `note_missing`.
    standing: &'static str,
    practitioner: Option<PractitionerId>,
    /// Every field with every value, its authors and times; concurrent values included.
    reading: Reading,
}

impl ContactData {
    pub(super) fn of(reader: &Reader<'_>, row: ContactRow) -> Self {
        Self {
            document: row.document,
            case: row.case,
            team: row.team,
            team_name: reader.team(row.team).name,
            planned_at: row.planned_at,
            standing: row.standing(reader.now).code(),
            practitioner: made_by(&row.reading),
            reading: row.reading,
        }
    }
}
