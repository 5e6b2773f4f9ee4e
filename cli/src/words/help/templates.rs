//! Help for the administration of templates.

use super::Entry;

entries! {
    COMMANDS;
    "samspor admin template": "Skabeloner.", "Templates.";
    "samspor admin template check":
        "Kontrollér en skabelons fil, og vis dens felter; kræver ingen server.",
        "Check a template's file and show its fields; needs no server.";
    "samspor admin template add":
        "Læg en skabelon eller en ny version af en ind; alle enheder får den.",
        "Add a template, or a new version of one; every device gets it.";
    "samspor admin template list": "Vis skabeloner i alle versioner.", "List templates in every version.";
    "samspor admin template show": "Vis en skabelons felter.", "Show a template's fields.";
    "samspor admin template retire":
        "Lad en skabelon udgå: intet nyt begyndes i den; det, der er skrevet, bliver.",
        "Retire a template: nothing new is begun in it; what was written stays.";
    "samspor admin template unretire":
        "Tag en skabelon, der er udgået, i brug igen.",
        "Put a retired template back to use.";
}

entries! {
    ARGUMENTS;
    "samspor admin template check file": "Skabelonens fil (TOML); -: standardinput.", "The template's file (TOML); -: standard input.";
    "samspor admin template add file": "Skabelonens fil (TOML); -: standardinput.", "The template's file (TOML); -: standard input.";
    "samspor admin template show name": "Skabelonens navn.", "The template's name.";
    "samspor admin template show version": "Denne version (den nyeste).", "This version (the newest).";
    "samspor admin template retire name": "Skabelonens navn.", "The template's name.";
    "samspor admin template retire version": "Kun denne version (hele skabelonen).", "This version only (the whole template).";
    "samspor admin template unretire name": "Skabelonens navn.", "The template's name.";
    "samspor admin template unretire version": "Kun denne version (hele skabelonen).", "This version only (the whole template).";
}
