//! `samspor admin schedule`: the organisation's own visit schedule: checked, set, shown, and left for the one that ships. A
//! check needs no server's folder.

use super::error::administering;
use crate::{
    args::admin::{ScheduleCommand, ScheduleFileArgs},
    content::source::Sources,
    exit::Exit,
    failure::Failure,
    layout,
    output::Output,
    words::W,
};
use samspor_documents::{
    template::{Language, Templates},
    visit::schedule::{CountedFrom, Distance, Schedule, ScheduleError, Source, Window},
};
use samspor_server::admin::{Admin, AdminError};
use serde_json::{Value, json};
use std::path::Path;

/// Checks a file.
///
/// # Errors
/// `schedule_refused`, with file, line and field; what reading a file may bring.
pub fn check(args: &ScheduleFileArgs, out: &Output) -> Result<Exit, Failure> {
    let text = Sources::default().read(&args.file)?;
    let schedule = Schedule::read(&text).map_err(|error| refused(&args.file, &error, out))?;
    let shown = format!(
        "{}\n\n{}",
        out.say(W::SCHEDULE_HOLDS, &[]),
        table(&schedule, out)
    );
    out.result(&json!({"holds": true, "schedule": told(&schedule)}), &shown);
    Ok(Exit::Done)
}

/// Does one thing with the organisation's visit schedule.
///
/// # Errors
/// `schedule_refused`, with file, line and field; the database's.
pub async fn run(admin: &Admin, command: &ScheduleCommand, out: &Output) -> Result<(), Failure> {
    match command {
        ScheduleCommand::Check(args) => check(args, out).map(|_| ()),
        ScheduleCommand::Set(args) => set(admin, args, out).await,
        ScheduleCommand::Show => show(admin, out).await,
        ScheduleCommand::Reset => reset(admin, out).await,
    }
}

async fn set(admin: &Admin, args: &ScheduleFileArgs, out: &Output) -> Result<(), Failure> {
    let text = Sources::default().read(&args.file)?;
    let changed = admin.set_schedule(&text).await;
    let changed = changed.map_err(|error| match &error {
        AdminError::Schedule(error) => refused(&args.file, error, out),
        error => administering(error),
    })?;
    let words = match changed {
        true => W::SCHEDULE_SET,
        false => W::SCHEDULE_AS_BEFORE,
    };
    in_force(admin, (words, Some(changed)), out).await
}

async fn reset(admin: &Admin, out: &Output) -> Result<(), Failure> {
    let changed = admin.reset_schedule().await;
    let changed = changed.map_err(|error| administering(&error))?;
    let words = match changed {
        true => W::SCHEDULE_RESET,
        false => W::SCHEDULE_AS_BEFORE,
    };
    in_force(admin, (words, Some(changed)), out).await
}

async fn show(admin: &Admin, out: &Output) -> Result<(), Failure> {
    let file = admin.schedule_file().await;
    let file = file.map_err(|error| administering(&error))?;
    let words = match file {
        Some(_) => W::SCHEDULE_OWN,
        None => W::SCHEDULE_SHIPPED,
    };
    in_force(admin, (words, None), out).await
}

/// Shows the schedule that holds now.
async fn in_force(
    admin: &Admin,
    (words, changed): (W, Option<bool>),
    out: &Output,
) -> Result<(), Failure> {
    let file = admin.schedule_file().await;
    let file = file.map_err(|error| administering(&error))?;
    let own = file.is_some();
    let text = file.unwrap_or_else(|| Schedule::built_in_text().to_owned());
    let read = Schedule::read(&text);
    let schedule = read.map_err(|error| administering(&AdminError::Schedule(error)))?;
    let mut json = json!({"own": own, "schedule": told(&schedule), "file": text});
    if let (Some(all), Some(changed)) = (json.as_object_mut(), changed) {
        all.insert("changed".to_owned(), json!(changed));
    }
    let shown = format!("{}\n\n{}", out.say(words, &[]), table(&schedule, out));
    out.result(&json, &shown);
    Ok(())
}

fn refused(file: &Path, error: &ScheduleError, out: &Output) -> Failure {
    let words = match error.field() {
        Some(_) => W::SCHEDULE_FIELD_REFUSED,
        None => W::SCHEDULE_REFUSED,
    };
    Failure::new(Exit::Input, "schedule_refused", words)
        .with("file", file.display().to_string())
        .with("line", error.line().to_string())
        .with("field", error.field().unwrap_or_default())
        .with("said", error.said(out.lang.into()))
}

fn told(schedule: &Schedule) -> Value {
    let distance = |one: Distance| json!({"years": one.years, "months": one.months, "weeks": one.weeks, "days": one.days});
    let window = |one: &Window| {
        json!({
            "visit_type": one.visit_type,
            "counted_from": one.counted_from.name(),
            "from": distance(one.from),
            "until": distance(one.until),
            "corrected": one.corrected,
            "source": one.source.name(),
            "note": {"da": one.note.da, "en": one.note.en},
        })
    };
    let windows: Vec<Value> = schedule.windows.iter().map(window).collect();
    json!({"remind_days": schedule.remind_days, "windows": windows})
}

/// A line for each window, in words, and how long a visit is reminded of.
fn table(schedule: &Schedule, out: &Output) -> String {
    let heads = [
        W::LABEL_VISIT,
        W::LABEL_WINDOW,
        W::LABEL_NOTE,
        W::LABEL_SOURCE,
    ];
    let mut rows = vec![heads.map(|words| out.say(words, &[])).to_vec()];
    rows.extend(schedule.windows.iter().map(|one| line(one, out)));
    let days = schedule.remind_days.to_string();
    let reminded = out.say(W::SCHEDULE_REMINDS, &[("days", &days)]);
    layout::harmless(&format!("{}{reminded}", layout::table(&rows)))
}

fn line(window: &Window, out: &Output) -> Vec<String> {
    let language = Language::from(out.lang);
    let known = Templates::built_in()
        .kl()
        .and_then(|kl| kl.codes("visit_type"));
    let mut known = known.unwrap_or_default().iter();
    let named = known.find(|code| code.name.as_ref() == Some(&window.visit_type));
    let label = named.map_or(window.visit_type.as_str(), |code| code.labels.get(language));
    let counted = match (window.counted_from, window.corrected) {
        (CountedFrom::Birth, true) => W::SCHEDULE_CORRECTED,
        (CountedFrom::Birth, false) => W::SCHEDULE_FROM_BIRTH,
        (CountedFrom::Due, _) => W::SCHEDULE_FROM_DUE,
    };
    let (from, until) = (distance(window.from, out), distance(window.until, out));
    let places = [("from", from.as_str()), ("until", until.as_str())];
    let source = match window.source {
        Source::Kl => W::SCHEDULE_OF_KL,
        Source::Municipality => W::SCHEDULE_OF_MUNICIPALITY,
    };
    vec![
        label.to_owned(),
        out.say(counted, &places),
        layout::shortened(window.note.get(language), 60),
        out.say(source, &[]),
    ]
}

/// `4 md., -1 dag`.
fn distance(distance: Distance, out: &Output) -> String {
    let parts = [
        (distance.years, W::SCHEDULE_YEARS),
        (distance.months, W::SCHEDULE_MONTHS),
        (distance.weeks, W::SCHEDULE_WEEKS),
        (distance.days, W::SCHEDULE_DAYS),
    ];
    let said = |(number, words): (i32, W)| {
        (number != 0).then(|| out.say(words, &[("count", &number.to_string())]))
    };
    let parts: Vec<String> = parts.into_iter().filter_map(said).collect();
    match parts.is_empty() {
        true => out.say(W::SCHEDULE_DAYS, &[("count", "0")]),
        false => parts.join(" "),
    }
}
