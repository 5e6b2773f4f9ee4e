//! `samspor device due`, `incomplete` and what else a visitor asks in a day.

use clap::{ArgGroup, Args, ValueEnum};
use samspor_documents::reading::Guide;

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("which").args(["today", "week", "overdue"]))]
pub struct DueArgs {
    #[arg(long)]
    pub today: bool,
    #[arg(long)]
    pub week: bool,
    #[arg(long)]
    pub overdue: bool,
    #[arg(long, value_name = "TEAM")]
    pub team: Option<String>,
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub limit: u32,
}

#[derive(Debug, Args)]
pub struct IncompleteArgs {
    #[command(flatten)]
    pub guide: GuideArg,
}

#[derive(Debug, Args)]
pub struct GrowthArgs {
    #[arg(value_name = "CASE")]
    pub case: String,
    #[arg(long)]
    pub restricted: bool,
}

/// Which reading of the guide is asked.
#[derive(Debug, Clone, Copy, Args)]
pub struct GuideArg {
    #[arg(
        long = "reading",
        value_name = "READING",
        value_enum,
        default_value = "text"
    )]
    reading: GuideReading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum GuideReading {
    Text,
    Machine,
}

impl GuideArg {
    /// The guide's words, what is asked where nothing else is said.
    pub const TEXT: Self = Self {
        reading: GuideReading::Text,
    };

    /// Which it is.
    pub const fn guide(self) -> Guide {
        match self.reading {
            GuideReading::Text => Guide::Text,
            GuideReading::Machine => Guide::Machine,
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self.reading {
            GuideReading::Text => "text",
            GuideReading::Machine => "machine",
        }
    }
}
