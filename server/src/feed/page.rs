//! One page: from a cursor to bytes and the next cursor, all from one snapshot of the database.

use super::{
    content,
    cursor::{Cursor, Fill},
    plan::{self, Plan},
    select::{self, Selection},
};
use crate::{
    access::{self, Ended, GroundKind},
    log::{Chain, Seq},
    store::{StoreError, Tx, id16, id32},
    sync::{Caller, Core},
};
use samspor_documents::id::{DocumentId, SpaceId};
use samspor_protocol::{
    feed::{Gone, Page, PageEnd},
    tag::Digest,
};

/// The log as this page's snapshot shows it.
struct Moment {
    epoch: [u8; 16],
    safe_seq: Seq,
    /// The last entry.
    head: Seq,
    /// The projector's position.
    position: Seq,
    chain_at_position: Chain,
    /// None when the log has no such entry.
    chain_at_cursor: Option<Chain>,
}

type MomentRow = (Vec<u8>, Seq, Seq, Seq, Option<Vec<u8>>, Option<Vec<u8>>);

async fn moment(tx: &mut Tx, cursor: Seq) -> Result<Moment, StoreError> {
    let row: MomentRow = sqlx::query_as(
        "SELECT s.epoch, s.safe_seq, s.head_seq, p.seq,
                (SELECT chain FROM entries WHERE seq = p.seq),
                (SELECT chain FROM entries WHERE seq = ?)
         FROM log_state AS s CROSS JOIN projection AS p",
    )
    .bind(cursor)
    .fetch_one(&mut **tx)
    .await?;
    let (epoch, safe_seq, head, position, at_position, at_cursor) = row;
    let chain = |bytes: Option<Vec<u8>>| {
        bytes
            .map(|bytes| id32("chain", &bytes).map(Chain))
            .transpose()
    };
    let start = |seq: Seq| (seq == Seq::ZERO).then_some(Chain::START);
    Ok(Moment {
        epoch: id16("epoch", &epoch)?,
        safe_seq,
        head,
        position,
        chain_at_position: chain(at_position)?
            .or(start(position))
            .ok_or(StoreError::Damaged {
                what: "log: an entry is missing",
            })?,
        chain_at_cursor: chain(at_cursor)?.or(start(cursor)),
    })
}

impl Moment {
    /// Whether this log gave the cursor.
    fn gave(&self, cursor: &Cursor) -> bool {
        cursor.epoch == self.epoch
            && cursor.seq <= self.position
            && cursor.access <= self.position
            && self
                .chain_at_cursor
                .is_some_and(|chain| chain.check() == cursor.check)
    }
}

/// A page made, and whether it tells anything.
pub struct Made {
    pub page: Page,
    pub is_quiet: bool,
    /// The projector's position it was made at.
    pub position: Seq,
    /// The log's last entry then.
    pub head: Seq,
    /// What the reader may see.
    pub grounds: Vec<i64>,
}

/// The page after `cursor`, of at most about `bytes_max` decoded bytes.
pub async fn make(
    core: &Core,
    caller: &Caller,
    cursor: Option<&Cursor>,
    bytes_max: usize,
) -> Result<Made, StoreError> {
    let mut tx = core.store.read().await?;
    let moment = moment(&mut tx, cursor.map_or(Seq::ZERO, |cursor| cursor.seq)).await?;
    let valid = cursor.filter(|cursor| moment.gave(cursor));
    // Where one ground takes over from another that has ended, the moment is asked for back to the last whole fill.
    let filled = valid.map_or(moment.position, |cursor| cursor.filled);
    let history = access::load_one(&mut tx, caller.practitioner, filled).await?;
    let plan = plan::plan(&history, moment.position, valid);
    let selection = select::select(&mut tx, &plan, bytes_max).await?;
    let items = &selection.items;
    let gone = gone(&mut tx, &plan.gone).await?;
    let facts = content::facts(&mut tx, items).await?;
    let documents = content::documents(&mut tx, &core.secret, caller, plan.span(), items).await?;
    let set_aside = content::set_aside(&mut tx, caller, plan.after, selection.live_upto).await?;
    let check = if selection.live_upto == moment.position {
        moment.chain_at_position.check()
    } else {
        chain_at(&mut tx, selection.live_upto).await?.check()
    };
    let next = next_cursor(&plan, &selection, moment.epoch, check);
    let up_to_date = next.fill.is_none() && next.seq == plan.upto && !plan.later;
    let is_quiet = gone.is_empty()
        && facts.is_empty()
        && documents.is_empty()
        && set_aside.is_empty()
        && up_to_date;
    let end = PageEnd {
        cursor: next.to_bytes(),
        up_to_date,
        digest: up_to_date.then(|| digest(&plan)),
        visible: plan
            .standing
            .iter()
            .map(|ground| u64::try_from(ground.items).unwrap_or(0))
            .sum(),
        safe_seq: moment.safe_seq.to_wire(),
        server_time: (core.clock)(),
        lease_millis: core.lease_millis,
    };
    Ok(Made {
        page: Page {
            gone,
            facts,
            documents,
            set_aside,
            end,
        },
        is_quiet,
        position: plan.upto,
        head: moment.head,
        grounds: plan.standing.iter().map(|ground| ground.ground).collect(),
    })
}

fn digest(plan: &Plan) -> Digest {
    plan.standing
        .iter()
        .fold(Digest::default(), |sum, ground| sum.plus(ground.digest))
}

async fn chain_at(tx: &mut Tx, seq: Seq) -> Result<Chain, StoreError> {
    if seq == Seq::ZERO {
        return Ok(Chain::START);
    }
    let chain: Vec<u8> = sqlx::query_scalar("SELECT chain FROM entries WHERE seq = ?")
        .bind(seq)
        .fetch_one(&mut **tx)
        .await?;
    id32("chain", &chain).map(Chain)
}

fn next_cursor(plan: &Plan, selection: &Selection, epoch: [u8; 16], check: [u8; 8]) -> Cursor {
    let done = selection.fill_done;
    let fill = plan.fill.as_ref().filter(|_| !done).map(|(fill, _)| Fill {
        position: selection.fill_position.or(fill.position),
        ..*fill
    });
    let filled = match &plan.fill {
        Some((fill, _)) if done => fill.target,
        _ => plan.filled,
    };
    let is_cut = selection.live_upto < plan.upto;
    Cursor {
        epoch,
        held: is_cut.then_some(plan.held),
        seq: selection.live_upto,
        check,
        access: plan.upto,
        filled,
        fill,
    }
}

/// The spaces of grounds that ended, and the documents that were open alone.
async fn gone(tx: &mut Tx, ended: &[Ended]) -> Result<Vec<Gone>, StoreError> {
    let mut gone = Vec::new();
    for ended in ended
        .iter()
        .filter(|ended| ended.ground.kind != GroundKind::Organisation)
    {
        if ended.ground.kind == GroundKind::Received {
            gone.extend(told_spaces(tx, ended).await?);
            continue;
        }
        if let Some(scope) = ended.ground.scope {
            match scope.document {
                Some(document) => gone.extend(with_additions(tx, document, ended.until).await?),
                None => gone.push(Gone::Space(scope.space)),
            }
            continue;
        }
        let spaces: Vec<Vec<u8>> = sqlx::query_scalar(
            "SELECT space FROM spaces WHERE ground = ? ORDER BY seq LIMIT 100000",
        )
        .bind(ended.ground.ground)
        .fetch_all(&mut **tx)
        .await?;
        for space in &spaces {
            gone.push(Gone::Space(SpaceId::from_bytes(id16("space", space)?)));
        }
    }
    Ok(gone)
}

/// A document that was open alone, with what is added to it. What of that another ground opens comes again with that one:
/// it was none while the entry's stood.
async fn with_additions(
    tx: &mut Tx,
    document: DocumentId,
    until: Seq,
) -> Result<Vec<Gone>, StoreError> {
    let added: Vec<Vec<u8>> = sqlx::query_scalar(
        "SELECT id FROM items WHERE with_entry = ? AND kind = 1 AND last_seq < ? ORDER BY rank, last_seq LIMIT 100000",
    )
    .bind(document.as_bytes().to_vec())
    .bind(until)
    .fetch_all(&mut **tx)
    .await?;
    let mut gone = vec![Gone::Document(document)];
    for one in &added {
        gone.push(Gone::Document(DocumentId::from_bytes(id16("item", one)?)));
    }
    Ok(gone)
}

/// The spaces in which a team was told of shares with it.
async fn told_spaces(tx: &mut Tx, ended: &Ended) -> Result<Vec<Gone>, StoreError> {
    let cases = ended.ground.scope.map(|scope| scope.cases);
    let spaces: Vec<Vec<u8>> = sqlx::query_scalar(
        "SELECT space FROM spaces WHERE ground = ? AND told_only = 1 ORDER BY seq LIMIT 100000",
    )
    .bind(cases)
    .fetch_all(&mut **tx)
    .await?;
    let gone = |space: &Vec<u8>| {
        id16("space", space)
            .map(SpaceId::from_bytes)
            .map(Gone::Space)
    };
    spaces.iter().map(gone).collect()
}
