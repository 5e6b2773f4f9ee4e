//! The days of `docs/DAYS.md`, run as they stand there, by a shell with the program on its path: every command ends well,
//! and the last words of each day are what the day came to.

use anyhow::{Context as _, Result, ensure};
use samspor_tests::program::{Program, built};
use std::path::Path;
use tokio::process::Command;

const DAYS: &str = include_str!("../../docs/DAYS.md");

/// The shell's blocks of the parts of this heading, in order.
fn script(heading: &str) -> Result<String> {
    let (_, part) = DAYS
        .split_once(&format!("\n## {heading}\n"))
        .context("a part of that heading")?;
    let part = part.split("\n## ").next().unwrap_or(part);
    let blocks = part.split("```sh\n").skip(1);
    let blocks: Vec<&str> = blocks.filter_map(|one| one.split("```").next()).collect();
    ensure!(!blocks.is_empty(), "no script under {heading}");
    Ok(blocks.join("\n"))
}

/// Runs a day in a folder of its own, in a language; what it printed.
async fn day(heading: &str, lang: &str) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let begin = script("To begin with")?;
    let text = format!("set -euo pipefail\n{begin}\n{}", script(heading)?);
    let file = folder.path().join("day.sh");
    std::fs::write(&file, text)?;
    let program = built("samspor")?;
    let beside = program.parent().unwrap_or(Path::new("."));
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new("bash");
    command
        .arg(&file)
        .current_dir(folder.path())
        .env("PATH", format!("{}:{path}", beside.display()))
        .env("SAMSPOR_LANG", lang);
    let ended = Program::start(command)?.end().await?;
    ensure!(ended.code == Some(0), "{heading}: {ended:?}");
    Ok(ended.output.join("\n"))
}

/// Each of these stands in what was printed after the one before.
fn in_order(said: &str, expected: &[&str]) -> Result<()> {
    let mut rest = said;
    for one in expected {
        let (_, after) = rest
            .split_once(one)
            .with_context(|| format!("{one:?} in {rest}"))?;
        rest = after;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newborns_first_months_with_two_nurses() -> Result<()> {
    let said = day("A newborn's first months, and two nurses", "da").await?;
    in_order(
        &said,
        &[
            "Sofie Ærø",
            "Mangler",
            "3.950 g",
            "3.960 g",
            "WHO",
            "Mia er træt og glad.",
            "Sofie følger med øjnene.",
        ],
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nine_year_old_from_plan_to_decision() -> Result<()> {
    let said = day("A nine-year-old: plan, network meeting, decision", "da").await?;
    in_order(
        &said,
        &[
            "Karla er alene i frikvartererne.",
            "Far følger til skole om mandagen",
            "holdt",
            "10.02.2026 3; 10.04.2026 6",
            "barnet er hørt",
        ],
    )?;
    // After the share has ended PPR reads its own record alone.
    let (_, last) = said
        .rsplit_once("At frikvarteret er kortere.")
        .context("PPR's own")?;
    ensure!(!last.contains("frikvartererne"), "{last}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_teams_video_sparring() -> Result<()> {
    let said = day("A team's video sparring", "en").await?;
    in_order(
        &said,
        &[
            "Her venter hun på blikket.",
            "Og her får han tid til at svare.",
            "Signe Østerby, ",
            "Peter Bæk, ",
            "Tre sekunders pause giver barnet tid.",
        ],
    )
}
