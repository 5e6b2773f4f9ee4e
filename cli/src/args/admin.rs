//! `samspor admin …`: works on the server's folder, also while the server runs.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct AdminArgs {
    #[arg(long, global = true, value_name = "DIR")]
    pub folder: Option<PathBuf>,
    #[arg(long, global = true, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    #[command(subcommand)]
    pub command: AdminCommand,
}

#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    #[command(subcommand)]
    Team(TeamCommand),
    #[command(subcommand)]
    Practitioner(PractitionerCommand),
    #[command(subcommand)]
    Membership(MembershipCommand),
    Code(CodeArgs),
    Link(LinkArgs),
    #[command(subcommand)]
    Device(AdminDeviceCommand),
    #[command(subcommand)]
    Quarantine(QuarantineCommand),
    Assign(AdminAssignArgs),
    Unassigned,
    #[command(subcommand)]
    Share(AdminShareCommand),
    Verify(AdminVerifyArgs),
    #[command(subcommand)]
    Template(TemplateCommand),
    #[command(subcommand)]
    Schedule(ScheduleCommand),
}

#[derive(Debug, Subcommand)]
pub enum ScheduleCommand {
    Check(ScheduleFileArgs),
    Set(ScheduleFileArgs),
    Show,
    Reset,
}

#[derive(Debug, Args)]
pub struct ScheduleFileArgs {
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

#[derive(Debug, Subcommand)]
pub enum TemplateCommand {
    Check(TemplateFileArgs),
    Add(TemplateFileArgs),
    List,
    Show(TemplateShowArgs),
    Retire(TemplateShowArgs),
    Unretire(TemplateShowArgs),
}

#[derive(Debug, Args)]
pub struct TemplateFileArgs {
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct TemplateShowArgs {
    #[arg(value_name = "NAME")]
    pub name: String,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub version: Option<u32>,
}

#[derive(Debug, Subcommand)]
pub enum TeamCommand {
    Add(TeamAddArgs),
    List,
    Caseload(TeamCaseloadArgs),
}

#[derive(Debug, Args)]
pub struct TeamAddArgs {
    #[arg(value_name = "NAME")]
    pub name: String,
    #[arg(long, value_name = "KIND")]
    pub kind: String,
    #[arg(long, value_name = "CASELOAD", default_value = "whole-team")]
    pub caseload: String,
}

#[derive(Debug, Args)]
pub struct TeamCaseloadArgs {
    #[arg(value_name = "TEAM")]
    pub team: String,
    #[arg(value_name = "CASELOAD")]
    pub caseload: String,
}

#[derive(Debug, Args)]
pub struct AdminAssignArgs {
    #[arg(value_name = "CASE")]
    pub case: String,
    #[arg(value_name = "PRACTITIONER")]
    pub practitioner: String,
}

#[derive(Debug, Subcommand)]
pub enum PractitionerCommand {
    Add(PractitionerAddArgs),
    List,
}

#[derive(Debug, Args)]
pub struct PractitionerAddArgs {
    #[arg(value_name = "NAME")]
    pub name: String,
    #[arg(long, value_name = "TITLE", default_value = "")]
    pub title: String,
}

#[derive(Debug, Subcommand)]
pub enum MembershipCommand {
    Add(MembershipAddArgs),
    End(MembershipEndArgs),
}

#[derive(Debug, Args)]
pub struct MembershipAddArgs {
    #[arg(value_name = "PRACTITIONER")]
    pub practitioner: String,
    #[arg(value_name = "TEAM")]
    pub team: String,
    #[arg(long, value_name = "ROLE", default_value = "practitioner")]
    pub role: String,
}

#[derive(Debug, Args)]
pub struct MembershipEndArgs {
    #[arg(value_name = "PRACTITIONER")]
    pub practitioner: String,
    #[arg(value_name = "TEAM")]
    pub team: String,
}

#[derive(Debug, Args)]
pub struct CodeArgs {
    #[arg(value_name = "PRACTITIONER")]
    pub practitioner: String,
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct LinkArgs {
    #[arg(value_name = "PRACTITIONER")]
    pub practitioner: String,
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum AdminDeviceCommand {
    List(DeviceListArgs),
    Revoke(RevokeArgs),
}

#[derive(Debug, Args)]
pub struct DeviceListArgs {
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(1..=3_650))]
    pub behind: Option<i64>,
}

#[derive(Debug, Args)]
pub struct RevokeArgs {
    #[arg(value_name = "DEVICE")]
    pub device: String,
}

#[derive(Debug, Subcommand)]
pub enum QuarantineCommand {
    List,
    Open(QuarantineOpenArgs),
}

#[derive(Debug, Args)]
pub struct QuarantineOpenArgs {
    #[arg(value_name = "PARCEL")]
    pub parcel: String,
    #[arg(long, value_name = "PRACTITIONER")]
    pub by: String,
    #[arg(long, value_name = "TEXT")]
    pub ground: String,
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
}

#[derive(Debug, Subcommand)]
pub enum AdminShareCommand {
    List(AdminShareListArgs),
    Withdraw(AdminShareWithdrawArgs),
}

#[derive(Debug, Args)]
pub struct AdminShareListArgs {
    #[arg(long)]
    pub ended: bool,
}

#[derive(Debug, Args)]
pub struct AdminShareWithdrawArgs {
    #[arg(value_name = "SHARE")]
    pub share: String,
    #[arg(long, value_name = "TEXT")]
    pub ground: String,
}

#[derive(Debug, Args)]
pub struct AdminVerifyArgs {
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}
