//! The workloads: what is done, and between which moments it is measured.
//!
//! A wall runs from the start of the device's process (W6: of the server's) to the event that ends the
//! workload, as with the peers. CPU and peak memory are read at that event; bytes once the device has closed.
//! Round trips are the requests that the device waited for, one after another: a relay that counts who speaks when
//! also counts what nobody waits for, such as HTTP/2's acknowledgement of settings.

use crate::{
    alone, apps,
    child::Child,
    generator::Part,
    report::{Samples, Size, Unit},
    roles::device::{Task, Wrote},
    world::World,
};
use samspor_client_core::SyncReport;
use samspor_tests::relay::Passed;
use std::time::Duration;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "UPPER")]
pub enum Workload {
    /// Cold start: an enrolled, empty device fetches everything.
    W1,
    /// Reconnect with nothing changed.
    W2,
    /// A day offline: 20 entries here, 20 there; both converge.
    W3,
    /// The server starts; the first device is in sync.
    W6,
    /// A device by itself: the list of all children, search, saving a visit.
    D1,
    /// An app on a device: the same through Rust, Python and Kotlin. `scripts/app-figures` runs it.
    A1,
}

impl Workload {
    /// How often it is measured when nobody says otherwise.
    #[must_use]
    pub const fn runs(self) -> u32 {
        match self {
            Self::W1 | Self::D1 | Self::A1 => 3,
            Self::W2 | Self::W3 | Self::W6 => 5,
        }
    }

    /// Runs it so often and hands back its samples.
    ///
    /// # Errors
    /// When a part fails or the content does not converge.
    pub async fn run(self, size: Size, rtt: Duration, runs: u32) -> anyhow::Result<Samples> {
        let mut name = format!("{self:?}");
        if size.signed {
            name.push_str("-signed");
        }
        if !rtt.is_zero() {
            name.push_str(&format!("@{}ms", rtt.as_millis()));
        }
        let mut samples = Samples::new(name, size);
        match self {
            Self::D1 => {
                alone::measure(size, &mut samples, runs).await?;
                return Ok(samples);
            }
            Self::A1 => {
                apps::measure(size, &mut samples, runs).await?;
                return Ok(samples);
            }
            _ => {}
        }
        let mut world = World::open(size, rtt).await?;
        match self {
            Self::D1 | Self::A1 => {}
            Self::W1 => cold_start(&mut world, &mut samples, runs).await?,
            Self::W2 => reconnect(&mut world, &mut samples, runs).await?,
            Self::W3 => day_offline(&mut world, &mut samples, runs).await?,
            Self::W6 => restart(&mut world, &mut samples, runs).await?,
        }
        world.stop_server().await?;
        Ok(samples)
    }
}

/// Where the counters stood when a measurement began.
struct Before {
    passed: Passed,
    server_cpu: f64,
}

impl Before {
    fn now(world: &World) -> anyhow::Result<Self> {
        Ok(Self {
            passed: world.passed(),
            server_cpu: world.server()?.cpu()?,
        })
    }

    /// Takes what a device's work cost, at the event that ended it; then lets the device close.
    async fn take(
        self,
        world: &World,
        device: Child,
        report: SyncReport,
        samples: &mut Samples,
    ) -> anyhow::Result<()> {
        let server = world.server()?;
        let server_cpu = server.cpu()? - self.server_cpu;
        let (device_cpu, device_peak) = (device.cpu()?, device.peak_mib()?);
        let server_peak = server.peak_mib()?;
        device.end().await?;
        let payload = world.handshake.payload(self.passed, world.drained().await);
        samples.take("bytes_up", payload.bytes_up as f64, Unit::Bytes);
        samples.take("bytes_down", payload.bytes_down as f64, Unit::Bytes);
        samples.take("round_trips", report.round_trips as f64, Unit::Count);
        samples.take(
            "handshake_bytes",
            payload.handshake_bytes as f64,
            Unit::Bytes,
        );
        samples.take("server_cpu_s", server_cpu, Unit::Seconds);
        samples.take("device_cpu_s", device_cpu, Unit::Seconds);
        samples.take("server_peak_mib", server_peak, Unit::Mebibytes);
        samples.take("device_peak_mib", device_peak, Unit::Mebibytes);
        Ok(())
    }
}

async fn cold_start(world: &mut World, samples: &mut Samples, runs: u32) -> anyhow::Result<()> {
    for _ in 0..runs {
        world.enrol_here().await?;
        world.stop_server().await?;
        world.start_server().await?;
        let before = Before::now(world)?;
        let children = world.size.children;
        let mut device = world.device(&world.here(), Task::ColdStart { children })?;
        let began = device.started_at;
        let (listed, ()) = device.event("listed").await?;
        let (durable, ()) = device.event("durable").await?;
        let (synced, report) = device.event::<SyncReport>("synced").await?;
        samples.take("wall_s", synced - began, Unit::Seconds);
        samples.take("useful_list_s", listed - began, Unit::Seconds);
        samples.take("all_durable_s", durable - began, Unit::Seconds);
        samples.take("indexed_s", synced - began, Unit::Seconds);
        before.take(world, device, report, samples).await?;
        world.verify(&world.here()).await?;
    }
    Ok(())
}

/// The device here has everything and is closed.
async fn fill_here(world: &World) -> anyhow::Result<()> {
    world.enrol_here().await?;
    synced_once(world, &world.here()).await
}

async fn synced_once(world: &World, folder: &std::path::Path) -> anyhow::Result<()> {
    let mut device = world.device(folder, Task::Sync)?;
    device.event::<SyncReport>("synced").await?;
    device.end().await
}

async fn reconnect(world: &mut World, samples: &mut Samples, runs: u32) -> anyhow::Result<()> {
    fill_here(world).await?;
    synced_once(world, &world.here()).await?;
    for _ in 0..runs {
        let before = Before::now(world)?;
        let mut device = world.device(&world.here(), Task::Sync)?;
        let (synced, report) = device.event::<SyncReport>("synced").await?;
        samples.take("wall_s", synced - device.started_at, Unit::Seconds);
        before.take(world, device, report, samples).await?;
    }
    world.verify(&world.here()).await
}

async fn day_offline(world: &mut World, samples: &mut Samples, runs: u32) -> anyhow::Result<()> {
    fill_here(world).await?;
    world.enrol_there().await?;
    synced_once(world, &world.there()).await?;
    world.stop_server().await?;
    world.keep()?;
    for _ in 0..runs {
        world.stop_server().await?;
        world.return_to_kept()?;
        world.start_server().await?;
        one_day(world, samples).await?;
        world.verify(&world.here()).await?;
        world.verify(&world.there()).await?;
    }
    Ok(())
}

async fn one_day(world: &mut World, samples: &mut Samples) -> anyhow::Result<()> {
    let (known, children) = (world.known_file()?, world.size.children);
    let signed = world.size.signed;
    let offline = Task::WriteOffline {
        part: Part::DayHere,
        known: known.clone(),
        children,
        signed,
    };
    let mut writing = world.device(&world.here(), offline)?;
    let (_, wrote) = writing.event::<Vec<Wrote>>("written").await?;
    world.note(&wrote);
    writing.end().await?;

    let witness = Task::Witness {
        known,
        children,
        signed,
    };
    let mut other = world.device(&world.there(), witness)?;
    other.event::<SyncReport>("synced").await?;
    other.command("write").await?;
    let (_, wrote) = other.event::<Vec<Wrote>>("pushed").await?;
    world.note(&wrote);

    let before = Before::now(world)?;
    let mut device = world.device(&world.here(), Task::Sync)?;
    let began = device.started_at;
    let (synced, report) = device.event::<SyncReport>("synced").await?;
    let (got_all, ()) = other.event("got_all").await?;
    samples.take("wall_s", synced.max(got_all) - began, Unit::Seconds);
    before.take(world, device, report, samples).await?;
    other.end().await
}

async fn restart(world: &mut World, samples: &mut Samples, runs: u32) -> anyhow::Result<()> {
    fill_here(world).await?;
    synced_once(world, &world.here()).await?;
    for _ in 0..runs {
        world.stop_server().await?;
        let passed = world.passed();
        let began = world.start_server().await?;
        let before = Before {
            passed,
            server_cpu: 0.0,
        };
        let mut device = world.device(&world.here(), Task::Sync)?;
        let (synced, report) = device.event::<SyncReport>("synced").await?;
        samples.take("wall_s", synced - began, Unit::Seconds);
        before.take(world, device, report, samples).await?;
    }
    world.verify(&world.here()).await
}
