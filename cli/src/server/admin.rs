//! `samspor admin`: works on the server's folder, also while the server runs. It reads no records, but what
//! a revoked device handed over, on a stated ground.

use super::{
    admin_caseloads as caseloads, admin_devices as devices,
    admin_lists::{self as lists, person, team},
    admin_schedule as schedule, admin_shares as shares, admin_templates as templates,
    admin_verify as verify,
    error::administering,
    quarantine, settings,
};
use crate::{
    args::admin::{
        AdminArgs, AdminCommand, AdminDeviceCommand, CodeArgs, LinkArgs, MembershipAddArgs,
        MembershipCommand, MembershipEndArgs, PractitionerAddArgs, PractitionerCommand, RevokeArgs,
        ScheduleCommand, TeamAddArgs, TeamCommand, TemplateCommand,
    },
    exit::Exit,
    failure::Failure,
    files::owner_only,
    output::Output,
    words::W,
};
use samspor_documents::id::DeviceId;
use samspor_protocol::fact::{Role, TeamKind};
use samspor_server::{admin::Admin, keys};
use serde_json::json;
use std::{
    io::{ErrorKind, Write as _},
    path::Path,
};

/// Does one thing.
///
/// # Errors
/// No server in the folder, no such team, person or device, a name that cannot stand.
pub async fn run(args: &AdminArgs, out: &Output) -> Result<Exit, Failure> {
    if let AdminCommand::Template(TemplateCommand::Check(check)) = &args.command
        && args.folder.is_none()
    {
        return templates::check(check, out);
    }
    if let AdminCommand::Schedule(ScheduleCommand::Check(check)) = &args.command
        && args.folder.is_none()
    {
        return schedule::check(check, out);
    }
    let flags: Vec<(&'static str, String)> = args
        .folder
        .iter()
        .map(|folder| ("folder", folder.display().to_string()))
        .collect();
    let folder = settings::read(args.settings.as_deref(), &flags)?.folder;
    if !folder.join(keys::FOLDER).is_dir() {
        let folder = folder.display().to_string();
        return Err(
            Failure::new(Exit::Folder, "no_server_folder", W::NO_SERVER_FOLDER)
                .with("folder", folder),
        );
    }
    let admin = Admin::open(&folder)
        .await
        .map_err(|error| administering(&error))?;
    let ended = dispatch(&admin, &args.command, out).await;
    admin.close().await;
    ended.map(|()| Exit::Done)
}

async fn dispatch(admin: &Admin, command: &AdminCommand, out: &Output) -> Result<(), Failure> {
    match command {
        AdminCommand::Team(TeamCommand::Add(args)) => add_team(admin, args, out).await,
        AdminCommand::Team(TeamCommand::List) => lists::teams(admin, out).await,
        AdminCommand::Team(TeamCommand::Caseload(args)) => caseloads::set(admin, args, out).await,
        AdminCommand::Assign(args) => caseloads::assign(admin, args, out).await,
        AdminCommand::Unassigned => caseloads::unassigned(admin, out).await,
        AdminCommand::Practitioner(PractitionerCommand::Add(args)) => {
            add_practitioner(admin, args, out).await
        }
        AdminCommand::Practitioner(PractitionerCommand::List) => {
            lists::practitioners(admin, out).await
        }
        AdminCommand::Membership(MembershipCommand::Add(args)) => {
            add_membership(admin, args, out).await
        }
        AdminCommand::Membership(MembershipCommand::End(args)) => {
            end_membership(admin, args, out).await
        }
        AdminCommand::Code(args) => code(admin, args, out).await,
        AdminCommand::Link(args) => link(admin, args, out).await,
        AdminCommand::Device(AdminDeviceCommand::List(args)) => {
            devices::list(admin, out, args.behind).await
        }
        AdminCommand::Device(AdminDeviceCommand::Revoke(args)) => revoke(admin, args, out).await,
        AdminCommand::Share(command) => shares::run(admin, command, out).await,
        AdminCommand::Verify(args) => verify::run(admin, args, out),
        AdminCommand::Quarantine(command) => quarantine::run(admin, command, out).await,
        AdminCommand::Template(command) => templates::run(admin, command, out).await,
        AdminCommand::Schedule(command) => schedule::run(admin, command, out).await,
    }
}

async fn add_team(admin: &Admin, args: &TeamAddArgs, out: &Output) -> Result<(), Failure> {
    let kind = TeamKind::of_code(&args.kind).ok_or_else(|| {
        let known: Vec<&str> = TeamKind::ALL.iter().map(|kind| kind.code()).collect();
        Failure::new(Exit::Input, "unknown_kind", W::UNKNOWN_KIND).with("known", known.join(", "))
    })?;
    let caseload = caseloads::caseload(&args.caseload)?;
    let team = admin
        .add_team(&args.name, kind)
        .await
        .map_err(|error| administering(&error))?;
    let set = admin.set_caseload(team, caseload).await;
    set.map_err(|error| administering(&error))?;
    let id = team.to_string();
    out.result(
        &json!({"team": team}),
        &out.say(W::TEAM_ADDED, &[("id", &id)]),
    );
    Ok(())
}

async fn add_practitioner(
    admin: &Admin,
    args: &PractitionerAddArgs,
    out: &Output,
) -> Result<(), Failure> {
    let added = admin.add_practitioner(&args.name, &args.title).await;
    let practitioner = added.map_err(|error| administering(&error))?;
    let id = practitioner.to_string();
    out.result(
        &json!({"practitioner": practitioner}),
        &out.say(W::PRACTITIONER_ADDED, &[("id", &id)]),
    );
    Ok(())
}

async fn add_membership(
    admin: &Admin,
    args: &MembershipAddArgs,
    out: &Output,
) -> Result<(), Failure> {
    let role = Role::of_code(&args.role).ok_or_else(|| {
        let known: Vec<&str> = Role::ALL.iter().map(|role| role.code()).collect();
        Failure::new(Exit::Input, "unknown_role", W::UNKNOWN_ROLE).with("known", known.join(", "))
    })?;
    let practitioner = person(admin, &args.practitioner).await?;
    let team = team(admin, &args.team).await?;
    let added = admin.add_membership(practitioner, team, role).await;
    added.map_err(|error| administering(&error))?;
    let json = json!({"practitioner": practitioner, "team": team, "role": role.code()});
    out.result(&json, &out.say(W::MEMBERSHIP_ADDED, &[]));
    Ok(())
}

async fn end_membership(
    admin: &Admin,
    args: &MembershipEndArgs,
    out: &Output,
) -> Result<(), Failure> {
    let practitioner = person(admin, &args.practitioner).await?;
    let team = team(admin, &args.team).await?;
    let ended = admin.end_membership(practitioner, team).await;
    ended.map_err(|error| administering(&error))?;
    let json = json!({"practitioner": practitioner, "team": team, "ended": true});
    out.result(&json, &out.say(W::MEMBERSHIP_ENDED, &[]));
    Ok(())
}

async fn address(admin: &Admin, given: Option<&str>) -> Result<String, Failure> {
    match given {
        Some(url) => Ok(url.to_owned()),
        None => admin
            .server_url()
            .await
            .map_err(|error| administering(&error)),
    }
}

async fn code(admin: &Admin, args: &CodeArgs, out: &Output) -> Result<(), Failure> {
    let practitioner = person(admin, &args.practitioner).await?;
    let server = address(admin, args.server.as_deref()).await?;
    let made = admin.enrolment_code(practitioner, &server).await;
    let code = made.map_err(|error| administering(&error))?;
    let Some(file) = &args.out else {
        out.result(&json!({"code": code, "server": server}), &code);
        out.note(W::CODE_HOLDS, &[]);
        return Ok(());
    };
    keep(file, &code)?;
    let file = file.display().to_string();
    out.result(
        &json!({"file": file, "server": server}),
        &out.say(W::CODE_KEPT, &[("file", &file)]),
    );
    Ok(())
}

fn keep(file: &Path, code: &str) -> Result<(), Failure> {
    let written = owner_only(&mut std::fs::OpenOptions::new())
        .write(true)
        .create_new(true)
        .open(file)
        .and_then(|mut made| writeln!(made, "{code}").and_then(|()| made.sync_all()));
    written.map_err(|error| {
        match error.kind() {
            ErrorKind::AlreadyExists => Failure::new(Exit::Folder, "file_exists", W::FILE_EXISTS),
            _ => Failure::new(Exit::Folder, "file_unwritable", W::FILE_UNWRITABLE),
        }
        .with("file", file.display().to_string())
    })
}

async fn link(admin: &Admin, args: &LinkArgs, out: &Output) -> Result<(), Failure> {
    let practitioner = person(admin, &args.practitioner).await?;
    let server = address(admin, args.server.as_deref()).await?;
    let made = admin.sign_in_link(practitioner, &server).await;
    let link = made.map_err(|error| administering(&error))?;
    out.result(&json!({"link": link}), &link);
    out.note(W::LINK_HOLDS, &[]);
    Ok(())
}

async fn revoke(admin: &Admin, args: &RevokeArgs, out: &Output) -> Result<(), Failure> {
    let device: DeviceId = args.device.trim().parse().map_err(|_| {
        Failure::new(Exit::Input, "bad_id", W::BAD_ID)
            .with("what", out.say(W::ID_DEVICE, &[]))
            .with("where", "samspor admin device list")
    })?;
    admin
        .revoke_device(device)
        .await
        .map_err(|error| administering(&error))?;
    out.result(
        &json!({"device": device, "revoked": true}),
        &out.say(W::REVOKED_NOW, &[]),
    );
    Ok(())
}
