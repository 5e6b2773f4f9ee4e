//! A device that syncs: for the first time, again, or live beside another.

use super::{Commands, device::ScriptedClock, writing};
use crate::{child::tell, generator::day_children};
use anyhow::{Context as _, bail};
use samspor_client_core::{CaseFilter, Device, SyncOptions, SyncReport};
use std::path::Path;

/// Syncs once; told as `synced` when device and server hold the same and the lists are complete.
pub(super) async fn sync(device: &Device) -> anyhow::Result<()> {
    let report = device.sync(SyncOptions::default()).await?;
    tell_synced(&report)
}

fn tell_synced(report: &SyncReport) -> anyhow::Result<()> {
    if !report.in_sync || !report.all_sent || report.refused > 0 || report.repairs > 0 {
        bail!("not in sync: {report:?}");
    }
    tell("synced", report)
}

/// The first sync, with its way-marks.
pub(super) async fn cold_start(device: &Device, children: u64) -> anyhow::Result<()> {
    let mut marks = Marks {
        children,
        listed: false,
        durable: false,
    };
    let report = {
        let syncing = device.sync(SyncOptions::default());
        let watching = marks.watch(device);
        tokio::pin!(syncing, watching);
        tokio::select! {
            report = &mut syncing => report?,
            watched = &mut watching => { watched?; syncing.await? }
        }
    };
    marks.durable_at(report.in_sync)?;
    marks.look(device).await?;
    if !marks.listed {
        bail!("the list is not complete after the sync");
    }
    tell_synced(&report)
}

struct Marks {
    children: u64,
    listed: bool,
    durable: bool,
}

impl Marks {
    async fn watch(&mut self, device: &Device) -> anyhow::Result<()> {
        let mut activity = device.activity();
        while !(self.listed && self.durable) {
            activity.changed().await?;
            self.look(device).await?;
        }
        Ok(())
    }

    /// Both sides hold the same from now on, by digest.
    fn durable_at(&mut self, in_sync: bool) -> anyhow::Result<()> {
        if in_sync && !self.durable {
            self.durable = true;
            tell("durable", &())?;
        }
        Ok(())
    }

    async fn look(&mut self, device: &Device) -> anyhow::Result<()> {
        let in_sync = device.activity().borrow().in_sync > 0;
        self.durable_at(in_sync)?;
        if !self.listed && self.is_listed(device).await? {
            self.listed = true;
            tell("listed", &())?;
        }
        Ok(())
    }

    /// Whether the list shows every child by name.
    async fn is_listed(&self, device: &Device) -> anyhow::Result<bool> {
        let all = CaseFilter {
            limit: u32::try_from(self.children).context("too many children")?,
            ..CaseFilter::default()
        };
        let rows = device.cases(all).await?;
        let named = rows.iter().filter(|row| row.view.is_some()).count();
        Ok(named as u64 == self.children)
    }
}

/// Another device, which writes first, stays connected and waits for as many entries.
pub(super) async fn witness(
    device: &Device,
    clock: &ScriptedClock,
    known: &Path,
    day: writing::Day,
    commands: &mut Commands,
) -> anyhow::Result<()> {
    sync(device).await?;
    commands.wait_for("write").await?;
    let wrote = writing::day(device, clock, day, known).await?;
    writing::send(device).await?;
    let expected = device.status().await?.documents + day_children(day.children);
    tell("pushed", &wrote)?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let waiting = async {
        let mut activity = device.activity();
        loop {
            let status = device.status().await?;
            if status.documents >= expected && status.to_index == 0 {
                break;
            }
            activity.changed().await?;
        }
        tell("got_all", &())?;
        drop(stop);
        anyhow::Ok(())
    };
    let live = device.watch(async { drop(stopped.await) });
    let (live, waited) = tokio::join!(live, waiting);
    live?;
    waited
}
