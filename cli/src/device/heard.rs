//! `heard`: whether, when and how a child was heard before each decision, and when its view was last obtained.

use super::{
    error::failure,
    method::{codes, days, dotted, template},
    session::{Session, case_id},
};
use crate::{args::method::ChildArgs, exit::Exit, failure::Failure, layout, words::W};
use samspor_documents::method::heard::{ChildHeard, DecisionHeard, Hearing, Obtained};
use serde_json::json;

/// Prints it.
///
/// # Errors
/// `bad_id`, `unknown_case`.
pub async fn run(session: &Session<'_>, args: &ChildArgs) -> Result<Exit, Failure> {
    let case = case_id(&args.case, session.out)?;
    let heard = session.device.child_heard(case).await.map_err(failure)?;
    let json = json!({
        "case": case, "decisions": heard.decisions, "obtained": heard.obtained, "last": heard.last,
    });
    session
        .out
        .result(&json, &layout::harmless(&shown(session, &heard)));
    Ok(Exit::Done)
}

fn shown(session: &Session<'_>, heard: &ChildHeard) -> String {
    let mut text = match &heard.last {
        Some(last) => obtained(session, W::CHILD_VIEW_LAST, last),
        None => session.say(W::CHILD_VIEW_NEVER),
    };
    text.push_str("\n\n");
    if heard.decisions.is_empty() {
        text.push_str(&session.say(W::NO_DECISIONS));
    }
    for one in &heard.decisions {
        text.push_str(&decision(session, one));
    }
    text
}

fn obtained(session: &Session<'_>, words: W, one: &Obtained) -> String {
    let (day, template) = (days(session, &one.day), template(session, &one.template));
    let places = [("day", day.as_str()), ("template", template.as_str())];
    session.out.say(words, &places)
}

fn decision(session: &Session<'_>, one: &DecisionHeard) -> String {
    let day = days(session, &one.day);
    let head = session.out.say(W::DECISION_OF, &[("day", &day)]);
    let on = match one.on.is_nothing() {
        true => String::new(),
        false => {
            let day = days(session, &one.on);
            session.out.say(W::HEARD_ON, &[("day", &day)])
        }
    };
    let told = [
        session.say(hearing(one.hearing)),
        on,
        codes(session, &one.how, "decision", &["child_heard_how"]),
    ];
    let mut text = format!("{head}\n  {}\n", dotted(told));
    if let Some(ground) = &one.ground {
        text.push_str(&layout::prose(ground, 2, layout::width()));
    }
    if let Some(before) = &one.last_before {
        text.push_str(&format!(
            "  {}\n",
            obtained(session, W::HEARD_LAST_BEFORE, before)
        ));
    }
    text.push_str(&format!("  {}\n", one.document));
    text
}

const fn hearing(hearing: Hearing) -> W {
    match hearing {
        Hearing::Heard => W::HEARD,
        Hearing::InPart => W::HEARD_IN_PART,
        Hearing::After => W::HEARD_AFTER,
        Hearing::NotHeardWithGround => W::NOT_HEARD_GROUND,
        Hearing::NotHeardWithoutGround => W::NOT_HEARD_NO_GROUND,
        Hearing::NotSaid => W::HEARD_NOT_SAID,
        Hearing::Unsettled => W::HEARD_UNSETTLED,
    }
}
