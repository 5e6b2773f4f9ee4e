//! The templates that this server reads with: those that ship and the organisation's own.
//!
//! Whoever reads a document asks in the transaction that it reads in: a template is known from its place in the log on,
//! whichever process appended it. They are read again only when there is a newer one.

use crate::{
    log::Seq,
    store::{StoreError, Tx},
};
use samspor_documents::template::Templates;
use samspor_protocol::{
    fact::{FactBody, Retirement, TemplateFile},
    wire,
};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

/// What was read last, and up to which template.
#[derive(Debug)]
pub(crate) struct Known {
    kept: Mutex<(Seq, Arc<Templates>)>,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            kept: Mutex::new((Seq::ZERO, Arc::default())),
        }
    }
}

impl Known {
    /// The templates as they stand in this transaction.
    ///
    /// # Errors
    /// The database cannot be read.
    pub(crate) async fn read(&self, tx: &mut Tx) -> Result<Arc<Templates>, StoreError> {
        let newest: Option<Seq> = sqlx::query_scalar("SELECT max(seq) FROM templates")
            .fetch_one(&mut **tx)
            .await?;
        let newest = newest.unwrap_or(Seq::ZERO);
        {
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.0 == newest {
                return Ok(Arc::clone(&kept.1));
            }
        }
        let files = files(tx).await?;
        let own: Vec<_> = files.iter().map(TemplateFile::file).collect();
        let (templates, aside) = Templates::with_own(&own);
        for one in aside {
            tracing::error!(template = one.name, version = one.version, error = %one.error, "a template cannot be used");
        }
        let templates = Arc::new(templates);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // A reader of an older moment does not take away what a newer one has found.
        if kept.0 < newest {
            *kept = (newest, Arc::clone(&templates));
        }
        Ok(templates)
    }
}

/// Which templates are retired, as a whole or in single versions. Nothing that the server does rests on it: what is
/// written in one that is retired is admitted, shown and signed as before.
///
/// # Errors
/// The database cannot be read.
pub(crate) async fn retired(tx: &mut Tx) -> Result<BTreeSet<(String, Option<u32>)>, StoreError> {
    let bodies: Vec<Vec<u8>> = sqlx::query_scalar(
        "SELECT body FROM facts
         WHERE ground = (SELECT ground FROM grounds WHERE kind = 0 LIMIT 1) ORDER BY seq",
    )
    .fetch_all(&mut **tx)
    .await?;
    let told = |body: &Vec<u8>| match wire::decode("fact", body) {
        Ok(FactBody::Retirement(one)) => Some(one),
        _ => None,
    };
    Ok(Retirement::in_force(bodies.iter().filter_map(told)))
}

/// The organisation's own files, in the order they were added.
///
/// # Errors
/// The database cannot be read.
pub(crate) async fn files(tx: &mut Tx) -> Result<Vec<TemplateFile>, StoreError> {
    let bodies: Vec<Vec<u8>> = sqlx::query_scalar(
        "SELECT f.body FROM templates AS t CROSS JOIN facts AS f ON f.seq = t.seq ORDER BY t.seq",
    )
    .fetch_all(&mut **tx)
    .await?;
    let read = |body: &Vec<u8>| match wire::decode("fact", body) {
        Ok(FactBody::Template(file)) => Ok(file),
        _ => Err(StoreError::Damaged { what: "template" }),
    };
    bodies.iter().map(read).collect()
}
