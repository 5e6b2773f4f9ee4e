//! How a child was fed, as a visit says it: in periods, with what of them overlaps.

use super::session::Session;
use crate::{when, words::W};
use samspor_documents::{
    id::DocumentId,
    reading::Reading,
    template::{Field, Language, Templates},
    visit::{
        Visit,
        periods::{FEEDING, NoPeriod, Periods},
    },
};
use serde_json::{Value as Json, json};

/// The periods of one document; none where its template has none, or it says none.
pub struct Told<'a> {
    periods: Periods,
    kind: &'a Field,
}

impl<'a> Told<'a> {
    /// What a document says.
    pub fn of(templates: &'a Templates, document: DocumentId, reading: &Reading) -> Option<Self> {
        let template = reading.template(templates)?;
        let kind = template.field(FEEDING.items)?.item_field(FEEDING.kind)?;
        let periods = Periods::of(&[Visit { document, reading }], FEEDING);
        let says_some = !periods.periods.is_empty() || !periods.others.is_empty();
        says_some.then_some(Self { periods, kind })
    }

    /// As JSON.
    pub fn json(&self, language: Language) -> Json {
        let period = |one: &samspor_documents::visit::periods::Period| {
            json!({
                "kind": one.kind,
                "display": self.display(&one.kind, language),
                "from": one.from.to_string(),
                "until": one.until.map(|day| day.to_string()),
            })
        };
        let overlap = |one: &samspor_documents::visit::periods::Overlap| {
            json!({
                "between": [one.between.0, one.between.1],
                "from": one.from.to_string(),
                "until": one.until.map(|day| day.to_string()),
            })
        };
        let other = |(_, item, why): &(DocumentId, uuid::Uuid, NoPeriod)| json!({"item": item.to_string(), "why": code(*why)});
        json!({
            "periods": self.periods.periods.iter().map(period).collect::<Vec<_>>(),
            "overlaps": self.periods.overlaps.iter().map(overlap).collect::<Vec<_>>(),
            "others": self.periods.others.iter().map(other).collect::<Vec<_>>(),
            "status": self.periods.status.as_ref().map(|status| &status.codes),
        })
    }

    /// In words, line by line.
    pub fn text(&self, session: &Session<'_>) -> String {
        let lang = session.out.lang;
        let language = Language::from(lang);
        let days = |from, until: Option<jiff::civil::Date>| {
            let from = when::short_day(lang, from);
            let until = until
                .map(|day| when::short_day(lang, day))
                .unwrap_or_default();
            format!("{from} – {until}").trim_end().to_owned()
        };
        let mut text = format!("{}\n", session.say(W::FEEDING));
        for one in &self.periods.periods {
            let kind = self.display(&one.kind, language);
            text.push_str(&format!("  {}  {kind}\n", days(one.from, one.until)));
        }
        for overlap in &self.periods.overlaps {
            let days = days(overlap.from, overlap.until);
            let line = session.out.say(W::FEEDING_OVERLAP, &[("days", &days)]);
            text.push_str(&format!("  ! {line}\n"));
        }
        for (_, _, why) in &self.periods.others {
            text.push_str(&format!("  ! {}\n", session.say(words(*why))));
        }
        text
    }

    fn display(&self, kind: &str, language: Language) -> String {
        let known = self.kind.codes().iter().find(|known| known.code == kind);
        known.map_or_else(
            || kind.to_owned(),
            |known| known.labels.get(language).to_owned(),
        )
    }
}

const fn code(why: NoPeriod) -> &'static str {
    match why {
        NoPeriod::Incomplete => "incomplete",
        NoPeriod::Unsettled => "unsettled",
        NoPeriod::EndsBeforeItBegins => "ends_before_it_begins",
    }
}

const fn words(why: NoPeriod) -> W {
    match why {
        NoPeriod::Incomplete => W::PERIOD_INCOMPLETE,
        NoPeriod::Unsettled => W::PERIOD_UNSETTLED,
        NoPeriod::EndsBeforeItBegins => W::PERIOD_BACKWARDS,
    }
}
