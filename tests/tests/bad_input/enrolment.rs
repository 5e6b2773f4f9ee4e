//! Codes that are none, unknown, expired, used, for another server; keys that do not open.

use crate::Visit;
use anyhow::{Context as _, Result, ensure};
use samspor_client_core::{Device, DeviceError, StoreKey};
use samspor_protocol::{
    enrol::{CodeSecret, EnrolmentCode},
    hash::Hash32,
    problem::code,
    version::path,
    wire,
};
use samspor_tests::{
    hand_made::{client, enrolment, post, random},
    person::{Person, options},
    program::{self, Program},
};
use sqlx::{ConnectOptions as _, sqlite::SqliteConnectOptions};
use tokio::process::Command;

/// The error of enrolling a new store with this code; the store is as free as before.
async fn enrol_error(visit: &Visit, code: &EnrolmentCode) -> Result<DeviceError> {
    let person = Person::with_store(visit.world.free_folder()).await?;
    let error = person
        .enrol_with(code)
        .await
        .err()
        .context("it was enrolled")?;
    ensure!(
        person.identity().await?.is_none(),
        "it was enrolled all the same"
    );
    visit.others_are_served().await?;
    Ok(error)
}

async fn new_code(visit: &Visit) -> Result<EnrolmentCode> {
    let dorte = visit
        .world
        .practitioner("Dorte Sand", &[visit.team])
        .await?;
    Ok(EnrolmentCode::from_text(&visit.world.code(dorte).await?)?)
}

#[test]
fn what_is_no_code_says_how_to_copy_one() {
    let error = EnrolmentCode::from_text("SAMSPOR1-halvt")
        .unwrap_err()
        .to_string();
    assert!(error.contains("copy all of it"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_code_is_refused_with_the_advice_to_ask_for_another() {
    let visit = Visit::begin().await.unwrap();
    let mut code = new_code(&visit).await.unwrap();
    code.secret = CodeSecret(random().unwrap());
    let error = enrol_error(&visit, &code).await.unwrap();
    assert!(matches!(error, DeviceError::CodeRefused), "{error:?}");
    assert!(error.to_string().contains("ask for a new one"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_code_is_refused() {
    let visit = Visit::begin().await.unwrap();
    let code = new_code(&visit).await.unwrap();
    // Its day passes: the one thing a test cannot wait for.
    let database = visit.world.server_database().unwrap();
    let mut server = SqliteConnectOptions::new()
        .filename(database)
        .connect()
        .await
        .unwrap();
    let aged = sqlx::query(
        "UPDATE enrolment_codes SET expires_at = expires_at - 86400001 WHERE used_by IS NULL",
    )
    .execute(&mut server)
    .await
    .unwrap();
    assert_eq!(aged.rows_affected(), 1);
    let error = enrol_error(&visit, &code).await.unwrap();
    assert!(matches!(error, DeviceError::CodeRefused), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_enrols_one_device_and_no_other() {
    let visit = Visit::begin().await.unwrap();
    let code = new_code(&visit).await.unwrap();
    let first = Person::with_store(visit.world.free_folder()).await.unwrap();
    first.enrol_with(&code).await.unwrap();
    let error = enrol_error(&visit, &code).await.unwrap();
    assert!(matches!(error, DeviceError::CodeRefused), "{error:?}");
    first.sync().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enrolment_whose_answer_was_lost_gets_the_same_answer_again() {
    let visit = Visit::begin().await.unwrap();
    let dorte = visit
        .world
        .practitioner("Dorte Sand", &[visit.team])
        .await
        .unwrap();
    let code = visit.world.code(dorte).await.unwrap();
    let (request, _, code) = enrolment(&code).unwrap();
    let client = client().unwrap();
    let mut answers = Vec::new();
    for _ in 0..2 {
        let said = post(&client, &code.server, path::ENROL, wire::encode(&request))
            .await
            .unwrap();
        assert!(said.status.is_success(), "{:?}", said.problem());
        let answer: samspor_protocol::enrol::EnrolResponse = said.read().unwrap();
        answers.push((answer.practitioner, answer.certificate));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_of_another_key_enrols_nothing() {
    let visit = Visit::begin().await.unwrap();
    let dorte = visit
        .world
        .practitioner("Dorte Sand", &[visit.team])
        .await
        .unwrap();
    let (mut request, _, code) = enrolment(&visit.world.code(dorte).await.unwrap()).unwrap();
    request.public_key = random().unwrap();
    let body = wire::encode(&request);
    let said = post(&client().unwrap(), &code.server, path::ENROL, body)
        .await
        .unwrap();
    assert_eq!(said.problem().unwrap().code, code::BAD_CODE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_key_is_not_the_codes_is_not_talked_to() {
    let visit = Visit::begin().await.unwrap();
    let mut code = new_code(&visit).await.unwrap();
    code.pin = Some(Hash32([7; 32]));
    let error = enrol_error(&visit, &code).await.unwrap();
    assert!(matches!(error, DeviceError::WrongPin), "{error:?}");
    assert!(error.to_string().contains("nothing was sent"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enrolled_device_keeps_its_work_from_a_server_with_another_key() {
    let visit = Visit::begin().await.unwrap();
    // Somebody else's server takes the address: same road, other key.
    let other = samspor_tests::world::World::begin().await.unwrap();
    visit.world.relay.lead_to(other.address());
    visit
        .anna
        .note(visit.case, "skrevet uden dækning")
        .await
        .unwrap();
    visit.world.relay.cut();
    let error = visit.anna.try_sync().await.unwrap_err();
    assert!(matches!(error, DeviceError::WrongPin), "{error:?}");
    assert_eq!(visit.anna.outbox().await.unwrap().len(), 1);
    visit.world.relay.lead_to(visit.world.address());
    assert!(visit.anna.sync().await.unwrap().all_sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_does_not_open_a_store_and_harms_nothing() {
    let mut visit = Visit::begin().await.unwrap();
    let note = visit
        .anna
        .note(visit.case, "endnu ikke sendt")
        .await
        .unwrap();
    visit.anna.close().await;
    let folder = visit.anna.folder().to_owned();
    for key in [[0; 32], random().unwrap()] {
        let error = Device::open(&folder, StoreKey::new(key), options())
            .await
            .unwrap_err();
        assert!(matches!(error, DeviceError::WrongKey), "{error:?}");
        assert!(error.to_string().contains("use the key"), "{error}");
    }
    // A program that was refused ends in order, each time.
    let key_file = visit.world.folder().join("wrong.key");
    std::fs::write(&key_file, "0".repeat(64)).unwrap();
    std::fs::set_permissions(
        &key_file,
        std::os::unix::fs::PermissionsExt::from_mode(0o600),
    )
    .unwrap();
    for _ in 0..20 {
        let mut command = Command::new(program::built("samspor").unwrap());
        command
            .args(["--lang", "en", "device", "--folder"])
            .arg(&folder);
        command.arg("--key-file").arg(&key_file).arg("outbox");
        let ended = Program::start(command).unwrap().end().await.unwrap();
        assert!(ended.signal.is_none() && ended.code != Some(0), "{ended:?}");
        assert!(
            ended.errors.contains("does not open the store"),
            "{ended:?}"
        );
    }
    visit.anna.open().await.unwrap();
    assert_eq!(visit.anna.text_of(note).await.unwrap(), "endnu ikke sendt");
    assert_eq!(visit.anna.outbox().await.unwrap().len(), 1);
    visit.others_are_served().await.unwrap();
}
