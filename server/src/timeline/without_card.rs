//! Cases that a disclosure opened and that have no card yet: no list of children has them, and their team has to find them.

use super::visible;
use crate::{
    store::{Store, StoreError, hex_list, id16},
    sync::CoreError,
};
use samspor_documents::id::{PractitionerId, SpaceId, TeamId};
use samspor_protocol::{share::Received, wire};
use std::collections::BTreeSet;

/// Most cases of one list.
const LIST_MAX: i64 = 200;

/// A case without a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithoutCard {
    /// The case.
    pub case: SpaceId,
    /// The team whose case it is.
    pub team: TeamId,
    /// Whom it is about, as that team was told.
    pub about: String,
}

/// Those that the practitioner may see, the first that was opened first.
///
/// # Errors
/// `Unavailable` or `Internal`.
pub async fn without_card(
    store: &Store,
    practitioner: PractitionerId,
) -> Result<Vec<WithoutCard>, CoreError> {
    let mut tx = store.read().await?;
    let visible = visible(&mut tx, practitioner).await?;
    let teams: BTreeSet<TeamId> = visible.own_teams();
    let rows: Vec<(Vec<u8>, Vec<u8>, Vec<u8>)> = sqlx::query_as(
        "SELECT d.filed_in, d.team, d.told FROM json_each(?) AS wanted
         CROSS JOIN disclosures AS d ON d.team = unhex(wanted.value) AND d.opened = 1
         WHERE d.seq <= (SELECT seq FROM projection)
           AND NOT EXISTS (SELECT 1 FROM cards AS c WHERE c.space = d.filed_in)
         ORDER BY d.seq LIMIT ?",
    )
    .bind(hex_list(teams.iter().map(TeamId::as_bytes)))
    .bind(LIST_MAX)
    .fetch_all(&mut *tx)
    .await
    .map_err(StoreError::from)?;
    let case = |(case, team, told): (Vec<u8>, Vec<u8>, Vec<u8>)| {
        let told: Received = wire::decode("disclosure", &told)
            .map_err(|_| StoreError::Damaged { what: "disclosure" })?;
        Ok(WithoutCard {
            case: SpaceId::from_bytes(id16("disclosure", &case)?),
            team: TeamId::from_bytes(id16("disclosure", &team)?),
            about: told.shared.terms.about,
        })
    };
    let cases: Result<Vec<WithoutCard>, StoreError> = rows.into_iter().map(case).collect();
    Ok(cases?)
}
