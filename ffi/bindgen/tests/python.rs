//! The Python suite, against the wheel of the library that was built: bindings written anew, `samspor serve` as a process
//! of its own.

mod wheel;

use anyhow::{Result, ensure};
use samspor_tests::program::built;
use std::path::Path;

#[tokio::test]
async fn the_python_suite_holds() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let installed = wheel::installed(folder.path()).await?;
    let program = built("samspor")?;
    let suite = wheel::run("python3", |command| {
        command
            .args(["-m", "unittest", "discover", "--start-directory"])
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../python/tests"))
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
