//! What an organisation sets for all its devices: a template is retired, and nothing that anybody wrote is lost by it; a
//! visit schedule of its own.

use anyhow::{Context as _, Result, ensure};
use jiff::civil::Date;
use samspor_client_core::{DeviceError, DueFilter, EntryState};
use samspor_documents::{
    document::AuthorError,
    id::{SpaceId, TeamId},
    time::Moment,
    value::Value,
};
use samspor_protocol::fact::TeamKind;
use samspor_server::admin::AdminError;
use samspor_tests::{
    browser::Browser,
    hand_made,
    person::{Person, prose, set, settle},
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

const OWN: &str = "remind_days = 3\n\n[[window]]\nvisit_type = \"school_entry\"\ncounted_from = \"birth\"\n\
                   from = { years = 6, months = 6 }\nuntil = { years = 7 }\ncorrected = false\n\
                   source = \"municipality\"\nnote = { da = \"I 0. klasse\", en = \"In the first class\" }\n";

/// A child born on this day, and what of it is due on another.
struct Born(SpaceId);

impl Born {
    async fn on(person: &Person, team: TeamId, day: Date) -> Result<Self> {
        let card = vec![
            prose("name", "Selma Dam"),
            set("birth_date", Value::Date(day)),
        ];
        Ok(Self(person.open_case(team, card).await?))
    }

    async fn due(&self, person: &Person, day: Date) -> Result<Vec<String>> {
        let rows = person.due(day, DueFilter::default()).await?;
        let of_it = rows.into_iter().filter(|row| row.case == self.0);
        Ok(of_it.filter_map(|row| row.visit_type).collect())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_device_goes_by_the_schedule_that_its_municipality_set_once_it_has_synced()
-> Result<()> {
    let world = World::begin().await?;
    let team = world
        .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
        .await?;
    let anna = world.person("Anna Holm", &[team]).await?;
    let bodil = world.person("Bodil Kjær", &[team]).await?;
    let selma = Born::on(&anna, team, Date::constant(2020, 3, 10)).await?;
    settle(&[&anna, &bodil]).await?;
    let (six, later) = (Date::constant(2026, 4, 1), Date::constant(2026, 10, 1));
    let entry = ["school_entry".to_owned()];
    ensure!(selma.due(&anna, six).await? == entry && selma.due(&bodil, later).await? == entry);

    let admin = world.admin().await?;
    let bad = admin
        .set_schedule(&OWN.replace("years = 7", "years = 6"))
        .await;
    let Err(AdminError::Schedule(error)) = bad else {
        anyhow::bail!("it was set: {bad:?}");
    };
    ensure!(
        (error.line(), error.field()) == (7, Some("until")),
        "{error}"
    );
    ensure!(admin.schedule_file().await?.is_none());
    world.relay.set_cover(false);
    ensure!(admin.set_schedule(OWN).await? && !admin.set_schedule(OWN).await?);
    ensure!(admin.schedule_file().await?.as_deref() == Some(OWN));
    ensure!(selma.due(&anna, six).await? == entry, "not heard of yet");
    world.relay.set_cover(true);
    for person in [&anna, &bodil] {
        wait::until("the schedule to arrive", async || {
            person.sync().await?;
            Ok(person.visit_schedule().await?.is_own)
        })
        .await?;
        ensure!(selma.due(person, six).await?.is_empty());
        ensure!(selma.due(person, later).await? == entry);
    }
    // Who comes later hears of it with everything else.
    let carl = world.person("Carl Ravn", &[team]).await?;
    settle(&[&carl]).await?;
    ensure!(carl.visit_schedule().await?.is_own && selma.due(&carl, six).await?.is_empty());

    ensure!(admin.reset_schedule().await? && !admin.reset_schedule().await?);
    admin.close().await;
    wait::until("the one that ships to hold again", async || {
        anna.sync().await?;
        Ok(!anna.visit_schedule().await?.is_own)
    })
    .await?;
    ensure!(selma.due(&anna, six).await? == entry);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_the_day_goes_by_the_municipalitys_schedule() -> Result<()> {
    let world = World::begin().await?;
    let team = world
        .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
        .await?;
    let anna = world.person("Anna Holm", &[team]).await?;
    let now = Moment {
        at: hand_made::now(),
        offset_minutes: 60,
    };
    let today = now.day().context("a day")?;
    let born = today.saturating_sub(jiff::Span::new().days(400));
    Born::on(&anna, team, born).await?;
    settle(&[&anna]).await?;

    let admin = world.admin().await?;
    let me = anna.identity().await?.context("enrolled")?.practitioner;
    let url = world.server_url();
    let browser = Browser::sign_in(&url, &admin.sign_in_link(me, &url).await?).await?;
    let listed = async || {
        let day = browser.read("/api/v1/today").await?;
        Ok::<_, anyhow::Error>(day.contains("school_leaving"))
    };
    ensure!(
        !listed().await?,
        "the schedule that ships asks a small child"
    );
    let early = OWN
        .replace("school_entry", "school_leaving")
        .replace("{ years = 6, months = 6 }", "{ years = 1 }");
    ensure!(admin.set_schedule(&early).await?);
    ensure!(listed().await?);
    ensure!(admin.reset_schedule().await?);
    ensure!(!listed().await?);
    admin.close().await;
    Ok(())
}
