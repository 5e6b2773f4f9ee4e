//! Help of the commands about visits: planned contacts, what is due, what is not complete, growth.

use super::Entry;

entries! {
    COMMANDS;
    "samspor device contact": "Aftalte kontakter: det, der skal ske i dag, og det, der mangler et notat.", "Planned contacts: what is to come today, and what has no entry yet.";
    "samspor device contact plan": "Aftal en kontakt i en sag: hvornår, med --at.", "Plan a contact in a case: when, with --at.";
    "samspor device contact list": "Vis aftalte kontakter, de første først.", "List planned contacts, the first to come first.";
    "samspor device contact show": "Vis én aftalt kontakt.", "Show one planned contact.";
    "samspor device contact move": "Flyt en aftalt kontakt til det tidspunkt, som --at siger.", "Move a planned contact to the time that --at says.";
    "samspor device contact status": "Sig, hvad der blev af den: aflyst, fravalgt, ikke hjemme, aftalt, gennemført eller begyndt.", "Say what became of it: cancelled, declined, not_home, agreed, held or started.";
    "samspor device visit": "Besøg.", "Visits.";
    "samspor device visit start":
        "Begynd et besøg: den aftalte kontakt begynder (og laves, hvis ingen er aftalt), og notatets kladde nævner den.",
        "Begin a visit: its planned contact begins (and is made where none was agreed), and its entry's draft names it.";
    "samspor device due":
        "Vis, hvilke besøg der skal holdes, det mest hastende først.",
        "List the visits that are due, the most urgent first.";
    "samspor device incomplete":
        "Vis dine egne besøg, som mangler noget obligatorisk.",
        "List your own visits that lack something mandatory.";
    "samspor device growth":
        "Vis et barns vækst: målinger med z-score og reference, og hvorfor der ingen er.",
        "Show a child's growth: measurements with z-score and reference, and why there is none.";
    "samspor device visit write":
        "Skriv et besøg i én ombæring: barnets notat, og hver forælders i forælderens egen sag.",
        "Write a visit in one act: the child's entry, and each parent's in that parent's own case.";
}

entries! {
    ARGUMENTS;
    "contact": "Den aftalte kontakts id (se contact list).", "The planned contact's id (see contact list).";
    "samspor device visit start contact":
        "Den aftalte kontakt, det er; ellers den, der er aftalt i sagen i dag.",
        "The planned contact that it is; otherwise what is agreed in the case for today.";
    "samspor device visit start template": "Notatets skabelon (home_visit).", "The entry's template (home_visit).";
    "samspor device contact list case": "Kun denne sags.", "This case's only.";
    "samspor device contact status status": "Hvad der blev af den.", "What became of it.";
    "samspor device due today": "Kun dem i dag.", "Those of today only.";
    "samspor device due week": "Kun dem i dag og resten af ugen.", "Those of today and of the rest of the week only.";
    "samspor device due overdue": "Kun dem, hvis tid er gået.", "Those whose time has passed only.";
    "samspor device due team": "Kun dette teams.", "This team's only.";
    "samspor device due limit": "Højst så mange.", "At most so many.";
    "reading":
        "Hvilken læsning af KL's vejledning: text (ordene) eller machine (reglerne).",
        "Which reading of KL's guide: text (its words) or machine (its rules).";
    "from_last":
        "Begynd med det, der gælder fra sidst, og vis, hvad der kan siges at være uændret.",
        "Begin with what carries over from last time, and tell what can be said to be unchanged.";
    "samspor device edit unchanged":
        "Feltet er som sidst; alt (all): alle, der kan siges om og er tomme.",
        "The field is as last time; all (alt): every one of which that can be said and that is empty.";
    "samspor device visit write contact":
        "Den aftalte kontakt, som det var; ellers den, der er aftalt i sagen i dag.",
        "The planned contact that it was; otherwise what is agreed in the case for today.";
    "samspor device visit write template": "Barnets notats skabelon (home_visit).", "The template of the child's entry (home_visit).";
    "samspor device visit write open_parent":
        "Åbn denne forælders egen sag i samme ombæring.",
        "Open this parent's own case in the same act.";
    "samspor device visit write publish":
        "Læg alt i sagerne med det samme; ellers bliver det kladder.",
        "Put all of it into the cases at once; otherwise they are drafts.";
    "samspor device growth restricted": "Også det, der er begrænset.", "What is restricted as well.";
}
