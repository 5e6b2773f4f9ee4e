//! What `samspor demo` takes.

use clap::{Args, value_parser};
use std::{net::SocketAddr, path::PathBuf};

/// Children by default: the written families. With the default entries the demo ends within a minute on two cores.
const CHILDREN: &str = "14";
/// Entries per child by default: every story is told to its end.
const ENTRIES: &str = "7";

#[derive(Debug, Args)]
pub struct DemoArgs {
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    #[arg(long)]
    pub once: bool,
    #[arg(long, value_name = "N", default_value = CHILDREN, value_parser = value_parser!(u32).range(1..=5_000))]
    pub children: u32,
    #[arg(long, value_name = "E", default_value = ENTRIES, value_parser = value_parser!(u32).range(1..=500))]
    pub entries: u32,
    #[arg(long, value_name = "S", default_value = "1")]
    pub seed: u64,
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
}
