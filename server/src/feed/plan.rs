//! What a page has to tell, decided without I/O from the reader's history of access and their cursor.
//!
//! *Live*: what changed after the cursor on grounds the device holds or is being filled with. *Fill*: what
//! stands on grounds that opened since the last fill, up to the cursor's position when the fill began. *Gone*:
//! grounds that ended. Younger grounds than the fill's target wait for the next fill: nothing is skipped,
//! nothing is sent twice but what changed again meanwhile.

use super::{
    content::Span,
    cursor::{Cursor, Fill},
};
use crate::{
    access::{Ended, Ground, GroundKind, History},
    log::Seq,
};

/// A ground whose news are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Live {
    /// The ground.
    pub ground: Ground,
    /// Whether the device holds everything of it up to the cursor.
    pub has_rest: bool,
}

/// What a page has to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// News come after this entry,
    pub after: Seq,
    /// up to this one: the projector's position.
    pub upto: Seq,
    /// Everything up to this entry was told; after it, while news were cut, some was.
    pub held: Seq,
    /// On these grounds.
    pub live: Vec<Live>,
    /// The fill under way, with the grounds it fills.
    pub fill: Option<(Fill, Vec<Ground>)>,
    /// Grounds held whole when the fill under way, if any, is not counted.
    pub filled: Seq,
    /// Grounds that ended and that the device may hold something of.
    pub gone: Vec<Ended>,
    /// Whether grounds wait for a later fill.
    pub later: bool,
    /// Everything open now: what the digest sums.
    pub standing: Vec<Ground>,
}

impl Plan {
    /// The stretch of the log that it tells of.
    #[must_use]
    pub const fn span(&self) -> Span {
        Span {
            held: self.held,
            after: self.after,
            upto: self.upto,
        }
    }
}

/// A circle or an assigned case may stand on the device that opened it before any page has told of it: who opened, wrote
/// and left it between two pages is to forget it as well.
fn is_written_before_told(ended: &Ended) -> bool {
    matches!(
        ended.ground.kind,
        GroundKind::Chosen | GroundKind::AssignedCase
    )
}

/// What is to be told at `position`; a device without a (valid) cursor starts cold.
#[must_use]
pub fn plan(history: &History, position: Seq, cursor: Option<&Cursor>) -> Plan {
    let (after, access, filled, under_way) = match cursor {
        Some(cursor) => (cursor.seq, cursor.access, cursor.filled, cursor.fill),
        None => (position, position, Seq::ZERO, None),
    };
    let is_young = history.at(position).any(|standing| standing.since > filled);
    let begun = Fill {
        upto: after,
        target: position,
        position: None,
    };
    let fill = under_way.or(is_young.then_some(begun));
    let target = fill.map_or(filled, |fill| fill.target);
    let mut plan = Plan {
        after,
        upto: position,
        held: cursor.and_then(|cursor| cursor.held).unwrap_or(after),
        live: Vec::new(),
        fill: None,
        filled,
        gone: history
            .ended(access, position)
            .filter(|ended| ended.from <= access || is_written_before_told(ended))
            // What a wider ground opened since comes whole with that one, and stays until then.
            .filter(|ended| !history.is_covered(&ended.ground, position))
            .collect(),
        later: false,
        standing: Vec::new(),
    };
    let mut to_fill = Vec::new();
    for standing in history.at(position) {
        plan.standing.push(standing.ground);
        if standing.since > target {
            plan.later = true;
            continue;
        }
        let has_rest = standing.since <= filled;
        plan.live.push(Live {
            ground: standing.ground,
            has_rest,
        });
        if !has_rest {
            to_fill.push(standing.ground);
        }
    }
    plan.fill = fill.map(|fill| (fill, to_fill));
    plan
}
