//! The Kotlin suite on the JVM, against the library that was built: bindings written anew, `samspor serve` as a process of
//! its own, and a device in Python beside those in Kotlin.

mod wheel;

use anyhow::{Context as _, Result, ensure};
use samspor_ffi_bindgen::bindings;
use samspor_tests::program::{built, built_library};
use std::{fs, path::Path};
use uniffi::TargetLanguage;

/// Where the Java runtime's library loader looks within a jar, on this machine.
fn platform() -> String {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        system => system,
    };
    let processor = match std::env::consts::ARCH {
        "x86_64" => "x86-64",
        processor => processor,
    };
    format!("{system}-{processor}")
}

#[tokio::test]
async fn the_kotlin_suite_holds() -> Result<()> {
    let ffi = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("the crate stands in ffi")?;
    let folder = tempfile::tempdir()?;
    let installed = wheel::installed(folder.path()).await?;
    let library = built_library("samspor_ffi")?;
    let [kotlin, libraries] = ["kotlin", "libraries"].map(|name| folder.path().join(name));
    bindings(&library, TargetLanguage::Kotlin, &kotlin)?;
    let loaded = libraries.join(platform());
    fs::create_dir_all(&loaded)?;
    let name = library.file_name().unwrap_or_default();
    fs::copy(&library, loaded.join(name))?;

    let program = built("samspor")?;
    let suite = wheel::run("mvn", |command| {
        command
            .args(["--batch-mode", "--no-transfer-progress", "--file"])
            .arg(ffi.join("kotlin/pom.xml"))
            .arg(format!("-Dsamspor.bindings={}", kotlin.display()))
            .arg(format!("-Dsamspor.libraries={}", libraries.display()))
            .arg("test")
            .env("PYTHONPATH", &installed)
            .env("SAMSPOR_PYTHON", "python3")
            .env("SAMSPOR_PYTHON_TESTS", ffi.join("python/tests"))
            .env("SAMSPOR_PROGRAM", program);
    })
    .await?;
    let ran = suite.output.iter().any(|line| {
        let line = line.split("Tests run: ").nth(1).unwrap_or_default();
        !line.starts_with('0') && line.contains("Failures: 0, Errors: 0, Skipped: 0")
    });
    ensure!(
        suite.code == Some(0) && ran,
        "{}\n{}",
        suite.output.join("\n"),
        suite.errors
    );
    Ok(())
}
