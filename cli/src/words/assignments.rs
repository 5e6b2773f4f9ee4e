//! What is said about whose a team's cases are, and to whom a case is assigned.

use super::{W, sentences};

sentences! {
    ASSIGNMENTS;
    CASELOAD_WHOLE_TEAM: "Teamets sager er nu hele teamets.", "The team's cases are the whole team's now.";
    CASELOAD_ASSIGNED: "Teamets sager åbnes nu kun for dem, de er tildelt.", "The team's cases are open only to those to whom they are assigned now.";
    UNKNOWN_CASELOAD: "Ukendt: brug {known}.", "Unknown: use {known}.";
    LABEL_CASELOAD: "Sager", "Cases";
    LABEL_ASSIGNED: "Tildelt", "Assigned to";
    LABEL_LAST_ASSIGNED: "Havde den sidst", "Had it last";
    NOTHING_UNASSIGNED: "Alle sager har nogen.", "Every case has somebody.";
    ADMIN_ASSIGNED: "Sagen er tildelt.", "The case is assigned.";
    UNKNOWN_SERVER_CASE: "Der er ingen sag med det id.", "There is no case with this id.";
    CASE_ASSIGNED: "Sagen er tildelt: {id}", "The case is assigned: {id}";
    CASE_UNASSIGNED: "Tildelingen er afsluttet: {id}", "The assignment has ended: {id}";
    ASSIGNED_TO: "Tildelt {names}", "Assigned to {names}";
    ASSIGNED_WAITS: "{name} (venter)", "{name} (waits)";
    ASSIGNED_END_WAITS: "{name} (afslutning venter)", "{name} (its end waits)";
    ASSIGNS_CASE: "Tildeler sag: {title}", "Assigns a case: {title}";
    UNASSIGNS_CASE: "Afslutter tildeling: {title}", "Ends an assignment: {title}";
    ASSIGNMENT_DISCARDED: "Det er droppet. Intet, der er skrevet, er slettet.", "It is given up. Nothing that was written is deleted.";
    NO_COLLEAGUE: "Vedkommende er ikke med i sagens team i en rolle, der åbner sager.", "They are no member of the case's team in a role that opens cases.";
    REASON_LAST_ASSIGNED: "En sag står aldrig uden nogen: tildel den først til en kollega.", "A case is never left with nobody: assign it to a colleague first.";
    ASSIGNMENT_NO_ACCESS:
        "Tildelingen er ikke ændret: sagen er ikke din længere, eller kollegaen er ikke med i dens team.",
        "The assignment was not changed: the case is yours no longer, or the colleague is not in its team.";
}
