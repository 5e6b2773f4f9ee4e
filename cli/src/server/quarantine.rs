//! `samspor admin quarantine`: what revoked devices handed over. Listed without content; one parcel is opened into a
//! file, for a colleague who may write in its space, on a ground that is written down first.

use super::{
    admin_lists::{head, names, person, print},
    error::administering,
};
use crate::{
    args::admin::{QuarantineCommand, QuarantineOpenArgs},
    exit::Exit,
    failure::Failure,
    files::save_new,
    output::Output,
    when,
    words::W,
};
use samspor_documents::{id::PractitionerId, time::UnixMillis};
use samspor_protocol::quarantine::ParcelItem;
use samspor_server::{
    admin::Admin,
    quarantine::{OpenedParcel, OpeningRow, ParcelRow},
};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Does one thing.
///
/// # Errors
/// No such parcel, a practitioner who may not, a file that cannot be written; the database's.
pub async fn run(admin: &Admin, command: &QuarantineCommand, out: &Output) -> Result<(), Failure> {
    match command {
        QuarantineCommand::List => list(admin, out).await,
        QuarantineCommand::Open(args) => open(admin, args, out).await,
    }
}

type Names = HashMap<PractitionerId, String>;

fn named(people: &Names, practitioner: PractitionerId) -> Value {
    json!({"id": practitioner, "name": people.get(&practitioner)})
}

async fn list(admin: &Admin, out: &Output) -> Result<(), Failure> {
    let rows = admin.quarantine().await;
    let rows = rows.map_err(|error| administering(&error))?;
    let people = names(admin).await?;
    let json: Vec<Value> = rows.iter().map(|row| told(row, &people)).collect();
    let labels = [
        W::LABEL_PRACTITIONER,
        W::LABEL_HANDED_OVER_AT,
        W::LABEL_ITEMS,
        W::LABEL_KEPT_UNTIL,
        W::LABEL_ID,
        W::LABEL_STATUS,
    ];
    let mut table = vec![head(out, &labels)];
    for row in &rows {
        let name = people.get(&row.practitioner).cloned();
        let until = row.expires_at.map(|at| when::show(out.lang, at));
        table.push(vec![
            name.unwrap_or_else(|| row.practitioner.to_string()),
            when::show(out.lang, row.received_at),
            row.items.to_string(),
            until.unwrap_or_default(),
            row.parcel.map_or_else(String::new, |id| id.to_string()),
            state(out, row),
        ]);
    }
    let json = json!({"quarantine": json});
    print(out, &json, &table, W::NOTHING_IN_QUARANTINE);
    Ok(())
}

fn state(out: &Output, row: &ParcelRow) -> String {
    match (row.expired_at, row.openings.last(), row.parcel) {
        (Some(_), _, _) => out.say(W::STATE_EXPIRED, &[]),
        (None, Some(_), _) => out.say(W::STATE_OPENED, &[]),
        (None, None, Some(_)) => out.say(W::STATE_SEALED, &[]),
        (None, None, None) => out.say(W::STATE_NOTHING, &[]),
    }
}

fn told(row: &ParcelRow, people: &Names) -> Value {
    let at = |at: Option<UnixMillis>| at.map(when::iso_local);
    let opening = |one: &OpeningRow| {
        json!({
            "by": named(people, one.by),
            "at": when::iso_local(one.at),
            "ground": one.ground,
        })
    };
    json!({
        "parcel": row.parcel.map(|id| id.to_string()),
        "device": row.device,
        "practitioner": named(people, row.practitioner),
        "space": row.space,
        "items": row.items,
        "received_at": when::iso_local(row.received_at),
        "expires_at": at(row.expires_at),
        "expired_at": at(row.expired_at),
        "openings": row.openings.iter().map(opening).collect::<Vec<_>>(),
    })
}

async fn open(admin: &Admin, args: &QuarantineOpenArgs, out: &Output) -> Result<(), Failure> {
    let parcel: Uuid = args.parcel.trim().parse().map_err(|_| {
        Failure::new(Exit::Input, "bad_id", W::BAD_ID)
            .with("what", out.say(W::ID_PARCEL, &[]))
            .with("where", "samspor admin quarantine list")
    })?;
    let by = person(admin, &args.by).await?;
    // An opening that is written down and shows nothing would help nobody.
    if args.to.exists() {
        let file = args.to.display().to_string();
        return Err(Failure::new(Exit::Folder, "file_exists", W::FILE_EXISTS).with("file", file));
    }
    let opened = admin.open_parcel(parcel, by, &args.ground).await;
    let opened = opened.map_err(|error| administering(&error))?;
    let people = names(admin).await?;
    let content = content(parcel, &opened, by, &args.ground, &people);
    save_new(&args.to, format!("{content:#}\n").as_bytes())?;
    let (file, items) = (args.to.display().to_string(), opened.items.len());
    let json = json!({"parcel": parcel.to_string(), "file": file, "items": items});
    let places = [("file", file.as_str()), ("count", &items.to_string())];
    out.result(&json, &out.say(W::PARCEL_OPENED, &places));
    Ok(())
}

fn content(
    parcel: Uuid,
    opened: &OpenedParcel,
    by: PractitionerId,
    ground: &str,
    people: &Names,
) -> Value {
    json!({
        "parcel": parcel.to_string(),
        "device": opened.device,
        "written_by": named(people, opened.practitioner),
        "space": opened.space,
        "received_at": when::iso_local(opened.received_at),
        "opened_at": when::iso_local(opened.opened_at),
        "opened_by": named(people, by),
        "ground": ground.trim(),
        "items": opened.items.iter().map(item).collect::<Vec<_>>(),
    })
}

fn item(item: &ParcelItem) -> Value {
    // What a newer device wrote in another form is handed on as the text it is.
    let written = serde_json::from_str(&item.written);
    json!({
        "document": item.document,
        "kind": item.kind,
        "operation": item.operation,
        "refused": item.refused,
        "written_at": when::iso_local(item.written_at),
        "written": written.unwrap_or_else(|_| Value::String(item.written.clone())),
        "body": crate::layout::hex(&item.body),
    })
}
