//! What is said about a visitor's day: what is due, what is not complete, growth, what carries over.

use super::{W, sentences};

sentences! {
    VISITS;
    NOTHING_DUE: "Ingen besøg er forfaldne eller på vej.", "No visits are due.";
    DUE_OVERDUE: "Over tid", "Overdue";
    DUE_TODAY: "I dag", "Today";
    DUE_THIS_WEEK: "Denne uge", "This week";
    DUE_OPEN: "Kan holdes nu", "May be held now";
    DUE_AGREED: "aftalt {day}", "agreed {day}";
    DUE_WINDOW: "{from} – {until}", "{from} – {until}";
    DUE_MOVED:
        "flyttet {days} dage, født før tiden",
        "moved {days} days, born early";
    LABEL_VISIT: "Besøg", "Visit";
    LABEL_WINDOW: "Vindue", "Window";
    COMPLETE_UNTIL: "Skal være udfyldt senest {at}", "To be completed by {at}";
    COMPLETE_OVERDUE: "Skulle have været udfyldt senest {at}", "Should have been completed by {at}";
    COMPLETE_UNDATED:
        "Ikke udfyldt; det er ikke afgjort, hvornår kontakten fandt sted",
        "Not complete; it is not settled when the contact took place";
    COMPLETE_DONE: "Alt obligatorisk er udfyldt", "All that is mandatory is there";
    COMPLETE_OPEN: "Mangler: {fields}", "Missing: {fields}";
    COMPLETE_TO_WRITE: "Skal stadig skrives: {fields}", "Still to be written: {fields}";
    COMPLETE_UNSETTLED: "Ikke afgjort: {fields}", "Not settled: {fields}";
    COMPLETE_REASONS: "Mangler med grund: {fields}", "Missing for a reason: {fields}";
    NO_PARENTS_CASE:
        "Det er ikke en forælders egen sag: det, der siges om en forælder, står i forælderens egen journal.",
        "It is no parent's own case: what is said of a parent stands in the parent's own record.";
    NO_RELATION:
        "Barnets stamkort siger ikke, hvordan de hører sammen: skriv relation ved forælderen i filen.",
        "The child's card does not say how they belong together: write relation beside the parent in the file.";
    PARENT_WITHOUT_CASE:
        "{name} har ingen sag her. Åbn den i samme ombæring: --open-parent \"{name}\"",
        "{name} has no case here. Open it in the same act: --open-parent \"{name}\"";
    PARENT_UNCLEAR:
        "Sig, hvilken forælder det er: case, name eller relation, som passer på netop én på barnets stamkort.",
        "Say which parent it is: case, name or relation that fits exactly one on the child's card.";
    VISIT_WRITTEN: "Besøget er skrevet: {id}", "The visit is written: {id}";
    PARENT_WRITTEN: "Forælder, i egen sag {case}: {id}", "Parent, in the own case {case}: {id}";
    PARENT_OPENED: "Forælder, i egen sag {case}, som blev åbnet: {id}", "Parent, in the own case {case}, which was opened: {id}";
    FROM_LAST: "Fra sidst ({at}): {fields}", "From last time ({at}): {fields}";
    FROM_LAST_NOTHING: "Der er intet tidligere af den slags i sagen.", "There is no earlier one of its kind in the case.";
    UNCHANGED_OFFERED:
        "Uændret siden sidst? {fields}. Sig det med: samspor device edit {id} --unchanged alt",
        "Unchanged since last? {fields}. Say so with: samspor device edit {id} --unchanged all";
    NO_MEASUREMENTS: "Ingen målinger.", "No measurements.";
    LABEL_AGE: "Alder", "Age";
    LABEL_VALUE: "Værdi", "Value";
    LABEL_Z: "z-score", "z-score";
    LABEL_REFERENCE: "Reference", "Reference";
    GROWTH_WEIGHT: "Vægt efter alder", "Weight for age";
    GROWTH_HEIGHT: "Længde/højde efter alder", "Length/height for age";
    GROWTH_BMI: "BMI efter alder", "BMI for age";
    GROWTH_WEIGHT_FOR_HEIGHT: "Vægt efter længde/højde", "Weight for length/height";
    GROWTH_HEAD: "Hovedomfang efter alder", "Head circumference for age";
    GROWTH_CONFLICT: "ikke afgjort: vælg", "not settled: choose";
    GROWTH_DAYS: "{days} dage", "{days} days";
    GROWTH_CORRECTED: "{days} dage (korrigeret {early})", "{days} days (corrected by {early})";
    GROWTH_LONGER: "0,7 cm lagt til (målt stående)", "0.7 cm added (measured standing)";
    GROWTH_SHORTER: "0,7 cm trukket fra (målt liggende)", "0.7 cm taken off (measured lying)";
    GROWTH_POSTURE: "målemåde ikke skrevet", "how it was measured is not written";
    NO_SCORE_NOT_MEASURED: "ikke målt", "not measured";
    NO_SCORE_SEX: "stamkortet siger intet eller to køn", "the card says no sex, or two";
    NO_SCORE_BIRTH: "stamkortet siger ingen eller to fødselsdage", "the card says no day of birth, or two";
    NO_SCORE_BEFORE_BIRTH: "før fødslen", "before birth";
    NO_SCORE_BEFORE_TERM: "før termin", "before term";
    NO_SCORE_OUTSIDE: "uden for referencerne", "outside the references";
    NO_SCORE_CONFLICT: "ikke afgjort", "not settled";
    NO_SCORE_IMPOSSIBLE: "umuligt tal", "impossible number";
    FEEDING: "Ernæring, perioder:", "Feeding, periods:";
    FEEDING_OVERLAP: "overlapper: {days}", "overlap: {days}";
    PERIOD_INCOMPLETE: "en periode uden ernæring eller første dag", "a period without a kind or a first day";
    PERIOD_UNSETTLED: "en periode, der ikke er afgjort", "a period that is not settled";
    PERIOD_BACKWARDS: "en periode, der slutter før den begynder", "a period that ends before it begins";
    NOTHING_INCOMPLETE: "Alle dine besøg er udfyldt.", "All your visits are complete.";
}
