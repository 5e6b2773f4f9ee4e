//! `samspor admin share`: shares of cases between whom and on which basis, never whom they are about or what for; and
//! their end, on a stated ground.

use super::{
    admin_lists::{head, names, print},
    error::administering,
};
use crate::{
    args::admin::{AdminShareCommand, AdminShareListArgs, AdminShareWithdrawArgs},
    exit::Exit,
    failure::Failure,
    output::Output,
    when,
    words::W,
};
use samspor_documents::id::{PractitionerId, ShareId, TeamId};
use samspor_protocol::share::Recipient;
use samspor_server::admin::{Admin, ShareEnd, ShareRow};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Does one thing.
///
/// # Errors
/// `bad_id`, `unknown_share`, `bad_ground`; the database's.
pub async fn run(admin: &Admin, command: &AdminShareCommand, out: &Output) -> Result<(), Failure> {
    match command {
        AdminShareCommand::List(args) => list(admin, args, out).await,
        AdminShareCommand::Withdraw(args) => withdraw(admin, args, out).await,
    }
}

struct Names {
    people: HashMap<PractitionerId, String>,
    teams: HashMap<TeamId, String>,
}

impl Names {
    async fn read(admin: &Admin) -> Result<Self, Failure> {
        let people = names(admin).await?;
        let teams = admin.teams().await.map_err(|error| administering(&error))?;
        let teams = teams.into_iter().map(|row| (row.team, row.name)).collect();
        Ok(Self { people, teams })
    }

    fn person(&self, id: PractitionerId) -> Value {
        json!({"id": id, "name": self.people.get(&id)})
    }

    fn team(&self, id: TeamId) -> Value {
        json!({"id": id, "name": self.teams.get(&id)})
    }

    fn recipient(&self, to: Recipient) -> String {
        let name = match to {
            Recipient::Team(team) => self.teams.get(&team),
            Recipient::Practitioner(one) => self.people.get(&one),
        };
        name.cloned().unwrap_or_default()
    }
}

async fn list(admin: &Admin, args: &AdminShareListArgs, out: &Output) -> Result<(), Failure> {
    let rows = admin.shares(args.ended).await;
    let rows = rows.map_err(|error| administering(&error))?;
    let names = Names::read(admin).await?;
    let json: Vec<Value> = rows.iter().map(|row| told(row, &names)).collect();
    let labels = [
        W::LABEL_FROM,
        W::LABEL_TO,
        W::LABEL_SHARED_BY,
        W::LABEL_WHEN,
        W::LABEL_BASIS,
        W::LABEL_KEPT_UNTIL,
        W::LABEL_STATUS,
        W::LABEL_ID,
    ];
    let mut table = vec![head(out, &labels)];
    table.extend(rows.iter().map(|row| {
        let until = row.until.map(|until| when::show(out.lang, until));
        vec![
            names.teams.get(&row.team).cloned().unwrap_or_default(),
            names.recipient(row.to),
            names.people.get(&row.by).cloned().unwrap_or_default(),
            when::show(out.lang, row.shared_at),
            row.basis.clone(),
            until.unwrap_or_default(),
            ending(row.ended, out),
            row.share.to_string(),
        ]
    }));
    print(out, &json!({"shares": json}), &table, W::NO_SHARES);
    Ok(())
}

fn ending(ended: Option<ShareEnd>, out: &Output) -> String {
    match ended {
        None => String::new(),
        Some(ShareEnd::Expired) => out.say(W::SHARE_ENDED_OVER, &[]),
        Some(ShareEnd::Withdrawn { at, .. }) => {
            let time = when::show(out.lang, at);
            out.say(W::SHARE_ENDED_WITHDRAWN, &[("time", &time)])
        }
    }
}

fn told(row: &ShareRow, names: &Names) -> Value {
    let to = match row.to {
        Recipient::Team(team) => json!({"team": names.team(team)}),
        Recipient::Practitioner(one) => json!({"practitioner": names.person(one)}),
    };
    let (state, withdrawn) = match row.ended {
        None => ("in_force", Value::Null),
        Some(ShareEnd::Expired) => ("expired", Value::Null),
        Some(ShareEnd::Withdrawn { by, at }) => (
            "withdrawn",
            json!({"by": by.map(|by| names.person(by)), "at": when::iso_local(at)}),
        ),
    };
    json!({
        "share": row.share,
        "opens": if row.one_document { "document" } else { "case" },
        "team": names.team(row.team),
        "to": to,
        "by": names.person(row.by),
        "shared_at": when::iso_local(row.shared_at),
        "basis": row.basis,
        "until": row.until.map(when::iso_local),
        "state": state,
        "withdrawn": withdrawn,
    })
}

async fn withdraw(
    admin: &Admin,
    args: &AdminShareWithdrawArgs,
    out: &Output,
) -> Result<(), Failure> {
    let share: ShareId = args.share.trim().parse().map_err(|_| {
        Failure::new(Exit::Input, "bad_id", W::BAD_ID)
            .with("what", out.say(W::ID_SHARE, &[]))
            .with("where", "samspor admin share list")
    })?;
    let withdrawn = admin.withdraw_share(share, &args.ground).await;
    let is_new = withdrawn.map_err(|error| administering(&error))?;
    let id = share.to_string();
    let words = match is_new {
        true => W::SHARE_WITHDRAWN,
        false => W::SHARE_HAD_ENDED,
    };
    out.result(
        &json!({"share": share, "withdrawn": is_new}),
        &out.say(words, &[("id", &id)]),
    );
    Ok(())
}
