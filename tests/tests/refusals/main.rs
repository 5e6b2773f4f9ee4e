//! Every refusal reason from the device's side: what the person reads, that the work is still there, and how it goes on.
//!
//! The table below names for each reason its sentence and the story in which it comes to a device. A reason that is not
//! in it does not compile.

#![allow(
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod altered;
mod others;
mod phone;
mod table;

use anyhow::{Context as _, Result};
use phone::Phone;
use samspor_documents::id::{PractitionerId, TeamId};
use samspor_protocol::fact::TeamKind;
use samspor_tests::world::{Beginning, World};

/// What a health visitor reads, in Danish and in English.
pub type Says = [&'static str; 2];

/// Anna and Bo, each with a phone, in one team of a server that is a process of its own.
pub struct Scene {
    world: World,
    team: TeamId,
    people: [PractitionerId; 2],
    anna: Phone,
    bo: Phone,
    /// A case that the server has.
    case: String,
}

impl Scene {
    async fn begin() -> Result<Self> {
        let beginning = Beginning {
            apart: true,
            ..Beginning::default()
        };
        let world = World::begin_as(beginning).await?;
        let team = world
            .team("Sundhedsplejen", TeamKind::HealthVisiting)
            .await?;
        let people = [
            world.practitioner("Anna Holm", &[team]).await?,
            world.practitioner("Bo Lind", &[team]).await?,
        ];
        let anna = Phone::enrolled(&world, people[0]).await?;
        let bo = Phone::enrolled(&world, people[1]).await?;
        let open = ["case", "open", "--team", "Sundhedsplejen"];
        let card = ["--set", "kind=child", "--set", "name=Åse"];
        let opened = anna.done(&[&open[..], &card].concat()).await?;
        let case = opened["case"].as_str().context("a case")?.to_owned();
        bo.syncs().await?;
        Ok(Self {
            world,
            team,
            people,
            anna,
            bo,
            case,
        })
    }

    /// A note of Anna's that both have.
    async fn note(&self, text: &str) -> Result<String> {
        let note = self.anna.note(&self.case, text).await?;
        self.anna.syncs().await?;
        self.bo.syncs().await?;
        Ok(note)
    }

    async fn end(mut self) -> Result<()> {
        self.world.stop_server().await?;
        Ok(())
    }
}
