//! The wheel of the library that was built, as an app would install it.

use anyhow::{Result, ensure};
use samspor_ffi_bindgen::bindings;
use samspor_tests::program::{Ended, Program, built_library};
use std::path::{Path, PathBuf};
use tokio::process::Command;
use uniffi::TargetLanguage;

/// Runs a program to its end.
///
/// # Errors
/// When it does not start.
pub async fn run(program: &str, edit: impl FnOnce(&mut Command)) -> Result<Ended> {
    let mut command = Command::new(program);
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    edit(&mut command);
    let mut running = Program::start(command)?;
    let mut said = Vec::new();
    while let Some(line) = running.line().await {
        said.push(line);
    }
    let ended = running.end().await?;
    Ok(Ended {
        output: said,
        ..ended
    })
}

/// Packs it, installs it below a folder, and says where.
///
/// # Errors
/// When it cannot be packed.
pub async fn installed(folder: &Path) -> Result<PathBuf> {
    let wheel_py = Path::new(env!("CARGO_MANIFEST_DIR")).join("../python/wheel.py");
    let library = built_library("samspor_ffi")?;
    bindings(&library, TargetLanguage::Python, folder)?;
    let packed = run("python3", |command| {
        command
            .arg(wheel_py)
            .arg(&library)
            .arg(folder.join("samspor.py"))
            .args([env!("CARGO_PKG_VERSION")])
            .arg(folder);
    })
    .await?;
    let [wheel] = packed.output.as_slice() else {
        anyhow::bail!("{packed:?}");
    };
    let installed = folder.join("installed");
    let unpacked = run("python3", |command| {
        command.args(["-m", "zipfile", "-e", wheel]).arg(&installed);
    })
    .await?;
    ensure!(unpacked.code == Some(0), "{unpacked:?}");
    Ok(installed)
}
