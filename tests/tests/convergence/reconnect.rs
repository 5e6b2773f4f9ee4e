//! Being in touch again costs what changed since. Bytes and round trips are counted by the relay; time is not.

use anyhow::Result;
use samspor_protocol::fact::TeamKind;
use samspor_tests::{
    handshake::{self, since},
    person::Person,
    relay::Passed,
    world::World,
};

/// What the relay may see of a quiet reconnect beside the handshake, both ways together.
const QUIET_BYTES_MAX: u64 = 1_024;

struct Quiet {
    world: World,
    anna: Person,
}

impl Quiet {
    async fn begin(notes: usize) -> Result<Self> {
        let world = World::begin().await?;
        let team = world
            .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
            .await?;
        let anna = world.person("Anna Holm", &[team]).await?;
        let case = anna.open_named_case(team, "Freja Lund").await?;
        for number in 0..notes {
            anna.note(case, &format!("besøg {number}: Freja sover og spiser godt"))
                .await?;
        }
        anna.sync().await?;
        anna.sync().await?;
        Ok(Self { world, anna })
    }

    /// What a device that was closed and opened again exchanges, handshake left out; and its round trips.
    async fn reconnect(&mut self) -> Result<(Passed, u64)> {
        let handshake = handshake::cost(&self.world.relay).await?;
        self.anna.close().await;
        self.anna.open().await?;
        let before = self.world.relay.passed();
        let report = self.anna.sync().await?;
        let all = since(before, self.world.relay.passed());
        let beside = Passed {
            bytes_up: all.bytes_up.saturating_sub(handshake.bytes_up),
            bytes_down: all.bytes_down.saturating_sub(handshake.bytes_down),
            connections: all.connections,
            turns: all.turns.saturating_sub(handshake.turns),
        };
        Ok((beside, report.round_trips))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_04_reconnecting_with_nothing_changed_is_one_round_trip_and_under_a_kilobyte() {
    let mut costs = Vec::new();
    for notes in [4, 250] {
        let mut quiet = Quiet::begin(notes).await.unwrap();
        let (passed, round_trips) = quiet.reconnect().await.unwrap();
        println!("{notes} notes: {passed:?}");
        assert_eq!((round_trips, passed.connections), (1, 1), "{notes} notes");
        let bytes = passed.bytes_up + passed.bytes_down;
        assert!(bytes < QUIET_BYTES_MAX, "{notes} notes: {bytes} bytes");
        costs.push(bytes);
    }
    assert!(
        costs[0].abs_diff(costs[1]) < 64,
        "it grows with what is there: {costs:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_04_what_others_write_out_of_sight_costs_a_device_nothing() {
    let mut quiet = Quiet::begin(4).await.unwrap();
    let ppr = quiet.world.team("PPR", TeamKind::Ppr).await.unwrap();
    let carl = quiet.world.person("Carl Birk", &[ppr]).await.unwrap();
    quiet.anna.sync().await.unwrap();
    let case = carl.open_named_case(ppr, "Villads Krog").await.unwrap();
    for number in 0..60 {
        carl.note(
            case,
            &format!("samtale {number} {}", "om skolestart ".repeat(20)),
        )
        .await
        .unwrap();
    }
    carl.sync().await.unwrap();
    let (passed, round_trips) = quiet.reconnect().await.unwrap();
    assert_eq!(round_trips, 1);
    let bytes = passed.bytes_up + passed.bytes_down;
    assert!(bytes < QUIET_BYTES_MAX, "{bytes} bytes");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_note_of_a_colleague_costs_one_note() {
    let mut quiet = Quiet::begin(200).await.unwrap();
    let case = quiet
        .anna
        .cases(samspor_client_core::CaseFilter::default())
        .await
        .unwrap()[0]
        .case;
    let team = quiet.anna.teams().await.unwrap()[0].team;
    let bodil = quiet.world.person("Bodil Kjær", &[team]).await.unwrap();
    quiet.anna.sync().await.unwrap();
    bodil.note(case, "et enkelt notat").await.unwrap();
    bodil.sync().await.unwrap();
    let (passed, _) = quiet.reconnect().await.unwrap();
    let bytes = passed.bytes_up + passed.bytes_down;
    assert!(bytes < 4_096, "{bytes} bytes");
}
