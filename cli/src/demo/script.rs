//! Carries the plan out: day by day the devices work offline, and in the evenings they sync over connections that
//! break. What succeeds goes into the journal.

use super::{
    calendar::DAYS,
    error::DemoError,
    journal::{Place, What},
    plan::{Act, Deed, Evening, Plan, PlannedField, Target, Typed},
    signing,
    typing::{Typing, on_screen},
    world::{Worker, World},
};
use samspor_client_core::{CaseFilter, Device, DeviceError, SyncOptions, SyncReport};
use samspor_documents::{
    id::{DocumentId, SpaceId},
    reading::Reading,
    template::{Template, Templates},
    time::Moment,
};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use uuid::Uuid;

/// Rounds of syncing after which devices must agree when nobody writes.
const ROUNDS_MAX: usize = 40;

/// How long a device may take to hear of its owner's teams.
const HEARD_WITHIN: Duration = Duration::from_secs(60);

/// What happened on the way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Operations that left an outbox because the server acknowledged them.
    pub acknowledged: u64,
    /// Syncs that failed because the connection broke or there was no cover.
    pub failed_syncs: u64,
    /// Connections that broke with work on them.
    pub broken_connections: u64,
}

/// Carries out the whole plan; `tell` is called as each evening is over, with the number of days that are.
pub async fn play(
    world: &mut World,
    plan: &Plan,
    mut tell: impl FnMut(usize),
) -> Result<Tally, DemoError> {
    let mut tally = Tally::default();
    world.cases = vec![None; plan.cases.len()];
    know_their_teams(world).await?;
    for act in plan.acts_of(None) {
        perform(world, plan, act).await?;
    }
    agree(world, &mut tally).await?;
    for day in 0..DAYS {
        for act in plan.acts_of(Some(day)) {
            perform(world, plan, act).await?;
        }
        let Some(evening) = plan.evenings.get(day) else {
            continue;
        };
        no_cover(world, evening, &mut tally).await?;
        broken_syncs(world, evening, &mut tally).await?;
        if evening.common {
            agree(world, &mut tally).await?;
        }
        tell(day + 1);
    }
    signing::sign(world, plan).await?;
    agree(world, &mut tally).await?;
    tally.broken_connections = world
        .workers
        .iter()
        .map(|worker| worker.relay.broken())
        .sum();
    Ok(tally)
}

async fn perform(world: &mut World, plan: &Plan, act: &Act) -> Result<(), DemoError> {
    let worker = world
        .workers
        .get(act.device)
        .ok_or(DemoError::Plan("an act on no device"))?;
    worker.clock.set(act.at);
    match &act.deed {
        Deed::Open { case } => open(world, plan, act, *case).await,
        Deed::Write {
            document,
            case,
            template,
            occurred_at,
            fields,
        } => {
            let subject = case_of(world, *case)?;
            // What has nothing but a sentence in it is dated by the clock alone.
            let dated = (fields.len() > 1).then_some(*occurred_at);
            let (id, typings) = write(world, act, subject, template, fields, dated).await?;
            world.documents.insert(*document, id);
            let team = plan.cases.get(*case).map(|case| case.team);
            let what = document_line(world, id, team, Some(subject), template)?;
            note(world, act, what)?;
            note_new(world, act, id, typings)?;
            dated.map_or(Ok(()), |moment| note(world, act, occurred(id, moment)))
        }
        Deed::Reflect {
            document,
            team,
            fields,
        } => {
            let circle = world
                .teams
                .get(*team)
                .ok_or(DemoError::Plan("a reflection of no team"))?
                .circle();
            let (id, typings) = write(world, act, circle, "team_reflection", fields, None).await?;
            world.documents.insert(*document, id);
            let what = document_line(world, id, Some(*team), None, "team_reflection")?;
            note(world, act, what)?;
            note_new(world, act, id, typings)
        }
        Deed::Add {
            target,
            field,
            spot,
            text,
        } => {
            let (id, reading) = screen(world, act, *target).await?;
            let typing = Typing::paragraph(&reading, field, *spot, text);
            edit(world, act, id, &reading, typing).await
        }
        Deed::Type { target, field } => {
            let (id, reading) = screen(world, act, *target).await?;
            let typing = Typing::first(
                template_of(&reading.template)?,
                field,
                &|case| known_case(world, case),
                make_item()?,
            )?;
            edit(world, act, id, &reading, typing).await
        }
        Deed::Choose { target, field } => {
            let (id, reading) = screen(world, act, *target).await?;
            let typing = Typing::choice(template_of(&reading.template)?, field, &|case| {
                known_case(world, case)
            })?;
            edit(world, act, id, &reading, typing).await
        }
    }
}

async fn open(world: &mut World, plan: &Plan, act: &Act, case: usize) -> Result<(), DemoError> {
    let planned = plan
        .cases
        .get(case)
        .ok_or(DemoError::Plan("a case of no number"))?;
    let team = *world
        .teams
        .get(planned.team)
        .ok_or(DemoError::Plan("a case of no team"))?;
    let typings = typings(world, "card", &planned.fields)?;
    let edits = typings.iter().map(|typing| typing.edit.clone()).collect();
    let device = &world
        .workers
        .get(act.device)
        .ok_or(DemoError::Plan("an act on no device"))?
        .device;
    let space = device.open_case(team, edits).await?;
    let card = card_of(device, space, &planned.fields).await?;
    if let Some(place) = world.cases.get_mut(case) {
        *place = Some(space);
    }
    let what = document_line(world, card, Some(planned.team), Some(space), "card")?;
    note(world, act, what)?;
    note(
        world,
        act,
        What::Citizen {
            case: space,
            citizen: planned.citizen,
        },
    )?;
    note_new(world, act, card, typings)
}

/// The document of a case's card, found as a person finds it: by name in the list.
async fn card_of(
    device: &Device,
    case: SpaceId,
    fields: &[PlannedField],
) -> Result<DocumentId, DemoError> {
    let name = fields
        .iter()
        .find(|field| field.field == "name")
        .map(|field| &field.typed);
    let name = if let Some(Typed::Said(name)) = name {
        Some(name.clone())
    } else {
        None
    };
    let rows = device
        .cases(CaseFilter {
            name,
            closed: true,
            ..CaseFilter::default()
        })
        .await?;
    let card = rows
        .iter()
        .find(|row| row.case == case)
        .and_then(|row| row.card);
    card.ok_or(DemoError::Plan("a case without a card"))
}

async fn write(
    world: &World,
    act: &Act,
    subject: SpaceId,
    template: &str,
    fields: &[PlannedField],
    occurred_at: Option<Moment>,
) -> Result<(DocumentId, Vec<Typing>), DemoError> {
    let typings = typings(world, template, fields)?;
    let edits = typings.iter().map(|typing| typing.edit.clone()).collect();
    let worker = world
        .workers
        .get(act.device)
        .ok_or(DemoError::Plan("an act on no device"))?;
    let id = worker
        .device
        .write(subject, template, edits, occurred_at)
        .await?;
    Ok((id, typings))
}

/// Edits a document whose reading was on the screen, and notes what was typed and what was seen.
async fn edit(
    world: &mut World,
    act: &Act,
    id: DocumentId,
    reading: &Reading,
    typing: Typing,
) -> Result<(), DemoError> {
    let worker = world
        .workers
        .get(act.device)
        .ok_or(DemoError::Plan("an act on no device"))?;
    worker
        .device
        .edit(id, std::slice::from_ref(&typing.edit))
        .await?;
    let journal = &world.journal;
    let saw = |place: &Place| journal.lines_of(place, &on_screen(reading, place));
    let notes = typing.notes(id, saw);
    notes
        .into_iter()
        .try_for_each(|what| note(world, act, what))
}

/// The document an act is about, as its device shows it now.
async fn screen(
    world: &World,
    act: &Act,
    target: Target,
) -> Result<(DocumentId, Reading), DemoError> {
    let device = &world
        .workers
        .get(act.device)
        .ok_or(DemoError::Plan("an act on no device"))?
        .device;
    let id = match target {
        Target::Document(number) => world
            .documents
            .get(&number)
            .copied()
            .ok_or(DemoError::Plan("an edit of nothing"))?,
        Target::Card(case) => card_of(device, case_of(world, case)?, &[]).await?,
    };
    Ok((id, device.read(id).await?))
}

fn typings(
    world: &World,
    template: &str,
    fields: &[PlannedField],
) -> Result<Vec<Typing>, DemoError> {
    let template = template_of(template)?;
    let cases = |case| known_case(world, case);
    fields
        .iter()
        .map(|field| Ok(Typing::first(template, field, &cases, make_item()?)?))
        .collect()
}

fn template_of(name: &str) -> Result<&'static Template, DemoError> {
    Templates::built_in()
        .latest(name)
        .ok_or(DemoError::Plan("a template that is not there"))
}

fn known_case(world: &World, case: usize) -> Option<SpaceId> {
    world.cases.get(case).copied().flatten()
}

fn case_of(world: &World, case: usize) -> Result<SpaceId, DemoError> {
    known_case(world, case).ok_or(DemoError::Plan("a case that was not opened"))
}

fn make_item() -> Result<Uuid, DemoError> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|source| DeviceError::Randomness { source })?;
    Ok(uuid::Builder::from_random_bytes(random).into_uuid())
}

fn occurred(document: DocumentId, moment: Moment) -> What {
    let field = samspor_documents::template::OCCURRED_AT.to_owned();
    let place = Place {
        document,
        field,
        item: None,
    };
    What::Value {
        place,
        value: samspor_documents::value::Value::Moment(moment),
        saw: Vec::new(),
    }
}

fn document_line(
    world: &World,
    document: DocumentId,
    team: Option<usize>,
    case: Option<SpaceId>,
    template: &str,
) -> Result<What, DemoError> {
    let team = team
        .and_then(|team| world.teams.get(team))
        .ok_or(DemoError::Plan("a document of no team"))?;
    Ok(What::Document {
        document,
        team: *team,
        case,
        template: template.to_owned(),
    })
}

fn note(world: &mut World, act: &Act, what: What) -> Result<(), DemoError> {
    let by = world
        .workers
        .get(act.device)
        .map(|worker| worker.practitioner);
    Ok(world.journal.note(by, act.at.at, what)?)
}

fn note_new(
    world: &mut World,
    act: &Act,
    id: DocumentId,
    typings: Vec<Typing>,
) -> Result<(), DemoError> {
    let notes = typings
        .into_iter()
        .flat_map(|typing| typing.notes(id, |_| Vec::new()));
    notes
        .collect::<Vec<_>>()
        .into_iter()
        .try_for_each(|what| note(world, act, what))
}

/// One try each, with no retries of its own.
const ONE_TRY: SyncOptions = SyncOptions {
    budget: None,
    retries_max: 0,
    finish_index: true,
};

/// Those who stay out this evening try in vain: there is no cover where they are.
async fn no_cover(world: &World, evening: &Evening, tally: &mut Tally) -> Result<(), DemoError> {
    for (number, worker) in world.workers.iter().enumerate() {
        if evening.syncs.iter().any(|(device, _)| *device == number) {
            continue;
        }
        worker.relay.set_cover(false);
        let tried = worker.device.sync(ONE_TRY).await;
        worker.relay.set_cover(true);
        match tried {
            Err(error) if is_lost_connection(&error) => tally.failed_syncs += 1,
            Err(error) => return Err(error.into()),
            Ok(_) => return Err(DemoError::Plan("a sync without cover that succeeded")),
        }
    }
    Ok(())
}

/// The others sync at once, over connections that break on the way, then over whole ones.
async fn broken_syncs(
    world: &World,
    evening: &Evening,
    tally: &mut Tally,
) -> Result<(), DemoError> {
    let mut before = 0;
    let mut broken = JoinSet::new();
    for (number, breaks_after) in &evening.syncs {
        let Some(worker) = world.workers.get(*number) else {
            continue;
        };
        before += worker.device.status().await?.waiting;
        worker.relay.break_next_after(*breaks_after);
        let device = worker.device.clone();
        broken.spawn(async move { device.sync(ONE_TRY).await });
    }
    for tried in broken.join_all().await {
        match tried {
            Ok(_) => {}
            Err(error) if is_lost_connection(&error) => tally.failed_syncs += 1,
            Err(error) => return Err(error.into()),
        }
    }
    let workers: Vec<&Worker> = evening
        .syncs
        .iter()
        .filter_map(|(number, _)| world.workers.get(*number))
        .collect();
    sync_all(&workers).await?;
    tally.acknowledged += before;
    for worker in workers {
        tally.acknowledged -= worker.device.status().await?.waiting;
    }
    Ok(())
}

const fn is_lost_connection(error: &DeviceError) -> bool {
    matches!(error, DeviceError::Unreachable { .. })
}

async fn sync_all(workers: &[&Worker]) -> Result<Vec<SyncReport>, DemoError> {
    let mut syncs = JoinSet::new();
    for worker in workers {
        let device = worker.device.clone();
        syncs.spawn(async move { device.sync(SyncOptions::default()).await });
    }
    let mut reports = Vec::with_capacity(workers.len());
    for report in syncs.join_all().await {
        reports.push(report?);
    }
    for worker in workers {
        if worker.device.status().await?.not_delivered > 0 {
            return Err(DemoError::NotDelivered {
                device: worker.name.clone(),
            });
        }
    }
    Ok(reports)
}

/// Syncs everybody until every device has heard which teams its owner is in. The server notices within a quarter of
/// a second what the administration has said.
async fn know_their_teams(world: &World) -> Result<(), DemoError> {
    let begun = Instant::now();
    let workers: Vec<&Worker> = world.workers.iter().collect();
    while begun.elapsed() < HEARD_WITHIN {
        sync_all(&workers).await?;
        let mut all = true;
        for worker in &workers {
            let teams = worker.device.teams().await?;
            let mine = teams.iter().filter(|team| team.role.is_some());
            all &= mine.count() == worker.teams.len();
        }
        if all {
            return Ok(());
        }
    }
    Err(DemoError::Plan("devices that never hear of their teams"))
}

/// Syncs everybody until nobody has anything to send or to hear.
async fn agree(world: &World, tally: &mut Tally) -> Result<(), DemoError> {
    let workers: Vec<&Worker> = world.workers.iter().collect();
    for worker in &workers {
        tally.acknowledged += worker.device.status().await?.waiting;
    }
    for _ in 0..ROUNDS_MAX {
        let reports = sync_all(&workers).await?;
        let quiet = |report: &SyncReport| {
            report.in_sync && report.all_sent && report.pushed == 0 && report.received == 0
        };
        if reports.iter().all(quiet) {
            return Ok(());
        }
    }
    Err(DemoError::NeverInSync { rounds: ROUNDS_MAX })
}
