//! `timeline`: a child's entries over all teams this practitioner may see, newest first.

use super::{
    additions, complete, disclosures,
    error::failure,
    names::Names,
    restrict,
    session::{Session, case_id},
};
use crate::{args::device::TimelineArgs, exit::Exit, failure::Failure, layout, when, words::W};
use samspor_client_core::{
    EntryState, Parent, TimelinePage, TimelinePosition, TimelineRow, WithParents,
};
use samspor_documents::{
    id::SpaceId,
    reading::Guide,
    template::Language,
    time::{UnixMillis, days_late},
};
use serde_json::{Value, json};

/// Longest page.
const LIMIT_MAX: u32 = 1000;

/// Prints one page.
///
/// # Errors
/// `bad_id`, `bad_cursor`, `unknown_case`.
pub async fn run(session: &Session<'_>, args: &TimelineArgs) -> Result<Exit, Failure> {
    let case = case_id(&args.case, session.out)?;
    let limit = args.limit.clamp(1, LIMIT_MAX);
    let page = TimelinePage {
        before: args.before.as_deref().map(position).transpose()?,
        limit,
        restricted: args.restricted,
    };
    let rows = rows(session, case, page, args.with_parents).await?;
    let names = Names::read(session).await?;
    let full = rows.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let next = rows
        .last()
        .filter(|_| full)
        .map(|one| cursor(&one.row.position()));
    let with_parents = args.with_parents;
    let entries = rows.iter().map(|one| {
        let mut json = told(session, &one.row, &names);
        if let (true, Some(all)) = (with_parents, json.as_object_mut()) {
            all.insert("parent".to_owned(), json!(one.parent.as_ref().map(parent)));
        }
        json
    });
    let entries: Vec<Value> = entries.collect();
    let mut text: String = match rows.len() {
        0 => session.say(W::NO_ENTRIES),
        _ => rows
            .iter()
            .map(|one| shown_of(session, one, &names))
            .collect::<Vec<_>>()
            .join("\n"),
    };
    let restricted = session.device.restricted_in(case).await.map_err(failure)?;
    let left_out = restrict::left_out(session, restricted).filter(|_| !args.restricted);
    if let Some(left_out) = left_out {
        text.push_str(&format!("\n{left_out}\n"));
    }
    if let Some(next) = &next {
        text.push('\n');
        text.push_str(&session.out.say(W::NEXT_PAGE, &[("cursor", next)]));
    }
    session.out.result(
        &json!({"case": case, "entries": entries, "next": next, "restricted": restricted}),
        &layout::harmless(&text),
    );
    Ok(Exit::Done)
}

/// The child's own entries, or its parents' among them.
async fn rows(
    session: &Session<'_>,
    case: SpaceId,
    page: TimelinePage,
    with_parents: bool,
) -> Result<Vec<WithParents>, Failure> {
    if with_parents {
        let rows = session.device.timeline_with_parents(case, page).await;
        return rows.map_err(failure);
    }
    let rows = session.device.timeline(case, page).await.map_err(failure)?;
    let alone = |row| WithParents { row, parent: None };
    Ok(rows.into_iter().map(alone).collect())
}

fn parent(parent: &Parent) -> Value {
    json!({"case": parent.case, "name": parent.name, "relations": parent.relations})
}

/// An entry, and whose record it stands in where that is not the child's.
fn shown_of(session: &Session<'_>, one: &WithParents, names: &Names) -> String {
    let mut text = shown(session, &one.row, names);
    if let Some(parent) = &one.parent {
        let whose = session
            .out
            .say(W::RECORD_OF_PARENT, &[("name", &parent.name)]);
        text.push_str(&format!("  {whose}\n"));
    }
    text
}

/// A place in a timeline as `--before` takes it.
fn cursor(position: &TimelinePosition) -> String {
    format!(
        "{}_{}_{}",
        position.occurred_at.0, position.seq, position.document
    )
}

fn position(text: &str) -> Result<TimelinePosition, Failure> {
    let read = || {
        let mut parts = text.trim().splitn(3, '_');
        Some(TimelinePosition {
            occurred_at: UnixMillis(parts.next()?.parse().ok()?),
            seq: parts.next()?.parse().ok()?,
            document: parts.next()?.parse().ok()?,
        })
    };
    read().ok_or_else(|| Failure::new(Exit::Input, "bad_cursor", W::BAD_CURSOR))
}

/// How many days after it happened it was written, where that is more than one.
pub(super) fn late(row: &TimelineRow) -> Option<i64> {
    days_late(row.occurred_at.at, row.written_at)
}

/// When it was written, with how late that was.
pub(super) fn written(session: &Session<'_>, row: &TimelineRow) -> Option<String> {
    let at = when::show(session.out.lang, row.written_at);
    match late(row)? {
        1 => Some(session.out.say(W::WRITTEN_A_DAY_LATE, &[("at", &at)])),
        days => {
            let places = [("days", days.to_string()), ("at", at)];
            let places = places
                .each_ref()
                .map(|(name, value)| (*name, value.as_str()));
            Some(session.out.say(W::WRITTEN_LATE, &places))
        }
    }
}

/// An entry in JSON.
pub(super) fn told(session: &Session<'_>, row: &TimelineRow, names: &Names) -> Value {
    json!({
        "document": row.document,
        "case": row.case,
        "team": row.team.map(|team| names.team_json(team)),
        "kind": row.kind,
        "template": row.template,
        "title": row.title(Language::from(session.out.lang)),
        "summary": row.summary(Language::from(session.out.lang)),
        "occurred_at": when::iso(row.occurred_at),
        "written_at": when::iso_local(row.written_at),
        "received_at": row.received_at.map(when::iso_local),
        "late": late(row).is_some(),
        "late_days": late(row),
        "authors": row.authors.iter().map(|id| names.practitioner_json(*id)).collect::<Vec<_>>(),
        "conflicts": row.conflicts,
        "invalid": row.invalid,
        "waiting": row.waiting,
        "refused": row.refused,
        "state": row.state.code(),
        "complete": complete::of_row_json(row),
        "signers": names.signers_json(&row.signers),
        "adds_to": row.adds_to,
        "restriction": row.restriction.as_ref().map(|said| restrict::told(said, names)),
        "additions": row.additions.iter().map(|one| told(session, one, names)).collect::<Vec<_>>(),
        "disclosed": row.disclosed.as_ref().map(|one| disclosures::told(one, names)),
    })
}

/// An entry as people read it in a list, with what is added to it beneath.
pub(super) fn shown(session: &Session<'_>, row: &TimelineRow, names: &Names) -> String {
    let mut text = alone(session, row, names);
    if let Some(entry) = row.adds_to {
        // It stands apart from its entry: the entry is not here.
        let entry = session.out.say(W::ADDS_TO, &[("id", &entry.to_string())]);
        text.push_str(&format!("  {entry}\n"));
    }
    for addition in &row.additions {
        text.push_str(&additions::indented(&alone(session, addition, names)));
    }
    text
}

fn alone(session: &Session<'_>, row: &TimelineRow, names: &Names) -> String {
    let lang = session.out.lang;
    let mut text = heading(session, row, names);
    text.push_str(&layout::prose(
        row.summary(Language::from(lang)),
        2,
        layout::width(),
    ));
    let stands = complete::said(session, complete::of_row(row, Guide::Text));
    for mark in marks(session, row).into_iter().chain(stands) {
        text.push_str(&format!("  ! {mark}\n"));
    }
    text.push_str(&format!("  {}\n", row.document));
    text
}

/// What it is, when, by whom, and who signed it.
pub(super) fn heading(session: &Session<'_>, row: &TimelineRow, names: &Names) -> String {
    let lang = session.out.lang;
    let title = row.title(Language::from(lang));
    let team = row.team.map(|team| names.team(team)).unwrap_or_default();
    let head = format!("{}  {title}", when::show(lang, row.occurred_at.at));
    let who = [
        team,
        names.practitioners(&row.authors),
        session.say(state(row.state)),
    ];
    let who: Vec<String> = who.into_iter().filter(|part| !part.is_empty()).collect();
    let mut text = format!("{head}\n  {}\n", who.join(" · "));
    let signers = names.signers(lang, &row.signers);
    if !signers.is_empty() {
        let by = session.out.say(W::SIGNED_BY, &[("who", &signers)]);
        text.push_str(&format!("  {by}\n"));
    }
    if let Some(one) = &row.disclosed {
        text.push_str(&format!("  {}\n", disclosures::shown(session, one, names)));
    }
    if let Some(mark) = restrict::mark(session, row, names) {
        text.push_str(&format!("  {mark}\n"));
    }
    if let Some(written) = written(session, row) {
        text.push_str(&format!("  {written}\n"));
    }
    text
}

/// How an entry stands, in words.
pub const fn state(state: EntryState) -> W {
    match state {
        EntryState::Draft => W::STATE_DRAFT,
        EntryState::Waiting => W::STATE_WAITING,
        EntryState::Delivered => W::STATE_DELIVERED,
        EntryState::SignedNotReceived => W::STATE_SIGNED_NOT_RECEIVED,
        EntryState::Signed => W::STATE_SIGNED,
        EntryState::Refused => W::STATE_REFUSED,
    }
}

/// What to look at, whatever else the entry says.
pub fn marks(session: &Session<'_>, row: &TimelineRow) -> Vec<String> {
    let mut marks = Vec::new();
    let count = |words, count: u32| session.out.say(words, &[("count", &count.to_string())]);
    if row.conflicts > 0 {
        marks.push(count(W::MARK_CONFLICTS, row.conflicts));
    }
    if row.invalid > 0 {
        marks.push(count(W::MARK_INVALID, row.invalid));
    }
    // What the state says already is not said again.
    let is_said = matches!(
        row.state,
        EntryState::Waiting | EntryState::SignedNotReceived
    );
    if row.waiting && !is_said {
        marks.push(session.say(W::MARK_WAITING));
    }
    if row.refused {
        marks.push(session.say(W::MARK_REFUSED));
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use samspor_documents::id::DocumentId;

    #[test]
    fn a_page_goes_on_where_the_one_before_ended() {
        let place = TimelinePosition {
            occurred_at: UnixMillis(-5),
            seq: u64::MAX,
            document: DocumentId::from_bytes([7; 16]),
        };
        assert_eq!(position(&cursor(&place)).expect("a cursor"), place);
        for text in [
            "",
            "1",
            "1_2",
            "1_2_x",
            "a_2_01a2b3c4-d5e6-7000-8000-000000000000",
        ] {
            assert_eq!(position(text).expect_err(text).code, "bad_cursor");
        }
    }
}
