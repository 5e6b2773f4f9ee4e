//! `samspor device contact …` and `samspor device visit …`.

use super::device::ContentArgs;
use clap::{ArgGroup, Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum ContactCommand {
    Plan(ContactPlanArgs),
    List(ContactListArgs),
    Show(ContactArgs),
    Move(ContactArgs),
    Status(ContactStatusArgs),
}

#[derive(Debug, Args)]
pub struct ContactPlanArgs {
    #[arg(value_name = "CASE")]
    pub case: String,
    #[arg(long = "for", value_name = "PRACTITIONER")]
    pub made_by: Option<String>,
    #[command(flatten)]
    pub content: ContentArgs,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("which").args(["today", "week", "overdue", "note_missing"]))]
pub struct ContactListArgs {
    #[arg(value_name = "CASE")]
    pub case: Option<String>,
    #[arg(long)]
    pub today: bool,
    #[arg(long)]
    pub week: bool,
    #[arg(long)]
    pub overdue: bool,
    #[arg(long)]
    pub note_missing: bool,
    #[arg(long)]
    pub mine: bool,
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub limit: u32,
}

#[derive(Debug, Args)]
pub struct ContactArgs {
    #[arg(value_name = "CONTACT")]
    pub contact: String,
}

#[derive(Debug, Args)]
pub struct ContactStatusArgs {
    #[arg(value_name = "CONTACT")]
    pub contact: String,
    #[arg(value_name = "STATUS")]
    pub status: String,
}

#[derive(Debug, Subcommand)]
pub enum VisitCommand {
    Start(VisitStartArgs),
    Write(VisitWriteArgs),
}

#[derive(Debug, Args)]
pub struct VisitStartArgs {
    #[arg(value_name = "CASE")]
    pub case: String,
    #[arg(long, value_name = "CONTACT")]
    pub contact: Option<String>,
    #[arg(long, value_name = "TEMPLATE", default_value = "home_visit")]
    pub template: String,
    #[arg(long)]
    pub from_last: bool,
    #[command(flatten)]
    pub content: ContentArgs,
}

#[derive(Debug, Args)]
pub struct VisitWriteArgs {
    #[command(flatten)]
    pub visit: VisitStartArgs,
    #[arg(long, value_name = "NAME")]
    pub open_parent: Vec<String>,
    #[arg(long)]
    pub publish: bool,
}
