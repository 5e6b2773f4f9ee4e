//! `samspor device progress`, `factors`, `agreements` and `heard`.

use clap::Args;

#[derive(Debug, Args)]
pub struct ChildArgs {
    #[arg(value_name = "CASE")]
    pub case: String,
}

#[derive(Debug, Args)]
pub struct AgreementsArgs {
    #[arg(value_name = "CASE")]
    pub case: Option<String>,
    #[arg(long)]
    pub all: bool,
}
