//! `samspor device …`: values stay texts here, so that a wrong one is answered by its own sentence and
//! exit code, not as a wrong command line.

use super::{
    contact::{ContactCommand, VisitCommand},
    method::{AgreementsArgs, ChildArgs},
    share::ShareCommand,
    visit::{DueArgs, GrowthArgs, GuideArg, IncompleteArgs},
};
use clap::{ArgGroup, Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct DeviceArgs {
    #[arg(
        long,
        global = true,
        env = "SAMSPOR_DEVICE_FOLDER",
        hide_env_values = true,
        value_name = "DIR"
    )]
    pub folder: Option<PathBuf>,
    #[arg(
        long,
        global = true,
        env = "SAMSPOR_DEVICE_KEY_FILE",
        hide_env_values = true,
        value_name = "FILE"
    )]
    pub key_file: Option<PathBuf>,
    #[arg(long, global = true)]
    pub offline: bool,
    #[arg(long, global = true, value_name = "TIME")]
    pub at: Option<String>,
    #[command(subcommand)]
    pub command: DeviceCommand,
}

#[derive(Debug, Subcommand)]
pub enum DeviceCommand {
    Enrol(EnrolArgs),
    Sync(SyncArgs),
    #[command(subcommand)]
    Case(CaseCommand),
    #[command(subcommand)]
    Contact(ContactCommand),
    #[command(subcommand)]
    Visit(VisitCommand),
    Due(DueArgs),
    Incomplete(IncompleteArgs),
    Growth(GrowthArgs),
    #[command(subcommand)]
    Circle(CircleCommand),
    #[command(subcommand)]
    Share(ShareCommand),
    #[command(subcommand)]
    Learning(LearningCommand),
    Write(WriteArgs),
    Addendum(AdditionArgs),
    Remark(AdditionArgs),
    Draft(DraftNewArgs),
    Drafts(DraftsArgs),
    Publish(DraftArgs),
    Discard(DraftArgs),
    Edit(EditArgs),
    Read(ReadArgs),
    Timeline(TimelineArgs),
    Progress(ChildArgs),
    Factors(ChildArgs),
    Agreements(AgreementsArgs),
    Heard(ChildArgs),
    Search(SearchArgs),
    Who(WhoArgs),
    Conflicts,
    Choose(ChooseArgs),
    Sign(SignArgs),
    Export(ExportArgs),
    Restrict(RestrictArgs),
    Status,
    Outbox,
    #[command(subcommand)]
    NotDelivered(NotDeliveredCommand),
    Teams,
    Templates(TemplatesArgs),
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("which").required(true).args(["code", "code_file"]))]
pub struct EnrolArgs {
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub code_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct SyncArgs {
    #[arg(long)]
    pub watch: bool,
    #[arg(long, value_name = "N", requires = "watch")]
    pub seconds: Option<u64>,
    #[arg(long, value_name = "SECONDS", conflicts_with = "watch", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub within: Option<u64>,
}

#[derive(Debug, Subcommand)]
pub enum CaseCommand {
    Open(CaseOpenArgs),
    List(CaseListArgs),
    Show(CaseShowArgs),
    Edit(CaseEditArgs),
    Assign(CaseAssignArgs),
    Unassign(CaseAssignArgs),
}

#[derive(Debug, Args)]
pub struct CaseAssignArgs {
    #[arg(value_name = "CASE")]
    pub case: String,
    #[arg(value_name = "PRACTITIONER")]
    pub practitioner: String,
}

#[derive(Debug, Args)]
pub struct CaseOpenArgs {
    #[arg(long, value_name = "TEAM")]
    pub team: String,
    #[command(flatten)]
    pub content: ContentArgs,
}

#[derive(Debug, Args)]
pub struct CaseListArgs {
    #[arg(long, value_name = "TEXT")]
    pub find: Option<String>,
    #[arg(long)]
    pub closed: bool,
}

#[derive(Debug, Args)]
pub struct CaseShowArgs {
    #[arg(value_name = "CASE")]
    pub case: String,
}

#[derive(Debug, Clone, Args)]
pub struct CaseEditArgs {
    #[arg(value_name = "CASE")]
    pub case: String,
    #[command(flatten)]
    pub content: ContentArgs,
    #[command(flatten)]
    pub items: ItemChangeArgs,
}

#[derive(Debug, Subcommand)]
pub enum CircleCommand {
    Open(CircleOpenArgs),
    List,
    Show(CircleShowArgs),
    Join(CircleJoinArgs),
    Leave(CircleArgs),
    Close(CircleCloseArgs),
}

#[derive(Debug, Args)]
pub struct CircleCloseArgs {
    #[arg(value_name = "CIRCLE")]
    pub circle: String,
    #[arg(long, value_name = "TEXT")]
    pub line: Vec<String>,
    #[arg(long, value_name = "TEAM")]
    pub share: Vec<String>,
    #[arg(long, value_name = "KIND", default_value = "shared")]
    pub kind: String,
}

#[derive(Debug, Subcommand)]
pub enum LearningCommand {
    List,
}

#[derive(Debug, Args)]
pub struct CircleOpenArgs {
    #[arg(value_name = "TITLE")]
    pub title: String,
    #[arg(long, value_name = "PRACTITIONER", required = true, num_args = 1..)]
    pub with: Vec<String>,
    #[arg(long, value_name = "CASE", num_args = 1..)]
    pub about: Vec<String>,
}

#[derive(Debug, Args)]
pub struct CircleShowArgs {
    #[arg(value_name = "CIRCLE")]
    pub circle: String,
    #[arg(long)]
    pub restricted: bool,
}

#[derive(Debug, Args)]
pub struct CircleArgs {
    #[arg(value_name = "CIRCLE")]
    pub circle: String,
}

#[derive(Debug, Args)]
pub struct CircleJoinArgs {
    #[arg(value_name = "CIRCLE")]
    pub circle: String,
    #[arg(value_name = "PRACTITIONER")]
    pub practitioner: String,
}

#[derive(Debug, Args)]
pub struct WriteArgs {
    #[arg(value_name = "TEMPLATE")]
    pub template: String,
    #[arg(long, value_name = "CASE", conflicts_with = "circle")]
    pub case: Option<String>,
    #[arg(long, value_name = "CIRCLE")]
    pub circle: Option<String>,
    #[arg(long, value_name = "ENTRY")]
    pub adds_to: Option<String>,
    #[command(flatten)]
    pub content: ContentArgs,
}

#[derive(Debug, Args)]
pub struct DraftNewArgs {
    #[command(flatten)]
    pub write: WriteArgs,
    #[arg(long)]
    pub from_last: bool,
}

#[derive(Debug, Args)]
pub struct AdditionArgs {
    #[arg(value_name = "ENTRY")]
    pub entry: String,
    #[arg(long = "draft")]
    pub draft: bool,
    #[command(flatten)]
    pub content: ContentArgs,
}

#[derive(Debug, Args)]
pub struct DraftsArgs {
    #[arg(long)]
    pub discarded: bool,
}

#[derive(Debug, Args)]
pub struct DraftArgs {
    #[arg(value_name = "DRAFT")]
    pub draft: String,
}

#[derive(Debug, Args)]
pub struct EditArgs {
    #[arg(value_name = "DOCUMENT")]
    pub document: String,
    #[arg(long, value_name = "FIELD")]
    pub unchanged: Vec<String>,
    #[command(flatten)]
    pub content: ContentArgs,
    #[command(flatten)]
    pub items: ItemChangeArgs,
}

/// What is written, whichever document it goes into. Each may be repeated.
#[derive(Debug, Clone, Default, Args)]
pub struct ContentArgs {
    #[arg(long, value_name = "FIELD=VALUE")]
    pub set: Vec<String>,
    #[arg(long, value_name = "FIELD=TEXT")]
    pub text: Vec<String>,
    #[arg(long, value_name = "FIELD:NAME=VALUE;…")]
    pub add_item: Vec<String>,
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
}

/// Changes to items that are there.
#[derive(Debug, Clone, Default, Args)]
pub struct ItemChangeArgs {
    #[arg(long, value_name = "FIELD/ITEM:NAME=VALUE;…")]
    pub set_item: Vec<String>,
    #[arg(long, value_name = "FIELD/ITEM")]
    pub remove_item: Vec<String>,
    #[arg(long, value_name = "FIELD")]
    pub clear: Vec<String>,
}

#[derive(Debug, Args)]
pub struct ReadArgs {
    #[arg(value_name = "DOCUMENT")]
    pub document: String,
    #[command(flatten)]
    pub guide: GuideArg,
}

#[derive(Debug, Args)]
pub struct TimelineArgs {
    #[arg(value_name = "CASE")]
    pub case: String,
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub limit: u32,
    #[arg(long, value_name = "CURSOR")]
    pub before: Option<String>,
    #[arg(long)]
    pub restricted: bool,
    #[arg(long)]
    pub with_parents: bool,
}

#[derive(Debug, Args)]
pub struct WhoArgs {
    #[arg(value_name = "DOCUMENT")]
    pub document: String,
}

#[derive(Debug, Args)]
pub struct SearchArgs {
    #[arg(value_name = "TEXT", num_args = 0..)]
    pub words: Vec<String>,
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    #[arg(long, value_name = "TEMPLATE")]
    pub template: Option<String>,
    #[arg(long, value_name = "PRACTITIONER")]
    pub author: Option<String>,
    #[arg(long, value_name = "TEAM")]
    pub team: Option<String>,
    #[arg(long, value_name = "CASE")]
    pub case: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub to: Option<String>,
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=200))]
    pub limit: u32,
    #[arg(long, value_name = "CURSOR")]
    pub before: Option<String>,
    #[arg(long)]
    pub restricted: bool,
}

#[derive(Debug, Args)]
pub struct RestrictArgs {
    #[arg(value_name = "DOCUMENT")]
    pub document: String,
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub ground: String,
    #[arg(long)]
    pub lift: bool,
}

#[derive(Debug, Args)]
pub struct ChooseArgs {
    #[arg(value_name = "DOCUMENT")]
    pub document: String,
    #[arg(value_name = "FIELD[/ITEM/NAME]")]
    pub field: String,
    #[arg(value_name = "VALUE", allow_hyphen_values = true)]
    pub value: String,
}

#[derive(Debug, Args)]
pub struct SignArgs {
    #[arg(value_name = "DOCUMENT")]
    pub document: String,
}

#[derive(Debug, Args)]
pub struct ExportArgs {
    #[arg(value_name = "DOCUMENT")]
    pub document: String,
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
}

#[derive(Debug, Subcommand)]
pub enum NotDeliveredCommand {
    List,
    Retry(NotDeliveredRetryArgs),
    Addendum(NotDeliveredWayArgs),
    Draft(NotDeliveredWayArgs),
    Discard(NotDeliveredDiscardArgs),
    Export(NotDeliveredExportArgs),
}

#[derive(Debug, Args)]
pub struct NotDeliveredRetryArgs {
    #[arg(value_name = "ID")]
    pub id: Option<String>,
}

#[derive(Debug, Args)]
pub struct NotDeliveredWayArgs {
    #[arg(value_name = "ID")]
    pub id: String,
}

#[derive(Debug, Args)]
pub struct NotDeliveredDiscardArgs {
    #[arg(value_name = "ID")]
    pub id: String,
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct NotDeliveredExportArgs {
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct TemplatesArgs {
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
}
