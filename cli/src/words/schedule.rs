//! What is said about the visit schedule that an organisation sets.

use super::{W, sentences};

sentences! {
    SCHEDULE;
    SCHEDULE_HOLDS: "Besøgsplanen kan bruges.", "The visit schedule can be used.";
    SCHEDULE_SET:
        "Sat. Enhederne regner med den, næste gang de har synkroniseret.",
        "Set. Devices go by it from their next sync on.";
    SCHEDULE_RESET:
        "Besøgsplanen, der følger med Samspor, gælder igen. Enhederne regner med den, næste gang de har synkroniseret.",
        "The visit schedule that comes with Samspor holds again. Devices go by it from their next sync on.";
    SCHEDULE_AS_BEFORE: "Sådan var den allerede. Intet er ændret.", "So it was already. Nothing was changed.";
    SCHEDULE_OWN: "Kommunens egen besøgsplan.", "The municipality's own visit schedule.";
    SCHEDULE_SHIPPED:
        "Besøgsplanen, der følger med Samspor: kommunen har ikke sat sin egen.",
        "The visit schedule that comes with Samspor: the municipality has not set its own.";
    SCHEDULE_REFUSED: "{file}, linje {line}: {said}", "{file}, line {line}: {said}";
    SCHEDULE_FIELD_REFUSED: "{file}, linje {line}, feltet {field}: {said}", "{file}, line {line}, field {field}: {said}";
    SCHEDULE_UNUSABLE:
        "Kommunens besøgsplan kan ikke bruges af dette program (linje {line}): {said}",
        "The municipality's visit schedule cannot be used by this program (line {line}): {said}";
    SCHEDULE_FROM_BIRTH: "{from} – {until} efter fødslen", "{from} – {until} after birth";
    SCHEDULE_CORRECTED: "{from} – {until} efter fødslen, korrigeret", "{from} – {until} after birth, corrected";
    SCHEDULE_FROM_DUE: "{from} – {until} fra termin", "{from} – {until} from the due date";
    SCHEDULE_YEARS: "{count} år", "{count} y.";
    SCHEDULE_MONTHS: "{count} md.", "{count} mo.";
    SCHEDULE_WEEKS: "{count} uger", "{count} weeks";
    SCHEDULE_DAYS: "{count} dage", "{count} days";
    SCHEDULE_OF_KL: "KL", "KL";
    SCHEDULE_OF_MUNICIPALITY: "kommunen", "the municipality";
    SCHEDULE_REMINDS:
        "Der mindes om et besøg i {days} dage efter dets vindue.",
        "A visit is reminded of for {days} days after its window.";
    DUE_BY_OWN: "Efter kommunens egen besøgsplan.", "By the municipality's own visit schedule.";
    DUE_BY_SHIPPED:
        "Efter besøgsplanen, der følger med Samspor: kommunen har ikke sat sin egen.",
        "By the visit schedule that comes with Samspor: the municipality has not set its own.";
    DUE_BY_SHIPPED_ASIDE:
        "! Kommunens besøgsplan kan ikke bruges her (linje {line}: {said}). Efter den, der følger med Samspor.",
        "! The municipality's visit schedule cannot be used here (line {line}: {said}). By the one that comes with Samspor.";
    LABEL_NOTE: "Med ord", "In words";
    LABEL_SOURCE: "Fra", "Source";
}
