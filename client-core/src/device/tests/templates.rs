//! Templates of the organisation's own on a device: told, kept, used, and what of them cannot be.

use super::*;
use crate::views::{ContactFilter, NewVisit};
use samspor_documents::{
    document::AuthorError,
    id::FactId,
    template::{TEMPLATE_BYTES_MAX, Templates},
};
use samspor_protocol::{
    fact::{FactBody, Retirement, TemplateFile},
    reason::Reason,
};

const ONE: &str = include_str!("../../../../docs/templates/trivselssamtale.toml");
const NAME: &str = "trivselssamtale";

fn template(version: u32, text: &str) -> FactBody {
    FactBody::Template(TemplateFile {
        name: NAME.to_owned(),
        version,
        text: text.to_owned(),
        signature: None,
    })
}

fn say(server: &ModelServer, number: u8, body: &FactBody) {
    let mut state = server.state();
    let space = state.organisation.space();
    state.log_fact(FactId::from_bytes([number; 16]), space, body);
}

#[tokio::test]
async fn a_template_is_used_from_when_it_was_told_and_after_a_restart() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    let unknown = anna.device.write(case, NAME, Vec::new(), None).await;
    assert!(
        matches!(unknown, Err(DeviceError::Author { .. })),
        "{unknown:?}"
    );
    say(&server, 1, &template(1, ONE));
    anna.sync().await;
    let anna = anna.restart().await;
    let edits = vec![set("occasion", "Ny skole")];
    let written = anna.device.write(case, NAME, edits, None).await;
    let row = anna.device.row(written.expect("writes")).await;
    let row = row.expect("reads").expect("a row");
    assert_eq!(row.title_da, "Trivselssamtale: Ny skole");
    let templates = anna.device.templates();
    assert!(templates.is_own(templates.latest(NAME).expect("told")));
}

#[tokio::test]
async fn what_cannot_be_used_is_told_and_everything_else_goes_on() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    let bad = [
        "",
        "name = [[[[",
        &"[".repeat(60_000),
        &"#".repeat(TEMPLATE_BYTES_MAX + 1),
        &ONE.replace("version = 1", "version = 9"),
    ];
    for (number, text) in (1..).zip(bad) {
        say(&server, number, &template(u32::from(number) + 1, text));
    }
    say(&server, 90, &template(1, ONE));
    let note = anna.note(case, "Besøg").await;
    let report = anna.sync().await;
    assert!(report.in_sync && report.all_sent);
    assert_eq!(anna.text(note).await, "Besøg");
    let aside = anna.device.templates_aside().await.expect("reads");
    let versions: Vec<u32> = aside.iter().map(|one| one.version).collect();
    assert_eq!(versions, [2, 3, 4, 5, 6]);
    let known = anna.device.templates();
    assert_eq!(known.own_count(), 1);
    assert_eq!(known.all().len(), Templates::built_in().all().len() + 1);
}

#[tokio::test]
async fn a_store_of_before_keeps_what_it_was_told_and_knows_it_once_it_is_updated() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    say(&server, 1, &template(1, ONE));
    anna.sync().await;
    let edits = vec![set("occasion", "Ny skole")];
    let written = anna.device.write(case, NAME, edits, None).await;
    let written = written.expect("writes");
    let store = anna.device.inner.gate.behind();
    store.pretend_before_templates().await;
    let anna = anna.restart().await;
    assert!(anna.device.templates().latest(NAME).is_some());
    anna.device.finish_index().await.expect("indexes");
    let row = anna.device.row(written).await.expect("reads");
    assert_eq!(row.expect("a row").title_da, "Trivselssamtale: Ny skole");
    assert!(anna.sync().await.in_sync);
}

fn retired(name: &str, version: Option<u32>, is_retired: bool) -> FactBody {
    FactBody::Retirement(Retirement {
        name: name.to_owned(),
        version,
        is_retired,
    })
}

async fn is_refused(phone: &Phone, case: SpaceId) {
    let written = phone.device.write(case, "note", Vec::new(), None).await;
    let drafted = phone.device.draft(case, "note", Vec::new(), None).await;
    for refused in [written, drafted] {
        let Err(DeviceError::Author { source }) = refused else {
            panic!("not refused: {refused:?}");
        };
        let AuthorError::RetiredTemplate { known } = source else {
            panic!("for another reason: {source:?}");
        };
        let known: Vec<&str> = known.split(", ").collect();
        assert!(known.contains(&"home_visit") && !known.contains(&"note"));
    }
}

#[tokio::test]
async fn in_a_retired_template_nothing_is_begun_and_what_was_begun_goes_on() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    let written = anna.note(case, "Besøg").await;
    let edits = vec![set("text", "Kladde")];
    let draft = anna.device.draft(case, "note", edits, None).await;
    let draft = draft.expect("drafts");
    say(&server, 1, &retired("note", None, true));
    assert!(anna.sync().await.in_sync);
    let anna = anna.restart().await;
    is_refused(&anna, case).await;
    let visit = NewVisit {
        case,
        contact: None,
        template: "note".to_owned(),
        fields: Vec::new(),
        occurred_at: None,
        from_last: false,
    };
    let begun = anna.device.start_visit(visit).await;
    assert!(
        matches!(begun, Err(DeviceError::Author { .. })),
        "{begun:?}"
    );
    let contacts = anna.device.contacts(ContactFilter::default()).await;
    assert!(contacts.expect("lists").is_empty(), "nothing of it is kept");

    let published = anna.device.publish(draft).await.expect("publishes");
    let edits = [set("subject_line", "Besøg")];
    assert!(anna.device.edit(written, &edits).await.expect("edits"));
    anna.device.sign(published).await.expect("signs");
    let report = anna.sync().await;
    assert!(report.all_sent && report.in_sync && report.refused == 0);
    assert_eq!(anna.text(published).await, "Kladde");

    say(&server, 1, &retired("note", None, false));
    anna.sync().await;
    anna.note(case, "Igen").await;
}

#[tokio::test]
async fn where_the_newest_version_is_retired_new_entries_begin_with_the_one_before() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    let newest = Templates::built_in().latest("note").expect("ships").version;
    let before = anna.note(case, "Før").await;
    say(&server, 1, &retired("note", Some(newest), true));
    anna.sync().await;
    let after = anna.note(case, "Efter").await;
    for (note, version) in [(before, newest), (after, newest - 1)] {
        let reading = anna.device.read(note).await.expect("reads");
        assert!(reading.template_known);
        assert_eq!(reading.template_version, version);
    }
}

#[tokio::test]
async fn what_a_store_of_before_was_told_of_retired_templates_holds_once_it_is_updated() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    say(&server, 1, &template(1, ONE));
    say(&server, 2, &retired("note", None, true));
    anna.sync().await;
    let store = anna.device.inner.gate.behind();
    store.pretend_before_templates().await;
    let anna = anna.restart().await;
    is_refused(&anna, case).await;
    assert!(anna.sync().await.in_sync);
}

#[tokio::test]
async fn what_was_refused_in_a_retired_template_goes_on_as_a_draft_all_the_same() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    anna.sync().await;
    let note = anna.note(case, "Første").await;
    say(&server, 1, &retired("note", None, true));
    server.state().refuse = Some(Reason::ActorConflict);
    anna.sync().await;
    server.state().refuse = None;
    is_refused(&anna, case).await;
    let draft = anna.device.draft_of_not_delivered(note.0).await;
    let published = anna.device.publish(draft.expect("makes a draft")).await;
    let report = anna.sync().await;
    assert!(report.in_sync && report.refused == 0, "{report:?}");
    assert_eq!(anna.text(published.expect("publishes")).await, "Første");
}
