//! What is due over the caseload, from rows: windows, agreements, and the cards of one child.

use super::*;
use crate::views::{DueFilter, DueRow, DueWhich, NewContact, NewVisit};
use jiff::{ToSpan as _, civil::Date};
use samspor_documents::{
    id::FactId, template::Language, time::Moment, time::UnixMillis, visit::schedule::Urgency,
};
use samspor_protocol::fact::{FactBody, Role, ScheduleFile};

fn today() -> Date {
    let now = SystemClock.moment();
    now.day().expect("a day")
}

/// Noon of a day, in winter time.
fn noon(day: Date) -> Moment {
    let days = day.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24;
    Moment {
        at: UnixMillis((days * 24 + 11) * 60 * 60 * 1000),
        offset_minutes: 60,
    }
}

fn typed(template: &str, field: &str, said: &str) -> Edit {
    let template = samspor_documents::template::Templates::built_in().latest(template);
    let known = template.and_then(|template| template.field(field));
    let value = Value::parse(known.expect("a field"), said, Language::Danish);
    Edit::Set {
        field: field.to_owned(),
        value: value.expect("a value"),
    }
}

fn back(days: i32) -> Date {
    today().checked_sub(days.days()).expect("a day")
}

/// A child that was born so many days ago.
async fn child(phone: &Phone, name: &str, days: i32, more: &[(&str, &str)]) -> SpaceId {
    let mut card = vec![set("name", name)];
    card.push(typed("card", "birth_date", &back(days).to_string()));
    card.extend(more.iter().map(|(field, said)| typed("card", field, said)));
    let team = phone.server.state().team;
    let case = phone.device.open_case(team, card).await;
    case.expect("opens")
}

async fn held(phone: &Phone, case: SpaceId, kind: &str, days: i32) -> DocumentId {
    let fields = vec![typed("home_visit", "visit_type", kind)];
    let at = Some(noon(back(days)));
    let visit = phone.device.write(case, "home_visit", fields, at).await;
    visit.expect("writes")
}

async fn plan(phone: &Phone, case: SpaceId, kind: Option<&str>, days: i32) -> DocumentId {
    let kind = kind.map(|kind| typed("planned_contact", "visit_type", kind));
    let new = NewContact {
        case,
        planned_at: noon(back(days)),
        practitioner: None,
        fields: kind.into_iter().collect(),
    };
    phone.device.plan_contact(new).await.expect("plans")
}

async fn due(phone: &Phone, which: DueWhich) -> Vec<DueRow> {
    let filter = DueFilter {
        which,
        ..DueFilter::default()
    };
    phone.device.due(today(), filter).await.expect("reads")
}

async fn told(phone: &Phone) -> Vec<(String, String, Urgency)> {
    let rows = due(phone, DueWhich::All).await;
    let kind = |row: &DueRow| row.visit_type.clone().unwrap_or_default();
    rows.iter()
        .map(|row| (row.citizen.clone(), kind(row), row.urgency))
        .collect()
}

fn is(name: &str, kind: &str, urgency: Urgency) -> (String, String, Urgency) {
    (name.to_owned(), kind.to_owned(), urgency)
}

#[tokio::test]
async fn windows_are_told_from_birth_corrected_and_filled_by_what_was_held() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    // Twenty weeks: four months and some days.
    let emma = child(&phone, "Emma", 140, &[]).await;
    let early = child(&phone, "Noah", 140, &[("gestational_age", "210 d")]).await;
    let seen = child(&phone, "Oda", 140, &[]).await;
    child(&phone, "Grown", 3_000, &[]).await;
    for case in [emma, seen] {
        held(&phone, case, "months_2", 80).await;
    }
    for case in [emma, early, seen] {
        held(&phone, case, "postnatal", 136).await;
        held(&phone, case, "establishment", 130).await;
    }
    held(&phone, seen, "months_4_6", 2).await;
    let phone = phone.restart().await;
    let expected = [
        // Ten weeks less of age: its two-month window is open or ends, and the next is not open.
        ("Noah", "months_2", 70),
        ("Emma", "months_4_6", 0),
    ];
    let rows = due(&phone, DueWhich::All).await;
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            let kind = row.visit_type.as_deref().expect("a kind");
            (row.citizen.as_str(), kind, row.moved_days)
        })
        .collect();
    assert_eq!(rows, expected);
    let labels = &due(&phone, DueWhich::All).await[1].labels;
    assert_eq!(labels.da, "Besøg hos det 4-6 måneder gamle barn");
}

#[tokio::test]
async fn what_is_agreed_is_due_on_its_day_whatever_it_is_and_a_started_visit_is_not() {
    use Urgency::{Overdue, Today};
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let grown = child(&phone, "Grown", 3_000, &[]).await;
    let contact = plan(&phone, grown, Some("school_entry"), 0).await;
    let old = plan(&phone, grown, None, 900).await;
    let expected = [is("Grown", "", Overdue), is("Grown", "school_entry", Today)];
    assert_eq!(told(&phone).await, expected);
    assert_eq!(due(&phone, DueWhich::Overdue).await.len(), 1);
    assert_eq!(due(&phone, DueWhich::Today).await.len(), 1);
    assert_eq!(due(&phone, DueWhich::Week).await.len(), 1);
    let visit = NewVisit {
        case: grown,
        contact: Some(contact),
        template: "home_visit".to_owned(),
        fields: Vec::new(),
        occurred_at: None,
        from_last: false,
    };
    phone.device.start_visit(visit).await.expect("begins");
    assert_eq!(told(&phone).await, [is("Grown", "", Overdue)]);
    let cancelled = samspor_documents::contact::ContactStatus::Cancelled;
    let set = phone.device.set_contact_status(old, cancelled).await;
    assert!(set.expect("is said"));
    assert!(told(&phone).await.is_empty());
}

#[tokio::test]
async fn a_closed_card_reminds_nobody_and_death_on_any_card_ends_it() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let emma = child(&phone, "Emma", 140, &[("cpr", "010124-1234")]).await;
    plan(&phone, emma, Some("months_4_6"), 0).await;
    let twin = child(&phone, "Emma", 140, &[("cpr", "010124-1234")]).await;
    assert!(!told(&phone).await.is_empty());
    let close = |case, code: &'static str| {
        let device = phone.device.clone();
        async move {
            let edits = [typed("card", "closed", code)];
            device.edit_card(case, &edits).await.expect("closes")
        }
    };
    close(twin, "ended").await;
    assert!(!told(&phone).await.is_empty(), "the other card is open");
    close(twin, "died").await;
    assert!(told(&phone).await.is_empty());
    close(twin, "open").await;
    close(emma, "moved").await;
    let rows = due(&phone, DueWhich::All).await;
    assert!(
        rows.iter()
            .all(|row| row.case == twin && row.agreed.is_none()),
        "{rows:?}"
    );
}

#[tokio::test]
async fn cards_of_one_child_are_reminded_of_once_and_a_visit_on_any_of_them_counts() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let done = |case| {
        let phone = &phone;
        async move {
            held(phone, case, "postnatal", 136).await;
            held(phone, case, "establishment", 130).await;
            held(phone, case, "months_2", 80).await;
        }
    };
    let emma = child(&phone, "Emma", 140, &[("cpr", "010124-1234")]).await;
    done(emma).await;
    let again = child(&phone, "Emma", 140, &[("cpr", "010124-1234")]).await;
    assert_eq!(told(&phone).await.len(), 1, "one child, one visit");
    // A third card without a number, which says whose it is.
    let bare = phone.open_case("Emma B").await;
    let same = Edit::AddItem {
        field: "same_as".to_owned(),
        item: uuid::Uuid::from_u128(5),
        values: vec![("case".to_owned(), Value::Reference(again.0))],
    };
    phone
        .device
        .edit_card(bare, &[same])
        .await
        .expect("says so");
    assert_eq!(told(&phone).await.len(), 1);
    let visit = held(&phone, bare, "months_4_6", 1).await;
    assert!(told(&phone).await.is_empty(), "it was held on another card");
    // The visit turns out to have been another kind.
    let other = typed("home_visit", "visit_type", "months_2");
    phone.device.edit(visit, &[other]).await.expect("edits");
    assert_eq!(told(&phone).await.len(), 1);
}

#[tokio::test]
async fn only_cases_of_ones_own_teams_are_due() {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    child(&phone, "Emma", 30, &[]).await;
    assert!(!told(&phone).await.is_empty());
    let team = server.state().team;
    let of_other = DueFilter {
        team: Some(samspor_documents::id::TeamId::from_bytes([3; 16])),
        ..DueFilter::default()
    };
    let rows = phone.device.due(today(), of_other).await;
    assert_eq!(rows.expect("reads"), []);
    let mine = DueFilter {
        team: Some(team),
        ..DueFilter::default()
    };
    let rows = phone.device.due(today(), mine).await.expect("reads");
    assert!(!rows.is_empty());
    let teams = phone.device.teams().await.expect("reads");
    assert_eq!(teams[0].role, Some(Role::Practitioner));
}

const OWN: &str = "remind_days = 3\n[[window]]\nvisit_type = \"months_2\"\ncounted_from = \"birth\"\n\
                   from = { weeks = 2 }\nuntil = { weeks = 3 }\ncorrected = false\nsource = \"municipality\"\n\
                   note = { da = \"Tidligt\", en = \"Early\" }\n";

/// The organisation says by which schedule visits are due, or that it is the one that ships.
fn set_schedule(server: &ModelServer, text: Option<&str>) {
    let text = text.map(str::to_owned);
    let body = FactBody::VisitSchedule(ScheduleFile { text });
    let mut state = server.state();
    let space = state.organisation.space();
    state.log_fact(FactId::from_bytes([17; 16]), space, &body);
}

async fn schedule(phone: &Phone) -> crate::ScheduleInForce {
    phone.device.visit_schedule().await.expect("reads")
}

#[tokio::test]
async fn visits_are_due_by_what_the_organisation_set_until_it_sets_otherwise() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    child(&anna, "Freja", 15, &[]).await;
    child(&anna, "Karl", 21 + 4, &[]).await;
    child(&anna, "Selma", 365 * 6 + 30, &[]).await;
    let shipped = told(&anna).await;
    let kinds = |rows: &[(String, String, Urgency)]| -> Vec<(String, String)> {
        rows.iter()
            .map(|row| (row.0.clone(), row.1.clone()))
            .collect()
    };
    assert!(kinds(&shipped).contains(&("Selma".to_owned(), "school_entry".to_owned())));
    assert!(!schedule(&anna).await.is_own);

    set_schedule(&server, Some(OWN));
    assert_eq!(told(&anna).await, shipped, "not heard of yet");
    anna.sync().await;
    let anna = anna.restart().await;
    assert_eq!(
        kinds(&told(&anna).await),
        [("Freja".to_owned(), "months_2".to_owned())]
    );
    assert!(schedule(&anna).await.is_own);

    // What this program cannot use stops nothing: the one that ships holds, and it is said.
    set_schedule(&server, Some(&OWN.replace("weeks = 3", "weeks = 1")));
    anna.sync().await;
    assert_eq!(told(&anna).await, shipped);
    let standing = schedule(&anna).await;
    let aside = standing.aside.expect("said");
    assert_eq!(
        (aside.line(), aside.field(), standing.is_own),
        (6, Some("until"), false)
    );

    set_schedule(&server, Some(OWN));
    set_schedule(&server, None);
    assert!(anna.sync().await.in_sync);
    assert_eq!(told(&anna).await, shipped);
    let standing = schedule(&anna).await;
    assert!(!standing.is_own && standing.aside.is_none());
}

#[tokio::test]
async fn a_store_of_before_goes_by_the_schedule_that_it_was_told_once_it_is_updated() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    set_schedule(&server, Some(OWN));
    anna.sync().await;
    anna.device
        .inner
        .gate
        .behind()
        .pretend_before_templates()
        .await;
    let anna = anna.restart().await;
    assert!(schedule(&anna).await.is_own);
    assert!(anna.sync().await.in_sync);
}
