//! The visit schedule by which visits are due: the organisation's own where it has set one, else the one that ships.

use crate::{device::Device, error::SamsporError, reading::all};
use samspor_client_core as client;
use samspor_documents::{
    template::Labels,
    visit::schedule::{self, CountedFrom, Distance, Source as WindowSource},
};

/// From which day a window is counted.
#[uniffi::remote(Enum)]
pub enum CountedFrom {
    /// The day of birth.
    Birth,
    /// The day the child is due, while it is not born.
    Due,
}

/// Who says that a window is as it is.
#[uniffi::remote(Enum)]
pub enum WindowSource {
    /// KL's own name of the visit.
    Kl,
    /// The municipality: a setting.
    Municipality,
}

/// How far from the day that a window is counted from: years and months first, then weeks and days.
#[uniffi::remote(Record)]
pub struct Distance {
    /// Years.
    pub years: i32,
    /// Months.
    pub months: i32,
    /// Weeks.
    pub weeks: i32,
    /// Days.
    pub days: i32,
}

/// When one kind of visit is due.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct VisitWindow {
    /// The kind of visit, by its short name.
    pub visit_type: String,
    /// From which day it is counted.
    pub counted_from: CountedFrom,
    /// Its first day.
    pub from: Distance,
    /// Its last day.
    pub until: Distance,
    /// Whether of a child born before 37 weeks it is counted from the day it was due.
    pub corrected: bool,
    /// Who says so.
    pub source: WindowSource,
    /// The window in words.
    pub note: Labels,
}

impl From<schedule::Window> for VisitWindow {
    fn from(window: schedule::Window) -> Self {
        Self {
            visit_type: window.visit_type,
            counted_from: window.counted_from,
            from: window.from,
            until: window.until,
            corrected: window.corrected,
            source: window.source,
            note: window.note,
        }
    }
}

/// By which schedule visits are due.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct VisitSchedule {
    /// So many days after its window a visit that was not held is still reminded of.
    pub remind_days: u16,
    /// Each kind of visit at most once.
    pub windows: Vec<VisitWindow>,
    /// Whether the organisation set it; else it is the one that ships.
    pub is_own: bool,
    /// Why the one that the organisation set cannot be used here, in one English sentence.
    pub aside: Option<String>,
}

impl From<client::ScheduleInForce> for VisitSchedule {
    fn from(in_force: client::ScheduleInForce) -> Self {
        let schedule = in_force.schedule.into_owned();
        Self {
            remind_days: schedule.remind_days,
            windows: all(schedule.windows),
            is_own: in_force.is_own,
            aside: in_force.aside.map(|error| error.to_string()),
        }
    }
}

#[uniffi::export]
impl Device {
    /// The visit schedule by which visits are due here.
    pub async fn visit_schedule(&self) -> Result<VisitSchedule, SamsporError> {
        self.run(async move |device| device.visit_schedule().await.map(Into::into))
            .await
    }
}
