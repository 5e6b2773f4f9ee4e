//! What is said about whose a team's cases are, and to whom a case is assigned.

use super::{W, sentences};

sentences! {
    ASSIGNMENTS;
    UNKNOWN_SERVER_CASE: "Der er ingen sag med det id.", "There is no case with this id.";
    NO_COLLEAGUE: "Vedkommende er ikke med i sagens team i en rolle, der åbner sager.", "They are no member of the case's team in a role that opens cases.";
    REASON_LAST_ASSIGNED: "En sag står aldrig uden nogen: tildel den først til en kollega.", "A case is never left with nobody: assign it to a colleague first.";
}
