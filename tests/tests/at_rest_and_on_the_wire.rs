//! Nothing that was typed can be read in a device's folder, in what its process holds open, in the server's log,
//! or by anybody on the way. The same search over the same content without its keys finds everything: the search
//! can see.

use anyhow::{Context as _, Result, ensure};
use samspor_client_core::{CaseFilter, Clock as _, Device, NewContact, SystemClock};
use samspor_documents::{
    document::Edit,
    id::{DocumentId, SpaceId, TeamId},
    template::{Field, FieldType, TemplateKind, Templates},
    value::{Decimal, Value},
};
use samspor_protocol::fact::TeamKind;
use samspor_tests::{
    hand_made::random,
    needles::{files_in, found, found_in_folder, make_needle},
    person::{Person, set, settle},
    program::{self, Program},
    relay::Relay,
    world::{Beginning, World},
};
use sqlx::{ConnectOptions as _, Connection as _, sqlite::SqliteConnectOptions};
use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    process::Command,
};
use uuid::Uuid;

/// What is no person's, and yet tells what kind of record this is: readable on neither road nor disk.
const TELLING: [&str; 3] = ["home_visit", "child_words", "consent_to_cooperation"];

/// Everything that was typed, to be looked for.
#[derive(Default)]
struct Typed {
    needles: Vec<String>,
}

impl Typed {
    fn needle(&mut self, of: &str) -> Result<String> {
        let needle = make_needle(of)?;
        self.needles.push(needle.clone());
        Ok(needle)
    }

    /// A number between two others, as digits that stand nowhere else.
    fn digits(&mut self, least: u32, most: u32) -> Result<u32> {
        let number = least + u32::from_le_bytes(random()?) % (most - least);
        self.needles.push(number.to_string());
        Ok(number)
    }

    fn cpr(&mut self) -> Result<String> {
        let [day, month, year, rest @ ..] = random::<5>()?;
        let date = format!("{:02}{:02}{:02}", 1 + day % 28, 1 + month % 12, year % 100);
        let serial = u16::from_le_bytes(rest) % 4000;
        let cpr = format!("{date}-{serial:04}");
        self.needles.push(cpr.clone());
        Ok(cpr)
    }

    /// A value of this kind of field that can be found again; none where there is no such value (a code, a date).
    fn value(&mut self, field: &Field) -> Result<Option<Value>> {
        Ok(match &field.field_type {
            FieldType::Text { .. } | FieldType::Line { .. } => {
                Some(Value::Text(self.needle("æøå")?))
            }
            FieldType::Cpr => Some(Value::Text(self.cpr()?)),
            FieldType::Quantity { units }
                if units.iter().any(|unit| unit.unit == "g") && field.name == "weight" =>
            {
                let amount = Decimal::whole(i64::from(self.digits(100_000, 400_000)?));
                Some(Value::Quantity {
                    amount,
                    unit: "g".to_owned(),
                })
            }
            FieldType::Reference => {
                let id = Uuid::from_bytes(random()?);
                self.needles.push(id.as_hyphenated().to_string());
                Some(Value::Reference(id))
            }
            _ => None,
        })
    }

    /// Something findable in every field of a template that takes it, items' fields too.
    fn fill(&mut self, template: &str) -> Result<Vec<Edit>> {
        let template = Templates::built_in()
            .latest(template)
            .context("a template")?;
        let mut edits = Vec::new();
        // Which entry something adds to is no typing: it has to be there.
        let typed = template.fields.iter().filter(|field| !field.fixed);
        for field in typed {
            if let FieldType::Items { fields } = &field.field_type {
                let mut values = Vec::new();
                for part in fields {
                    values.extend(self.value(part)?.map(|value| (part.name.clone(), value)));
                }
                edits.push(Edit::AddItem {
                    field: field.name.clone(),
                    item: Uuid::from_bytes(random()?),
                    values,
                });
            } else if let Some(value) = self.value(field)? {
                edits.push(set(&field.name, value));
            }
        }
        ensure!(
            !edits.is_empty(),
            "nothing can be typed into {}",
            template.name
        );
        Ok(edits)
    }

    fn and_telling(&self) -> Vec<String> {
        let telling = TELLING.iter().map(|word| (*word).to_owned());
        self.needles.iter().cloned().chain(telling).collect()
    }
}

struct Typing {
    world: World,
    typed: Typed,
    anna: Person,
    bodil: Person,
    team: TeamId,
    case: SpaceId,
}

impl Typing {
    async fn begin() -> Result<Self> {
        let world = World::begin_as(Beginning {
            apart: true,
            log_filter: "debug",
            ..Beginning::default()
        })
        .await?;
        world.relay.capture();
        let mut typed = Typed::default();
        let team = world
            .team(&typed.needle("team")?, TeamKind::HealthVisiting)
            .await?;
        let anna = world.person(&typed.needle("anna")?, &[team]).await?;
        let bodil = world.person(&typed.needle("bodil")?, &[team]).await?;
        let case = anna.open_case(team, typed.fill("card")?).await?;
        Ok(Self {
            world,
            typed,
            anna,
            bodil,
            team,
            case,
        })
    }

    /// Types into every template, edits, writes what is refused: work of every state is in the store.
    async fn type_everywhere(&mut self) -> Result<Vec<DocumentId>> {
        let mut written = Vec::new();
        let templates = Templates::built_in();
        let fields = self.typed.fill("note")?;
        let entry = self.anna.write(self.case, "note", fields, None).await?;
        self.anna.sign(entry).await?;
        written.push(entry);
        for template in templates
            .all()
            .iter()
            .filter(|template| template.name != "card")
        {
            let reflection = template.name == "team_reflection";
            let space = if reflection {
                self.team.circle()
            } else {
                self.case
            };
            let mut edits = self.typed.fill(&template.name)?;
            if template.is_addition() {
                edits.push(self.anna.adding_to(entry).await?.1);
            }
            let document = match template.kind {
                TemplateKind::PlannedContact => self.plan(edits).await?,
                _ => self.anna.write(space, &template.name, edits, None).await?,
            };
            written.push(document);
            if let Some(prose) = template
                .fields
                .iter()
                .find(|field| matches!(field.field_type, FieldType::Text { .. }))
            {
                let text = Value::Text(self.typed.needle("rettet")?);
                self.anna.edit(document, &[set(&prose.name, text)]).await?;
            }
        }
        Ok(written)
    }

    async fn plan(&self, fields: Vec<Edit>) -> Result<DocumentId> {
        let contact = NewContact {
            case: self.case,
            planned_at: SystemClock.moment(),
            practitioner: None,
            fields,
        };
        Ok(self.anna.plan_contact(contact).await?)
    }

    /// What can be read in a device's folder, in its files' names, and in what this process holds open.
    fn readable(&self, person: &Person) -> Result<Vec<(String, PathBuf)>> {
        let looked_for = self.typed.and_telling();
        let mut all = found_in_folder(&looked_for, person.folder())?;
        all.extend(found_in_open_files(&looked_for)?);
        Ok(all)
    }
}

/// What can be read in any regular file that this process holds open, deleted ones included.
fn found_in_open_files(needles: &[String]) -> Result<Vec<(String, PathBuf)>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir("/proc/self/fd")? {
        let path = entry?.path();
        // It may be closed meanwhile; pipes and sockets hold nothing at rest.
        let Ok(target) = std::fs::read_link(&path) else {
            continue;
        };
        let Ok(file) = std::fs::metadata(&path) else {
            continue;
        };
        if file.is_file() && !target.starts_with("/proc") {
            let bytes = std::fs::read(&path).unwrap_or_default();
            all.extend(
                found(needles, &bytes)
                    .into_iter()
                    .map(|needle| (needle.to_owned(), target.clone())),
            );
        }
    }
    Ok(all)
}

/// The device's store, copied without its key: the same content in the same form, readable.
async fn unkeyed(person: &Person, folder: &Path) -> Result<()> {
    let store = files_in(person.folder())?;
    let store = store
        .iter()
        .find(|file| file.extension().is_some_and(|one| one == "db"));
    let mut key = String::new();
    for byte in person.key() {
        write!(key, "{byte:02x}")?;
    }
    let mut connection = SqliteConnectOptions::new()
        .filename(store.context("a store")?)
        .pragma("key", format!("\"x'{key}'\""))
        .pragma("cipher_hmac_algorithm", "HMAC_SHA256")
        // Said of the copy, too.
        .create_if_missing(true)
        .connect()
        .await?;
    std::fs::create_dir(folder)?;
    sqlx::query("ATTACH DATABASE ? AS plain KEY ''")
        .bind(folder.join("plain.db").display().to_string())
        .execute(&mut connection)
        .await?;
    sqlx::query("SELECT sqlcipher_export('plain')")
        .execute(&mut connection)
        .await?;
    Ok(connection.close().await?)
}

/// What somebody on the way reads when these bytes travel without TLS.
async fn captured_in_the_clear(bytes: &[u8]) -> Result<Vec<u8>> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let relay = Relay::start(listener.local_addr()?, Duration::ZERO).await?;
    relay.capture();
    let mut device = TcpStream::connect(relay.address()).await?;
    let (mut server, _) = listener.accept().await?;
    device.write_all(bytes).await?;
    device.shutdown().await?;
    let mut arrived = Vec::new();
    server.read_to_end(&mut arrived).await?;
    ensure!(arrived == bytes);
    Ok(relay.captured())
}

/// Every change of every document on a device.
async fn changes(device: &Device, documents: &[DocumentId]) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    for document in documents {
        all.extend(device.export_bytes(*document).await?.concat());
    }
    Ok(all)
}

/// The open files of the whole process are looked through: no other test may have its own open meanwhile.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

fn none(of: &str, readable: &[(String, PathBuf)]) {
    assert!(readable.is_empty(), "{of}: {readable:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_typed_can_be_read_on_the_device_in_the_log_or_on_the_way() {
    let _alone = ALONE.lock().await;
    let mut typing = Typing::begin().await.unwrap();
    typing.world.relay.set_cover(false);
    typing.type_everywhere().await.unwrap();
    let files = files_in(typing.anna.folder()).unwrap();
    let log = files
        .iter()
        .find(|file| file.display().to_string().ends_with("-wal"));
    assert!(
        std::fs::metadata(log.unwrap()).unwrap().len() > 0,
        "the write-ahead log is in use"
    );
    none("unsent", &typing.readable(&typing.anna).unwrap());

    typing.world.relay.set_cover(true);
    settle(&[&typing.anna, &typing.bodil]).await.unwrap();
    none("synced", &typing.readable(&typing.anna).unwrap());
    none("received", &typing.readable(&typing.bodil).unwrap());

    // Refused work is kept, and sealed as all the rest.
    let bodil = typing.bodil.identity().await.unwrap().unwrap().practitioner;
    let refused = typing.typed.needle("afvist").unwrap();
    typing.bodil.note(typing.case, &refused).await.unwrap();
    typing
        .world
        .end_membership(bodil, typing.team)
        .await
        .unwrap();
    let report = typing.bodil.sync().await.unwrap();
    assert_eq!(report.refused, 1);
    none(
        "refused and purged",
        &typing.readable(&typing.bodil).unwrap(),
    );
    typing.anna.close().await;
    typing.bodil.close().await;
    none("closed", &typing.readable(&typing.anna).unwrap());
    none("closed", &typing.readable(&typing.bodil).unwrap());

    let captured = typing.world.relay.captured();
    assert!(
        captured.len() > 10_000,
        "only {} bytes passed",
        captured.len()
    );
    let on_the_way = found(&typing.typed.needles, &captured);
    assert!(on_the_way.is_empty(), "on the way: {on_the_way:?}");
    let logged = typing.world.stop_server().await.unwrap();
    assert!(
        logged.contains("/v1/push"),
        "the log tells of the push: {logged}"
    );
    let in_the_log = found(&typing.typed.needles, logged.as_bytes());
    assert!(in_the_log.is_empty(), "in the log: {in_the_log:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_search_finds_everything_where_there_is_no_key() {
    let _alone = ALONE.lock().await;
    let mut typing = Typing::begin().await.unwrap();
    let mut documents = typing.type_everywhere().await.unwrap();
    settle(&[&typing.anna, &typing.bodil]).await.unwrap();
    let cases = CaseFilter::default();
    let row = typing.anna.cases(cases).await.unwrap();
    documents.extend(row[0].card);
    let changes = changes(&typing.anna, &documents).await.unwrap();
    typing.anna.close().await;

    let plain = typing.world.folder().join("plain");
    unkeyed(&typing.anna, &plain).await.unwrap();
    let at_rest = found_in_folder(&typing.typed.and_telling(), &plain).unwrap();
    for needle in typing.typed.and_telling() {
        assert!(
            at_rest.iter().any(|(found, _)| *found == needle),
            "{needle} is not in the unkeyed store"
        );
    }
    // The server's database has no key either (its key store and its disk protect it): the search sees a live one.
    let served = found_in_folder(&typing.typed.needles, &typing.world.server_folder()).unwrap();
    assert!(!served.is_empty());

    // Names travel as facts, an edit as the letters that differ; all else stands in the documents' changes.
    let elsewhere = ["-team-", "-anna-", "-bodil-", "-rettet-"];
    let in_documents = typing.typed.needles.iter();
    let in_documents: Vec<String> = in_documents
        .filter(|needle| !elsewhere.iter().any(|part| needle.contains(part)))
        .cloned()
        .collect();
    let captured = captured_in_the_clear(&changes).await.unwrap();
    let on_the_way = found(&in_documents, &captured);
    assert!(
        on_the_way.len() > 30,
        "only {} were typed",
        on_the_way.len()
    );
    assert_eq!(on_the_way, in_documents);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_leaves_nothing_readable_behind() {
    let _alone = ALONE.lock().await;
    let world = World::begin().await.unwrap();
    let team = world
        .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
        .await
        .unwrap();
    let mut anna = world.person("Anna Holm", &[team]).await.unwrap();
    let case = anna.open_named_case(team, "Freja Lund").await.unwrap();
    anna.sync().await.unwrap();
    anna.close().await;
    let key_file = world.folder().join("a.key");
    let mut key = String::new();
    anna.key()
        .iter()
        .for_each(|byte| write!(key, "{byte:02x}").unwrap());
    std::fs::write(&key_file, key).unwrap();
    std::fs::set_permissions(
        &key_file,
        std::os::unix::fs::PermissionsExt::from_mode(0o600),
    )
    .unwrap();
    let temporary = world.folder().join("temporary");
    std::fs::create_dir(&temporary).unwrap();
    let needle = vec![make_needle("kommando").unwrap()];
    let text = format!("text={}", needle[0]);
    let mut command = Command::new(program::built("samspor").unwrap());
    command
        .args(["device", "--folder"])
        .arg(anna.folder())
        .arg("--key-file")
        .arg(&key_file);
    command.args([
        "write",
        "note",
        "--case",
        &case.to_string(),
        "--text",
        &text,
    ]);
    command
        .env("TMPDIR", &temporary)
        .env("SQLITE_TMPDIR", &temporary)
        .env("HOME", &temporary);
    let ended = Program::start(command).unwrap().end().await.unwrap();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for folder in [anna.folder(), &temporary] {
        none(
            "after the command",
            &found_in_folder(&needle, folder).unwrap(),
        );
    }
    assert!(
        found(&needle, ended.errors.as_bytes()).is_empty(),
        "{}",
        ended.errors
    );
    anna.open().await.unwrap();
    let page = samspor_client_core::TimelinePage::default();
    let row = anna.timeline(case, page).await.unwrap().remove(0);
    assert_eq!(anna.text_of(row.document).await.unwrap(), needle[0]);
}
