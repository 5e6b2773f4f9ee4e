//! What is wrong with the machine: a port that is taken, a folder that cannot be written, a disk that is full.

use crate::Visit;
use anyhow::{Context as _, Result, ensure};
use samspor_documents::id::TeamId;
use samspor_protocol::fact::TeamKind;
use samspor_server::Server;
use samspor_tests::{
    narrow::Narrow,
    person::Person,
    program::{self, Ended, Program},
    world::{World, listening},
};
use std::path::Path;
use tokio::process::Command;

/// Runs `samspor` to its end.
async fn samspor(mut command: Command, arguments: &[&str]) -> Result<Ended> {
    command.args(arguments);
    Program::start(command)?.end().await
}

/// It ended with an error that says each of these.
fn says(ended: &Ended, parts: &[&str]) -> Result<()> {
    ensure!(ended.code.is_some_and(|code| code != 0), "{ended:?}");
    let said = format!("{} {}", ended.output.join(" "), ended.errors);
    for part in parts {
        ensure!(said.contains(part), "it does not say {part:?}: {said}");
    }
    ensure!(!said.contains("panicked"), "{said}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_named_with_what_to_do() {
    let visit = Visit::begin().await.unwrap();
    let mut settings = visit.world.settings();
    settings.folder = visit.world.folder().join("another");
    settings.listen = visit.world.address();
    let error = Server::start(settings).await.err().unwrap().to_string();
    let port = visit.world.address().port().to_string();
    assert!(error.contains(&port) && error.contains("taken"), "{error}");

    let command = Command::new(program::built("samspor").unwrap());
    let folder = visit.world.folder().join("a third");
    let address = visit.world.address().to_string();
    let arguments = [
        "--lang",
        "en",
        "serve",
        "--listen",
        &address,
        "--folder",
        folder.to_str().unwrap(),
    ];
    let ended = samspor(command, &arguments).await.unwrap();
    says(&ended, &[&port, "taken", "choose another"]).unwrap();
    visit.others_are_served().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_another_server_runs_on_is_refused() {
    let visit = Visit::begin().await.unwrap();
    let error = Server::start(visit.world.settings())
        .await
        .err()
        .unwrap()
        .to_string();
    assert!(error.contains("another server"), "{error}");
    visit.others_are_served().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_on_a_read_only_folder_says_so_and_leaves_it_as_it_was() {
    let narrow = Narrow::mount(64 * 1024).await.unwrap();
    let folder = narrow.folder().join("server");
    let arguments = [
        "--lang",
        "en",
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--folder",
        folder.to_str().unwrap(),
    ];
    narrow.read_only(true).await.unwrap();
    let program = program::built("samspor").unwrap();
    let ended = samspor(narrow.command(&program), &arguments).await.unwrap();
    says(&ended, &["server", "writ"]).unwrap();
    narrow.read_only(false).await.unwrap();
    let mut json = arguments.to_vec();
    json.insert(0, "--json");
    let mut command = narrow.command(&program);
    command.args(&json);
    let mut server = Program::start(command).unwrap();
    listening(&mut server).await.unwrap();
    server.interrupt().await.unwrap();
    assert_eq!(server.end().await.unwrap().code, Some(0));
    narrow.read_only(true).await.unwrap();
    let ended = samspor(narrow.command(&program), &arguments).await.unwrap();
    says(&ended, &["writ"]).unwrap();
}

/// A device at the command line, on a narrow disk.
struct Pocket<'a> {
    narrow: &'a Narrow,
    folder: String,
}

impl<'a> Pocket<'a> {
    async fn enrol(narrow: &'a Narrow, code: &str) -> Result<Self> {
        let folder = narrow.folder().join("device").display().to_string();
        let pocket = Self { narrow, folder };
        pocket.works(&["enrol", code]).await?;
        samspor_tests::wait::until("the device to hear of its team", async || {
            pocket.works(&["sync"]).await?;
            Ok(pocket
                .works(&["teams"])
                .await?
                .contains("Sundhedsplejen Nord"))
        })
        .await?;
        Ok(pocket)
    }

    async fn run(&self, arguments: &[&str]) -> Result<Ended> {
        let program = program::built("samspor")?;
        let mut all = vec!["--lang", "en", "--json", "device", "--folder", &self.folder];
        all.extend(arguments);
        samspor(self.narrow.command(&program), &all).await
    }

    async fn outbox(&self) -> Result<String> {
        let ended = self.run(&["outbox"]).await?;
        ensure!(ended.code == Some(0), "{ended:?}");
        Ok(ended.output.join("\n"))
    }

    async fn works(&self, arguments: &[&str]) -> Result<String> {
        let ended = self.run(arguments).await?;
        ensure!(ended.code == Some(0), "{arguments:?}: {ended:?}");
        Ok(ended.output.join("\n"))
    }
}

/// A practitioner's code in a world with one team, and that team's name.
async fn world_with_code() -> Result<(World, String)> {
    let world = World::begin().await?;
    let team = world
        .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
        .await?;
    let anna = world.practitioner("Anna Holm", &[team]).await?;
    let code = world.code(anna).await?;
    Ok((world, code))
}

const OPEN: &[&str] = &[
    "case",
    "open",
    "--team",
    "Sundhedsplejen Nord",
    "--set",
    "name=Freja Lund",
];

/// The id of the case that was opened.
fn case_in(output: &str) -> Result<String> {
    let json: serde_json::Value =
        serde_json::from_str(output).with_context(|| output.to_owned())?;
    let case = json.get("case").and_then(|case| case.as_str());
    Ok(case.with_context(|| output.to_owned())?.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_in_a_read_only_folder_says_so_and_keeps_what_it_had() {
    let narrow = Narrow::mount(16 * 1024).await.unwrap();
    let (_world, code) = world_with_code().await.unwrap();
    let pocket = Pocket::enrol(&narrow, &code).await.unwrap();
    let case = case_in(&pocket.works(OPEN).await.unwrap()).unwrap();
    let write = [
        "--offline",
        "write",
        "note",
        "--case",
        &case,
        "--text",
        "text=Freja sover godt",
    ];
    pocket.works(&write).await.unwrap();
    let before = pocket.outbox().await.unwrap();
    narrow.read_only(true).await.unwrap();
    let ended = pocket.run(&write).await.unwrap();
    says(&ended, &["write"]).unwrap();
    narrow.read_only(false).await.unwrap();
    assert_eq!(pocket.outbox().await.unwrap(), before);
    pocket.works(&["sync"]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_on_a_full_disk_refuses_the_next_note_and_keeps_every_earlier_one() {
    let narrow = Narrow::mount(8 * 1024).await.unwrap();
    let (_world, code) = world_with_code().await.unwrap();
    let pocket = Pocket::enrol(&narrow, &code).await.unwrap();
    let case = case_in(&pocket.works(OPEN).await.unwrap()).unwrap();
    let write = [
        "--offline",
        "write",
        "note",
        "--case",
        &case,
        "--text",
        "text=Freja sover godt",
    ];
    pocket.works(&write).await.unwrap();
    let before = pocket.outbox().await.unwrap();
    narrow.fill().await.unwrap();
    let ended = pocket.run(&write).await.unwrap();
    says(&ended, &["disk is full"]).unwrap();
    narrow.free().await.unwrap();
    assert_eq!(pocket.outbox().await.unwrap(), before);
    pocket.works(&write).await.unwrap();
    pocket.works(&["sync"]).await.unwrap();
}

/// A server process on a narrow disk, behind a world's relay, and one device of a team in it.
struct Narrowly {
    narrow: Narrow,
    world: World,
    server: Program,
    anna: Person,
    team: TeamId,
}

/// One `samspor admin` command on the folder; the value it names so.
async fn admin(narrow: &Narrow, folder: &Path, arguments: &[&str], name: &str) -> Result<String> {
    let mut command = narrow.command(&program::built("samspor")?);
    command.args(["--json", "admin", "--folder"]).arg(folder);
    let ended = samspor(command, arguments).await?;
    ensure!(ended.code == Some(0), "{ended:?}");
    let json: serde_json::Value = serde_json::from_str(&ended.output.join("\n"))?;
    let value = json.get(name).and_then(|value| value.as_str());
    Ok(value.with_context(|| format!("{json}"))?.to_owned())
}

impl Narrowly {
    async fn begin(kibibytes: u32) -> Result<Self> {
        let narrow = Narrow::mount(kibibytes).await?;
        let world = World::begin_without_server().await?;
        let folder = narrow.folder().join("server");
        let mut command = narrow.command(&program::built("samspor")?);
        command.args(["--json", "serve", "--listen", "127.0.0.1:0"]);
        command
            .args(["--url", &world.url(), "--folder"])
            .arg(&folder);
        let mut server = Program::start(command)?;
        world.relay.lead_to(listening(&mut server).await?);
        let team = ["team", "add", "Nord", "--kind", "health_visiting"];
        let team = admin(&narrow, &folder, &team, "team").await?;
        let anna = ["practitioner", "add", "Anna Holm"];
        let anna = admin(&narrow, &folder, &anna, "practitioner").await?;
        admin(
            &narrow,
            &folder,
            &["membership", "add", &anna, &team],
            "team",
        )
        .await?;
        let code = ["code", &anna, "--server", &world.url()];
        let code = admin(&narrow, &folder, &code, "code").await?;
        let anna = world.enrolled(&code).await?;
        let team = team.parse()?;
        anna.until_member_of(&[team]).await?;
        Ok(Self {
            narrow,
            world,
            server,
            anna,
            team,
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_on_a_full_disk_acknowledges_nothing_and_takes_everything_once_there_is_room() {
    let begun = Narrowly::begin(24 * 1024).await.unwrap();
    let anna = &begun.anna;
    let case = anna
        .open_named_case(begun.team, "Freja Lund")
        .await
        .unwrap();
    anna.sync().await.unwrap();
    begun.narrow.fill().await.unwrap();
    for number in 0..30 {
        let text = format!("note {number} {}", "sover godt ".repeat(1_800));
        anna.note(case, &text).await.unwrap();
    }
    for _ in 0..3 {
        let sync = anna.try_sync().await;
        assert!(
            !sync.is_ok_and(|report| report.all_sent),
            "a server without room took it all"
        );
    }
    let refused = anna.not_delivered().await.unwrap();
    assert!(refused.is_empty(), "want of room is no refusal");
    assert!(!anna.outbox().await.unwrap().is_empty());
    begun.narrow.free().await.unwrap();
    samspor_tests::wait::until("the server to take it", async || {
        let sync = anna.try_sync().await;
        Ok(sync.is_ok_and(|report| report.all_sent && report.in_sync))
    })
    .await
    .unwrap();
    begun.server.interrupt().await.unwrap();
    assert_eq!(begun.server.end().await.unwrap().code, Some(0));
    drop(begun.world);
}
