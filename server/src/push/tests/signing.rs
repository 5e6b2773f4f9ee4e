//! Signing against a running core: what is frozen, what is refused, and what readers are told.

use super::*;
use crate::{
    feed,
    sync::Caller,
    testing::signed::{self, operation, prose, subject_line},
};
use samspor_documents::{id::DocumentId, signed::SignedText, template::Templates};
use samspor_protocol::{
    feed::{Content, DocumentItem, FeedRequest},
    frame,
    hash::Hash32,
    push::{Group, Operation, Sign},
    tag::Tag,
};

fn group(document: DocumentId, changes: &[&Vec<u8>], signs: &[(u64, &Sign)]) -> Group {
    let mut operations: Vec<Operation> = changes
        .iter()
        .map(|body| Operation::change((*body).clone()))
        .collect();
    operations.extend(
        signs
            .iter()
            .map(|(number, sign)| Operation::sign(operation(*number), sign)),
    );
    Group {
        space: space(1),
        document: Some(document),
        operations,
    }
}

async fn begin() -> (World, signed::Signer, signed::Signer) {
    let world = World::new().await;
    let (one, two) = (world.signer(1).await, world.signer(2).await);
    world.open_case(&one.caller, 1, 1).await;
    (world, one, two)
}

/// What a cold start tells of a document.
async fn told(world: &World, who: &Caller, id: DocumentId) -> Option<DocumentItem> {
    let body = wire::encode(&FeedRequest {
        cursor: None,
        wait_millis: 0,
        bytes_max: 1 << 20,
        tells: None,
    });
    let page = feed::feed(&world.core, who, &body).await.expect("a page");
    let page = frame::decode_page(&page.frame).expect("reads");
    page.documents.into_iter().find(|item| item.document == id)
}

#[tokio::test]
async fn invariant_06_a_note_written_and_signed_offline_arrives_in_one_push_and_is_fed_as_its_text()
{
    let (world, one, two) = begin().await;
    let (mut note, first) = one.note(space(1), "Hun sover godt, spiser æg og øl-brød");
    let second = one.edit(&mut note, 1, subject_line("Besøg"));
    let sign = one.sign(space(1), document(1), &note);
    let push = || vec![group(document(1), &[&first, &second], &[(1, &sign)])];
    let answers = world.push(&one.caller, push()).await;
    let places = seqs(&answers[0]);
    assert_eq!(
        world.push(&one.caller, push()).await,
        answers,
        "the same push again"
    );
    let item = told(&world, &two.caller, document(1)).await.expect("told");
    let Content::Signed(text) = &item.content else {
        panic!("{:?}", item.content);
    };
    assert_eq!(
        (text.as_slice(), item.seq),
        (sign.text.as_slice(), places[2])
    );
    let reading = SignedText::decode(text)
        .expect("a text")
        .reading(Templates::built_in());
    assert_eq!(reading.fields, strip(&note));
    // Tag and digest follow the text.
    let mut tx = world.core.store().read().await.expect("reads");
    let tag: Vec<u8> = sqlx::query_scalar("SELECT tag FROM items WHERE id = ?")
        .bind(document(1).as_bytes().to_vec())
        .fetch_one(&mut *tx)
        .await
        .expect("a tag");
    let expected = Tag::of_signed_document(document(1), Hash32::of(text).0);
    assert_eq!(tag, expected.0);
}

/// A note's fields without the names of operations: nothing in a text is there to be chosen.
fn strip(
    note: &samspor_documents::document::Document,
) -> Vec<samspor_documents::reading::FieldReading> {
    use samspor_documents::reading::FieldState;
    let mut fields = note.reading(Templates::built_in()).fields;
    for field in &mut fields {
        if let FieldState::One(value) = &mut field.state {
            value.operation.clear();
        }
    }
    fields
}

#[tokio::test]
async fn invariant_06_after_the_signature_no_edit_is_taken_and_the_text_stays() {
    let (world, one, two) = begin().await;
    let (mut note, first) = one.note(space(1), "sover godt");
    let sign = one.sign(space(1), document(1), &note);
    let answers = world
        .push(
            &one.caller,
            vec![group(document(1), &[&first], &[(1, &sign)])],
        )
        .await;
    seqs(&answers[0]);
    let late = two.edit(&mut note, 1, prose("sover dårligt"));
    let answers = world
        .push(&two.caller, vec![group(document(1), &[&late], &[])])
        .await;
    assert_eq!(reasons(&answers[0]), ["signed"]);
    let again = one.sign(space(1), document(1), &note);
    let answers = world
        .push(&one.caller, vec![group(document(1), &[], &[(2, &again)])])
        .await;
    assert_eq!(reasons(&answers[0]), ["signed"]);
    let item = told(&world, &two.caller, document(1)).await.expect("told");
    assert_eq!(item.content, Content::Signed(sign.text));
}

#[tokio::test]
async fn what_arrived_unseen_is_never_frozen_whichever_came_first() {
    let (world, one, two) = begin().await;
    let (note, first) = one.note(space(1), "sover godt");
    let answers = world
        .push(&one.caller, vec![group(document(1), &[&first], &[])])
        .await;
    seqs(&answers[0]);
    let mut theirs = two.load(&first);
    let edit = two.edit(&mut theirs, 1, subject_line("også set"));
    let sign = one.sign(space(1), document(1), &note);
    // Both orders: the edit before the signature is unseen; after it, it is late.
    let edited = world
        .push(&two.caller, vec![group(document(1), &[&edit], &[])])
        .await;
    seqs(&edited[0]);
    let signed = world
        .push(&one.caller, vec![group(document(1), &[], &[(1, &sign)])])
        .await;
    assert_eq!(reasons(&signed[0]), ["unseen_changes"]);
    let read = one.load_all(&[&first, &edit]);
    let sign = one.sign(space(1), document(1), &read);
    let signed = world
        .push(&one.caller, vec![group(document(1), &[], &[(2, &sign)])])
        .await;
    seqs(&signed[0]);
    let late = two.edit(&mut theirs, 1, prose("for sent"));
    let refused = world
        .push(&two.caller, vec![group(document(1), &[&late], &[])])
        .await;
    assert_eq!(reasons(&refused[0]), ["signed"]);
}

#[tokio::test]
async fn a_text_that_its_heads_do_not_say_and_a_signature_that_is_not_the_devices_are_refused() {
    let (world, one, two) = begin().await;
    let (note, first) = one.note(space(1), "sover godt");
    let answers = world
        .push(&one.caller, vec![group(document(1), &[&first], &[])])
        .await;
    seqs(&answers[0]);
    let honest = one.sign(space(1), document(1), &note);
    let (other, _) = one.note(space(1), "noget helt andet");
    let lie = one.sign(space(1), document(1), &other);
    let lie = one.sign_text(&note, lie.text.to_vec());
    let elsewhere = one.sign(space(1), document(2), &note);
    let mut unknown = honest.clone();
    unknown.heads = vec![Hash32([9; 32])];
    let mut flipped = honest.clone();
    flipped.signature.signature[10] ^= 1;
    let mut as_another = honest.clone();
    as_another.signature.signer = two.caller.practitioner;
    let rows = [
        ("another text", lie, "text_differs"),
        ("another document's place", elsewhere, "text_differs"),
        ("heads that are not here", unknown, "malformed"),
        ("a flipped bit", flipped, "malformed"),
        ("another's name", as_another, "malformed"),
    ];
    for (number, (case, sign, reason)) in (1..).zip(&rows) {
        let answers = world
            .push(
                &one.caller,
                vec![group(document(1), &[], &[(number, sign)])],
            )
            .await;
        assert_eq!(reasons(&answers[0]), [*reason], "{case}");
    }
    let signed = world
        .push(&one.caller, vec![group(document(1), &[], &[(50, &honest)])])
        .await;
    seqs(&signed[0]);
}

#[tokio::test]
async fn others_sign_the_very_same_text_beside_the_author_and_never_before() {
    let (world, one, two) = begin().await;
    let (note, first) = one.note(space(1), "sover godt");
    seqs(
        &world
            .push(&one.caller, vec![group(document(1), &[&first], &[])])
            .await[0],
    );
    let theirs = two.sign(space(1), document(1), &note);
    let push = |number| vec![group(document(1), &[], &[(number, &theirs)])];
    let early = world.push(&two.caller, push(1)).await;
    assert_eq!(reasons(&early[0]), ["no_access"]);
    let sign = one.sign(space(1), document(1), &note);
    seqs(
        &world
            .push(&one.caller, vec![group(document(1), &[], &[(2, &sign)])])
            .await[0],
    );
    let before = told(&world, &one.caller, document(1)).await.expect("told");
    seqs(&world.push(&two.caller, push(3)).await[0]);
    let twice = world.push(&two.caller, push(4)).await;
    assert_eq!(reasons(&twice[0]), ["signed"]);
    let after = told(&world, &one.caller, document(1)).await.expect("told");
    assert_eq!(
        before, after,
        "a second signature changes nothing of the document"
    );
    let mut tx = world.core.store().read().await.expect("reads");
    let signers: i64 = sqlx::query_scalar("SELECT count(*) FROM signatures")
        .fetch_one(&mut *tx)
        .await
        .expect("counts");
    assert_eq!(signers, 2);
}

#[tokio::test]
async fn who_may_not_write_there_gets_the_same_answer_whether_a_document_is_signed_open_or_not_there()
 {
    let (world, one, _) = begin().await;
    let stranger = world.signer(9).await;
    world.member(9, 1, Role::Practitioner, true).await;
    let (note, first) = one.note(space(1), "sover godt");
    let sign = one.sign(space(1), document(1), &note);
    seqs(
        &world
            .push(
                &one.caller,
                vec![group(document(1), &[&first], &[(1, &sign)])],
            )
            .await[0],
    );
    let theirs = stranger.sign(space(1), document(1), &note);
    let groups = vec![
        group(document(1), &[], &[(5, &theirs)]),
        group(document(77), &[], &[(6, &theirs)]),
        Group {
            space: space(99),
            ..group(document(1), &[], &[(7, &theirs)])
        },
    ];
    let answers = world.push(&stranger.caller, groups).await;
    assert!(answers.iter().all(|one| one == &answers[0]), "{answers:?}");
    assert_eq!(reasons(&answers[0]), ["no_access"]);
}

#[tokio::test]
async fn an_addendum_is_signed_where_its_entry_is_and_no_answer_tells_of_somebody_elses() {
    let (world, one, _) = begin().await;
    let other = world.enrolled(3).await;
    world.member(3, 2, Role::Practitioner, false).await;
    world.open_case(&other.caller, 2, 2).await;
    let (theirs, change) = other.note(space(2), "deres");
    let at = (space(2), document(20));
    let group = other.group(at, Some(change), Some((1, &theirs)));
    seqs(&world.push(&other.caller, vec![group]).await[0]);
    // Another team's signed note, one that is nowhere, an open one of the case: one answer.
    let (_, open) = one.note(space(1), "åben");
    seqs(
        &world
            .push(&one.caller, vec![changes(space(1), document(5), &[open])])
            .await[0],
    );
    let mut answers = Vec::new();
    for (number, entry) in [(10, 20), (11, 99), (12, 5)] {
        let (addendum, change) = one.addendum(space(1), document(entry), "alligevel");
        let at = (space(1), document(number));
        let group = one.group(at, Some(change), Some((number, &addendum)));
        let answer = world.push(&one.caller, vec![group]).await[0].pop();
        answers.push(answer.expect("an answer"));
    }
    let Answer::Refused { reason, detail, .. } = &answers[0] else {
        panic!("{answers:?}");
    };
    assert_eq!(reason.code(), "not_signed", "{detail}");
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    // An entry and its addendum in one push; an addendum to that one is refused, in the same push and later.
    let (note, change) = one.note(space(1), "sover godt");
    let (addendum, added) = one.addendum(space(1), document(1), "alligevel");
    let (chain, chained) = one.addendum(space(1), document(2), "og dog");
    let groups = vec![
        one.group((space(1), document(1)), Some(change), Some((21, &note))),
        one.group((space(1), document(2)), Some(added), Some((22, &addendum))),
        one.group((space(1), document(3)), Some(chained), Some((23, &chain))),
    ];
    let mut pushed = world.push(&one.caller, groups).await;
    let mut chained = pushed.split_off(2);
    pushed.iter().for_each(|answers| drop(seqs(answers)));
    let again = one.group((space(1), document(3)), None, Some((24, &chain)));
    chained.extend(world.push(&one.caller, vec![again]).await);
    for answers in chained {
        let expected = Answer::refused(reason.clone(), detail);
        assert_eq!(answers.last(), Some(&expected));
    }
}
