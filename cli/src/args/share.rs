//! `samspor device share …`.

use clap::{ArgGroup, Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum ShareCommand {
    Add(Box<ShareAddArgs>),
    Disclose(Box<ShareDiscloseArgs>),
    Withdraw(ShareWithdrawArgs),
    List(ShareListArgs),
    Received,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("whom").required(true).args(["team", "practitioner"]))]
pub struct ShareAddArgs {
    #[arg(value_name = "CASE", required = true, num_args = 1..)]
    pub cases: Vec<String>,
    #[arg(long, value_name = "TEAM")]
    pub team: Option<String>,
    #[arg(long, value_name = "PRACTITIONER")]
    pub practitioner: Option<String>,
    #[arg(long, value_name = "DOCUMENT")]
    pub document: Option<String>,
    #[command(flatten)]
    pub ground: GroundArgs,
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
}

#[derive(Debug, Args)]
pub struct ShareDiscloseArgs {
    #[arg(value_name = "CASE")]
    pub case: String,
    #[arg(long, value_name = "DOCUMENT")]
    pub document: String,
    #[arg(long, value_name = "TEAM")]
    pub team: String,
    #[command(flatten)]
    pub ground: GroundArgs,
}

/// Why something is shared or disclosed.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("consents").required(true).args(["consent", "no_consent"]))]
pub struct GroundArgs {
    #[arg(long, value_name = "TEXT")]
    pub purpose: String,
    #[arg(long, value_name = "CODE")]
    pub basis: String,
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub basis_text: String,
    #[arg(long, value_name = "TEXT")]
    pub consent: Option<String>,
    #[arg(long, value_name = "TIME", requires = "consent")]
    pub consent_at: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub no_consent: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub about: Option<String>,
}

#[derive(Debug, Args)]
pub struct ShareWithdrawArgs {
    #[arg(value_name = "SHARE")]
    pub share: String,
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub why: String,
}

#[derive(Debug, Args)]
pub struct ShareListArgs {
    #[arg(value_name = "CASE")]
    pub case: Option<String>,
}
