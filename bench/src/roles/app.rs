//! What an app does on a device, through client-core itself: beside it the same is done in Python
//! (`ffi/python/figures.py`) and Kotlin (`ffi/kotlin/src/test`), step by step.

use crate::{carrying::OFFSET_MINUTES, child::tell};
use anyhow::ensure;
use samspor_client_core::{
    CaseFilter, Device, DeviceOptions, Search, StoreKey, SyncOptions, TimelinePage,
};
use samspor_documents::{
    document::Edit,
    time::{Moment, UnixMillis},
    value::Value,
};
use samspor_protocol::enrol::EnrolmentCode;
use serde::{Deserialize, Serialize};
use std::{path::Path, time::Instant};

/// How often the store is opened.
const OPENS: usize = 11;
/// How often the list of all children is read.
const LISTS: usize = 21;
/// How many of the list are shown at once.
const SOME: u32 = 100;
/// How often all else is done.
const TIMES: usize = 101;
/// When every visit took place.
const AT: UnixMillis = UnixMillis(1_795_000_000_000);

/// What it took, in seconds, each time.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Figures {
    /// Opening the store.
    #[serde(default)]
    pub open: Vec<f64>,
    /// The list of all children.
    #[serde(default)]
    pub list: Vec<f64>,
    /// The first hundred of it.
    #[serde(default)]
    pub some: Vec<f64>,
    /// A page of fifty rows of a timeline.
    #[serde(default)]
    pub page: Vec<f64>,
    /// Logging a visit.
    #[serde(default)]
    pub visit: Vec<f64>,
    /// Searching for a name.
    #[serde(default)]
    pub search: Vec<f64>,
    /// Receiving a caseload, into lists and index.
    #[serde(default)]
    pub received: Vec<f64>,
    /// For how long a call held its caller's thread, at most; the list of all children and the sync aside. In Rust nobody
    /// asks: who awaits has no thread of their own.
    #[serde(default)]
    pub held: Vec<f64>,
    /// The same of the list of all children.
    #[serde(default)]
    pub held_list: Vec<f64>,
    /// The same of receiving.
    #[serde(default)]
    pub held_sync: Vec<f64>,
}

async fn timed<T, E>(
    took: &mut Vec<f64>,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let began = Instant::now();
    let done = work.await;
    took.push(began.elapsed().as_secs_f64());
    done
}

async fn open(folder: &Path, key: [u8; 32]) -> anyhow::Result<Device> {
    Ok(Device::open(folder, StoreKey::new(key), DeviceOptions::default()).await?)
}

/// What a visit says.
fn visit() -> anyhow::Result<Vec<Edit>> {
    let set = |field: &str, value| Edit::Set {
        field: field.to_owned(),
        value,
    };
    let text = "Barnet sover godt og tager på. ".repeat(10);
    let weight = Value::Quantity {
        amount: "3450".parse()?,
        unit: "g".to_owned(),
    };
    Ok(vec![set("seen", Value::Text(text)), set("weight", weight)])
}

/// Opens, lists, reads, writes, searches: `figures`.
pub(super) async fn day(folder: &Path, key: [u8; 32], children: u64) -> anyhow::Result<()> {
    let mut figures = Figures::default();
    for _ in 0..OPENS {
        timed(&mut figures.open, open(folder, key))
            .await?
            .close()
            .await;
    }
    let device = open(folder, key).await?;
    let mut cases = Vec::new();
    for _ in 0..LISTS {
        let all = CaseFilter {
            limit: u32::MAX,
            ..CaseFilter::default()
        };
        cases = timed(&mut figures.list, device.cases(all)).await?;
        ensure!(cases.len() as u64 == children, "{} are listed", cases.len());
    }
    let occurred_at = Moment {
        at: AT,
        offset_minutes: OFFSET_MINUTES,
    };
    for (n, row) in cases.iter().cycle().take(TIMES).enumerate() {
        let some = CaseFilter {
            limit: SOME,
            ..CaseFilter::default()
        };
        timed(&mut figures.some, device.cases(some)).await?;
        let page = device.timeline(row.case, TimelinePage::default());
        timed(&mut figures.page, page).await?;
        let written = device.write(
            row.case,
            crate::carrying::TEMPLATE,
            visit()?,
            Some(occurred_at),
        );
        timed(&mut figures.visit, written).await?;
        let search = Search {
            text: format!("barn {n:05}"),
            ..Search::default()
        };
        timed(&mut figures.search, device.search(&search)).await?;
    }
    device.close().await;
    tell("figures", &figures)
}

/// Makes a device, and receives a whole caseload: `figures`.
pub(super) async fn receive(folder: &Path, key: [u8; 32], code: &str) -> anyhow::Result<()> {
    let mut figures = Figures::default();
    let device = Device::create(folder, StoreKey::new(key), DeviceOptions::default()).await?;
    device.enrol(&EnrolmentCode::from_text(code)?).await?;
    let sync = device.sync(SyncOptions::default());
    let report = timed(&mut figures.received, sync).await?;
    ensure!(report.in_sync, "{report:?}");
    device.close().await;
    tell("figures", &figures)
}
