//! Reasons that no device of ours brings about: here a real device's store was altered with its key, as a fault of the
//! program or of the machine would. What was typed is told from what the store keeps beside the change, so that it is
//! there whatever became of that.

use crate::{
    Scene,
    phone::{Expected, Phone, bytes},
    table::says,
};
use anyhow::{Context as _, Result, ensure};
use automerge::{ActorId, legacy::OpId};
use ed25519_dalek::SigningKey;
use samspor_documents::{
    authoring::{Actor, Authoring},
    guard,
    id::{DeviceId, SpaceId},
    value::Value,
};
use samspor_protocol::{
    hash::Hash32,
    limits,
    push::{Sign, kind},
    reason::Reason,
    sign::SignatureStatement,
    wire,
};
use samspor_tests::{
    hand_made::{now, random},
    hostile::{RawDocument, altered, bomb},
    person::{Person, set},
    wait,
};
use sqlx::Connection as _;

/// What the first change of a document that waits says instead.
async fn put_in_place(phone: &Phone, document: &str, body: Vec<u8>) -> Result<()> {
    let mut store = phone.store().await?;
    let done = sqlx::query("UPDATE changes SET body = ? WHERE document = ? AND state = 1")
        .bind(body)
        .bind(bytes(document)?)
        .execute(&mut store)
        .await?;
    ensure!(done.rows_affected() == 1, "one change waits");
    Ok(store.close().await?)
}

/// The two operations on a document that wait change places.
async fn swap(phone: &Phone, document: &str) -> Result<()> {
    let mut store = phone.store().await?;
    let numbers: Vec<i64> =
        sqlx::query_scalar("SELECT n FROM outbox WHERE document = ? AND state = 0 ORDER BY n")
            .bind(bytes(document)?)
            .fetch_all(&mut store)
            .await?;
    let [first, second] = numbers.as_slice() else {
        anyhow::bail!("two wait, not {numbers:?}");
    };
    for (from, to) in [(*first, -1), (*second, *first), (-1, *second)] {
        sqlx::query("UPDATE outbox SET n = ? WHERE n = ?")
            .bind(to)
            .bind(from)
            .execute(&mut store)
            .await?;
    }
    Ok(store.close().await?)
}

/// A draft is made of what lies there, published, and read by a colleague.
async fn goes_on_as_a_draft(scene: &Scene, id: &str, text: &str) -> Result<()> {
    let anna = &scene.anna;
    let draft = anna
        .made("document", &["not-delivered", "draft", id])
        .await?;
    ensure!(!anna.boxed().await?.contains(&id.to_owned()));
    ensure!(anna.text(&draft).await? == text);
    let entry = anna.made("document", &["publish", &draft]).await?;
    anna.run(&["sync"]).await?;
    scene.bo.syncs().await?;
    ensure!(scene.bo.text(&entry).await? == text);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_too_large_and_too_many_operations_leave_what_was_typed_to_be_drafted()
-> Result<()> {
    let scene = Scene::begin().await?;
    let authoring = Authoring {
        actor: Actor::make(DeviceId::make(now(), random()?), random()?),
        author: scene.people[0],
        at: now(),
    };
    let mut raw = RawDocument::new(&authoring);
    let large = raw.put("text", &"x".repeat(limits::CHANGE_BYTES_MAX), &authoring)?;
    for (reason, body) in [
        (Reason::Malformed, vec![7; 300]),
        (Reason::TooLarge, large),
        (
            Reason::TooManyOperations,
            bomb(authoring.actor.as_bytes(), 4_000_000),
        ),
    ] {
        let text = format!("Åse sover godt {}", reason.code().len());
        let note = scene.anna.note(&scene.case, &text).await?;
        put_in_place(&scene.anna, &note, body).await?;
        scene.anna.sync_is_refused().await?;
        let expected = Expected {
            reason: reason.code(),
            says: says(&reason),
            ways: &["draft", "export"],
            typed: &text,
        };
        scene.anna.box_shows(&note, &expected).await?;
        goes_on_as_a_draft(&scene, &note, &text).await?;
    }
    scene.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_deps_and_actor_conflict_leave_what_was_typed_to_be_drafted() -> Result<()> {
    let scene = Scene::begin().await?;
    let anna = &scene.anna;
    // Two commands are two sessions, and a session has an actor of its own.
    let apart = anna.note(&scene.case, "Åse sover godt").await?;
    let subject = ["--set", "subject_line=Søvn", "--offline"];
    anna.done(&[&["edit", &apart][..], &subject].concat())
        .await?;
    let together = in_one_session(anna, &scene.case).await?;
    for note in [&apart, &together] {
        swap(anna, note).await?;
    }
    anna.sync_is_refused().await?;
    for (note, reason) in [
        (&apart, Reason::MissingDeps),
        (&together, Reason::ActorConflict),
    ] {
        let expected = Expected {
            reason: reason.code(),
            says: says(&reason),
            ways: &["retry", "draft", "export"],
            typed: "Åse sover godt",
        };
        anna.box_shows(note, &expected).await?;
    }
    for note in [&apart, &together] {
        goes_on_as_a_draft(&scene, note, "Åse sover godt").await?;
    }
    anna.box_is_empty().await?;
    scene.end().await
}

/// A note and an edit of it, written by one opened store.
async fn in_one_session(phone: &Phone, case: &str) -> Result<String> {
    let mut key = [0; 32];
    for (byte, digits) in key.iter_mut().zip(phone.key().await?.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits)?, 16)?;
    }
    let mut person = Person::of(phone.folder().to_owned(), key).await?;
    let case = SpaceId(uuid::Uuid::try_parse(case)?);
    let note = person.note(case, "Åse sover godt").await?;
    let subject = set("subject_line", Value::Text("Søvn".to_owned()));
    person.edit(note, &[subject]).await?;
    person.close().await;
    Ok(note.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn unsupported_waits_in_the_box_until_the_server_is_renewed() -> Result<()> {
    let scene = Scene::begin().await?;
    let anna = &scene.anna;
    let note = scene.note("Far drikker").await?;
    anna.done(&["sign", &note]).await?;
    let restrict = ["restrict", &note, "--ground", "Fra tredjemand"];
    anna.made("document", &restrict).await?;
    let as_kind = async |from: u8, to: u8| -> Result<()> {
        let mut store = anna.store().await?;
        let done = sqlx::query("UPDATE outbox SET kind = ? WHERE kind = ?")
            .bind(i64::from(to))
            .bind(i64::from(from))
            .execute(&mut store)
            .await?;
        ensure!(done.rows_affected() == 1);
        Ok(store.close().await?)
    };
    // As a newer kind looks to an older server.
    as_kind(kind::RESTRICT, 200).await?;
    anna.sync_is_refused().await?;
    as_kind(200, kind::RESTRICT).await?;
    let expected = Expected {
        reason: "unsupported",
        says: says(&Reason::Unsupported),
        ways: &["retry", "discard", "export"],
        typed: "Fra tredjemand",
    };
    anna.box_shows(&note, &expected).await?;
    anna.done(&["not-delivered", "retry", &note]).await?;
    anna.box_is_empty().await?;
    wait::until("the restriction to arrive", async || {
        scene.bo.syncs().await?;
        let timeline = scene.bo.done(&["timeline", &scene.case]).await?;
        Ok(timeline["restricted"] == 1)
    })
    .await?;
    scene.end().await
}

/// Signs another text than the document says, with the device's own key.
async fn sign_something_else(phone: &Phone, note: &str) -> Result<()> {
    let mut store = phone.store().await?;
    let seed: Vec<u8> = sqlx::query_scalar("SELECT value FROM meta WHERE name = 'device_key'")
        .fetch_one(&mut store)
        .await?;
    let key = SigningKey::from_bytes(seed.as_slice().try_into()?);
    let body: Vec<u8> =
        sqlx::query_scalar("SELECT body FROM outbox WHERE document = ? AND kind = ?")
            .bind(bytes(note)?)
            .bind(i64::from(kind::SIGN))
            .fetch_one(&mut store)
            .await?;
    let mut sign = Sign::from_body(&body)?;
    let text: Vec<u8> = sign.text.to_vec();
    let at = text.windows(4).position(|part| part == b"godt");
    let mut text = text;
    text[at.context("the text")?..][..4].copy_from_slice(b"dybt");
    sign.text = text.into();
    let (signer, device, signed_at) = (
        sign.signature.signer,
        sign.signature.device,
        sign.signature.signed_at,
    );
    let statement = SignatureStatement {
        text_hash: Hash32::of(&sign.text),
        heads: &sign.heads,
        signer,
        device,
        signed_at,
    };
    sign.signature = statement.sign(&key);
    let done = sqlx::query("UPDATE outbox SET body = ? WHERE document = ? AND kind = ?")
        .bind(wire::encode(&sign))
        .bind(bytes(note)?)
        .bind(i64::from(kind::SIGN))
        .execute(&mut store)
        .await?;
    ensure!(done.rows_affected() == 1);
    Ok(store.close().await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn text_differs_a_signature_of_what_the_document_does_not_say_signs_nothing() -> Result<()> {
    let scene = Scene::begin().await?;
    let anna = &scene.anna;
    let note = scene.note("Åse sover godt").await?;
    anna.made("document", &["sign", &note]).await?;
    sign_something_else(anna, &note).await?;
    anna.sync_is_refused().await?;
    let expected = Expected {
        reason: "text_differs",
        says: [
            "Serveren læser notatet anderledes, end det stod her, da du godkendte. Det er ikke godkendt. Hent det nyeste, før du læser det igen: samspor device sync",
            "The server reads the entry otherwise than it stood here when you signed. It is not signed. Fetch the newest before you read it again: samspor device sync",
        ],
        ways: &["discard", "export"],
        typed: "Not",
    };
    anna.box_shows(&note, &expected).await?;
    ensure!(anna.text(&note).await? == "Åse sover godt");
    scene.bo.syncs().await?;
    ensure!(scene.bo.done(&["read", &note]).await?["state"] == "delivered");
    anna.done(&["sign", &note]).await?;
    anna.box_is_empty().await?;
    wait::until("the signature to arrive", async || {
        scene.bo.syncs().await?;
        Ok(scene.bo.done(&["read", &note]).await?["state"] == "signed")
    })
    .await?;
    ensure!(scene.bo.text(&note).await? == "Åse sover godt");
    scene.end().await
}

/// The edit that waits claims to supersede one that it does not build on.
async fn name_what_was_not_seen(phone: &Phone, colleague: &Phone, note: &str) -> Result<()> {
    let newest = "SELECT body FROM changes WHERE document = ? ORDER BY n DESC LIMIT 1";
    let mut theirs = colleague.store().await?;
    let seen: Vec<u8> = sqlx::query_scalar(newest)
        .bind(bytes(note)?)
        .fetch_one(&mut theirs)
        .await?;
    theirs.close().await?;
    let seen = guard::check_change(&seen, &limits::CHANGE)?;
    let mut store = phone.store().await?;
    let mine: Vec<u8> = sqlx::query_scalar(newest)
        .bind(bytes(note)?)
        .fetch_one(&mut store)
        .await?;
    let named = OpId(seen.max_op, ActorId::from(seen.actor));
    let lying = altered(&mine, |change| {
        if let Some(first) = change.operations.first_mut() {
            first.pred = vec![named].into();
        }
    })?;
    let before = guard::check_change(&mine, &limits::CHANGE)?.hash.to_vec();
    let after = guard::check_change(&lying, &limits::CHANGE)?.hash.to_vec();
    sqlx::query("UPDATE changes SET body = ?, hash = ? WHERE hash = ?")
        .bind(lying)
        .bind(&after)
        .bind(&before)
        .execute(&mut store)
        .await?;
    sqlx::query("UPDATE outbox SET hash = ? WHERE hash = ?")
        .bind(&after)
        .bind(&before)
        .execute(&mut store)
        .await?;
    Ok(store.close().await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn set_aside_an_accepted_change_that_cannot_be_applied_comes_back_to_its_author() -> Result<()>
{
    let scene = Scene::begin().await?;
    let (anna, bo) = (&scene.anna, &scene.bo);
    let note = scene.note("Åse sover godt").await?;
    let subject = ["--set", "subject_line=Søvn", "--offline"];
    bo.done(&[&["edit", &note][..], &subject].concat()).await?;
    let subject = ["--set", "subject_line=Åses nætter", "--offline"];
    anna.done(&[&["edit", &note][..], &subject].concat())
        .await?;
    name_what_was_not_seen(anna, bo, &note).await?;
    bo.syncs().await?;
    wait::until("the change to come back", async || {
        anna.run(&["sync"]).await?;
        Ok(anna.boxed().await? == [note.clone()])
    })
    .await?;
    let expected = Expected {
        reason: "set_aside",
        says: says(&Reason::SetAside),
        ways: &["draft", "export"],
        typed: "Åses nætter",
    };
    anna.box_shows(&note, &expected).await?;
    let read = anna.done(&["read", &note]).await?.to_string();
    ensure!(
        read.contains("Søvn") && !read.contains("Åses nætter"),
        "{read}"
    );
    let draft = anna
        .made("document", &["not-delivered", "draft", &note])
        .await?;
    anna.box_is_empty().await?;
    let read = anna.done(&["read", &draft]).await?.to_string();
    ensure!(read.contains("Åses nætter"), "{read}");
    anna.syncs().await?;
    scene.end().await
}
