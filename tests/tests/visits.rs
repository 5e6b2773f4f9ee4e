//! A newborn's first weeks with two nurses and no cover: what is due, the visit, what carries over, a weight that both
//! wrote, the parent's own record, and what is mandatory until its reason stands there.

#![allow(
    clippy::indexing_slicing,
    reason = "what a story sets up by number is there"
)]

use anyhow::{Context as _, Result};
use jiff::{ToSpan as _, civil::Date};
use samspor_client_core::{
    Clock as _, DueFilter, DueRow, NewContact, NewVisit, ParentCase, ParentForm, SystemClock,
    TimelinePage, VisitForm,
};
use samspor_documents::{
    document::Edit,
    growth::{
        Indicator,
        series::{Point, Series},
    },
    id::{DocumentId, SpaceId, TeamId},
    reading::{Completeness, Guide},
    template::{Language, Templates},
    time::Moment,
    value::{MissingReason, Value},
    visit::{
        Visit,
        periods::{FEEDING, Periods},
        schedule::Urgency,
    },
};
use samspor_protocol::fact::TeamKind;
use samspor_tests::{
    person::{Person, prose, set, settle},
    world::World,
};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// What a person types into a field, as the device takes it.
fn typed(template: &str, field: &str, said: &str) -> Result<Edit> {
    let template = Templates::built_in().latest(template);
    let known = template.and_then(|template| template.field(field));
    let known = known.context("a field")?;
    Ok(set(field, Value::parse(known, said, Language::Danish)?))
}

fn ago(days: i64) -> Moment {
    let now = SystemClock.moment();
    Moment {
        at: now.at.plus(-days * DAY),
        ..now
    }
}

fn day(days_ago: i64) -> Result<Date> {
    let today = SystemClock.moment().day().context("a day")?;
    Ok(today.checked_sub(days_ago.days())?)
}

async fn due(person: &Person) -> Result<Vec<(String, Urgency)>> {
    let rows = person.due(day(0)?, DueFilter::default()).await?;
    let kind = |row: &DueRow| row.visit_type.clone().unwrap_or_default();
    Ok(rows.iter().map(|row| (kind(row), row.urgency)).collect())
}

/// Anna and Bo of one team; a girl who is nine days old, and her mother's own case, which her card names.
struct Begun {
    world: World,
    anna: Person,
    bo: Person,
    child: SpaceId,
    mother: SpaceId,
}

async fn begin() -> Result<Begun> {
    let world = World::begin().await?;
    let team: TeamId = world
        .team("Sundhedsplejen", TeamKind::HealthVisiting)
        .await?;
    let anna = world.person("Anna Holm", &[team]).await?;
    let bo = world.person("Bo Dam", &[team]).await?;
    let card = vec![
        set("name", Value::Text("Mia Ærø".to_owned())),
        typed("card", "kind", "parent")?,
    ];
    let mother = anna.open_case(team, card).await?;
    let relation = Edit::AddItem {
        field: "relations".to_owned(),
        item: uuid::Uuid::from_u128(1),
        values: vec![
            ("relation".to_owned(), Value::Code("custody".to_owned())),
            ("case".to_owned(), Value::Reference(mother.0)),
        ],
    };
    let card = vec![
        set("name", Value::Text("Sofie Ærø".to_owned())),
        typed("card", "sex", "girl")?,
        set("birth_date", Value::Date(day(9)?)),
        relation,
    ];
    let child = anna.open_case(team, card).await?;
    settle(&[&anna, &bo]).await?;
    Ok(Begun {
        world,
        anna,
        bo,
        child,
        mother,
    })
}

/// A first visit, three days ago: with the mother's part, and no word of how they are together.
async fn first_visit(begun: &Begun) -> Result<(DocumentId, DocumentId)> {
    let anna = &begun.anna;
    let mut visit = NewVisit::of(begun.child);
    visit.occurred_at = Some(ago(3));
    visit.fields = vec![
        typed("home_visit", "visit_type", "postnatal")?,
        typed("home_visit", "contact_form", "home")?,
        typed("home_visit", "weight", "3,45 kg")?,
        typed("home_visit", "nutrition_infant", "Ammes primært")?,
        typed("home_visit", "interpreter", "ja")?,
        feeding(1, "Ammes primært", day(9)?, None)?,
    ];
    let mother = ParentForm {
        parent: ParentCase::Here(begun.mother),
        template: "parent_visit".to_owned(),
        fields: vec![prose("seen", "Mor sover ikke")],
    };
    let written = anna
        .write_visit(VisitForm {
            visit,
            parents: vec![mother],
            published: true,
        })
        .await?;
    Ok((written.entry, written.parents[0].entry))
}

fn feeding(item: u128, kind: &str, from: Date, until: Option<Date>) -> Result<Edit> {
    let Edit::Set { value, .. } = typed("home_visit", "nutrition_infant", kind)? else {
        anyhow::bail!("a code is set");
    };
    let mut values = vec![
        ("kind".to_owned(), value),
        ("from".to_owned(), Value::Date(from)),
    ];
    values.extend(until.map(|day| ("until".to_owned(), Value::Date(day))));
    Ok(Edit::AddItem {
        field: "feeding".to_owned(),
        item: uuid::Uuid::from_u128(item),
        values,
    })
}

fn weights(series: &[Series]) -> Result<&[Point]> {
    let mut all = series.iter();
    let weight = all.find(|one| one.indicator == Indicator::WeightForAge);
    Ok(&weight.context("a curve of weights")?.points)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newborns_first_weeks_with_two_nurses_and_no_cover() -> Result<()> {
    let mut begun = begin().await?;
    let listed = due(&begun.anna).await?;
    let kinds: Vec<&str> = listed.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["postnatal", "establishment"]);
    assert_eq!(listed[0].1, Urgency::Overdue);
    // From here on nobody has cover.
    begun.world.stop_server().await?;
    let (first, of_mother) = first_visit(&begun).await?;
    assert_eq!(due(&begun.anna).await?.len(), 1, "the first visit was held");
    of_the_mother_stands_in_her_own_record(&begun, of_mother).await?;
    let second = second_visit(&begun).await?;
    assert!(due(&begun.anna).await?.is_empty());
    begun.world.start_server().await?;
    settle(&[&begun.anna, &begun.bo]).await?;
    assert!(due(&begun.bo).await?.is_empty(), "Bo is told of it, too");
    let periods = begun.bo.read(second).await?;
    let visit = Visit {
        document: second,
        reading: &periods,
    };
    let periods = Periods::of(&[visit], FEEDING);
    assert_eq!((periods.periods.len(), periods.overlaps.len()), (2, 1));

    both_weigh_and_one_is_chosen(&begun, second).await?;
    what_is_mandatory_is_asked_for_until_its_reason_stands_there(&begun, first).await
}

/// Anna plans and begins the next visit, with what carries over, and what is unchanged.
async fn second_visit(begun: &Begun) -> Result<DocumentId> {
    let (anna, case) = (&begun.anna, begun.child);
    let planned = NewContact {
        case,
        planned_at: ago(0),
        practitioner: None,
        fields: vec![typed("planned_contact", "visit_type", "establishment")?],
    };
    anna.plan_contact(planned).await?;
    assert_eq!(
        due(anna).await?,
        [("establishment".to_owned(), Urgency::Today)]
    );
    let started = anna
        .start_visit(NewVisit {
            from_last: true,
            ..NewVisit::of(case)
        })
        .await?;
    assert!(due(anna).await?.is_empty(), "it was begun");
    let last = anna.from_last(started.draft).await?;
    assert_eq!(last.carried, ["interpreter"]);
    let offered: Vec<&str> = last
        .unchanged
        .iter()
        .map(|one| one.field.as_str())
        .collect();
    assert_eq!(offered, ["nutrition_infant"]);
    anna.say_unchanged(started.draft, None).await?;
    let formula = "Modermælkserstatning og/eller overgangskost";
    let edits = [
        typed("home_visit", "contact_form", "home")?,
        typed("home_visit", "weight", "3.600 g")?,
        feeding(1, "Ammes primært", day(9)?, Some(day(1)?))?,
        feeding(2, formula, day(2)?, None)?,
    ];
    anna.edit(started.draft, &edits).await?;
    Ok(anna.publish(started.draft).await?)
}

async fn of_the_mother_stands_in_her_own_record(begun: &Begun, entry: DocumentId) -> Result<()> {
    let timeline = async |case| {
        let rows = begun.anna.timeline(case, TimelinePage::default()).await?;
        anyhow::Ok(
            rows.iter()
                .map(|row| row.template.clone())
                .collect::<Vec<_>>(),
        )
    };
    assert_eq!(timeline(begun.child).await?, ["home_visit"]);
    assert_eq!(timeline(begun.mother).await?, ["parent_visit"]);
    let reading = begun.anna.read(entry).await?;
    assert_eq!(reading.subject, Some(begun.mother));
    Ok(())
}

/// Both correct the weight with no cover: the curve shows both until one is chosen, and then the entry is signed.
async fn both_weigh_and_one_is_chosen(begun: &Begun, visit: DocumentId) -> Result<()> {
    for (person, said) in [(&begun.anna, "3.650 g"), (&begun.bo, "3,56 kg")] {
        let edit = typed("home_visit", "weight", said)?;
        person.edit(visit, &[edit]).await?;
    }
    settle(&[&begun.anna, &begun.bo]).await?;
    for person in [&begun.anna, &begun.bo] {
        let growth = person.growth(begun.child, false).await?;
        let points = weights(&growth.series)?;
        assert_eq!(points.len(), 2);
        let score = points[0].numbers[0]
            .score
            .as_ref()
            .ok()
            .context("a score")?;
        assert!(score.reference.name.contains("WHO"), "{score:?}");
        let mut both: Vec<f64> = points[1].numbers.iter().map(|one| one.amount).collect();
        both.sort_by(f64::total_cmp);
        assert!(points[1].in_conflict);
        assert_eq!(both, [3.56, 3.65]);
    }
    let Edit::Set { value, .. } = typed("home_visit", "weight", "3.650 g")? else {
        anyhow::bail!("a weight is set");
    };
    begun.bo.choose(visit, "weight", None, value).await?;
    settle(&[&begun.anna, &begun.bo]).await?;
    begun.anna.sign(visit).await?;
    settle(&[&begun.anna, &begun.bo]).await?;
    let growth = begun.bo.growth(begun.child, false).await?;
    let point = &weights(&growth.series)?[1];
    assert!(!point.in_conflict, "as signed");
    assert_eq!(point.numbers[0].amount, 3.65);
    Ok(())
}

async fn what_is_mandatory_is_asked_for_until_its_reason_stands_there(
    begun: &Begun,
    first: DocumentId,
) -> Result<()> {
    let anna = &begun.anna;
    let rows = anna.incomplete(Guide::Text).await?;
    let first_row = rows.iter().find(|row| row.entry.document == first);
    let row = first_row.context("the first visit is not complete")?;
    assert!(matches!(row.completeness, Completeness::OverdueSince(_)));
    assert_eq!(row.citizen.as_deref(), Some("Sofie Ærø"));
    for (reason, is_listed) in [
        (MissingReason::NotYetWritten, true),
        (MissingReason::NotDone, false),
    ] {
        let edit = set("parent_child_relation", Value::Missing(reason));
        anna.edit(first, &[edit]).await?;
        let rows = anna.incomplete(Guide::Text).await?;
        let listed = rows.iter().any(|row| row.entry.document == first);
        assert_eq!(listed, is_listed, "{reason:?}");
    }
    Ok(())
}
