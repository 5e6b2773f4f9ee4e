//! Shares as the administration sees and ends them: between whom, by whom, on which legal basis and until when. Never
//! whom they are about, what for, or which case they open: that a case exists is itself confidential.

use super::{Admin, AdminError};
use crate::{
    clock,
    push::{self, Ending},
    store::{StoreError, id16},
};
use samspor_documents::{
    id::{PractitionerId, ShareId, TeamId},
    time::UnixMillis,
};
use samspor_protocol::{
    fact::FactBody,
    limits,
    share::{Ended, Recipient, is_line},
    wire,
};

/// No list is longer.
const ROWS_MAX: i64 = 10_000;

/// A share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareRow {
    /// Its id.
    pub share: ShareId,
    /// Whether it opens one document of the case only.
    pub one_document: bool,
    /// The team whose case it is.
    pub team: TeamId,
    /// With whom it is shared.
    pub to: Recipient,
    /// Who recorded it.
    pub by: PractitionerId,
    /// When, by their device's clock.
    pub shared_at: UnixMillis,
    /// The code of its legal basis.
    pub basis: String,
    /// When it ends by itself.
    pub until: Option<UnixMillis>,
    /// How it has ended, without why.
    pub ended: Option<ShareEnd>,
}

/// How a share has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareEnd {
    /// Its time was over.
    Expired,
    /// Somebody withdrew it: a writer of the case, or the administration when none is said.
    Withdrawn {
        /// Who.
        by: Option<PractitionerId>,
        /// When.
        at: UnixMillis,
    },
}

/// Team whose case it is, what its fact says.
type Row = (Vec<u8>, Vec<u8>);

impl Admin {
    /// Shares of cases, the oldest first: those in force, or all there ever were.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn shares(&self, with_ended: bool) -> Result<Vec<ShareRow>, AdminError> {
        let mut tx = self.opened.store.read().await?;
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT o.team, s.body FROM shares AS s
             CROSS JOIN scopes AS p ON p.ground = s.scope CROSS JOIN grounds AS o ON o.ground = p.cases
             WHERE ? OR (s.until_seq IS NULL AND (s.until_at IS NULL OR s.until_at > ?))
             ORDER BY s.from_seq LIMIT ?",
        )
        .bind(with_ended)
        .bind(clock::now().0)
        .bind(ROWS_MAX)
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::from)?;
        Ok(rows.iter().map(row).collect::<Result<_, _>>()?)
    }

    /// Ends a share from now on, on a stated ground that its case's writers are told. One that has ended already stays
    /// as it ended; then `false`.
    ///
    /// # Errors
    /// `Ground`, `NoShare`; else the database's.
    pub async fn withdraw_share(&self, share: ShareId, ground: &str) -> Result<bool, AdminError> {
        let why = ground.trim();
        if !is_line(why) {
            let max = limits::SHARE_LINE_CHARS_MAX;
            return Err(AdminError::Ground { max });
        }
        let ended = Ended::Withdrawn {
            by: None,
            at: clock::now(),
            why: why.to_owned(),
        };
        let mut tx = self.opened.store.write().await?;
        let ending = push::end_share(&mut tx, &self.opened.secret, share, ended).await?;
        let ending = ending.ok_or(AdminError::NoShare)?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(ending == Ending::Now)
    }
}

fn row((team, body): &Row) -> Result<ShareRow, StoreError> {
    let Ok(FactBody::Shared(shared)) = wire::decode("fact", body) else {
        return Err(StoreError::Damaged { what: "share" });
    };
    let terms = shared.terms;
    Ok(ShareRow {
        share: shared.share,
        one_document: terms.document.is_some(),
        team: TeamId::from_bytes(id16("ground", team)?),
        to: terms.to,
        by: shared.by,
        shared_at: terms.shared_at,
        basis: terms.basis.code,
        until: terms.until,
        ended: shared.ended.map(|ended| match ended {
            Ended::Expired => ShareEnd::Expired,
            Ended::Withdrawn { by, at, .. } => ShareEnd::Withdrawn { by, at },
        }),
    })
}
