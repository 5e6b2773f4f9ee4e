//! A child's timeline among its parents' own records, where the reader may see those.
//!
//! Relations point from case to case, from either card. Only a child's timeline takes in its parents': a parent's own
//! shows neither the other's record nor the child's, whatever the cards say. Of a parent's card the name is told, and
//! nothing else: an address never.

use super::Device;
use crate::{
    error::DeviceError,
    views::{Parent, TimelinePage, WithParents},
};
use samspor_documents::{
    card::{CardView, CitizenKind, RelationKind},
    id::SpaceId,
};
use std::collections::{BTreeMap, BTreeSet};

impl Device {
    /// The parents of a case's citizen with the cases of theirs that may be read here, by case: those to whom a card of the
    /// child, or their own, says that it belongs by custody, by living with them or by being expected. None of a parent.
    ///
    /// # Errors
    /// `UnknownCase`.
    pub async fn parents(&self, case: SpaceId) -> Result<Vec<Parent>, DeviceError> {
        let found = self.parents_cases(case).await?;
        let mut parents: Vec<Parent> = Vec::new();
        for parent in found.into_values() {
            if parents.iter().all(|known| known.case != parent.case) {
                parents.push(parent);
            }
        }
        Ok(parents)
    }

    /// One page of a child's timeline with its parents' entries among its own, newest first, each with whose record it
    /// stands in. Of a parent's case: the parent's own alone.
    ///
    /// # Errors
    /// `UnknownCase`.
    pub async fn timeline_with_parents(
        &self,
        case: SpaceId,
        page: TimelinePage,
    ) -> Result<Vec<WithParents>, DeviceError> {
        let mut cases: BTreeSet<SpaceId> = self.cases_of_citizen(case).await?.into_iter().collect();
        let parents = self.parents_cases(case).await?;
        cases.extend(parents.keys());
        let cases: Vec<SpaceId> = cases.into_iter().collect();
        let rows = self.inner.store()?.timeline(&cases, page).await?;
        let rows = rows.into_iter().map(|row| WithParents {
            parent: parents.get(&row.case).cloned(),
            row,
        });
        Ok(rows.collect())
    }

    /// Each readable case of a parent of this child, with that parent.
    async fn parents_cases(&self, case: SpaceId) -> Result<BTreeMap<SpaceId, Parent>, DeviceError> {
        let own = self.cases_of_citizen(case).await?;
        let mut related: BTreeMap<SpaceId, Vec<RelationKind>> = BTreeMap::new();
        for case in &own {
            let Some(card) = self.readable_card(*case).await? else {
                continue;
            };
            if card.kind != CitizenKind::Child {
                return Ok(BTreeMap::new());
            }
            for relation in card.relations {
                if let Some(other) = relation.case.filter(|_| relation.kind.is_of_parent()) {
                    related.entry(other).or_default().push(relation.kind);
                }
            }
            for other in self.inner.store()?.related_to(*case).await? {
                let card = self.readable_card(other).await?;
                let relations = card.into_iter().flat_map(|card| card.relations);
                let to_child = relations
                    .filter(|one| one.case == Some(*case) && one.kind.is_of_parent())
                    .map(|one| one.kind);
                let to_child: Vec<RelationKind> = to_child.collect();
                if !to_child.is_empty() {
                    related.entry(other).or_default().extend(to_child);
                }
            }
        }
        let mut found: BTreeMap<SpaceId, Parent> = BTreeMap::new();
        for (other, relations) in related {
            if found.contains_key(&other) || own.contains(&other) {
                continue;
            }
            let Some(card) = self.readable_card(other).await? else {
                continue;
            };
            if card.kind != CitizenKind::Parent {
                continue;
            }
            let mut parent = Parent {
                case: other,
                name: card.name,
                relations,
            };
            parent.relations.sort_by_key(|kind| *kind as u8);
            parent.relations.dedup();
            for one in self.cases_of_citizen(other).await? {
                found.insert(one, parent.clone());
            }
        }
        Ok(found)
    }

    /// Who a case is about, where its card is here and may be read.
    async fn readable_card(&self, case: SpaceId) -> Result<Option<CardView>, DeviceError> {
        if self.hidden().await?.hides_case(case) {
            return Ok(None);
        }
        match self.card(case).await {
            Ok(card) => Ok(Some(card)),
            Err(
                DeviceError::UnknownCase | DeviceError::SetAside { .. } | DeviceError::Guard { .. },
            ) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
