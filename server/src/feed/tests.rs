//! Feed against a running core: what a reader is told, and what not.

use crate::{sync::Caller, testing::*};
use automerge::{Automerge, ReadDoc as _};
use proptest::prelude::*;
use samspor_documents::id::{DocumentId, SpaceId};
use samspor_protocol::{
    fact::{FactBody, Role},
    feed::{ChangeItem, Content, FeedRequest, Gone, Page},
    frame, limits,
    tag::{Digest, Tag},
    wire,
};
use std::{collections::HashMap, time::Duration};

mod caseloads;
mod circles;
mod contacts;
mod disclosures;
mod fresh;
mod private;
mod shares;
mod succession;
mod told;

/// A device that applies pages and believes nothing else.
#[derive(Default)]
struct Reader {
    cursor: Option<Vec<u8>>,
    documents: HashMap<DocumentId, (SpaceId, Automerge)>,
    /// Signed texts and filed records.
    signed: HashMap<DocumentId, (SpaceId, Vec<u8>)>,
    facts: HashMap<samspor_documents::id::FactId, samspor_protocol::fact::Fact>,
    pages: usize,
    wholes: usize,
    owns: usize,
}

impl Reader {
    async fn ask(&self, world: &World, who: &Caller, wait_millis: u32, bytes_max: u32) -> Vec<u8> {
        let cursor = self.cursor.clone().map(Into::into);
        let body = wire::encode(&FeedRequest {
            cursor,
            wait_millis,
            bytes_max,
            tells: None,
        });
        crate::feed::feed(&world.core, who, &body)
            .await
            .expect("answers")
            .frame
    }

    fn apply(&mut self, page: &Page) {
        self.pages += 1;
        for gone in &page.gone {
            match gone {
                Gone::Space(space) => {
                    self.documents.retain(|_, (of, _)| of != space);
                    self.signed.retain(|_, (of, _)| of != space);
                    self.facts.retain(|_, fact| fact.space != *space);
                }
                Gone::Document(document) => self.forget(*document),
            }
        }
        for item in &page.facts {
            self.facts.insert(item.fact.id, item.fact.clone());
            if let Ok(FactBody::Published(one)) = item.fact.read() {
                self.documents.remove(&one.draft);
            }
        }
        for item in &page.documents {
            match &item.content {
                Content::Signed(bytes) | Content::Filed(bytes) => {
                    self.documents.remove(&item.document);
                    self.signed
                        .insert(item.document, (item.space, bytes.to_vec()));
                }
                Content::Whole(bytes) => {
                    self.wholes += 1;
                    let document = Automerge::load(bytes).expect("loads");
                    self.documents.insert(item.document, (item.space, document));
                }
                Content::Changes(changes) => {
                    for change in changes {
                        match change {
                            ChangeItem::Own(_) => self.owns += 1,
                            ChangeItem::Body(bytes) => {
                                let change = automerge::Change::try_from(bytes.as_slice())
                                    .expect("a change");
                                let (_, document) = self
                                    .documents
                                    .get_mut(&item.document)
                                    .expect("it has the rest");
                                let told = document.get_change_by_hash(&change.hash());
                                assert!(told.is_none(), "told twice");
                                document.apply_changes([change]).expect("applies");
                            }
                        }
                    }
                }
            }
        }
        self.cursor = Some(page.end.cursor.clone());
    }

    /// Pages until up to date; the digest must be what it holds.
    async fn catch_up(&mut self, world: &World, who: &Caller, bytes_max: u32) {
        loop {
            let page =
                frame::decode_page(&self.ask(world, who, 0, bytes_max).await).expect("a page");
            self.apply(&page);
            if page.end.up_to_date {
                assert_eq!(
                    page.end.digest,
                    Some(self.digest()),
                    "the digest is what the device holds"
                );
                assert_eq!(
                    usize::try_from(page.end.visible).unwrap(),
                    self.documents.len() + self.signed.len() + self.facts.len()
                );
                return;
            }
            assert!(self.pages < 500, "pages end");
        }
    }

    fn digest(&self) -> Digest {
        let documents = self.documents.iter().map(|(id, (_, document))| {
            let heads: Vec<[u8; 32]> = document.get_heads().iter().map(|head| head.0).collect();
            Tag::of_open_document(*id, &heads)
        });
        let filed = self.signed.iter().map(|(id, (_, bytes))| {
            Tag::of_signed_document(*id, samspor_protocol::hash::Hash32::of(bytes).0)
        });
        let facts = self.facts.values().map(Tag::of_fact);
        documents
            .chain(filed)
            .chain(facts)
            .fold(Digest::default(), Digest::with)
    }
}

const MEBIBYTE: u32 = 1 << 20;

async fn write(world: &World, who: &Caller, case: u64, number: u64, text: &str) -> Draft {
    let mut draft = Draft::new();
    let body = draft.set(who, number, "seen", text);
    let answers = world
        .push(who, vec![changes(space(case), document(number), &[body])])
        .await;
    seqs(&answers[0]);
    draft
}

/// Two members of team 1, one of team 2, a case in each, some entries.
async fn two_teams() -> World {
    let world = World::new().await;
    world.member(1, 1, Role::Practitioner, false).await;
    world.member(2, 1, Role::Practitioner, false).await;
    world.member(3, 2, Role::Practitioner, false).await;
    world.open_case(&caller(1), 1, 1).await;
    world.open_case(&caller(3), 2, 2).await;
    for number in 0..30 {
        write(&world, &caller(1), 1, number, "sover godt").await;
    }
    write(&world, &caller(3), 2, 100, "trives i klassen").await;
    world.projected().await;
    world
}

#[tokio::test]
async fn invariant_03_a_cold_start_brings_what_ones_teams_hold_and_nothing_else() {
    let world = two_teams().await;
    let (mut one, mut three) = (Reader::default(), Reader::default());
    one.catch_up(&world, &caller(2), MEBIBYTE).await;
    three.catch_up(&world, &caller(3), MEBIBYTE).await;
    assert_eq!(one.documents.len(), 30);
    assert!(one.documents.values().all(|(of, _)| *of == space(1)));
    assert_eq!(three.documents.keys().collect::<Vec<_>>(), [&document(100)]);
    let mut stranger = Reader::default();
    stranger.catch_up(&world, &caller(9), MEBIBYTE).await;
    assert!(stranger.documents.is_empty());
}

#[tokio::test]
async fn small_pages_bring_the_same_newest_first_while_news_go_on() {
    let world = two_teams().await;
    let mut reader = Reader::default();
    let page = frame::decode_page(&reader.ask(&world, &caller(2), 0, 400).await).expect("a page");
    assert!(!page.end.up_to_date && page.end.digest.is_none());
    reader.apply(&page);
    write(&world, &caller(1), 1, 200, "ny").await;
    world.projected().await;
    let page = frame::decode_page(&reader.ask(&world, &caller(2), 0, 400).await).expect("a page");
    assert!(
        page.documents
            .iter()
            .any(|item| item.document == document(200)),
        "news come before the rest of the fill"
    );
    reader.apply(&page);
    reader.catch_up(&world, &caller(2), 400).await;
    assert_eq!(reader.documents.len(), 31);
    assert!(reader.pages > 5, "{} pages", reader.pages);
}

#[tokio::test]
async fn ones_own_changes_come_back_as_hashes_and_others_changes_alone() {
    let world = two_teams().await;
    let mut reader = Reader::default();
    reader.catch_up(&world, &caller(2), MEBIBYTE).await;
    let wholes = reader.wholes;
    // Both write on: the reader on a document it was fed, the other on one of theirs.
    let mut draft = Draft(reader.documents[&document(5)].1.fork());
    let own = draft.set(&caller(2), 77, "seen", "mit");
    reader
        .documents
        .get_mut(&document(5))
        .expect("fed")
        .1
        .apply_changes([automerge::Change::try_from(own.as_slice()).expect("a change")])
        .expect("applies");
    world
        .push(&caller(2), vec![changes(space(1), document(5), &[own])])
        .await;
    let mut other = Draft(reader.documents[&document(6)].1.fork());
    let theirs = other.set(&caller(1), 78, "seen", "deres");
    world
        .push(&caller(1), vec![changes(space(1), document(6), &[theirs])])
        .await;
    world.projected().await;
    reader.catch_up(&world, &caller(2), MEBIBYTE).await;
    assert_eq!((reader.owns, reader.wholes), (1, wholes));
}

#[tokio::test]
async fn invariant_04_a_quiet_reconnect_is_one_small_page_and_moves_the_cursor_over_others_entries()
{
    let world = two_teams().await;
    let mut reader = Reader::default();
    reader.catch_up(&world, &caller(2), MEBIBYTE).await;
    let before = reader.cursor.clone();
    for number in 300..320 {
        write(&world, &caller(3), 2, number, "andres").await;
    }
    world.projected().await;
    let bytes = reader.ask(&world, &caller(2), 0, MEBIBYTE).await;
    assert!(bytes.len() < 200, "{} bytes", bytes.len());
    let page = frame::decode_page(&bytes).expect("a page");
    assert!(page.documents.is_empty() && page.facts.is_empty() && page.end.up_to_date);
    assert_ne!(Some(page.end.cursor.clone()), before);
    reader.apply(&page);
    assert_eq!(page.end.digest, Some(reader.digest()));
}

#[tokio::test]
async fn a_new_membership_is_filled_and_an_ended_one_is_gone() {
    let world = two_teams().await;
    let mut reader = Reader::default();
    reader.catch_up(&world, &caller(2), MEBIBYTE).await;
    world.member(2, 2, Role::Practitioner, false).await;
    world.projected().await;
    reader.catch_up(&world, &caller(2), MEBIBYTE).await;
    assert_eq!(reader.documents.len(), 31);
    world.member(2, 1, Role::Practitioner, true).await;
    world.projected().await;
    reader.catch_up(&world, &caller(2), MEBIBYTE).await;
    assert_eq!(
        reader.documents.keys().collect::<Vec<_>>(),
        [&document(100)]
    );
    // Ended and begun again between two polls: gone, and then whole.
    world.member(2, 2, Role::Practitioner, true).await;
    world.member(2, 2, Role::Practitioner, false).await;
    world.projected().await;
    let wholes = reader.wholes;
    reader.catch_up(&world, &caller(2), MEBIBYTE).await;
    assert_eq!((reader.documents.len(), reader.wholes), (1, wholes + 1));
}

#[tokio::test]
async fn a_parked_poll_is_answered_by_news_of_its_own_scope_only() {
    let world = std::sync::Arc::new(two_teams().await);
    let mut reader = Reader::default();
    reader.catch_up(&world, &caller(2), MEBIBYTE).await;
    let cursor = reader.cursor.clone();
    let parked = {
        let world = world.clone();
        tokio::spawn(async move {
            let reader = Reader {
                cursor,
                ..Reader::default()
            };
            reader.ask(&world, &caller(2), 20_000, MEBIBYTE).await
        })
    };
    write(&world, &caller(3), 2, 400, "andres").await;
    world.projected().await;
    assert!(!parked.is_finished());
    write(&world, &caller(1), 1, 401, "ens egne").await;
    let bytes = tokio::time::timeout(Duration::from_secs(10), parked)
        .await
        .expect("in time")
        .expect("no panic");
    let page = frame::decode_page(&bytes).expect("a page");
    assert_eq!(
        page.documents
            .iter()
            .map(|item| item.document)
            .collect::<Vec<_>>(),
        [document(401)]
    );
}

#[tokio::test]
async fn what_changes_again_while_news_come_in_several_pages_arrives_without_a_gap() {
    let world = two_teams().await;
    let mut reader = Reader::default();
    reader.catch_up(&world, &caller(2), MEBIBYTE).await;
    let mut drafts = Vec::new();
    for number in 200..203 {
        drafts.push(write(&world, &caller(1), 1, number, "først").await);
    }
    // The first is changed twice around changes of the others: a page that is cut between them tells the
    // others only, and is newer than the first's first change.
    for (nth, text) in [(0, "en"), (1, "to"), (2, "tre"), (0, "fire")] {
        let number = 200 + nth as u64;
        let body = drafts[nth].set(&caller(1), number, "seen", text);
        let group = changes(space(1), document(number), &[body]);
        world.push(&caller(1), vec![group]).await;
        if nth == 0 && text == "en" {
            continue;
        }
        world.projected().await;
        let page = reader.ask(&world, &caller(2), 0, 1).await;
        reader.apply(&frame::decode_page(&page).expect("a page"));
    }
    reader.catch_up(&world, &caller(2), 1).await;
    for (number, draft) in (200..).zip(&drafts) {
        let (_, held) = &reader.documents[&document(number)];
        assert_eq!(held.get_heads(), draft.0.get_heads());
    }
}

#[tokio::test]
async fn parked_polls_are_answered_when_the_server_stops() {
    let world = std::sync::Arc::new(two_teams().await);
    let mut reader = Reader::default();
    reader.catch_up(&world, &caller(2), MEBIBYTE).await;
    let cursor = reader.cursor.clone();
    let asking = world.clone();
    let parked = tokio::spawn(async move {
        let reader = Reader {
            cursor,
            ..Reader::default()
        };
        reader.ask(&asking, &caller(2), 25_000, MEBIBYTE).await
    });
    tokio::task::yield_now().await;
    world.core.stopping.cancel();
    let bytes = tokio::time::timeout(Duration::from_secs(10), parked)
        .await
        .expect("in time")
        .expect("no panic");
    assert!(frame::decode_page(&bytes).expect("a page").end.up_to_date);
}

#[tokio::test]
async fn a_cursor_of_another_log_starts_cold_and_garbage_is_refused() {
    let world = two_teams().await;
    let other = two_teams().await;
    let mut reader = Reader::default();
    reader.catch_up(&other, &caller(2), MEBIBYTE).await;
    let page =
        frame::decode_page(&reader.ask(&world, &caller(2), 0, MEBIBYTE).await).expect("a page");
    assert_eq!(page.documents.len(), 30, "everything again");
    let body = wire::encode(&FeedRequest {
        cursor: Some(vec![1, 2, 3].into()),
        wait_millis: 0,
        bytes_max: 100,
        tells: None,
    });
    let refused = crate::feed::feed(&world.core, &caller(2), &body)
        .await
        .expect_err("refused");
    assert_eq!(refused.code(), "malformed");
}

#[tokio::test]
async fn a_page_stays_within_what_was_asked_and_carries_at_least_one_item() {
    let world = two_teams().await;
    let mut random = 1u64;
    let mut prose = || -> String {
        (0..30_000)
            .map(|_| {
                random = random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                char::from(b'a' + u8::try_from((random >> 33) % 26).unwrap())
            })
            .collect()
    };
    for number in 600..660 {
        let text = prose();
        write(&world, &caller(1), 1, number, &text).await;
    }
    world.projected().await;
    let mut reader = Reader::default();
    while !reader.documents.contains_key(&document(600)) {
        let bytes = reader.ask(&world, &caller(2), 0, 100_000).await;
        assert!(bytes.len() <= 100_000, "{} bytes", bytes.len());
        reader.apply(&frame::decode_page(&bytes).expect("a page"));
    }
    let one = Reader::default().ask(&world, &caller(2), 0, 1).await;
    let page = frame::decode_page(&one).expect("a page");
    assert_eq!(page.documents.len() + page.facts.len(), 1);
    assert!(one.len() <= limits::PAGE_COMPRESSED_BYTES_MAX);
}

#[derive(Debug, Clone)]
enum Act {
    Write(u64),
    Again(u64),
    Member(u64, bool),
    Read(u32),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (1u64..=2).prop_map(Act::Write),
        3 => (0u64..40).prop_map(Act::Again),
        2 => (1u64..=2, any::<bool>()).prop_map(|(team, ended)| Act::Member(team, ended)),
        3 => (200u32..4000).prop_map(Act::Read),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse::<u32>().ok()).map_or(24, |n| n / 10), ..ProptestConfig::default() })]

    /// Whatever is written and granted between pages of whatever size, a reader ends with exactly what its
    /// teams hold, and its digest says so.
    #[test]
    fn invariant_03_no_commit_is_skipped_and_none_is_shown_to_who_may_not_see_it(acts in proptest::collection::vec(act(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("runtime");
        runtime.block_on(async {
            let world = World::new().await;
            let mut written: Vec<(u64, u64, Draft)> = Vec::new();
            let mut member: HashMap<u64, bool> = HashMap::new();
            for of in 1..=2 {
                world.member(of, of, Role::Practitioner, false).await;
                world.open_case(&caller(of), of, of).await;
            }
            let mut reader = Reader::default();
            for (round, act) in acts.into_iter().enumerate() {
                match act {
                    Act::Write(of) => {
                        let number = written.len() as u64;
                        let draft = write(&world, &caller(of), of, number, "en").await;
                        written.push((of, number, draft));
                    }
                    Act::Again(n) => {
                        let Some(length) = (!written.is_empty()).then_some(written.len() as u64) else { continue };
                        let (of, number, draft) = &mut written[usize::try_from(n % length).unwrap()];
                        let body = draft.set(&caller(*of), *number, "seen", &format!("rettet {round}"));
                        world.push(&caller(*of), vec![changes(space(*of), document(*number), &[body])]).await;
                    }
                    Act::Member(of, ended) => {
                        world.member(9, of, Role::Practitioner, ended).await;
                        member.insert(of, !ended);
                    }
                    Act::Read(bytes_max) => {
                        world.projected().await;
                        let page = frame::decode_page(&reader.ask(&world, &caller(9), 0, bytes_max).await).expect("a page");
                        reader.apply(&page);
                    }
                }
            }
            world.projected().await;
            reader.catch_up(&world, &caller(9), 2000).await;
            let mut held: Vec<DocumentId> = reader.documents.keys().copied().collect();
            held.sort();
            let mut expected: Vec<DocumentId> = written
                .iter()
                .filter(|(of, _, _)| member.get(of).copied().unwrap_or(false))
                .map(|(_, number, _)| document(*number))
                .collect();
            expected.sort();
            assert_eq!(held, expected);
            for (_, number, draft) in &written {
                if let Some((_, document)) = reader.documents.get(&document(*number)) {
                    assert_eq!(document.get_heads(), draft.0.get_heads());
                }
            }
            world.core.stop().await;
        });
    }
}
