//! Every template in the hands of two colleagues: drafted and published, written by both without cover, synced, chosen,
//! signed, verified, corrected and read on the timeline. No template is named here but those that add to a signed entry.

use anyhow::{Context as _, Result, ensure};
use samspor_client_core::{EntryState, TimelinePage, TimelineRow};
use samspor_documents::{
    id::{DocumentId, SpaceId},
    reading::Reading,
    template::{Language, Template, TemplateKind, Templates, names_document},
};
use samspor_protocol::fact::TeamKind;
use samspor_tests::{
    browser::Browser,
    filled::{Hand, choices, edits, filled, filled_count, items, lost, moment, unreadable},
    person::{Person, settle},
    program::{self, Program},
    wait,
    world::World,
};
use std::{collections::BTreeMap, path::Path};
use tokio::process::Command;

/// What corrects a signed entry; every other template is of something to be corrected.
const CORRECTIONS: [&str; 2] = ["addendum", "citizen_remark"];

struct Two {
    world: World,
    anna: Person,
    bodil: Person,
    case: SpaceId,
    circle: SpaceId,
    /// One document of every template.
    documents: BTreeMap<DocumentId, &'static Template>,
}

/// The newest version of every template that is written, corrections left out.
fn written() -> Vec<&'static Template> {
    let templates = Templates::built_in();
    let newest = |template: &&Template| {
        templates
            .latest(&template.name)
            .is_some_and(|latest| latest == *template)
    };
    let all = templates.all().iter().filter(newest);
    all.filter(|template| template.kind.is_signed() && !template.is_addition())
        .collect()
}

async fn begin() -> Result<Two> {
    let world = World::begin().await?;
    let team = world
        .team("Familierådgivningen", TeamKind::FamilyCounselling)
        .await?;
    let anna = world.practitioner("Anna Holm", &[team]).await?;
    let bodil = world.practitioner("Bodil Kjær", &[team]).await?;
    let (anna, bodil, colleague) = (world.device(anna).await?, world.device(bodil).await?, bodil);
    anna.until_member_of(&[team]).await?;
    bodil.until_member_of(&[team]).await?;
    let case = anna.open_named_case(team, "Freja Lund").await?;
    let circle = anna
        .open_circle("Om samarbejdet", vec![colleague], vec![case])
        .await?;
    let mut documents = BTreeMap::new();
    for template in written() {
        let subject = match template.kind {
            TemplateKind::Reflection => circle,
            _ => case,
        };
        let draft = anna.draft(
            subject,
            &template.name,
            items(template),
            Some(moment(Hand::One)),
        );
        documents.insert(anna.publish(draft.await?).await?, template);
    }
    settle(&[&anna, &bodil]).await?;
    Ok(Two {
        world,
        anna,
        bodil,
        case,
        circle,
        documents,
    })
}

/// Both write into every field without cover, and meet again: nothing is lost. Bodil chooses what waits.
async fn written_at_once(two: &Two) -> Result<()> {
    two.world.relay.set_cover(false);
    for (document, template) in &two.documents {
        two.anna
            .edit(*document, &edits(template, Hand::One))
            .await?;
        two.bodil
            .edit(*document, &edits(template, Hand::Other))
            .await?;
    }
    two.world.relay.set_cover(true);
    settle(&[&two.anna, &two.bodil]).await?;
    for (document, template) in &two.documents {
        let reading = two.bodil.read(*document).await?;
        ensure!(
            reading == two.anna.read(*document).await?,
            "{}",
            template.name
        );
        let lost = lost(template, &reading);
        ensure!(lost.is_empty(), "{lost:?}");
        let waiting = choices(template, &reading);
        ensure!(
            waiting.len() == reading.conflicts && !waiting.is_empty(),
            "{}",
            template.name
        );
        ensure!(
            two.bodil.sign(*document).await.is_err(),
            "{} waits for a choice",
            template.name
        );
        two.bodil.edit(*document, &waiting).await?;
    }
    settle(&[&two.bodil, &two.anna]).await
}

async fn all_signed(person: &Person, documents: &[DocumentId]) -> Result<()> {
    wait::until("all signatures to arrive", async || {
        person.sync().await?;
        for document in documents {
            let row = person.row(*document).await?;
            if row.is_none_or(|row| row.state != EntryState::Signed) {
                return Ok(false);
            }
        }
        Ok(true)
    })
    .await
}

/// Anna signs them all; both hold the same text, of which nothing is missing in either language.
async fn signed(two: &Two) -> Result<()> {
    let documents: Vec<DocumentId> = two.documents.keys().copied().collect();
    for document in &documents {
        two.anna.sign(*document).await?;
    }
    all_signed(&two.anna, &documents).await?;
    all_signed(&two.bodil, &documents).await?;
    for (document, template) in &two.documents {
        let reading = two.bodil.read(*document).await?;
        ensure!(lines(&reading) == lines(&two.anna.read(*document).await?));
        ensure!(filled(template, &reading).len() == filled_count(template));
        for language in [Language::Danish, Language::English] {
            let unreadable = unreadable(template, &reading, language);
            ensure!(unreadable.is_empty(), "{unreadable:?}");
        }
    }
    Ok(())
}

fn lines(reading: &Reading) -> [Vec<String>; 2] {
    [Language::Danish, Language::English]
        .map(|language| reading.summary(Templates::built_in(), language, usize::MAX))
}

/// What `samspor verify` reads in an exported file, in one language, from that file alone.
async fn verify(folder: &Path, file: &Path, lang: &str) -> Result<Vec<String>> {
    let mut command = Command::new(program::built("samspor")?);
    command
        .args(["--json", "--lang", lang, "verify"])
        .arg(file)
        .current_dir(folder);
    let ended = Program::start(command)?.end().await?;
    ensure!(ended.code == Some(0), "{ended:?}");
    let said: Verified = serde_json::from_str(&ended.output.concat())?;
    ensure!(said.holds, "{:?}", said.lines);
    Ok(said.lines)
}

/// What `samspor verify` says, as far as it is asked here.
#[derive(serde::Deserialize)]
struct Verified {
    holds: bool,
    lines: Vec<String>,
}

/// Each is proven by its file alone, and says all its lines.
async fn verified(two: &Two) -> Result<()> {
    for (document, template) in &two.documents {
        let record = two.bodil.export_signed(*document).await?;
        let file = two
            .world
            .folder()
            .join(format!("{}.samspor", template.name));
        std::fs::write(&file, record)?;
        let said = lines(&two.bodil.read(*document).await?);
        for (lang, lines) in ["da", "en"].into_iter().zip(said) {
            let shown = verify(two.world.folder(), &file, lang).await?;
            ensure!(
                shown == lines && !lines.is_empty(),
                "{shown:?} for {lines:?}"
            );
        }
    }
    Ok(())
}

/// Bodil corrects every entry of the case with every kind of correction, filled to the brim, and signs that.
async fn corrected(two: &Two) -> Result<()> {
    let mut all = Vec::new();
    for (document, template) in &two.documents {
        if template.kind == TemplateKind::Reflection {
            continue;
        }
        for name in CORRECTIONS {
            let correction = Templates::built_in().latest(name).context("it ships")?;
            let (subject, names_entry) = two.bodil.adding_to(*document).await?;
            let mut fields = vec![names_entry];
            fields.extend(items(correction));
            fields.extend(edits(correction, Hand::Other));
            let addition = two.bodil.write(subject, name, fields, None).await?;
            two.bodil.sign(addition).await?;
            all.push(addition);
        }
    }
    all_signed(&two.bodil, &all).await?;
    all_signed(&two.anna, &all).await
}

fn stands(rows: &[TimelineRow], two: &Two, additions: usize) -> Result<()> {
    for row in rows {
        let template = two.documents.get(&row.document).context("one of them")?;
        ensure!(
            row.title_da.starts_with(&template.labels.da),
            "{}",
            row.title_da
        );
        ensure!(
            row.title_en.starts_with(&template.labels.en),
            "{}",
            row.title_en
        );
        ensure!(row.additions.len() == additions, "{}", template.name);
    }
    Ok(())
}

/// On devices and on the page, in both languages: entries on the child's timeline, reflections in their circle alone.
async fn read(two: &Two) -> Result<()> {
    let page = TimelinePage {
        limit: 100,
        ..TimelinePage::default()
    };
    for person in [&two.anna, &two.bodil] {
        let entries = person.timeline(two.case, page).await?;
        stands(&entries, two, CORRECTIONS.len())?;
        let reflections = person.written_in(two.circle, false).await?;
        stands(&reflections, two, 0)?;
        ensure!(entries.len() + reflections.len() == two.documents.len());
    }
    let bodil = two.bodil.identity().await?.context("enrolled")?;
    let url = two.world.server_url();
    let admin = two.world.admin().await?;
    let link = admin.sign_in_link(bodil.practitioner, &url).await?;
    admin.close().await;
    let browser = Browser::sign_in(&url, &link).await?;
    for (code, language) in [("da", Language::Danish), ("en", Language::English)] {
        let page = browser
            .read(&format!("/children/{}?lang={code}", two.case))
            .await?;
        for (document, template) in &two.documents {
            let entry = page.split_once(&format!("id=\"e{document}\""));
            ensure!(
                entry.is_some() == (template.kind != TemplateKind::Reflection),
                "{}",
                template.name
            );
            let entry = entry.map_or("", |(_, from)| from);
            let entry = entry.split_once("id=\"e").map_or(entry, |(entry, _)| entry);
            let told = template
                .fields
                .iter()
                .filter(|field| !entry.is_empty() && Some(&field.name) != template.title.as_ref())
                // Told by where the entry stands.
                .filter(|field| !names_document(&field.name));
            let missing =
                told.filter(|field| !entry.contains(&escaped(field.labels.get(language))));
            let missing: Vec<&str> = missing.map(|field| field.name.as_str()).collect();
            ensure!(missing.is_empty(), "{} {missing:?}", template.name);
        }
    }
    Ok(())
}

/// As a page has it.
fn escaped(text: &str) -> String {
    text.replace('&', "&#38;").replace('\'', "&#39;")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_template_is_written_by_two_at_once_signed_verified_corrected_and_read() -> Result<()>
{
    let two = begin().await?;
    ensure!(two.documents.len() > CORRECTIONS.len());
    written_at_once(&two).await?;
    signed(&two).await?;
    verified(&two).await?;
    corrected(&two).await?;
    read(&two).await
}

#[tokio::test]
async fn a_templates_file_is_checked_at_the_command_line_in_the_readers_language() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("own.toml");
    let own = "name = \"own\"\nversion = 1\nkind = \"entry\"\nlabels = { da = \"Egen\", en = \"Own\" }\n\n\
        [[field]]\nuse = \"bisidder\"\n\n[[field]]\nname = \"mood\"\nlabels = { da = \"Humør\", en = \"Mood\" }\ntype = \"integer\"\n";
    let held = format!("{own}least = 0\nmost = 10\nmerge = \"keep_all\"\n");
    for (text, lang, code, expected) in [
        (
            held.as_str(),
            "da",
            0,
            "Skabelonen kan bruges: own, version 1",
        ),
        (held.as_str(), "en", 0, "mood: Mood"),
        (
            own,
            "da",
            3,
            "own.toml, linje 10, felt mood: typen integer skal have least og most",
        ),
        (
            own,
            "en",
            3,
            "own.toml, line 10, field mood: an integer needs least and most",
        ),
    ] {
        std::fs::write(&file, text)?;
        let mut command = Command::new(program::built("samspor")?);
        command
            .args(["--lang", lang, "admin", "template", "check"])
            .arg(&file);
        let ended = Program::start(command)?.end().await?;
        ensure!(ended.code == Some(code), "{ended:?}");
        let said = ended.output.join("\n") + &ended.errors;
        ensure!(said.contains(expected), "{said}");
    }
    Ok(())
}
