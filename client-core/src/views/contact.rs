//! Planned contacts in lists, and what begins one.

use samspor_documents::{
    contact::ContactStanding,
    document::Edit,
    id::{DocumentId, PractitionerId, SpaceId, TeamId},
    template::Language,
    time::Moment,
};

/// Which planned contacts to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Contacts {
    /// Every one.
    #[default]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContactFilter {
    /// Which.
    pub which: Contacts,
    /// Of this case only.
    pub case: Option<SpaceId>,
    /// Only those that this practitioner is to make, and those that are nobody's in particular.
    pub mine: bool,
    /// At most so many.
    pub limit: u32,
}

impl Default for ContactFilter {
    fn default() -> Self {
        Self {
            which: Contacts::All,
            case: None,
            mine: false,
            limit: 1_000,
        }
    }
}

/// A planned contact in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRow {
    /// The contact.
    pub document: DocumentId,
    /// Its case.
    pub case: SpaceId,
    /// That case's team.
    pub team: TeamId,
    /// Who it is about, as the case's card names them; none while the card is not here.
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

impl ContactRow {
    /// Its heading.
    #[must_use]
    pub fn title(&self, language: Language) -> &str {
        match language {
            Language::Danish => &self.title_da,
            Language::English => &self.title_en,
        }
    }

    /// What else it says, one per line.
    #[must_use]
    pub fn summary(&self, language: Language) -> &str {
        match language {
            Language::Danish => &self.summary_da,
            Language::English => &self.summary_en,
        }
    }
}

/// A contact to plan.
#[derive(Debug, Clone, PartialEq)]
pub struct NewContact {
    /// In this case.
    pub case: SpaceId,
    /// When it is planned for.
    pub planned_at: Moment,
    /// Who is to make it; nobody in particular when none.
    pub practitioner: Option<PractitionerId>,
    /// What else its template takes. Without a status it is agreed.
    pub fields: Vec<Edit>,
}

/// A visit that begins.
#[derive(Debug, Clone, PartialEq)]
pub struct NewVisit {
    /// In this case.
    pub case: SpaceId,
    /// The planned contact that it is. When none: what is agreed in the case for today, and is this practitioner's or
    /// nobody's in particular; where there is nothing, one is made.
    pub contact: Option<DocumentId>,
    /// The entry's template: one whose entries name their contact.
    pub template: String,
    /// What stands in the entry from the start. What it does not say of visit type and form of contact, and the planned
    /// contact does, is taken from there.
    pub fields: Vec<Edit>,
    /// When it began: now, when none.
    pub occurred_at: Option<Moment>,
    /// Whether the entry begins with what carries over from the last one of its template in the case. What `fields` and
    /// the planned contact say is said instead.
    pub from_last: bool,
}

impl NewVisit {
    /// A health visitor's visit in a case, now.
    #[must_use]
    pub fn of(case: SpaceId) -> Self {
        Self {
            case,
            contact: None,
            template: "home_visit".to_owned(),
            fields: Vec::new(),
            occurred_at: None,
            from_last: false,
        }
    }
}

/// A visit that was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartedVisit {
    /// Its planned contact, which reads "note missing" until an entry names it.
    pub contact: DocumentId,
    /// The draft of the entry, which names it.
    pub draft: DocumentId,
}
