//! The table: each reason, its sentence, and where its story is told.

use crate::{Says, Scene, phone::bytes};
use anyhow::{Context as _, Result, ensure};
use samspor_protocol::reason::Reason;
use sqlx::Connection as _;

const ALTERED: &str = include_str!("altered.rs");
const OTHERS: &str = include_str!("others.rs");
const TABLE: &str = include_str!("table.rs");
/// No server of this build says `rate` of one operation, and `unavailable` only where a right begins in the very moment
/// of a push. Neither comes into the box: what waits goes on waiting, and that is shown with a model of a server.
const FAULTS: &str = include_str!("../../../client-core/src/device/tests/faults.rs");

/// A reason from the device's side.
struct Row {
    says: Says,
    /// The source of its story, and how that one's name begins.
    told: (&'static str, &'static str),
}

const NO_ACCESS: Row = Row {
    says: [
        "Du må ikke skrive her (længere), eller stedet findes ikke.",
        "You may not write here (any more), or there is no such place.",
    ],
    told: (OTHERS, "no_access_"),
};
const SIGNED: Row = Row {
    says: [
        "Notatet blev godkendt, før det her nåede frem. Det kan skrives som en tilføjelse.",
        "The entry was signed before this arrived. It can be written as an addendum.",
    ],
    told: (OTHERS, "signed_"),
};
const NOT_SIGNED: Row = Row {
    says: [
        "Notatet er ikke godkendt på serveren, og kun godkendte notater kan begrænses.",
        "The entry is not signed on the server, and only signed entries can be restricted.",
    ],
    told: (OTHERS, "not_signed_"),
};
const RESTRICTED: Row = Row {
    says: [
        "Notatet er begrænset og videregives ikke, så længe det er det.",
        "The entry is restricted, and is not disclosed while it is.",
    ],
    told: (OTHERS, "restricted_"),
};
const SUPERSEDED: Row = Row {
    says: [
        "Kladden er allerede lagt i sagen, fra din telefon, iPad eller computer. Det, der står her, er ikke kommet med.",
        "The draft was published already, from one of your devices. What stands here did not come along.",
    ],
    told: (OTHERS, "superseded_"),
};
const UNSEEN_CHANGES: Row = Row {
    says: [
        "Der er skrevet mere i notatet, end du havde set.",
        "More was written in the entry than you had seen.",
    ],
    told: (OTHERS, "unseen_changes_and_earlier_refused_"),
};
const TEXT_DIFFERS: Row = Row {
    says: [
        "Den godkendte tekst svarer ikke til det, der står i notatet.",
        "The signed text is not what the entry says.",
    ],
    told: (ALTERED, "text_differs_"),
};
const MISSING_DEPS: Row = Row {
    says: [
        "Det bygger videre på noget, som serveren ikke har fået.",
        "It builds on something that the server was not given.",
    ],
    told: (ALTERED, "missing_deps_and_actor_conflict_"),
};
const ACTOR_CONFLICT: Row = Row {
    says: [
        "Det ser ud til at komme fra en anden telefon, iPad eller computer, eller fra en gendannet kopi.",
        "It seems to come from another device, or from a restored copy.",
    ],
    told: (ALTERED, "missing_deps_and_actor_conflict_"),
};
const TOO_LARGE: Row = Row {
    says: [
        "Der står mere, end der kan være på én gang.",
        "There is more in it than fits at once.",
    ],
    told: (ALTERED, "malformed_too_large_and_too_many_operations_"),
};
const TOO_MANY_OPERATIONS: Row = Row {
    says: [
        "Der står mere, end der kan være på én gang.",
        "There is more in it than fits at once.",
    ],
    told: (ALTERED, "malformed_too_large_and_too_many_operations_"),
};
const EXPUNGED: Row = Row {
    says: [
        "Notatet er slettet efter en beslutning.",
        "The entry was expunged by a decision.",
    ],
    told: (OTHERS, "expunged_"),
};
const MALFORMED: Row = Row {
    says: [
        "Serveren kunne ikke læse det. Det, du skrev, er gemt her.",
        "The server could not read it. What you wrote is kept here.",
    ],
    told: (ALTERED, "malformed_too_large_and_too_many_operations_"),
};
const SET_ASIDE: Row = Row {
    says: [
        "Serveren kunne ikke læse det. Det, du skrev, er gemt her.",
        "The server could not read it. What you wrote is kept here.",
    ],
    told: (ALTERED, "set_aside_"),
};
const EARLIER_REFUSED: Row = Row {
    says: [
        "Noget, som det bygger på, blev afvist.",
        "Something it builds on was refused.",
    ],
    told: (OTHERS, "unseen_changes_and_earlier_refused_"),
};
const UNSUPPORTED: Row = Row {
    says: [
        "Serveren er ældre end dette program og kan ikke tage imod det endnu.",
        "The server is older than this program and cannot take it yet.",
    ],
    told: (ALTERED, "unsupported_"),
};
const CLOSED: Row = Row {
    says: [
        "Kredsen er lukket. Det, der står her, er ikke kommet med; det kan læses og gemmes i en fil.",
        "The circle is closed. What stands here did not come along; it can be read and kept in a file.",
    ],
    told: (OTHERS, "closed_"),
};
const LAST_ASSIGNED: Row = Row {
    says: [
        "En sag står aldrig uden nogen: tildel den først til en kollega.",
        "A case is never left with nobody: assign it to a colleague first.",
    ],
    told: (OTHERS, "last_assigned_"),
};
const RATE: Row = Row {
    says: [
        "Serveren kunne ikke tage imod lige nu.",
        "The server could not take it just now.",
    ],
    told: (FAULTS, "invariant_01_nothing_written_is_lost_"),
};
const UNAVAILABLE: Row = Row {
    says: [
        "Serveren kunne ikke tage imod lige nu.",
        "The server could not take it just now.",
    ],
    told: (FAULTS, "invariant_01_nothing_written_is_lost_"),
};
/// One of a newer server: by its code, which is all that this program knows of it.
const OTHER: Row = Row {
    says: [
        "Serveren afviste det (from_tomorrow).",
        "The server refused it (from_tomorrow).",
    ],
    told: (TABLE, "every_reason_"),
};

/// A reason that is not here does not compile.
const fn row(reason: &Reason) -> &'static Row {
    match reason {
        Reason::NoAccess => &NO_ACCESS,
        Reason::Signed => &SIGNED,
        Reason::NotSigned => &NOT_SIGNED,
        Reason::Restricted => &RESTRICTED,
        Reason::Superseded => &SUPERSEDED,
        Reason::UnseenChanges => &UNSEEN_CHANGES,
        Reason::TextDiffers => &TEXT_DIFFERS,
        Reason::MissingDeps => &MISSING_DEPS,
        Reason::ActorConflict => &ACTOR_CONFLICT,
        Reason::TooLarge => &TOO_LARGE,
        Reason::TooManyOperations => &TOO_MANY_OPERATIONS,
        Reason::Expunged => &EXPUNGED,
        Reason::Malformed => &MALFORMED,
        Reason::SetAside => &SET_ASIDE,
        Reason::EarlierRefused => &EARLIER_REFUSED,
        Reason::Unsupported => &UNSUPPORTED,
        Reason::Closed => &CLOSED,
        Reason::LastAssigned => &LAST_ASSIGNED,
        Reason::Rate => &RATE,
        Reason::Unavailable => &UNAVAILABLE,
        Reason::Other(_) => &OTHER,
    }
}

/// A reason's sentence.
pub fn says(reason: &Reason) -> Says {
    row(reason).says
}

#[test]
fn every_reason_has_its_story() {
    for reason in Reason::ALL {
        let (source, name) = row(reason).told;
        assert!(source.contains(&format!("fn {name}")), "{reason}: {name}");
    }
}

/// Whatever came about how: in the box it is a sentence in both languages, without codes or anybody's ids, beside what
/// was typed. Reasons are written into a store here; how each gets there is told in the stories.
#[tokio::test(flavor = "multi_thread")]
async fn every_reason_is_a_sentence_in_both_languages_beside_what_was_typed() -> Result<()> {
    let scene = Scene::begin().await?;
    let note = scene.anna.note(&scene.case, "Åse sover godt").await?;
    let of_newer = Reason::Other("from_tomorrow".to_owned());
    for reason in Reason::ALL.iter().chain([&of_newer]) {
        let mut store = scene.anna.store().await?;
        let done = sqlx::query("UPDATE outbox SET state = 2, reason = ? WHERE document = ?")
            .bind(reason.code())
            .bind(bytes(&note)?)
            .execute(&mut store)
            .await?;
        ensure!(done.rows_affected() == 1);
        store.close().await?;
        for (language, sentence) in ["da", "en"].into_iter().zip(says(reason)) {
            let told = scene
                .anna
                .told(language, &["not-delivered", "list"])
                .await?;
            let mut lines = told.lines();
            ensure!(lines.next() == Some(note.as_str()), "{told}");
            ensure!(lines.next().context("a line")?.trim() == sentence, "{told}");
            ensure!(told.contains("Åse sover godt"), "{told}");
            let code = reason.code();
            let is_told = *reason != of_newer && code.contains('_') && told.contains(code);
            ensure!(!is_told, "{code}: {told}");
            for other in [scene.team.to_string(), scene.people[0].to_string()] {
                ensure!(!told.contains(&other), "{told}");
            }
        }
    }
    scene.end().await
}
