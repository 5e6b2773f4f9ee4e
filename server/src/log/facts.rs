//! Facts into the log: names, teams, memberships. A membership begins or ends a grant at its own entry, a team's caseload
//! what its memberships open.

use super::{
    Entry, EntryKind, Secret, Seq, append, begin::open_ground, caseloads, head,
    private::open_private_space,
};
use crate::{
    access::GroundKind,
    store::{StoreError, Tx, bulk_chunks},
};
use samspor_documents::id::{FactId, OrganisationId, SpaceId};
use samspor_protocol::{
    fact::{FactBody, Membership, Role},
    hash::Hash32,
    wire,
};
use sqlx::QueryBuilder;
use uuid::Uuid;

/// The id of what a fact is about: the same thing said again is a newer version of the same fact.
#[must_use]
pub fn fact_id(body: &FactBody) -> FactId {
    let derive = |of: &Uuid, name: &[u8]| FactId(Uuid::new_v5(of, name));
    match body {
        FactBody::Organisation(fact) => derive(&fact.organisation.0, b"organisation"),
        FactBody::Team(fact) => derive(&fact.team.0, b"team"),
        FactBody::Practitioner(fact) => derive(&fact.practitioner.0, b"practitioner"),
        FactBody::Membership(fact) => derive(&fact.team.0, fact.practitioner.as_bytes()),
        // One space has one: its id is not derivable without it.
        FactBody::Space(fact) => derive(&fact.team.0, &wire::encode(fact)),
        FactBody::Published(fact) => derive(&fact.draft.0, &wire::encode(fact)),
        FactBody::CoSignature(fact) => derive(&fact.document.0, fact.signature.signer.as_bytes()),
        // One space has one, as a case has.
        FactBody::Circle(fact) => derive(&fact.opened_by.0, &wire::encode(fact)),
        FactBody::Participant(fact) => derive(&fact.circle.0, fact.practitioner.as_bytes()),
        FactBody::Shared(fact) => derive(&fact.share.0, b"shared"),
        FactBody::Received(fact) => derive(&fact.shared.share.0, b"received"),
        FactBody::Restriction(fact) => derive(&fact.document.0, b"restriction"),
        FactBody::Closing(fact) => derive(&fact.circle.0, b"closing"),
        // Named by the operation that shared it: two that say the same are two.
        FactBody::Learning(fact) => derive(&fact.team.0, &wire::encode(fact)),
        FactBody::Assignment(fact) => derive(&fact.case.0, fact.practitioner.as_bytes()),
        FactBody::Template(fact) => {
            let named = format!("template {} {}", fact.name, fact.version);
            derive(&Uuid::nil(), named.as_bytes())
        }
        FactBody::VisitSchedule(_) => derive(&Uuid::nil(), b"visit schedule"),
        FactBody::Retirement(fact) => {
            let version = fact.version.map(|version| version.to_string());
            let named = format!("retirement {} {}", fact.name, version.unwrap_or_default());
            derive(&Uuid::nil(), named.as_bytes())
        }
    }
}

/// Which space a fact stands in, and on which ground.
async fn place(
    tx: &mut Tx,
    organisation: OrganisationId,
    body: &FactBody,
) -> Result<(SpaceId, i64), StoreError> {
    let (space, kind) = match body {
        FactBody::Assignment(fact) => {
            return Ok((fact.case, caseloads::cases_of(tx, fact.case).await?.0));
        }
        FactBody::Membership(fact) => (fact.team.circle(), GroundKind::Circle),
        _ => (organisation.space(), GroundKind::Organisation),
    };
    Ok((space, ground_of(tx, space, kind).await?))
}

/// One version of a fact, ready to be appended.
pub(crate) struct NewFact {
    pub seq: Seq,
    pub id: FactId,
    pub version: u32,
    pub space: SpaceId,
    pub ground: i64,
    pub body: Vec<u8>,
}

/// The version a fact gets when it is said (again).
///
/// # Errors
/// `Unavailable` or `Query`.
pub async fn next_version(tx: &mut Tx, id: FactId) -> Result<u32, StoreError> {
    let last: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM facts WHERE fact = ?")
        .bind(id.as_bytes().to_vec())
        .fetch_one(&mut **tx)
        .await?;
    Ok(u32::try_from(last.unwrap_or(0))
        .unwrap_or(u32::MAX)
        .saturating_add(1))
}

/// Stores facts' rows; their entries are appended apart.
pub(crate) async fn insert_facts(tx: &mut Tx, facts: &[NewFact]) -> Result<(), StoreError> {
    for chunk in bulk_chunks(facts) {
        let mut insert =
            QueryBuilder::new("INSERT INTO facts (seq, fact, version, space, ground, body) ");
        insert.push_values(chunk, |mut row, fact| {
            row.push_bind(fact.seq)
                .push_bind(fact.id.as_bytes().to_vec())
                .push_bind(i64::from(fact.version))
                .push_bind(fact.space.as_bytes().to_vec())
                .push_bind(fact.ground)
                .push_bind(fact.body.clone());
        });
        insert.build().execute(&mut **tx).await?;
    }
    Ok(())
}

/// Appends facts of the administration to the log: organisation, teams, practitioners, memberships, assignments,
/// templates and which of them are retired, the visit schedule.
/// A membership begins a grant at its entry (a new role continues it without a gap), or ends it. A practitioner's
/// first one makes their private space. A team's says whether its caseload is by assignment from its entry on.
/// Returns each fact's id and position. A team's membership needs the team's fact before it, an assignment the case.
///
/// # Errors
/// `Unavailable` or `Query`; `Damaged` for a membership of an unknown team, an assignment of an unknown case or a fact
/// that comes by push (cases, published drafts, co-signatures, circles, who takes part in them, closings, learning lines,
/// shares, restrictions). The
/// transaction is then to be dropped.
pub async fn append_facts(
    tx: &mut Tx,
    secret: &Secret,
    organisation: OrganisationId,
    facts: &[FactBody],
) -> Result<Vec<(FactId, Seq)>, StoreError> {
    let mut head = head(tx).await?;
    let mut appended = Vec::with_capacity(facts.len());
    for fact in facts {
        let body = wire::encode(fact);
        let id = fact_id(fact);
        let entry = Entry {
            kind: EntryKind::Fact,
            item: *id.as_bytes(),
            content: Hash32::of(&body),
        };
        append(tx, secret, &mut head, &[entry]).await?;
        apply(tx, fact, head.seq).await?;
        let (space, ground) = place(tx, organisation, fact).await?;
        let new = NewFact {
            seq: head.seq,
            id,
            version: next_version(tx, id).await?,
            space,
            ground,
            body,
        };
        insert_facts(tx, &[new]).await?;
        appended.push((id, head.seq));
    }
    Ok(appended)
}

async fn ground_of(tx: &mut Tx, team: SpaceId, kind: GroundKind) -> Result<i64, StoreError> {
    sqlx::query_scalar("SELECT ground FROM grounds WHERE team = ? AND kind = ?")
        .bind(team.as_bytes().to_vec())
        .bind(kind.code())
        .fetch_optional(&mut **tx)
        .await?
        .ok_or(StoreError::Damaged {
            what: "fact: its team is not known",
        })
}

/// What a fact changes beside its own row.
async fn apply(tx: &mut Tx, fact: &FactBody, seq: Seq) -> Result<(), StoreError> {
    match fact {
        FactBody::Team(team) => {
            open_ground(tx, GroundKind::Circle, team.team.as_bytes()).await?;
            open_ground(tx, GroundKind::Cases, team.team.as_bytes()).await?;
            sqlx::query(
                "INSERT INTO spaces (space, ground, seq)
                 SELECT team, ground, ? FROM grounds WHERE team = ? AND kind = ? ON CONFLICT DO NOTHING",
            )
            .bind(seq)
            .bind(team.team.as_bytes().to_vec())
            .bind(GroundKind::Circle.code())
            .execute(&mut **tx)
            .await?;
            caseloads::set(tx, team, seq).await
        }
        FactBody::Assignment(assignment) => {
            let version = next_version(tx, fact_id(fact)).await?;
            caseloads::assign(tx, assignment, seq, version).await
        }
        FactBody::Membership(membership) => move_grant(tx, membership, seq).await,
        FactBody::Space(_)
        | FactBody::Published(_)
        | FactBody::CoSignature(_)
        | FactBody::Circle(_)
        | FactBody::Participant(_)
        | FactBody::Shared(_)
        | FactBody::Received(_)
        | FactBody::Restriction(_)
        | FactBody::Closing(_)
        | FactBody::Learning(_) => Err(StoreError::Damaged {
            what: "fact: it comes by push",
        }),
        FactBody::Practitioner(fact) => open_private_space(tx, fact.practitioner, seq).await,
        FactBody::Template(fact) => {
            sqlx::query(
                "INSERT INTO templates (seq, name, version) VALUES (?, ?, ?)
                 ON CONFLICT (name, version) DO UPDATE SET seq = excluded.seq",
            )
            .bind(seq)
            .bind(&fact.name)
            .bind(i64::from(fact.version))
            .execute(&mut **tx)
            .await?;
            Ok(())
        }
        FactBody::Organisation(_) | FactBody::Retirement(_) | FactBody::VisitSchedule(_) => Ok(()),
    }
}

/// Ends the grant in force, and begins the next one at the same entry unless the membership has ended.
async fn move_grant(tx: &mut Tx, membership: &Membership, seq: Seq) -> Result<(), StoreError> {
    let practitioner = membership.practitioner.as_bytes().to_vec();
    let team = membership.team.as_bytes().to_vec();
    sqlx::query(
        "UPDATE grants SET until_seq = ? WHERE practitioner = ? AND team = ? AND until_seq IS NULL",
    )
    .bind(seq)
    .bind(practitioner.clone())
    .bind(team.clone())
    .execute(&mut **tx)
    .await?;
    if membership.ended {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO grants (practitioner, from_seq, until_seq, team, role) VALUES (?, ?, NULL, ?, ?)",
    )
    .bind(practitioner)
    .bind(seq)
    .bind(team)
    .bind(role_code(membership.role))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A role as it is stored: its number on the wire.
pub(crate) const fn role_code(role: Role) -> i64 {
    match role {
        Role::Practitioner => 0,
        Role::Coordinator => 1,
        Role::Leader => 2,
    }
}

/// The role of a stored number.
pub(crate) const fn role_of_code(code: i64) -> Option<Role> {
    match code {
        0 => Some(Role::Practitioner),
        1 => Some(Role::Coordinator),
        2 => Some(Role::Leader),
        _ => None,
    }
}
