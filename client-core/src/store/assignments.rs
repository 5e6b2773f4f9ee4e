//! To whom cases are assigned: who opened one, as its fact says, what facts of assignments say since, and over that what
//! was asked here and no page has told of yet. What was refused is no assignment, and ends none.

use super::{Store, facts, sql};
use crate::{error::DeviceError, views::AssignedRow};
use samspor_documents::id::{PractitionerId, SpaceId};
use samspor_protocol::{
    assignment::{Assign, Unassign},
    fact::FactBody,
    push::kind,
    wire,
};
use sqlx::Row as _;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How many facts and operations one list reads at most.
const LIST_MAX: i64 = 100_000;

/// How somebody stands in a case.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    /// As the server told.
    told: bool,
    /// The entry of the log that it told of.
    seq: i64,
    /// What was asked here since.
    asked: Option<bool>,
}

type Standings = HashMap<SpaceId, BTreeMap<PractitionerId, Standing>>;

/// One thing that was told or asked of a case.
enum Said {
    Told {
        ended: bool,
        seq: i64,
    },
    Asked {
        assigns: bool,
        accepted: Option<i64>,
    },
}

impl Store {
    /// To whom one case is assigned; or, of all cases here, those of which more is said than who opened them.
    pub(crate) async fn assigned(
        &self,
        case: Option<SpaceId>,
    ) -> Result<HashMap<SpaceId, Vec<AssignedRow>>, DeviceError> {
        let column = case.map(|case| case.as_bytes().to_vec());
        let mut said = self.told(column.clone()).await?;
        said.extend(self.asked(column).await?);
        let cases: BTreeSet<SpaceId> = said.iter().map(|one| one.0).chain(case).collect();
        let mut standings = self.openers(&cases).await?;
        for (case, practitioner, said) in said {
            let Some(people) = standings.get_mut(&case) else {
                continue;
            };
            let one = people.entry(practitioner).or_default();
            match said {
                Said::Told { ended, seq } => {
                    *one = Standing {
                        told: !ended,
                        seq,
                        asked: None,
                    };
                }
                // What a page has told of is told.
                Said::Asked { assigns, accepted } if accepted.is_none_or(|seq| seq > one.seq) => {
                    one.asked = (one.told != assigns).then_some(assigns);
                }
                Said::Asked { .. } => {}
            }
        }
        let rows = standings.into_iter().map(|(case, people)| {
            let rows = people.into_iter().filter_map(|(practitioner, one)| {
                let row = AssignedRow {
                    practitioner,
                    confirmed: one.told,
                    end_waits: one.told && one.asked == Some(false),
                };
                (one.told || one.asked == Some(true)).then_some(row)
            });
            (case, rows.collect())
        });
        Ok(rows.collect())
    }

    async fn openers(&self, cases: &BTreeSet<SpaceId>) -> Result<Standings, DeviceError> {
        let mut standings = Standings::new();
        if cases.is_empty() {
            return Ok(standings);
        }
        let wanted: Vec<String> = cases
            .iter()
            .map(|case| case.0.simple().to_string())
            .collect();
        let rows = sqlx::query(
            "SELECT s.space, s.opened_by, s.confirmed FROM json_each(?) AS wanted
             CROSS JOIN spaces AS s ON s.space = unhex(wanted.value)",
        )
        .bind(serde_json::to_string(&wanted).unwrap_or_default())
        .fetch_all(self.read())
        .await?;
        for row in &rows {
            let confirmed: bool = row.try_get(2)?;
            let one = Standing {
                told: confirmed,
                seq: 0,
                asked: (!confirmed).then_some(true),
            };
            let people = standings.entry(sql::id(row, 0)?).or_default();
            people.insert(sql::id(row, 1)?, one);
        }
        Ok(standings)
    }

    async fn told(
        &self,
        case: Option<Vec<u8>>,
    ) -> Result<Vec<(SpaceId, PractitionerId, Said)>, DeviceError> {
        // A fact that came before this build knew its kind is among the unknown ones.
        let rows = sqlx::query(
            "SELECT space, body, seq FROM facts WHERE kind IN (?2, ?3) AND (?1 IS NULL OR space = ?1) LIMIT ?4",
        )
        .bind(case)
        .bind(facts::kind::ASSIGNMENT)
        .bind(facts::kind::UNKNOWN)
        .bind(LIST_MAX)
        .fetch_all(self.read())
        .await?;
        let mut told = Vec::with_capacity(rows.len());
        for row in &rows {
            if let Ok(FactBody::Assignment(one)) = facts::body(row.try_get(1)?) {
                let (ended, seq) = (one.ended, row.try_get(2)?);
                told.push((one.case, one.practitioner, Said::Told { ended, seq }));
            }
        }
        Ok(told)
    }

    async fn asked(
        &self,
        case: Option<Vec<u8>>,
    ) -> Result<Vec<(SpaceId, PractitionerId, Said)>, DeviceError> {
        let rows = sqlx::query(
            "SELECT space, kind, coalesce(body, x''), seq FROM outbox
             WHERE state < 2 AND kind IN (14, 15) AND (?1 IS NULL OR space = ?1) ORDER BY n LIMIT ?2",
        )
        .bind(case)
        .bind(LIST_MAX)
        .fetch_all(self.read())
        .await?;
        let damaged = |_| DeviceError::Damaged { what: "outbox" };
        let mut asked = Vec::with_capacity(rows.len());
        for row in &rows {
            let body: &[u8] = row.try_get(2)?;
            let assigns = row.try_get::<i64, _>(1)? == i64::from(kind::ASSIGN);
            let practitioner = match assigns {
                true => wire::decode::<Assign>("assignment", body).map(|one| one.practitioner),
                false => wire::decode::<Unassign>("assignment", body).map(|one| one.practitioner),
            }
            .map_err(damaged)?;
            let accepted = row.try_get(3)?;
            asked.push((
                sql::id(row, 0)?,
                practitioner,
                Said::Asked { assigns, accepted },
            ));
        }
        Ok(asked)
    }

    /// Whether a case that is here by a share is one of the practitioner's own all the same: the case's own people, and
    /// they alone, are told of its shares in the case.
    pub(crate) async fn is_told_as_own(&self, case: SpaceId) -> Result<bool, DeviceError> {
        let found: Option<i64> = sqlx::query_scalar(
            "SELECT 1 FROM received r JOIN shares s ON s.share = r.share
             WHERE r.space = ? AND s.confirmed = 1 LIMIT 1",
        )
        .bind(case.as_bytes().as_slice())
        .fetch_optional(self.read())
        .await?;
        Ok(found.is_some())
    }
}
