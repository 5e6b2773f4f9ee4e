//! A team's figures: before how many decisions the child was heard, and feedback from staff and leaders summed up. For the
//! team's coordinators and leaders, and for nobody else: a membership as anything else, a share or an assignment open none.
//!
//! What is counted is read here and left here: no figure carries a case, a child, an author or a word that was written.

use super::stored;
use crate::{
    access::GroundKind,
    log::role_of_code,
    projector::render::{COUNTED_DECISION, COUNTED_FEEDBACK},
    store::{Store, StoreError, Tx, id16},
    sync::CoreError,
};
use samspor_documents::{
    id::{DocumentId, PractitionerId, SpaceId, TeamId},
    method::{
        Entry,
        contributions::{Feedback, feedback},
        heard::{Counts, counts},
    },
    reading::Reading,
    time::UnixMillis,
};
use samspor_protocol::fact::Role;

/// Most teams of one reader.
const TEAMS_MAX: i64 = 50;
/// Most entries of one kind that one team's figures are counted from, the newest.
pub const ENTRIES_MAX: usize = 5_000;

/// What is counted of a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamPractice {
    /// The team.
    pub team: TeamId,
    /// Its decisions, and before how many of them the child was heard.
    pub heard: Counts,
    /// Feedback in its cases and its circle.
    pub feedback: Feedback,
    /// Whether there is more in this time than is counted.
    pub is_cut: bool,
}

/// Whether a role is shown a team's figures.
const fn sees_figures(role: Role) -> bool {
    matches!(role, Role::Coordinator | Role::Leader)
}

/// The teams whose figures a practitioner is shown now.
///
/// # Errors
/// The database cannot be read.
pub async fn figure_teams(tx: &mut Tx, who: PractitionerId) -> Result<Vec<TeamId>, StoreError> {
    let rows: Vec<(Vec<u8>, i64)> = sqlx::query_as(
        "SELECT DISTINCT team, role FROM grants WHERE practitioner = ? AND until_seq IS NULL ORDER BY team LIMIT ?",
    )
    .bind(who.as_bytes().to_vec())
    .bind(TEAMS_MAX)
    .fetch_all(&mut **tx)
    .await?;
    let mut teams = Vec::new();
    for (team, role) in rows {
        let team = TeamId::from_bytes(id16("grant", &team)?);
        if role_of_code(role).is_some_and(sees_figures) && !teams.contains(&team) {
            teams.push(team);
        }
    }
    Ok(teams)
}

/// The figures of each team that the practitioner coordinates or leads, over what happened from a time on. A team that has
/// nothing to count has its figures, too: none of none.
///
/// # Errors
/// `Unavailable` or `Internal`.
pub async fn practice(
    store: &Store,
    practitioner: PractitionerId,
    since: UnixMillis,
) -> Result<Vec<TeamPractice>, CoreError> {
    let mut tx = store.read().await?;
    let mut all = Vec::new();
    for team in figure_teams(&mut tx, practitioner).await? {
        all.push(of_team(&mut tx, team, since, ENTRIES_MAX).await?);
    }
    Ok(all)
}

/// Of each kind at most so many.
pub(super) async fn of_team(
    tx: &mut Tx,
    team: TeamId,
    since: UnixMillis,
    most: usize,
) -> Result<TeamPractice, StoreError> {
    let decisions = read(tx, team, COUNTED_DECISION, since, most).await?;
    let answers = read(tx, team, COUNTED_FEEDBACK, since, most).await?;
    let is_cut = decisions.len() > most || answers.len() > most;
    let decisions: Vec<(TeamId, Entry<'_>)> = entries(&decisions, most)
        .into_iter()
        .map(|entry| (team, entry))
        .collect();
    Ok(TeamPractice {
        team,
        heard: counts(&decisions).remove(&team).unwrap_or_default(),
        feedback: feedback(&entries(&answers, most)),
        is_cut,
    })
}

type Counted = (DocumentId, SpaceId, Reading);

fn entries(counted: &[Counted], most: usize) -> Vec<Entry<'_>> {
    let counted = counted.iter().take(most);
    counted
        .map(|(document, space, reading)| Entry {
            document: *document,
            space: *space,
            reading,
        })
        .collect()
}

/// What a team's figures of one kind are counted from: its own cases and its circle, without copies of other teams' records.
pub(super) const COUNTED: &str =
    "SELECT t.document, t.space, t.reading FROM grounds AS g CROSS JOIN timeline AS t ON t.ground = g.ground
     WHERE g.team = ? AND g.kind IN (?, ?) AND t.counted = ? AND t.occurred_at >= ?
       AND NOT EXISTS (SELECT 1 FROM disclosures AS d WHERE d.document = t.document)
     ORDER BY t.occurred_at DESC, t.document LIMIT ?";

async fn read(
    tx: &mut Tx,
    team: TeamId,
    kind: i64,
    since: UnixMillis,
    most: usize,
) -> Result<Vec<Counted>, StoreError> {
    let rows: Vec<(Vec<u8>, Vec<u8>, Vec<u8>)> = sqlx::query_as(COUNTED)
        .bind(team.as_bytes().to_vec())
        .bind(GroundKind::Circle.code())
        .bind(GroundKind::Cases.code())
        .bind(kind)
        .bind(since.0)
        .bind(i64::try_from(most.saturating_add(1)).unwrap_or(i64::MAX))
        .fetch_all(&mut **tx)
        .await?;
    let mut counted = Vec::with_capacity(rows.len());
    for (document, space, reading) in rows {
        counted.push((
            DocumentId::from_bytes(id16("timeline row", &document)?),
            SpaceId::from_bytes(id16("timeline row", &space)?),
            stored::decode(&reading)?,
        ));
    }
    Ok(counted)
}
