//! `samspor serve`: one flag per setting of the server's own table, so that neither can know a setting that
//! the other does not.

use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches};
use std::path::PathBuf;

/// Setting and flag. A test compares it with the server's table.
pub const FLAGS: &[(&str, &str)] = &[
    ("folder", "folder"),
    ("listen", "listen"),
    ("url", "url"),
    ("organisation", "organisation"),
    ("tls_certificate", "tls-certificate"),
    ("tls_key", "tls-key"),
    ("tls_public_authority", "tls-public-authority"),
    ("lease_days", "lease-days"),
    ("quarantine_days", "quarantine-days"),
    ("wait_millis_max", "wait-millis-max"),
    ("stop_millis_max", "stop-millis-max"),
    ("log_format", "log-format"),
    ("log_filter", "log-filter"),
];

const FILE: &str = "settings";

/// What was given by flag: settings by name, and the settings file.
#[derive(Debug, Clone, Default)]
pub struct ServeArgs {
    /// Setting and value.
    pub given: Vec<(&'static str, String)>,
    /// `--settings FILE`.
    pub file: Option<PathBuf>,
}

impl Args for ServeArgs {
    fn augment_args(command: Command) -> Command {
        let file = Arg::new(FILE)
            .long(FILE)
            .value_name("FILE")
            .value_parser(clap::value_parser!(PathBuf));
        FLAGS
            .iter()
            .fold(command.arg(file), |command, (name, flag)| {
                command.arg(Arg::new(*name).long(*flag).value_name("VALUE"))
            })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for ServeArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let given = FLAGS.iter().filter_map(|(name, _)| {
            let value = matches.get_one::<String>(name)?;
            Some((*name, value.clone()))
        });
        Ok(Self {
            given: given.collect(),
            file: matches.get_one::<PathBuf>(FILE).cloned(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_of_the_server_has_its_flag() {
        let settings: Vec<&str> = samspor_server::settings::TABLE
            .iter()
            .map(|row| row.name)
            .collect();
        let flags: Vec<&str> = FLAGS.iter().map(|(name, _)| *name).collect();
        assert_eq!(flags, settings);
        for (name, flag) in FLAGS {
            assert_eq!(&name.replace('_', "-"), flag);
        }
    }
}
