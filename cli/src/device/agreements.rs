//! `agreements`: what was agreed at meetings and what is to be followed up, in a case or in the whole caseload.

use super::{
    error::failure,
    method::{days, dotted, template, words},
    names::Names,
    session::{Session, case_id},
};
use crate::{args::method::AgreementsArgs, exit::Exit, failure::Failure, layout, words::W};
use samspor_client_core::CaseFilter;
use samspor_documents::{
    id::SpaceId,
    method::{
        agreements::{Agreement, AgreementStanding},
        follow_up::{FollowUp, FollowUpStanding, Ground},
    },
};
use serde_json::json;
use std::collections::HashMap;

/// Prints them.
///
/// # Errors
/// `bad_id`, `unknown_case`.
pub async fn run(session: &Session<'_>, args: &AgreementsArgs) -> Result<Exit, Failure> {
    let case = args.case.as_deref();
    let case = case.map(|id| case_id(id, session.out)).transpose()?;
    let (mut agreements, mut due) = session.device.agreements(case).await.map_err(failure)?;
    if !args.all {
        agreements.retain(|one| one.standing.is_open());
        due.retain(|one| one.standing != FollowUpStanding::Done);
    }
    let whose = Whose::read(session).await?;
    let mut text = String::new();
    if !agreements.is_empty() {
        text.push_str(&format!("{}\n", session.say(W::AGREEMENTS)));
        for one in &agreements {
            text.push_str(&agreement(session, &whose, one));
        }
    }
    if !due.is_empty() {
        text.push_str(&format!("{}\n", session.say(W::FOLLOW_UPS)));
        for one in &due {
            text.push_str(&follow_up(session, &whose, one));
        }
    }
    if text.is_empty() {
        text = session.say(W::NO_AGREEMENTS);
    }
    let json = json!({"agreements": agreements, "follow_ups": due});
    session.out.result(&json, &layout::harmless(&text));
    Ok(Exit::Done)
}

/// Whom a case is about, or what a circle is called.
struct Whose {
    cases: HashMap<SpaceId, String>,
    names: Names,
}

impl Whose {
    async fn read(session: &Session<'_>) -> Result<Self, Failure> {
        let filter = CaseFilter {
            closed: true,
            limit: u32::MAX,
            ..CaseFilter::default()
        };
        let cases = session.device.cases(filter).await.map_err(failure)?;
        let named = cases.into_iter().filter_map(|row| {
            let name = row.view.map(|view| view.name).or(row.about)?;
            Some((row.case, name))
        });
        Ok(Self {
            cases: named.collect(),
            names: Names::read(session).await?,
        })
    }

    fn name(&self, space: SpaceId) -> String {
        let case = self.cases.get(&space).map(String::as_str);
        case.or_else(|| self.names.circle(space))
            .unwrap_or_default()
            .to_owned()
    }
}

fn agreement(session: &Session<'_>, whose: &Whose, one: &Agreement) -> String {
    let day = |place: Option<&samspor_documents::method::agreements::Place>| {
        place.map_or_else(String::new, |place| days(session, &place.day))
    };
    let (first, last) = (day(one.places.first()), day(one.places.last()));
    let made = match one.places.len() {
        0 | 1 => session.out.say(W::AGREEMENT_MADE, &[("first", &first)]),
        _ => {
            let places = [("first", first.as_str()), ("last", last.as_str())];
            session.out.say(W::AGREEMENT_CARRIED, &places)
        }
    };
    let told = [
        words(session, &one.who),
        days(session, &one.when),
        session.say(standing(one.standing)),
        whose.name(one.space),
    ];
    let mut text = format!(
        "  {}\n    {}\n    {made}\n",
        words(session, &one.what),
        dotted(told)
    );
    if one.not_carried_over {
        text.push_str(&format!(
            "    ! {}\n",
            session.say(W::AGREEMENT_NOT_CARRIED)
        ));
    }
    text
}

const fn standing(standing: AgreementStanding) -> W {
    match standing {
        AgreementStanding::Overdue => W::AGREEMENT_OVERDUE,
        AgreementStanding::Open => W::AGREEMENT_OPEN,
        AgreementStanding::Unsettled => W::SAID_UNSETTLED,
        AgreementStanding::Kept => W::AGREEMENT_KEPT,
        AgreementStanding::NotKept => W::AGREEMENT_NOT_KEPT,
        AgreementStanding::Dropped => W::AGREEMENT_DROPPED,
    }
}

fn follow_up(session: &Session<'_>, whose: &Whose, one: &FollowUp) -> String {
    let standing = match one.standing {
        FollowUpStanding::Overdue => W::FOLLOW_UP_OVERDUE,
        FollowUpStanding::ToCome => W::FOLLOW_UP_TO_COME,
        FollowUpStanding::Unsettled => W::SAID_UNSETTLED,
        FollowUpStanding::Done => W::FOLLOW_UP_DONE,
    };
    let ground = match one.ground {
        Ground::Day => W::FOLLOW_UP_DAY,
        Ground::Interval => W::FOLLOW_UP_INTERVAL,
        Ground::Usual => W::FOLLOW_UP_USUAL,
    };
    let told = [
        session.say(standing),
        whose.name(one.space),
        session.say(ground),
    ];
    let what = template(session, &one.template);
    format!(
        "  {}  {what}\n    {}\n    {}\n",
        days(session, &one.due),
        dotted(told),
        one.document
    )
}
