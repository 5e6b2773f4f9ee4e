//! `visit write`: the child's entry and each parent's, in one act.

use super::{
    error::failure,
    from_last,
    session::{Session, case_id, contact_id},
};
use crate::{
    args::{contact::VisitWriteArgs, device::ItemChangeArgs},
    content::{
        self,
        file::ParentPart,
        notice::{self, Notice},
        resolve,
    },
    exit::Exit,
    failure::Failure,
    words::W,
};
use samspor_client_core::{NewVisit, ParentCase, ParentForm, VisitForm, WrittenVisit};
use samspor_documents::{
    card::{CardView, Relation, RelationKind},
    id::SpaceId,
};
use serde_json::{Map, Value, json};

/// The template of what is said of a parent.
const PARENT_TEMPLATE: &str = "parent_visit";

/// Writes a visit.
///
/// # Errors
/// As `visit start`; `parent_without_case`, `parent_unclear`, `no_parents_case`, `no_relation`, `not_your_team`.
pub async fn write(session: &Session<'_>, args: &VisitWriteArgs) -> Result<Exit, Failure> {
    let case = case_id(&args.visit.case, session.out)?;
    let contact = args.visit.contact.as_deref();
    let contact = contact.map(|id| contact_id(id, session.out)).transpose()?;
    let mut content = content::gather_visit(&args.visit.content, &ItemChangeArgs::default())?;
    let template = resolve::begun(&session.templates, &args.visit.template)?;
    let fields = resolve::edits(&content.wanted, template, session.out.lang)?;
    let mut notices = notice::unusual(&fields, template);
    let parts = content
        .file
        .as_mut()
        .map(|file| std::mem::take(&mut file.parents));
    let parts = parts.unwrap_or_default();
    let card = session.device.card(case).await.map_err(failure)?;
    let mut parents = Vec::with_capacity(parts.len());
    for part in &parts {
        let template = resolve::begun(&session.templates, PARENT_TEMPLATE)?;
        let fields = resolve::edits(&part.wanted, template, session.out.lang)?;
        notices.extend(notice::unusual(&fields, template));
        parents.push(ParentForm {
            parent: parent(session, &card, part, &args.open_parent).await?,
            template: template.name.clone(),
            fields,
        });
    }
    let form = VisitForm {
        visit: NewVisit {
            case,
            contact,
            template: template.name.clone(),
            fields,
            occurred_at: session.occurred(content.file.as_ref())?,
            from_last: args.visit.from_last,
        },
        parents,
        published: args.publish,
    };
    let written = session.device.write_visit(form).await.map_err(failure)?;
    tell(session, args, &written, &notices).await
}

async fn tell(
    session: &Session<'_>,
    args: &VisitWriteArgs,
    written: &WrittenVisit,
    notices: &[Notice],
) -> Result<Exit, Failure> {
    let mut more = Map::new();
    let mut lines = vec![
        session
            .out
            .say(W::VISIT_WRITTEN, &[("id", &written.entry.to_string())]),
    ];
    for parent in &written.parents {
        let words = match parent.opened {
            true => W::PARENT_OPENED,
            false => W::PARENT_WRITTEN,
        };
        let (case, id) = (parent.case.to_string(), parent.entry.to_string());
        lines.push(session.out.say(words, &[("case", &case), ("id", &id)]));
    }
    lines.extend(notices.iter().map(|notice| notice.text(session.out)));
    if args.visit.from_last {
        let last = from_last::of(session, written.entry).await?;
        lines.extend(last.lines);
        more.extend(last.json);
    }
    let delivery = session.deliver().await;
    lines.push(delivery.told(session.out));
    let parents: Vec<Value> = written
        .parents
        .iter()
        .map(|one| json!({"case": one.case, "document": one.entry, "opened": one.opened}))
        .collect();
    let warnings: Vec<Value> = notices.iter().map(Notice::json).collect();
    let mut json = json!({
        "contact": written.contact, "document": written.entry, "parents": parents, "published": args.publish,
        "delivery": delivery.state(), "warnings": warnings,
    });
    if let Some(all) = json.as_object_mut() {
        all.extend(more);
    }
    session.out.result(&json, &lines.join("\n"));
    delivery.end()
}

fn unclear() -> Failure {
    Failure::new(Exit::Input, "parent_unclear", W::PARENT_UNCLEAR)
}

fn is_same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Which parent a part of the file is about.
async fn parent(
    session: &Session<'_>,
    child: &CardView,
    part: &ParentPart,
    open: &[String],
) -> Result<ParentCase, Failure> {
    let relation = part.relation.as_deref().map(relation).transpose()?;
    if let Some(case) = &part.case {
        return case_id(case, session.out).map(ParentCase::Here);
    }
    let (known, name) = match (&part.name, relation) {
        (Some(name), _) => (by_name(session, child, name).await?, name.clone()),
        (None, Some(kind)) => {
            let mut fitting = child.relations.iter().filter(|one| one.kind == kind);
            let (Some(only), None) = (fitting.next(), fitting.next()) else {
                return Err(unclear());
            };
            (only.case, only.name.clone().unwrap_or_default())
        }
        (None, None) => return Err(unclear()),
    };
    if let Some(case) = known {
        return Ok(ParentCase::Here(case));
    }
    match open.iter().any(|wanted| is_same(wanted, &name)) {
        true => Ok(ParentCase::Opened { name, relation }),
        false => Err(Failure::new(
            Exit::NotFound,
            "parent_without_case",
            W::PARENT_WITHOUT_CASE,
        )
        .with("name", name)),
    }
}

/// The case of whom the child's card names so, by itself or by their own card.
async fn by_name(
    session: &Session<'_>,
    child: &CardView,
    name: &str,
) -> Result<Option<SpaceId>, Failure> {
    let mut found = Vec::new();
    for Relation {
        case, name: typed, ..
    } in &child.relations
    {
        let Some(case) = *case else { continue };
        let is_meant = match typed {
            Some(typed) => is_same(typed, name),
            // A card that is not here names nobody.
            None => {
                let card = session.device.card(case).await;
                card.is_ok_and(|card| is_same(&card.name, name))
            }
        };
        if is_meant && !found.contains(&case) {
            found.push(case);
        }
    }
    match found.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(*only)),
        _ => Err(unclear()),
    }
}

fn relation(text: &str) -> Result<RelationKind, Failure> {
    let value = Value::String(text.trim().to_owned());
    serde_json::from_value(value).map_err(|_| unclear())
}
