//! Which items a page carries: two walks over the items' index, merged, cut by bytes.

use super::{
    cursor::Position,
    part::{Part, parts},
    plan::Plan,
};
use crate::{
    access::Ground,
    log::Seq,
    store::{StoreError, Tx},
};
use sqlx::{QueryBuilder, Sqlite};

/// Items looked at for one page.
const ROWS_MAX: i64 = 4_000;
/// What an item takes beside its body, in bytes, at most.
const OVERHEAD_BYTES: usize = 160;
/// The ranks items have: cards, planned contacts and facts, the rest.
const RANKS: [i64; 2] = [0, 1];

/// A document or fact at its newest projected state.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Item {
    /// 1 document, 2 fact.
    pub kind: i64,
    pub id: Vec<u8>,
    pub space: Vec<u8>,
    pub rank: i64,
    pub last_seq: Seq,
    /// 0 open, 1 signed.
    pub state: i64,
    pub tag: Vec<u8>,
    pub received_at: i64,
    pub bytes: i64,
    /// Whether the device holds everything of its ground up to the cursor.
    #[sqlx(skip)]
    pub has_rest: bool,
    #[sqlx(rename = "ground")]
    ground: i64,
}

/// What was selected, and where it leaves the cursor.
#[derive(Debug, Default)]
pub struct Selection {
    pub items: Vec<Item>,
    /// News up to here are in the page.
    pub live_upto: Seq,
    /// The fill's last item, where one is in the page.
    pub fill_position: Option<Position>,
    /// Whether nothing of the fill is left.
    pub fill_done: bool,
}

/// Walks of one statement: `SQLite` takes 500 at most.
const WALKS_MAX: usize = 200;

const COLUMNS: &str =
    "SELECT * FROM (SELECT kind, id, space, rank, last_seq, state, tag, received_at, bytes, ";

/// Selects up to `bytes_max` decoded bytes of items, at least one where there is one.
pub async fn select(tx: &mut Tx, plan: &Plan, bytes_max: usize) -> Result<Selection, StoreError> {
    let news = news(tx, plan).await?;
    let mut left = bytes_max;
    let mut selection = Selection {
        live_upto: plan.upto,
        ..Selection::default()
    };
    let more_news = is_cut(&news);
    if !take(&mut selection.items, news, &mut left) || more_news {
        selection.live_upto = selection
            .items
            .last()
            .map_or(plan.after, |item| item.last_seq);
        return Ok(selection);
    }
    let before = selection.items.len();
    let rest = fill(tx, plan).await?;
    let more_fill = is_cut(&rest);
    selection.fill_done = take(&mut selection.items, rest, &mut left) && !more_fill;
    let filled = selection.items.get(before..).unwrap_or_default();
    selection.fill_position = filled.last().map(|item| Position {
        rank: item.rank,
        seq: item.last_seq,
    });
    Ok(selection)
}

/// Whether there may be more than were looked at.
fn is_cut(items: &[Item]) -> bool {
    i64::try_from(items.len()).unwrap_or(i64::MAX) >= ROWS_MAX
}

/// Moves items over while they fit; at least one into an empty page. Says whether all fitted.
fn take(into: &mut Vec<Item>, from: Vec<Item>, left: &mut usize) -> bool {
    for item in from {
        let bytes = usize::try_from(item.bytes)
            .unwrap_or(usize::MAX)
            .saturating_add(OVERHEAD_BYTES);
        if bytes > *left && !into.is_empty() {
            return false;
        }
        *left = left.saturating_sub(bytes);
        into.push(item);
    }
    true
}

/// One walk over a part of a ground, of one rank, between two entries.
struct Walk {
    ground: i64,
    part: Part,
    rank: i64,
    after: Seq,
    upto: Seq,
    newest_first: bool,
}

/// The walks of one select, each along an index and with its own limit.
#[derive(Default)]
struct Walks(Vec<Walk>);

impl Walks {
    fn add(&mut self, ground: &Ground, rank: i64, after: Seq, upto: Seq, newest_first: bool) {
        for part in parts(ground) {
            self.0.push(Walk {
                ground: ground.ground,
                part,
                rank,
                after,
                upto,
                newest_first,
            });
        }
    }

    async fn run(self, tx: &mut Tx) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        for walks in self.0.chunks(WALKS_MAX) {
            let mut query: QueryBuilder<Sqlite> = QueryBuilder::new("");
            for (number, walk) in walks.iter().enumerate() {
                query.push(if number > 0 { " UNION ALL " } else { "" });
                walk.push(&mut query);
            }
            items.extend(query.build_query_as::<Item>().fetch_all(&mut **tx).await?);
        }
        Ok(items)
    }
}

impl Walk {
    fn push(&self, query: &mut QueryBuilder<Sqlite>) {
        query.push(COLUMNS).push_bind(self.ground);
        query.push(" AS ground FROM items WHERE state <= 1 AND ");
        self.part.push(query);
        query.push(" AND rank = ").push_bind(self.rank);
        query.push(" AND last_seq > ").push_bind(self.after);
        query.push(" AND last_seq <= ").push_bind(self.upto);
        query.push(if self.newest_first {
            " ORDER BY last_seq DESC LIMIT "
        } else {
            " ORDER BY last_seq LIMIT "
        });
        query.push_bind(ROWS_MAX).push(")");
    }
}

fn cut<K: Ord>(mut items: Vec<Item>, key: impl Fn(&Item) -> K) -> Vec<Item> {
    items.sort_unstable_by_key(key);
    items.truncate(usize::try_from(ROWS_MAX).unwrap_or(usize::MAX));
    items
}

/// What changed after the cursor, oldest first.
async fn news(tx: &mut Tx, plan: &Plan) -> Result<Vec<Item>, StoreError> {
    let mut walks = Walks::default();
    let moved = plan
        .live
        .iter()
        .filter(|live| live.ground.last_seq > plan.after);
    for live in moved {
        for rank in RANKS {
            walks.add(&live.ground, rank, plan.after, plan.upto, false);
        }
    }
    let mut items = cut(walks.run(tx).await?, |item| item.last_seq);
    for item in &mut items {
        item.has_rest = plan
            .live
            .iter()
            .any(|live| live.has_rest && live.ground.ground == item.ground);
    }
    Ok(items)
}

/// What the fill still has to send, in its order.
async fn fill(tx: &mut Tx, plan: &Plan) -> Result<Vec<Item>, StoreError> {
    let Some((fill, grounds)) = &plan.fill else {
        return Ok(Vec::new());
    };
    let mut walks = Walks::default();
    for ground in grounds {
        for rank in RANKS {
            let upto = match fill.position {
                Some(position) if rank < position.rank => continue,
                Some(position) if rank == position.rank => Seq(position.seq.0.saturating_sub(1)),
                _ => fill.upto,
            };
            walks.add(ground, rank, Seq::ZERO, upto.min(fill.upto), true);
        }
    }
    Ok(cut(walks.run(tx).await?, |item| {
        (item.rank, std::cmp::Reverse(item.last_seq))
    }))
}
