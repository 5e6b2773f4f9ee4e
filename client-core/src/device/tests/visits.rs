//! A child's growth, a visit from the last one, and a visit written in one act with what it says of the parents.

use super::*;
use crate::views::{ContactFilter, Contacts, NewVisit, ParentCase, ParentForm, VisitForm};
use samspor_documents::{
    card::{CardView, RelationKind},
    contact::ContactStanding,
    growth::{Indicator, NoScore},
    reading::Reading,
    template::{Language, Templates},
    time::Moment,
    visit::from_last::Unchanged,
};

const DAY: i64 = 24 * 60 * 60 * 1000;

fn typed(template: &str, field: &str, said: &str) -> Edit {
    let template = Templates::built_in().latest(template);
    let known = template.and_then(|template| template.field(field));
    let value = Value::parse(known.expect("a field"), said, Language::Danish);
    Edit::Set {
        field: field.to_owned(),
        value: value.expect("a value"),
    }
}

fn ago(days: i64) -> Moment {
    let now = SystemClock.moment();
    Moment {
        at: now.at.plus(-days * DAY),
        ..now
    }
}

/// A girl that was born so many days ago.
async fn girl(phone: &Phone, days: i64, more: &[(&str, &str)]) -> SpaceId {
    let born = ago(days).day().expect("a day").to_string();
    let mut card = vec![set("name", "Emma")];
    let said = [("sex", "girl"), ("birth_date", born.as_str())];
    let said = said.iter().chain(more);
    card.extend(said.map(|(field, said)| typed("card", field, said)));
    let team = phone.server.state().team;
    let case = phone.device.open_case(team, card).await;
    case.expect("opens")
}

async fn visit(phone: &Phone, case: SpaceId, days: i64, said: &[(&str, &str)]) -> DocumentId {
    let said = said.iter();
    let fields = said.map(|(field, said)| typed("home_visit", field, said));
    let (device, fields) = (&phone.device, fields.collect());
    let visit = device.write(case, "home_visit", fields, Some(ago(days)));
    visit.await.expect("writes")
}

#[tokio::test]
async fn a_childs_growth_is_told_over_its_cards_with_conflicts_and_reasons() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let number = [("cpr", "010124-1234")];
    let case = girl(&anna, 100, &number).await;
    let first = visit(&anna, case, 90, &[("weight", "3,9 kg")]).await;
    let shared = visit(&anna, case, 60, &[("weight", "4,6 kg")]).await;
    let other = anna.open_case("Emma").await;
    let same = [typed("card", "cpr", "010124-1234")];
    anna.device.edit_card(other, &same).await.expect("edits");
    let elsewhere = visit(
        &anna,
        other,
        30,
        &[("weight", "5.100 g"), ("height", "57 cm")],
    )
    .await;
    anna.note(case, "Ingen måling").await;
    anna.sync().await;
    let bo = Phone::ready(&server, 2).await;
    for (phone, grams) in [(&anna, "4.650 g"), (&bo, "4.560 g")] {
        let edit = [typed("home_visit", "weight", grams)];
        phone.device.edit(shared, &edit).await.expect("edits");
    }
    for _ in 0..2 {
        anna.sync().await;
        bo.sync().await;
    }
    for (phone, asked) in [(&anna, case), (&bo, other)] {
        let growth = phone.device.growth(asked, false).await.expect("reads");
        assert_eq!(growth.cases.len(), 2);
        let of = |indicator| {
            let mut all = growth.series.iter();
            let found = all.find(|one| one.indicator == indicator);
            found.expect("a curve")
        };
        let points = &of(Indicator::WeightForAge).points;
        let documents: Vec<_> = points.iter().map(|point| point.document).collect();
        assert_eq!(documents, [first, shared, elsewhere]);
        let amounts: Vec<f64> = points[1].numbers.iter().map(|one| one.amount).collect();
        assert!(points[1].in_conflict);
        assert!(
            amounts.contains(&4.65) && amounts.contains(&4.56),
            "{amounts:?}"
        );
        let score = points[0].numbers[0].score.as_ref().expect("a score");
        assert_eq!(
            score.reference.name,
            samspor_documents::growth::Reference::who()[0].name.name
        );
        assert_eq!(of(Indicator::HeightForAge).points.len(), 1);
    }
    // The cards do not agree any more: the weights stand there, without a score.
    let boy = [typed("card", "sex", "boy")];
    anna.device.edit_card(other, &boy).await.expect("edits");
    let growth = anna.device.growth(case, false).await.expect("reads");
    let numbers = &growth.series[0].points[0].numbers;
    assert_eq!(numbers[0].score, Err(NoScore::SexUnknown));
    let nowhere = anna
        .device
        .growth(SpaceId::from_bytes([1; 16]), false)
        .await;
    assert!(matches!(nowhere, Err(DeviceError::UnknownCase)));
}

fn value<'a>(reading: &'a Reading, field: &str) -> Option<&'a Value> {
    reading.value(field)
}

fn names(all: &[Unchanged]) -> Vec<&str> {
    all.iter().map(|one| one.field.as_str()).collect()
}

#[tokio::test]
async fn a_draft_begins_with_what_carries_over_and_says_unchanged_in_one_call() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let case = girl(&phone, 100, &[]).await;
    let begin = |fields| {
        phone
            .device
            .begin_from_last(case, "home_visit", fields, None)
    };
    let nothing = begin(Vec::new()).await.expect("drafts");
    assert_eq!((nothing.last, nothing.unchanged.len()), (None, 0));
    let old = [("interpreter", "nej"), ("weight", "4 kg")];
    visit(&phone, case, 50, &old).await;
    let template = Templates::built_in().latest("home_visit").expect("one");
    let worst = |name: &str| {
        template.field(name).expect("a field").codes()[0]
            .code
            .clone()
    };
    let (sleep, motor) = (worst("sleep"), worst("motor"));
    let said = [
        ("interpreter", "ja"),
        ("sleep", sleep.as_str()),
        ("motor", motor.as_str()),
        ("weight", "5 kg"),
    ];
    let last = visit(&phone, case, 20, &said).await;
    let begun = begin(vec![typed("home_visit", "motor", &motor)]).await;
    let begun = begun.expect("drafts");
    assert_eq!(begun.last.map(|(document, _)| document), Some(last));
    assert_eq!(begun.carried, ["interpreter"]);
    assert_eq!(names(&begun.unchanged), ["sleep"], "motor was typed");
    let reading = phone.device.read(begun.draft).await.expect("reads");
    assert_eq!(value(&reading, "interpreter"), Some(&Value::Boolean(true)));
    assert_eq!(value(&reading, "weight"), None, "it belongs to its day");
    assert_eq!(value(&reading, "sleep"), None, "a person says so");
    let said = phone.device.say_unchanged(begun.draft, None).await;
    assert_eq!(names(&said.expect("edits")), ["sleep"]);
    let reading = phone.device.read(begun.draft).await.expect("reads");
    assert_eq!(value(&reading, "sleep"), Some(&Value::Code(sleep)));
    let again = phone.device.say_unchanged(begun.draft, None).await;
    assert!(again.expect("nothing to say").is_empty());
    // What is typed is said instead, not what carries over.
    let typed_no = begin(vec![typed("home_visit", "interpreter", "nej")]).await;
    let reading = phone.device.read(typed_no.expect("drafts").draft).await;
    let reading = reading.expect("reads");
    assert_eq!(value(&reading, "interpreter"), Some(&Value::Boolean(false)));
    let started = phone.device.start_visit(NewVisit {
        from_last: true,
        ..NewVisit::of(case)
    });
    let started = started.await.expect("begins");
    let offered = phone.device.from_last(started.draft).await.expect("reads");
    assert_eq!(names(&offered.unchanged), ["sleep", "motor"]);
}

fn parent(parent: ParentCase, state: &str) -> ParentForm {
    ParentForm {
        parent,
        template: "parent_visit".to_owned(),
        fields: vec![Edit::ReplaceText {
            field: "seen".to_owned(),
            text: state.to_owned(),
        }],
    }
}

fn form(case: SpaceId, parents: Vec<ParentForm>, published: bool) -> VisitForm {
    let mut visit = NewVisit::of(case);
    visit.fields = vec![
        typed("home_visit", "visit_type", "postnatal"),
        typed("home_visit", "contact_form", "home"),
    ];
    VisitForm {
        visit,
        parents,
        published,
    }
}

#[tokio::test]
async fn a_visit_is_written_in_one_act_and_each_parents_part_in_the_parents_own_case() {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    let case = girl(&phone, 5, &[]).await;
    let team = server.state().team;
    let mother = vec![set("name", "Mia"), typed("card", "kind", "parent")];
    let mother = phone.device.open_case(team, mother).await.expect("opens");
    let here = parent(ParentCase::Here(mother), "Mor er træt");
    let father = ParentCase::Opened {
        name: "Ali".to_owned(),
        relation: Some(RelationKind::Custody),
    };
    let parents = vec![here, parent(father, "Far sover godt")];
    let written = phone.device.write_visit(form(case, parents, true)).await;
    let written = written.expect("writes");
    let opened: Vec<bool> = written.parents.iter().map(|one| one.opened).collect();
    assert_eq!(opened, [false, true]);
    for (one, said) in written
        .parents
        .iter()
        .zip(["Mor er træt", "Far sover godt"])
    {
        let reading = phone.device.read(one.entry).await.expect("reads");
        assert_eq!(
            (reading.template.as_str(), reading.subject),
            ("parent_visit", Some(one.case))
        );
        let kind = typed("home_visit", "visit_type", "postnatal");
        assert!(
            matches!(kind, Edit::Set { value, .. } if reading.value("visit_type") == Some(&value))
        );
        assert_eq!(
            reading.planned_contact(),
            None,
            "the contact is the child's"
        );
        let text = reading.field("seen").map(|field| field.state.clone());
        assert!(matches!(text, Some(FieldState::Text { text, .. }) if text == said));
    }
    let page = crate::views::TimelinePage::default();
    let timeline = phone.device.timeline(case, page).await.expect("reads");
    let templates: Vec<&str> = timeline.iter().map(|row| row.template.as_str()).collect();
    assert_eq!(templates, ["home_visit"]);
    let contact = phone.device.contact(written.contact).await.expect("reads");
    assert_eq!(contact.standing, ContactStanding::Held);
    let card = phone.device.card(case).await.expect("reads");
    let relation = &card.relations[0];
    let ali = written.parents[1].case;
    assert_eq!(
        (relation.kind, relation.case),
        (RelationKind::Custody, Some(ali))
    );
    let view: CardView = phone.device.card(ali).await.expect("reads");
    assert_eq!(view.name, "Ali");
    let report = phone.sync().await;
    assert!(report.all_sent && report.refused == 0, "{report:?}");
}

#[tokio::test]
async fn a_visit_is_drafted_with_its_parents_and_what_may_not_be_keeps_nothing() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let case = girl(&phone, 5, &[]).await;
    let item = Edit::AddItem {
        field: "relations".to_owned(),
        item: uuid::Uuid::from_u128(7),
        values: vec![
            ("relation".to_owned(), Value::Code("lives_with".to_owned())),
            ("name".to_owned(), Value::Text("Mia".to_owned())),
        ],
    };
    phone.device.edit_card(case, &[item]).await.expect("edits");
    let waiting = phone.waiting().await;
    let opened = |name: &str| ParentCase::Opened {
        name: name.to_owned(),
        relation: None,
    };
    let write = |parents| phone.device.write_visit(form(case, parents, false));
    let child_as_parent = write(vec![parent(ParentCase::Here(case), "x")]).await;
    assert!(matches!(child_as_parent, Err(DeviceError::NoParentsCase)));
    let other = girl(&phone, 5, &[]).await;
    let another_child = write(vec![parent(ParentCase::Here(other), "x")]).await;
    assert!(matches!(another_child, Err(DeviceError::NoParentsCase)));
    let nowhere = ParentCase::Here(SpaceId::from_bytes([1; 16]));
    let unknown = write(vec![parent(nowhere, "x")]).await;
    assert!(matches!(unknown, Err(DeviceError::UnknownCase)));
    let unrelated = write(vec![parent(opened("Ali"), "x")]).await;
    assert!(matches!(unrelated, Err(DeviceError::NoRelation)));
    let contacts = phone.device.contacts(ContactFilter::default()).await;
    assert!(contacts.expect("reads").is_empty(), "nothing is kept");
    assert_eq!(
        phone.waiting().await,
        waiting + 2,
        "the other child's case and card"
    );

    let written = write(vec![parent(opened("mia"), "Mor er træt")]).await;
    let written = written.expect("the card names her");
    let card = phone.device.card(case).await.expect("reads");
    let mia = written.parents[0].case;
    assert_eq!(
        (card.relations.len(), card.relations[0].case),
        (1, Some(mia))
    );
    let missing = ContactFilter {
        which: Contacts::NoteMissing,
        ..ContactFilter::default()
    };
    let missing = phone.device.contacts(missing).await.expect("reads");
    assert_eq!(
        missing[0].document, written.contact,
        "until it is published"
    );
    assert_eq!(phone.device.drafts(false).await.expect("reads").len(), 2);
    for draft in [written.entry, written.parents[0].entry] {
        phone.device.publish(draft).await.expect("publishes");
    }
    let contact = phone.device.contact(written.contact).await.expect("reads");
    assert_eq!(contact.standing, ContactStanding::Held);
}
