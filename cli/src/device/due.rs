//! `due`: the visits that are due over the whole caseload.

use super::{error::failure, names::Names, session::Session};
use crate::{args::visit::DueArgs, exit::Exit, failure::Failure, layout, when, words::W};
use samspor_client_core::{Clock as _, DueFilter, DueRow, DueWhich, ScheduleInForce, SystemClock};
use samspor_documents::{template::Language, visit::schedule::Urgency};
use serde_json::{Value, json};

/// Lists them, as of today, or of the day that `--at` says.
///
/// # Errors
/// `unknown_team`, `ambiguous`, `not_enrolled`.
pub async fn run(session: &Session<'_>, args: &DueArgs) -> Result<Exit, Failure> {
    let names = Names::read(session).await?;
    let team = args.team.as_deref();
    let filter = DueFilter {
        which: match (args.today, args.week, args.overdue) {
            (true, ..) => DueWhich::Today,
            (_, true, _) => DueWhich::Week,
            (.., true) => DueWhich::Overdue,
            _ => DueWhich::All,
        },
        team: team.map(|name| names.any_team(name)).transpose()?,
        limit: args.limit,
    };
    let at = session.at.unwrap_or_else(|| when::local(SystemClock.now()));
    let day = at
        .day()
        .ok_or_else(|| Failure::new(Exit::Input, "bad_time", W::BAD_TIME))?;
    let rows = session.device.due(day, filter).await.map_err(failure)?;
    let schedule = session.device.visit_schedule().await.map_err(failure)?;
    let json: Vec<Value> = rows.iter().map(|row| told(session, row, &names)).collect();
    let heads = [
        W::LABEL_WHEN,
        W::LABEL_NAME,
        W::LABEL_VISIT,
        W::LABEL_WINDOW,
        W::LABEL_TEAM,
        W::LABEL_CASE,
    ];
    let mut table = vec![heads.map(|words| session.say(words)).to_vec()];
    table.extend(rows.iter().map(|row| line(session, row, &names)));
    let text = match rows.len() {
        0 => format!("{}\n", session.say(W::NOTHING_DUE)),
        _ => layout::table(&table),
    };
    let text = format!("{text}{}", whose(session, &schedule));
    let aside = schedule.aside.as_ref().map(|error| {
        json!({"line": error.line(), "field": error.field(), "said": error.said(session.out.lang.into())})
    });
    let json = json!({
        "day": day.to_string(),
        "schedule": {"own": schedule.is_own, "aside": aside},
        "due": json,
    });
    session.out.result(&json, &layout::harmless(&text));
    Ok(Exit::Done)
}

/// By whose visit schedule.
fn whose(session: &Session<'_>, schedule: &ScheduleInForce) -> String {
    match &schedule.aside {
        Some(error) => {
            let line = error.line().to_string();
            let said = error.said(session.out.lang.into());
            let places = [("line", line.as_str()), ("said", said.as_str())];
            session.out.say(W::DUE_BY_SHIPPED_ASIDE, &places)
        }
        None if schedule.is_own => session.say(W::DUE_BY_OWN),
        None => session.say(W::DUE_BY_SHIPPED),
    }
}

const fn code(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Overdue => "overdue",
        Urgency::Today => "today",
        Urgency::ThisWeek => "this_week",
        Urgency::Open => "open",
    }
}

const fn words(urgency: Urgency) -> W {
    match urgency {
        Urgency::Overdue => W::DUE_OVERDUE,
        Urgency::Today => W::DUE_TODAY,
        Urgency::ThisWeek => W::DUE_THIS_WEEK,
        Urgency::Open => W::DUE_OPEN,
    }
}

fn told(session: &Session<'_>, row: &DueRow, names: &Names) -> Value {
    json!({
        "case": row.case,
        "team": names.team_json(row.team),
        "name": row.citizen,
        "visit_type": row.visit_type,
        "title": row.labels.get(Language::from(session.out.lang)),
        "urgency": code(row.urgency),
        "from": row.from.to_string(),
        "until": row.until.to_string(),
        "agreed": row.agreed.map(|day| day.to_string()),
        "moved_days": row.moved_days,
    })
}

fn line(session: &Session<'_>, row: &DueRow, names: &Names) -> Vec<String> {
    let lang = session.out.lang;
    let day = |day| when::short_day(lang, day);
    let (from, until) = (day(row.from), day(row.until));
    let mut window = match row.agreed {
        Some(agreed) => session.out.say(W::DUE_AGREED, &[("day", &day(agreed))]),
        None => {
            let days = [("from", from.as_str()), ("until", until.as_str())];
            session.out.say(W::DUE_WINDOW, &days)
        }
    };
    if row.moved_days != 0 {
        let days = row.moved_days.to_string();
        let moved = session.out.say(W::DUE_MOVED, &[("days", &days)]);
        window = format!("{window} ({moved})");
    }
    let name = match row.citizen.is_empty() {
        true => session.say(W::NO_NAME),
        false => row.citizen.clone(),
    };
    vec![
        session.say(words(row.urgency)),
        layout::shortened(&name, 40),
        layout::shortened(row.labels.get(Language::from(lang)), 50),
        window,
        layout::shortened(&names.team(row.team), 30),
        row.case.to_string(),
    ]
}
