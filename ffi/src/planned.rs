//! Rows of what is planned and due, and what these lists are asked for.

use crate::values::Day;
use samspor_client_core::{
    self as client, ContactFilter, ContactRow, Contacts, DueFilter, DueWhich,
};
use samspor_documents::{
    contact::ContactStanding,
    id::{DocumentId, PractitionerId, SpaceId, TeamId},
    template::Labels,
    time::Moment,
    visit::schedule::Urgency,
};

/// Which planned contacts to list.
#[uniffi::remote(Enum)]
pub enum Contacts {
    /// Every one.
    All,
    /// Those planned for today, in Denmark.
    Today,
    /// Those planned for this week, Monday to Sunday.
    Week,
    /// Those whose time has passed, and of which nobody said what became of them.
    Overdue,
    /// Those that were begun or held, and that no entry names.
    NoteMissing,
}

/// A list of planned contacts.
#[uniffi::remote(Record)]
pub struct ContactFilter {
    /// Which.
    pub which: Contacts,
    /// Of this case only.
    #[uniffi(default = None)]
    pub case: Option<SpaceId>,
    /// Only those that this practitioner is to make, and those that are nobody's in particular.
    #[uniffi(default = false)]
    pub mine: bool,
    /// At most so many.
    #[uniffi(default = 1000)]
    pub limit: u32,
}

/// How a planned contact stands.
#[uniffi::remote(Enum)]
pub enum ContactStanding {
    /// It is to come.
    Agreed,
    /// Its time has passed, and nobody said what became of it.
    Overdue,
    /// It was begun or held, and no entry in its case names it.
    NoteMissing,
    /// An entry in its case names it.
    Held,
    /// Nobody was at home.
    NotHome,
    /// The citizen does not want it.
    Declined,
    /// It was called off.
    Cancelled,
}

/// A planned contact in a list.
#[uniffi::remote(Record)]
pub struct ContactRow {
    /// The contact.
    pub document: DocumentId,
    /// Its case.
    pub case: SpaceId,
    /// That case's team.
    pub team: TeamId,
    /// Who it is about; none while the card is not here.
    pub citizen: Option<String>,
    /// When it is planned for.
    pub planned_at: Moment,
    /// How it stands.
    pub standing: ContactStanding,
    /// Who is to make it; nobody in particular when none.
    pub practitioner: Option<PractitionerId>,
    /// Its heading in Danish.
    pub title_da: String,
    /// Its heading in English.
    pub title_en: String,
    /// What else it says, one per line, in Danish.
    pub summary_da: String,
    /// The same in English.
    pub summary_en: String,
    /// How many fields hold concurrent values that wait for a person to choose.
    pub conflicts: u32,
    /// Whether this device wrote in it what the server has not acknowledged.
    pub waiting: bool,
    /// Whether something of it lies in the not-delivered box.
    pub refused: bool,
}

/// Which visits that are due to list.
#[uniffi::remote(Enum)]
pub enum DueWhich {
    /// Every one, those whose window is open as well.
    All,
    /// Those of today.
    Today,
    /// Those of today and of the rest of this week, Monday to Sunday.
    Week,
    /// Those whose time has passed.
    Overdue,
}

/// A list of visits that are due.
#[uniffi::remote(Record)]
pub struct DueFilter {
    /// Which.
    pub which: DueWhich,
    /// Of this team only.
    #[uniffi(default = None)]
    pub team: Option<TeamId>,
    /// At most so many.
    #[uniffi(default = 1000)]
    pub limit: u32,
}

/// How urgent a visit is.
#[uniffi::remote(Enum)]
pub enum Urgency {
    /// Its window is over, or the day that was agreed has passed and nothing says that it was held.
    Overdue,
    /// Agreed for today, or today is the last day of its window.
    Today,
    /// Agreed for this week, or this week its window ends.
    ThisWeek,
    /// Its window is open, and nothing is agreed.
    Open,
}

/// A visit that is due.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DueRow {
    /// The case in which it is.
    pub case: SpaceId,
    /// That case's team.
    pub team: TeamId,
    /// Who it is about, as the case's card names them.
    pub citizen: String,
    /// The kind of visit, by its short name; none of what was agreed without saying which.
    pub visit_type: Option<String>,
    /// What it is called.
    pub labels: Labels,
    /// How urgent it is.
    pub urgency: Urgency,
    /// The first day for it.
    pub from: Day,
    /// The last day for it.
    pub until: Day,
    /// The day that is agreed.
    pub agreed: Option<Day>,
    /// By how many days its window was moved because the child was born early; 0 else.
    pub moved_days: i32,
}

impl From<client::DueRow> for DueRow {
    fn from(row: client::DueRow) -> Self {
        Self {
            case: row.case,
            team: row.team,
            citizen: row.citizen,
            visit_type: row.visit_type,
            labels: row.labels,
            urgency: row.urgency,
            from: Day(row.from),
            until: Day(row.until),
            agreed: row.agreed.map(Day),
            moved_days: row.moved_days,
        }
    }
}
