//! `factors`: a child's risk and protective factors, assessment by assessment.

use super::{
    error::failure,
    method::{codes, days, dotted, label, words},
    session::{Session, case_id},
};
use crate::{args::method::ChildArgs, exit::Exit, failure::Failure, layout, words::W};
use samspor_documents::method::factors::{Change, Domain, Factor, Step};
use serde_json::json;

const TEMPLATE: &str = "factor_assessment";

/// Prints a child's factors over time.
///
/// # Errors
/// `bad_id`, `unknown_case`.
pub async fn run(session: &Session<'_>, args: &ChildArgs) -> Result<Exit, Failure> {
    let case = case_id(&args.case, session.out)?;
    let domains = session.device.factors(case).await.map_err(failure)?;
    let text = match domains.is_empty() {
        true => session.say(W::NO_FACTORS),
        false => {
            let shown = domains.iter().map(|one| domain(session, one));
            shown.collect::<Vec<_>>().join("\n")
        }
    };
    let json = json!({"case": case, "domains": domains});
    session.out.result(&json, &layout::harmless(&text));
    Ok(Exit::Done)
}

fn domain(session: &Session<'_>, domain: &Domain) -> String {
    let mut text = match &domain.domain {
        Some(code) => label(session, TEMPLATE, &["factors", "domain"], code),
        None => session.say(W::NO_DOMAIN),
    };
    text.push('\n');
    for one in &domain.factors {
        text.push_str(&factor(session, one));
    }
    text
}

fn factor(session: &Session<'_>, factor: &Factor) -> String {
    let mut text = format!("  {}\n", factor.factor);
    for one in &factor.steps {
        text.push_str(&format!("    {}\n", step(session, one)));
    }
    text
}

fn step(session: &Session<'_>, step: &Step) -> String {
    let since = match step.since.is_nothing() {
        true => String::new(),
        false => {
            let since = words(session, &step.since);
            session.out.say(W::FACTOR_SINCE, &[("since", &since)])
        }
    };
    let code = |value, name| codes(session, value, TEMPLATE, &["factors", name]);
    let told = [
        session.say(change(step.change)),
        code(&step.effect, "effect"),
        code(&step.strength, "strength"),
        since,
    ];
    format!("{}  {}", days(session, &step.day), dotted(told))
}

const fn change(change: Change) -> W {
    match change {
        Change::Appeared => W::FACTOR_APPEARED,
        Change::Same => W::FACTOR_SAME,
        Change::Stronger => W::FACTOR_STRONGER,
        Change::Weaker => W::FACTOR_WEAKER,
        Change::Turned => W::FACTOR_TURNED,
        Change::NotNamed => W::FACTOR_NOT_NAMED,
        Change::NamedAgain => W::FACTOR_NAMED_AGAIN,
        Change::Unsettled => W::SAID_UNSETTLED,
    }
}
