//! What the server's answers do to signatures: received, refused and the document open again, or tried again.

use super::{set_text, signers, state};
use crate::{
    error::DeviceError,
    store::{Tx, document},
};
use samspor_documents::id::DocumentId;
use samspor_protocol::{
    hash::Hash32,
    push::{Sign, kind},
};
use sqlx::{AssertSqlSafe, QueryBuilder, Sqlite};

/// Operations were accepted: their signatures are received, and changes of documents that are signed already are in
/// the text, whose echo came before this answer. Nothing else will tell of them.
pub(crate) async fn receive(tx: &mut Tx, accepted: &[(i64, u64)]) -> Result<(), DeviceError> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "UPDATE signatures SET received = 1 WHERE received = 0 AND document IN
           (SELECT document FROM outbox WHERE state = 1 AND kind = ",
    );
    query.push_bind(i64::from(kind::SIGN)).push(" AND n IN (");
    push_numbers(&mut query, accepted);
    query.push("))");
    query.build().execute(&mut **tx).await?;
    let mut query = QueryBuilder::<Sqlite>::new(
        "UPDATE changes SET state = 3 WHERE state = 1 AND (document, hash) IN
           (SELECT o.document, o.hash FROM outbox o JOIN documents d ON d.document = o.document
            WHERE o.state = 1 AND o.hash IS NOT NULL AND d.signed = 2 AND o.n IN (",
    );
    push_numbers(&mut query, accepted);
    query.push("))");
    query.build().execute(&mut **tx).await?;
    Ok(())
}

fn push_numbers(query: &mut QueryBuilder<Sqlite>, accepted: &[(i64, u64)]) {
    let mut list = query.separated(", ");
    for (number, _) in accepted {
        list.push_bind(*number);
    }
}

/// Documents whose signature was refused are open again, with everything in them; what was refused is in the
/// not-delivered box. `column` and `value` say which of the outbox.
pub(crate) async fn reopen_refused(
    tx: &mut Tx,
    column: &'static str,
    value: &[u8],
) -> Result<(), DeviceError> {
    let refused = format!(
        "document IN (SELECT document FROM outbox WHERE {column} = ?1 AND kind = ?2 AND state = 2)
         AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.document = it.document AND o.kind = ?2 AND o.state < 2)"
    );
    for sql in [
        format!(
            "UPDATE documents AS it SET signed = 0, text = NULL, stamp = stamp + 1 WHERE signed = 1 AND {refused}"
        ),
        format!("DELETE FROM signatures AS it WHERE received = 0 AND {refused}"),
    ] {
        sqlx::query(AssertSqlSafe(sql))
            .bind(value)
            .bind(i64::from(kind::SIGN))
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// Queues a refused signature again, when the document says still what was signed; otherwise it stays refused, and
/// says so.
pub(crate) async fn put_back(
    tx: &mut Tx,
    document: DocumentId,
    number: i64,
    body: &[u8],
) -> Result<bool, DeviceError> {
    let Ok(sign) = Sign::from_body(body) else {
        return Ok(false);
    };
    let Some(stored) = document::read(tx, document).await? else {
        return Ok(false);
    };
    let says_so = match stored.signed {
        state::OPEN => {
            let Ok(loaded) = stored.build() else {
                return Ok(false);
            };
            let mut heads: Vec<Hash32> = loaded.heads().into_iter().map(Hash32).collect();
            heads.sort_unstable();
            heads == sign.heads
        }
        _ => stored.text.as_deref() == Some(sign.text.as_slice()),
    };
    if !says_so {
        return Ok(false);
    }
    if stored.signed == state::OPEN {
        set_text(tx, document, &sign.text).await?;
    }
    let signature = &sign.signature;
    signers::note_own(tx, document, signature.signer, signature.signed_at).await?;
    sqlx::query("UPDATE outbox SET state = 0, reason = NULL, detail = NULL WHERE n = ?")
        .bind(number)
        .execute(&mut **tx)
        .await?;
    Ok(true)
}
