//! D1: a device with a large caseload and no network: the list of all children, which visits are due, search, saving a
//! visit.
//!
//! The store is written by the device itself, entry by entry, and kept for the next run of the same build. A save is
//! compared with a bare transaction of 1 KiB in a database encrypted alike, beside it, in the same process and minute.

use crate::{
    folder,
    report::{Samples, Size, Unit},
    roles::{
        alone::Looked,
        device::{Filling, Task},
    },
    seed::{ANY_PORT, run_device, start_server},
};
use samspor_protocol::fact::{Role, TeamKind};
use samspor_server::admin::Admin;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Measures it so often.
///
/// # Errors
/// When a part fails.
pub async fn measure(size: Size, samples: &mut Samples, runs: u32) -> anyhow::Result<()> {
    let kept = written(size).await?;
    let children = size.children;
    for _ in 0..runs {
        let scratch = tempfile::tempdir_in(folder::cache()?)?;
        let device = scratch.path().join("device");
        folder::copy(&kept, &device)?;
        let looked = run_device(&device, Task::Look { children }, "looked").await?;
        take(&serde_json::from_value(looked)?, samples);
    }
    Ok(())
}

/// The store of a device that wrote a whole caseload, kept from before or made now.
///
/// # Errors
/// When it cannot be made.
pub async fn written(size: Size) -> anyhow::Result<PathBuf> {
    let cache = folder::cache()?;
    let kept = cache.join(format!("device-n{}e{}", size.children, size.entries));
    if !kept.exists() {
        let making = tempfile::tempdir_in(&cache)?;
        fill(making.path(), size).await?;
        fs::rename(making.path(), &kept)?;
        let _ = making.keep();
    }
    Ok(kept.join("device"))
}

fn take(looked: &Looked, samples: &mut Samples) {
    let at = |values: &[f64], percent: usize| {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let place = sorted.len() * percent / 100;
        sorted
            .get(place.min(sorted.len().saturating_sub(1)))
            .copied()
            .unwrap_or_default()
    };
    samples.take("list_s", at(&looked.list, 50), Unit::Seconds);
    samples.take("due_s", at(&looked.due, 50), Unit::Seconds);
    samples.take("search_p50_s", at(&looked.search, 50), Unit::Seconds);
    samples.take("search_p99_s", at(&looked.search, 99), Unit::Seconds);
    samples.take("slowest_kind_s", looked.slowest.1, Unit::Seconds);
    samples.take("save_s", at(&looked.save, 50), Unit::Seconds);
    samples.take("bare_s", at(&looked.bare, 50), Unit::Seconds);
    samples.take("save_pages", at(&looked.save_pages, 50), Unit::Count);
    samples.take("bare_pages", at(&looked.bare_pages, 50), Unit::Count);
}

async fn fill(folder: &Path, size: Size) -> anyhow::Result<()> {
    let server_folder = folder.join("server");
    let (server, address) = start_server(&server_folder, ANY_PORT).await?;
    let admin = Admin::open(&server_folder).await?;
    let team = admin
        .add_team("Sundhedsplejen", TeamKind::HealthVisiting)
        .await?;
    let one = admin.add_practitioner("Here", "Sundhedsplejerske").await?;
    admin.add_membership(one, team, Role::Practitioner).await?;
    let code = admin
        .enrolment_code(one, &format!("https://{address}"))
        .await?;
    let device = folder.join("device");
    run_device(&device, Task::Enrol { code }, "enrolled").await?;
    let filling = Filling {
        team,
        children: size.children,
        entries: size.entries,
    };
    run_device(&device, Task::Fill(filling), "filled").await?;
    server.end().await?;
    Ok(fs::remove_dir_all(server_folder)?)
}
