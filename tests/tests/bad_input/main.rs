//! Bad input, a test per row: each is answered by a clear error that says what to do, nothing is lost by it, and
//! the server goes on serving others.

mod authoring;
mod changes;
mod enrolment;
mod machine;
mod requests;

use anyhow::{Result, ensure};
use samspor_documents::id::{SpaceId, TeamId};
use samspor_protocol::fact::TeamKind;
use samspor_tests::{hand_made::HandMade, person::Person, world::World};

/// A world with one team, a health visitor with a case in it, and a colleague.
struct Visit {
    world: World,
    team: TeamId,
    anna: Person,
    case: SpaceId,
    bodil: Person,
}

impl Visit {
    async fn begin() -> Result<Self> {
        let world = World::begin().await?;
        let team = world
            .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
            .await?;
        let anna = world.person("Anna Holm", &[team]).await?;
        let bodil = world.person("Bodil Kjær", &[team]).await?;
        let case = anna.open_named_case(team, "Freja Lund").await?;
        anna.sync().await?;
        Ok(Self {
            world,
            team,
            anna,
            case,
            bodil,
        })
    }

    /// A device of another practitioner in the same team, that sends what it likes.
    async fn hand_made(&self) -> Result<HandMade> {
        let carl = self.world.practitioner("Carl Birk", &[self.team]).await?;
        self.world.hand_made(carl).await
    }

    /// Others still write, send and read.
    async fn others_are_served(&self) -> Result<()> {
        let note = self
            .bodil
            .note(self.case, "Freja sover godt om natten")
            .await;
        let note = match note {
            Ok(note) => note,
            Err(_) => {
                self.bodil.sync().await?;
                self.bodil
                    .note(self.case, "Freja sover godt om natten")
                    .await?
            }
        };
        let report = self.bodil.sync().await?;
        ensure!(report.refused == 0 && report.all_sent, "{report:?}");
        self.anna.sync().await?;
        ensure!(self.anna.text_of(note).await? == "Freja sover godt om natten");
        Ok(())
    }
}
