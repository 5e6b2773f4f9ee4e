//! What an organisation sets for all its devices: a template is retired, and nothing that anybody wrote is lost by it.

use anyhow::{Context as _, Result, ensure};
use samspor_client_core::{DeviceError, EntryState};
use samspor_documents::{document::AuthorError, id::SpaceId};
use samspor_protocol::fact::TeamKind;
use samspor_tests::{
    person::{Person, prose, settle},
    wait,
    world::World,
};

/// Anna and Bodil of one team, with a case.
struct Two {
    world: World,
    anna: Person,
    bodil: Person,
    case: SpaceId,
}

async fn begin() -> Result<Two> {
    let world = World::begin().await?;
    let team = world
        .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
        .await?;
    let anna = world.person("Anna Holm", &[team]).await?;
    let bodil = world.person("Bodil Kjær", &[team]).await?;
    let case = anna.open_named_case(team, "Freja Lund").await?;
    settle(&[&anna, &bodil]).await?;
    Ok(Two {
        world,
        anna,
        bodil,
        case,
    })
}

impl Two {
    async fn retire(&self, version: Option<u32>, is_retired: bool) -> Result<Option<u32>> {
        let admin = self.world.admin().await?;
        let done = admin.retire_template("note", version, is_retired).await?;
        admin.close().await;
        ensure!(done.changed);
        Ok(done.templates.begun("note").map(|begun| begun.version))
    }

    /// Waits until a new note begins in this version on a device; in none.
    async fn hears(&self, person: &Person, version: Option<u32>) -> Result<()> {
        wait::until("the device to hear of it", async || {
            person.sync().await?;
            let begun = person.templates().begun("note").map(|begun| begun.version);
            Ok(begun == version)
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_by_who_has_not_heard_that_a_template_is_retired_is_not_lost() -> Result<()>
{
    let two = begin().await?;
    let (anna, bodil) = (&two.anna, &two.bodil);
    two.world.relay.set_cover(false);
    let fields = vec![prose("text", "Skrevet uden dækning")];
    let draft = anna.draft(two.case, "note", fields, None).await?;
    let written = anna.note(two.case, "Nåede at begynde").await?;
    ensure!(two.retire(None, true).await?.is_none());
    two.world.relay.set_cover(true);

    two.hears(bodil, None).await?;
    let refused = bodil.write(two.case, "note", Vec::new(), None).await;
    let Err(DeviceError::Author { source }) = &refused else {
        anyhow::bail!("not refused: {refused:?}");
    };
    let is_retired =
        matches!(source, AuthorError::RetiredTemplate { known } if known.contains("home_visit"));
    ensure!(is_retired, "{source:?}");

    // Anna's arrives whole, is edited by a colleague, published, and signed.
    two.hears(anna, None).await?;
    let published = anna.publish(draft).await?;
    settle(&[anna, bodil]).await?;
    let more = [prose("text", "Nåede at begynde. Føjet til af Bodil.")];
    ensure!(bodil.edit(written, &more).await?);
    settle(&[bodil, anna]).await?;
    for document in [published, written] {
        anna.sign(document).await?;
    }
    settle(&[anna, bodil]).await?;
    for document in [published, written] {
        let row = bodil.row(document).await?.context("it stands in a list")?;
        ensure!(row.state == EntryState::Signed, "{row:?}");
    }
    let text = bodil.text_of(written).await?;
    ensure!(text.contains("Føjet til af Bodil") && text.contains("Nåede at begynde"));
    ensure!(anna.not_delivered().await?.is_empty() && bodil.not_delivered().await?.is_empty());

    // Back to use, but for its newest version.
    let newest = two
        .anna
        .templates()
        .latest("note")
        .context("ships")?
        .version;
    two.retire(Some(newest), true).await?;
    ensure!(two.retire(None, false).await? == Some(newest - 1));
    two.hears(bodil, Some(newest - 1)).await?;
    let note = bodil.note(two.case, "I den ældre").await?;
    settle(&[anna, bodil]).await?;
    ensure!(anna.read(note).await?.template_version == newest - 1);
    Ok(())
}
