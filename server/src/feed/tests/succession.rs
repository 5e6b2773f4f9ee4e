//! A device that took another's place is told of that one's changes as of its own.

use super::*;

/// The second device of member 2 took the first one's place.
async fn succeeded(world: &World) -> Caller {
    let new = second_device(2);
    let mut tx = world.core.store().write().await.expect("writes");
    sqlx::query(
        "INSERT INTO successions (device, predecessor, generation, succeeded_at) VALUES (?, ?, 1, 0)",
    )
    .bind(new.device.as_bytes().to_vec())
    .bind(caller(2).device.as_bytes().to_vec())
    .execute(&mut *tx)
    .await
    .expect("inserts");
    tx.commit().await.expect("commits");
    new
}

#[tokio::test]
async fn what_the_old_device_wrote_comes_back_as_hashes_to_its_successor_whoever_of_them_pushed_it()
{
    let world = two_teams().await;
    let mut reader = Reader::default();
    reader.catch_up(&world, &caller(2), MEBIBYTE).await;
    let new = succeeded(&world).await;
    let mut draft = Draft(reader.documents[&document(5)].1.fork());
    let pushed = draft.set(&caller(2), 77, "seen", "sendt af den gamle");
    let unsent = draft.set(&caller(2), 77, "seen", "sendt af den nye");
    for body in [&pushed, &unsent] {
        let held = &mut reader.documents.get_mut(&document(5)).expect("fed").1;
        let change = automerge::Change::try_from(body.as_slice()).expect("a change");
        held.apply_changes([change]).expect("applies");
    }
    for (who, bodies) in [
        (&caller(2), vec![pushed.clone()]),
        (&new, vec![pushed.clone(), unsent]),
    ] {
        let group = changes(space(1), document(5), &bodies);
        let answers = world.push(who, vec![group]).await;
        assert_eq!(seqs(&answers[0]).len(), bodies.len(), "accepted");
    }
    world.projected().await;
    let wholes = reader.wholes;
    reader.catch_up(&world, &new, MEBIBYTE).await;
    assert_eq!((reader.owns, reader.wholes), (2, wholes));
}

#[tokio::test]
async fn what_of_the_old_device_was_set_aside_returns_to_its_successor_and_to_nobody_else() {
    let world = two_teams().await;
    let new = succeeded(&world).await;
    let mut readers = Vec::new();
    for (who, expected) in [(new, 1), (caller(2), 1), (caller(1), 0)] {
        let mut reader = Reader::default();
        reader.catch_up(&world, &who, MEBIBYTE).await;
        readers.push((reader, who, expected));
    }
    write(&world, &caller(2), 1, 300, "lige skrevet").await;
    world.projected().await;
    let mut tx = world.core.store().write().await.expect("writes");
    sqlx::query(
        "INSERT INTO set_aside (seq, device, document, hash, detail)
         SELECT seq, device, document, hash, 'cannot be applied' FROM changes ORDER BY seq DESC LIMIT 1",
    )
    .execute(&mut *tx)
    .await
    .expect("inserts");
    tx.commit().await.expect("commits");
    for (reader, who, expected) in readers {
        let page = reader.ask(&world, &who, 0, MEBIBYTE).await;
        let page = frame::decode_page(&page).expect("a page");
        assert_eq!(page.set_aside.len(), expected, "{:?}", who.device);
    }
}
