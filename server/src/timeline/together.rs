//! Which cases belong together: the cards that equal CPR numbers or "the same as" connect, over any number of
//! steps, among the cases the reader may see. Found by index from a few cases on, so the cost follows the
//! answer, not the caseload. Which of them are one child then says `documents::one_child`, as on a device.

use super::stored;
use crate::{
    access::Visible,
    store::{StoreError, Tx, hex_list, id16},
};
use samspor_documents::{card::CardView, id::SpaceId, one_child};
use std::collections::{BTreeMap, BTreeSet};

/// Steps from card to card.
const STEPS_MAX: usize = 16;
/// Cases that may belong together with those asked for.
const CASES_MAX: usize = 5_000;

/// A card of a case the reader may see.
#[derive(Debug, Clone)]
pub(super) struct VisibleCard {
    pub case: SpaceId,
    pub ground: i64,
    pub kind: i64,
    pub sort_name: String,
    pub view: CardView,
}

/// What each of `joins` finds from the cases in `?1`, on the grounds in `?2` or among the cases in `?4`.
const NEIGHBOURS: &str = "
    SELECT other.space FROM json_each(?1) AS wanted
        CROSS JOIN cards AS own ON own.space = unhex(wanted.value)
        CROSS JOIN cards AS other ON other.cpr_key = own.cpr_key
        WHERE (other.ground IN (SELECT value FROM json_each(?2))
            OR other.space IN (SELECT unhex(value) FROM json_each(?4)))
    UNION
    SELECT other.space FROM json_each(?1) AS wanted
        CROSS JOIN card_links AS link ON link.space = unhex(wanted.value)
        CROSS JOIN cards AS other ON other.space = link.other
        WHERE (other.ground IN (SELECT value FROM json_each(?2))
            OR other.space IN (SELECT unhex(value) FROM json_each(?4)))
    UNION
    SELECT other.space FROM json_each(?1) AS wanted
        CROSS JOIN card_links AS link ON link.other = unhex(wanted.value)
        CROSS JOIN cards AS other ON other.space = link.space
        WHERE (other.ground IN (SELECT value FROM json_each(?2))
            OR other.space IN (SELECT unhex(value) FROM json_each(?4)))
    LIMIT ?3";

/// These cases and every case that belongs together with one of them.
async fn reach(
    tx: &mut Tx,
    visible: &Visible,
    cases: BTreeSet<SpaceId>,
) -> Result<BTreeSet<SpaceId>, StoreError> {
    let limit = i64::try_from(CASES_MAX).unwrap_or(i64::MAX);
    let mut found = cases.clone();
    let mut border = cases;
    for _ in 0..STEPS_MAX {
        if border.is_empty() || found.len() >= CASES_MAX {
            break;
        }
        let rows: Vec<Vec<u8>> = sqlx::query_scalar(NEIGHBOURS)
            .bind(hex_list(border.iter().map(SpaceId::as_bytes)))
            .bind(visible.grounds_list())
            .bind(limit)
            .bind(visible.cases_list())
            .fetch_all(&mut **tx)
            .await?;
        border = BTreeSet::new();
        for row in rows {
            let case = SpaceId::from_bytes(id16("card", &row)?);
            if found.insert(case) {
                border.insert(case);
            }
        }
    }
    Ok(found)
}

type CardRow = (Vec<u8>, i64, i64, String, Vec<u8>);

/// The cards of these cases that the reader may see.
pub(super) async fn cards(
    tx: &mut Tx,
    visible: &Visible,
    cases: &BTreeSet<SpaceId>,
) -> Result<Vec<VisibleCard>, StoreError> {
    let rows: Vec<CardRow> = sqlx::query_as(
        "SELECT c.space, c.ground, c.kind, c.sort_name, t.reading FROM json_each(?1) AS wanted
         CROSS JOIN cards AS c ON c.space = unhex(wanted.value)
         CROSS JOIN timeline AS t ON t.document = c.document
         WHERE (c.ground IN (SELECT value FROM json_each(?2))
            OR c.space IN (SELECT unhex(value) FROM json_each(?4)))
         ORDER BY c.space, c.document LIMIT ?3",
    )
    .bind(hex_list(cases.iter().map(SpaceId::as_bytes)))
    .bind(visible.grounds_list())
    .bind(i64::try_from(CASES_MAX.saturating_mul(2)).unwrap_or(i64::MAX))
    .bind(visible.cases_list())
    .fetch_all(&mut **tx)
    .await?;
    let mut cards = Vec::with_capacity(rows.len());
    for (case, ground, kind, sort_name, reading) in rows {
        let reading = stored::decode(&reading)?;
        cards.push(VisibleCard {
            case: SpaceId::from_bytes(id16("card", &case)?),
            ground,
            kind,
            sort_name,
            view: CardView::of(&reading),
        });
    }
    Ok(cards)
}

/// The persons that these cases are about: each with every visible card of theirs. A case may have several
/// cards (two devices made one at once); then each stands in its person's list.
pub(super) async fn persons(
    tx: &mut Tx,
    visible: &Visible,
    cases: BTreeSet<SpaceId>,
) -> Result<Vec<Vec<VisibleCard>>, StoreError> {
    let cases = reach(tx, visible, cases).await?;
    let cards = cards(tx, visible, &cases).await?;
    let views: Vec<(SpaceId, CardView)> = cards
        .iter()
        .map(|card| (card.case, card.view.clone()))
        .collect();
    let mut by_case: BTreeMap<SpaceId, Vec<VisibleCard>> = BTreeMap::new();
    for card in cards {
        by_case.entry(card.case).or_default().push(card);
    }
    let mut persons = Vec::new();
    for group in one_child::group(&views) {
        let cards = group.iter().filter_map(|case| by_case.remove(case));
        persons.push(cards.flatten().collect());
    }
    Ok(persons)
}
