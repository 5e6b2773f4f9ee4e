//! A disk that can be full or read-only: a small file system in a mount namespace of its own.
//!
//! Programs are started inside it. It needs root, or unprivileged user namespaces; where neither is had, it
//! says so loudly: these tests are not to be left out in silence. When it is dropped the file system is gone.

use crate::program::Program;
use anyhow::{Context as _, Result, bail, ensure};
use std::{os::unix::fs::MetadataExt as _, path::Path};
use tempfile::TempDir;
use tokio::process::Command;

/// The file system, held by a process that waits in its namespace.
pub struct Narrow {
    folder: TempDir,
    holder: Program,
    root: bool,
}

const HOLD: &str = r#"mount -t tmpfs -o "size=${2}k" tmpfs "$1" && echo held && exec cat"#;

impl Narrow {
    /// Makes one of so many KiB.
    ///
    /// # Errors
    /// When the system allows no mount: with what would allow it.
    pub async fn mount(size_kib: u32) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let root = std::fs::metadata("/proc/self")?.uid() == 0;
        let mut command = Command::new("unshare");
        command.arg("--mount");
        if !root {
            command.args(["--user", "--map-root-user"]);
        }
        command
            .args(["sh", "-c", HOLD, "sh"])
            .arg(folder.path())
            .arg(size_kib.to_string());
        let mut holder = Program::start(command)?;
        if holder.line().await.as_deref() != Some("held") {
            bail!(
                "no file system could be mounted: run as root or allow unprivileged user namespaces \
                 (sysctl kernel.unprivileged_userns_clone=1): {}",
                holder.errors().await
            );
        }
        Ok(Self {
            folder,
            holder,
            root,
        })
    }

    /// Where it is, for programs inside.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A command that runs inside.
    #[must_use]
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("nsenter");
        let holder = self.holder.id().unwrap_or_default().to_string();
        command.args(["--target", &holder, "--mount"]);
        if !self.root {
            command.args(["--user", "--preserve-credentials"]);
        }
        command.arg("--").arg(program);
        command
    }

    async fn run(&self, script: &str) -> Result<()> {
        let mut command = self.command(Path::new("sh"));
        command.args(["-c", script, "sh"]).arg(self.folder.path());
        let ended = Program::start(command)?.end().await?;
        ensure!(ended.code == Some(0), "{script}: {ended:?}");
        Ok(())
    }

    /// Lets nobody write, or everybody again. No program may have a file open for writing.
    ///
    /// # Errors
    /// When the system does not allow it.
    pub async fn read_only(&self, read_only: bool) -> Result<()> {
        let mode = if read_only { "ro" } else { "rw" };
        self.run(&format!(r#"mount -o remount,{mode} "$1""#)).await
    }

    /// Fills it to its last block.
    ///
    /// # Errors
    /// When it cannot be filled.
    pub async fn fill(&self) -> Result<()> {
        // Ends with "no space left": then it is full, and that is checked.
        self.run(r#"cat /dev/zero >"$1/filler" 2>/dev/null; ! (echo x >"$1/more") 2>/dev/null || exit 1; rm -f "$1/more""#)
            .await
            .context("the disk is not full")
    }

    /// Makes room again.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn free(&self) -> Result<()> {
        self.run(r#"rm -f "$1/filler""#).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_narrow_disk_fills_frees_and_closes() {
        let narrow = Narrow::mount(512).await.unwrap();
        let write = r#"echo text >"$1/file""#;
        narrow.run(write).await.unwrap();
        narrow.fill().await.unwrap();
        assert!(narrow.run(r#"echo more >"$1/other""#).await.is_err());
        narrow.free().await.unwrap();
        narrow.read_only(true).await.unwrap();
        assert!(narrow.run(write).await.is_err());
        narrow.read_only(false).await.unwrap();
        narrow.run(write).await.unwrap();
    }
}
