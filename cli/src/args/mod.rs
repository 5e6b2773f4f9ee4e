//! The command line as data: what may be typed, not what it does. Help stands in the catalogue, in both
//! languages, and is put in by `help`; a test demands that none is missing.

pub mod admin;
pub mod contact;
pub mod device;
pub mod help;
pub mod method;
pub mod serve;
pub mod share;
pub mod usage;
pub mod visit;

use clap::{Args, Parser, Subcommand, ValueEnum};
use samspor_documents::template::Language;
use std::path::PathBuf;

/// The language of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    Da,
    En,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::Da => Self::Danish,
            Lang::En => Self::English,
        }
    }
}

#[derive(Debug, Parser)]
#[command(name = "samspor", version, disable_help_subcommand = true)]
pub struct Cli {
    #[arg(
        long,
        global = true,
        value_enum,
        env = "SAMSPOR_LANG",
        hide_env_values = true,
        default_value = "da"
    )]
    pub lang: Lang,
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Demo(crate::demo::DemoArgs),
    Serve(serve::ServeArgs),
    Admin(admin::AdminArgs),
    Device(device::DeviceArgs),
    Verify(VerifyArgs),
}

#[derive(Debug, Args)]
pub struct VerifyArgs {
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[arg(long, value_name = "HEX")]
    pub organisation_key: Option<String>,
}
