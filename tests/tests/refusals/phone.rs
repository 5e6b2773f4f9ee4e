//! A device as its holder has it: `samspor device`, one process for each command. And its store, for what no program
//! of ours would do to it.

use anyhow::{Context as _, Result, ensure};
use samspor_documents::id::{DocumentId, PractitionerId};
use samspor_tests::{program, wait, world::World};
use serde_json::Value;
use sqlx::{ConnectOptions as _, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};
use tokio::process::Command;

/// What a command did.
#[derive(Debug)]
pub struct Ran {
    /// Its exit code.
    pub code: Option<i32>,
    /// Its output.
    pub said: String,
    /// Its errors.
    pub errors: String,
}

impl Ran {
    /// It must have ended well.
    pub fn ok(self) -> Result<Self> {
        ensure!(self.code == Some(0), "{self:?}");
        Ok(self)
    }

    /// Its output as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.said).with_context(|| format!("{self:?}"))
    }
}

/// What somebody is to find in the box.
pub struct Expected<'a> {
    /// The code, for scripts.
    pub reason: &'a str,
    /// The sentence, in Danish and in English.
    pub says: [&'a str; 2],
    /// The ways out, by their codes.
    pub ways: &'a [&'a str],
    /// A part of what was typed.
    pub typed: &'a str,
}

/// A device's folder.
pub struct Phone {
    folder: PathBuf,
}

impl Phone {
    /// A new device of somebody, enrolled.
    pub async fn enrolled(world: &World, whose: PractitionerId) -> Result<Self> {
        let folder = world.free_folder();
        let code = world.folder().join("code");
        tokio::fs::write(&code, world.code(whose).await?).await?;
        let phone = Self { folder };
        let code = code.display().to_string();
        phone.run(&["enrol", "--code-file", &code]).await?.ok()?;
        wait::until("the membership to arrive", async || {
            let teams = phone.done(&["teams"]).await?;
            phone.run(&["sync"]).await?.ok()?;
            Ok(teams["teams"][0]["role"] == "practitioner")
        })
        .await?;
        Ok(phone)
    }

    async fn ran(&self, options: &[&str], arguments: &[&str]) -> Result<Ran> {
        let mut command = Command::new(program::built("samspor")?);
        for name in ["LANG", "DEVICE_FOLDER", "DEVICE_KEY_FILE"] {
            command.env_remove(format!("SAMSPOR_{name}"));
        }
        command.arg("device").args(options).arg("--folder");
        let running = command.arg(&self.folder).args(arguments).output();
        let output = wait::within("a command to end", running).await??;
        Ok(Ran {
            code: output.status.code(),
            said: String::from_utf8(output.stdout)?,
            errors: String::from_utf8(output.stderr)?,
        })
    }

    /// A command, however it ends.
    pub async fn run(&self, arguments: &[&str]) -> Result<Ran> {
        self.ran(&["--json"], arguments).await
    }

    /// What a command that ends well says as JSON.
    pub async fn done(&self, arguments: &[&str]) -> Result<Value> {
        self.run(arguments).await?.ok()?.json()
    }

    /// An id that a command made without cover.
    pub async fn made(&self, what: &str, arguments: &[&str]) -> Result<String> {
        let said = self.done(&[arguments, &["--offline"]].concat()).await?;
        Ok(said[what].as_str().context("an id")?.to_owned())
    }

    /// What a person reads of a command, in a language.
    pub async fn told(&self, language: &str, arguments: &[&str]) -> Result<String> {
        Ok(self.ran(&["--lang", language], arguments).await?.ok()?.said)
    }

    /// A note in a case, not sent yet.
    pub async fn note(&self, case: &str, text: &str) -> Result<String> {
        let text = format!("text={text}");
        self.made(
            "document",
            &["write", "note", "--case", case, "--text", &text],
        )
        .await
    }

    /// Puts this text into a document, not sent yet.
    pub async fn edit(&self, document: &str, text: &str) -> Result<()> {
        let text = format!("text={text}");
        self.done(&["edit", document, "--text", &text, "--offline"])
            .await?;
        Ok(())
    }

    /// Syncs; something was refused, and that is said.
    pub async fn sync_is_refused(&self) -> Result<()> {
        let ran = self.run(&["sync"]).await?;
        ensure!(ran.code == Some(5), "{ran:?}");
        let error: Value = serde_json::from_str(ran.errors.trim())?;
        ensure!(error["error"]["code"] == "refused", "{ran:?}");
        ensure!(self.done(&["status"]).await?["not_delivered"] != 0);
        Ok(())
    }

    /// Syncs, and nothing is left behind.
    pub async fn syncs(&self) -> Result<()> {
        self.done(&["sync"]).await?;
        Ok(())
    }

    /// The names of what lies in the box.
    pub async fn boxed(&self) -> Result<Vec<String>> {
        let list = self.done(&["not-delivered", "list"]).await?;
        let list = list["not_delivered"].as_array().context("a list")?;
        let ids = list.iter().map(|one| one["id"].as_str().map(str::to_owned));
        ids.collect::<Option<_>>().context("ids")
    }

    /// The box is empty, and `status` says so.
    pub async fn box_is_empty(&self) -> Result<()> {
        ensure!(self.boxed().await? == Vec::<String>::new());
        ensure!(self.done(&["status"]).await?["not_delivered"] == 0);
        Ok(())
    }

    /// The box holds this, with its sentence and its ways out; what was typed is readable there and in a file.
    pub async fn box_shows(&self, id: &str, expected: &Expected<'_>) -> Result<()> {
        let list = self.done(&["not-delivered", "list"]).await?;
        let all = list["not_delivered"].as_array().context("a list")?;
        let one = all.iter().find(|one| one["id"] == id).context("listed")?;
        ensure!(one["reason"] == expected.reason, "{one}");
        ensure!(one["meaning"] == expected.says[0], "{one}");
        ensure!(one["ways_out"] == serde_json::json!(expected.ways), "{one}");
        ensure!(one.to_string().contains(expected.typed), "{one}");
        for (language, sentence) in ["da", "en"].into_iter().zip(expected.says) {
            let told = self.told(language, &["not-delivered", "list"]).await?;
            self.reads_well(&told, all, expected.reason)?;
            for part in [sentence, expected.typed] {
                ensure!(told.contains(part), "{part}: {told}");
            }
        }
        let file = self.folder.with_extension(format!("{id}.json"));
        let path = file.display().to_string();
        self.done(&["not-delivered", "export", &path]).await?;
        let exported: Value = serde_json::from_slice(&tokio::fs::read(&file).await?)?;
        tokio::fs::remove_file(&file).await?;
        ensure!(exported == list, "the file holds what the list shows");
        Ok(())
    }

    /// What a person reads names nothing but what lies there, and no codes.
    fn reads_well(&self, told: &str, all: &[Value], code: &str) -> Result<()> {
        let own: BTreeSet<&str> = all.iter().filter_map(|one| one["id"].as_str()).collect();
        for word in told.split(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
            let is_id = word.len() == 36 && word.matches('-').count() == 4;
            ensure!(!is_id || own.contains(word), "{word} in {told}");
        }
        // A code of one word can be a word of a sentence.
        ensure!(
            !code.contains('_') || !told.contains(code),
            "{code}: {told}"
        );
        Ok(())
    }

    /// The text of a document.
    pub async fn text(&self, document: &str) -> Result<String> {
        let reading = self.done(&["read", document]).await?;
        let fields = reading["fields"].as_array().context("fields")?;
        let field = fields.iter().find(|field| field["name"] == "text");
        let text = field.and_then(|field| field["text"].as_str());
        Ok(text.context("a text")?.to_owned())
    }

    /// Where its store is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its store's key: 64 digits.
    pub async fn key(&self) -> Result<String> {
        let key = tokio::fs::read_to_string(self.folder.join("store.key")).await?;
        Ok(key.trim().to_owned())
    }

    /// The device's store, open with its key.
    pub async fn store(&self) -> Result<SqliteConnection> {
        let key = self.key().await?;
        let options = SqliteConnectOptions::new()
            .filename(self.folder.join("samspor.db"))
            .pragma("key", format!("\"x'{}'\"", key))
            .pragma("cipher_hmac_algorithm", "HMAC_SHA256");
        Ok(options.connect().await?)
    }

    /// Where something of this device can be written down.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.with_extension(name)
    }
}

/// An id as the store keeps it.
pub fn bytes(document: &str) -> Result<Vec<u8>> {
    let id = DocumentId(uuid::Uuid::try_parse(document)?);
    Ok(id.as_bytes().to_vec())
}
