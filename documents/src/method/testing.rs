//! Entries of the methods for tests: real documents, edited as people do.

use super::Entry;
use crate::{
    document::Edit,
    id::{DocumentId, SpaceId},
    reading::Reading,
    testing::{Replica, exchange, replicas, signed},
    time::{Moment, UnixMillis},
    value::Value,
};
use jiff::civil::Date;
use uuid::Uuid;

pub use crate::testing::{code, set, text};
pub use jiff::civil::date;

pub fn day(value: Date) -> Value {
    Value::Date(value)
}

pub fn document(n: u8) -> DocumentId {
    DocumentId::from_bytes([n; 16])
}

pub fn case(n: u8) -> SpaceId {
    SpaceId::from_bytes([n; 16])
}

/// When a document of a day happened: at noon, by UTC.
pub fn on(day: Date) -> Edit {
    let noon = day.at(12, 0, 0, 0);
    let at = jiff::tz::TimeZone::UTC.to_timestamp(noon).unwrap();
    Edit::OccurredAt(Moment {
        at: UnixMillis(at.as_millisecond()),
        offset_minutes: 60,
    })
}

pub fn item(field: &str, id: u128, values: &[(&str, Value)]) -> Edit {
    let values = values.iter();
    Edit::AddItem {
        field: field.to_owned(),
        item: Uuid::from_u128(id),
        values: values
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
    }
}

pub fn set_item(field: &str, id: u128, name: &str, value: Value) -> Edit {
    Edit::SetItem {
        field: field.to_owned(),
        item: Uuid::from_u128(id),
        name: name.to_owned(),
        value,
    }
}

/// A document of a day, on one device.
pub fn written(template: &str, when: Date, mut edits: Vec<Edit>) -> Reading {
    edits.push(on(when));
    replicas(1, template, edits)[0].reading()
}

/// A document of a day that two edit at once, and then exchange.
pub fn at_once(template: &str, when: Date, mut edits: Vec<Edit>, both: [Vec<Edit>; 2]) -> Reading {
    edits.push(on(when));
    let mut all: Vec<Replica> = replicas(2, template, edits);
    for (replica, edits) in all.iter_mut().zip(both) {
        replica.edit(&edits).unwrap();
    }
    exchange(&mut all);
    assert_eq!(all[0].reading(), all[1].reading());
    all[0].reading()
}

/// These as entries of one case, by their place: the first is document 1.
pub fn entries(readings: &[Reading]) -> Vec<Entry<'_>> {
    let numbered = readings.iter().zip(1..);
    numbered
        .map(|(reading, n)| Entry {
            document: document(n),
            space: case(7),
            reading,
        })
        .collect()
}

/// A view says the same whatever the order of the entries, and of signed texts as of open documents.
pub fn same_everywhere<T: PartialEq + std::fmt::Debug>(
    readings: &[Reading],
    view: impl Fn(&[Entry<'_>]) -> T,
) -> T {
    let told = view(&entries(readings));
    let mut turned = entries(readings);
    turned.reverse();
    assert_eq!(view(&turned), told, "in another order");
    turned.extend(entries(readings));
    assert_eq!(view(&turned), told, "each given twice");
    if readings
        .iter()
        .all(|one| one.conflicts == 0 && one.invalid == 0)
    {
        let signed: Vec<Reading> = readings.iter().map(signed).collect();
        assert_eq!(view(&entries(&signed)), told, "of signed texts");
    }
    told
}
