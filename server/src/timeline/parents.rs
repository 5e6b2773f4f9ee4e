//! A child's parents whose own records the reader may see.
//!
//! Relations point from case to case, from either card. A parent's case shows neither the other's record nor the child's,
//! whatever the cards say. Of a parent's card the name is told, and nothing else: an address never. Of a parent whose case
//! the reader may not see nothing is told here, not even that there is one.

use super::{
    together::{self, VisibleCard},
    visible,
};
use crate::{
    access::Visible,
    store::{Store, StoreError, Tx, hex_list, id16},
    sync::CoreError,
};
use samspor_documents::{
    card::{CitizenKind, RelationKind},
    id::{PractitionerId, SpaceId, TeamId},
    name_order::sort_name,
};
use std::collections::{BTreeMap, BTreeSet};

/// Most cards that point to the cases of one child.
const RELATED_MAX: i64 = 200;

/// A parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    /// The name on the card.
    pub name: String,
    /// How they belong together, each way once.
    pub relations: Vec<RelationKind>,
    /// The case that stands for the parent in links.
    pub case: SpaceId,
    /// Every case of the parent's own that the reader may see, by id.
    pub cases: Vec<(SpaceId, TeamId)>,
}

/// The parents of the child of these cases: those to whom a card of the child, or their own, says that it belongs by
/// custody, by living with them or by being expected. None where one of these cases is a parent's.
///
/// # Errors
/// `Unavailable` or `Internal`.
pub async fn parents(
    store: &Store,
    practitioner: PractitionerId,
    cases: &[SpaceId],
) -> Result<Vec<Parent>, CoreError> {
    let mut tx = store.read().await?;
    let visible = visible(&mut tx, practitioner).await?;
    let own: BTreeSet<SpaceId> = cases.iter().copied().collect();
    let cards = together::cards(&mut tx, &visible, &own).await?;
    if cards
        .iter()
        .any(|card| card.view.kind != CitizenKind::Child)
    {
        return Ok(Vec::new());
    }
    let own: BTreeSet<SpaceId> = cards.iter().map(|card| card.case).collect();
    let mut related: BTreeMap<SpaceId, Vec<RelationKind>> = BTreeMap::new();
    for relation in cards.iter().flat_map(|card| &card.view.relations) {
        if let Some(other) = relation.case.filter(|_| relation.kind.is_of_parent()) {
            related.entry(other).or_default().push(relation.kind);
        }
    }
    for other in pointing_to(&mut tx, &own).await? {
        related.entry(other).or_default();
    }
    let asked = related.keys().copied().collect();
    let persons = together::persons(&mut tx, &visible, asked).await?;
    let persons = persons.iter();
    let mut parents: Vec<Parent> = persons
        .filter_map(|cards| parent(&visible, cards, &own, &related))
        .collect();
    parents.sort_by_cached_key(|one| (sort_name(&one.name), one.case));
    Ok(parents)
}

/// A person as a parent of the child; none where no card says so.
fn parent(
    visible: &Visible,
    cards: &[VisibleCard],
    own: &BTreeSet<SpaceId>,
    related: &BTreeMap<SpaceId, Vec<RelationKind>>,
) -> Option<Parent> {
    if cards.iter().any(|card| own.contains(&card.case)) {
        return None;
    }
    let mut relations = Vec::new();
    let mut first: Option<&VisibleCard> = None;
    for card in cards
        .iter()
        .filter(|card| card.view.kind == CitizenKind::Parent)
    {
        let said = related.get(&card.case).into_iter().flatten().copied();
        let to_child = card.view.relations.iter();
        let to_child = to_child
            .filter(|one| one.kind.is_of_parent())
            .filter(|one| one.case.is_some_and(|case| own.contains(&case)))
            .map(|one| one.kind);
        let said: Vec<RelationKind> = said.chain(to_child).collect();
        if !said.is_empty() {
            relations.extend(said);
            first = first.or(Some(card));
        }
    }
    let first = first?;
    relations.sort_by_key(|kind| *kind as u8);
    relations.dedup();
    let cases: BTreeMap<SpaceId, TeamId> = cards
        .iter()
        .filter_map(|card| Some((card.case, visible.team_of(card.ground, card.case)?)))
        .collect();
    Some(Parent {
        name: first.view.name.clone(),
        relations,
        case: first.case,
        cases: cases.into_iter().collect(),
    })
}

/// The cases whose cards point to one of these as a parent's do.
async fn pointing_to(tx: &mut Tx, own: &BTreeSet<SpaceId>) -> Result<Vec<SpaceId>, StoreError> {
    let rows: Vec<Vec<u8>> = sqlx::query_scalar(
        "SELECT DISTINCT r.space FROM json_each(?) AS wanted
         CROSS JOIN card_relations AS r ON r.other = unhex(wanted.value)
         ORDER BY r.space LIMIT ?",
    )
    .bind(hex_list(own.iter().map(SpaceId::as_bytes)))
    .bind(RELATED_MAX)
    .fetch_all(&mut **tx)
    .await?;
    let case = |row: &Vec<u8>| id16("card", row).map(SpaceId::from_bytes);
    rows.iter().map(case).collect()
}
