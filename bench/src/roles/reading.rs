//! A device that reads all it has, through the readings an app would use.

use crate::{carrying, child::tell, generator::ContentDigest, known::Known};
use anyhow::Context as _;
use samspor_client_core::{CaseFilter, Device, TimelinePage};
use samspor_documents::id::SpaceId;
use std::path::Path;

/// How many rows are asked for at once.
const PAGE_ROWS: u32 = 200;

/// Reads every entry of every case; `read` tells the digest of what they say.
pub(super) async fn read(device: &Device, known: &Path) -> anyhow::Result<()> {
    let known = Known::read(known)?;
    let all = CaseFilter {
        limit: u32::MAX,
        ..CaseFilter::default()
    };
    let listed = device.cases(all).await?.len();
    anyhow::ensure!(listed == known.cases.len(), "{listed} cases are listed");
    let mut digest = ContentDigest::default();
    for (child, case) in (0..).zip(&known.cases) {
        read_case(device, &known, child, *case, &mut digest).await?;
    }
    tell("read", &digest)
}

async fn read_case(
    device: &Device,
    known: &Known,
    child: u64,
    case: SpaceId,
    digest: &mut ContentDigest,
) -> anyhow::Result<()> {
    let mut page = TimelinePage {
        before: None,
        limit: PAGE_ROWS,
        restricted: false,
    };
    loop {
        let rows = device.timeline(case, page).await?;
        for row in &rows {
            let place = known.entries.get(&row.document);
            let id = place.context("an entry that nobody wrote")?.entry().id;
            let reading = device.read(row.document).await?;
            digest.add(child, &carrying::entry(id, &reading)?);
        }
        match rows.last() {
            Some(last) => page.before = Some(last.position()),
            None => return Ok(()),
        }
    }
}
