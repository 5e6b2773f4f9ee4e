//! The `samspor` command: the server, its administration, and a whole device at the command line.
//!
//! Reads the command line, runs one command, prints through one `Output` and ends with one of the documented
//! exit codes. Nothing here knows a rule of the domain.

mod args;
mod content;
mod demo;
mod device;
#[cfg(test)]
mod documentation;
mod exit;
mod failure;
mod files;
mod layout;
mod output;
mod server;
mod shutdown;
mod verify;
mod when;
mod words;

use crate::{
    args::{Cli, Command, Lang, help, usage},
    exit::Exit,
    failure::Failure,
    output::Output,
    words::W,
};
use clap::{FromArgMatches as _, error::ErrorKind};
use std::process::ExitCode;

fn main() -> ExitCode {
    silence_panics();
    let exit = std::panic::catch_unwind(run).unwrap_or_else(|_| {
        let out = Output::new(language(), wants_json());
        out.error(&Failure::new(Exit::Other, "unexpected", W::PANICKED));
        Exit::Other
    });
    ExitCode::from(exit.number())
}

/// A panic says where it happened and nothing else: its message may hold what somebody wrote. Received
/// content is handled where a panic is caught, so one that is told here need not end anything.
fn silence_panics() {
    std::panic::set_hook(Box::new(|panic| match panic.location() {
        Some(place) => tracing::error!(file = place.file(), line = place.line(), "panicked"),
        None => tracing::error!("panicked"),
    }));
}

fn arguments() -> Vec<String> {
    std::env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect()
}

fn language() -> Lang {
    let environment = std::env::var("SAMSPOR_LANG").ok();
    help::language_of(&arguments(), environment.as_deref())
}

fn wants_json() -> bool {
    arguments().iter().any(|argument| argument == "--json")
}

fn run() -> Exit {
    let early = Output::new(language(), wants_json());
    let cli = match parse(&early, &arguments()) {
        Ok(cli) => cli,
        Err(exit) => return exit,
    };
    let out = Output::new(cli.lang, cli.json);
    match start(cli, &out) {
        Ok(exit) => exit,
        Err(failure) => {
            out.error(&failure);
            failure.exit
        }
    }
}

fn parse(out: &Output, arguments: &[String]) -> Result<Cli, Exit> {
    let command = help::command(out.lang);
    let read = command
        .clone()
        .try_get_matches()
        .and_then(|matches| Cli::from_arg_matches(&matches));
    read.map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let help = error.render().to_string();
            out.text(&help.replace("[OPTIONS]", W::HELP_OPTIONS_PLACE.text(out.lang)));
            Exit::Done
        }
        _ => {
            let failure =
                usage::failure(&error, &usage::command_path(&command, arguments), out.lang);
            out.error(&failure);
            failure.exit
        }
    })
}

fn start(cli: Cli, out: &Output) -> Result<Exit, Failure> {
    let unexpected = |detail: String| {
        Failure::new(Exit::Other, "unexpected", W::UNEXPECTED).with("detail", detail)
    };
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| unexpected("TLS".to_owned()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| unexpected(error.to_string()))?;
    runtime.block_on(async {
        match cli.command {
            Command::Demo(args) => demo::run(&args, out).await,
            Command::Serve(args) => server::serve::run(&args, out).await,
            Command::Admin(args) => server::admin::run(&args, out).await,
            Command::Device(args) => device::run(&args, out).await,
            Command::Verify(args) => verify::run(&args, out),
        }
    })
}
