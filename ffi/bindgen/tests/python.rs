//! The Python suite, against the wheel of the library that was built: bindings written anew, `samspor serve` as a process
//! of its own.

use anyhow::{Result, ensure};
use samspor_ffi_bindgen::bindings;
use samspor_tests::program::{Ended, Program, built, built_library};
use std::path::Path;
use tokio::process::Command;
use uniffi::TargetLanguage;

/// Runs Python to its end.
async fn python(edit: impl FnOnce(&mut Command)) -> Result<Ended> {
    let mut command = Command::new("python3");
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

#[tokio::test]
async fn the_python_suite_holds() -> Result<()> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../python");
    let folder = tempfile::tempdir()?;
    let library = built_library("samspor_ffi")?;
    bindings(&library, TargetLanguage::Python, folder.path())?;
    let packed = python(|command| {
        command
            .arg(sources.join("wheel.py"))
            .arg(&library)
            .arg(folder.path().join("samspor.py"))
            .args([env!("CARGO_PKG_VERSION")])
            .arg(folder.path());
    })
    .await?;
    let [wheel] = packed.output.as_slice() else {
        anyhow::bail!("{packed:?}");
    };
    let installed = folder.path().join("installed");
    let unpacked = python(|command| {
        command.args(["-m", "zipfile", "-e", wheel]).arg(&installed);
    })
    .await?;
    ensure!(unpacked.code == Some(0), "{unpacked:?}");
    let program = built("samspor")?;
    let suite = python(|command| {
        command
            .args(["-m", "unittest", "discover", "--start-directory"])
            .arg(sources.join("tests"))
            .env("PYTHONPATH", &installed)
            .env("SAMSPOR_PROGRAM", program);
    })
    .await?;
    ensure!(
        suite.code == Some(0)
            && suite.errors.contains("\nOK")
            && !suite.errors.contains("Ran 0 tests"),
        "{}\n{}",
        suite.output.join("\n"),
        suite.errors
    );
    Ok(())
}
