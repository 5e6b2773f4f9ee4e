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
    TEMPLATE_IS_RETIRED: "udgået", "retired";
    TEMPLATE_NAMED_VERSION: "{name}, version {version}", "{name}, version {version}";
    TEMPLATE_RETIRED:
        "Udgået: {which}. Enhederne hører det, næste gang de synkroniserer; det, der er skrevet, bliver og kan skrives færdigt.",
        "Retired: {which}. Devices hear of it at their next sync; what was written stays and can be finished.";
    TEMPLATE_UNRETIRED:
        "I brug igen: {which}. Enhederne hører det, næste gang de synkroniserer.",
        "In use again: {which}. Devices hear of it at their next sync.";
    TEMPLATE_AS_BEFORE: "Det er den allerede: {which}. Intet er ændret.", "So it was already: {which}. Nothing was changed.";
    TEMPLATE_BEGUN: "Nyt begyndes i {name}, version {version}.", "New ones begin in {name}, version {version}.";
    TEMPLATE_NOT_BEGUN: "Intet nyt begyndes i {name}.", "Nothing new is begun in {name}.";
    TEMPLATE_NEEDED:
        "Skabelonen {template} kan ikke udgå: uden den kunne der ikke skrives stamkort, aftalte kontakter eller rettelser.",
        "The template {template} cannot be retired: without it cards, planned contacts or corrections could not be written.";
    RETIRED_TEMPLATE:
        "Skabelonen {template} er udgået: der begyndes intet nyt i den. I brug er: {known}",
        "The template {template} is retired: nothing new is begun in it. In use are: {known}";
    RETIRED_TEMPLATE_HERE:
        "Skabelonen er udgået: der begyndes intet nyt i den. I brug er: {known}",
        "The template is retired: nothing new is begun in it. In use are: {known}";
    TOO_MANY_TEMPLATES:
        "Der er allerede {most} skabeloner, hver version talt med. Der kan ikke være flere.",
        "There are {most} templates already, each version counted. There cannot be more.";
    UNKNOWN_VERSION:
        "Skabelonen {template} har ingen version {version}. Se: samspor admin template list",
        "The template {template} has no version {version}. See: samspor admin template list";
}
