//! `progress`: marks on a child's goals, and meetings' scalings, each person's in a line of their own.

use super::{
    error::failure,
    method::{codes, days, dotted, said, words},
    session::{Session, case_id},
};
use crate::{args::method::ChildArgs, exit::Exit, failure::Failure, layout, words::W};
use samspor_documents::{
    method::progress::{Goal, GoalKind, Line, Point, Progress},
    template::Language,
};
use serde_json::json;

/// Prints a child's progress.
///
/// # Errors
/// `bad_id`, `unknown_case`.
pub async fn run(session: &Session<'_>, args: &ChildArgs) -> Result<Exit, Failure> {
    let case = case_id(&args.case, session.out)?;
    let progress = session.device.goal_progress(case).await.map_err(failure)?;
    let json = json!({"case": case, "goals": progress.goals, "scalings": progress.scalings});
    session
        .out
        .result(&json, &layout::harmless(&shown(session, &progress)));
    Ok(Exit::Done)
}

fn shown(session: &Session<'_>, progress: &Progress) -> String {
    let mut parts: Vec<String> = progress
        .goals
        .iter()
        .map(|one| goal(session, one))
        .collect();
    if !progress.scalings.is_empty() {
        let mut text = format!("{}\n", session.say(W::SCALINGS));
        for one in &progress.scalings {
            text.push_str(&line(session, one));
        }
        parts.push(text);
    }
    match parts.is_empty() {
        true => session.say(W::NO_PROGRESS),
        false => parts.join("\n"),
    }
}

fn goal(session: &Session<'_>, goal: &Goal) -> String {
    let (kind, field) = match goal.kind {
        GoalKind::Goal => (W::GOAL, "goals"),
        GoalKind::SubGoal => (W::SUB_GOAL, "sub_goals"),
        GoalKind::Unlisted => (W::GOAL_UNLISTED, "goals"),
    };
    let until = match goal.until.is_nothing() {
        true => String::new(),
        false => {
            let day = days(session, &goal.until);
            session.out.say(W::GOAL_UNTIL, &[("day", &day)])
        }
    };
    let removed = match goal.removed {
        true => session.say(W::GOAL_REMOVED),
        false => String::new(),
    };
    let says = match goal.says.is_nothing() {
        true => session.say(W::SAID_NOT),
        false => words(session, &goal.says),
    };
    let about = [
        session.say(kind),
        codes(session, &goal.status, "plan", &[field, "status"]),
        until,
        removed,
    ];
    let mut text = format!("{says}\n  {}\n", dotted(about));
    for one in &goal.lines {
        text.push_str(&line(session, one));
    }
    if goal.lines.is_empty() && goal.kind != GoalKind::Goal {
        text.push_str(&format!("  {}\n", session.say(W::GOAL_NO_MARKS)));
    }
    text
}

fn line(session: &Session<'_>, line: &Line) -> String {
    let who = dotted([
        codes(session, &line.by, "plan", &["marks", "by"]),
        words(session, &line.who),
    ]);
    let who = match who.is_empty() {
        true => session.say(W::SAID_NOT),
        false => who,
    };
    let points = line.points.iter().map(|one| point(session, one));
    format!("  {who}: {}\n", points.collect::<Vec<_>>().join("; "))
}

fn point(session: &Session<'_>, point: &Point) -> String {
    let amount = said(session, &point.amounts, |amount| {
        let number = amount.number.display(Language::from(session.out.lang));
        match &amount.unit {
            Some(unit) => format!("{number} {unit}"),
            None => number,
        }
    });
    let mut marks = Vec::new();
    match point.after_plan {
        Some(false) => {}
        Some(true) => marks.push(session.say(W::AFTER_PLAN)),
        None => marks.push(session.say(W::AFTER_PLAN_UNSETTLED)),
    }
    if point.goal_unsettled {
        marks.push(session.say(W::MARK_GOAL_UNSETTLED));
    }
    let mark = match marks.is_empty() {
        true => String::new(),
        false => format!(" ({})", marks.join(", ")),
    };
    format!("{} {amount}{mark}", days(session, &point.day))
}
