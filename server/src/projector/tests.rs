//! The projector against a running core: what follows the log, what is set aside, what a restart finds.

use crate::{access, log, testing::*};
use automerge::{Change, ExpandedChange};
use proptest::prelude::*;
use samspor_protocol::{
    fact::{FactBody, Role, TemplateFile},
    feed::FeedRequest,
    frame,
    tag::Digest,
    wire,
};

/// Sums the items' tags per ground and compares with what the grounds carry; the number of items.
async fn check_sums(world: &World) -> i64 {
    let mut tx = world.core.store().read().await.expect("reads");
    let items: Vec<(i64, Vec<u8>)> = sqlx::query_as("SELECT ground, tag FROM items")
        .fetch_all(&mut *tx)
        .await
        .expect("items");
    let grounds: Vec<(i64, i64, Vec<u8>)> =
        sqlx::query_as("SELECT ground, items, digest FROM grounds")
            .fetch_all(&mut *tx)
            .await
            .expect("grounds");
    let sixteen = |bytes: &[u8]| <[u8; 16]>::try_from(bytes).expect("16 bytes");
    let mut total = 0;
    for (ground, count, digest) in grounds {
        let mine = items.iter().filter(|(of, _)| *of == ground);
        let sum = mine.clone().fold(Digest::default(), |sum, (_, tag)| {
            sum.with(samspor_protocol::tag::Tag(sixteen(tag)))
        });
        assert_eq!(sum.to_bytes(), sixteen(&digest), "ground {ground}");
        assert_eq!(i64::try_from(mine.count()).expect("few"), count);
        total += count;
    }
    total
}

async fn count(world: &World, sql: &'static str) -> i64 {
    let mut tx = world.core.store().read().await.expect("reads");
    sqlx::query_scalar(sql)
        .fetch_one(&mut *tx)
        .await
        .expect("counts")
}

async fn member_with_case() -> World {
    let world = World::new().await;
    world.member(1, 1, Role::Practitioner, false).await;
    world.open_case(&caller(1), 1, 1).await;
    world
}

#[tokio::test]
async fn a_restart_goes_on_where_the_projector_stopped() {
    let world = member_with_case().await;
    let mut draft = Draft::new();
    let first = draft.set(&caller(1), 1, "seen", "a");
    world
        .push(&caller(1), vec![changes(space(1), document(1), &[first])])
        .await;
    world.projected().await;
    world.core.stop().await;
    // What another process appends while this one is down.
    let logged = world.member(2, 1, Role::Practitioner, false).await;
    let world = world.restart().await;
    let second = draft.set(&caller(1), 1, "seen", "b");
    let pushed = world
        .push(&caller(1), vec![changes(space(1), document(1), &[second])])
        .await;
    assert_eq!(seqs(&pushed[0]), [logged.to_wire() + 1]);
    let head = world.projected().await;
    assert!(check_sums(&world).await > 0);
    let mut tx = world.core.store().read().await.expect("reads");
    assert_eq!(access::position(&mut tx).await.expect("position"), head);
    assert_eq!(log::head(&mut tx).await.expect("head").seq, head);
}

#[tokio::test]
async fn what_another_process_appends_is_followed() {
    let world = World::new().await;
    world.projected().await;
    let seq = world.member(3, 2, Role::Coordinator, false).await;
    assert_eq!(world.projected().await, seq);
    assert_eq!(world.core.heads().borrow().grants, seq);
}

#[tokio::test]
async fn two_servers_on_one_folder_project_each_entry_once() {
    let world = member_with_case().await;
    let store = crate::store::Store::open(world.folder.path())
        .await
        .expect("opens");
    let clock: crate::sync::Clock = std::sync::Arc::new(|| NOW);
    let other = crate::sync::Core::start(store, ORGANISATION, secret(), certifier(), clock)
        .await
        .expect("starts");
    let mut draft = Draft::new();
    for number in 0..40u64 {
        let body = draft.set(&caller(1), 1, "seen", &number.to_string());
        let request = wire::encode(&samspor_protocol::push::PushRequest {
            groups: vec![changes(space(1), document(1), &[body])],
        });
        let core = if number % 2 == 0 { &world.core } else { &other };
        let response = crate::push::push(core, &caller(1), &request)
            .await
            .expect("answers");
        seqs(&response.groups[0]);
    }
    let head = world.projected().await;
    let mut heads = other.heads();
    heads
        .wait_for(|heads| heads.position >= head)
        .await
        .expect("the other follows, too");
    check_sums(&world).await;
    assert_eq!(count(&world, "SELECT count(*) FROM set_aside").await, 0);
    other.stop().await;
}

/// A change as it is, but building on fewer changes than it names operations of.
fn without_dep(body: &[u8], dep: &[u8]) -> Vec<u8> {
    let dep = Change::try_from(dep).expect("a change").hash();
    let mut expanded: ExpandedChange = Change::try_from(body).expect("a change").decode();
    expanded.deps.retain(|one| *one != dep);
    Change::from(expanded).raw_bytes().to_vec()
}

#[tokio::test]
async fn a_change_that_names_what_it_does_not_build_on_is_set_aside_with_what_builds_on_it() {
    let world = member_with_case().await;
    world.member(2, 1, Role::Practitioner, false).await;
    let (mut one, mut two) = (Draft::new(), Draft::new());
    let base = one.set(&caller(1), 1, "seen", "base");
    two.apply(&base);
    let longer = [
        one.set(&caller(1), 1, "understood", "a"),
        one.set(&caller(1), 1, "understood", "b"),
    ];
    let other = two.set(&caller(2), 1, "other", "c");
    one.apply(&other);
    let naming = without_dep(&one.set(&caller(1), 2, "other", "d"), &other);
    let group = |bodies: &[Vec<u8>]| vec![changes(space(1), document(1), bodies)];
    seqs(&world.push(&caller(1), group(&[base])).await[0]);
    seqs(&world.push(&caller(1), group(&longer)).await[0]);
    seqs(&world.push(&caller(2), group(&[other])).await[0]);
    world.projected().await;
    let sums = (
        check_sums(&world).await,
        count(&world, "SELECT sum(bytes) FROM items").await,
    );
    let cursor = up_to_date(&world, None).await.0;

    seqs(
        &world
            .push(&caller(1), group(std::slice::from_ref(&naming)))
            .await[0],
    );
    // A change on top of it: a descendant, set aside as well.
    let mut expanded: ExpandedChange = Change::try_from(naming.as_slice())
        .expect("change")
        .decode();
    expanded.deps = vec![Change::try_from(naming.as_slice()).expect("change").hash()];
    expanded.seq = 2;
    expanded.extra_bytes.clear();
    expanded.start_op = std::num::NonZeroU64::new(expanded.start_op.get() + 1).expect("not zero");
    expanded.operations[0].pred = automerge::legacy::SortedVec::new();
    let child = Change::from(expanded).raw_bytes().to_vec();
    seqs(&world.push(&caller(1), group(&[child])).await[0]);
    world.projected().await;

    assert_eq!(count(&world, "SELECT count(*) FROM set_aside").await, 2);
    assert_eq!(
        count(&world, "SELECT count(*) FROM changes WHERE state = 1").await,
        2
    );
    let after = (
        check_sums(&world).await,
        count(&world, "SELECT sum(bytes) FROM items").await,
    );
    assert_eq!(after, sums, "no item has moved");
    let (_, page) = up_to_date(&world, Some(cursor.clone())).await;
    let hash = Change::try_from(naming.as_slice())
        .expect("change")
        .hash()
        .0;
    assert_eq!(page.set_aside.len(), 2);
    assert_eq!(page.set_aside[0].hash.0, hash);
    assert!(page.documents.is_empty() && page.end.up_to_date);
    let others = feed(&world, 2, Some(cursor)).await;
    assert!(
        others.set_aside.is_empty(),
        "it returns to its own device only"
    );
}

#[tokio::test]
async fn one_documents_bad_change_stops_no_other_document() {
    let world = member_with_case().await;
    let mut draft = Draft::new();
    let good = draft.set(&caller(1), 1, "seen", "a");
    // Deletes an operation that exists nowhere: admission cannot know, the guard does.
    let mut expanded: ExpandedChange = Change::try_from(good.as_slice()).expect("change").decode();
    let ghost = automerge::ActorId::from([0xee; 24].as_slice());
    expanded.operations[0].obj =
        automerge::legacy::ObjectId::Id(automerge::legacy::OpId::new(1, &ghost));
    let bad = Change::from(expanded).raw_bytes().to_vec();
    let groups = vec![
        changes(space(1), document(1), &[bad]),
        changes(space(1), document(2), &[good]),
    ];
    let answers = world.push(&caller(1), groups).await;
    assert!(answers.iter().all(|group| !seqs(group).is_empty()));
    world.projected().await;
    assert_eq!(count(&world, "SELECT count(*) FROM set_aside").await, 1);
    assert_eq!(count(&world, "SELECT count(*) FROM snapshots").await, 1);
    assert_eq!(count(&world, "SELECT count(*) FROM timeline").await, 1);
}

async fn feed(world: &World, who: u64, cursor: Option<Vec<u8>>) -> samspor_protocol::feed::Page {
    let body = wire::encode(&FeedRequest {
        cursor: cursor.map(Into::into),
        wait_millis: 0,
        bytes_max: 1 << 20,
        tells: None,
    });
    let frame = crate::feed::feed(&world.core, &caller(who), &body)
        .await
        .expect("a page");
    frame::decode_page(&frame.frame).expect("a page")
}

async fn up_to_date(
    world: &World,
    cursor: Option<Vec<u8>>,
) -> (Vec<u8>, samspor_protocol::feed::Page) {
    let page = feed(world, 1, cursor).await;
    (page.end.cursor.clone(), page)
}

/// Who of three writes in which of four documents, or merges first what the log has.
fn script() -> impl Strategy<Value = Vec<(u64, u64, bool)>> {
    proptest::collection::vec((1..=3u64, 1..=4u64, any::<bool>()), 1..30)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn invariant_02_sums_tags_and_snapshots_say_the_same_as_the_log(script in script()) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(run(script));
    }
}

/// Three devices write concurrently; afterwards every snapshot has exactly the heads that its log gives.
async fn run(script: Vec<(u64, u64, bool)>) {
    let world = World::new().await;
    for who in 1..=3 {
        world.member(who, 1, Role::Practitioner, false).await;
    }
    world.open_case(&caller(1), 1, 1).await;
    let mut shared: Vec<Vec<Vec<u8>>> = vec![Vec::new(); 5];
    let mut drafts = std::collections::HashMap::new();
    for (step, (who, number, merge)) in script.into_iter().enumerate() {
        let index = usize::try_from(number).expect("small");
        let draft = drafts.entry((who, number)).or_insert_with(Draft::new);
        if merge || draft.0.get_heads().is_empty() {
            shared[index].iter().for_each(|body| draft.apply(body));
        }
        let body = draft.set(&caller(who), who, "seen", &step.to_string());
        shared[index].push(body.clone());
        let group = changes(space(1), document(number), &[body]);
        seqs(&world.push(&caller(who), vec![group]).await[0]);
    }
    world.projected().await;
    check_sums(&world).await;
    for (number, bodies) in (0u64..)
        .zip(&shared)
        .filter(|(_, bodies)| !bodies.is_empty())
    {
        let mut whole = Draft::new();
        bodies.iter().for_each(|body| whole.apply(body));
        let mut heads: Vec<[u8; 32]> = whole.0.get_heads().iter().map(|head| head.0).collect();
        heads.sort_unstable();
        let tag = samspor_protocol::tag::Tag::of_open_document(document(number), &heads);
        let mut tx = world.core.store().read().await.expect("reads");
        let stored: Vec<u8> = sqlx::query_scalar("SELECT tag FROM items WHERE kind = 1 AND id = ?")
            .bind(document(number).as_bytes().to_vec())
            .fetch_one(&mut *tx)
            .await
            .expect("there");
        assert_eq!(stored, tag.0);
    }
}

#[tokio::test]
async fn a_template_that_cannot_be_read_stops_nothing() {
    let world = member_with_case().await;
    let broken = |version, text: &str| {
        FactBody::Template(TemplateFile {
            signature: None,
            name: "broken".to_owned(),
            version,
            text: text.to_owned(),
        })
    };
    let deep = "[".repeat(60_000);
    world.say(&[broken(1, "name = ["), broken(2, &deep)]).await;
    let mut draft = Draft::new();
    let first = draft.set(&caller(1), 1, "seen", "a");
    world
        .push(&caller(1), vec![changes(space(1), document(1), &[first])])
        .await;
    world.projected().await;
    assert!(check_sums(&world).await > 0);
    assert_eq!(count(&world, "SELECT count(*) FROM timeline").await, 1);
    let mut tx = world.core.store().read().await.expect("reads");
    let templates = world.core.store().templates(&mut tx).await;
    assert_eq!(templates.expect("reads").own_count(), 0);
}

#[tokio::test]
async fn rows_that_an_earlier_version_made_are_made_again_once_and_say_the_same() {
    let world = member_with_case().await;
    let mut draft = Draft::new();
    let first = draft.set(&caller(1), 1, "seen", "a");
    let group = changes(space(1), document(1), &[first]);
    world.push(&caller(1), vec![group]).await;
    world.projected().await;
    let mut tx = world.core.store().write().await.expect("writes");
    sqlx::query("UPDATE timeline SET made = 0, template = 'lost'")
        .execute(&mut *tx)
        .await
        .expect("as an earlier version left it");
    tx.commit().await.expect("commits");
    let old = "SELECT count(*) FROM timeline WHERE made < 1 OR template = 'lost'";
    assert_eq!(count(&world, old).await, 1);
    let world = world.restart().await;
    let made = async {
        while count(&world, old).await > 0 {
            tokio::task::yield_now().await;
        }
    };
    let made = tokio::time::timeout(std::time::Duration::from_secs(20), made).await;
    made.expect("the projector makes it again");
    assert_eq!(
        check_sums(&world).await,
        count(&world, "SELECT count(*) FROM items").await
    );
    world.core.stop().await;
}
