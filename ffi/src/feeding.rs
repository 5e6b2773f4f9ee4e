//! How a child was fed, as a visit says it: in periods, with what of them overlaps.

use crate::{
    device::Device,
    error::SamsporError,
    values::{Day, count},
};
use samspor_documents::{
    id::DocumentId,
    template::Labels,
    visit::{
        Visit,
        periods::{self, FEEDING, NoPeriod, Periods},
    },
};
use uuid::Uuid;

/// One period.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FeedingPeriod {
    /// What it was: a code of the template's.
    pub kind: String,
    /// What people read for it; none where the code is not known here.
    pub labels: Option<Labels>,
    /// Its first day.
    pub from: Day,
    /// Its last day, that day included; none while it goes on.
    pub until: Option<Day>,
}

/// Days that two periods share. Nobody decides which is right.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FeedingOverlap {
    /// The place of the one among the periods, from 0.
    pub one: u64,
    /// The place of the other.
    pub other: u64,
    /// The first shared day.
    pub from: Day,
    /// The last shared day; none while both go on.
    pub until: Option<Day>,
}

impl From<periods::Overlap> for FeedingOverlap {
    fn from(overlap: periods::Overlap) -> Self {
        Self {
            one: count(overlap.between.0),
            other: count(overlap.between.1),
            from: Day(overlap.from),
            until: overlap.until.map(Day),
        }
    }
}

/// Why an item is no period.
#[uniffi::remote(Enum)]
pub enum NoPeriod {
    /// No kind, or no first day.
    Incomplete,
    /// A value in conflict, or one that breaks the template.
    Unsettled,
    /// Its last day is before its first.
    EndsBeforeItBegins,
}

/// An item that is no period.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FeedingOther {
    /// Which.
    pub item: Uuid,
    /// Why.
    pub why: NoPeriod,
}

/// How a child was fed, as one visit says it.
#[derive(Debug, Clone, PartialEq, Eq, Default, uniffi::Record)]
pub struct Feeding {
    /// By first day, then last day, then kind.
    pub periods: Vec<FeedingPeriod>,
    /// Every overlap of two periods.
    pub overlaps: Vec<FeedingOverlap>,
    /// Items that are no period, with why.
    pub others: Vec<FeedingOther>,
    /// How it is on the day of the visit: several codes in a conflict.
    pub status: Vec<String>,
}

#[uniffi::export]
impl Device {
    /// How a child was fed, as this document says it; nothing where its template has no field for it.
    ///
    /// # Errors
    /// As [`Device::read`].
    pub async fn feeding(&self, document: DocumentId) -> Result<Feeding, SamsporError> {
        self.run(async move |device| {
            let reading = device.read(document).await?;
            let templates = device.templates();
            let template = reading.template(&templates);
            let items = template.and_then(|template| template.field(FEEDING.items));
            let Some(kind) = items.and_then(|items| items.item_field(FEEDING.kind)) else {
                return Ok(Feeding::default());
            };
            let visit = Visit {
                document,
                reading: &reading,
            };
            let told = Periods::of(&[visit], FEEDING);
            let labels = |code: &str| {
                let known = kind.codes().iter().find(|known| known.code == code);
                known.map(|known| known.labels.clone())
            };
            let period = |one: periods::Period| FeedingPeriod {
                labels: labels(&one.kind),
                kind: one.kind,
                from: Day(one.from),
                until: one.until.map(Day),
            };
            let other = |(_, item, why)| FeedingOther { item, why };
            Ok(Feeding {
                periods: told.periods.into_iter().map(period).collect(),
                overlaps: told.overlaps.into_iter().map(Into::into).collect(),
                others: told.others.into_iter().map(other).collect(),
                status: told.status.map(|status| status.codes).unwrap_or_default(),
            })
        })
        .await
    }
}
