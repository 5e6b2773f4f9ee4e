//! `samspor serve`: the server until Ctrl-C or SIGTERM, then everything in flight is finished.

use super::{error, settings};
use crate::{
    args::serve::ServeArgs, exit::Exit, failure::Failure, output::Output, shutdown, words::W,
};
use samspor_server::{Server, logging};
use serde_json::json;

/// Runs the server.
///
/// # Errors
/// Settings that do not hold; a folder, a certificate or a port that cannot be used.
pub async fn run(args: &ServeArgs, out: &Output) -> Result<Exit, Failure> {
    let stop = shutdown::asked()?;
    let settings = settings::read(args.file.as_deref(), &args.given)?;
    logging::start(&settings)
        .map_err(|_| Failure::new(Exit::Input, "settings", W::SETTING_LOG_FILTER))?;
    let folder = std::path::absolute(&settings.folder).unwrap_or_else(|_| settings.folder.clone());
    let folder = folder.display().to_string();
    let server = Server::start(settings)
        .await
        .map_err(|error| error::starting(&error))?;
    let address = server.address().to_string();
    let text = [
        out.say(W::SERVE_RUNNING, &[("url", server.url())]),
        out.say(W::SERVE_DATA, &[("folder", &folder)]),
        out.say(W::SERVE_STOP, &[]),
    ];
    let json = json!({"url": server.url(), "address": address, "folder": folder});
    out.result(&json, &text.join("\n"));
    stop.await;
    out.note(W::SERVE_STOPPING, &[]);
    server.stop().await;
    out.note(W::SERVE_STOPPED, &[]);
    Ok(Exit::Done)
}
