//! What a person may not write: refused at once, with the field and what is allowed, never with what was typed.

use crate::Visit;
use anyhow::{Result, ensure};
use samspor_client_core::DeviceError;
use samspor_documents::{document::Edit, value::Value};
use samspor_tests::person::set;

/// Writing this is refused, the error names what is said, and nothing of it is kept.
async fn refused(template: &str, edits: Vec<Edit>, says: &[&str]) -> Result<()> {
    let visit = Visit::begin().await?;
    let error = match visit.anna.write(visit.case, template, edits, None).await {
        Err(error) => error,
        Ok(document) => anyhow::bail!("{document} was written"),
    };
    let sentence = error.to_string();
    ensure!(matches!(error, DeviceError::Author { .. }), "{error:?}");
    for part in says {
        ensure!(
            sentence.contains(part),
            "{sentence:?} does not say {part:?}"
        );
    }
    ensure!(
        !sentence.contains("hemmelig"),
        "{sentence:?} repeats what was typed"
    );
    ensure!(visit.anna.outbox().await?.is_empty());
    let page = samspor_client_core::TimelinePage::default();
    ensure!(visit.anna.timeline(visit.case, page).await?.is_empty());
    visit.others_are_served().await
}

fn grams(amount: &str) -> Result<Value> {
    Ok(Value::Quantity {
        amount: amount.parse()?,
        unit: "g".to_owned(),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_the_template_does_not_have_is_refused_with_those_it_has() {
    let edit = set("favourite_colour", Value::Text("hemmelig".to_owned()));
    refused(
        "home_visit",
        vec![edit],
        &["favourite_colour", "no such field", "weight", "seen"],
    )
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_of_another_type_is_refused_with_what_the_field_expects() {
    let edit = set("weight", Value::Text("hemmelig".to_owned()));
    refused("home_visit", vec![edit], &["weight", "expected"])
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_impossible_measurement_is_refused_with_what_is_possible() {
    let edit = set("weight", grams("3").unwrap());
    refused("home_visit", vec![edit], &["weight", "impossible", "200"])
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unusual_measurement_is_never_refused() {
    let visit = Visit::begin().await.unwrap();
    let edit = set("weight", grams("1500").unwrap());
    let written = visit
        .anna
        .write(visit.case, "home_visit", vec![edit], None)
        .await;
    let reading = visit.anna.read(written.unwrap()).await.unwrap();
    assert_eq!(reading.value("weight"), Some(&grams("1500").unwrap()));
    assert_eq!(reading.invalid, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_that_is_not_there_is_refused_with_those_that_are() {
    refused(
        "horoscope",
        vec![],
        &["unknown template", "home_visit", "note"],
    )
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_over_its_limits_is_refused_with_the_limits_before_anything_is_kept() {
    let edit = samspor_tests::person::prose("seen", &"hemmelig ".repeat(40_000));
    refused("home_visit", vec![edit], &["at most"])
        .await
        .unwrap();
}
