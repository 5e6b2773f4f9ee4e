//! A nine-year-old with a psychologist and a family adviser: plan, network meetings, agreements that are carried over, a
//! decision before which the child is heard; each told over time, at the command line, with no network.

#![allow(
    clippy::indexing_slicing,
    reason = "what a story sets up by name or number is there"
)]

use anyhow::{Context as _, Result, ensure};
use samspor_client_core::{Clock as _, SystemClock};
use samspor_documents::time::Moment;
use samspor_protocol::fact::TeamKind;
use samspor_tests::{
    program::{Program, built},
    world::World,
};
use serde_json::Value;
use std::path::PathBuf;
use tokio::process::Command;

/// A whole device at the command line.
struct Desk {
    folder: PathBuf,
}

impl Desk {
    async fn enrol(world: &World, name: &str, team: &str, kind: TeamKind) -> Result<Self> {
        let team = world.team(team, kind).await?;
        let practitioner = world.practitioner(name, &[team]).await?;
        let admin = world.admin().await?;
        let code = admin.enrolment_code(practitioner, &world.url()).await?;
        admin.close().await;
        let desk = Self {
            folder: world.folder().join(practitioner.to_string()),
        };
        desk.json(&["enrol", &code]).await?;
        desk.sync().await?;
        Ok(desk)
    }

    async fn run(&self, options: &[&str], args: &[&str]) -> Result<String> {
        let mut command = Command::new(built("samspor")?);
        command.args(options).args(["device", "--folder"]);
        command.arg(&self.folder).args(args);
        let ended = Program::start(command)?.end().await?;
        ensure!(ended.code == Some(0), "{args:?}: {ended:?}");
        Ok(ended.output.join("\n"))
    }

    async fn json(&self, args: &[&str]) -> Result<Value> {
        Ok(serde_json::from_str(&self.run(&["--json"], args).await?)?)
    }

    /// What people read in a language.
    async fn told(&self, lang: &str, args: &[&str]) -> Result<String> {
        self.run(&["--lang", lang], args).await
    }

    async fn sync(&self) -> Result<()> {
        self.json(&["sync"]).await?;
        Ok(())
    }

    /// Writes without cover, some days ago.
    async fn write(&self, template: &str, case: &str, days: i64, more: &[&str]) -> Result<String> {
        let at = format!("{}T12:00", day(days));
        let begin = ["write", template, "--case", case, "--at", &at, "--offline"];
        id(&self.json(&[&begin[..], more].concat()).await?, "document")
    }

    /// The id of the item of a list of which a field says this.
    async fn item(&self, document: &str, list: &str, says: &str) -> Result<String> {
        let read = self.json(&["read", document]).await?;
        let fields = read["fields"].as_array().context("fields")?;
        let list = fields.iter().find(|one| one["name"] == list);
        let items = list.and_then(|list| list["items"].as_array());
        let item = items.context("items")?.iter().find(|item| {
            let fields = item["fields"].as_array().into_iter().flatten();
            fields.clone().any(|one| one["value"]["display"] == says)
        });
        id(item.context("the item")?, "id")
    }

    async fn card(&self, team: &str, born: &str) -> Result<String> {
        let born = format!("birth_date={born}");
        let card = ["case", "open", "--team", team, "--set", "name=Emma Lund"];
        let more = ["--set", "cpr=140317-4000", "--set", &born];
        id(&self.json(&[&card[..], &more[..]].concat()).await?, "case")
    }

    async fn share(&self, case: &str, team: &str) -> Result<String> {
        let why = [
            "--purpose",
            "Fælles plan",
            "--basis",
            "samtykke",
            "--consent",
            "mor",
        ];
        let share = [&["share", "add", case, "--team", team], &why[..]].concat();
        id(&self.json(&share).await?, "share")
    }
}

fn id(value: &Value, name: &str) -> Result<String> {
    let id = value[name].as_str();
    Ok(id.with_context(|| format!("{name} in {value}"))?.to_owned())
}

/// The day so many days ago.
fn day(days: i64) -> String {
    let now = SystemClock.moment();
    let at = now.at.plus(-days * 24 * 60 * 60 * 1000);
    let day = Moment { at, ..now }.day();
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// Peter of PPR and Rikke, a family adviser; each has a case of Emma and shares it with the other.
struct Emma {
    _world: World,
    peter: Desk,
    rikke: Desk,
    ppr: String,
    family: String,
    /// Peter's share with Rikke's team.
    share: String,
}

async fn begin() -> Result<Emma> {
    let world = World::begin().await?;
    let peter = Desk::enrol(&world, "Peter Bæk", "PPR", TeamKind::Ppr).await?;
    let kind = TeamKind::FamilyCounselling;
    let rikke = Desk::enrol(&world, "Rikke Friis", "Familierådgivning", kind).await?;
    peter.sync().await?;
    let ppr = peter.card("PPR", "14.03.2017").await?;
    let family = rikke.card("Familierådgivning", "04.03.2017").await?;
    let share = peter.share(&ppr, "Familierådgivning").await?;
    rikke.share(&family, "PPR").await?;
    peter.sync().await?;
    rikke.sync().await?;
    Ok(Emma {
        _world: world,
        peter,
        rikke,
        ppr,
        family,
        share,
    })
}

impl Emma {
    async fn settle(&self) -> Result<()> {
        self.peter.sync().await?;
        self.rikke.sync().await?;
        self.peter.sync().await
    }
}

/// The line of whoever is called this, as amounts in order of time, and whether each is after the plan.
fn line(lines: &Value, who: &str) -> Vec<(String, bool)> {
    let lines = lines.as_array().into_iter().flatten();
    let mut lines = lines.filter(|line| line["who"]["values"][0] == who);
    let points = lines.next().and_then(|line| line["points"].as_array());
    let amount = |point: &Value| {
        let number = point["amounts"]["values"][0]["number"].as_str();
        let after = point["after_plan"] == true;
        (number.unwrap_or_default().to_owned(), after)
    };
    points.into_iter().flatten().map(amount).collect()
}

fn amounts(all: &[(&str, bool)]) -> Vec<(String, bool)> {
    all.iter()
        .map(|(one, after)| ((*one).to_owned(), *after))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn small_steps_are_marked_by_each_and_still_when_the_plan_has_ended() -> Result<()> {
    let emma = begin().await?;
    let (peter, rikke) = (&emma.peter, &emma.rikke);
    let until = format!("until={}", day(60));
    let goal = ["--add-item", "goals:goal=I skole hver dag"];
    let plan = [
        &["--set", "aim=Trives i skolen", "--set", &until],
        &goal[..],
    ]
    .concat();
    let plan = peter.write("plan", &emma.ppr, 120, &plan).await?;
    let goal = peter.item(&plan, "goals", "I skole hver dag").await?;
    let step = format!("sub_goals:step=Følges til porten;goal={goal}");
    peter
        .json(&["edit", &plan, "--offline", "--add-item", &step])
        .await?;
    let step = peter.item(&plan, "sub_goals", "Følges til porten").await?;
    let mark = |by: &str, days, scale| {
        let on = day(days);
        format!("marks:sub_goal={step};by={by};on={on};scale={scale}")
    };
    let (child, worker) = (
        mark("child;who=Emma", 120, 2),
        mark("professional;who=Peter", 120, 5),
    );
    let marks = ["--add-item", &child, "--add-item", &worker];
    peter
        .json(&[&["edit", &plan, "--offline"], &marks[..]].concat())
        .await?;
    emma.settle().await?;
    // The adviser marks on, long after the plan has ended, in her own case.
    let later = format!("marks:goal=Følges til porten;goal_id={step};by=child;who=emma;scale=7");
    rikke
        .write("progress", &emma.family, 10, &["--add-item", &later])
        .await?;
    emma.settle().await?;
    let mut told = Vec::new();
    for (desk, case) in [(peter, &emma.ppr), (rikke, &emma.family)] {
        let progress = desk.json(&["progress", case]).await?;
        let goals = progress["goals"].as_array().context("goals")?;
        ensure!(goals.len() == 2, "{progress}");
        let lines = &goals[1]["lines"];
        assert_eq!(line(lines, "Emma"), amounts(&[("2", false), ("7", true)]));
        assert_eq!(line(lines, "Peter"), amounts(&[("5", false)]));
        told.push(progress["goals"].clone());
    }
    assert_eq!(told[0], told[1], "both are told the same");
    // The signed text tells what the open document told.
    peter.json(&["sign", &plan, "--offline"]).await?;
    let signed = peter.json(&["progress", &emma.ppr]).await?;
    assert_eq!(signed["goals"], told[0]);
    let danish = rikke.told("da", &["progress", &emma.family]).await?;
    for said in [
        "Følges til porten",
        "Delmål",
        "Barnet · Emma",
        "7 (efter planen)",
    ] {
        ensure!(danish.contains(said), "{said}: {danish}");
    }
    let english = rikke.told("en", &["progress", &emma.family]).await?;
    ensure!(english.contains("7 (after the plan)"), "{english}");
    Ok(())
}

/// What is agreed, and how it stands.
fn standings(told: &Value) -> Vec<(String, String)> {
    let all = told["agreements"].as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    all.map(|one| (text(&one["what"]["values"][0]), text(&one["standing"])))
        .collect()
}

fn stands(what: &str, how: &str) -> (String, String) {
    (what.to_owned(), how.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_network_meeting_agrees_is_carried_over_and_scaled_again() -> Result<()> {
    let emma = begin().await?;
    let (peter, rikke) = (&emma.peter, &emma.rikke);
    let call = format!(
        "agreements:what=Ringe til klubben;who=Farfar;when={}",
        day(60)
    );
    let walk = format!("agreements:what=Følges i skole;who=Mor;when={}", day(-30));
    let scaled = [
        "--add-item",
        "scaling:who=Emma;mark=3",
        "--add-item",
        "scaling:who=Mor;mark=5",
    ];
    let agreed = ["--add-item", &call, "--add-item", &walk];
    let more = [scaled, agreed].concat();
    let first = rikke
        .write("network_meeting", &emma.family, 100, &more)
        .await?;
    emma.settle().await?;
    // Over the caseload, on the psychologist's device, with no cover.
    let open = peter.json(&["agreements", "--offline"]).await?;
    assert_eq!(
        standings(&open),
        [
            stands("Ringe til klubben", "overdue"),
            stands("Følges i skole", "open")
        ]
    );
    assert_eq!(open["follow_ups"][0]["ground"], "usual");
    assert_eq!(open["follow_ups"][0]["standing"], "overdue");
    let carried = |agreement: &str| format!("{agreement};carried_from_entry={first}");
    let (call, walk) = (carried(&format!("{call};status=kept")), carried(&walk));
    let scaled = [
        "--add-item",
        "scaling:who=Emma;mark=6",
        "--add-item",
        &call,
        "--add-item",
        &walk,
    ];
    rikke
        .write("network_meeting", &emma.family, 5, &scaled)
        .await?;
    emma.settle().await?;
    for (desk, case) in [(peter, &emma.ppr), (rikke, &emma.family)] {
        let open = desk.json(&["agreements", case]).await?;
        assert_eq!(standings(&open), [stands("Følges i skole", "open")]);
        let places = open["agreements"][0]["places"].as_array();
        assert_eq!(places.map(Vec::len), Some(2));
        assert_eq!(open["follow_ups"][0]["standing"], "to_come");
        let all = desk.json(&["agreements", case, "--all"]).await?;
        ensure!(
            standings(&all).contains(&stands("Ringe til klubben", "kept")),
            "{all}"
        );
        let progress = desk.json(&["progress", case]).await?;
        let scalings = &progress["scalings"];
        assert_eq!(
            line(scalings, "Emma"),
            amounts(&[("3", false), ("6", false)])
        );
        assert_eq!(line(scalings, "Mor"), amounts(&[("5", false)]));
    }
    let danish = peter.told("da", &["agreements"]).await?;
    for said in ["Følges i skole", "Mor", "Emma Lund", "overført til"] {
        ensure!(danish.contains(said), "{said}: {danish}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_tells_how_the_child_was_heard_and_factors_change_over_time() -> Result<()> {
    let emma = begin().await?;
    let (peter, rikke) = (&emma.peter, &emma.rikke);
    let words = ["--text", "child_words=Jeg vil gerne cykle selv"];
    let talk = peter
        .write("child_conversation", &emma.ppr, 20, &words)
        .await?;
    let heard = format!("child_heard_on={}", day(3));
    let heard = [
        "--set",
        "child_heard=yes",
        "--set",
        &heard,
        "--set",
        "child_heard_how=alone",
    ];
    rikke.write("decision", &emma.family, 2, &heard).await?;
    rikke
        .write("decision", &emma.family, 1, &["--set", "child_heard=no"])
        .await?;
    let factor = |strength: &str| {
        format!("factors:factor=Fravær;effect=risk;domain=daycare_school;strength={strength}")
    };
    for (days, strength) in [(90, "clear"), (4, "slight")] {
        let assessed = ["--add-item", &factor(strength)];
        peter
            .write("factor_assessment", &emma.ppr, days, &assessed)
            .await?;
    }
    emma.settle().await?;
    let told = rikke.json(&["heard", &emma.family]).await?;
    let decisions = told["decisions"].as_array().context("decisions")?;
    assert_eq!(decisions[0]["hearing"], "heard");
    assert_eq!(decisions[0]["last_before"]["document"], talk.as_str());
    assert_eq!(decisions[1]["hearing"], "not_heard_without_ground");
    assert_eq!(told["last"]["day"]["values"][0], day(3).as_str());
    assert_eq!(
        peter.json(&["heard", &emma.ppr]).await?["decisions"],
        told["decisions"]
    );
    let danish = rikke.told("da", &["heard", &emma.family]).await?;
    for said in [
        "barnet er hørt",
        "Samtale med barnet alene",
        "ingen begrundelse",
    ] {
        ensure!(danish.contains(said), "{said}: {danish}");
    }
    let factors = rikke.json(&["factors", &emma.family]).await?;
    let steps = factors["domains"][0]["factors"][0]["steps"].as_array();
    let changes: Vec<&Value> = steps
        .context("steps")?
        .iter()
        .map(|one| &one["change"])
        .collect();
    assert_eq!(changes, ["appeared", "weaker"]);
    let english = rikke.told("en", &["factors", &emma.family]).await?;
    ensure!(english.contains("weaker · Risk · Slight"), "{english}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_cards_read_as_one_child_and_fall_apart_when_access_ends() -> Result<()> {
    let emma = begin().await?;
    let (peter, rikke) = (&emma.peter, &emma.rikke);
    let scaled = ["--add-item", "scaling:who=Emma;mark=3"];
    peter
        .write("network_meeting", &emma.ppr, 5, &scaled)
        .await?;
    emma.settle().await?;
    let card = rikke.json(&["case", "show", &emma.family]).await?;
    let differing = card["differing"].as_array().context("differing")?;
    assert_eq!(differing.len(), 1, "{card}");
    assert_eq!(differing[0]["field"], "birth_date");
    let said = rikke.told("da", &["case", "show", &emma.family]).await?;
    for line in ["PPR: 14.03.2017", "Familierådgivning: 04.03.2017"] {
        ensure!(said.contains(line), "{line}: {said}");
    }
    let scalings = rikke.json(&["progress", &emma.family]).await?;
    assert_eq!(line(&scalings["scalings"], "Emma").len(), 1);
    peter.json(&["share", "withdraw", &emma.share]).await?;
    rikke.sync().await?;
    let card = rikke.json(&["case", "show", &emma.family]).await?;
    assert_eq!(card["differing"], Value::Array(Vec::new()));
    let progress = rikke.json(&["progress", &emma.family]).await?;
    assert_eq!(progress["scalings"], Value::Array(Vec::new()));
    let due = rikke.json(&["agreements"]).await?;
    assert_eq!(due["follow_ups"], Value::Array(Vec::new()));
    Ok(())
}
