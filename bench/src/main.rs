//! `samspor-bench WORKLOAD`: the workloads of the peers, measured on Samspor.

use clap::Parser;
use samspor_bench::{
    report::Size,
    roles::{self, DEVICE, SERVER},
    workloads::Workload,
};
use std::{io::Write as _, time::Duration};

/// Measures Samspor on the peers' content: a release server and devices as processes of their own, over TLS.
#[derive(Debug, Parser)]
#[command(name = "samspor-bench", version)]
struct Arguments {
    /// W1 cold start, W2 reconnect with nothing changed, W3 a day offline, W6 server restart, D1 a device by itself, A1 an app in three
    /// languages (by `scripts/app-figures`).
    #[arg(required = true, ignore_case = true)]
    workloads: Vec<Workload>,
    /// Children in the caseload.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u64).range(2..=100_000))]
    children: u64,
    /// Entries of each child.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=900))]
    entries: u64,
    /// Every entry is signed by its author; what is measured is named W1-signed and so on.
    #[arg(long)]
    signed: bool,
    /// A delay between device and server, there and back, in milliseconds.
    #[arg(long, default_value_t = 0)]
    rtt_ms: u64,
    /// How often each is measured; the median counts. Without it 3 times for W1, 5 for the others.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    runs: Option<u32>,
    /// Prints JSON lines instead of a table.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let words: Vec<String> = std::env::args().collect();
    if let [_, role, task] = words.as_slice()
        && [SERVER, DEVICE].contains(&role.as_str())
    {
        return roles::play(role, task).await;
    }
    measure(&Arguments::parse()).await
}

async fn measure(arguments: &Arguments) -> anyhow::Result<()> {
    let size = Size {
        children: arguments.children,
        entries: arguments.entries,
        signed: arguments.signed,
    };
    let rtt = Duration::from_millis(arguments.rtt_ms);
    for &workload in &arguments.workloads {
        let runs = arguments.runs.unwrap_or_else(|| workload.runs());
        let samples = workload.run(size, rtt, runs).await?;
        let text = if arguments.json {
            samples.json_lines()?
        } else {
            samples.table()
        };
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()?;
    }
    Ok(())
}
