//! The processes that are measured: this program again, in another role, spoken to by lines.
//!
//! A child tells events as JSON lines on its standard output, each with the time it happened (one machine,
//! one clock), and takes commands as lines on its standard input. What it prints for people goes to this
//! program's standard error.

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{
    io::Write as _,
    process::Stdio,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{ChildStdin, ChildStdout, Command},
    time::timeout,
};

use crate::measure;

/// How long a child may take for one step: on a busy machine a device writes half a million entries in it.
const STEP_MAX: Duration = Duration::from_secs(7200);

/// What a child tells.
#[derive(Debug, Serialize, Deserialize)]
pub struct Event {
    /// What happened.
    pub name: String,
    /// When, in seconds since 1970.
    pub at: f64,
    /// What goes with it.
    pub with: serde_json::Value,
}

/// Seconds since 1970.
#[must_use]
pub fn now() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0.0, |since| since.as_secs_f64())
}

/// Tells the parent that something happened.
///
/// # Errors
/// When the parent has gone.
pub fn tell(name: &str, with: &impl Serialize) -> anyhow::Result<()> {
    let event = Event {
        name: name.to_owned(),
        at: now(),
        with: serde_json::to_value(with)?,
    };
    let mut line = serde_json::to_string(&event)?;
    line.push('\n');
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes())?;
    Ok(out.flush()?)
}

/// A child process in a role.
#[derive(Debug)]
pub struct Child {
    role: &'static str,
    process: tokio::process::Child,
    id: u32,
    events: Lines<BufReader<ChildStdout>>,
    commands: ChildStdin,
    kept: Vec<Event>,
    /// When it was started, in seconds since 1970.
    pub started_at: f64,
}

impl Child {
    /// Starts this program in a role. The child ends when this value is dropped.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(role: &'static str, settings: &impl Serialize) -> anyhow::Result<Self> {
        let started_at = now();
        let mut process = Command::new(std::env::current_exe()?)
            .arg(role)
            .arg(serde_json::to_string(settings)?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start the {role}"))?;
        let (Some(id), Some(commands), Some(out)) =
            (process.id(), process.stdin.take(), process.stdout.take())
        else {
            bail!("the {role} ended at once");
        };
        Ok(Self {
            role,
            process,
            id,
            events: BufReader::new(out).lines(),
            commands,
            kept: Vec::new(),
            started_at,
        })
    }

    /// The next event of this name; others that come before it are kept for when they are asked for.
    ///
    /// # Errors
    /// When the child ends first or takes too long.
    pub async fn event<T: DeserializeOwned>(&mut self, name: &str) -> anyhow::Result<(f64, T)> {
        let role = self.role;
        if let Some(at) = self.kept.iter().position(|event| event.name == name) {
            let event = self.kept.remove(at);
            return Ok((event.at, serde_json::from_value(event.with)?));
        }
        let next = async {
            while let Some(line) = self.events.next_line().await? {
                let event: Event = serde_json::from_str(&line)?;
                if event.name == name {
                    return Ok((event.at, serde_json::from_value(event.with)?));
                }
                self.kept.push(event);
            }
            bail!("the {role} ended before it told \"{name}\"; what it says stands above")
        };
        timeout(STEP_MAX, next)
            .await
            .with_context(|| format!("the {role} did not tell \"{name}\" in time"))?
    }

    /// Gives a command.
    ///
    /// # Errors
    /// When the child has ended.
    pub async fn command(&mut self, line: &str) -> anyhow::Result<()> {
        self.commands
            .write_all(format!("{line}\n").as_bytes())
            .await?;
        Ok(self.commands.flush().await?)
    }

    /// The CPU time it has used.
    ///
    /// # Errors
    /// When it has ended.
    pub fn cpu(&self) -> anyhow::Result<f64> {
        Ok(measure::cpu(self.id)?.as_secs_f64())
    }

    /// The most memory it has held, in MiB.
    ///
    /// # Errors
    /// When it has ended.
    pub fn peak_mib(&self) -> anyhow::Result<f64> {
        Ok(measure::peak_mib(self.id)?)
    }

    /// Lets it end: its commands end, and it closes what it has open.
    ///
    /// # Errors
    /// When it fails or takes too long.
    pub async fn end(mut self) -> anyhow::Result<()> {
        drop(self.commands);
        let role = self.role;
        let status = timeout(STEP_MAX, self.process.wait())
            .await
            .with_context(|| format!("the {role} did not end"))??;
        if !status.success() {
            bail!("the {role} failed: {status}; what it says stands above");
        }
        Ok(())
    }
}
