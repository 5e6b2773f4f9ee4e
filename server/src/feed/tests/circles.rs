//! Circles in the feed: a team's own; those of chosen participants, told to them alone, filled on joining, gone on
//! leaving.

use super::*;
use samspor_protocol::push::Group;

/// Practitioners 1 to 5: 1 and 2 in team 1 with case 1, 4 its coordinator, 3 in team 2, 5 in no team.
async fn world() -> World {
    let world = World::new().await;
    world.people(&[1, 2, 3, 4, 5]).await;
    for (who, of, role) in [
        (1, 1, Role::Practitioner),
        (2, 1, Role::Practitioner),
        (3, 2, Role::Practitioner),
        (4, 1, Role::Coordinator),
    ] {
        world.member(who, of, role, false).await;
    }
    world.open_case(&caller(1), 1, 1).await;
    world.projected().await;
    world
}

/// What somebody's other device holds of circle 7 after catching up: documents, and who takes part.
async fn holds(world: &World, reader: &mut Reader, who: u64) -> (Vec<DocumentId>, usize) {
    world.projected().await;
    reader.catch_up(world, &second_device(who), MEBIBYTE).await;
    let there = reader
        .documents
        .iter()
        .filter(|(_, (of, _))| *of == space(7));
    let mut documents: Vec<DocumentId> = there.map(|(id, _)| *id).collect();
    documents.sort_unstable();
    let facts = reader.facts.values().filter(|fact| fact.space == space(7));
    let takes_part = |fact: &&samspor_protocol::fact::Fact| matches!(fact.read(), Ok(FactBody::Participant(one)) if !one.ended);
    (documents, facts.filter(takes_part).count())
}

async fn accepted(world: &World, who: u64, groups: Vec<Group>) {
    for answers in world.push(&caller(who), groups).await {
        seqs(&answers);
    }
}

fn entry(who: u64, number: u64, text: &str) -> Group {
    let body = Draft::new().set(&caller(who), number, "text", text);
    changes(space(7), document(number), &[body])
}

#[tokio::test]
async fn a_leader_reads_the_circle_and_no_case() {
    let world = two_teams().await;
    world.member(4, 1, Role::Leader, false).await;
    let mut draft = Draft::new();
    let body = draft.set(&caller(1), 500, "note", "fælles refleksion");
    let answers = world
        .push(
            &caller(1),
            vec![changes(team(1).circle(), document(500), &[body])],
        )
        .await;
    seqs(&answers[0]);
    world.projected().await;
    let mut leader = Reader::default();
    leader.catch_up(&world, &caller(4), MEBIBYTE).await;
    assert_eq!(
        leader.documents.keys().collect::<Vec<_>>(),
        [&document(500)]
    );
}

#[tokio::test]
async fn invariant_03_a_circle_is_told_to_its_participants_and_to_nobody_else_whatever_their_role()
{
    let world = world().await;
    let mut readers: Vec<Reader> = (0..6).map(|_| Reader::default()).collect();
    for who in 1..=5_u8 {
        let reader = &mut readers[usize::from(who)];
        assert_eq!(holds(&world, reader, who.into()).await, (vec![], 0));
    }
    let groups = vec![open_circle(1, 7, &[3, 5]), entry(1, 71, "første")];
    accepted(&world, 1, groups).await;
    accepted(&world, 3, vec![entry(3, 72, "anden")]).await;
    let all = vec![document(71), document(72)];
    for who in 1..=5_u8 {
        let expected = match who {
            1 | 3 | 5 => (all.clone(), 3),
            _ => (vec![], 0),
        };
        let reader = &mut readers[usize::from(who)];
        assert_eq!(holds(&world, reader, who.into()).await, expected, "{who}");
        let mut cold = Reader::default();
        assert_eq!(
            holds(&world, &mut cold, who.into()).await,
            expected,
            "{who}"
        );
    }
    // And so it stays when the server starts again.
    let world = world.restart().await;
    for who in [3_u8, 4] {
        let expected = if who == 3 {
            (all.clone(), 3)
        } else {
            (vec![], 0)
        };
        let reader = &mut readers[usize::from(who)];
        assert_eq!(holds(&world, reader, who.into()).await, expected, "{who}");
    }
}

#[tokio::test]
async fn who_joins_gets_it_whole_who_leaves_keeps_nothing_and_who_is_back_gets_it_again() {
    let world = world().await;
    accepted(
        &world,
        1,
        vec![open_circle(1, 7, &[3]), entry(1, 71, "første")],
    )
    .await;
    let (mut first, mut later) = (Reader::default(), Reader::default());
    assert_eq!(holds(&world, &mut later, 2).await, (vec![], 0));
    accepted(&world, 3, vec![join(3, 7, 2)]).await;
    accepted(&world, 1, vec![entry(1, 72, "anden")]).await;
    let all = vec![document(71), document(72)];
    assert_eq!(holds(&world, &mut later, 2).await, (all.clone(), 3));
    assert_eq!(holds(&world, &mut first, 1).await, (all.clone(), 3));

    accepted(&world, 2, vec![leave(1, 7)]).await;
    accepted(&world, 1, vec![entry(1, 73, "tredje")]).await;
    assert_eq!(holds(&world, &mut later, 2).await, (vec![], 0));
    assert!(later.facts.values().all(|fact| fact.space != space(7)));
    let mut cold = Reader::default();
    assert_eq!(holds(&world, &mut cold, 2).await, (vec![], 0));
    let more = vec![document(71), document(72), document(73)];
    assert_eq!(holds(&world, &mut first, 1).await, (more.clone(), 2));

    accepted(&world, 1, vec![join(4, 7, 2)]).await;
    assert_eq!(holds(&world, &mut later, 2).await, (more, 3));
}

#[tokio::test]
async fn who_opens_writes_and_leaves_between_two_pages_is_told_that_it_is_gone() {
    let world = world().await;
    let mut reader = Reader::default();
    assert_eq!(holds(&world, &mut reader, 1).await, (vec![], 0));
    let groups = vec![open_circle(1, 7, &[3]), entry(1, 71, "x"), leave(9, 7)];
    accepted(&world, 1, groups).await;
    world.projected().await;
    let page =
        frame::decode_page(&reader.ask(&world, &second_device(1), 0, MEBIBYTE).await).unwrap();
    assert_eq!(page.gone, [Gone::Space(space(7))]);
    assert_eq!(holds(&world, &mut reader, 1).await, (vec![], 0));
    let mut other = Reader::default();
    assert_eq!(holds(&world, &mut other, 3).await, (vec![document(71)], 1));
}

#[tokio::test]
async fn a_parked_poll_wakes_for_who_is_brought_into_a_circle() {
    let world = std::sync::Arc::new(world().await);
    accepted(
        &world,
        1,
        vec![open_circle(1, 7, &[]), entry(1, 71, "første")],
    )
    .await;
    let mut reader = Reader::default();
    assert_eq!(holds(&world, &mut reader, 5).await, (vec![], 0));
    let parked = {
        let (world, cursor) = (world.clone(), reader.cursor.clone());
        tokio::spawn(async move {
            let reader = Reader {
                cursor,
                ..Reader::default()
            };
            reader
                .ask(&world, &second_device(5), 20_000, MEBIBYTE)
                .await
        })
    };
    tokio::task::yield_now().await;
    accepted(&world, 1, vec![join(2, 7, 5)]).await;
    let answer = tokio::time::timeout(Duration::from_secs(10), parked).await;
    let page = frame::decode_page(&answer.expect("it wakes").expect("answers")).unwrap();
    let told: Vec<DocumentId> = page.documents.iter().map(|item| item.document).collect();
    assert_eq!(told, [document(71)]);
    assert!(!page.facts.is_empty());
}

#[tokio::test]
async fn no_row_for_pages_is_made_of_what_stands_in_a_circle() {
    let world = world().await;
    let card = Draft::new().set(&caller(1), 71, "kind", "card");
    let groups = vec![
        open_circle(1, 7, &[4]),
        changes(space(7), document(71), &[card]),
    ];
    accepted(&world, 1, groups).await;
    world.projected().await;
    let mut tx = world.core.store().read().await.expect("reads");
    for sql in [
        "SELECT count(*) FROM timeline",
        "SELECT count(*) FROM cards",
    ] {
        let rows: i64 = sqlx::query_scalar(sql)
            .fetch_one(&mut *tx)
            .await
            .expect("counts");
        assert_eq!(rows, 0, "{sql}");
    }
}

#[derive(Debug, Clone)]
enum Happens {
    /// A new document in a circle.
    Writes(u64),
    /// Another change of one of them.
    Again(u64),
    /// The reader is brought into a circle.
    Joins(u64),
    /// The reader leaves one, by one of two devices.
    Leaves(u64, bool),
    /// A page is asked for.
    Reads(u32),
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        3 => (7..9_u64).prop_map(Happens::Writes),
        2 => any::<u64>().prop_map(Happens::Again),
        2 => (7..9_u64).prop_map(Happens::Joins),
        2 => (7..9_u64, any::<bool>()).prop_map(|(of, other)| Happens::Leaves(of, other)),
        4 => prop_oneof![Just(1), Just(400), Just(MEBIBYTE)].prop_map(Happens::Reads),
    ]
}

/// What happened, and what a reader should hold after it: practitioner 5, whose circles are 7 and 8 of practitioner 1.
#[derive(Default)]
struct Story {
    written: Vec<(u64, Draft)>,
    inside: std::collections::BTreeSet<u64>,
    operations: u64,
}

impl Story {
    async fn happen(&mut self, world: &World, reader: &mut Reader, what: &Happens) {
        self.operations += 1;
        let (writer, number) = (caller(1), 100 + self.operations);
        match *what {
            Happens::Writes(of) => {
                let mut draft = Draft::new();
                let place = document(self.written.len() as u64);
                let body = draft.set(&writer, number, "text", "en");
                accepted(world, 1, vec![changes(space(of), place, &[body])]).await;
                self.written.push((of, draft));
            }
            Happens::Again(n) => {
                let length = self.written.len() as u64;
                let Some(place) = n.checked_rem(length) else {
                    return;
                };
                let (of, draft) = &mut self.written[usize::try_from(place).unwrap()];
                let body = draft.set(&writer, number, "text", &format!("rettet {number}"));
                accepted(
                    world,
                    1,
                    vec![changes(space(*of), document(place), &[body])],
                )
                .await;
            }
            Happens::Joins(of) => {
                accepted(world, 1, vec![join(number, of, 5)]).await;
                self.inside.insert(of);
            }
            Happens::Leaves(of, other) => {
                let by = if other { second_device(5) } else { caller(5) };
                world.push(&by, vec![leave(number, of)]).await;
                self.inside.remove(&of);
            }
            Happens::Reads(bytes_max) => {
                world.projected().await;
                let page = reader.ask(world, &caller(5), 0, bytes_max).await;
                reader.apply(&frame::decode_page(&page).expect("a page"));
            }
        }
    }

    fn check(&self, reader: &Reader) {
        for (number, (of, draft)) in self.written.iter().enumerate() {
            let held = reader.documents.get(&document(number as u64));
            assert_eq!(held.is_some(), self.inside.contains(of), "{number}");
            if let Some((_, held)) = held {
                assert_eq!(held.get_heads(), draft.0.get_heads());
            }
        }
        for of in [7, 8] {
            let told = reader.facts.values().any(|fact| fact.space == space(of));
            assert_eq!(told, self.inside.contains(&of), "{of}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse::<u32>().ok()).map_or(24, |n| n / 10), ..ProptestConfig::default() })]

    /// Whatever is written, joined and left between pages of whatever size, a reader ends with exactly what stands in
    /// their circles, and the digest says so.
    #[test]
    fn invariant_03_joining_and_leaving_between_any_pages_skips_nothing_and_shows_nothing_too_much(all in proptest::collection::vec(happens(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("runtime");
        runtime.block_on(async {
            let world = world().await;
            accepted(&world, 1, vec![open_circle(1, 7, &[]), open_circle(2, 8, &[])]).await;
            let (mut story, mut reader) = (Story::default(), Reader::default());
            for what in &all {
                story.happen(&world, &mut reader, what).await;
            }
            world.projected().await;
            reader.catch_up(&world, &caller(5), 2000).await;
            story.check(&reader);
            world.core.stop().await;
        });
    }
}
