//! How an entry stands between this device and the server: one value, told from what the store holds beside its row.
//!
//! Every list asks for it with [`COLUMNS`] in its own statement: a look into an index per row, no statement per row and
//! no document. Which of several things that are true at once is told is decided here and nowhere else.

use super::signed::state;
use crate::{error::DeviceError, views::EntryState};
use sqlx::{Row as _, sqlite::SqliteRow};

/// What a state is told from, of the row `r`.
pub(super) const COLUMNS: &str =
    "EXISTS (SELECT 1 FROM outbox o WHERE o.document = r.document AND o.state = 0) AS is_waiting,
   EXISTS (SELECT 1 FROM outbox o WHERE o.document = r.document AND o.state = 2) AS is_refused,
   coalesce((SELECT d.signed FROM documents d WHERE d.document = r.document), 0) AS is_signed,
   EXISTS (SELECT 1 FROM signatures g WHERE g.document = r.document AND g.received = 0) AS signature_waits";

/// How a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    /// Whether this device did in it what the server has not acknowledged.
    pub(super) waiting: bool,
    /// Whether something of it lies in the not-delivered box.
    pub(super) refused: bool,
    /// All of it in one value.
    pub(super) state: EntryState,
}

/// Reads it from a row that was asked for with [`COLUMNS`]; `draft`: whether it lives in the private space.
pub(super) fn of(row: &SqliteRow, draft: bool) -> Result<Standing, DeviceError> {
    let told = Told {
        waiting: row.try_get("is_waiting")?,
        refused: row.try_get("is_refused")?,
        signed: row.try_get("is_signed")?,
        signature_waits: row.try_get("signature_waits")?,
        draft,
    };
    Ok(Standing {
        waiting: told.waiting,
        refused: told.refused,
        state: told.state(),
    })
}

#[derive(Debug, Clone, Copy, Default)]
struct Told {
    waiting: bool,
    refused: bool,
    signed: i64,
    signature_waits: bool,
    draft: bool,
}

impl Told {
    /// What is signed is the record, whatever else was tried with it. Of the rest, what needs a person comes first; a
    /// draft is its author's own until then.
    const fn state(self) -> EntryState {
        match self.signed {
            state::OPEN if self.refused => EntryState::Refused,
            state::OPEN if self.draft => EntryState::Draft,
            state::OPEN if self.waiting => EntryState::Waiting,
            state::OPEN => EntryState::Delivered,
            state::HERE if self.signature_waits => EntryState::SignedNotReceived,
            _ => EntryState::Signed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use state::{HERE, OPEN, TOLD};

    /// From the letters of what is true: `w`aiting, `r`efused, a `s`ignature waits, a `d`raft.
    fn told(signed: i64, letters: &str) -> Told {
        Told {
            waiting: letters.contains('w'),
            refused: letters.contains('r'),
            signed,
            signature_waits: letters.contains('s'),
            draft: letters.contains('d'),
        }
    }

    #[tokio::test]
    async fn a_list_asks_indexes_and_looks_through_no_table() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = crate::key::StoreKey::new([7; 32]);
        let store = crate::store::Store::create(&folder.path().join("store"), &key).await;
        let store = store.expect("a store");
        let sql = format!("EXPLAIN QUERY PLAN SELECT {COLUMNS} FROM rows r WHERE r.space = ?");
        let steps = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(vec![0_u8; 16])
            .fetch_all(store.read())
            .await
            .expect("a plan");
        let steps: Vec<String> = steps
            .iter()
            .map(|step| step.try_get("detail").expect("told"))
            .collect();
        store.close().await;
        assert!(
            steps.iter().any(|step| step.starts_with("SEARCH r")),
            "{steps:?}"
        );
        assert!(
            !steps.iter().any(|step| step.starts_with("SCAN")),
            "{steps:?}"
        );
    }

    #[test]
    fn of_what_is_true_at_once_one_thing_is_told() {
        let cases = [
            ("all is there", OPEN, "", EntryState::Delivered),
            ("it waits", OPEN, "w", EntryState::Waiting),
            ("a draft", OPEN, "d", EntryState::Draft),
            ("a draft that waits", OPEN, "dw", EntryState::Draft),
            ("a draft, refused", OPEN, "dwr", EntryState::Refused),
            ("refused, more waits", OPEN, "wr", EntryState::Refused),
            ("signed here", HERE, "ws", EntryState::SignedNotReceived),
            ("signed, received", HERE, "", EntryState::Signed),
            ("an edit came too late", TOLD, "r", EntryState::Signed),
            ("signed beside", TOLD, "ws", EntryState::Signed),
        ];
        for (name, signed, letters, state) in cases {
            assert_eq!(told(signed, letters).state(), state, "{name}");
        }
    }
}
