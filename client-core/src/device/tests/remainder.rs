//! Edits that the server acknowledged and that the published document was not made from: they are shown on the device
//! that wrote them, and nothing else is.

use super::*;
use crate::{
    testing::Fault,
    views::{NotDelivered, Written},
};
use samspor_protocol::reason::Reason;

/// The author's phone and tablet; a draft on both, about a case.
struct Begun {
    server: ModelServer,
    phone: Phone,
    tablet: Phone,
    case: SpaceId,
    draft: DocumentId,
}

async fn begin() -> Begun {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    let tablet = Phone::ready(&server, 1).await;
    let case = phone.open_case("Åse").await;
    let draft = phone.draft(case, "kladde").await;
    phone.sync().await;
    tablet.sync().await;
    Begun {
        server,
        phone,
        tablet,
        case,
        draft,
    }
}

impl Phone {
    async fn write_on(&self, draft: DocumentId, text: &str) {
        let edited = self.device.edit(draft, &[insert(0, text)]).await;
        assert!(edited.expect("edits"));
    }

    async fn agreed(&self) -> SyncReport {
        let report = self.sync().await;
        assert!(report.in_sync && report.repairs == 0, "{report:?}");
        report
    }

    async fn box_of(&self) -> Vec<NotDelivered> {
        self.device.not_delivered().await.expect("reads")
    }

    /// What is left over of this draft: one entry of the box, of one operation.
    async fn left_over(&self, draft: DocumentId) -> Written {
        let mut all = self.box_of().await;
        assert_eq!(all.len(), 1, "{all:?}");
        let one = all.remove(0);
        let said = (one.document, one.reason.as_str(), one.retryable);
        assert_eq!(said, (Some(draft), Reason::Superseded.code(), false));
        assert_eq!(one.operations.len(), 1, "{one:?}");
        let operation = one.operations.into_iter().next().expect("one");
        assert_eq!(operation.operation, "change");
        operation.written
    }
}

fn typed(written: &Written) -> &str {
    match written.fields.first().map(|field| &field.state) {
        Some(FieldState::Text { text, .. }) => text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn invariant_09_an_acknowledged_edit_that_the_publishing_device_had_not_read_is_shown() {
    let begun = begin().await;
    let (phone, draft) = (&begun.phone, begun.draft);
    begun.tablet.write_on(draft, "læst: ").await;
    begun.tablet.sync().await;
    phone.sync().await;
    begun.tablet.write_on(draft, "ikke ").await;
    assert_eq!(begun.tablet.agreed().await.pushed, 1);
    let entry = phone.device.publish(draft).await.expect("publishes");
    phone.agreed().await;
    assert!(phone.box_of().await.is_empty());
    let report = begun.tablet.agreed().await;
    assert_eq!((report.pushed, report.refused), (0, 1));
    assert_eq!(
        typed(&begun.tablet.left_over(draft).await),
        "ikke læst: kladde"
    );
    assert!(begun.tablet.drafts().await.is_empty());
    let kept = begun.tablet.restart().await;
    assert_eq!(kept.agreed().await.refused, 0);
    assert_eq!(typed(&kept.left_over(draft).await), "ikke læst: kladde");
    assert_eq!(kept.text(entry).await, "læst: kladde");
    assert_eq!(kept.entries(begun.case).await, [entry]);
    // What a person dealt with is gone.
    let discarded = kept.device.discard_not_delivered(draft.0).await;
    discarded.expect("discards");
    kept.agreed().await;
    assert!(kept.box_of().await.is_empty());
}

#[tokio::test]
async fn nothing_is_shown_where_everything_was_read() {
    let begun = begin().await;
    let draft = begun.draft;
    for (one, other) in [(&begun.tablet, &begun.phone), (&begun.phone, &begun.tablet)] {
        one.write_on(draft, "mere ").await;
        one.sync().await;
        other.sync().await;
    }
    // What waits here is read, too.
    begun.phone.write_on(draft, "til sidst ").await;
    let entry = begun.phone.device.publish(draft).await.expect("publishes");
    for device in [&begun.phone, &begun.tablet, &begun.phone] {
        assert_eq!(device.agreed().await.refused, 0);
        assert!(device.box_of().await.is_empty());
        assert!(device.drafts().await.is_empty());
        assert_eq!(device.text(entry).await, "til sidst mere mere kladde");
    }
}

#[tokio::test]
async fn invariant_09_an_edit_whose_answer_comes_after_the_news_is_shown_as_well() {
    let begun = begin().await;
    let (tablet, draft) = (&begun.tablet, begun.draft);
    tablet.write_on(draft, "svaret gik tabt: ").await;
    begun.server.state().faults.push_back(Fault::LoseAnswer);
    let once = SyncOptions {
        retries_max: 0,
        ..SyncOptions::default()
    };
    assert!(tablet.device.sync(once).await.is_err());
    let published = begun.phone.device.publish(draft).await;
    published.expect("publishes");
    begun.phone.agreed().await;
    // The news come by a page, before the edit is pushed again.
    let news = begun.server.news_of(practitioner(1), draft);
    let applied = tablet.device.inner.gate.behind().apply_whole(news).await;
    assert_eq!(applied.expect("applies").left_over, 0);
    assert!(tablet.box_of().await.is_empty(), "it waits still");
    let report = tablet.agreed().await;
    assert_eq!((report.pushed, report.refused), (0, 1));
    let typed_here = "svaret gik tabt: kladde";
    assert_eq!(typed(&tablet.left_over(draft).await), typed_here);
    assert_eq!(tablet.agreed().await.refused, 0);
    assert_eq!(typed(&tablet.left_over(draft).await), typed_here);
}

#[tokio::test]
async fn the_news_told_twice_leaves_the_box_as_it_was() {
    let begun = begin().await;
    let (tablet, draft) = (&begun.tablet, begun.draft);
    tablet.write_on(draft, "en gang: ").await;
    tablet.sync().await;
    let published = begun.phone.device.publish(draft).await;
    published.expect("publishes");
    begun.phone.agreed().await;
    let store = &tablet.device.inner.gate.behind();
    // The same page again, and the same fact said anew.
    for (version, left_over) in [(1, 1), (1, 0), (2, 0)] {
        let mut page = begun.server.news_of(practitioner(1), draft);
        page.facts[0].fact.version = version;
        let applied = store.apply_whole(page).await.expect("applies");
        assert_eq!(applied.left_over, left_over);
        assert_eq!(typed(&tablet.left_over(draft).await), "en gang: kladde");
    }
}

#[tokio::test]
async fn invariant_09_what_a_backup_covers_is_not_forgotten_while_its_draft_can_be_published() {
    let begun = begin().await;
    let (phone, tablet, draft) = (&begun.phone, &begun.tablet, begun.draft);
    begun.server.state().safe_seq = u64::MAX >> 1;
    tablet.write_on(draft, "sikret: ").await;
    tablet.agreed().await;
    tablet.note(begun.case, "et notat").await;
    tablet.agreed().await;
    tablet.agreed().await;
    phone.device.publish(draft).await.expect("publishes");
    phone.agreed().await;
    tablet.agreed().await;
    assert_eq!(typed(&tablet.left_over(draft).await), "sikret: kladde");
}

#[tokio::test]
async fn invariant_09_an_edit_between_a_refused_publish_and_its_retry_is_shown() {
    let begun = begin().await;
    let (phone, draft) = (&begun.phone, begun.draft);
    let entry = phone.device.publish(draft).await.expect("publishes");
    let members = std::mem::take(&mut begun.server.state().members);
    assert_eq!(phone.sync().await.refused, 1);
    phone.write_on(draft, "imens: ").await;
    assert_eq!(phone.agreed().await.pushed, 1);
    begun.server.state().members = members;
    phone.agreed().await;
    let retried = phone.device.retry_not_delivered(entry.0).await;
    retried.expect("tries again");
    phone.agreed().await;
    assert_eq!(phone.text(entry).await, "kladde");
    assert_eq!(typed(&phone.left_over(draft).await), "imens: kladde");
}
