//! Closing circles, and the learning lines that they share. `{name}` is a place that the caller fills.

use super::{W, sentences};

sentences! {
    CLOSING;
    CIRCLE_CLOSED: "Kredsen er lukket: {id}", "The circle is closed: {id}";
    CLOSED_BY: "Lukket af {who}, {at}", "Closed by {who}, {at}";
    WRITTEN_BY: "Skrevet af {who}", "Written by {who}";
    SHARED_WITH: "Delt med {teams}", "Shared with {teams}";
    CLOSES_CIRCLE: "Lukker kredsen: {title}", "Closes the circle: {title}";
    LEARNING_OF: "{kind}, lukket {day}, {count} deltog", "{kind}, closed {day}, {count} took part";
    NO_LEARNING: "Ingen har delt læring med dine teams endnu.", "Nobody has shared learning with your teams yet.";
    REASON_CLOSED:
        "Kredsen er lukket. Det, der står her, er ikke kommet med; det kan læses og gemmes i en fil.",
        "The circle is closed. What stands here did not come along; it can be read and kept in a file.";
    CLOSING_CLOSED_BEFORE:
        "Kredsen var allerede lukket, da din lukning nåede frem. Dine linjer er ikke delt; de står her.",
        "The circle was closed already when your closing arrived. Your lines are not shared; they stand here.";
    CLOSING_NO_ACCESS:
        "Kredsen er ikke lukket: du er ikke med i den længere, eller et af de nævnte teams har ingen med i den.",
        "The circle is not closed: you take part in it no longer, or a team that you named has nobody in it.";

    // What may be wrong.
    ERROR_CIRCLE_CLOSED:
        "Kredsen er lukket: den kan læses og forlades, men der skrives ikke mere i den.",
        "The circle is closed: it can be read and left, but nothing more is written in it.";
    LEARNING_LINE:
        "En linje om, hvad I lærte, er én linje på 1 til {most} tegn.",
        "A learning line is one line of 1 to {most} characters.";
    LEARNING_TOO_LARGE:
        "Det er for meget i én lukning: højst {lines} linjer og {teams} teams.",
        "That is too much in one closing: at most {lines} lines and {teams} teams.";
    UNKNOWN_REFLECTION_KIND:
        "Ukendt slags: brug shared, method_follow_up eller video_sparring.",
        "Unknown kind: use shared, method_follow_up or video_sparring.";
}
