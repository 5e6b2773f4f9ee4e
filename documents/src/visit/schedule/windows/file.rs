//! A schedule's file: read strictly, refused with line and field.

use super::{CountedFrom, Distance, Schedule, Source, Window};
use crate::{
    guard,
    template::{Labels, Language, Said, Templates},
};
use serde::Deserialize;
use std::fmt;
use toml::Spanned;

/// A schedule's file, in bytes.
pub const SCHEDULE_BYTES_MAX: usize = 16 * 1024;
/// Most days that a visit is reminded of after its window.
const REMIND_DAYS_MAX: u16 = 366;
/// Most characters of a window in words.
const NOTE_CHARS_MAX: usize = 200;

const TOO_LONG: Said = Said::new("filen fylder mere end 16 KiB", "the file is over 16 KiB");
const UNREADABLE: Said = Said::new("filen kan ikke læses", "the file cannot be read");
const REMIND_DAYS: Said = Said::new("er højst 366 dage", "is at most 366 days");
const VISIT_TYPE: Said = Said::new(
    "er ingen af KL's besøgstyper",
    "is none of KL's kinds of visit",
);
const TWICE: Said = Said::new(
    "hver besøgstype står kun én gang",
    "each kind of visit stands once",
);
const FAR: Said = Said::new(
    "er længere væk end en barndom: højst 20 år",
    "is further away than a childhood is long: at most 20 years",
);
const ENDS_FIRST: Said = Said::new(
    "kan ligge før from: så slutter vinduet, før det begynder",
    "can be before from: then the window ends before it begins",
);
const CORRECTED: Said = Said::new(
    "kun et vindue, der tælles fra birth, korrigeres",
    "only a window that is counted from birth is corrected",
);
const NOT_KLS: Said = Said::new(
    "er kl kun for de vinduer, som følger med som KL's, og som de står dér; ellers municipality",
    "is kl only of the windows that ship as KL's, as they stand there; else municipality",
);
const NOTE: Said = Said::new(
    "er højst 200 tegn på hvert sprog, og ikke tom",
    "is at most 200 characters in each language, and not empty",
);

/// What is wrong: in the parser's words, or in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    Syntax(String),
    Said(Said),
}

/// A schedule that cannot be used. It carries no personal data, so it may quote the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ScheduleError {
    line: usize,
    field: Option<&'static str>,
    wrong: Wrong,
}

impl ScheduleError {
    fn whole(said: Said) -> Self {
        Self {
            line: 1,
            field: None,
            wrong: Wrong::Said(said),
        }
    }

    fn syntax(text: &str, error: &toml::de::Error) -> Self {
        let line = error.span().map_or(0, |span| line_of(text, span.start));
        Self {
            line,
            field: None,
            wrong: Wrong::Syntax(error.message().to_owned()),
        }
    }

    /// The line, from 1; 0 when it is not known.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }

    /// The field that is wrong, where it is one.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        self.field
    }

    /// What is wrong, without its place.
    #[must_use]
    pub fn said(&self, language: Language) -> String {
        match &self.wrong {
            Wrong::Syntax(message) => message.clone(),
            Wrong::Said(said) => said.get(language).to_owned(),
        }
    }
}

impl fmt::Display for ScheduleError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}", self.line)?;
        if let Some(field) = self.field {
            write!(formatter, ", field {field}")?;
        }
        write!(formatter, ": {}", self.said(Language::English))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWindow {
    visit_type: Spanned<String>,
    counted_from: Spanned<CountedFrom>,
    from: Spanned<Distance>,
    until: Spanned<Distance>,
    corrected: Spanned<bool>,
    source: Spanned<Source>,
    note: Spanned<Labels>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSchedule {
    remind_days: Spanned<u16>,
    #[serde(default)]
    window: Vec<RawWindow>,
}

fn line_of(text: &str, at: usize) -> usize {
    let before = text.bytes().take(at);
    before.filter(|byte| *byte == b'\n').count() + 1
}

/// Where in which text a message belongs.
struct Place<'a>(&'a str);

impl Place<'_> {
    fn wrong<T>(&self, field: &'static str, value: &Spanned<T>, said: Said) -> ScheduleError {
        ScheduleError {
            line: line_of(self.0, value.span().start),
            field: Some(field),
            wrong: Wrong::Said(said),
        }
    }
}

/// Reads a municipality's file.
pub(super) fn read_own(text: &str) -> Result<Schedule, ScheduleError> {
    if text.len() > SCHEDULE_BYTES_MAX {
        return Err(ScheduleError::whole(TOO_LONG));
    }
    let read = || {
        let (schedule, raw) = read_parts(text, Templates::built_in())?;
        check_sources(text, &schedule, &raw)?;
        Ok(schedule)
    };
    guard::guarded(read).unwrap_or_else(|_| Err(ScheduleError::whole(UNREADABLE)))
}

/// Reads a file.
pub(super) fn read(text: &str, templates: &Templates) -> Result<Schedule, ScheduleError> {
    Ok(read_parts(text, templates)?.0)
}

fn read_parts(text: &str, templates: &Templates) -> Result<(Schedule, RawSchedule), ScheduleError> {
    let raw: RawSchedule =
        toml::from_str(text).map_err(|error| ScheduleError::syntax(text, &error))?;
    let place = Place(text);
    if *raw.remind_days.get_ref() > REMIND_DAYS_MAX {
        return Err(place.wrong("remind_days", &raw.remind_days, REMIND_DAYS));
    }
    let known = templates.kl().and_then(|kl| kl.codes("visit_type"));
    let known = known.unwrap_or_default();
    let mut windows: Vec<Window> = Vec::new();
    for one in &raw.window {
        let visit_type = one.visit_type.get_ref();
        let is_it = |name: &String| name == visit_type;
        if !known
            .iter()
            .any(|code| code.name.as_ref().is_some_and(is_it))
        {
            return Err(place.wrong("visit_type", &one.visit_type, VISIT_TYPE));
        }
        if windows.iter().any(|window| is_it(&window.visit_type)) {
            return Err(place.wrong("visit_type", &one.visit_type, TWICE));
        }
        windows.push(window(&place, one)?);
    }
    let schedule = Schedule {
        remind_days: *raw.remind_days.get_ref(),
        windows,
    };
    Ok((schedule, raw))
}

fn window(place: &Place<'_>, raw: &RawWindow) -> Result<Window, ScheduleError> {
    let (from, until) = (*raw.from.get_ref(), *raw.until.get_ref());
    for (field, distance) in [("from", &raw.from), ("until", &raw.until)] {
        if !distance.get_ref().is_near() {
            return Err(place.wrong(field, distance, FAR));
        }
    }
    if !from.is_never_after(until) {
        return Err(place.wrong("until", &raw.until, ENDS_FIRST));
    }
    let counted_from = *raw.counted_from.get_ref();
    if *raw.corrected.get_ref() && counted_from != CountedFrom::Birth {
        return Err(place.wrong("corrected", &raw.corrected, CORRECTED));
    }
    let note = raw.note.get_ref();
    let stands = |words: &str| (1..=NOTE_CHARS_MAX).contains(&words.trim().chars().count());
    if !stands(&note.da) || !stands(&note.en) {
        return Err(place.wrong("note", &raw.note, NOTE));
    }
    Ok(Window {
        visit_type: raw.visit_type.get_ref().clone(),
        counted_from,
        from,
        until,
        corrected: *raw.corrected.get_ref(),
        source: *raw.source.get_ref(),
        note: note.clone(),
    })
}

/// A municipality says in KL's name only what ships in it.
fn check_sources(text: &str, own: &Schedule, raw: &RawSchedule) -> Result<(), ScheduleError> {
    for (window, raw) in own.windows.iter().zip(&raw.window) {
        let shipped = Schedule::built_in().window(&window.visit_type);
        let is_same = |shipped: &Window| {
            (
                shipped.counted_from,
                shipped.from,
                shipped.until,
                shipped.source,
            ) == (window.counted_from, window.from, window.until, Source::Kl)
        };
        if window.source == Source::Kl && !shipped.is_some_and(is_same) {
            return Err(Place(text).wrong("source", &raw.source, NOT_KLS));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
