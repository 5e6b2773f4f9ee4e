//! The list of children: in the order of their names, page by page, each once however many cases there are.

use super::{
    together::{self, VisibleCard},
    visible,
};
use crate::{
    access::Visible,
    store::{Store, StoreError, Tx, id16},
    sync::CoreError,
};
use samspor_documents::{
    card::CardView,
    id::{DocumentId, PractitionerId, SpaceId, TeamId},
};
use std::collections::{BTreeMap, BTreeSet};

/// Most children of one page.
const PAGE_MAX: usize = 200;
/// A page looks at this many pieces of the list at most: several cards of one child fill no page.
const PIECES_MAX: usize = 20;

/// One case of a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildCase {
    /// The case.
    pub case: SpaceId,
    /// The team whose case it is.
    pub team: TeamId,
}

/// One child, as the cards that the reader may see say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// The case that stands for the child in links: that of the card which comes first in the list.
    pub case: SpaceId,
    /// Every case of the child that the reader may see, in the order of ids.
    pub cases: Vec<ChildCase>,
    /// What the card that comes first says.
    pub card: CardView,
    /// What the other cards say, in the order of `cases`.
    pub other_cards: Vec<CardView>,
}

/// A page of children.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildrenPage {
    /// The children, by name.
    pub children: Vec<Child>,
    /// The next page begins after this card; none when this is the last. A link may carry it: it names nobody.
    pub next: Option<DocumentId>,
}

/// The order of a list: by name, then by case.
type Key = (String, SpaceId);

/// A place in the list.
struct Place {
    key: Key,
    card: DocumentId,
}

/// The children whose cases the practitioner may see, after a card (the page before says which), at most
/// `limit` and 200. A card that is not there any more begins the list anew.
///
/// # Errors
/// `Unavailable` or `Internal`.
pub async fn children(
    store: &Store,
    practitioner: PractitionerId,
    after: Option<DocumentId>,
    limit: usize,
) -> Result<ChildrenPage, CoreError> {
    let limit = limit.clamp(1, PAGE_MAX);
    let mut tx = store.read().await?;
    let visible = visible(&mut tx, practitioner).await?;
    let mut after = match after {
        Some(card) => place_of(&mut tx, &visible, card).await?,
        None => None,
    };
    let mut page = Vec::new();
    for _ in 0..PIECES_MAX {
        let key = after.as_ref().map(|place| &place.key);
        let piece = next_cards(&mut tx, &visible, key, limit).await?;
        let is_last = piece.len() < limit;
        let heads = heads(&mut tx, &visible, &piece).await?;
        for place in piece {
            if page.len() == limit {
                return Ok(finished(page, after.as_ref()));
            }
            page.extend(heads.get(&place.key).cloned());
            after = Some(place);
        }
        if is_last {
            return Ok(finished(page, None));
        }
    }
    Ok(finished(page, after.as_ref()))
}

fn finished(children: Vec<Child>, after: Option<&Place>) -> ChildrenPage {
    ChildrenPage {
        children,
        next: after.map(|place| place.card),
    }
}

/// Where a card stands in the list.
async fn place_of(
    tx: &mut Tx,
    visible: &Visible,
    card: DocumentId,
) -> Result<Option<Place>, StoreError> {
    let row: Option<(String, Vec<u8>, i64)> =
        sqlx::query_as("SELECT sort_name, space, ground FROM cards WHERE document = ?")
            .bind(card.as_bytes().to_vec())
            .fetch_optional(&mut **tx)
            .await?;
    match row {
        Some((sort_name, case, ground)) => {
            let case = SpaceId::from_bytes(id16("card", &case)?);
            let key = (sort_name, case);
            let is_visible = visible.team_of(ground, case).is_some();
            Ok(is_visible.then_some(Place { key, card }))
        }
        None => Ok(None),
    }
}

/// Name, case, card.
type CardRow = (String, Vec<u8>, Vec<u8>);

/// The next children's cards in the order of the list.
async fn next_cards(
    tx: &mut Tx,
    visible: &Visible,
    after: Option<&Key>,
    limit: usize,
) -> Result<Vec<Place>, StoreError> {
    let (name, case) = match after {
        Some((name, case)) => (name.as_str(), case.as_bytes().to_vec()),
        None => ("", Vec::new()),
    };
    let limit_column = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut found: Vec<CardRow> = Vec::new();
    for ground in visible.grounds.keys() {
        let rows: Vec<CardRow> = sqlx::query_as(
            "SELECT sort_name, space, document FROM cards
             WHERE ground = ? AND kind = 0 AND (sort_name, space) > (?, ?)
             ORDER BY sort_name, space LIMIT ?",
        )
        .bind(ground)
        .bind(name)
        .bind(case.clone())
        .bind(limit_column)
        .fetch_all(&mut **tx)
        .await?;
        found.extend(rows);
    }
    if !visible.cases.is_empty() {
        let rows: Vec<CardRow> = sqlx::query_as(
            "SELECT c.sort_name, c.space, c.document FROM json_each(?) AS wanted
             CROSS JOIN cards AS c ON c.space = unhex(wanted.value)
             WHERE c.kind = 0 AND (c.sort_name, c.space) > (?, ?)
             ORDER BY c.sort_name, c.space LIMIT ?",
        )
        .bind(visible.cases_list())
        .bind(name)
        .bind(case)
        .bind(limit_column)
        .fetch_all(&mut **tx)
        .await?;
        found.extend(rows);
    }
    let mut places = BTreeMap::new();
    for (name, case, card) in found {
        let key = (name, SpaceId::from_bytes(id16("card", &case)?));
        places.insert(key, DocumentId::from_bytes(id16("card", &card)?));
    }
    let places = places.into_iter().take(limit);
    Ok(places.map(|(key, card)| Place { key, card }).collect())
}

/// The children of some cards, each under the first of its cards in the list.
async fn heads(
    tx: &mut Tx,
    visible: &Visible,
    piece: &[Place],
) -> Result<BTreeMap<Key, Child>, StoreError> {
    let cases = piece.iter().map(|place| place.key.1).collect();
    let persons = together::persons(tx, visible, cases).await?;
    Ok(persons
        .into_iter()
        .filter_map(|cards| head(visible, cards))
        .collect())
}

/// A person as a child, under the first of the child's cards; none when no card is a child's.
fn head(visible: &Visible, mut cards: Vec<VisibleCard>) -> Option<(Key, Child)> {
    let cases: BTreeMap<SpaceId, TeamId> = cards
        .iter()
        .filter_map(|card| Some((card.case, visible.team_of(card.ground, card.case)?)))
        .collect();
    let first = cards
        .iter()
        .enumerate()
        .filter(|(_, card)| card.kind == 0)
        .min_by(|(_, a), (_, b)| (&a.sort_name, a.case).cmp(&(&b.sort_name, b.case)))
        .map(|(number, _)| number)?;
    let first = cards.remove(first);
    let child = Child {
        case: first.case,
        cases: cases
            .into_iter()
            .map(|(case, team)| ChildCase { case, team })
            .collect(),
        card: first.view,
        other_cards: cards.into_iter().map(|card| card.view).collect(),
    };
    Some(((first.sort_name, first.case), child))
}

/// The child of one case, with every case of theirs that the practitioner may see; none when the case may not
/// be seen, is not there, or has no child's card yet.
///
/// # Errors
/// `Unavailable` or `Internal`.
pub async fn child(
    store: &Store,
    practitioner: PractitionerId,
    case: SpaceId,
) -> Result<Option<Child>, CoreError> {
    let mut tx = store.read().await?;
    let visible = visible(&mut tx, practitioner).await?;
    let persons = together::persons(&mut tx, &visible, BTreeSet::from([case])).await?;
    let person = persons
        .into_iter()
        .find(|cards| cards.iter().any(|card| card.case == case));
    Ok(person
        .and_then(|cards| head(&visible, cards))
        .map(|(_, child)| child))
}
