//! `contact …` and `visit start`: what is agreed, what became of it, and the visit that begins.

use super::{
    error::failure,
    from_last,
    names::Names,
    session::{Saved, Session, case_id, contact_id},
};
use crate::{
    args::{
        contact::{
            ContactArgs, ContactCommand, ContactListArgs, ContactPlanArgs, ContactStatusArgs,
            VisitStartArgs,
        },
        device::ItemChangeArgs,
    },
    content::{
        self,
        notice::{self, Notice},
        resolve,
        typed::{Given, Wanted},
    },
    exit::Exit,
    failure::Failure,
    layout, when,
    words::W,
};
use samspor_client_core::{ContactFilter, ContactRow, Contacts, NewContact, NewVisit};
use samspor_documents::{
    contact::{ContactStatus, STATUS},
    document::Edit,
    id::DocumentId,
    template::{Language, PLANNED_CONTACT},
    time::Moment,
    value::Value as Typed,
};
use serde_json::{Value, json};

/// Runs one of the commands about planned contacts.
///
/// # Errors
/// As each of them.
pub async fn run(session: &Session<'_>, command: &ContactCommand) -> Result<Exit, Failure> {
    match command {
        ContactCommand::Plan(args) => plan(session, args).await,
        ContactCommand::List(args) => list(session, args).await,
        ContactCommand::Show(args) => show(session, args).await,
        ContactCommand::Move(args) => move_to(session, args).await,
        ContactCommand::Status(args) => set_status(session, args).await,
    }
}

/// When it is planned for: it is always said.
fn planned_at(session: &Session<'_>, said: Option<Moment>) -> Result<Moment, Failure> {
    said.or(session.at)
        .ok_or_else(|| Failure::new(Exit::Usage, "usage", W::USAGE_CONTACT_TIME))
}

async fn plan(session: &Session<'_>, args: &ContactPlanArgs) -> Result<Exit, Failure> {
    let case = case_id(&args.case, session.out)?;
    let content = content::gather(&args.content, &ItemChangeArgs::default())?;
    let template = resolve::template(&session.templates, PLANNED_CONTACT)?;
    let fields = resolve::edits(&content.wanted, template, session.out.lang)?;
    let practitioner = match &args.made_by {
        Some(name) => Some(Names::read(session).await?.colleague(name)?),
        None => None,
    };
    let notices = notice::unusual(&fields, template);
    let new = NewContact {
        case,
        planned_at: planned_at(session, session.occurred(content.file.as_ref())?)?,
        practitioner,
        fields,
    };
    let contact = session.device.plan_contact(new).await.map_err(failure)?;
    finish(session, W::CONTACT_PLANNED, contact, true, notices).await
}

async fn move_to(session: &Session<'_>, args: &ContactArgs) -> Result<Exit, Failure> {
    let contact = contact_id(&args.contact, session.out)?;
    let to = planned_at(session, None)?;
    let changed = session.device.move_contact(contact, to).await;
    let changed = changed.map_err(failure)?;
    finish(session, W::CONTACT_MOVED, contact, changed, Vec::new()).await
}

async fn set_status(session: &Session<'_>, args: &ContactStatusArgs) -> Result<Exit, Failure> {
    let contact = contact_id(&args.contact, session.out)?;
    let status = status(session, &args.status)?;
    let changed = session.device.set_contact_status(contact, status).await;
    let changed = changed.map_err(failure)?;
    finish(session, W::CONTACT_STATUS_SET, contact, changed, Vec::new()).await
}

/// A status as it is typed: its code, or what people read.
fn status(session: &Session<'_>, text: &str) -> Result<ContactStatus, Failure> {
    let wanted = Wanted::Set {
        field: STATUS.to_owned(),
        value: Given::Typed(text.to_owned()),
    };
    let template = resolve::template(&session.templates, PLANNED_CONTACT)?;
    let edits = resolve::edits(&[wanted], template, session.out.lang)?;
    let status = edits.iter().find_map(|edit| match edit {
        Edit::Set {
            value: Typed::Code(code),
            ..
        } => ContactStatus::from_code(code),
        _ => None,
    });
    status.ok_or_else(content::nothing)
}

async fn finish(
    session: &Session<'_>,
    words: W,
    contact: DocumentId,
    changed: bool,
    notices: Vec<Notice>,
) -> Result<Exit, Failure> {
    let saved = Saved {
        words,
        name: "contact",
        id: contact.to_string(),
        changed,
        notices,
    };
    session.deliver().await.finish(session.out, &saved)
}

/// Begins a visit.
///
/// # Errors
/// `bad_id`, `unknown_case`, `unknown_contact`, `names_no_contact`; as `draft`; why it could not be delivered.
pub async fn start(session: &Session<'_>, args: &VisitStartArgs) -> Result<Exit, Failure> {
    let case = case_id(&args.case, session.out)?;
    let contact = args.contact.as_deref();
    let contact = contact.map(|id| contact_id(id, session.out)).transpose()?;
    let content = content::gather(&args.content, &ItemChangeArgs::default())?;
    let template = resolve::begun(&session.templates, &args.template)?;
    let fields = resolve::edits(&content.wanted, template, session.out.lang)?;
    let notices = notice::unusual(&fields, template);
    let visit = NewVisit {
        case,
        contact,
        template: template.name.clone(),
        fields,
        occurred_at: session.occurred(content.file.as_ref())?,
        from_last: args.from_last,
    };
    let begun = session.device.start_visit(visit).await.map_err(failure)?;
    let last = match args.from_last {
        true => Some(from_last::of(session, begun.draft).await?),
        false => None,
    };
    let delivery = session.deliver().await;
    let places = [
        ("contact", begun.contact.to_string()),
        ("id", begun.draft.to_string()),
    ];
    let places = places.each_ref().map(|(name, id)| (*name, id.as_str()));
    let mut lines = vec![session.out.say(W::VISIT_STARTED, &places)];
    lines.extend(notices.iter().map(|notice| notice.text(session.out)));
    lines.extend(last.iter().flat_map(|last| last.lines.clone()));
    lines.push(delivery.told(session.out));
    let warnings: Vec<Value> = notices.iter().map(Notice::json).collect();
    let mut json = json!({
        "contact": begun.contact, "document": begun.draft, "delivery": delivery.state(), "warnings": warnings,
    });
    if let (Some(all), Some(last)) = (json.as_object_mut(), last) {
        all.extend(last.json);
    }
    session.out.result(&json, &lines.join("\n"));
    delivery.end()
}

async fn list(session: &Session<'_>, args: &ContactListArgs) -> Result<Exit, Failure> {
    let case = args.case.as_deref();
    let filter = ContactFilter {
        which: match (args.today, args.week, args.overdue, args.note_missing) {
            (true, ..) => Contacts::Today,
            (_, true, ..) => Contacts::Week,
            (_, _, true, _) => Contacts::Overdue,
            (.., true) => Contacts::NoteMissing,
            _ => Contacts::All,
        },
        case: case.map(|id| case_id(id, session.out)).transpose()?,
        mine: args.mine,
        limit: args.limit,
    };
    let rows = session.device.contacts(filter).await.map_err(failure)?;
    let names = Names::read(session).await?;
    let json: Vec<Value> = rows.iter().map(|row| told(session, row, &names)).collect();
    let shown = rows.iter().map(|row| shown(session, row, &names));
    let text = match rows.len() {
        0 => session.say(W::NO_CONTACTS),
        _ => shown.collect::<Vec<_>>().join("\n"),
    };
    session
        .out
        .result(&json!({"contacts": json}), &layout::harmless(&text));
    Ok(Exit::Done)
}

async fn show(session: &Session<'_>, args: &ContactArgs) -> Result<Exit, Failure> {
    let contact = contact_id(&args.contact, session.out)?;
    let row = session.device.contact(contact).await.map_err(failure)?;
    let names = Names::read(session).await?;
    let text = shown(session, &row, &names);
    session
        .out
        .result(&told(session, &row, &names), &layout::harmless(&text));
    Ok(Exit::Done)
}

fn told(session: &Session<'_>, row: &ContactRow, names: &Names) -> Value {
    let lang = Language::from(session.out.lang);
    json!({
        "contact": row.document,
        "case": row.case,
        "team": names.team_json(row.team),
        "name": row.citizen,
        "planned_at": when::iso(row.planned_at),
        "standing": row.standing.code(),
        "practitioner": row.practitioner.map(|who| names.practitioner_json(who)),
        "title": row.title(lang),
        "summary": row.summary(lang),
        "conflicts": row.conflicts,
        "waiting": row.waiting,
        "refused": row.refused,
    })
}

fn shown(session: &Session<'_>, row: &ContactRow, names: &Names) -> String {
    let lang = session.out.lang;
    let (at, title) = (
        when::show(lang, row.planned_at.at),
        row.title(Language::from(lang)),
    );
    let name = row.citizen.clone();
    let name = name.unwrap_or_else(|| session.say(W::NO_NAME));
    let mut who = vec![
        row.standing.label(Language::from(lang)).to_owned(),
        names.team(row.team),
    ];
    who.extend(row.practitioner.map(|practitioner| {
        let name = names.practitioner(practitioner);
        session.out.say(W::CONTACT_FOR, &[("name", &name)])
    }));
    let mut text = format!("{at}  {name}\n  {title}\n  {}\n", who.join(" · "));
    for line in row.summary(Language::from(lang)).lines() {
        text.push_str(&format!("  {line}\n"));
    }
    if row.conflicts > 0 {
        let count = row.conflicts.to_string();
        let mark = session.out.say(W::MARK_CONFLICTS, &[("count", &count)]);
        text.push_str(&format!("  ! {mark}\n"));
    }
    if row.waiting {
        text.push_str(&format!("  ! {}\n", session.say(W::MARK_WAITING)));
    }
    if row.refused {
        text.push_str(&format!("  ! {}\n", session.say(W::MARK_REFUSED)));
    }
    text.push_str(&format!("  {}\n", row.document));
    text
}
