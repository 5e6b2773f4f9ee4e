//! What a contact must carry, what of it stands there, and since when it is overdue: in words and as JSON.

use super::session::Session;
use crate::{args::visit::GuideArg, when, words::W};
use samspor_client_core::{Clock as _, SystemClock, TimelineRow};
use samspor_documents::{
    reading::{Completeness, Filling, Guide, Reading, Required},
    template::{Language, Templates},
    time::UnixMillis,
    value::{MissingReason, Value},
};
use serde_json::{Value as Json, json};

/// Which fields a line is about.
type Wanted = fn(Filling) -> bool;

/// `complete`, `open`, `overdue` or `undated`.
pub const fn code(completeness: Completeness) -> &'static str {
    match completeness {
        Completeness::Complete => "complete",
        Completeness::Until(_) => "open",
        Completeness::OverdueSince(_) => "overdue",
        Completeness::Undated => "undated",
    }
}

/// By when it is, or was, to be complete.
pub const fn by(completeness: Completeness) -> Option<UnixMillis> {
    match completeness {
        Completeness::Until(at) | Completeness::OverdueSince(at) => Some(at),
        Completeness::Complete | Completeness::Undated => None,
    }
}

/// How it stands, in words; none of what is complete.
pub fn said(session: &Session<'_>, completeness: Completeness) -> Option<String> {
    let at = |words, at| {
        let at = when::show(session.out.lang, at);
        session.out.say(words, &[("at", &at)])
    };
    match completeness {
        Completeness::Complete => None,
        Completeness::Until(due) => Some(at(W::COMPLETE_UNTIL, due)),
        Completeness::OverdueSince(due) => Some(at(W::COMPLETE_OVERDUE, due)),
        Completeness::Undated => Some(session.say(W::COMPLETE_UNDATED)),
    }
}

/// How an entry of a list stands now.
pub fn of_row(row: &TimelineRow, guide: Guide) -> Completeness {
    row.completeness(guide, SystemClock.now())
}

/// The same by both readings of the guide, as `{"text","machine","by"}`.
pub fn of_row_json(row: &TimelineRow) -> Json {
    let (text, machine) = (of_row(row, Guide::Text), of_row(row, Guide::Machine));
    let by = by(text).or_else(|| by(machine));
    json!({"text": code(text), "machine": code(machine), "by": by.map(when::iso_local)})
}

/// What a reading says of it.
pub struct Told<'a> {
    required: Vec<Required<'a>>,
    completeness: Completeness,
    guide: GuideArg,
}

impl<'a> Told<'a> {
    /// Of a document, now.
    pub fn of(templates: &'a Templates, reading: &Reading, guide: GuideArg) -> Self {
        Self {
            required: reading.required(templates, guide.guide()),
            completeness: reading.completeness(templates, guide.guide(), SystemClock.now()),
            guide,
        }
    }

    /// The names of what somebody has still to write.
    pub fn outstanding(&self) -> Vec<&'a str> {
        let outstanding = self
            .required
            .iter()
            .filter(|one| one.filling.is_outstanding());
        outstanding.map(|one| one.field.name.as_str()).collect()
    }

    /// Each field that it must carry, and how it stands as a whole.
    pub fn json(&self) -> Json {
        let of_one = |one: &Required<'_>| {
            json!({
                "name": one.field.name,
                "filling": filling(one.filling),
                "reason": reason(one.filling),
            })
        };
        json!({
            "reading": self.guide.name(),
            "state": code(self.completeness),
            "by": by(self.completeness).map(when::iso_local),
            "fields": self.required.iter().map(of_one).collect::<Vec<_>>(),
        })
    }

    /// The same in words, line by line; nothing of what must carry nothing.
    pub fn text(&self, session: &Session<'_>) -> String {
        let language = Language::from(session.out.lang);
        let labels = |wanted: Wanted| {
            let some = self.required.iter().filter(move |one| wanted(one.filling));
            let label = |one: &Required<'_>| {
                let label = one.field.labels.get(language);
                match one.filling {
                    Filling::Reason(why) if !one.filling.is_outstanding() => {
                        let why = Value::Missing(why).display(one.field, language);
                        format!("{label} ({why})")
                    }
                    _ => label.to_owned(),
                }
            };
            some.map(label).collect::<Vec<_>>().join(", ")
        };
        let lines: [(W, Wanted); 4] = [
            (W::COMPLETE_OPEN, |one| one == Filling::Open),
            (W::COMPLETE_TO_WRITE, |one| {
                one == Filling::Reason(MissingReason::NotYetWritten)
            }),
            (W::COMPLETE_UNSETTLED, |one| one == Filling::Unsettled),
            (W::COMPLETE_REASONS, |one| {
                matches!(one, Filling::Reason(_)) && !one.is_outstanding()
            }),
        ];
        let mut text = String::new();
        for (words, wanted) in lines {
            let fields = labels(wanted);
            if !fields.is_empty() {
                text.push_str(&session.out.say(words, &[("fields", &fields)]));
                text.push('\n');
            }
        }
        let stands = said(session, self.completeness);
        let stands =
            stands.or_else(|| (!self.required.is_empty()).then(|| session.say(W::COMPLETE_DONE)));
        text.extend(stands.into_iter().map(|line| line + "\n"));
        text
    }
}

const fn filling(filling: Filling) -> &'static str {
    match filling {
        Filling::Value => "value",
        Filling::Reason(_) => "reason",
        Filling::Unsettled => "unsettled",
        Filling::Open => "open",
    }
}

fn reason(filling: Filling) -> Option<MissingReason> {
    match filling {
        Filling::Reason(why) => Some(why),
        _ => None,
    }
}
