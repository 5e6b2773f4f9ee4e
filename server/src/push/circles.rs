//! Circles as admission sees them, read in sets under the log's lock; and the grants that it begins and ends.

use super::{stage::Staged, state::Question};
use crate::{
    access::GroundKind,
    log::{self, Seq},
    store::{StoreError, Tx, bulk_chunks, hex_list, id16},
};
use samspor_documents::{
    id::{FactId, PractitionerId, SpaceId, TeamId},
    time::UnixMillis,
};
use samspor_protocol::fact::{FactBody, Role};
use sqlx::QueryBuilder;
use std::collections::{BTreeSet, HashMap, HashSet};

/// What a batch asks of circles, as it stands in the log; it grows by what is admitted.
#[derive(Debug, Default)]
pub(super) struct Circles {
    /// Of those that are asked about: who is a practitioner of the organisation.
    pub people: HashSet<PractitionerId>,
    /// Who takes part in the circles asked about, and since which entry.
    pub inside: HashMap<SpaceId, HashMap<PractitionerId, Seq>>,
    /// The newest versions of the facts that say so.
    pub versions: HashMap<FactId, u32>,
    /// Where a circle is closed: the teams of those asked about and of those inside, each with its circle's ground.
    pub teams: HashMap<PractitionerId, HashMap<TeamId, i64>>,
}

/// The keys to look up.
#[derive(Default)]
pub(super) struct Keys {
    people: BTreeSet<PractitionerId>,
    circles: BTreeSet<SpaceId>,
    facts: BTreeSet<FactId>,
    /// Whether one is opened.
    pub opens: bool,
    closes: bool,
}

/// The fact that says that somebody takes part in a circle.
pub(super) fn participant(
    circle: SpaceId,
    practitioner: PractitionerId,
    since: UnixMillis,
    ended: bool,
) -> (FactId, FactBody) {
    let body = FactBody::Participant(samspor_protocol::circle::Participant {
        circle,
        practitioner,
        since,
        ended,
    });
    (log::fact_id(&body), body)
}

impl Keys {
    pub(super) fn add(&mut self, question: &Question<'_>) {
        let (caller, circle) = (question.caller.practitioner, question.group.space);
        match question.operation {
            Staged::OpenCircle { body, .. } => {
                self.opens = true;
                self.people.extend(body.all_participants(caller));
            }
            Staged::Join { practitioner, .. } => self.add_change(circle, *practitioner),
            Staged::Leave { .. } => self.add_change(circle, caller),
            Staged::CloseCircle { .. } => {
                self.closes = true;
                self.add_change(circle, caller);
            }
            _ => {}
        }
    }

    fn add_change(&mut self, circle: SpaceId, practitioner: PractitionerId) {
        self.people.insert(practitioner);
        self.circles.insert(circle);
        let (fact, _) = participant(circle, practitioner, UnixMillis(0), false);
        self.facts.insert(fact);
    }

    fn is_empty(&self) -> bool {
        self.people.is_empty()
    }
}

impl Circles {
    /// Reads what the keys name; nothing when there are none.
    pub(super) async fn read(tx: &mut Tx, keys: &Keys) -> Result<Self, StoreError> {
        let mut circles = Self::default();
        if keys.is_empty() {
            return Ok(circles);
        }
        circles.read_people(tx, &keys.people).await?;
        if !keys.circles.is_empty() {
            circles.read_inside(tx, &keys.circles).await?;
            circles.read_versions(tx, &keys.facts).await?;
        }
        if keys.closes {
            circles.read_teams(tx, &keys.people).await?;
        }
        Ok(circles)
    }

    async fn read_people(
        &mut self,
        tx: &mut Tx,
        people: &BTreeSet<PractitionerId>,
    ) -> Result<(), StoreError> {
        // Every practitioner has a private space, and nobody else has.
        let known: Vec<Vec<u8>> = sqlx::query_scalar(
            "SELECT g.team FROM json_each(?) AS wanted
             CROSS JOIN grounds AS g ON g.team = unhex(wanted.value) AND g.kind = ?",
        )
        .bind(hex_list(people.iter().map(PractitionerId::as_bytes)))
        .bind(GroundKind::Private.code())
        .fetch_all(&mut **tx)
        .await?;
        for practitioner in known {
            let id = id16("practitioner", &practitioner)?;
            self.people.insert(PractitionerId::from_bytes(id));
        }
        Ok(())
    }

    async fn read_inside(
        &mut self,
        tx: &mut Tx,
        circles: &BTreeSet<SpaceId>,
    ) -> Result<(), StoreError> {
        let rows: Vec<(Vec<u8>, Vec<u8>, Seq)> = sqlx::query_as(
            "SELECT g.team, g.practitioner, g.from_seq FROM json_each(?) AS wanted
             CROSS JOIN grounds AS c ON c.team = unhex(wanted.value) AND c.kind = ?
             CROSS JOIN grants AS g ON g.team = c.team AND g.until_seq IS NULL",
        )
        .bind(hex_list(circles.iter().map(SpaceId::as_bytes)))
        .bind(GroundKind::Chosen.code())
        .fetch_all(&mut **tx)
        .await?;
        for (circle, practitioner, since) in rows {
            let circle = SpaceId::from_bytes(id16("grant", &circle)?);
            let practitioner = PractitionerId::from_bytes(id16("grant", &practitioner)?);
            let inside = self.inside.entry(circle).or_default();
            inside.insert(practitioner, since);
        }
        Ok(())
    }

    /// Of everybody who may take part in a circle that the batch closes.
    async fn read_teams(
        &mut self,
        tx: &mut Tx,
        people: &BTreeSet<PractitionerId>,
    ) -> Result<(), StoreError> {
        let mut wanted: BTreeSet<PractitionerId> = people.clone();
        wanted.extend(self.inside.values().flat_map(HashMap::keys));
        let rows: Vec<(Vec<u8>, Vec<u8>, i64)> = sqlx::query_as(
            "SELECT g.practitioner, g.team, c.ground FROM json_each(?) AS wanted
             CROSS JOIN grants AS g ON g.practitioner = unhex(wanted.value) AND g.until_seq IS NULL
             CROSS JOIN grounds AS c ON c.team = g.team AND c.kind = ?",
        )
        .bind(hex_list(wanted.iter().map(PractitionerId::as_bytes)))
        .bind(GroundKind::Circle.code())
        .fetch_all(&mut **tx)
        .await?;
        for (practitioner, team, ground) in rows {
            let practitioner = PractitionerId::from_bytes(id16("grant", &practitioner)?);
            let team = TeamId::from_bytes(id16("grant", &team)?);
            let teams = self.teams.entry(practitioner).or_default();
            teams.insert(team, ground);
        }
        Ok(())
    }

    async fn read_versions(
        &mut self,
        tx: &mut Tx,
        facts: &BTreeSet<FactId>,
    ) -> Result<(), StoreError> {
        let rows: Vec<(Vec<u8>, i64)> = sqlx::query_as(
            "SELECT f.fact, max(f.version) FROM json_each(?) AS wanted
             CROSS JOIN facts AS f ON f.fact = unhex(wanted.value) GROUP BY f.fact",
        )
        .bind(hex_list(facts.iter().map(FactId::as_bytes)))
        .fetch_all(&mut **tx)
        .await?;
        for (fact, version) in rows {
            let fact = FactId::from_bytes(id16("fact", &fact)?);
            let version = u32::try_from(version).unwrap_or(u32::MAX);
            self.versions.insert(fact, version);
        }
        Ok(())
    }
}

/// A circle's own ground.
pub(super) struct NewGround {
    pub ground: i64,
    pub circle: SpaceId,
}

/// Taking part in a circle, from an entry on; until another one, where the batch ends it as well.
pub(super) struct NewGrant {
    pub circle: SpaceId,
    pub practitioner: PractitionerId,
    pub from: Seq,
    pub until: Option<Seq>,
}

/// The end of a grant that was in force before the batch.
pub(super) struct EndedGrant {
    pub circle: SpaceId,
    pub practitioner: PractitionerId,
    pub until: Seq,
}

/// Makes circles' grounds.
pub(super) async fn write_grounds(tx: &mut Tx, grounds: &[NewGround]) -> Result<(), StoreError> {
    for chunk in bulk_chunks(grounds) {
        let mut insert =
            QueryBuilder::new("INSERT INTO grounds (ground, kind, team, last_seq, items, digest) ");
        insert.push_values(chunk, |mut row, new| {
            row.push_bind(new.ground)
                .push_bind(GroundKind::Chosen.code())
                .push_bind(new.circle.as_bytes().to_vec())
                .push("0, 0")
                .push_bind(vec![0_u8; 16]);
        });
        insert.build().execute(&mut **tx).await?;
    }
    Ok(())
}

/// Ends grants and begins others.
pub(super) async fn write_grants(
    tx: &mut Tx,
    ended: &[EndedGrant],
    begun: &[NewGrant],
) -> Result<(), StoreError> {
    for chunk in bulk_chunks(ended) {
        let mut update = QueryBuilder::new("WITH ended (practitioner, team, until_seq) AS (");
        update.push_values(chunk, |mut row, one| {
            row.push_bind(one.practitioner.as_bytes().to_vec())
                .push_bind(one.circle.as_bytes().to_vec())
                .push_bind(one.until);
        });
        update.push(
            ") UPDATE grants SET until_seq = ended.until_seq FROM ended
             WHERE grants.practitioner = ended.practitioner AND grants.team = ended.team
               AND grants.until_seq IS NULL",
        );
        update.build().execute(&mut **tx).await?;
    }
    for chunk in bulk_chunks(begun) {
        let mut insert = QueryBuilder::new(
            "INSERT INTO grants (practitioner, from_seq, until_seq, team, role) ",
        );
        insert.push_values(chunk, |mut row, one| {
            row.push_bind(one.practitioner.as_bytes().to_vec())
                .push_bind(one.from)
                .push_bind(one.until)
                .push_bind(one.circle.as_bytes().to_vec())
                // Nobody is more than another in a circle.
                .push_bind(log::role_code(Role::Practitioner));
        });
        insert.build().execute(&mut **tx).await?;
    }
    Ok(())
}
