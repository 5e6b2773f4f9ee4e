//! The list of all cases: read in a few pieces, however many they are.
//!
//! To hand a row over to whoever asked costs more than to read it. So a piece of the list is one value, a line per case:
//! identifiers in hexadecimal digits, one sign that says whether it is confirmed, the card's view. Cases and cards are
//! read side by side in the order in which they stand, and put in the order of names here.

use super::{Store, Tx, rows::view_of, sql};
use crate::{
    error::DeviceError,
    views::{AssignedRow, CaseFilter, CaseRow},
};
use samspor_documents::{id::SpaceId, name_order::sort_name, one_child};
use sqlx::Row as _;
use std::collections::HashMap;

/// How many cases one list reads at most.
pub(super) const CASES_MAX: i64 = 100_000;
/// How many cases one piece has.
const PIECE: usize = 4_096;

/// A piece: cases after one of them. One whose opening was refused is not among them (kind 1 of the outbox opens a case).
const SELECT: &str = "
    SELECT max(space), group_concat(line, char(10)) FROM (
        SELECT s.space, hex(s.space) || hex(s.team) || hex(s.opened_by) || s.confirmed
                 || coalesce(hex(c.document), '') || coalesce(c.view, '') AS line
          FROM spaces s LEFT JOIN cards c ON c.space = s.space
         WHERE s.space > ?1 AND (s.confirmed = 1 OR EXISTS
               (SELECT 1 FROM outbox o WHERE o.kind = 1 AND o.space = s.space AND o.state < 2))
         ORDER BY s.space LIMIT ?2)";

impl Store {
    /// Cases by their citizen's name. Cards that belong together among those here are told with each. One whose opening
    /// was refused is not among them: it is in the not-delivered box, and stands here again when that is tried again.
    pub(crate) async fn cases(&self, filter: &CaseFilter) -> Result<Vec<CaseRow>, DeviceError> {
        let mut cases = self.all_cases().await?;
        for case in cases.iter_mut().filter(|case| case.card.is_none()) {
            case.about = self.disclosed_about(case.case).await?;
        }
        cases.sort_by_cached_key(place);
        join_same_citizens(&mut cases);
        let name = filter.name.as_ref().map(|name| name.to_lowercase());
        let wanted = |case: &CaseRow| {
            let view = case.view.as_ref();
            filter.team.is_none_or(|team| team == case.team)
                && (filter.closed || view.is_none_or(|view| !view.closed))
                && name.as_ref().is_none_or(|name| {
                    let told = view.map(|view| &view.name).or(case.about.as_ref());
                    told.is_some_and(|told| told.to_lowercase().contains(name))
                })
        };
        cases.retain(wanted);
        cases.truncate(usize::try_from(filter.limit).unwrap_or(usize::MAX));
        Ok(cases)
    }

    async fn all_cases(&self) -> Result<Vec<CaseRow>, DeviceError> {
        let mut tx = self.snapshot().await?;
        let mut cases = Vec::new();
        let mut after = Vec::new();
        while let Some((last, lines)) = piece(&mut tx, &after).await? {
            let count = cases.len();
            for line in lines.lines() {
                cases.push(case(line).ok_or(DeviceError::Damaged { what: "case" })?);
            }
            let is_last = cases.len().saturating_sub(count) < PIECE;
            if is_last || sql::count_of(cases.len()) >= CASES_MAX {
                break;
            }
            after = last;
        }
        Ok(cases)
    }
}

/// The next piece: the case that stands last in it, and its lines; none when there is no more.
async fn piece(tx: &mut Tx, after: &[u8]) -> Result<Option<(Vec<u8>, String)>, DeviceError> {
    let row = sqlx::query(SELECT)
        .bind(after)
        .bind(sql::count_of(PIECE))
        .fetch_one(&mut **tx)
        .await?;
    let last: Option<Vec<u8>> = row.try_get(0)?;
    let lines: Option<String> = row.try_get(1)?;
    Ok(last.zip(lines))
}

/// A case as its line says it; none when it says none.
fn case(line: &str) -> Option<CaseRow> {
    let (case, rest) = sql::split_id(line)?;
    let (team, rest) = sql::split_id(rest)?;
    let (opened_by, rest) = sql::split_id(rest)?;
    let (confirmed, rest) = rest.split_at_checked(1)?;
    let (card, view) = match rest.is_empty() {
        true => (None, None),
        false => {
            let (card, view) = sql::split_id(rest)?;
            (Some(card), view_of(Some(view)))
        }
    };
    let confirmed = confirmed == "1";
    // Who opened it, unless more is said: see `Store::assigned`.
    let opener = AssignedRow {
        practitioner: opened_by,
        confirmed,
        end_waits: false,
    };
    Some(CaseRow {
        case,
        team,
        team_name: None,
        card,
        view,
        about: None,
        confirmed,
        assigned: vec![opener],
        same_citizen: Vec::new(),
    })
}

/// Where a case stands in the list.
fn place(case: &CaseRow) -> (Option<String>, SpaceId) {
    let name = case.view.as_ref().map(|view| sort_name(&view.name));
    (name, case.case)
}

/// Tells of each case the others that are about its citizen.
fn join_same_citizens(cases: &mut [CaseRow]) {
    let cards = cases
        .iter()
        .filter_map(|case| case.view.as_ref().map(|view| (case.case, view)));
    let links = one_child::links(cards);
    if links.is_empty() {
        return;
    }
    let with_card = cases.iter().filter(|case| case.view.is_some());
    let groups = one_child::group_linked(with_card.map(|case| case.case), &links);
    let mut together: HashMap<SpaceId, Vec<SpaceId>> = HashMap::new();
    for group in groups.iter().filter(|group| group.len() > 1) {
        for space in group {
            let others = group.iter().copied().filter(|one| one != space);
            together.insert(*space, others.collect());
        }
    }
    for case in cases {
        if let Some(others) = together.remove(&case.case) {
            case.same_citizen = others;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::StoreKey;
    use std::collections::BTreeSet;

    /// More than two pieces have.
    const CASES: usize = 9_000;

    #[tokio::test]
    async fn every_case_is_listed_once_in_the_order_of_names_however_many_there_are() {
        let folder = tempfile::tempdir().unwrap();
        let key = StoreKey::new([7; 32]);
        let store = Store::create(folder.path(), &key).await.unwrap();
        let space = |n: usize| SpaceId::from_bytes((n as u128 * 7_919).to_be_bytes());
        // One in a thousand has no card yet; names stand in another order than cases, and every third twice.
        let name = |n: usize| {
            let number = n * 31 % CASES;
            let number = if number.is_multiple_of(3) {
                number + 1
            } else {
                number
            };
            (!n.is_multiple_of(1_000)).then(|| format!("Åse \"{number:05}\" Sørensen"))
        };
        let all = (0..CASES).map(|n| (space(n), name(n)));
        store.pretend_cases(all).await;
        let filter = CaseFilter {
            limit: u32::MAX,
            ..CaseFilter::default()
        };
        let cases = store.cases(&filter).await.unwrap();
        let told = cases.iter().map(|case| {
            let name = case.view.as_ref().map(|view| view.name.as_str());
            (name, case.case)
        });
        let told: Vec<(Option<&str>, SpaceId)> = told.collect();
        let model: BTreeSet<(Option<String>, SpaceId)> =
            (0..CASES).map(|n| (name(n), space(n))).collect();
        let model: Vec<(Option<&str>, SpaceId)> = model
            .iter()
            .map(|(name, case)| (name.as_deref(), *case))
            .collect();
        assert_eq!(told, model);
        assert!(
            cases
                .iter()
                .all(|case| case.confirmed && case.same_citizen.is_empty())
        );
        store.close().await;
    }

    #[tokio::test]
    async fn names_stand_in_the_order_of_the_danish_alphabet_whatever_their_case() {
        let folder = tempfile::tempdir().unwrap();
        let key = StoreKey::new([7; 32]);
        let store = Store::create(folder.path(), &key).await.unwrap();
        let names = ["Åse", "Øjvind", "anna", "Ærø", "Bo"];
        let all = (1..).zip(names).map(|(n, name)| {
            let space = SpaceId::from_bytes([n; 16]);
            (space, Some(name.to_owned()))
        });
        store.pretend_cases(all).await;
        let cases = store.cases(&CaseFilter::default()).await.unwrap();
        let told: Vec<&str> = cases
            .iter()
            .map(|case| case.view.as_ref().unwrap().name.as_str())
            .collect();
        assert_eq!(told, ["anna", "Bo", "Ærø", "Øjvind", "Åse"]);
        store.close().await;
    }
}
