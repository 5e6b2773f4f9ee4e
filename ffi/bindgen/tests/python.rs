//! The Python suite, against the library that was built: bindings written anew, `samspor serve` as a process of its own.

use anyhow::{Result, ensure};
use samspor_ffi_bindgen::bindings;
use samspor_tests::program::{Program, built, built_library};
use std::{fs, path::Path};
use tokio::process::Command;
use uniffi::TargetLanguage;

#[tokio::test]
async fn the_python_suite_holds() -> Result<()> {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("../python/tests");
    let folder = tempfile::tempdir()?;
    let library = built_library("samspor_ffi")?;
    bindings(&library, TargetLanguage::Python, folder.path())?;
    let name = library.file_name().unwrap_or_default();
    fs::copy(&library, folder.path().join(name))?;
    let mut command = Command::new("python3");
    command
        .args(["-m", "unittest", "discover", "--start-directory"])
        .arg(&suite)
        .env("PYTHONPATH", folder.path())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SAMSPOR_PROGRAM", built("samspor")?);
    let mut running = Program::start(command)?;
    let mut said = Vec::new();
    while let Some(line) = running.line().await {
        said.push(line);
    }
    let ended = running.end().await?;
    ensure!(
        ended.code == Some(0)
            && ended.errors.contains("\nOK")
            && !ended.errors.contains("Ran 0 tests"),
        "{}\n{}",
        said.join("\n"),
        ended.errors
    );
    Ok(())
}
