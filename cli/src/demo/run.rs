//! The command: plays the demo, has it checked, says what came of it, and goes on serving unless told to end.

use super::{
    args::DemoArgs,
    calendar::{Calendar, DAYS},
    checker::{self, ServerPlace, Verdict},
    content::Content,
    error::DemoError,
    journal::Journal,
    plan::Plan,
    relay::Relay,
    script::{self, Tally},
    world::{self, DeviceFolder, World},
};
use crate::{exit::Exit, failure::Failure, output::Output, shutdown, words::W};
use samspor_documents::id::PractitionerId;
use samspor_server::{RunningServer, admin::Admin};
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    time::Instant,
};

/// What came of one play.
pub struct Outcome {
    pub children: usize,
    pub entries: usize,
    pub devices: usize,
    pub tally: Tally,
    pub verdict: Verdict,
    pub seconds: f64,
}

/// What goes on after the play.
pub struct Serving {
    pub server: RunningServer,
    pub admin: Admin,
    pub coordinator: PractitionerId,
    pub devices: Vec<DeviceFolder>,
    /// The ways between devices and server: they stand as long as the server does.
    pub relays: Vec<Relay>,
}

/// How large a play is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub children: usize,
    pub entries: usize,
    pub seed: u64,
}

/// Runs the command.
///
/// # Errors
/// A folder or a port that cannot be used, and whatever stops a device or the server on the way.
pub async fn run(args: &DemoArgs, out: &Output) -> Result<Exit, Failure> {
    let stop = shutdown::asked()?;
    tokio::pin!(stop);
    let kept = tempfile_unless(args.data.as_deref()).map_err(|error| error.failure())?;
    let folder = kept.path();
    let size = Size {
        children: args.children as usize,
        entries: args.entries as usize,
        seed: args.seed,
    };
    out.note(
        W::DEMO_BEGINS,
        &[
            ("children", &size.children.to_string()),
            ("folder", &folder.display().to_string()),
        ],
    );
    let tell = |day: usize| {
        out.note(
            W::DEMO_DAY,
            &[("day", &day.to_string()), ("days", &DAYS.to_string())],
        )
    };
    let played = tokio::select! {
        played = play(folder, args.listen, size, tell) => played.map_err(|error| error.failure())?,
        () = &mut stop => {
            out.note(W::DEMO_STOPPED, &[]);
            return Ok(Exit::Other);
        }
    };
    let (outcome, serving) = played;
    let exit = tell_outcome(&outcome, out);
    if !args.once {
        tell_serving(&serving, out)
            .await
            .map_err(|error| error.failure())?;
        stop.await;
        out.note(W::SERVE_STOPPING, &[]);
    }
    let Serving {
        server,
        admin,
        relays,
        ..
    } = serving;
    drop(relays);
    admin.close().await;
    server.stop().await;
    if !args.once {
        out.note(W::SERVE_STOPPED, &[]);
    }
    Ok(exit)
}

/// The demo's folder: the one given, or one that goes when the demo ends.
enum Folder {
    Given(PathBuf),
    Temporary(tempfile::TempDir),
}

impl Folder {
    fn path(&self) -> &Path {
        match self {
            Self::Given(path) => path,
            Self::Temporary(folder) => folder.path(),
        }
    }
}

fn tempfile_unless(given: Option<&Path>) -> Result<Folder, DemoError> {
    if let Some(given) = given {
        return Ok(Folder::Given(
            std::path::absolute(given).unwrap_or_else(|_| given.to_owned()),
        ));
    }
    let made = tempfile::Builder::new().prefix("samspor-demo-").tempdir();
    made.map(Folder::Temporary)
        .map_err(DemoError::folder(&std::env::temp_dir()))
}

/// Plays the whole demo in a folder and has it checked. `tell` is called at the end of each day.
pub async fn play(
    folder: &Path,
    listen: std::net::SocketAddr,
    size: Size,
    tell: impl FnMut(usize),
) -> Result<(Outcome, Serving), DemoError> {
    let begun = Instant::now();
    let content = Content::read()?;
    let calendar = Calendar::before_now()?;
    let plan = Plan::make(&content, &calendar, size.children, size.entries, size.seed)?;
    let mut world = World::start(folder, listen, &content, &plan.devices, &calendar).await?;
    let tally = script::play(&mut world, &plan, tell).await?;
    let coordinator = world.coordinator()?;
    let devices = world.device_folders();
    let World {
        server,
        admin,
        workers,
        journal,
        ..
    } = world;
    let mut relays = Vec::with_capacity(workers.len());
    for worker in workers {
        worker.device.close().await;
        relays.push(worker.relay);
    }
    let serving = Serving {
        server,
        admin,
        coordinator,
        devices,
        relays,
    };
    let verdict = check(folder, &journal, &serving).await?;
    let outcome = Outcome {
        children: plan.children,
        entries: plan.entries,
        devices: serving.devices.len(),
        tally,
        verdict,
        seconds: begun.elapsed().as_secs_f64(),
    };
    Ok((outcome, serving))
}

/// Has everything checked that a journal names: the running server, and the devices' closed stores.
pub async fn check(
    folder: &Path,
    journal: &Journal,
    serving: &Serving,
) -> Result<Verdict, DemoError> {
    let url = serving.server.url().to_owned();
    let link = serving
        .admin
        .sign_in_link(serving.coordinator, &url)
        .await?;
    let certificate = world::certificate_file(folder);
    let certificate = std::fs::read(&certificate).map_err(DemoError::folder(&certificate))?;
    let place = ServerPlace {
        url,
        link,
        certificate,
    };
    Ok(checker::check(journal, &serving.devices, &place).await?)
}

fn tell_outcome(outcome: &Outcome, out: &Output) -> Exit {
    let Outcome {
        children,
        entries,
        devices,
        tally,
        verdict,
        seconds,
    } = outcome;
    let json = json!({
        "children": children,
        "entries": entries,
        "devices": devices,
        "operations_acknowledged": tally.acknowledged,
        "lost": verdict.lost,
        "diverged": verdict.diverged,
        "conflicts_shown": verdict.conflicts_shown,
        "seconds": (seconds * 10.0).round() / 10.0,
    });
    let number = |number: &dyn std::fmt::Display| number.to_string();
    let say = |words: W, places: &[(&str, String)]| {
        let places: Vec<(&str, &str)> = places
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        out.say(words, &places)
    };
    let lines = [
        say(
            W::DEMO_WROTE,
            &[
                ("children", number(children)),
                ("entries", number(entries)),
                ("devices", number(devices)),
            ],
        ),
        say(
            W::DEMO_SYNCED,
            &[
                ("operations", number(&tally.acknowledged)),
                ("failed", number(&tally.failed_syncs)),
                ("broken", number(&tally.broken_connections)),
            ],
        ),
        say(
            W::DEMO_CHECKED,
            &[
                ("lost", number(&verdict.lost)),
                ("diverged", number(&verdict.diverged)),
                ("conflicts", number(&verdict.conflicts_shown)),
                ("seconds", format!("{seconds:.0}")),
            ],
        ),
    ];
    out.result(&json, &lines.join("\n"));
    if verdict.lost == 0 && verdict.diverged == 0 {
        return Exit::Done;
    }
    let findings = verdict.findings.join("\n  ");
    let failure = Failure::new(Exit::Other, "demo_check", W::DEMO_FOUND).with("findings", findings);
    out.error(&failure);
    failure.exit
}

async fn tell_serving(serving: &Serving, out: &Output) -> Result<(), DemoError> {
    let url = serving.server.url();
    let link = serving.admin.sign_in_link(serving.coordinator, url).await?;
    // As it was called: from a build it is not on anybody's path.
    let program = std::env::args()
        .next()
        .unwrap_or_else(|| "samspor".to_owned());
    let device = serving
        .devices
        .last()
        .map(|device| device.folder.display().to_string())
        .unwrap_or_default();
    let server = serving
        .devices
        .last()
        .and_then(|device| device.folder.parent()?.parent().map(world::server_folder));
    let server = server
        .map(|folder| folder.display().to_string())
        .unwrap_or_default();
    let lines = [
        out.say(W::DEMO_PAGE, &[("url", url)]),
        out.say(W::DEMO_LINK, &[("link", &link)]),
        out.say(
            W::DEMO_NEW_LINK,
            &[("program", &program), ("folder", &server)],
        ),
        out.say(
            W::DEMO_DEVICE,
            &[("program", &program), ("folder", &device)],
        ),
        out.say(W::SERVE_STOP, &[]),
    ];
    out.result(
        &json!({"url": url, "sign_in_link": link}),
        &lines.join("\n"),
    );
    Ok(())
}
