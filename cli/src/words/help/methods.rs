//! Help of the commands about what the methods' entries say over time.

use super::Entry;

entries! {
    COMMANDS;
    "samspor device progress":
        "Vis fremskridt på barnets mål og delmål og møders skaleringer, for hver person for sig.",
        "Show progress on the child's goals and sub-goals, and meetings' scalings, each person's by itself.";
    "samspor device who":
        "Vis, hvem der har skrevet hvad i et dokuments fritekst.",
        "Show who wrote what in a document's prose.";
    "samspor device factors":
        "Vis barnets risiko- og beskyttelsesfaktorer over tid.",
        "Show the child's risk and protective factors over time.";
    "samspor device agreements":
        "Vis åbne aftaler fra netværksmøder og det, der skal følges op: i en sag eller i alle.",
        "Show open agreements of network meetings, and what is to be followed up: in a case or in all.";
    "samspor device heard":
        "Vis, om, hvornår og hvordan barnet er hørt før hver afgørelse.",
        "Show whether, when and how the child was heard before each decision.";
}

entries! {
    ARGUMENTS;
    "samspor device agreements all":
        "Også det, der er holdt, ikke holdt, bortfaldet eller fulgt op.",
        "What was kept, not kept, dropped or followed up as well.";
    "samspor device timeline with_parents":
        "Også forældrenes egne notater, som du må se; hver række siger, hvis det er.",
        "The parents' own entries that you may see as well; each row says whose it is.";
}
