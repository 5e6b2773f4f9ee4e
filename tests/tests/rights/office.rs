//! What the administration does: memberships, roles, caseloads.

use crate::drawn::Drawn;
use anyhow::{Context as _, Result};
use rand::{RngExt as _, seq::IndexedRandom as _};
use samspor_documents::id::TeamId;
use samspor_protocol::fact::{Caseload, Role};
use samspor_tests::wait;

impl Drawn {
    pub async fn set_caseload(&mut self, team: TeamId, by_assignment: bool) -> Result<()> {
        let caseload = match by_assignment {
            true => Caseload::Assigned,
            false => Caseload::WholeTeam,
        };
        let admin = self.world.admin().await?;
        admin.set_caseload(team, caseload).await?;
        admin.close().await;
        match by_assignment {
            true => self.model.by_assignment.insert(team),
            false => self.model.by_assignment.remove(&team),
        };
        self.model.count("caseload");
        Ok(())
    }

    /// Somebody comes, goes, or has another role.
    pub async fn move_somebody(&mut self) -> Result<()> {
        let who = *self.float.choose(&mut self.rng).context("somebody")?;
        let team = *self.teams.choose(&mut self.rng).context("a team")?;
        let roles = [Role::Practitioner, Role::Coordinator, Role::Leader];
        let is_member = self.model.members.contains_key(&(who, team));
        let role = roles.choose(&mut self.rng).copied();
        let role = role.filter(|_| !is_member || self.rng.random_range(0..3) == 0);
        let admin = self.world.admin().await?;
        match role {
            Some(role) => {
                admin.add_membership(who, team, role).await?;
                self.model.members.insert((who, team), role);
                self.model.count("membership");
            }
            None => {
                admin.end_membership(who, team).await?;
                self.model.members.remove(&(who, team));
                self.model.count("end of a membership");
            }
        }
        admin.close().await;
        Ok(())
    }

    /// Syncs until each device has heard of its memberships and of the teams' caseloads: the server hears of them within
    /// a quarter of a second, not at once.
    pub async fn hear_of_memberships(&self) -> Result<()> {
        for holder in &self.holders {
            wait::until("a device to hear of its memberships", async || {
                holder.person.sync().await?;
                let rows = holder.person.teams().await?;
                Ok(self.teams.iter().all(|team| {
                    let row = rows.iter().find(|row| row.team == *team);
                    let role = row.and_then(|row| row.role);
                    let is_by_assignment =
                        row.is_some_and(|row| row.caseload == Caseload::Assigned);
                    role.as_ref() == self.model.members.get(&(holder.who, *team))
                        && is_by_assignment == self.model.by_assignment.contains(team)
                }))
            })
            .await?;
        }
        Ok(())
    }
}
