//! Assignments as admission sees them, read in sets under the log's lock; and their rows.

use super::{shares::Cases, stage::Staged, state::Question};
use crate::{
    access::GroundKind,
    log::Seq,
    store::{StoreError, Tx, bulk_chunks, hex_list, id16},
};
use samspor_documents::id::{PractitionerId, SpaceId, TeamId};
use sqlx::QueryBuilder;
use std::collections::{BTreeSet, HashMap};

/// Somebody's last assignment to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KnownAssignment {
    /// The entry from which on it holds.
    pub from: Seq,
    /// The entry that ended it.
    pub ended: Option<Seq>,
    /// Of the fact that says so; 0 when the case's own does.
    pub version: u32,
    /// Whether they are a member of the case's team whose role opens cases.
    pub is_member: bool,
}

/// What a batch asks of assignments, as it stands in the log; it grows by what is admitted.
#[derive(Debug, Default)]
pub(super) struct Assignments {
    /// Whose the cases are, and the scope of each for those to whom it is assigned, where there is one.
    pub cases: HashMap<SpaceId, (Cases, Option<i64>)>,
    /// Everybody to whom a case is or was assigned.
    pub known: HashMap<SpaceId, HashMap<PractitionerId, KnownAssignment>>,
}

/// The keys to look up.
#[derive(Default)]
pub(super) struct Keys {
    spaces: BTreeSet<SpaceId>,
    /// Whether a case may be opened, and its scope made.
    pub opens: bool,
}

/// Whom an operation on an assignment is about.
pub(super) const fn colleague(operation: &Staged) -> Option<PractitionerId> {
    match operation {
        Staged::Assign { body, .. } => Some(body.practitioner),
        Staged::Unassign { body, .. } => Some(body.practitioner),
        _ => None,
    }
}

impl Keys {
    pub(super) fn add(&mut self, question: &Question<'_>) {
        match question.operation {
            Staged::Assign { .. } | Staged::Unassign { .. } => {
                self.spaces.insert(question.group.space);
            }
            Staged::OpenCase { .. } | Staged::Disclose { .. } => self.opens = true,
            _ => {}
        }
    }
}

/// Case, ground, team, scope.
type CaseRow = (Vec<u8>, i64, Vec<u8>, Option<i64>);
/// Case, practitioner, from, until, version, whether a member.
type AssignmentRow = (Vec<u8>, Vec<u8>, Seq, Option<Seq>, i64, bool);

impl Assignments {
    /// Reads what the keys name; nothing when there are none.
    pub(super) async fn read(tx: &mut Tx, keys: &Keys) -> Result<Self, StoreError> {
        let mut read = Self::default();
        if keys.spaces.is_empty() {
            return Ok(read);
        }
        let wanted = hex_list(keys.spaces.iter().map(SpaceId::as_bytes));
        let cases: Vec<CaseRow> = sqlx::query_as(
            "SELECT s.space, g.ground, g.team, o.ground FROM json_each(?1) AS wanted
             CROSS JOIN spaces AS s ON s.space = unhex(wanted.value) AND s.told_only = 0
             CROSS JOIN grounds AS g ON g.ground = s.ground AND g.kind = ?2
             LEFT JOIN grounds AS o ON o.team = s.space AND o.kind = ?3",
        )
        .bind(wanted.as_str())
        .bind(GroundKind::Cases.code())
        .bind(GroundKind::AssignedCase.code())
        .fetch_all(&mut **tx)
        .await?;
        for (space, ground, team, scope) in cases {
            let team = TeamId::from_bytes(id16("ground", &team)?);
            let space = SpaceId::from_bytes(id16("space", &space)?);
            read.cases.insert(space, (Cases { ground, team }, scope));
        }
        let rows: Vec<AssignmentRow> = sqlx::query_as(
            "SELECT a.space, a.practitioner, a.from_seq, a.until_seq, a.version,
                    EXISTS (SELECT 1 FROM grants AS g WHERE g.practitioner = a.practitioner
                        AND g.team = a.team AND g.until_seq IS NULL AND g.role IN (0, 1))
             FROM json_each(?) AS wanted
             CROSS JOIN assignments AS a ON a.space = unhex(wanted.value)
             ORDER BY a.from_seq",
        )
        .bind(wanted)
        .fetch_all(&mut **tx)
        .await?;
        for (space, practitioner, from, ended, version, is_member) in rows {
            let damaged = StoreError::Damaged { what: "assignment" };
            let known = KnownAssignment {
                from,
                ended,
                version: u32::try_from(version).map_err(|_| damaged)?,
                is_member,
            };
            let space = SpaceId::from_bytes(id16("assignment", &space)?);
            let practitioner = PractitionerId::from_bytes(id16("assignment", &practitioner)?);
            // The last one stands.
            read.known
                .entry(space)
                .or_default()
                .insert(practitioner, known);
        }
        Ok(read)
    }

    /// Somebody's last assignment to a case.
    pub(super) fn of(
        &self,
        case: SpaceId,
        practitioner: PractitionerId,
    ) -> Option<&KnownAssignment> {
        self.known.get(&case)?.get(&practitioner)
    }

    /// Whether a case is assigned to any member of its team beside this one.
    pub(super) fn is_with_others(&self, case: SpaceId, practitioner: PractitionerId) -> bool {
        self.known.get(&case).is_some_and(|all| {
            let others = all.iter().filter(|(one, _)| **one != practitioner);
            others
                .into_iter()
                .any(|(_, known)| known.ended.is_none() && known.is_member)
        })
    }
}

/// An assignment that a batch makes.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewAssignment {
    pub case: SpaceId,
    pub practitioner: PractitionerId,
    pub team: TeamId,
    pub from: Seq,
    /// Ended in the same batch.
    pub until: Option<Seq>,
    pub version: u32,
}

/// An assignment that a batch ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct EndedAssignment {
    pub case: SpaceId,
    pub practitioner: PractitionerId,
    pub until: Seq,
    pub version: u32,
}

/// Ends assignments, then makes new ones.
pub(super) async fn write(
    tx: &mut Tx,
    ended: &[EndedAssignment],
    begun: &[NewAssignment],
) -> Result<(), StoreError> {
    for chunk in bulk_chunks(ended) {
        let mut update =
            QueryBuilder::new("WITH ended (space, practitioner, until_seq, version) AS (");
        update.push_values(chunk, |mut row, one| {
            row.push_bind(one.case.as_bytes().to_vec())
                .push_bind(one.practitioner.as_bytes().to_vec())
                .push_bind(one.until)
                .push_bind(i64::from(one.version));
        });
        update.push(
            ") UPDATE assignments SET until_seq = ended.until_seq, version = ended.version FROM ended
             WHERE assignments.space = ended.space AND assignments.practitioner = ended.practitioner
             AND assignments.until_seq IS NULL",
        );
        update.build().execute(&mut **tx).await?;
    }
    for chunk in bulk_chunks(begun) {
        let mut insert = QueryBuilder::new(
            "INSERT INTO assignments (space, practitioner, from_seq, until_seq, team, version) ",
        );
        insert.push_values(chunk, |mut row, new| {
            row.push_bind(new.case.as_bytes().to_vec())
                .push_bind(new.practitioner.as_bytes().to_vec())
                .push_bind(new.from)
                .push_bind(new.until)
                .push_bind(new.team.as_bytes().to_vec())
                .push_bind(i64::from(new.version));
        });
        insert.build().execute(&mut **tx).await?;
    }
    Ok(())
}
