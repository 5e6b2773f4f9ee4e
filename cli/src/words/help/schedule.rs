//! Help for the administration of the visit schedule.

use super::Entry;

entries! {
    COMMANDS;
    "samspor admin schedule": "Kommunens besøgsplan: hvornår hvert besøg skal holdes.", "The municipality's visit schedule: when each visit is due.";
    "samspor admin schedule check":
        "Kontrollér en besøgsplans fil, og vis den; kræver ingen server.",
        "Check a visit schedule's file and show it; needs no server.";
    "samspor admin schedule set":
        "Sæt kommunens besøgsplan; alle enheder får den.",
        "Set the municipality's visit schedule; every device gets it.";
    "samspor admin schedule show": "Vis den besøgsplan, der gælder.", "Show the visit schedule that holds.";
    "samspor admin schedule reset":
        "Lad besøgsplanen, der følger med Samspor, gælde igen.",
        "Let the visit schedule that comes with Samspor hold again.";
}

entries! {
    ARGUMENTS;
    "samspor admin schedule check file": "Besøgsplanens fil (TOML); -: standardinput.", "The schedule's file (TOML); -: standard input.";
    "samspor admin schedule set file": "Besøgsplanens fil (TOML); -: standardinput.", "The schedule's file (TOML); -: standard input.";
}
