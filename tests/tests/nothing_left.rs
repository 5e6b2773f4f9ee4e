//! Of what may not be read any more nothing is left in a device's store, page by page, opened with its key: neither where
//! rows stood nor where copies of them stay as pages are split and filled.

use anyhow::{Result, ensure};
use samspor_client_core::CaseFilter;
use samspor_documents::document::Edit;
use samspor_protocol::fact::TeamKind;
use samspor_tests::{
    needles::{found, make_needle},
    pages,
    person::settle,
    world::World,
};

/// So many entries of all lengths, that pages are split many times.
const CASES: usize = 6;
const ENTRIES: usize = 40;

#[tokio::test(flavor = "multi_thread")]
async fn of_many_cases_that_are_gone_no_page_of_the_store_says_a_word() -> Result<()> {
    let world = World::begin().await?;
    let north = world.team("Nord", TeamKind::HealthVisiting).await?;
    let south = world.team("Syd", TeamKind::HealthVisiting).await?;
    let anna = world.person("Anna Holm", &[north, south]).await?;
    let who = world.practitioner("Bo Dam", &[north, south]).await?;
    let bo = world.device(who).await?;
    bo.until_member_of(&[north, south]).await?;
    settle(&[&anna, &bo]).await?;
    let (mut gone, mut kept) = (Vec::new(), Vec::new());
    let (mut cases, mut notes) = (Vec::new(), Vec::new());
    for number in 0..CASES {
        let (team, needles) = match number % 2 {
            0 => (north, &mut gone),
            _ => (south, &mut kept),
        };
        let name = make_needle("navn")?;
        cases.push((team, anna.open_named_case(team, &name).await?));
        needles.push(name);
    }
    for number in 0..ENTRIES {
        for (team, case) in &cases {
            let needle = make_needle("notat")?;
            let filler = "og så videre ".repeat(number * 7 % 60);
            let note = anna.note(*case, &format!("{needle} {filler}")).await?;
            if number % 3 == 0 {
                notes.push((note, needle.clone()));
            }
            let needles = if *team == north { &mut gone } else { &mut kept };
            needles.push(needle);
        }
        // In several pages, between which this device puts things into its lists.
        if number % 8 == 0 {
            settle(&[&anna, &bo]).await?;
        }
    }
    settle(&[&anna, &bo]).await?;
    // What grows moves.
    for (number, (note, needle)) in notes.iter().enumerate() {
        let filler = "og meget mere ".repeat(20 + number * 11 % 40);
        let edit = Edit::ReplaceText {
            field: "text".to_owned(),
            text: format!("{needle} {filler}"),
        };
        anna.edit(*note, &[edit]).await?;
    }
    settle(&[&anna, &bo]).await?;
    let key = bo.key();
    let before = pages::decrypted(bo.folder(), &key).await?;
    ensure!(found(&gone, &before).len() == gone.len(), "they were there");

    world.end_membership(who, north).await?;
    let deadline = std::time::Instant::now() + samspor_tests::wait::DEADLINE;
    while bo.cases(CaseFilter::default()).await?.len() > CASES / 2 {
        ensure!(std::time::Instant::now() < deadline, "the cases stay");
        bo.sync().await?;
    }
    let after = pages::decrypted(bo.folder(), &key).await?;
    assert_eq!(found(&gone, &after), Vec::<&str>::new());
    assert_eq!(found(&kept, &after).len(), kept.len());
    Ok(())
}
