//! How one entry of the peers stands in a home visit of ours, and how it is read back.
//!
//! | the peers' entry | here |
//! |---|---|
//! | id (a ULID) | the document's own id; which belongs to which is kept beside the seeded folder |
//! | template | `home_visit` |
//! | author | `conferred_with`: who really wrote is bound by the server to the device, never a field |
//! | occurred_at | the document's `occurred_at` |
//! | weight_g | `weight`, in grams |
//! | length_mm | `height`, in centimetres; past its limit (a day's entry is 7.7 m long) `agreed_next` |
//! | note | `seen`, merged by character |
//! | tags | `strengths`, with commas between |
//! | perspective: child, parent, professional | `child_words`, `parents_view`, `understood` |

use crate::generator::Entry;
use anyhow::{Context as _, bail};
use samspor_documents::{
    document::Edit,
    reading::{FieldState, Reading},
    time::{Moment, UnixMillis},
    value::{Decimal, Value},
};

/// The template that carries an entry.
pub const TEMPLATE: &str = "home_visit";

/// The clock's offset where the entries were written: a Danish winter.
pub const OFFSET_MINUTES: i16 = 60;

/// The tallest that `height` takes, in millimetres.
const HEIGHT_MM_MAX: i64 = 2600;

/// When an entry happened.
#[must_use]
pub const fn occurred_at(entry: &Entry) -> Moment {
    Moment {
        at: UnixMillis(entry.occurred_at * 1000),
        offset_minutes: OFFSET_MINUTES,
    }
}

/// What is written for an entry.
///
/// # Errors
/// When its length is no number of centimetres.
pub fn edits(entry: &Entry) -> anyhow::Result<Vec<Edit>> {
    let mut edits = vec![
        set("conferred_with", Value::Text(entry.author.clone())),
        set("weight", quantity(Decimal::whole(entry.weight_g), "g")),
        text("seen", entry.note.clone()),
        text("strengths", entry.tags.join(", ")),
        text("child_words", entry.child.clone()),
        text("parents_view", entry.parent.clone()),
        text("understood", entry.professional.clone()),
    ];
    edits.push(if entry.length_mm <= HEIGHT_MM_MAX {
        set("height", quantity(Decimal::new(entry.length_mm, 1)?, "cm"))
    } else {
        text("agreed_next", entry.length_mm.to_string())
    });
    Ok(edits)
}

fn set(field: &str, value: Value) -> Edit {
    Edit::Set {
        field: field.to_owned(),
        value,
    }
}

fn text(field: &str, text: String) -> Edit {
    Edit::ReplaceText {
        field: field.to_owned(),
        text,
    }
}

fn quantity(amount: Decimal, unit: &str) -> Value {
    Value::Quantity {
        amount,
        unit: unit.to_owned(),
    }
}

/// The entry that a reading carries; its id is the caller's to know.
///
/// # Errors
/// When a field is not as it was written: missing, concurrent, or of another kind.
pub fn entry(id: String, reading: &Reading) -> anyhow::Result<Entry> {
    if reading.template != TEMPLATE {
        bail!("a document of another template");
    }
    let occurred_at = reading.occurred_at.context("no time")?;
    Ok(Entry {
        id,
        template: "home-visit".to_owned(),
        author: line(reading, "conferred_with")?,
        occurred_at: occurred_at.at.0 / 1000,
        weight_g: units(reading, "weight", "g")?,
        length_mm: length_mm(reading)?,
        note: prose(reading, "seen")?,
        tags: prose(reading, "strengths")?
            .split(", ")
            .map(str::to_owned)
            .collect(),
        child: prose(reading, "child_words")?,
        parent: prose(reading, "parents_view")?,
        professional: prose(reading, "understood")?,
    })
}

fn state<'a>(reading: &'a Reading, name: &str) -> anyhow::Result<&'a FieldState> {
    let field = reading.fields.iter().find(|field| field.name == name);
    Ok(&field.with_context(|| format!("no field {name}"))?.state)
}

fn prose(reading: &Reading, name: &str) -> anyhow::Result<String> {
    match state(reading, name)? {
        FieldState::Text { text, .. } => Ok(text.clone()),
        _ => bail!("{name} is not prose"),
    }
}

fn value<'a>(reading: &'a Reading, name: &str) -> anyhow::Result<&'a Value> {
    match state(reading, name)? {
        FieldState::One(one) => Ok(&one.value),
        _ => bail!("{name} is not one value"),
    }
}

fn line(reading: &Reading, name: &str) -> anyhow::Result<String> {
    match value(reading, name)? {
        Value::Text(text) => Ok(text.clone()),
        _ => bail!("{name} is not a line"),
    }
}

fn units(reading: &Reading, name: &str, expected: &str) -> anyhow::Result<i64> {
    match value(reading, name)? {
        Value::Quantity { amount, unit } if unit == expected => Ok(amount.to_string().parse()?),
        _ => bail!("{name} is not in {expected}"),
    }
}

fn length_mm(reading: &Reading) -> anyhow::Result<i64> {
    let Ok(Value::Quantity { amount, unit }) = value(reading, "height") else {
        return Ok(prose(reading, "agreed_next")?.parse()?);
    };
    if unit != "cm" {
        bail!("height is not in cm");
    }
    let (_, whole, tenths) = amount.parts();
    Ok(format!("{whole}{tenths:0<1}").parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generator::{self, DAY_NUMBER, Part};
    use samspor_documents::{
        authoring::{Actor, Authoring},
        document::{Document, NewDocument},
        id::{DeviceId, PractitionerId, SpaceId},
        template::Templates,
    };

    fn carried(written: &Entry) -> Entry {
        let templates = Templates::built_in();
        let new = NewDocument {
            template: TEMPLATE,
            subject: SpaceId::from_bytes([1; 16]),
            occurred_at: occurred_at(written),
            fields: edits(written).unwrap(),
        };
        let authoring = Authoring {
            actor: Actor::make(DeviceId::from_bytes([2; 16]), [3; 8]),
            author: PractitionerId::from_bytes([4; 16]),
            at: new.occurred_at.at,
        };
        let (document, _) = Document::create(templates, &new, &authoring).unwrap();
        entry(written.id.clone(), &document.reading(templates)).unwrap()
    }

    #[test]
    fn every_value_comes_back_as_it_was() {
        for number in [0, 1, 2, 3, 49, DAY_NUMBER] {
            for part in [Part::Base, Part::DayHere, Part::DayThere] {
                let written = generator::entry(5, number, part);
                assert_eq!(carried(&written), written);
            }
        }
    }
}
