//! A world for the stories: a real server process in a folder of its own, and devices that are real processes,
//! too. Nothing here knows more than `docs/CLI.md` says.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "shared by several test programs, each of which uses a part of it"
)]

use serde_json::Value;
use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// No condition is waited for longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program, with nothing of this machine's settings.
pub fn samspor() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_samspor"));
    for variable in [
        "LANG",
        "DEVICE_FOLDER",
        "DEVICE_KEY_FILE",
        "FOLDER",
        "LISTEN",
        "URL",
    ] {
        command.env_remove(format!("SAMSPOR_{variable}"));
    }
    command
}

/// What a command did.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            code: output
                .status
                .code()
                .expect("ends by itself, not by a signal"),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// Standard output as the one JSON object it must be.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// `error.code` of standard error.
    pub fn error(&self) -> String {
        let value: Value = serde_json::from_str(self.stderr.trim())
            .unwrap_or_else(|error| panic!("{error}: {self:?}"));
        assert!(
            !value["error"]["message"]
                .as_str()
                .expect("a message")
                .is_empty()
        );
        value["error"]["code"].as_str().expect("a code").to_owned()
    }

    /// It must have ended with 0.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }
}

/// Runs a command line.
pub fn run(command: &mut Command) -> Ran {
    Ran::of(
        command
            .stdin(Stdio::null())
            .output()
            .expect("the program starts"),
    )
}

/// Runs a command line with a text on standard input.
pub fn run_with(command: &mut Command, input: &str) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child
        .stdin
        .take()
        .expect("piped")
        .write_all(input.as_bytes())
        .expect("reads");
    Ran::of(child.wait_with_output().expect("ends"))
}

/// A server process; killed when dropped.
pub struct Server {
    pub child: Child,
    pub url: String,
    pub address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }
}

impl Server {
    /// Starts one on a folder and waits for the line that says it runs.
    pub fn start(folder: &Path, listen: &str) -> Self {
        let mut child = samspor()
            .args([
                "serve",
                "--json",
                "--listen",
                listen,
                "--organisation",
                "Prøve Kommune",
                "--folder",
            ])
            .arg(folder)
            .current_dir(folder.parent().expect("a parent"))
            .env("SAMSPOR_LOG_FILTER", "error")
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let told: Value =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        Self {
            child,
            url: told["url"].as_str().expect("a url").to_owned(),
            address: told["address"].as_str().expect("an address").to_owned(),
        }
    }
}

/// A folder with a server and devices.
pub struct World {
    pub folder: TempDir,
    pub server: Option<Server>,
}

impl World {
    /// A running server with the team `Sundhedsplejen` and its members Anna and Bo.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let server = Server::start(&folder.path().join("server"), "127.0.0.1:0");
        let world = Self {
            folder,
            server: Some(server),
        };
        world
            .admin(&["team", "add", "Sundhedsplejen", "--kind", "health_visiting"])
            .ok();
        for name in ["Anna Holm", "Bo Lind"] {
            world
                .admin(&["practitioner", "add", name, "--title", "sundhedsplejerske"])
                .ok();
            world
                .admin(&["membership", "add", name, "Sundhedsplejen"])
                .ok();
        }
        world
    }

    /// The server's folder.
    pub fn server_folder(&self) -> PathBuf {
        self.folder.path().join("server")
    }

    /// Stops the server as a power cut would, and starts it again at the same address.
    pub fn restart(&mut self) {
        let address = self.stop();
        self.server = Some(Server::start(&self.server_folder(), &address));
    }

    /// Stops the server; says where it was.
    pub fn stop(&mut self) -> String {
        let server = self.server.take().expect("runs");
        server.address.clone()
    }

    /// `samspor admin … --json`.
    pub fn admin(&self, arguments: &[&str]) -> Ran {
        run(samspor()
            .args(["admin", "--json", "--folder"])
            .arg(self.server_folder())
            .args(arguments))
    }

    /// A new enrolment code for somebody.
    pub fn code(&self, name: &str) -> String {
        let ran = self.admin(&["code", name]).ok();
        ran.json()["code"].as_str().expect("a code").to_owned()
    }

    /// A device that is enrolled and knows its team.
    pub fn device(&self, folder: &str, name: &str) -> Device {
        let device = self.bare_device(folder);
        let code = self.code(name);
        run_with(device.command().args(["enrol", "--code-file", "-"]), &code).ok();
        device.until("the membership arrives", |device| {
            device.run(&["sync"]).ok();
            let teams = device.run(&["teams"]).ok().json();
            teams["teams"]
                .as_array()
                .expect("a list")
                .iter()
                .any(|team| team["role"] == "practitioner")
        });
        device
    }

    /// A folder for a device, nothing in it.
    pub fn bare_device(&self, folder: &str) -> Device {
        Device {
            folder: self.folder.path().join(folder),
        }
    }
}

/// A device's folder.
pub struct Device {
    pub folder: PathBuf,
}

impl Device {
    /// `samspor device --json --folder …`, to be continued.
    pub fn command(&self) -> Command {
        let mut command = samspor();
        command
            .args(["device", "--json", "--folder"])
            .arg(&self.folder);
        command
    }

    /// A command, with JSON.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        run(self.command().args(arguments))
    }

    /// A command, for a person.
    pub fn told(&self, arguments: &[&str]) -> Ran {
        run(samspor()
            .args(["device", "--folder"])
            .arg(&self.folder)
            .args(arguments))
    }

    /// An id in a command's answer.
    #[track_caller]
    pub fn id(&self, arguments: &[&str], name: &str) -> String {
        let ran = self.run(arguments).ok();
        ran.json()[name]
            .as_str()
            .unwrap_or_else(|| panic!("no {name}: {ran:?}"))
            .to_owned()
    }

    /// Opens a case for a child and delivers it unless `--offline` is among `more`.
    pub fn open_case(&self, name: &str, more: &[&str]) -> String {
        let name = format!("name={name}");
        let mut arguments = vec![
            "case",
            "open",
            "--team",
            "sundhedsplejen",
            "--set",
            "kind=child",
            "--set",
            &name,
        ];
        arguments.extend(more);
        self.id(&arguments, "case")
    }

    /// One field of a document, as `read` tells it.
    pub fn field(&self, document: &str, name: &str) -> Value {
        let reading = self.run(&["read", document]).ok().json();
        let fields = reading["fields"].as_array().expect("fields").clone();
        fields
            .into_iter()
            .find(|field| field["name"] == name)
            .unwrap_or_else(|| panic!("no field {name}"))
    }

    /// Waits for a condition that the program's own work brings about.
    #[track_caller]
    pub fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !holds(self) {
            assert!(begun.elapsed() < PATIENCE, "{what} in vain");
            std::thread::yield_now();
        }
    }
}
