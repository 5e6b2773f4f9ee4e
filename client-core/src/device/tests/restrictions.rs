//! Restricting: in force at once, taken back by a refusal, and the same on every device in the end.

use super::*;
use crate::views::{TimelinePage, TimelineRow};
use samspor_protocol::reason::Reason;

/// A team of two with one case and one signed note, which both have.
async fn two(server: &ModelServer) -> (Phone, Phone, SpaceId, DocumentId) {
    let anna = Phone::ready(server, 1).await;
    let bo = Phone::ready(server, 2).await;
    let case = anna.open_case("Åse Østergård").await;
    let note = anna.note(case, "Far drikker, siger naboen.").await;
    anna.device.sign(note).await.expect("signs");
    anna.sync().await;
    bo.sync().await;
    (anna, bo, case, note)
}

async fn timeline(phone: &Phone, case: SpaceId, restricted: bool) -> Vec<TimelineRow> {
    let page = TimelinePage {
        restricted,
        ..TimelinePage::default()
    };
    phone.device.timeline(case, page).await.expect("reads")
}

/// Which entries an ordinary timeline shows, and how many it leaves out.
async fn shown(phone: &Phone, case: SpaceId) -> (Vec<DocumentId>, u64) {
    let rows = timeline(phone, case, false).await;
    let left_out = phone.device.restricted_in(case).await.expect("counts");
    (rows.iter().map(|row| row.document).collect(), left_out)
}

async fn ground(phone: &Phone, document: DocumentId) -> Option<(String, PractitionerId)> {
    let row = phone.device.row(document).await.expect("reads");
    let restriction = row.expect("a row").restriction;
    restriction.map(|said| (said.ground, said.by))
}

async fn restrict(phone: &Phone, document: DocumentId, restricted: bool, ground: &str) -> bool {
    let done = phone.device.restrict(document, restricted, ground).await;
    done.expect("restricts")
}

#[tokio::test]
async fn a_restriction_holds_here_at_once_and_everywhere_after_a_sync() {
    let server = ModelServer::new();
    let (anna, bo, case, note) = two(&server).await;
    let other = anna.note(case, "Ringede.").await;
    assert!(restrict(&anna, note, true, "Oplysning fra tredjemand").await);
    assert!(!restrict(&anna, note, true, "Oplysning fra tredjemand").await);
    assert_eq!(shown(&anna, case).await, (vec![other], 1));
    let said = ("Oplysning fra tredjemand".to_owned(), practitioner(1));
    assert_eq!(ground(&anna, note).await, Some(said.clone()));
    let with = timeline(&anna, case, true).await;
    assert_eq!(
        with.iter().filter(|row| row.restriction.is_some()).count(),
        1
    );
    assert_eq!(anna.text(note).await, "Far drikker, siger naboen.");
    let outbox = anna.device.outbox().await.expect("reads");
    let last = outbox.last().expect("it waits");
    assert_eq!(last.operation, "restrict");
    let written = last.written.restriction.as_ref().expect("what was said");
    assert_eq!(
        (written.restricted, written.ground.as_str()),
        (true, said.0.as_str())
    );
    let anna = anna.restart().await;
    assert_eq!(shown(&anna, case).await, (vec![other], 1));
    anna.sync().await;
    bo.sync().await;
    for phone in [&anna, &bo] {
        assert_eq!(shown(phone, case).await, (vec![other], 1));
        assert_eq!(ground(phone, note).await, Some(said.clone()));
    }
    // Lifted, and restricted again, from the other device.
    assert!(restrict(&bo, note, false, "Far har selv bekræftet det").await);
    assert!(!restrict(&bo, note, false, "igen").await);
    bo.sync().await;
    anna.sync().await;
    for phone in [&anna, &bo] {
        assert_eq!(shown(phone, case).await.1, 0);
        assert_eq!(ground(phone, note).await, None);
    }
    assert!(restrict(&bo, note, true, "Trukket tilbage").await);
    bo.sync().await;
    anna.sync().await;
    for phone in [&anna, &bo] {
        let said = Some(("Trukket tilbage".to_owned(), practitioner(2)));
        assert_eq!(ground(phone, note).await, said);
    }
    // A device that comes new hears of it, too.
    let new = Phone::enrolled(&server, 1).await;
    let report = new.sync().await;
    assert!(report.in_sync && report.repairs == 0, "{report:?}");
    assert_eq!(shown(&new, case).await, (vec![other], 1));
}

#[tokio::test]
async fn two_who_restrict_and_lift_at_once_see_the_same_in_both_orders() {
    for anna_first in [true, false] {
        let server = ModelServer::new();
        let (anna, bo, case, note) = two(&server).await;
        restrict(&anna, note, true, "Først").await;
        anna.sync().await;
        bo.sync().await;
        // Both offline: each holds to its own word.
        restrict(&anna, note, true, "Anden grund").await;
        restrict(&bo, note, false, "Afklaret").await;
        assert_eq!(
            (shown(&anna, case).await.1, shown(&bo, case).await.1),
            (1, 0)
        );
        let order = if anna_first {
            [&anna, &bo]
        } else {
            [&bo, &anna]
        };
        for phone in order.into_iter().chain(order) {
            let report = phone.sync().await;
            assert!(report.in_sync && report.refused == 0, "{report:?}");
        }
        let left_out = u64::from(!anna_first);
        for phone in [&anna, &bo] {
            assert_eq!(shown(phone, case).await.1, left_out, "{anna_first}");
        }
        assert_eq!(ground(&anna, note).await, ground(&bo, note).await);
    }
}

#[tokio::test]
async fn a_refused_restriction_is_taken_back_and_lies_in_the_box_until_it_is_tried_again_or_given_up()
 {
    let server = ModelServer::new();
    let (anna, _, case, note) = two(&server).await;
    restrict(&anna, note, true, "Forkert barn").await;
    server.state().refuse = Some(Reason::NoAccess);
    anna.sync().await;
    assert_eq!(shown(&anna, case).await, (vec![note], 0));
    let refused = anna.device.not_delivered().await.expect("lists").remove(0);
    assert_eq!((refused.id, refused.reason.as_str()), (note.0, "no_access"));
    let written = refused.operations[0].written.restriction.as_ref();
    assert_eq!(written.expect("what was said").ground, "Forkert barn");
    assert!(refused.retryable);
    server.state().refuse = None;
    let again = anna.device.retry_not_delivered(note.0).await;
    again.expect("queues");
    assert_eq!(shown(&anna, case).await, (vec![], 1));
    anna.sync().await;
    assert_eq!(shown(&anna, case).await, (vec![], 1));
    assert!(anna.device.not_delivered().await.expect("lists").is_empty());
    restrict(&anna, note, false, "Rigtigt barn").await;
    server.state().refuse = Some(Reason::NotSigned);
    anna.sync().await;
    // What was told before holds again.
    assert_eq!(shown(&anna, case).await, (vec![], 1));
    let discarded = anna.device.discard_not_delivered(note.0).await;
    discarded.expect("gives it up");
    assert_eq!(shown(&anna, case).await, (vec![], 1));
}

#[tokio::test]
async fn what_cannot_be_restricted_is_told_and_nothing_is_kept() {
    let server = ModelServer::new();
    let (anna, _, case, note) = two(&server).await;
    let open = anna.note(case, "Endnu ikke godkendt.").await;
    let before = anna.waiting().await;
    let unknown = DocumentId::from_bytes([9; 16]);
    let long = "x".repeat(1_001);
    for (document, ground, error) in [
        (open, "x", "EntryNotSigned"),
        (unknown, "x", "UnknownDocument"),
        (note, " ", "RestrictionGround"),
        (note, &long, "RestrictionGround"),
    ] {
        let refused = anna.device.restrict(document, true, ground).await;
        let refused = format!("{:?}", refused.expect_err(error));
        assert!(refused.starts_with(error), "{refused}");
    }
    assert_eq!(anna.waiting().await, before);
}

#[tokio::test]
async fn a_restricted_addendum_is_left_out_beneath_its_entry_and_stays_where_the_entry_is_asked_for()
 {
    let server = ModelServer::new();
    let (anna, _, case, note) = two(&server).await;
    let (_, names_entry) = anna.device.adding_to(note).await.expect("an entry");
    let fields = vec![set("text", "Det var moster."), names_entry];
    let added = anna.device.write(case, "addendum", fields, None).await;
    let added = added.expect("writes");
    anna.device.sign(added).await.expect("signs");
    restrict(&anna, added, true, "Moster vil ikke nævnes").await;
    assert!(timeline(&anna, case, false).await[0].additions.is_empty());
    assert_eq!(shown(&anna, case).await, (vec![note], 1));
    let with = timeline(&anna, case, true).await;
    assert!(with[0].additions[0].restriction.is_some());
    let row = anna.device.row(note).await.expect("reads").expect("a row");
    assert_eq!(row.additions[0].document, added);
}
