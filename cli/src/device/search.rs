//! `search`: what is on the device, by the words it says and by filters; the newest first.

use super::{
    error::failure,
    names::Names,
    session::{Session, case_id},
    timeline,
};
use crate::{
    args::device::SearchArgs, content::resolve, exit::Exit, failure::Failure, layout, when,
    words::W,
};
use samspor_client_core::{Clock as _, Search, SearchHit, SystemClock};
use samspor_documents::template::TemplateKind;
use serde_json::{Value, json};

/// Prints one page.
///
/// # Errors
/// `unknown_kind`, `unknown_template`, `unknown_practitioner`, `unknown_team`, `ambiguous`, `bad_id`, `bad_time`,
/// `bad_cursor`, `unknown_case`.
pub async fn run(session: &Session<'_>, args: &SearchArgs) -> Result<Exit, Failure> {
    let names = Names::read(session).await?;
    let search = wanted(session, args, &names)?;
    // What an older program stored is found from its first search on.
    session.device.finish_index().await.map_err(failure)?;
    let page = session.device.search(&search).await.map_err(failure)?;
    let next = page.next.map(|next| next.to_string());
    let hits: Vec<Value> = page
        .hits
        .iter()
        .map(|hit| told(session, hit, &names))
        .collect();
    let mut text = match page.hits.len() {
        0 => session.say(W::NOTHING_FOUND),
        _ => page
            .hits
            .iter()
            .map(|hit| shown(session, hit, &names))
            .collect::<Vec<_>>()
            .join("\n"),
    };
    if page.to_find > 0 {
        let count = page.to_find.to_string();
        text.push('\n');
        text.push_str(&session.out.say(W::TO_FIND, &[("count", &count)]));
    }
    if let Some(next) = &next {
        text.push('\n');
        text.push_str(&session.out.say(W::NEXT_PAGE, &[("cursor", next)]));
    }
    session.out.result(
        &json!({"hits": hits, "next": next, "to_find": page.to_find}),
        &layout::harmless(&text),
    );
    Ok(Exit::Done)
}

fn wanted(session: &Session<'_>, args: &SearchArgs, names: &Names) -> Result<Search, Failure> {
    let now = SystemClock.now();
    let bound =
        |text: Option<&str>, is_end| text.map(|text| when::bound(text, now, is_end)).transpose();
    let case = args.case.as_deref();
    let case = case.map(|case| case_id(case, session.out)).transpose()?;
    let template = args
        .template
        .as_deref()
        .map(|name| resolve::template(&session.templates, name))
        .transpose()?;
    let author = args.author.as_deref();
    let team = args.team.as_deref();
    let before = args.before.as_deref().map(|text| text.trim().parse());
    let after = before
        .transpose()
        .map_err(|_| Failure::new(Exit::Input, "bad_cursor", W::BAD_CURSOR))?;
    Ok(Search {
        text: args.words.join(" "),
        kind: args.kind.as_deref().map(kind).transpose()?,
        template: template.map(|template| template.name.clone()),
        author: author.map(|one| names.colleague(one)).transpose()?,
        team: team.map(|team| names.any_team(team)).transpose()?,
        case,
        from: bound(args.from.as_deref(), false)?,
        until: bound(args.to.as_deref(), true)?,
        restricted: args.restricted,
        after,
        limit: args.limit,
    })
}

fn kind(text: &str) -> Result<TemplateKind, Failure> {
    TemplateKind::from_name(&text.trim().to_lowercase()).ok_or_else(|| {
        let known = TemplateKind::ALL.map(TemplateKind::name).join(", ");
        Failure::new(Exit::Input, "unknown_kind", W::UNKNOWN_DOCUMENT_KIND).with("known", known)
    })
}

fn told(session: &Session<'_>, hit: &SearchHit, names: &Names) -> Value {
    let mut told = timeline::told(session, &hit.row, names);
    if let Some(told) = told.as_object_mut() {
        told.insert("about".to_owned(), json!(hit.about));
    }
    told
}

fn shown(session: &Session<'_>, hit: &SearchHit, names: &Names) -> String {
    let text = timeline::shown(session, &hit.row, names);
    match (&hit.about, hit.row.kind) {
        // A card says whom it is about in its heading.
        (Some(name), kind) if kind != TemplateKind::Card => {
            format!(
                "{}\n{text}",
                session.out.say(W::ABOUT_CITIZEN, &[("name", name)])
            )
        }
        _ => text,
    }
}
