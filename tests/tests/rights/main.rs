//! Random organisations with real devices: memberships, caseloads, shares, withdrawals and assignments begin and end
//! while their people write, draft, publish and sign over a road that loses, cuts and repeats, with clocks that are off.
//! Wherever they come to rest, each device shows exactly what the table of permissions gives its holder, and nothing that
//! anybody typed is gone.
//!
//! A seed draws the same organisation again: `SAMSPOR_SEED`; `SAMSPOR_WORLDS` sets how many are drawn.

#![allow(
    clippy::indexing_slicing,
    reason = "what a story sets up by number is there"
)]

mod check;
mod drawn;
mod model;
mod office;
mod steps;

use drawn::Drawn;
use samspor_tests::seed;

const WORLDS: u32 = 2;
/// How often everybody comes to rest, and how much happens before each time.
const ROUNDS: u64 = 3;
const STEPS: u64 = 60;

#[tokio::test(flavor = "multi_thread")]
async fn invariant_02_03_09_every_device_shows_what_the_table_of_permissions_gives_and_no_work_is_gone()
 {
    let seed = seed::seed().unwrap();
    for number in 0..seed::count("SAMSPOR_WORLDS", WORLDS).unwrap() {
        let seed = seed.wrapping_add(u64::from(number));
        println!("SAMSPOR_SEED={seed} SAMSPOR_WORLDS=1 draws this organisation again");
        let mut drawn = Drawn::begin(seed).await.unwrap();
        for round in 0..ROUNDS {
            for step in 0..STEPS {
                let number = round * STEPS + step;
                if let Err(error) = drawn.step(number).await {
                    panic!("step {number} of {seed}: {error:#}");
                }
            }
            if let Err(error) = drawn.rest().await {
                panic!("round {round} of {seed}: {error:#}");
            }
        }
        println!("{:?}", drawn.model.drawn);
        drawn.nothing_is_left().await.unwrap();
        drawn.end().await.unwrap();
    }
}
