//! Repair against a running core.

use super::RepairAnswer;
use crate::{sync::Caller, testing::*};
use samspor_documents::id::FactId;
use samspor_protocol::{
    fact::Role,
    feed::{Content, Gone, Page},
    frame, limits,
    repair::{ItemId, RepairRequest, Tags},
    wire,
};

async fn world() -> World {
    let world = World::new().await;
    for (who, of) in [(1, 1), (2, 2)] {
        world.member(who, of, Role::Practitioner, false).await;
        world.open_case(&caller(who), of, of).await;
        for number in 0..5 {
            let body = Draft::new().set(&caller(who), number, "seen", "x");
            let at = document(of * 100 + number);
            world
                .push(&caller(who), vec![changes(space(of), at, &[body])])
                .await;
        }
    }
    world.projected().await;
    world
}

async fn ask(world: &World, who: &Caller, request: &RepairRequest) -> RepairAnswer {
    super::repair(&world.core, who, &wire::encode(request))
        .await
        .expect("answers")
}

async fn tags(world: &World, who: &Caller, after: Option<ItemId>) -> Tags {
    match ask(world, who, &RepairRequest::Tags(after)).await {
        RepairAnswer::Tags(bytes) => wire::decode("tags", &bytes).expect("tags"),
        RepairAnswer::Page(_) => panic!("a page was not asked for"),
    }
}

async fn whole(world: &World, who: &Caller, ids: Vec<ItemId>) -> Page {
    match ask(world, who, &RepairRequest::Whole(ids)).await {
        RepairAnswer::Page(bytes) => frame::decode_page(&bytes).expect("a page"),
        RepairAnswer::Tags(_) => panic!("tags were not asked for"),
    }
}

#[tokio::test]
async fn tags_are_of_everything_visible_in_order_and_go_on_after_any_of_them() {
    let world = world().await;
    let all = tags(&world, &caller(1), None).await;
    let documents: Vec<_> = all
        .items
        .iter()
        .filter(|(id, _)| matches!(id, ItemId::Document(_)))
        .collect();
    assert_eq!(documents.len(), 5);
    assert!(all.items.is_sorted_by_key(|(id, _)| *id) && !all.more);
    for (position, (id, _)) in all.items.iter().enumerate() {
        assert_eq!(
            tags(&world, &caller(1), Some(*id)).await.items,
            all.items[position + 1..]
        );
    }
}

#[tokio::test]
async fn what_is_somebody_elses_and_what_does_not_exist_get_the_same_answer() {
    let world = world().await;
    let (own, others, nobodys) = (document(101), document(201), document(999));
    let ids = [own, others, nobodys].map(ItemId::Document).to_vec();
    let page = whole(&world, &caller(1), ids).await;
    assert_eq!(page.gone, [Gone::Document(others), Gone::Document(nobodys)]);
    assert_eq!(page.documents.len(), 1);
    assert_eq!(page.documents[0].document, own);
    assert!(
        matches!(page.documents[0].content, Content::Whole(_)),
        "whole, also to who wrote it"
    );
    let facts = whole(
        &world,
        &caller(1),
        vec![ItemId::Fact(FactId::from_bytes([9; 16]))],
    )
    .await;
    assert!(facts.facts.is_empty() && facts.gone.is_empty());
}

#[tokio::test]
async fn more_than_the_limit_at_once_is_refused() {
    let world = world().await;
    let ids = vec![ItemId::Document(document(101)); limits::REPAIR_WHOLE_MAX + 1];
    let body = wire::encode(&RepairRequest::Whole(ids));
    let refused = super::repair(&world.core, &caller(1), &body)
        .await
        .expect_err("refused");
    assert_eq!(refused.code(), "too_large");
}
