//! "Up to date" means what it says: a page holds what was logged before it was asked for.

use super::*;

#[tokio::test]
async fn a_page_holds_what_was_acknowledged_before_it_was_asked_for() {
    let world = two_teams().await;
    let mut reader = Reader::default();
    reader.catch_up(&world, &caller(2), MEBIBYTE).await;
    for number in 300..340 {
        write(&world, &caller(1), 1, number, "lige skrevet").await;
        reader.catch_up(&world, &caller(2), MEBIBYTE).await;
        assert!(
            reader.documents.contains_key(&document(number)),
            "acknowledged, and not in the page asked for afterwards: {number}"
        );
    }
}

#[tokio::test]
async fn a_page_holds_what_another_process_appended_just_before() {
    let world = two_teams().await;
    let mut reader = Reader::default();
    for number in 9..15 {
        world.member(number, 1, Role::Practitioner, false).await;
        reader.cursor = None;
        reader.documents.clear();
        reader.facts.clear();
        reader.catch_up(&world, &caller(number), MEBIBYTE).await;
        assert_eq!(reader.documents.len(), 30, "the team of member {number}");
    }
}
