//! What is said about templates of an organisation's own.

use super::{W, sentences};

sentences! {
    TEMPLATES;
    TEMPLATE_HOLDS: "Skabelonen kan bruges: {name}, version {version}", "The template can be used: {name}, version {version}";
    TEMPLATE_ADDED:
        "Lagt ind: {name}, version {version}. Enhederne får den, næste gang de synkroniserer.",
        "Added: {name}, version {version}. Devices get it at their next sync.";
    TEMPLATE_THERE:
        "Er der allerede, og er den samme: {name}, version {version}. Intet er ændret.",
        "There already, and the same: {name}, version {version}. Nothing was changed.";
    TEMPLATE_OWN: "egen, version {version}", "own, version {version}";
    TEMPLATE_ASIDE:
        "! {name}, version {version}, kan ikke bruges: {said}",
        "! {name}, version {version}, cannot be used: {said}";
    TOO_MANY_TEMPLATES:
        "Der er allerede {most} skabeloner, hver version talt med. Der kan ikke være flere.",
        "There are {most} templates already, each version counted. There cannot be more.";
    UNKNOWN_VERSION:
        "Skabelonen {template} har ingen version {version}. Se: samspor admin template list",
        "The template {template} has no version {version}. See: samspor admin template list";
}
