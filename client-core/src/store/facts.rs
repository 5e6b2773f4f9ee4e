//! Facts in the store: names, teams, memberships, cases, circles, shares, assignments, what became of drafts,
//! restrictions, templates and which of them are retired, the visit schedule.

use super::{
    Store, Tx, apply::Applying, apply::tag_of, circles, disclosed, drafts, restrictions, shares,
    sql, templates,
};
use crate::{
    error::DeviceError,
    views::{PractitionerRow, TeamRow},
};
use samspor_documents::{
    id::{FactId, OrganisationId, PractitionerId, SpaceId, TeamId},
    name_order::sort_name,
};
use samspor_protocol::{
    fact::{FactBody, Role, Space},
    feed::FactItem,
    tag::Tag,
    wire,
};
use sqlx::{QueryBuilder, Row as _, Sqlite};
use std::collections::{BTreeSet, HashMap};

/// Kinds of facts, as columns.
pub(super) mod kind {
    pub(in crate::store) const ORGANISATION: i64 = 0;
    pub(in crate::store) const TEAM: i64 = 1;
    pub(in crate::store) const PRACTITIONER: i64 = 2;
    pub(in crate::store) const MEMBERSHIP: i64 = 3;
    pub(in crate::store) const SPACE: i64 = 4;
    pub(in crate::store) const PUBLISHED: i64 = 5;
    pub(in crate::store) const CO_SIGNATURE: i64 = 6;
    pub(in crate::store) const CIRCLE: i64 = 7;
    pub(in crate::store) const PARTICIPANT: i64 = 8;
    pub(in crate::store) const SHARED: i64 = 9;
    pub(in crate::store) const RECEIVED: i64 = 10;
    pub(in crate::store) const RESTRICTION: i64 = 11;
    pub(in crate::store) const CLOSING: i64 = 12;
    pub(in crate::store) const LEARNING: i64 = 13;
    pub(in crate::store) const ASSIGNMENT: i64 = 14;
    pub(in crate::store) const TEMPLATE: i64 = 15;
    pub(in crate::store) const RETIREMENT: i64 = 16;
    pub(in crate::store) const VISIT_SCHEDULE: i64 = 17;
    pub(in crate::store) const UNKNOWN: i64 = 255;
}

/// How many names a list has at most.
const LIST_MAX: i64 = 10_000;

/// Puts a page's facts into the store, the newest version of each.
pub(crate) async fn apply(
    applying: &mut Applying,
    facts: Vec<FactItem>,
) -> Result<(), DeviceError> {
    let mut facts = facts.into_iter().peekable();
    while facts.peek().is_some() {
        let chunk: Vec<_> = facts.by_ref().take(sql::CHUNK).collect();
        apply_chunk(applying, chunk).await?;
    }
    Ok(())
}

async fn apply_chunk(applying: &mut Applying, facts: Vec<FactItem>) -> Result<(), DeviceError> {
    let held = held(&mut applying.tx, &facts).await?;
    let mut new = Vec::new();
    for item in facts {
        let known = held.get(&item.fact.id);
        if known.is_some_and(|(version, _)| *version >= i64::from(item.fact.version)) {
            continue;
        }
        if let Some((_, tag)) = known {
            applying.digest = applying.digest.without(*tag);
        }
        applying.digest = applying.digest.with(Tag::of_fact(&item.fact));
        applying.received += 1;
        new.push(item);
    }
    if new.is_empty() {
        return Ok(());
    }
    let (mut cases, mut opened, mut published) = (Vec::new(), Vec::new(), Vec::new());
    let (mut restricted, mut templates) = (Vec::new(), Vec::new());
    let (mut shared, mut received, mut filed) = (Vec::new(), Vec::new(), Vec::new());
    for item in &new {
        match item.fact.read() {
            Ok(FactBody::Space(space)) => cases.push((item.fact.space, space)),
            Ok(FactBody::Circle(circle)) => opened.push((item.fact.space, circle)),
            Ok(FactBody::Shared(one)) => shared.push((item.fact.space, one)),
            Ok(FactBody::Received(one)) if one.shared.is_disclosure() => filed.push(one),
            Ok(FactBody::Received(one)) => received.push(one),
            Ok(FactBody::Published(one)) => published.push((item.fact.space, one)),
            Ok(FactBody::Restriction(one)) => restricted.push(one.document),
            Ok(FactBody::Template(one)) => templates.push(one.name),
            _ => {}
        }
    }
    insert(&mut applying.tx, new).await?;
    templates::make_rows_again(&mut applying.tx, &templates).await?;
    insert_cases(&mut applying.tx, cases).await?;
    circles::insert_told(&mut applying.tx, opened).await?;
    restrictions::settle(&mut applying.tx, &restricted).await?;
    shares::insert_told(&mut applying.tx, shared).await?;
    shares::insert_received(&mut applying.tx, received).await?;
    disclosed::insert_told(&mut applying.tx, &filed).await?;
    drafts::close(applying, published).await
}

async fn held(tx: &mut Tx, facts: &[FactItem]) -> Result<HashMap<FactId, (i64, Tag)>, DeviceError> {
    let mut query =
        QueryBuilder::<Sqlite>::new("SELECT fact, version, tag FROM facts WHERE fact IN (");
    let mut list = query.separated(", ");
    for item in facts {
        list.push_bind(item.fact.id.as_bytes().to_vec());
    }
    query.push(")");
    let mut held = HashMap::new();
    for row in query.build().fetch_all(&mut **tx).await? {
        let tag = tag_of(row.try_get(2)?)?.ok_or(DeviceError::Damaged { what: "tag" })?;
        held.insert(sql::id(&row, 0)?, (row.try_get(1)?, tag));
    }
    Ok(held)
}

/// The kind of a fact and what it is about; what this build does not know is kept and counted all the same.
fn kind_and_subject(item: &FactItem) -> (i64, Vec<u8>) {
    let about = |id: &[u8; 16]| id.to_vec();
    match item.fact.read() {
        Ok(FactBody::Organisation(one)) => (kind::ORGANISATION, about(one.organisation.as_bytes())),
        Ok(FactBody::Team(one)) => (kind::TEAM, about(one.team.as_bytes())),
        Ok(FactBody::Practitioner(one)) => (kind::PRACTITIONER, about(one.practitioner.as_bytes())),
        Ok(FactBody::Membership(one)) => (kind::MEMBERSHIP, about(one.practitioner.as_bytes())),
        Ok(FactBody::Space(_)) => (kind::SPACE, about(item.fact.space.as_bytes())),
        Ok(FactBody::Published(one)) => (kind::PUBLISHED, about(one.draft.as_bytes())),
        Ok(FactBody::CoSignature(one)) => (kind::CO_SIGNATURE, about(one.document.as_bytes())),
        Ok(FactBody::Circle(_)) => (kind::CIRCLE, about(item.fact.space.as_bytes())),
        Ok(FactBody::Participant(one)) => (kind::PARTICIPANT, about(one.practitioner.as_bytes())),
        Ok(FactBody::Shared(one)) => (kind::SHARED, about(one.share.as_bytes())),
        Ok(FactBody::Received(one)) => (kind::RECEIVED, about(one.shared.share.as_bytes())),
        Ok(FactBody::Restriction(one)) => (kind::RESTRICTION, about(one.document.as_bytes())),
        Ok(FactBody::Closing(one)) => (kind::CLOSING, about(one.circle.as_bytes())),
        Ok(FactBody::Learning(one)) => (kind::LEARNING, about(one.team.as_bytes())),
        Ok(FactBody::Assignment(one)) => (kind::ASSIGNMENT, about(one.practitioner.as_bytes())),
        Ok(FactBody::Template(one)) => (kind::TEMPLATE, one.name.into_bytes()),
        Ok(FactBody::Retirement(one)) => (kind::RETIREMENT, one.name.into_bytes()),
        Ok(FactBody::VisitSchedule(_)) => (kind::VISIT_SCHEDULE, Vec::new()),
        Err(_) => (kind::UNKNOWN, Vec::new()),
    }
}

async fn insert(tx: &mut Tx, facts: Vec<FactItem>) -> Result<(), DeviceError> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "INSERT INTO facts (fact, space, version, seq, kind, subject, tag, body) ",
    );
    query.push_values(facts, |mut row, item| {
        let (kind, subject) = kind_and_subject(&item);
        row.push_bind(item.fact.id.as_bytes().to_vec())
            .push_bind(item.fact.space.as_bytes().to_vec())
            .push_bind(i64::from(item.fact.version))
            .push_bind(sql::seq_column(item.seq))
            .push_bind(kind)
            .push_bind(subject)
            .push_bind(Tag::of_fact(&item.fact).0.to_vec())
            .push_bind(Vec::<u8>::from(item.fact.body));
    });
    query.push(
        " ON CONFLICT (fact) DO UPDATE SET space = excluded.space, version = excluded.version,
          seq = excluded.seq, kind = excluded.kind, subject = excluded.subject, tag = excluded.tag,
          body = excluded.body",
    );
    query.build().execute(&mut **tx).await?;
    Ok(())
}

async fn insert_cases(tx: &mut Tx, cases: Vec<(SpaceId, Space)>) -> Result<(), DeviceError> {
    if cases.is_empty() {
        return Ok(());
    }
    let mut query = QueryBuilder::<Sqlite>::new(
        "INSERT INTO spaces (space, team, opened_by, opened_at, confirmed) ",
    );
    query.push_values(cases, |mut row, (space, case)| {
        row.push_bind(space.as_bytes().to_vec())
            .push_bind(case.team.as_bytes().to_vec())
            .push_bind(case.opened_by.as_bytes().to_vec())
            .push_bind(case.opened_at.0)
            .push("1");
    });
    query.push(
        " ON CONFLICT (space) DO UPDATE SET team = excluded.team, opened_by = excluded.opened_by,
          opened_at = excluded.opened_at, confirmed = 1",
    );
    query.build().execute(&mut **tx).await?;
    Ok(())
}

/// Notes a case that is opened here.
pub(crate) async fn insert_local_case(
    tx: &mut Tx,
    case: SpaceId,
    space: &Space,
) -> Result<(), DeviceError> {
    sqlx::query(
        "INSERT INTO spaces (space, team, opened_by, opened_at, confirmed) VALUES (?, ?, ?, ?, 0)",
    )
    .bind(case.as_bytes().as_slice())
    .bind(space.team.as_bytes().as_slice())
    .bind(space.opened_by.as_bytes().as_slice())
    .bind(space.opened_at.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What a fact in the store says.
pub(super) fn body(bytes: &[u8]) -> Result<FactBody, DeviceError> {
    wire::decode("fact", bytes).map_err(|_| DeviceError::Damaged { what: "fact" })
}

impl Store {
    async fn facts_of(&self, kind: i64) -> Result<Vec<FactBody>, DeviceError> {
        let bodies: Vec<Vec<u8>> =
            sqlx::query_scalar("SELECT body FROM facts WHERE kind = ? ORDER BY subject LIMIT ?")
                .bind(kind)
                .bind(LIST_MAX)
                .fetch_all(self.read())
                .await?;
        bodies.iter().map(|bytes| body(bytes)).collect()
    }

    /// The organisation's teams by name, each with this practitioner's role in it.
    pub(crate) async fn teams(&self, me: PractitionerId) -> Result<Vec<TeamRow>, DeviceError> {
        let mut roles: HashMap<TeamId, Role> = HashMap::new();
        for fact in self.facts_of(kind::MEMBERSHIP).await? {
            if let FactBody::Membership(one) = fact
                && one.practitioner == me
                && !one.ended
            {
                roles.insert(one.team, one.role);
            }
        }
        let mut teams: Vec<TeamRow> = self
            .facts_of(kind::TEAM)
            .await?
            .into_iter()
            .filter_map(|fact| match fact {
                FactBody::Team(team) => Some(TeamRow {
                    caseload: team.caseload(),
                    role: roles.get(&team.team).copied(),
                    team: team.team,
                    name: team.name,
                    kind: team.kind,
                }),
                _ => None,
            })
            .collect();
        teams.sort_by_cached_key(|row| (sort_name(&row.name), row.team));
        Ok(teams)
    }

    /// The members of a team whose role opens cases, as far as its circle is here.
    pub(crate) async fn members(
        &self,
        team: TeamId,
    ) -> Result<BTreeSet<PractitionerId>, DeviceError> {
        let facts = self.facts_of(kind::MEMBERSHIP).await?;
        let opens = |fact| match fact {
            FactBody::Membership(one)
                if one.team == team && !one.ended && one.role.opens_cases() =>
            {
                Some(one.practitioner)
            }
            _ => None,
        };
        Ok(facts.into_iter().filter_map(opens).collect())
    }

    /// Who is or was a member of which team, as far as its circle is here.
    pub(crate) async fn ever_members(
        &self,
    ) -> Result<BTreeSet<(TeamId, PractitionerId)>, DeviceError> {
        let facts = self.facts_of(kind::MEMBERSHIP).await?;
        let member = |fact| match fact {
            FactBody::Membership(one) => Some((one.team, one.practitioner)),
            _ => None,
        };
        Ok(facts.into_iter().filter_map(member).collect())
    }

    /// The file of the organisation's own visit schedule, where it has set one.
    pub(crate) async fn schedule_file(&self) -> Result<Option<String>, DeviceError> {
        let facts = self.facts_of(kind::VISIT_SCHEDULE).await?;
        Ok(facts.into_iter().find_map(|fact| match fact {
            FactBody::VisitSchedule(file) => file.text,
            _ => None,
        }))
    }

    /// The organisation's practitioners by name.
    pub(crate) async fn practitioners(&self) -> Result<Vec<PractitionerRow>, DeviceError> {
        let mut people: Vec<PractitionerRow> = self
            .facts_of(kind::PRACTITIONER)
            .await?
            .into_iter()
            .filter_map(|fact| match fact {
                FactBody::Practitioner(one) => Some(PractitionerRow {
                    practitioner: one.practitioner,
                    name: one.name,
                    title: one.title,
                }),
                _ => None,
            })
            .collect();
        people.sort_by_cached_key(|row| (sort_name(&row.name), row.practitioner));
        Ok(people)
    }

    /// The organisation's name, once told.
    pub(crate) async fn organisation_name(
        &self,
        organisation: OrganisationId,
    ) -> Result<Option<String>, DeviceError> {
        let facts = self.facts_of(kind::ORGANISATION).await?;
        Ok(facts.into_iter().find_map(|fact| match fact {
            FactBody::Organisation(one) if one.organisation == organisation => Some(one.name),
            _ => None,
        }))
    }
}
