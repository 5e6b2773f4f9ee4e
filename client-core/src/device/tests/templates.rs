//! Templates of the organisation's own on a device: told, kept, used, and what of them cannot be.

use super::*;
use samspor_documents::{
    id::FactId,
    template::{TEMPLATE_BYTES_MAX, Templates},
};
use samspor_protocol::fact::{FactBody, TemplateFile};

const ONE: &str = include_str!("../../../../docs/templates/trivselssamtale.toml");
const NAME: &str = "trivselssamtale";

fn template(version: u32, text: &str) -> FactBody {
    FactBody::Template(TemplateFile {
        name: NAME.to_owned(),
        version,
        text: text.to_owned(),
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
