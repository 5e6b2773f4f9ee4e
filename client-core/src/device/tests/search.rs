//! Search: what is found, by what, in which order; and that nothing is found of what may not be shown.

use super::*;
use crate::views::{Search, SearchPage};
use samspor_documents::{
    id::TeamId,
    template::TemplateKind,
    time::{Moment, UnixMillis},
};

const HOUR: i64 = 60 * 60 * 1_000;
const MONDAY: i64 = 1_790_000_000_000;

fn at(hour: i64) -> Option<Moment> {
    Some(Moment {
        at: UnixMillis(MONDAY + hour * HOUR),
        offset_minutes: 60,
    })
}

fn typed(text: &str) -> Search {
    Search {
        text: text.to_owned(),
        ..Search::default()
    }
}

async fn page(phone: &Phone, search: &Search) -> SearchPage {
    phone.device.search(search).await.expect("searches")
}

async fn found(phone: &Phone, search: &Search) -> Vec<DocumentId> {
    let hits = page(phone, search).await.hits;
    hits.iter().map(|hit| hit.row.document).collect()
}

impl Phone {
    async fn note_at(&self, case: SpaceId, text: &str, hour: i64) -> DocumentId {
        let written = self
            .device
            .write(case, "note", vec![set("text", text)], at(hour));
        written.await.expect("writes")
    }
}

#[tokio::test]
async fn what_is_written_is_found_at_once_however_it_is_typed() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse Sørensen").await;
    let old = anna.note_at(case, "Sover dårligt om natten", 1).await;
    let new = anna.note_at(case, "Sover bedre", 2).await;
    for (text, expected) in [
        ("sover", vec![new, old]),
        ("SOV", vec![new, old]),
        ("dårl nat", vec![old]),
        ("daarligt", vec![old]),
        ("darlig", vec![old]),
        ("sover vågen", vec![]),
        ("over", vec![]),
        ("!?", vec![]),
    ] {
        assert_eq!(found(&anna, &typed(text)).await, expected, "{text}");
    }
    let card = page(&anna, &typed("aase soren")).await.hits;
    assert_eq!(card.len(), 1);
    assert_eq!(card[0].row.kind, TemplateKind::Card);
    let hit = page(&anna, &typed("bedre")).await.hits;
    assert_eq!(hit[0].about.as_deref(), Some("Åse Sørensen"));

    // What is edited is found by what it says now, and by that alone; what is signed stays found.
    let edit = Edit::ReplaceText {
        field: "text".to_owned(),
        text: "Vågner klokken fem".to_owned(),
    };
    anna.device.edit(old, &[edit]).await.expect("edits");
    assert_eq!(found(&anna, &typed("natten")).await, []);
    assert_eq!(found(&anna, &typed("vågner")).await, [old]);
    anna.device.sign(old).await.expect("signs");
    assert_eq!(found(&anna, &typed("klokken")).await, [old]);
    let anna = anna.restart().await;
    assert_eq!(found(&anna, &typed("klokken")).await, [old]);
}

/// Four entries about two children by two people, told newest first by number: three notes of Anna's and Bo's, and a
/// visit of Bo's.
struct Filtered {
    anna: Phone,
    cases: [SpaceId; 2],
    written: [DocumentId; 4],
}

async fn filtered(server: &ModelServer) -> Filtered {
    let anna = Phone::ready(server, 1).await;
    let bo = Phone::ready(server, 2).await;
    let first = anna.open_case("Sofie").await;
    let second = anna.open_case("Emil").await;
    let one = anna.note_at(first, "Sprog og leg", 1).await;
    let two = anna.note_at(second, "Sprog", 2).await;
    anna.sync().await;
    bo.sync().await;
    let three = bo.note_at(first, "Sprog igen", 3).await;
    let visit = vec![set("seen", "Sprog")];
    let visit = bo.device.write(first, "home_visit", visit, at(4)).await;
    bo.sync().await;
    anna.sync().await;
    Filtered {
        anna,
        cases: [first, second],
        written: [one, two, three, visit.expect("writes")],
    }
}

#[tokio::test]
async fn filters_narrow_what_is_found_and_stand_alone_as_well() {
    let server = ModelServer::new();
    let Filtered {
        anna,
        cases,
        written,
    } = filtered(&server).await;
    let all = || typed("sprog");
    let with = |edit: &dyn Fn(&mut Search)| {
        let mut search = all();
        edit(&mut search);
        search
    };
    let (team, other) = (server.state().team, TeamId::from_bytes([9; 16]));
    let hour = |hour| at(hour).map(|at| at.at);
    for (name, search, expected) in [
        ("none", all(), vec![3, 2, 1, 0]),
        ("case", with(&|one| one.case = Some(cases[1])), vec![1]),
        (
            "author",
            with(&|one| one.author = Some(practitioner(2))),
            vec![3, 2],
        ),
        (
            "template",
            with(&|one| one.template = Some("note".into())),
            vec![2, 1, 0],
        ),
        (
            "no template",
            with(&|one| one.template = Some("no_te".into())),
            vec![],
        ),
        ("team", with(&|one| one.team = Some(team)), vec![3, 2, 1, 0]),
        ("other team", with(&|one| one.team = Some(other)), vec![]),
        ("from", with(&|one| one.from = hour(3)), vec![3, 2]),
        ("until", with(&|one| one.until = hour(3)), vec![1, 0]),
        (
            "a time alone",
            Search {
                until: hour(2),
                ..typed("")
            },
            vec![0],
        ),
    ] {
        let expected: Vec<DocumentId> = expected.into_iter().map(|n: usize| written[n]).collect();
        assert_eq!(found(&anna, &search).await, expected, "{name}");
    }
    let entries = Search {
        kind: Some(TemplateKind::Entry),
        ..typed("")
    };
    assert_eq!(found(&anna, &entries).await.len(), 4);
    let nowhere = with(&|one| one.case = Some(SpaceId::from_bytes([9; 16])));
    let unknown = anna.device.search(&nowhere).await;
    assert!(matches!(unknown, Err(DeviceError::UnknownCase)));
}

#[tokio::test]
async fn many_that_happened_in_one_second_are_all_found_page_by_page() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let bo = Phone::enrolled(&server, 2).await;
    let case = anna.open_case("Sofie").await;
    let mut written = std::collections::BTreeSet::new();
    for n in 0..70 {
        written.insert(anna.note_at(case, &format!("Kontakt nummer {n}"), 5).await);
    }
    anna.sync().await;
    bo.sync().await;
    for phone in [&anna, &bo] {
        let (mut seen, mut after, mut rounds) = (std::collections::BTreeSet::new(), None, 0);
        loop {
            let search = Search {
                after,
                limit: 25,
                ..typed("kontakt")
            };
            let page = page(phone, &search).await;
            assert_eq!(page.to_find, 0);
            for hit in &page.hits {
                assert!(seen.insert(hit.row.document), "told twice");
            }
            rounds += 1;
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!((seen == written, rounds), (true, 3));
    }
}

#[tokio::test]
async fn drafts_are_found_until_they_are_published_or_discarded_and_what_is_restricted_when_asked_for()
 {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Sofie").await;
    let draft = anna
        .device
        .draft(case, "note", vec![set("text", "Kladdeord")], None);
    let draft = draft.await.expect("a draft");
    let hits = page(
        &anna,
        &Search {
            case: Some(case),
            ..typed("kladdeord")
        },
    )
    .await
    .hits;
    assert_eq!(hits[0].row.document, draft);
    assert_eq!(hits[0].row.state, crate::EntryState::Draft);
    assert_eq!(hits[0].about.as_deref(), Some("Sofie"));
    let note = anna.device.publish(draft).await.expect("publishes");
    assert_eq!(found(&anna, &typed("kladdeord")).await, [note]);
    let other = anna
        .device
        .draft(case, "note", vec![set("text", "Droppet")], None);
    let other = other.await.expect("a draft");
    anna.device.discard_draft(other).await.expect("discards");
    assert_eq!(found(&anna, &typed("droppet")).await, []);

    anna.device.sign(note).await.expect("signs");
    anna.sync().await;
    anna.device
        .restrict(note, true, "Fra tredjemand")
        .await
        .expect("restricts");
    assert_eq!(found(&anna, &typed("kladdeord")).await, []);
    let all = Search {
        restricted: true,
        ..typed("kladdeord")
    };
    assert_eq!(found(&anna, &all).await, [note]);
}

#[tokio::test]
async fn what_is_gone_is_found_no_more_and_leaves_no_word_in_the_index() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let bo = Phone::ready(&server, 2).await;
    let case = anna.open_case("Sofie").await;
    anna.note(case, "Hemmeligt zyxwvutord").await;
    anna.sync().await;
    bo.sync().await;
    let draft = bo
        .device
        .draft(case, "note", vec![set("text", "Andet zyxwabcord")], None);
    let draft = draft.await.expect("a draft");
    let store = bo.device.inner.store().expect("open");
    assert!(store.index_says("zyxwvutord").await);
    server.state().members.retain(|one| *one != practitioner(2));
    bo.sync().await;
    assert_eq!(found(&bo, &typed("zyxw")).await, [draft]);
    assert!(!store.index_says("zyxwvutord").await);
    assert!(store.index_says("zyxwabcord").await);
    store.check_index().await;
}

#[tokio::test]
async fn what_a_store_of_before_finds_is_found_and_forgotten_in_one_of_now() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    let listed = anna.note_at(case, "Sover bedre", 2).await;
    assert_eq!(found(&anna, &typed("sover")).await, [listed]);
    let waiting = anna.note_at(case, "Sover dårligt", 1).await;
    let store = anna.device.inner.gate.behind();
    store.pretend_found_at_places().await;
    let anna = anna.restart().await;
    assert_eq!(found(&anna, &typed("sover")).await, [listed, waiting]);
    let edited = anna.device.edit(listed, &[set("text", "Vågner tit")]).await;
    assert!(edited.expect("edits"));
    assert_eq!(found(&anna, &typed("sover")).await, [waiting]);
    assert_eq!(found(&anna, &typed("tit")).await, [listed]);
    let store = anna.device.inner.gate.behind();
    assert!(!store.index_says("bedre").await, "nothing of it is left");
    store.check_index().await;
}

#[tokio::test]
async fn what_waits_to_be_found_in_a_store_of_before_waits_on() {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    let note = anna.note(case, "Sover dårligt").await;
    let store = anna.device.inner.gate.behind();
    store.pretend_words_by_id().await;
    let anna = anna.restart().await;
    assert_eq!(found(&anna, &typed("dårligt")).await, [note]);
    anna.device.inner.gate.behind().check_index().await;
}
