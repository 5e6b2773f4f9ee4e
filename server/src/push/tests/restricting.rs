//! Restricting against a running core: who may, what is told, which word stands, and what nobody learns by asking.

use super::*;
use crate::{
    feed,
    sync::Caller,
    testing::signed::{self, operation},
    timeline::{self, Part},
};
use samspor_documents::{
    id::{DocumentId, OperationId},
    time::UnixMillis,
};
use samspor_protocol::{
    fact::FactBody,
    feed::FeedRequest,
    frame,
    push::{Group, Operation},
    restrict::{Restrict, Restriction},
    share::Recipient,
};

fn said(restricted: bool, ground: &str) -> Restrict {
    Restrict {
        restricted,
        ground: ground.to_owned(),
        at: UnixMillis(7),
    }
}

fn asked(case: u64, id: u64, number: u64, body: &Restrict) -> Group {
    Group {
        space: space(case),
        document: Some(document(id)),
        operations: vec![Operation::restrict(operation(number), body)],
    }
}

/// Case 1 of team 1 with document 1, signed by practitioner 1; practitioner 2 is a member, too.
async fn begin() -> (World, signed::Signer, signed::Signer) {
    let world = World::new().await;
    let (one, two) = (world.signer(1).await, world.signer(2).await);
    world.open_case(&one.caller, 1, 1).await;
    signed_note(&world, &one, 1, 100).await;
    (world, one, two)
}

async fn signed_note(world: &World, by: &signed::Signer, id: u64, number: u64) {
    let (note, first) = by.note(space(1), "sover godt");
    let sign = by.sign(space(1), document(id), &note);
    let group = Group {
        space: space(1),
        document: Some(document(id)),
        operations: vec![
            Operation::change(first),
            Operation::sign(operation(number), &sign),
        ],
    };
    seqs(&world.push(&by.caller, vec![group]).await[0]);
}

async fn one_answer(world: &World, who: &Caller, group: Group) -> Answer {
    let answers = world.push(who, vec![group]).await;
    answers[0].last().expect("an answer").clone()
}

async fn reason(world: &World, who: &Caller, group: Group) -> String {
    match one_answer(world, who, group).await {
        Answer::Accepted { .. } => "accepted".to_owned(),
        Answer::Refused { reason, .. } => reason.code().to_owned(),
    }
}

/// The restrictions that a cold start tells of, each with its version.
async fn told(world: &World, who: &Caller) -> Vec<(u32, Restriction)> {
    world.projected().await;
    let body = wire::encode(&FeedRequest {
        cursor: None,
        wait_millis: 0,
        bytes_max: 1 << 20,
        tells: None,
    });
    let page = feed::feed(&world.core, who, &body).await.expect("a page");
    let page = frame::decode_page(&page.frame).expect("reads");
    let facts = page.facts.iter().filter_map(|item| match item.fact.read() {
        Ok(FactBody::Restriction(said)) => Some((item.fact.version, said)),
        _ => None,
    });
    facts.collect()
}

/// What a page of the case shows: its entries, and how many are restricted.
async fn shown(world: &World, restricted: bool) -> (Vec<(DocumentId, bool)>, usize) {
    world.projected().await;
    let part = Part {
        before: None,
        limit: 50,
        restricted,
    };
    let page = timeline::timeline(world.core.store(), practitioner(2), space(1), part).await;
    let page = page.expect("answers").expect("visible");
    let rows = page.rows.iter();
    let rows = rows.map(|row| (row.document, row.restriction.is_some()));
    (rows.collect(), page.restricted)
}

#[tokio::test]
async fn a_restricted_entry_stays_and_is_left_out_until_that_is_lifted() {
    let (world, one, two) = begin().await;
    signed_note(&world, &one, 2, 101).await;
    let both = vec![(document(2), false), (document(1), false)];
    assert_eq!(shown(&world, false).await, (both.clone(), 0));
    let word = said(true, "Under klage");
    let group = || asked(1, 1, 1, &word);
    let answer = one_answer(&world, &two.caller, group()).await;
    assert!(matches!(answer, Answer::Accepted { .. }), "{answer:?}");
    assert_eq!(
        one_answer(&world, &two.caller, group()).await,
        answer,
        "the same push again"
    );
    assert_eq!(shown(&world, false).await, (vec![(document(2), false)], 1));
    let marked = vec![(document(2), false), (document(1), true)];
    assert_eq!(shown(&world, true).await, (marked, 1));
    let expected = |restricted, ground: &str, by| Restriction {
        document: document(1),
        restricted,
        ground: ground.to_owned(),
        by: practitioner(by),
        at: UnixMillis(7),
    };
    for who in [&one.caller, &two.caller] {
        assert_eq!(
            told(&world, who).await,
            [(1, expected(true, "Under klage", 2))]
        );
    }
    // Lifted by another, and restricted again.
    let lifted = asked(1, 1, 2, &said(false, "Klagen er afgjort"));
    assert_eq!(reason(&world, &one.caller, lifted).await, "accepted");
    assert_eq!(shown(&world, false).await, (both, 0));
    assert_eq!(
        told(&world, &two.caller).await,
        [(2, expected(false, "Klagen er afgjort", 1))]
    );
    let again = asked(1, 1, 3, &said(true, "Ny klage"));
    assert_eq!(reason(&world, &one.caller, again).await, "accepted");
    assert_eq!(
        told(&world, &two.caller).await,
        [(3, expected(true, "Ny klage", 1))]
    );
    let world = world.restart().await;
    assert_eq!(shown(&world, false).await, (vec![(document(2), false)], 1));
}

#[tokio::test]
async fn what_two_say_at_once_ends_with_the_later_word_in_the_log_whichever_that_is() {
    for restricted_first in [true, false] {
        let (world, one, two) = begin().await;
        let words = [
            (&one.caller, asked(1, 1, 1, &said(true, "Forkert barn"))),
            (&two.caller, asked(1, 1, 2, &said(false, "Det er rigtigt"))),
        ];
        let order = if restricted_first { [0, 1] } else { [1, 0] };
        for place in order {
            let (who, group) = words[place].clone();
            assert_eq!(reason(&world, who, group).await, "accepted");
        }
        let told_one = told(&world, &one.caller).await;
        assert_eq!(told_one, told(&world, &two.caller).await);
        assert_eq!(told_one.len(), 1);
        let (version, word) = &told_one[0];
        assert_eq!((*version, word.restricted), (2, !restricted_first));
        let (_, restricted) = shown(&world, false).await;
        assert_eq!(restricted, usize::from(!restricted_first));
        // In one group commit the order of the groups decides, the same way.
        let later = vec![
            asked(1, 1, 3, &said(restricted_first, "x")),
            asked(1, 1, 4, &said(!restricted_first, "y")),
        ];
        for answers in world.push(&one.caller, later).await {
            seqs(&answers);
        }
        let (version, word) = told(&world, &two.caller).await.remove(0);
        assert_eq!((version, word.restricted), (4, !restricted_first));
    }
}

#[tokio::test]
async fn nobody_learns_by_restricting_whether_a_document_is_there() {
    let (world, one, two) = begin().await;
    let (_, open) = one.note(space(1), "åbent");
    let open = changes(space(1), document(3), &[open]);
    seqs(&world.push(&one.caller, vec![open]).await[0]);
    world.member(5, 2, Role::Practitioner, false).await;
    world.member(6, 1, Role::Leader, false).await;
    seqs(&[world.open_case(&caller(5), 2, 101).await]);
    let word = said(true, "x");
    let bad = said(true, " ");
    let long = said(true, &"x".repeat(limits::RESTRICTION_GROUND_CHARS_MAX + 1));
    // Who may not write there is told the same of what is signed, open or nowhere, whatever else is wrong.
    for (who, case) in [(5, 1), (6, 1), (5, 77), (1, 101)] {
        for (number, id) in [1, 3, 99].into_iter().enumerate() {
            for body in [&word, &bad, &long] {
                let number = 200 + number as u64;
                let answer = one_answer(&world, &caller(who), asked(case, id, number, body)).await;
                let Answer::Refused { reason, detail, by } = answer else {
                    panic!("{answer:?}");
                };
                assert_eq!((reason, by), (Reason::NoAccess, None), "{who} {case} {id}");
                let nowhere = asked(case, 98, 300, &word);
                let nowhere = one_answer(&world, &caller(who), nowhere).await;
                let Answer::Refused { detail: other, .. } = nowhere else {
                    panic!("{nowhere:?}");
                };
                assert_eq!(detail, other);
            }
        }
    }
    // In one's own case another's document is as one that is nowhere.
    for id in [1, 3, 99] {
        let answer = reason(&world, &caller(5), asked(101, id, 400 + id, &word)).await;
        assert_eq!(answer, "no_access", "{id}");
    }
    assert_eq!(told(&world, &one.caller).await, []);
    assert_eq!(
        reason(&world, &two.caller, asked(1, 3, 1, &word)).await,
        "not_signed"
    );
    assert_eq!(
        reason(&world, &two.caller, asked(1, 1, 2, &bad)).await,
        "malformed"
    );
    assert_eq!(
        reason(&world, &two.caller, asked(1, 1, 3, &long)).await,
        "too_large"
    );
    let nameless = Group {
        space: space(1),
        document: Some(document(1)),
        operations: vec![Operation {
            operation: None::<OperationId>,
            ..Operation::restrict(operation(4), &word)
        }],
    };
    assert_eq!(reason(&world, &two.caller, nameless).await, "malformed");
    let on_space = Group {
        document: None,
        ..asked(1, 1, 5, &word)
    };
    assert_eq!(reason(&world, &two.caller, on_space).await, "malformed");
}

#[tokio::test]
async fn a_document_signed_and_restricted_without_cover_arrives_as_both_in_one_push() {
    let (world, one, two) = begin().await;
    let (mut note, first) = one.note(space(1), "sover godt");
    let sign = one.sign(space(1), document(7), &note);
    let group = Group {
        space: space(1),
        document: Some(document(7)),
        operations: vec![
            Operation::change(first),
            Operation::sign(operation(50), &sign),
            Operation::restrict(operation(51), &said(true, "Sendt til forkert sag")),
        ],
    };
    seqs(&world.push(&one.caller, vec![group]).await[0]);
    assert_eq!(told(&world, &two.caller).await.len(), 1);
    assert_eq!(shown(&world, false).await, (vec![(document(1), false)], 1));
    // A restriction that stands is no edit: what is refused as signed is refused still.
    let late = one.edit(&mut note, 2, signed::subject_line("Sent"));
    let late = changes(space(1), document(7), &[late]);
    assert_eq!(reason(&world, &one.caller, late).await, "signed");
}

#[tokio::test]
async fn who_reads_by_a_share_is_told_of_the_restriction_and_cannot_lift_it() {
    for whole in [true, false] {
        let (world, one, _) = begin().await;
        signed_note(&world, &one, 2, 101).await;
        world.member(5, 2, Role::Practitioner, false).await;
        let what = (!whole).then(|| document(1));
        let to = Recipient::Team(team(2));
        let answers = world.push(&one.caller, vec![share(1, 1, terms(what, to, None))]);
        seqs(&answers.await[0]);
        for (id, number) in [(1, 60), (2, 61)] {
            let word = asked(1, id, number, &said(true, "Under klage"));
            assert_eq!(reason(&world, &one.caller, word).await, "accepted");
        }
        let told = told(&world, &caller(5)).await;
        let documents: Vec<_> = told.iter().map(|(_, word)| word.document).collect();
        let expected: &[u64] = if whole { &[1, 2] } else { &[1] };
        assert_eq!(documents.len(), expected.len());
        assert!(expected.iter().all(|id| documents.contains(&document(*id))));
        let lifted = asked(1, 1, 62, &said(false, "x"));
        assert_eq!(reason(&world, &caller(5), lifted).await, "no_access");
    }
}
