//! A municipality adds a template of its own: who has not heard of it yet receives what was written in it whole, and reads
//! it in Danish once it comes; versions stand side by side. A signed entry's file carries its template to whoever verifies it.

#![expect(
    clippy::indexing_slicing,
    reason = "a test alters a byte and reads what is printed, and fails by panic"
)]

use anyhow::{Context as _, Result, ensure};
use samspor_client_core::{DeviceError, EntryState, TimelinePage, TimelineRow};
use samspor_documents::{
    document::{Document, NewDocument},
    id::{DocumentId, PractitionerId, SpaceId},
    template::{Language, OwnFile, Template, Templates},
    time::Moment,
};
use samspor_protocol::{
    fact::TeamKind,
    push::{Answer, Operation},
};
use samspor_server::admin::TemplateAdded;
use samspor_tests::{
    browser::Browser,
    filled::{Hand, edits, filled, filled_count, items, unreadable},
    hand_made::{now, random},
    person::{Person, prose, settle},
    program::{self, Program},
    wait,
    world::World,
};
use serde_json::Value;
use tokio::process::Command;

const NAME: &str = "trivselssamtale";
const ONE: &str = include_str!("../../docs/templates/trivselssamtale.toml");
const TWO: &str = include_str!("../../docs/templates/trivselssamtale_2.toml");
/// What the page and the lists call a field of it.
const LABEL: &str = "Sådan går det, siger barnet";

/// Anna and Bodil of one team, with a case.
struct Two {
    world: World,
    bo: PractitionerId,
    anna: Person,
    bodil: Person,
    case: SpaceId,
}

async fn begin() -> Result<Two> {
    let world = World::begin().await?;
    let team = world
        .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
        .await?;
    let anna = world.practitioner("Anna Holm", &[team]).await?;
    let bo = world.practitioner("Bodil Kjær", &[team]).await?;
    let (anna, bodil) = (world.device(anna).await?, world.device(bo).await?);
    anna.until_member_of(&[team]).await?;
    bodil.until_member_of(&[team]).await?;
    let case = anna.open_named_case(team, "Freja Lund").await?;
    settle(&[&anna, &bodil]).await?;
    Ok(Two {
        world,
        bo,
        anna,
        bodil,
        case,
    })
}

impl Two {
    /// What the child's page says to Bodil.
    async fn page(&self) -> Result<String> {
        let admin = self.world.admin().await?;
        let url = self.world.server_url();
        let link = admin.sign_in_link(self.bo, &url).await?;
        admin.close().await;
        let browser = Browser::sign_in(&url, &link).await?;
        browser.read(&format!("/children/{}", self.case)).await
    }

    /// Waits until the page says something.
    async fn page_says(&self, text: &str) -> Result<()> {
        let what = format!("the page to say {text}");
        wait::until(&what, async || Ok(self.page().await?.contains(text))).await
    }

    async fn add(&self, text: &str) -> Result<TemplateAdded> {
        let admin = self.world.admin().await?;
        let added = admin.add_template("a file", text).await?;
        admin.close().await;
        Ok(added)
    }
}

async fn hears_of(person: &Person, version: u32) -> Result<()> {
    wait::until("the device to hear of the template", async || {
        person.sync().await?;
        Ok(person.templates().get(NAME, version).is_some())
    })
    .await
}

async fn row(person: &Person, document: DocumentId) -> Result<TimelineRow> {
    let row = person.row(document).await?;
    row.context("it stands in a list")
}

/// It is written out in every field, by somebody with no cover.
async fn written(two: &Two, template: &Template) -> Result<DocumentId> {
    two.world.relay.set_cover(false);
    let draft = two.anna.draft(two.case, NAME, items(template), None);
    let document = two.anna.publish(draft.await?).await?;
    two.anna.edit(document, &edits(template, Hand::One)).await?;
    two.world.relay.set_cover(true);
    Ok(document)
}

/// Whoever holds it reads all of it in both languages.
async fn reads(person: &Person, document: DocumentId, template: &Template) -> Result<()> {
    let reading = person.read(document).await?;
    ensure!(reading.template_known && reading.template_version == template.version);
    ensure!(filled(template, &reading).len() == filled_count(template));
    for language in [Language::Danish, Language::English] {
        let unreadable = unreadable(template, &reading, language);
        ensure!(unreadable.is_empty(), "{unreadable:?}");
    }
    let row = row(person, document).await?;
    ensure!(row.title_da.starts_with("Trivselssamtale"), "{row:?}");
    ensure!(row.title_en.starts_with("Talk about well-being"), "{row:?}");
    ensure!(row.summary_da.contains("Deltagere"), "{row:?}");
    Ok(())
}

async fn signed(two: &Two, document: DocumentId) -> Result<()> {
    two.anna.sign(document).await?;
    is_labelled(&proven(two, document).await?)
}

/// Its signature has arrived, and its file proves it without the server.
async fn proven(two: &Two, document: DocumentId) -> Result<Value> {
    wait::until("the signature to arrive", async || {
        settle(&[&two.anna, &two.bodil]).await?;
        Ok(row(&two.bodil, document).await?.state == EntryState::Signed)
    })
    .await?;
    verified(two, &two.bodil.export_signed(document).await?).await
}

/// What `samspor verify` says of a file, in English.
async fn verified(two: &Two, bytes: &[u8]) -> Result<Value> {
    let file = two.world.folder().join("one.samspor");
    std::fs::write(&file, bytes)?;
    let mut command = Command::new(program::built("samspor")?);
    let args = ["--json", "--lang", "en", "verify"];
    command.args(args).arg(&file);
    let ended = Program::start(command)?.end().await?;
    ensure!(ended.code == Some(0), "{ended:?}");
    let said: Value = serde_json::from_str(&ended.output.concat())?;
    ensure!(said["holds"] == true, "{said}");
    Ok(said)
}

/// It reads with its labels, which are the organisation's own.
fn is_labelled(said: &Value) -> Result<()> {
    ensure!(said["labels"] == "organisation", "{said}");
    ensure!(
        said["title"].to_string().contains("Talk about well-being"),
        "{said}"
    );
    let lines = said["lines"].to_string();
    ensure!(lines.contains("How it is, the child says: "), "{lines}");
    Ok(())
}

/// One letter of the attached template is another: what is proven holds, and its labels are not used.
async fn altered_gives_nothing(two: &Two, document: DocumentId) -> Result<()> {
    let mut file = two.bodil.export_signed(document).await?;
    let label = b"How it is, the child says";
    let mut places = file.windows(label.len());
    let at = places.rposition(|window| window == label);
    file[at.context("it is attached")?] = b'N';
    let said = verified(two, &file).await?;
    ensure!(said["labels"] == "attached_unusable", "{said}");
    let lines = said["lines"].to_string();
    ensure!(
        lines.contains("how_it_is: ") && !lines.contains("the child says"),
        "{lines}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_municipality_adds_is_written_signed_and_read_by_who_hears_of_it_later() -> Result<()>
{
    let two = begin().await?;
    two.world.relay.set_cover(false);
    ensure!(matches!(two.add(ONE).await?, TemplateAdded::Now(_)));
    ensure!(matches!(two.add(ONE).await?, TemplateAdded::Before(_)));
    let early = two.anna.draft(two.case, NAME, Vec::new(), None).await;
    ensure!(
        matches!(early, Err(DeviceError::Author { .. })),
        "{early:?}"
    );
    two.world.relay.set_cover(true);

    hears_of(&two.anna, 1).await?;
    let templates = two.anna.templates();
    let first = templates.get(NAME, 1).context("told")?;
    ensure!(templates.is_own(first) && two.anna.templates_aside().await?.is_empty());
    let document = written(&two, first).await?;
    // Bodil has not heard of it: both come in one sync.
    ensure!(two.bodil.templates().get(NAME, 1).is_none());
    settle(&[&two.anna, &two.bodil]).await?;
    reads(&two.anna, document, first).await?;
    reads(&two.bodil, document, first).await?;
    ensure!(two.bodil.read(document).await? == two.anna.read(document).await?);
    two.page_says(LABEL).await?;
    signed(&two, document).await?;
    reads(&two.bodil, document, first).await?;

    two.add(TWO).await?;
    hears_of(&two.anna, 2).await?;
    let templates = two.anna.templates();
    let second = templates.get(NAME, 2).context("told")?;
    let newer = written(&two, second).await?;
    settle(&[&two.anna, &two.bodil]).await?;
    for person in [&two.anna, &two.bodil] {
        reads(person, document, first).await?;
        reads(person, newer, second).await?;
        let rows = person.timeline(two.case, TimelinePage::default()).await?;
        ensure!(rows.len() == 2);
    }
    signed(&two, newer).await?;
    two.page_says("Venner").await?;
    let changed = two.add(&TWO.replace("0-10", "1-10")).await;
    ensure!(changed.is_err(), "a version never changes: {changed:?}");
    Ok(())
}

/// The first change of an entry in a template that only its writer knows.
fn first_change(two: &Two, authoring: &samspor_documents::authoring::Authoring) -> Result<Vec<u8>> {
    let file = OwnFile {
        name: NAME,
        version: 1,
        text: ONE,
    };
    let (templates, _) = Templates::with_own(&[file]);
    let new = NewDocument {
        template: NAME,
        subject: two.case,
        occurred_at: Moment {
            at: now(),
            offset_minutes: 60,
        },
        fields: vec![prose("how_it_is", "Bedre end før, på Ærø")],
    };
    Ok(Document::create(&templates, &new, authoring)?.1)
}

/// An entry of Bodil's in that template, from a device made by hand.
async fn sent(two: &Two) -> Result<DocumentId> {
    let writer = two.world.hand_made(two.bo).await?;
    let change = first_change(two, &writer.authoring()?)?;
    let document = DocumentId::make(now(), random()?);
    let pushed = writer
        .push_one(two.case, Some(document), Operation::change(change))
        .await?;
    ensure!(matches!(pushed, Answer::Accepted { .. }), "{pushed:?}");
    Ok(document)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_comes_before_its_template_is_whole_and_reads_when_that_comes() -> Result<()>
{
    let two = begin().await?;
    let documents = [sent(&two).await?, sent(&two).await?];
    two.page_says("Bedre end før, på Ærø").await?;
    ensure!(!two.page().await?.contains(LABEL));
    settle(&[&two.anna, &two.bodil]).await?;
    let before = two.anna.read(documents[0]).await?;
    ensure!(!before.template_known && before.template == NAME);
    ensure!(before.field("how_it_is").is_some());
    for document in documents {
        ensure!(!row(&two.anna, document).await?.summary_da.contains(LABEL));
    }
    // One of them is signed by who knows its template no better.
    two.bodil.sign(documents[1]).await?;
    let said = proven(&two, documents[1]).await?;
    ensure!(
        said["labels"] == "none" && said["attached_template"].is_null(),
        "{said}"
    );
    ensure!(!two.page().await?.contains(LABEL));

    two.add(ONE).await?;
    for person in [&two.anna, &two.bodil] {
        hears_of(person, 1).await?;
        for document in documents {
            let after = person.read(document).await?;
            ensure!(after.template_known && after.authors == before.authors);
            let row = row(person, document).await?;
            ensure!(row.title_da.starts_with("Trivselssamtale"), "{row:?}");
            ensure!(row.summary_da.contains(LABEL), "{row:?}");
        }
    }
    wait::until("the page to show both with labels", async || {
        Ok(two.page().await?.matches(LABEL).count() == 2)
    })
    .await?;
    is_labelled(&proven(&two, documents[1]).await?)?;
    altered_gives_nothing(&two, documents[1]).await?;
    // What devices were fed has not changed by it: no document travels a second time.
    let quiet = two.anna.sync().await?;
    ensure!(quiet.received == 0 && quiet.repairs == 0, "{quiet:?}");
    Ok(())
}
