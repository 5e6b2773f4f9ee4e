//! Programs of this workspace as processes of their own: found, started, listened to, killed.

use anyhow::{Context as _, Result, bail, ensure};
use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::SystemTime,
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, ChildStdin, Command},
    sync::mpsc,
    task::JoinHandle,
};

/// The built program of this name, beside the test's own executable.
///
/// # Errors
/// What to do, when it is not there or older than a source it was built from.
pub fn built(name: &str) -> Result<PathBuf> {
    let program = folder()?.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let advice = "build it first: cargo build --workspace --bins (with the profile of this test)";
    up_to_date(name, program, advice)
}

/// The library of this name that other languages load: of a crate that the test depends on, so never an older one.
///
/// # Errors
/// When the crate makes none.
pub fn built_library(name: &str) -> Result<PathBuf> {
    use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
    let library = folder()?
        .join("deps")
        .join(format!("{DLL_PREFIX}{name}{DLL_SUFFIX}"));
    ensure!(library.exists(), "{} is not there", library.display());
    Ok(library)
}

/// The folder of what the profile of this test builds.
fn folder() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let mut folder = own.parent().context("an executable has a folder")?;
    if folder.ends_with("deps") {
        folder = folder.parent().context("deps has a folder")?;
    }
    Ok(folder.to_owned())
}

fn up_to_date(name: &str, program: PathBuf, advice: &str) -> Result<PathBuf> {
    ensure!(
        program.exists(),
        "{} is not there; {advice}",
        program.display()
    );
    let built_at = program.metadata()?.modified()?;
    if let Some(newer) = newer_source(&program.with_extension("d"), built_at) {
        bail!("{name} is older than {}; {advice}", newer.display());
    }
    Ok(program)
}

/// A source of the program, as the compiler listed them, that changed after it was built.
fn newer_source(list: &Path, built_at: SystemTime) -> Option<PathBuf> {
    let list = std::fs::read_to_string(list).ok()?;
    let (_, sources) = list.split_once(": ")?;
    let sources = sources.replace("\\ ", "\u{0}");
    sources
        .split_whitespace()
        .map(|source| PathBuf::from(source.replace('\u{0}', " ")))
        .find(|source| {
            let changed = source.metadata().and_then(|found| found.modified());
            changed.is_ok_and(|changed| changed > built_at)
        })
}

/// A running program. It ends, if nothing else ended it, when this is dropped.
pub struct Program {
    child: Child,
    input: Option<ChildStdin>,
    lines: mpsc::UnboundedReceiver<String>,
    errors: JoinHandle<String>,
}

impl Program {
    /// Starts a command, its input and output held by this test.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(mut command: Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("the program does not start")?;
        let output = child.stdout.take().context("its output")?;
        let errors = child.stderr.take().context("its errors")?;
        let (tell, lines) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let mut output = BufReader::new(output).lines();
            while let Ok(Some(line)) = output.next_line().await {
                if tell.send(line).is_err() {
                    break;
                }
            }
        });
        let errors = tokio::spawn(async move {
            let mut errors = BufReader::new(errors).lines();
            let mut text = String::new();
            while let Ok(Some(line)) = errors.next_line().await {
                text.push_str(&line);
                text.push('\n');
            }
            text
        });
        Ok(Self {
            input: child.stdin.take(),
            child,
            lines,
            errors,
        })
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// The next line it says; none when it has ended.
    pub async fn line(&mut self) -> Option<String> {
        self.lines.recv().await
    }

    /// All that it wrote as errors, once it has ended.
    pub async fn errors(&mut self) -> String {
        let errors = std::mem::replace(&mut self.errors, tokio::spawn(async { String::new() }));
        errors.await.unwrap_or_default()
    }

    /// What it has said and nobody has listened to yet.
    pub fn heard(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        while let Ok(line) = self.lines.try_recv() {
            lines.push(line);
        }
        lines
    }

    /// Tells it one line.
    ///
    /// # Errors
    /// When it does not listen any more.
    pub async fn tell(&mut self, line: &str) -> Result<()> {
        let input = self.input.as_mut().context("it was told to end")?;
        input.write_all(format!("{line}\n").as_bytes()).await?;
        Ok(input.flush().await?)
    }

    /// Kills it and does not wait for its end: so that others can die in the same moment.
    ///
    /// # Errors
    /// When it cannot be killed.
    pub fn strike(&mut self) -> Result<()> {
        Ok(self.child.start_kill()?)
    }

    /// Kills it as the power does: at once, unasked. Says what it had still said.
    ///
    /// # Errors
    /// When it cannot be killed.
    pub async fn kill(mut self) -> Result<Vec<String>> {
        self.child.start_kill()?;
        self.child.wait().await?;
        Ok(self.rest().await)
    }

    async fn rest(&mut self) -> Vec<String> {
        let mut rest = Vec::new();
        while let Some(line) = self.lines.recv().await {
            rest.push(line);
        }
        rest
    }

    /// Asks it to end, as a service manager does.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub async fn interrupt(&self) -> Result<()> {
        let id = self.id().context("it has ended")?;
        let asked = Command::new("kill")
            .args(["-TERM", &id.to_string()])
            .status()
            .await?;
        ensure!(asked.success(), "it cannot be asked to end");
        Ok(())
    }

    /// Closes its input and waits until it has ended: what it had still said, its errors, its exit code.
    ///
    /// # Errors
    /// When it does not end in time.
    pub async fn end(mut self) -> Result<Ended> {
        drop(self.input.take());
        let status = crate::wait::within("a program to end", self.child.wait()).await??;
        Ok(Ended {
            code: status.code(),
            signal: std::os::unix::process::ExitStatusExt::signal(&status),
            output: self.rest().await,
            errors: self.errors().await,
        })
    }
}

/// How a program ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// The last lines of its output.
    pub output: Vec<String>,
    /// All of its error output.
    pub errors: String,
}
