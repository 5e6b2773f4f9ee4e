//! One's own contacts that are not complete, from rows.

use super::*;
use samspor_documents::{
    reading::{COMPLETE_WITHIN_MILLIS, Completeness, Guide},
    template::{Language, Templates},
    time::Moment,
    value::MissingReason,
};

fn typed(field: &str, said: &str) -> Edit {
    let template = Templates::built_in().latest("home_visit");
    let known = template.and_then(|template| template.field(field));
    let value = Value::parse(known.expect("a field"), said, Language::Danish);
    Edit::Set {
        field: field.to_owned(),
        value: value.expect("a value"),
    }
}

fn reason(field: &str, reason: MissingReason) -> Edit {
    Edit::Set {
        field: field.to_owned(),
        value: Value::Missing(reason),
    }
}

/// A first visit at home, so many milliseconds ago.
async fn visit(phone: &Phone, case: SpaceId, ago: i64) -> DocumentId {
    let now = SystemClock.moment();
    let at = Moment {
        at: now.at.plus(-ago),
        ..now
    };
    let fields = vec![
        typed("visit_type", "postnatal"),
        typed("contact_form", "home"),
    ];
    let draft = phone
        .device
        .draft(case, "home_visit", fields, Some(at))
        .await;
    draft.expect("drafts")
}

async fn listed(phone: &Phone, guide: Guide) -> Vec<(DocumentId, Completeness)> {
    let rows = phone.device.incomplete(guide).await.expect("reads");
    rows.iter()
        .map(|row| (row.entry.document, row.completeness))
        .collect()
}

#[tokio::test]
async fn a_contact_is_listed_until_a_value_or_a_reason_stands_in_all_it_must_carry() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let case = phone.open_case("Emma").await;
    let late = visit(&phone, case, 2 * COMPLETE_WITHIN_MILLIS).await;
    let recent = visit(&phone, case, 60_000).await;
    let note = phone.note(case, "Ingen pligt").await;
    let phone = phone.restart().await;
    let rows = phone.device.incomplete(Guide::Text).await.expect("reads");
    assert_eq!(rows.len(), 2, "{note} must carry nothing");
    assert_eq!((rows[0].entry.document, rows[0].case), (late, case));
    assert_eq!(rows[0].citizen.as_deref(), Some("Emma"));
    for (row, document) in rows.iter().zip([late, recent]) {
        let reading = phone.device.read(document).await.expect("reads");
        let now = SystemClock.now();
        let read = reading.completeness(Templates::built_in(), Guide::Text, now);
        assert_eq!(row.completeness, read);
    }
    assert!(matches!(
        rows[0].completeness,
        Completeness::OverdueSince(_)
    ));
    assert!(matches!(rows[1].completeness, Completeness::Until(_)));

    let edit = async |edits: &[Edit]| phone.device.edit(late, edits).await.expect("edits");
    edit(&[
        typed("weight", "3,45 kg"),
        typed("nutrition_infant", "Ammes primært"),
    ])
    .await;
    edit(&[reason(
        "parent_child_relation",
        MissingReason::NotYetWritten,
    )])
    .await;
    assert_eq!(
        listed(&phone, Guide::Text).await.len(),
        2,
        "it is still to be written"
    );
    edit(&[reason("parent_child_relation", MissingReason::NotDone)]).await;
    assert_eq!(listed(&phone, Guide::Text).await[0].0, recent);
    phone.device.discard_draft(recent).await.expect("discards");
    assert!(listed(&phone, Guide::Text).await.is_empty());
}

#[tokio::test]
async fn it_is_listed_once_published_or_not_and_of_ones_own_only() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Emma").await;
    let draft = visit(&anna, case, 60_000).await;
    assert_eq!(listed(&anna, Guide::Machine).await[0].0, draft);
    let entry = anna.device.publish(draft).await.expect("publishes");
    let listed_now = listed(&anna, Guide::Text).await;
    assert_eq!(
        listed_now.iter().map(|one| one.0).collect::<Vec<_>>(),
        [entry]
    );
    anna.sync().await;
    let bo = Phone::ready(&server, 2).await;
    assert!(bo.device.read(entry).await.is_ok());
    assert!(listed(&bo, Guide::Text).await.is_empty(), "it is Anna's");
    // Signed, it stays until something is added to it.
    anna.device.sign(entry).await.expect("signs");
    assert_eq!(listed(&anna, Guide::Text).await.len(), 1);
    let (space, names_entry) = anna.device.adding_to(entry).await.expect("adds");
    let fields = vec![names_entry, set("text", "Vægt 3450 g")];
    let added = anna.device.write(space, "addendum", fields, None).await;
    added.expect("writes");
    assert!(listed(&anna, Guide::Text).await.is_empty());
}

#[tokio::test]
async fn the_guides_words_and_its_rules_are_told_apart() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let case = phone.open_case("Emma").await;
    let fields = vec![
        typed("visit_type", "months_8_11"),
        typed("contact_form", "home"),
    ];
    let draft = phone.device.draft(case, "home_visit", fields, None).await;
    let draft = draft.expect("drafts");
    let reading = phone.device.read(draft).await.expect("reads");
    let machine = reading.required(Templates::built_in(), Guide::Machine);
    let edits: Vec<Edit> = machine
        .iter()
        .map(|one| reason(&one.field.name, MissingReason::NotDone))
        .collect();
    phone.device.edit(draft, &edits).await.expect("edits");
    assert!(listed(&phone, Guide::Machine).await.is_empty());
    assert_eq!(listed(&phone, Guide::Text).await.len(), 1);
}
