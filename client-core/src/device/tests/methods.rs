//! What is told of a child over time: agreements from rows, the child's own views, its parents' records, its cards.

use super::*;
use crate::views::TimelinePage;
use samspor_documents::{
    method::{agreements::AgreementStanding, follow_up::FollowUpStanding},
    time::{Moment, UnixMillis},
};
use uuid::Uuid;

const DAY: i64 = 24 * 60 * 60 * 1000;

fn days_ago(days: i64) -> Moment {
    Moment {
        at: UnixMillis(jiff::Timestamp::now().as_millisecond() - days * DAY),
        offset_minutes: 60,
    }
}

fn agreed(what: &str, status: &str, from: Option<DocumentId>) -> Edit {
    let mut values = vec![
        ("what".to_owned(), Value::Text(what.to_owned())),
        ("status".to_owned(), Value::Code(status.to_owned())),
    ];
    values.extend(from.map(|from| ("carried_from_entry".to_owned(), Value::Reference(from.0))));
    Edit::AddItem {
        field: "agreements".to_owned(),
        item: Uuid::from_u128(values.len() as u128 + u128::from(what.len() as u64) * 7),
        values,
    }
}

fn relation(to: SpaceId) -> Edit {
    Edit::AddItem {
        field: "relations".to_owned(),
        item: Uuid::from_u128(to.0.as_u128()),
        values: vec![
            ("relation".to_owned(), Value::Code("custody".to_owned())),
            ("case".to_owned(), Value::Reference(to.0)),
        ],
    }
}

fn code(field: &str, code: &str) -> Edit {
    Edit::Set {
        field: field.to_owned(),
        value: Value::Code(code.to_owned()),
    }
}

impl Phone {
    async fn meeting(&self, case: SpaceId, days: i64, agreements: Vec<Edit>) -> DocumentId {
        let written = self
            .device
            .write(case, "network_meeting", agreements, Some(days_ago(days)));
        written.await.expect("writes")
    }

    /// What is agreed and how it stands, over the caseload or in a case.
    async fn open(&self, case: Option<SpaceId>) -> Vec<(String, AgreementStanding)> {
        let (agreements, _) = self.device.agreements(case).await.expect("lists");
        let told = agreements
            .iter()
            .map(|one| (one.what.values.join(" / "), one.standing));
        told.collect()
    }

    async fn card_case(&self, edits: Vec<Edit>) -> SpaceId {
        let team = self.server.state().team;
        self.device.open_case(team, edits).await.expect("opens")
    }
}

#[tokio::test]
async fn agreements_of_the_caseload_come_from_rows_and_follow_every_edit() {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    let emma = phone.open_case("Emma").await;
    let noah = phone.open_case("Noah").await;
    let first = phone
        .meeting(emma, 120, vec![agreed("Ringe", "agreed", None)])
        .await;
    phone
        .meeting(noah, 10, vec![agreed("Mødes igen", "agreed", None)])
        .await;
    let draft = phone
        .device
        .draft(
            emma,
            "network_meeting",
            vec![agreed("Kladde", "agreed", None)],
            None,
        )
        .await
        .expect("drafts");
    let open = |what: &str| (what.to_owned(), AgreementStanding::Open);
    let mut all = phone.open(None).await;
    all.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(
        all,
        [open("Mødes igen"), open("Ringe")],
        "a draft tells nothing: {draft}"
    );
    assert_eq!(phone.open(Some(emma)).await, [open("Ringe")]);
    let (_, due) = phone.device.agreements(Some(emma)).await.expect("lists");
    assert_eq!(due[0].standing, FollowUpStanding::Overdue);
    let next = phone
        .meeting(emma, 2, vec![agreed("Ringe", "kept", Some(first))])
        .await;
    assert_eq!(
        phone.open(Some(emma)).await,
        [("Ringe".to_owned(), AgreementStanding::Kept)]
    );
    let (_, due) = phone.device.agreements(Some(emma)).await.expect("lists");
    let standings: Vec<FollowUpStanding> = due.iter().map(|one| one.standing).collect();
    assert_eq!(
        standings,
        [FollowUpStanding::Done, FollowUpStanding::ToCome]
    );
    assert_eq!(due[0].followed_by, Some(next));
    // A closed card sends no reminders, and its case tells what was agreed all the same.
    let closed = phone
        .device
        .edit_card(noah, &[code("closed", "moved")])
        .await;
    closed.expect("edits");
    assert_eq!(phone.open(None).await.len(), 1);
    assert_eq!(phone.open(Some(noah)).await, [open("Mødes igen")]);
}

#[tokio::test]
async fn another_device_tells_the_same_agreements_and_forgets_them_with_their_case() {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    let emma = phone.open_case("Emma").await;
    let meeting = phone
        .meeting(emma, 3, vec![agreed("Ringe", "agreed", None)])
        .await;
    phone.sync().await;
    let colleague = Phone::ready(&server, 2).await;
    assert_eq!(
        colleague.open(Some(emma)).await,
        phone.open(Some(emma)).await
    );
    assert_eq!(colleague.open(None).await.len(), 1);
    let store = colleague.device.inner.gate.behind();
    let kept = "SELECT count(*) FROM agreed";
    let count: i64 = sqlx::query_scalar(kept)
        .fetch_one(store.read())
        .await
        .expect("counts");
    assert_eq!(count, 1);
    let mut tx = store.begin().await.expect("begins");
    sqlx::query("DELETE FROM rows WHERE document = ?")
        .bind(meeting.as_bytes().as_slice())
        .execute(&mut *tx)
        .await
        .expect("deletes");
    tx.commit().await.expect("commits");
    let count: i64 = sqlx::query_scalar(kept)
        .fetch_one(store.read())
        .await
        .expect("counts");
    assert_eq!(count, 0, "nothing stays of a row that is gone");
}

/// Meetings that were signed, carried on or not sent yet, a conference and a reflection that say when they are followed
/// up, in a store of before.
#[tokio::test]
async fn a_store_that_held_meetings_before_it_kept_what_is_agreed_lists_all_of_it() {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    let emma = phone.open_case("Emma").await;
    let noah = phone.open_case("Noah").await;
    let first = phone
        .meeting(emma, 120, vec![agreed("Ringe", "agreed", None)])
        .await;
    phone.device.sign(first).await.expect("signs");
    let kept = vec![agreed("Ringe", "kept", Some(first))];
    phone.meeting(emma, 2, kept).await;
    let later = vec![agreed("Mødes igen", "agreed", None)];
    phone.meeting(noah, 10, later).await;
    assert!(phone.sync().await.in_sync);
    let unsent = vec![agreed("Skrive til skolen", "agreed", None)];
    phone.meeting(noah, 1, unsent).await;
    let next = || Edit::Set {
        field: "next_date".to_owned(),
        value: Value::Date(jiff::civil::date(2026, 1, 5)),
    };
    let circle = server.state().team.circle();
    for (space, template) in [
        (noah, "family_group_conference"),
        (circle, "team_reflection"),
    ] {
        let written = phone.device.write(space, template, vec![next()], None);
        written.await.expect("writes");
    }
    let before = phone.device.agreements(None).await.expect("lists");
    assert_eq!((before.0.len(), before.1.len()), (3, 6));
    let store = phone.device.inner.gate.behind();
    store.pretend_before_agreements().await;
    let phone = phone.restart().await;
    let none = phone.device.agreements(None).await.expect("lists");
    assert_eq!((none.0.len(), none.1.len()), (0, 0), "they are listed anew");
    phone.device.finish_index().await.expect("indexes");
    let after = phone.device.agreements(None).await.expect("lists");
    assert_eq!(after, before);
    assert_eq!(
        phone.open(Some(emma)).await,
        [("Ringe".to_owned(), AgreementStanding::Kept)]
    );
    // What is agreed from then on stands beside it, and goes with its row.
    phone
        .meeting(emma, 1, vec![agreed("Cykle", "agreed", None)])
        .await;
    assert_eq!(phone.open(Some(emma)).await.len(), 2);
    assert!(phone.sync().await.in_sync);
}

#[tokio::test]
async fn a_childs_timeline_takes_in_its_parents_records_and_keeps_them_apart() {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    let parent = |name: &str| {
        vec![
            set("name", name),
            code("kind", "parent"),
            set("address", "Havnegade 1"),
            Edit::Set {
                field: "protected_address".to_owned(),
                value: Value::Boolean(true),
            },
        ]
    };
    let mother = phone.card_case(parent("Mor")).await;
    let emma = phone
        .card_case(vec![set("name", "Emma"), relation(mother)])
        .await;
    // The father's own card says it.
    let mut his = parent("Far");
    his.push(relation(emma));
    let father = phone.card_case(his).await;
    let stranger = phone.card_case(parent("En anden")).await;
    for case in [mother, father, stranger, emma] {
        phone.note(case, "Skrevet").await;
    }
    let timeline = |case| {
        let device = phone.device.clone();
        async move {
            let page = TimelinePage::default();
            let rows = device
                .timeline_with_parents(case, page)
                .await
                .expect("reads");
            let mut told: Vec<(SpaceId, Option<String>)> = rows
                .into_iter()
                .map(|one| (one.row.case, one.parent.map(|parent| parent.name)))
                .collect();
            told.sort();
            told
        }
    };
    let mut expected = vec![
        (mother, Some("Mor".to_owned())),
        (emma, None),
        (father, Some("Far".to_owned())),
    ];
    expected.sort();
    assert_eq!(timeline(emma).await, expected);
    assert_eq!(
        timeline(mother).await,
        [(mother, None)],
        "a parent's is their own alone"
    );
    assert_eq!(timeline(father).await, [(father, None)]);
    let alone = phone.device.timeline(emma, TimelinePage::default()).await;
    assert_eq!(alone.expect("reads").len(), 1);
    let parents = phone.device.parents(emma).await.expect("reads");
    assert_eq!(parents.len(), 2);
    assert!(
        !format!("{parents:?}").contains("Havnegade"),
        "an address is never told"
    );
}

#[tokio::test]
async fn one_child_reads_as_one_over_its_cards_and_falls_apart_again() {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    let cpr = || set("cpr", "230126-4000");
    let one = phone
        .card_case(vec![set("name", "Emma"), cpr(), code("custody", "shared")])
        .await;
    let other = phone.card_case(vec![set("name", "Ema"), cpr()]).await;
    phone
        .meeting(other, 2, vec![agreed("Ringe", "agreed", None)])
        .await;
    let differing = phone.device.differing_cards(one).await.expect("reads");
    assert_eq!(differing.len(), 1);
    assert_eq!(differing[0].field, "name");
    let said: Vec<SpaceId> = differing[0].said.iter().map(|says| says.case).collect();
    assert_eq!(said.len(), 2);
    assert!(said.contains(&one) && said.contains(&other));
    assert_eq!(phone.open(Some(one)).await.len(), 1);
    assert_eq!(
        phone
            .device
            .child_heard(one)
            .await
            .expect("reads")
            .decisions
            .len(),
        0
    );
    // The other card is another child's after all.
    phone
        .device
        .edit_card(other, &[set("cpr", "230126-4001")])
        .await
        .expect("edits");
    assert!(
        phone
            .device
            .differing_cards(one)
            .await
            .expect("reads")
            .is_empty()
    );
    assert!(phone.open(Some(one)).await.is_empty());
    assert_eq!(phone.open(Some(other)).await.len(), 1);
}
