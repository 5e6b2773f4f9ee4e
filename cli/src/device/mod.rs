//! `samspor device`: a whole device at the command line. Each command opens the store, does one thing, prints
//! it and closes the store.

mod additions;
mod agreements;
mod assignments;
mod author_error;
mod card;
mod cases;
mod choose;
mod circles;
mod closings;
mod complete;
mod conflicts;
mod contacts;
mod disclosures;
mod drafts;
mod due;
mod enrol;
mod error;
mod factors;
mod from_last;
mod growth;
mod heard;
mod incomplete;
pub mod key;
mod method;
mod names;
mod not_delivered;
mod outbox;
mod periods;
mod progress;
mod reading;
mod restrict;
mod search;
mod session;
mod shares;
mod sign;
mod status;
mod sync;
mod teams;
pub mod templates;
mod timeline;
mod visit_form;
mod watch;
mod ways_out;
mod who;
mod write;

use crate::{
    args::{
        contact::{ContactCommand, VisitCommand},
        device::{
            CaseCommand, CircleCommand, DeviceArgs, DeviceCommand, LearningCommand,
            NotDeliveredCommand,
        },
        share::ShareCommand,
    },
    exit::Exit,
    failure::Failure,
    output::Output,
    words::W,
};
pub use error::failure;
use samspor_client_core::handed_over;
use session::Session;

/// Runs one command.
///
/// # Errors
/// Each with its code and exit, as `docs/CLI.md` lists them.
pub async fn run(args: &DeviceArgs, out: &Output) -> Result<Exit, Failure> {
    if args.at.is_some() && !takes_time(&args.command) {
        return Err(Failure::new(Exit::Usage, "usage", W::USAGE_AT_UNUSED));
    }
    match &args.command {
        DeviceCommand::Templates(templates) => return templates::run(args, templates, out).await,
        DeviceCommand::Enrol(enrol) => return enrol::run(args, enrol, out).await,
        _ => {}
    }
    let folder = session::folder(args)?;
    if let Some(what) = handed_over(folder).map_err(failure)? {
        key::forget(folder);
        return match args.command {
            DeviceCommand::Status => Ok(status::erased(&what, out)),
            _ => Err(error::handed_over(what.items)),
        };
    }
    let session = Session::open(args, out).await?;
    let ended = dispatch(&args.command, &session).await;
    session.close().await;
    // A sync may have found that the device was revoked: the key goes with the store.
    if matches!(handed_over(folder), Ok(Some(_))) {
        key::forget(folder);
    }
    ended
}

/// Whether `--at` means something to a command.
const fn takes_time(command: &DeviceCommand) -> bool {
    matches!(
        command,
        DeviceCommand::Write(_)
            | DeviceCommand::Addendum(_)
            | DeviceCommand::Remark(_)
            | DeviceCommand::Draft(_)
            | DeviceCommand::Edit(_)
            | DeviceCommand::Case(CaseCommand::Open(_) | CaseCommand::Edit(_))
            | DeviceCommand::Contact(ContactCommand::Plan(_) | ContactCommand::Move(_))
            | DeviceCommand::Visit(_)
            | DeviceCommand::Due(_)
    )
}

async fn dispatch(command: &DeviceCommand, session: &Session<'_>) -> Result<Exit, Failure> {
    match command {
        DeviceCommand::Enrol(_) | DeviceCommand::Templates(_) => Ok(Exit::Done),
        DeviceCommand::Sync(args) => sync::run(session, args).await,
        DeviceCommand::Case(CaseCommand::Open(args)) => cases::open(session, args).await,
        DeviceCommand::Case(CaseCommand::List(args)) => cases::list(session, args).await,
        DeviceCommand::Case(CaseCommand::Show(args)) => card::show(session, args).await,
        DeviceCommand::Case(CaseCommand::Edit(args)) => card::edit(session, args.clone()).await,
        DeviceCommand::Case(CaseCommand::Assign(args)) => assignments::assign(session, args).await,
        DeviceCommand::Case(CaseCommand::Unassign(args)) => {
            assignments::unassign(session, args).await
        }
        DeviceCommand::Contact(command) => contacts::run(session, command).await,
        DeviceCommand::Visit(VisitCommand::Start(args)) => contacts::start(session, args).await,
        DeviceCommand::Visit(VisitCommand::Write(args)) => visit_form::write(session, args).await,
        DeviceCommand::Due(args) => due::run(session, args).await,
        DeviceCommand::Growth(args) => growth::run(session, args).await,
        DeviceCommand::Incomplete(args) => incomplete::run(session, args).await,
        DeviceCommand::Circle(command) => circle(command, session).await,
        DeviceCommand::Share(command) => share(command, session).await,
        DeviceCommand::Learning(LearningCommand::List) => closings::learning(session).await,
        DeviceCommand::Write(args) => write::write(session, args).await,
        DeviceCommand::Addendum(args) => additions::add(session, "addendum", args).await,
        DeviceCommand::Remark(args) => additions::add(session, "citizen_remark", args).await,
        DeviceCommand::Draft(args) => drafts::draft(session, args).await,
        DeviceCommand::Drafts(args) => drafts::list(session, args).await,
        DeviceCommand::Publish(args) => drafts::publish(session, args).await,
        DeviceCommand::Discard(args) => drafts::discard(session, args).await,
        DeviceCommand::Edit(args) => write::edit(session, args).await,
        DeviceCommand::Read(args) => reading::run(session, args).await,
        DeviceCommand::Who(args) => who::run(session, args).await,
        DeviceCommand::Search(args) => search::run(session, args).await,
        DeviceCommand::Timeline(args) => timeline::run(session, args).await,
        DeviceCommand::Progress(args) => progress::run(session, args).await,
        DeviceCommand::Factors(args) => factors::run(session, args).await,
        DeviceCommand::Agreements(args) => agreements::run(session, args).await,
        DeviceCommand::Heard(args) => heard::run(session, args).await,
        DeviceCommand::Conflicts => conflicts::run(session).await,
        DeviceCommand::Choose(args) => choose::run(session, args).await,
        DeviceCommand::Sign(args) => sign::run(session, args).await,
        DeviceCommand::Export(args) => sign::export(session, args).await,
        DeviceCommand::Restrict(args) => restrict::run(session, args).await,
        DeviceCommand::Status => status::run(session).await,
        DeviceCommand::Outbox => outbox::run(session).await,
        DeviceCommand::NotDelivered(NotDeliveredCommand::List) => {
            not_delivered::list(session).await
        }
        DeviceCommand::NotDelivered(NotDeliveredCommand::Retry(args)) => {
            not_delivered::retry(session, args).await
        }
        DeviceCommand::NotDelivered(NotDeliveredCommand::Discard(args)) => {
            ways_out::discard(session, args).await
        }
        DeviceCommand::NotDelivered(NotDeliveredCommand::Addendum(args)) => {
            ways_out::addendum(session, args).await
        }
        DeviceCommand::NotDelivered(NotDeliveredCommand::Draft(args)) => {
            ways_out::draft(session, args).await
        }
        DeviceCommand::NotDelivered(NotDeliveredCommand::Export(args)) => {
            not_delivered::export(session, args).await
        }
        DeviceCommand::Teams => teams::run(session).await,
    }
}

async fn share(command: &ShareCommand, session: &Session<'_>) -> Result<Exit, Failure> {
    match command {
        ShareCommand::Add(args) => shares::add(session, args).await,
        ShareCommand::Disclose(args) => disclosures::disclose(session, args).await,
        ShareCommand::Withdraw(args) => shares::withdraw(session, args).await,
        ShareCommand::List(args) => shares::list(session, args).await,
        ShareCommand::Received => shares::received(session).await,
    }
}

async fn circle(command: &CircleCommand, session: &Session<'_>) -> Result<Exit, Failure> {
    match command {
        CircleCommand::Open(args) => circles::open(session, args).await,
        CircleCommand::List => circles::list(session).await,
        CircleCommand::Show(args) => circles::show(session, args).await,
        CircleCommand::Join(args) => circles::join(session, args).await,
        CircleCommand::Leave(args) => circles::leave(session, args).await,
        CircleCommand::Close(args) => closings::close(session, args).await,
    }
}
