//! A reflection ends: nobody writes in it any more, what was under way stays with whoever wrote it, and of all that was
//! written others see the learning lines alone.

use anyhow::{Context as _, Result, ensure};
use samspor_client_core::{CircleRow, DeviceError, EntryState, NewClosing, TimelinePage};
use samspor_documents::id::{DocumentId, PractitionerId, SpaceId, TeamId};
use samspor_protocol::{closing::ReflectionKind, fact::TeamKind, wire};
use samspor_tests::{
    needles::{found, make_needle},
    person::{Person, prose, settle},
    world::World,
};

const PAGE: TimelinePage = TimelinePage {
    before: None,
    limit: 100,
    restricted: false,
};

/// Anna of health visiting and Peter of PPR, in one circle about a case of Anna's; Bodil of Anna's team, Sara of family
/// counselling.
struct Begun {
    world: World,
    teams: [TeamId; 3],
    people: [PractitionerId; 4],
    anna: Person,
    peter: Person,
    case: SpaceId,
    circle: SpaceId,
    reflection: DocumentId,
    /// The child's name, the circle's title, what Anna wrote in it.
    secrets: [String; 3],
}

async fn begin() -> Result<Begun> {
    let world = World::begin().await?;
    let nurses = world
        .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
        .await?;
    let ppr = world.team("PPR", TeamKind::Ppr).await?;
    let family = world
        .team("Familierådgivningen", TeamKind::FamilyCounselling)
        .await?;
    let names = ["Anna Holm", "Peter Bæk", "Bodil Kjær", "Sara Østergård"];
    let mut people = Vec::new();
    for (name, team) in names.into_iter().zip([nurses, ppr, nurses, family]) {
        people.push(world.practitioner(name, &[team]).await?);
    }
    let people = <[PractitionerId; 4]>::try_from(people).ok();
    let people = people.context("four people")?;
    let [anna, peter] = [
        world.device(people[0]).await?,
        world.device(people[1]).await?,
    ];
    anna.until_member_of(&[nurses]).await?;
    peter.until_member_of(&[ppr]).await?;
    let secrets = [
        make_needle("barnet på Ærø")?,
        make_needle("kredsens navn")?,
        make_needle("det, der blev skrevet")?,
    ];
    let case = anna.open_named_case(nurses, &secrets[0]).await?;
    let circle = anna
        .open_circle(&secrets[1], vec![people[1]], vec![case])
        .await?;
    let reflection = write(&anna, circle, &secrets[2]).await?;
    settle(&[&anna, &peter]).await?;
    Ok(Begun {
        world,
        teams: [nurses, ppr, family],
        people,
        anna,
        peter,
        case,
        circle,
        reflection,
        secrets,
    })
}

async fn write(person: &Person, circle: SpaceId, text: &str) -> Result<DocumentId> {
    let fields = vec![prose("text", text)];
    Ok(person
        .write(circle, "team_reflection", fields, None)
        .await?)
}

fn lines(text: &[&str], teams: &[TeamId]) -> NewClosing {
    NewClosing {
        kind: ReflectionKind::MethodFollowUp,
        lines: text.iter().map(|line| (*line).to_owned()).collect(),
        shared_with: teams.to_vec(),
    }
}

async fn only_circle(person: &Person) -> Result<CircleRow> {
    let mut circles = person.circles().await?;
    ensure!(circles.len() == 1, "{circles:?}");
    circles.pop().context("one")
}

/// The lines in a not-delivered box.
async fn in_the_box(person: &Person) -> Result<Vec<(String, String)>> {
    let refused = person.not_delivered().await?;
    let operations = refused.iter().flat_map(|one| &one.operations);
    operations
        .map(|one| Ok((one.reason.clone(), serde_json::to_string(&one.written)?)))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reflection_that_is_closed_lists_who_wrote_and_shares_its_lines_and_nothing_else()
-> Result<()> {
    let begun = begin().await?;
    let (anna, peter, circle) = (&begun.anna, &begun.peter, begun.circle);
    let [nurses, ppr, _] = begun.teams;
    write(peter, circle, "Peters ord").await?;
    let shared = ["Spørg barnet først", "Mød dagtilbuddet før sommer"];
    peter
        .close_circle(circle, lines(&shared, &[nurses, ppr]))
        .await?;
    // Offline already nothing more is written there, and it says that it waits.
    let closed = only_circle(peter).await?.closing.context("closed")?;
    ensure!(!closed.confirmed && closed.closed_by == begun.people[1]);
    let late = write(peter, circle, "mere").await;
    ensure!(late.is_err_and(|error| {
        error
            .downcast_ref::<DeviceError>()
            .is_some_and(|error| matches!(error, DeviceError::CircleClosed))
    }));
    settle(&[peter, anna]).await?;
    for phone in [anna, peter] {
        let row = only_circle(phone).await?;
        ensure!(row.authors == [begun.people[0], begun.people[1]], "{row:?}");
        let closing = row.closing.context("closed")?;
        ensure!(closing.confirmed && closing.lines == shared);
        ensure!(
            phone.written_in(circle, false).await?.len() == 2,
            "it is read as before"
        );
        let join = phone.join(circle, begun.people[3]).await;
        ensure!(matches!(join, Err(DeviceError::CircleClosed)), "{join:?}");
        let learning = phone.learning().await?;
        ensure!(
            learning.len() == 1 && learning[0].participants == 2,
            "{learning:?}"
        );
    }
    ensure!(
        anna.timeline(begun.case, PAGE).await?.is_empty(),
        "it stands on no timeline"
    );
    // Bodil, of Anna's team, sees the lines; Sara, of no team in the circle, sees nothing.
    let bodil = begun.world.device(begun.people[2]).await?;
    bodil.until_member_of(&[nurses]).await?;
    let told = bodil.learning().await?;
    ensure!(
        told.len() == 1 && told[0].lines == shared && told[0].teams == [nurses],
        "{told:?}"
    );
    ensure!(told[0].kind == ReflectionKind::MethodFollowUp);
    ensure!(bodil.circles().await?.is_empty());
    for (who, sees) in [(begun.people[2], true), (begun.people[3], false)] {
        let by_hand = begun.world.hand_made(who).await?;
        let pages = by_hand.read_everything().await?;
        let bytes: Vec<u8> = pages.iter().flat_map(wire::encode).collect();
        ensure!(
            found(&begun.secrets[1..], &bytes).is_empty(),
            "neither title nor text"
        );
        let id = circle.as_bytes().as_slice();
        ensure!(
            !bytes.windows(16).any(|part| part == id),
            "not the circle's id"
        );
        let line = shared[0].as_bytes();
        ensure!(bytes.windows(line.len()).any(|part| part == line) == sees);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_09_what_was_under_way_in_a_closed_circle_stays_with_whoever_wrote_it()
-> Result<()> {
    let begun = begin().await?;
    let (anna, peter, circle) = (&begun.anna, &begun.peter, begun.circle);
    let draft = anna
        .draft(
            circle,
            "team_reflection",
            vec![prose("text", "en kladde")],
            None,
        )
        .await?;
    anna.edit(begun.reflection, &[prose("text", "rettet uden dækning")])
        .await?;
    let new = write(anna, circle, "nyt uden dækning").await?;
    peter.close_circle(circle, lines(&[], &[])).await?;
    settle(&[peter]).await?;
    let report = anna.sync().await?;
    ensure!(report.refused == 2, "{report:?}");
    let refused = in_the_box(anna).await?;
    ensure!(
        refused.iter().all(|(reason, _)| reason == "closed"),
        "{refused:?}"
    );
    for text in ["rettet uden dækning", "nyt uden dækning"] {
        ensure!(refused.iter().any(|(_, written)| written.contains(text)));
    }
    ensure!(anna.not_delivered().await?.iter().all(|one| !one.retryable));
    // What is shown is what was delivered; the rest is in the box and nowhere else.
    ensure!(
        anna.row(new)
            .await?
            .is_none_or(|row| row.state == EntryState::Refused)
    );
    let text = samspor_tests::person::text_in(&anna.read(begun.reflection).await?, "text")?;
    ensure!(text == begun.secrets[2], "{text}");
    let published = anna.publish(draft).await;
    ensure!(
        matches!(published, Err(DeviceError::CircleClosed)),
        "{published:?}"
    );
    ensure!(
        anna.drafts(false).await?.len() == 1,
        "the draft stays a draft"
    );
    // A closed circle is left as any, and signed in.
    anna.sign(begun.reflection).await?;
    settle(&[anna, peter]).await?;
    anna.leave(circle).await?;
    settle(&[anna, peter]).await?;
    ensure!(anna.circles().await?.is_empty());
    let row = only_circle(peter).await?;
    ensure!(row.closing.is_some() && row.authors.contains(&begun.people[0]));
    ensure!(
        in_the_box(anna).await?.len() == 2,
        "the box keeps what was typed"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_close_at_once_close_it_once_and_the_second_ones_lines_are_in_their_box()
-> Result<()> {
    for anna_first in [true, false] {
        let begun = begin().await?;
        let (anna, peter, circle) = (&begun.anna, &begun.peter, begun.circle);
        let [nurses, ppr, _] = begun.teams;
        anna.close_circle(circle, lines(&["Annas linje"], &[nurses]))
            .await?;
        peter
            .close_circle(circle, lines(&["Peters linje"], &[ppr]))
            .await?;
        let order = if anna_first {
            [anna, peter]
        } else {
            [peter, anna]
        };
        order[0].sync().await?;
        let second = order[1].sync().await?;
        ensure!(second.refused == 1, "{second:?}");
        settle(&order).await?;
        let theirs = ["Annas linje", "Peters linje"];
        let (won, lost) = if anna_first {
            (theirs[0], theirs[1])
        } else {
            (theirs[1], theirs[0])
        };
        for phone in order {
            let closing = only_circle(phone).await?.closing.context("closed")?;
            ensure!(closing.lines == [won] && closing.confirmed, "{closing:?}");
        }
        let refused = in_the_box(order[1]).await?;
        ensure!(
            refused.len() == 1 && refused[0].0 == "closed",
            "{refused:?}"
        );
        ensure!(refused[0].1.contains(lost));
        ensure!(in_the_box(order[0]).await?.is_empty());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closing_that_is_refused_leaves_the_circle_open_and_can_be_tried_again() -> Result<()> {
    let begun = begin().await?;
    let (anna, peter, circle) = (&begun.anna, &begun.peter, begun.circle);
    let family = begun.teams[2];
    // Nobody of that team takes part.
    anna.close_circle(circle, lines(&["til dem"], &[family]))
        .await?;
    anna.sync().await?;
    ensure!(in_the_box(anna).await?[0].0 == "no_access");
    ensure!(only_circle(anna).await?.closing.is_none());
    write(anna, circle, "det går videre").await?;
    anna.join(circle, begun.people[3]).await?;
    settle(&[anna, peter]).await?;
    anna.retry_not_delivered(circle.0).await?;
    settle(&[anna, peter]).await?;
    ensure!(in_the_box(anna).await?.is_empty());
    for phone in [anna, peter] {
        ensure!(only_circle(phone).await?.closing.is_some());
    }
    let unknown = TeamId::from_bytes([9; 16]);
    for (closing, wrong) in [
        (lines(&["to\nlinjer"], &[]), "line"),
        (lines(&["x"; 21], &[]), "many"),
        (lines(&[], &[unknown]), "team"),
    ] {
        let answer = peter.close_circle(circle, closing).await;
        let told = match &answer {
            Err(DeviceError::LearningLine { .. }) => "line",
            Err(DeviceError::LearningTooLarge { .. }) => "many",
            Err(DeviceError::UnknownTeam) => "team",
            other => anyhow::bail!("{other:?}"),
        };
        ensure!(told == wrong);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_it_is_done_offline_and_delivered_at_once() -> Result<()> {
    let begun = begin().await?;
    let (anna, peter) = (&begun.anna, &begun.peter);
    let [nurses, ppr, _] = begun.teams;
    let circle = anna
        .open_circle("Uden dækning", vec![begun.people[1]], Vec::new())
        .await?;
    write(anna, circle, "skrevet").await?;
    anna.close_circle(circle, lines(&["lært"], &[nurses, ppr]))
        .await?;
    anna.leave(circle).await?;
    let report = anna.sync().await?;
    ensure!(report.refused == 0 && report.all_sent, "{report:?}");
    settle(&[anna, peter]).await?;
    let rows = peter.circles().await?;
    let row = rows
        .iter()
        .find(|row| row.circle == circle)
        .context("there")?;
    ensure!(row.closing.is_some() && row.authors == [begun.people[0]]);
    for phone in [anna, peter] {
        let learning = phone.learning().await?;
        ensure!(
            learning.len() == 1 && learning[0].lines == ["lært"],
            "{learning:?}"
        );
    }
    Ok(())
}
