//! Repair: which items differ from what the server says it holds.

use super::{Store, apply::tag_of, sql};
use crate::error::DeviceError;
use samspor_documents::id::{DocumentId, FactId};
use samspor_protocol::{
    repair::{ItemId, Tags},
    tag::Tag,
};
use sqlx::Row as _;
use std::collections::BTreeMap;

/// What a comparison found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Difference {
    /// Missing here, or another state of it.
    pub(crate) wanted: Vec<ItemId>,
    /// Here and not there.
    pub(crate) too_much: Vec<ItemId>,
}

/// Compares what the server holds after `after` with what is confirmed here. The answer's last item ends the
/// range, unless nothing follows it.
pub(crate) fn compare(
    here: &BTreeMap<ItemId, Tag>,
    after: Option<ItemId>,
    there: &Tags,
) -> Difference {
    let last = there.items.iter().map(|(item, _)| *item).max();
    let within = |item: &ItemId| {
        after.is_none_or(|after| *item > after)
            && (!there.more || last.is_some_and(|last| *item <= last))
    };
    let there: BTreeMap<ItemId, Tag> = there.items.iter().copied().collect();
    Difference {
        wanted: there
            .iter()
            .filter(|(item, tag)| here.get(item) != Some(tag))
            .map(|(item, _)| *item)
            .collect(),
        too_much: here
            .keys()
            .filter(|item| within(item) && !there.contains_key(item))
            .copied()
            .collect(),
    }
}

impl Store {
    /// The tags of everything confirmed. A document without a tag here (it could not be read) never equals.
    pub(crate) async fn tags(&self) -> Result<BTreeMap<ItemId, Tag>, DeviceError> {
        let mut tags = BTreeMap::new();
        let mut tx = self.snapshot().await?;
        let documents = sqlx::query("SELECT document, tag FROM documents WHERE tag IS NOT NULL")
            .fetch_all(&mut *tx)
            .await?;
        for row in documents {
            if let Some(tag) = tag_of(row.try_get(1)?)? {
                tags.insert(ItemId::Document(sql::id::<DocumentId>(&row, 0)?), tag);
            }
        }
        for row in sqlx::query("SELECT fact, tag FROM facts")
            .fetch_all(&mut *tx)
            .await?
        {
            if let Some(tag) = tag_of(row.try_get(1)?)? {
                tags.insert(ItemId::Fact(sql::id::<FactId>(&row, 0)?), tag);
            }
        }
        Ok(tags)
    }

    /// Compares with the server, removes what is too much, and says what is wanted whole.
    pub(crate) async fn compare(
        &self,
        after: Option<ItemId>,
        there: &Tags,
    ) -> Result<Vec<ItemId>, DeviceError> {
        let difference = compare(&self.tags().await?, after, there);
        if !difference.too_much.is_empty() {
            self.purge_items(&difference.too_much).await?;
        }
        Ok(difference.wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(n: u8) -> ItemId {
        ItemId::Document(DocumentId::from_bytes([n; 16]))
    }

    #[test]
    fn a_comparison_finds_what_is_missing_what_differs_and_what_is_too_much() {
        let here: BTreeMap<_, _> = [
            (item(1), Tag([1; 16])),
            (item(2), Tag([2; 16])),
            (item(9), Tag([9; 16])),
        ]
        .into();
        let there = |more| Tags {
            items: vec![(item(2), Tag([3; 16])), (item(4), Tag([4; 16]))],
            more,
        };
        let all = compare(&here, None, &there(false));
        assert_eq!(all.wanted, vec![item(2), item(4)]);
        assert_eq!(all.too_much, vec![item(1), item(9)]);
        let part = compare(&here, Some(item(1)), &there(true));
        assert_eq!(part.wanted, vec![item(2), item(4)]);
        assert_eq!(part.too_much, Vec::<ItemId>::new());
    }
}
