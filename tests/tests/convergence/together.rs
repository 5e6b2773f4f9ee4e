//! Two write at once: text merges by character, a measurement keeps both, a choice ends it everywhere.

use anyhow::{Result, ensure};
use samspor_documents::{
    document::{Edit, Splice},
    id::{DocumentId, PractitionerId, SpaceId},
    reading::FieldState,
    value::{Decimal, Value},
};
use samspor_protocol::fact::TeamKind;
use samspor_tests::{
    person::{Person, prose, set, settle},
    world::World,
};

struct Two {
    world: World,
    anna: Person,
    bodil: Person,
    case: SpaceId,
}

impl Two {
    async fn begin() -> Result<Self> {
        let world = World::begin().await?;
        let team = world
            .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
            .await?;
        let anna = world.person("Anna Holm", &[team]).await?;
        let bodil = world.person("Bodil Kjær", &[team]).await?;
        let case = anna.open_named_case(team, "Freja Lund").await?;
        settle(&[&anna, &bodil]).await?;
        Ok(Self {
            world,
            anna,
            bodil,
            case,
        })
    }

    async fn settle(&self) -> Result<()> {
        settle(&[&self.anna, &self.bodil]).await
    }
}

async fn who(person: &Person) -> Result<PractitionerId> {
    let identity = person.identity().await?;
    Ok(identity
        .map(|identity| identity.practitioner)
        .unwrap_or(PractitionerId::from_bytes([0; 16])))
}

fn grams(amount: i64) -> Value {
    Value::Quantity {
        amount: Decimal::whole(amount),
        unit: "g".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_that_is_edited_twice_before_its_author_heard_of_its_acceptance_needs_no_repair() {
    let two = Two::begin().await.unwrap();
    let note = two.anna.note(two.case, "Freja sover.").await.unwrap();
    two.world.relay.lose_next_answer();
    assert!(two.anna.try_sync().await.is_err());
    two.world.relay.set_cover(true);
    two.bodil.sync().await.unwrap();
    let before = two.bodil.text_of(note).await.unwrap();
    let theirs = prose("text", &format!("{before} Godt."));
    two.bodil.edit(note, &[theirs]).await.unwrap();
    two.bodil.sync().await.unwrap();
    let own = prose("text", "Lille Freja sover.");
    two.anna.edit(note, &[own]).await.unwrap();
    let report = two.anna.sync().await.unwrap();
    assert_eq!(report.repairs, 0, "{report:?}");
    two.settle().await.unwrap();
    for person in [&two.anna, &two.bodil] {
        assert_eq!(
            person.text_of(note).await.unwrap(),
            "Lille Freja sover. Godt."
        );
    }
}

/// Both values of a weight in conflict, with who wrote each.
async fn weights(
    person: &Person,
    document: DocumentId,
) -> Result<Vec<(Value, Option<PractitionerId>)>> {
    let reading = person.read(document).await?;
    let Some(field) = reading.field("weight") else {
        anyhow::bail!("no weight");
    };
    Ok(field
        .values()
        .iter()
        .map(|one| (one.value.clone(), one.author))
        .collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_edits_of_one_text_are_both_in_it_for_both() {
    let two = Two::begin().await.unwrap();
    let note = two.anna.note(two.case, "Freja sover.").await.unwrap();
    two.settle().await.unwrap();
    let splice = |at, delete, insert: &str| {
        let insert = insert.to_owned();
        [Edit::Text {
            field: "text".to_owned(),
            edits: vec![Splice { at, delete, insert }],
        }]
    };
    two.anna
        .edit(note, &splice(0, 5, "Lille Freja"))
        .await
        .unwrap();
    two.bodil.edit(note, &splice(11, 0, " godt")).await.unwrap();
    two.settle().await.unwrap();
    for person in [&two.anna, &two.bodil] {
        assert_eq!(
            person.text_of(note).await.unwrap(),
            "Lille Freja sover godt."
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_measurements_at_once_are_both_shown_with_their_authors_until_somebody_chooses() {
    let two = Two::begin().await.unwrap();
    let edits = vec![set("weight", grams(3450))];
    let visit = two
        .anna
        .write(two.case, "home_visit", edits, None)
        .await
        .unwrap();
    two.settle().await.unwrap();
    two.anna
        .edit(visit, &[set("weight", grams(3500))])
        .await
        .unwrap();
    two.bodil
        .edit(visit, &[set("weight", grams(3550))])
        .await
        .unwrap();
    two.settle().await.unwrap();
    let expected = [
        (grams(3500), Some(who(&two.anna).await.unwrap())),
        (grams(3550), Some(who(&two.bodil).await.unwrap())),
    ];
    for person in [&two.anna, &two.bodil] {
        let mut values = weights(person, visit).await.unwrap();
        values.sort_by_key(|(value, _)| format!("{value:?}"));
        assert_eq!(values, expected);
        let conflicts = person.conflicts().await.unwrap();
        assert_eq!((conflicts.len(), conflicts[0].values.len()), (1, 2));
        assert!(
            person
                .edit(visit, &[set("weight", grams(1000))])
                .await
                .is_err()
        );
    }
    two.bodil
        .choose(visit, "weight", None, grams(3500))
        .await
        .unwrap();
    two.settle().await.unwrap();
    for person in [&two.anna, &two.bodil] {
        assert!(person.conflicts().await.unwrap().is_empty());
        let reading = person.read(visit).await.unwrap();
        assert!(
            matches!(&reading.field("weight").unwrap().state, FieldState::One(one) if one.value == grams(3500))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_choices_at_once_are_a_conflict_again() {
    let two = Two::begin().await.unwrap();
    let visit = two
        .anna
        .write(
            two.case,
            "home_visit",
            vec![set("weight", grams(3450))],
            None,
        )
        .await
        .unwrap();
    two.settle().await.unwrap();
    two.anna
        .edit(visit, &[set("weight", grams(3500))])
        .await
        .unwrap();
    two.bodil
        .edit(visit, &[set("weight", grams(3550))])
        .await
        .unwrap();
    two.settle().await.unwrap();
    two.anna
        .choose(visit, "weight", None, grams(3500))
        .await
        .unwrap();
    two.bodil
        .choose(visit, "weight", None, grams(3550))
        .await
        .unwrap();
    two.settle().await.unwrap();
    for person in [&two.anna, &two.bodil] {
        assert_eq!(weights(person, visit).await.unwrap().len(), 2);
    }
    two.anna
        .choose(visit, "weight", None, grams(3525))
        .await
        .unwrap();
    two.settle().await.unwrap();
    assert_eq!(weights(&two.bodil, visit).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_05_who_wrote_is_told_by_the_change_on_every_device() {
    let two = Two::begin().await.unwrap();
    let note = two.anna.note(two.case, "Anna skrev. ").await.unwrap();
    two.settle().await.unwrap();
    let before = two.bodil.text_of(note).await.unwrap();
    let edit = prose("text", &format!("{before}Bodil skrev."));
    two.bodil.edit(note, &[edit]).await.unwrap();
    two.settle().await.unwrap();
    let people = vec![
        who(&two.anna).await.unwrap(),
        who(&two.bodil).await.unwrap(),
    ];
    ensure_authors(&two, note, &people).await.unwrap();
}

async fn ensure_authors(two: &Two, note: DocumentId, expected: &[PractitionerId]) -> Result<()> {
    for person in [&two.anna, &two.bodil] {
        let reading = person.read(note).await?;
        ensure!(reading.authors == expected, "{:?}", reading.authors);
        match reading.field("text").map(|field| &field.state) {
            Some(FieldState::Text { authors, .. }) => ensure!(authors == expected, "{authors:?}"),
            other => anyhow::bail!("{other:?}"),
        }
    }
    Ok(())
}
