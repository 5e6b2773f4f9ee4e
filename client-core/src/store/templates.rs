//! The templates of a store: those that ship and the organisation's own, and which are retired, as its facts tell.
//!
//! They are read again only when those facts are others. Rows are made with the templates of the very moment that their
//! documents are read in, and a template that comes has the rows made again of all that may have been read without it.

use super::{Store, Tx, facts};
use crate::error::DeviceError;
use samspor_documents::template::{TemplateAside, Templates};
use samspor_protocol::fact::{FactBody, Retirement, TemplateFile};
use std::sync::{Arc, Mutex, PoisonError};

/// The newest such fact's place in the log, and how many there are.
type Stand = (i64, i64);

/// What was read last.
#[derive(Default)]
pub(super) struct Known {
    kept: Mutex<(Stand, Arc<Templates>)>,
}

impl Known {
    fn kept(&self) -> (Stand, Arc<Templates>) {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        (kept.0, Arc::clone(&kept.1))
    }
}

/// What facts say of templates.
#[derive(Default)]
struct Told {
    files: Vec<TemplateFile>,
    retired: Vec<Retirement>,
}

async fn told(tx: &mut Tx) -> Result<Told, DeviceError> {
    let bodies: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT body FROM facts WHERE kind IN (?, ?) ORDER BY fact")
            .bind(facts::kind::TEMPLATE)
            .bind(facts::kind::RETIREMENT)
            .fetch_all(&mut **tx)
            .await?;
    let mut told = Told::default();
    for body in &bodies {
        match facts::body(body) {
            Ok(FactBody::Template(file)) => told.files.push(file),
            Ok(FactBody::Retirement(one)) => told.retired.push(one),
            _ => {}
        }
    }
    Ok(told)
}

fn read(told: Told) -> (Templates, Vec<TemplateAside>) {
    let own: Vec<_> = told.files.iter().map(TemplateFile::file).collect();
    let (templates, aside) = Templates::with_own(&own);
    let retired = Retirement::in_force(told.retired);
    (templates.with_retired(retired), aside)
}

impl Store {
    /// The templates as they were told last.
    pub(crate) fn templates(&self) -> Arc<Templates> {
        self.templates.kept().1
    }

    /// The templates as they stand in this transaction. A reader of an older moment does not take away what a newer one
    /// has found.
    pub(super) async fn templates_in(&self, tx: &mut Tx) -> Result<Arc<Templates>, DeviceError> {
        let stand: Stand = sqlx::query_as(
            "SELECT coalesce(max(seq), 0), count(*) FROM facts WHERE kind IN (?, ?)",
        )
        .bind(facts::kind::TEMPLATE)
        .bind(facts::kind::RETIREMENT)
        .fetch_one(&mut **tx)
        .await?;
        let kept = self.templates.kept();
        if kept.0 == stand {
            return Ok(kept.1);
        }
        let templates = Arc::new(read(told(tx).await?).0);
        let mut kept = self
            .templates
            .kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if kept.0 <= stand {
            *kept = (stand, Arc::clone(&templates));
        }
        Ok(templates)
    }

    /// Reads what was told, where it is not what was read.
    pub(super) async fn renew_templates(&self) -> Result<(), DeviceError> {
        let mut tx = self.snapshot().await?;
        self.templates_in(&mut tx).await?;
        Ok(())
    }

    /// The file of a template of the organisation's own, as it was told; none of one that ships.
    pub(crate) async fn template_file(
        &self,
        name: &str,
        version: u32,
    ) -> Result<Option<TemplateFile>, DeviceError> {
        let mut tx = self.snapshot().await?;
        let files = told(&mut tx).await?.files.into_iter();
        let is_it = |file: &TemplateFile| file.name == name && file.version == version;
        Ok(files.into_iter().find(is_it))
    }

    /// What was told and cannot be used.
    pub(crate) async fn templates_aside(&self) -> Result<Vec<TemplateAside>, DeviceError> {
        let mut tx = self.snapshot().await?;
        Ok(read(told(&mut tx).await?).1)
    }
}

/// Has the rows made again of this template's documents, and of those whose rows are being made now.
pub(super) async fn make_rows_again(tx: &mut Tx, names: &[String]) -> Result<(), DeviceError> {
    if names.is_empty() {
        return Ok(());
    }
    sqlx::query("UPDATE documents SET stamp = stamp + 1 WHERE stamp <> indexed")
        .execute(&mut **tx)
        .await?;
    for name in names {
        sqlx::query(
            "UPDATE documents SET stamp = stamp + 1 WHERE stamp = indexed
             AND document IN (SELECT document FROM rows WHERE template = ?)",
        )
        .bind(name)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}
