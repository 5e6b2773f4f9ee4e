//! A device that writes: the whole content once, or one day's entries.

use super::device::{ScriptedClock, Wrote};
use crate::{
    carrying,
    child::tell,
    generator::{self, DAY_NUMBER, Entry, Part},
    known::{Known, Place},
};
use anyhow::{bail, ensure};
use samspor_client_core::{Device, SyncOptions, TeamRow};
use samspor_documents::{
    document::Edit,
    id::{DocumentId, SpaceId, TeamId},
    value::Value,
};
use std::path::Path;

/// An entry is typed so long after the visit began.
const TYPED_AFTER_MILLIS: i64 = 40 * 60 * 1000;

/// How much to seed, for whom.
pub(super) struct Content {
    pub(super) team: TeamId,
    pub(super) children: u64,
    pub(super) entries: u64,
    pub(super) signed: bool,
}

/// A day's entries.
#[derive(Debug, Clone, Copy)]
pub(super) struct Day {
    pub(super) part: Part,
    pub(super) children: u64,
    pub(super) signed: bool,
}

/// Opens a case per child, writes all entries and sends everything.
pub(super) async fn seed(
    device: &Device,
    clock: &ScriptedClock,
    content: Content,
    file: &Path,
) -> anyhow::Result<()> {
    join(device, content.team).await?;
    let mut known = Known::default();
    write_all(device, clock, &content, |case, written| {
        known.cases.push(case);
        known.entries.extend(written);
    })
    .await?;
    send(device).await?;
    known.write(file)?;
    tell("seeded", &known.digest())
}

/// Opens a case per child and writes its entries; each case is told with what went into it.
pub(super) async fn write_all(
    device: &Device,
    clock: &ScriptedClock,
    content: &Content,
    mut told: impl FnMut(SpaceId, Vec<(DocumentId, Place)>),
) -> anyhow::Result<()> {
    for child in 0..content.children {
        clock.set(carrying::occurred_at(&generator::entry(child, 0, Part::Base)).at);
        let case = device.open_case(content.team, card(child)).await?;
        let mut written = Vec::new();
        for number in 0..content.entries {
            let place = Place {
                child,
                number,
                part: Part::Base,
            };
            let document = write(device, clock, case, &place.entry()).await?;
            if content.signed {
                device.sign(document).await?;
            }
            written.push((document, place));
        }
        told(case, written);
    }
    Ok(())
}

/// A sync tells the device that its practitioner is in the team, also when an administrator wrote it just before.
pub(super) async fn join(device: &Device, team: TeamId) -> anyhow::Result<()> {
    device.sync(SyncOptions::default()).await?;
    let teams = device.teams().await?;
    let is_member = |one: &TeamRow| one.team == team && one.role.is_some();
    ensure!(
        teams.iter().any(is_member),
        "the device was not told of its team"
    );
    Ok(())
}

fn card(child: u64) -> Vec<Edit> {
    let set = |field: &str, value| Edit::Set {
        field: field.to_owned(),
        value,
    };
    vec![
        set("name", Value::Text(format!("Barn {child:05}"))),
        set("kind", Value::Code("child".to_owned())),
    ]
}

pub(super) async fn write(
    device: &Device,
    clock: &ScriptedClock,
    case: SpaceId,
    entry: &Entry,
) -> anyhow::Result<DocumentId> {
    let occurred_at = carrying::occurred_at(entry);
    clock.set(occurred_at.at.plus(TYPED_AFTER_MILLIS));
    let edits = carrying::edits(entry)?;
    Ok(device
        .write(case, carrying::TEMPLATE, edits, Some(occurred_at))
        .await?)
}

/// Sends what waits; everything must be acknowledged.
pub(super) async fn send(device: &Device) -> anyhow::Result<()> {
    let report = device.sync(SyncOptions::default()).await?;
    if !report.in_sync || !report.all_sent || report.refused > 0 {
        bail!("what was written did not all arrive: {report:?}");
    }
    Ok(())
}

/// Writes the entries of a day into the cases they belong to.
pub(super) async fn day(
    device: &Device,
    clock: &ScriptedClock,
    day: Day,
    known: &Path,
) -> anyhow::Result<Vec<Wrote>> {
    let Day {
        part,
        children,
        signed,
    } = day;
    let known = Known::read(known)?;
    let mut wrote = Vec::new();
    for (child, entry) in generator::part(part, children, 0) {
        let document = write(device, clock, known.case(child)?, &entry).await?;
        if signed {
            device.sign(document).await?;
        }
        let place = Place {
            child,
            number: DAY_NUMBER,
            part,
        };
        wrote.push(Wrote { document, place });
    }
    Ok(wrote)
}
