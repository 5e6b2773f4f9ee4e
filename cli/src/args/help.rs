//! Puts the catalogue's help into the command line, in one language.

use super::{Cli, Lang};
use crate::words::{W, help};
use clap::{Arg, ArgAction, Command, CommandFactory as _};

/// What every command takes stands after what is its own.
const LAST: usize = 900;

/// The whole command line with its help in `lang`.
pub fn command(lang: Lang) -> Command {
    let command = Cli::command().disable_version_flag(true).arg(
        Arg::new("version")
            .short('V')
            .long("version")
            .display_order(LAST + 1)
            .action(ArgAction::Version),
    );
    described(command, "", lang)
}

fn described(command: Command, above: &str, lang: Lang) -> Command {
    let path = format!("{above} {}", command.get_name()).trim().to_owned();
    let help_flag = Arg::new("help")
        .short('h')
        .long("help")
        .display_order(LAST + 1)
        .action(ArgAction::Help);
    let mut command = command.disable_help_flag(true).arg(help_flag);
    command = command
        .help_template(W::HELP_TEMPLATE.text(lang))
        .subcommand_value_name(W::HELP_COMMAND.text(lang))
        .subcommand_help_heading(W::HELP_COMMANDS.text(lang))
        .disable_help_subcommand(true);
    if let Some(text) = help::of_command(&path, lang) {
        command = command.about(text);
    }
    let at = path.clone();
    command = command.mut_args(move |arg| argument(arg, &at, lang));
    command.mut_subcommands(move |inner| described(inner, &path, lang))
}

fn argument(arg: Arg, path: &str, lang: Lang) -> Arg {
    let heading = if arg.is_positional() {
        W::HELP_ARGUMENTS
    } else {
        W::HELP_OPTIONS
    };
    let text = help::of_argument(path, arg.get_id().as_str(), lang);
    let takes_value = arg.get_action().takes_values();
    let arg = arg
        .help_heading(heading.text(lang))
        .hide_default_value(takes_value)
        .hide_possible_values(takes_value)
        .hide_env(takes_value);
    let arg = if arg.is_global_set() {
        arg.display_order(LAST)
    } else {
        arg
    };
    match text {
        Some(text) => arg.help(text),
        None => arg,
    }
}

/// The language asked for, read before the command line is: help and errors are in it, too.
pub fn language_of(arguments: &[String], environment: Option<&str>) -> Lang {
    let mut asked = environment.map(str::to_owned);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "--lang" {
            asked = rest.next().cloned();
        } else if let Some(value) = argument.strip_prefix("--lang=") {
            asked = Some(value.to_owned());
        }
    }
    match asked.as_deref() {
        Some("en") => Lang::En,
        _ => Lang::Da,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(command: &Command, above: &str, found: &mut Vec<String>) {
        let path = format!("{above} {}", command.get_name()).trim().to_owned();
        for lang in [Lang::Da, Lang::En] {
            if help::of_command(&path, lang).is_none() {
                found.push(path.clone());
            }
            for arg in command.get_arguments() {
                if help::of_argument(&path, arg.get_id().as_str(), lang).is_none() {
                    found.push(format!("{path} {}", arg.get_id()));
                }
            }
        }
        for inner in command.get_subcommands() {
            missing(inner, &path, found);
        }
    }

    #[test]
    fn every_command_and_argument_has_help_in_both_languages() {
        let mut found = Vec::new();
        missing(&command(Lang::Da), "", &mut found);
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn the_command_line_is_well_formed() {
        command(Lang::Da).debug_assert();
        command(Lang::En).debug_assert();
    }

    #[test]
    fn the_language_is_known_before_the_command_line_is_read() {
        let of = |text: &str, environment| {
            let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            language_of(&words, environment)
        };
        assert_eq!(of("device status", None), Lang::Da);
        assert_eq!(of("device --lang en status", None), Lang::En);
        assert_eq!(of("device status --lang=en", None), Lang::En);
        assert_eq!(of("device status", Some("en")), Lang::En);
        assert_eq!(of("device --lang da", Some("en")), Lang::Da);
    }
}
