//! Web sessions: signing in by a one-time link, signing out, and the token that every form carries.
//!
//! A link holds for a quarter of an hour and once. Following it shows a button; pressing that uses it up, so
//! that a mail scanner that opens links burns nothing. A session holds for twelve hours from its beginning,
//! whatever is done in it. Links and sessions stand in the database only as HMACs.

use crate::{
    keys::{self, Keys, KeysError},
    store::{Store, StoreError, id16},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use samspor_documents::{id::PractitionerId, time::UnixMillis};
use sqlx::Row as _;
use subtle::ConstantTimeEq as _;

/// How long a link holds, in milliseconds.
pub const LINK_MILLIS: i64 = 15 * 60 * 1000;
/// How long a session holds, in milliseconds.
pub const SESSION_MILLIS: i64 = 12 * 60 * 60 * 1000;

/// A session, as a request shows it.
#[derive(Debug, Clone)]
pub struct Session {
    /// Who signed in.
    pub practitioner: PractitionerId,
    /// What its forms must carry.
    pub form_token: String,
}

/// A fresh secret, as text for a link or a cookie.
///
/// # Errors
/// The system gives no randomness.
pub fn make_token() -> Result<String, KeysError> {
    Ok(URL_SAFE_NO_PAD.encode(keys::random::<32>()?))
}

/// The token that a form carries for the cookie it belongs to.
#[must_use]
pub fn form_token(keys: &Keys, cookie: &str) -> String {
    URL_SAFE_NO_PAD.encode(keys.mac("form", &[cookie.as_bytes()]).0)
}

/// Whether a form carries the token of its cookie, compared in constant time.
#[must_use]
pub fn form_token_holds(keys: &Keys, cookie: &str, token: &str) -> bool {
    form_token(keys, cookie)
        .as_bytes()
        .ct_eq(token.as_bytes())
        .into()
}

fn link_mac(keys: &Keys, link: &str) -> [u8; 32] {
    keys.mac("sign-in-link", &[link.as_bytes()]).0
}

fn session_mac(keys: &Keys, token: &str) -> [u8; 32] {
    keys.mac("web-session", &[token.as_bytes()]).0
}

/// Keeps a new link's token for a practitioner.
///
/// # Errors
/// The database cannot be written.
pub async fn keep_link(
    store: &Store,
    keys: &Keys,
    link: &str,
    practitioner: PractitionerId,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let mut tx = store.write().await?;
    sqlx::query("INSERT INTO sign_in_links (link_mac, practitioner, expires_at) VALUES (?, ?, ?)")
        .bind(link_mac(keys, link).as_slice())
        .bind(practitioner.as_bytes().as_slice())
        .bind(now.plus(LINK_MILLIS).0)
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}

/// Uses a link up and begins a session: its token, or none when the link does not hold.
///
/// # Errors
/// The database cannot be written; the link is then not used up.
pub async fn begin(
    store: &Store,
    keys: &Keys,
    link: &str,
    token: &str,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let mut tx = store.write().await?;
    let row = sqlx::query(
        "DELETE FROM sign_in_links WHERE link_mac = ? RETURNING practitioner, expires_at",
    )
    .bind(link_mac(keys, link).as_slice())
    .fetch_optional(&mut *tx)
    .await?;
    let holds = match row {
        Some(row) if row.try_get::<i64, _>("expires_at")? >= now.0 => {
            let practitioner: Vec<u8> = row.try_get("practitioner")?;
            sqlx::query(
                "INSERT INTO web_sessions (session_mac, practitioner, expires_at)
                 VALUES (?, ?, ?)",
            )
            .bind(session_mac(keys, token).as_slice())
            .bind(practitioner)
            .bind(now.plus(SESSION_MILLIS).0)
            .execute(&mut *tx)
            .await?;
            true
        }
        _ => false,
    };
    tx.commit().await?;
    Ok(holds)
}

/// The session of a cookie's token, unless it has ended.
///
/// # Errors
/// The database cannot be read.
pub async fn find(
    store: &Store,
    keys: &Keys,
    token: &str,
    now: UnixMillis,
) -> Result<Option<Session>, StoreError> {
    let mut tx = store.read().await?;
    let row = sqlx::query(
        "SELECT practitioner FROM web_sessions WHERE session_mac = ? AND expires_at > ?",
    )
    .bind(session_mac(keys, token).as_slice())
    .bind(now.0)
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let practitioner = id16("web session", row.try_get("practitioner")?)?;
    Ok(Some(Session {
        practitioner: PractitionerId::from_bytes(practitioner),
        form_token: form_token(keys, token),
    }))
}

/// Ends a session.
///
/// # Errors
/// The database cannot be written.
pub async fn end(store: &Store, keys: &Keys, token: &str) -> Result<(), StoreError> {
    let mut tx = store.write().await?;
    sqlx::query("DELETE FROM web_sessions WHERE session_mac = ?")
        .bind(session_mac(keys, token).as_slice())
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}

/// Deletes what has ended: links, sessions, and codes a day after their end.
///
/// # Errors
/// The database cannot be written.
pub async fn sweep(store: &Store, now: UnixMillis) -> Result<(), StoreError> {
    const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;
    let mut tx = store.write().await?;
    sqlx::query("DELETE FROM sign_in_links WHERE expires_at < ?")
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
    sqlx::query("DELETE FROM web_sessions WHERE expires_at < ?")
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
    sqlx::query("DELETE FROM enrolment_codes WHERE expires_at < ?")
        .bind(now.plus(-DAY_MILLIS).0)
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_790_000_000_000);

    struct Folder {
        place: tempfile::TempDir,
        store: Store,
        keys: Keys,
    }

    async fn folder() -> Folder {
        let folder = tempfile::tempdir().expect("a folder");
        Folder {
            keys: Keys::open(folder.path(), true).expect("keys"),
            store: Store::open(folder.path()).await.expect("opens"),
            place: folder,
        }
    }

    fn practitioner() -> PractitionerId {
        PractitionerId::from_bytes([3; 16])
    }

    impl Folder {
        async fn link(&self, link: &str) {
            let kept = keep_link(&self.store, &self.keys, link, practitioner(), NOW).await;
            kept.expect("kept");
        }

        async fn begin(&self, link: &str, token: &str, now: UnixMillis) -> bool {
            let begun = begin(&self.store, &self.keys, link, token, now).await;
            begun.expect("answers")
        }

        async fn find(&self, token: &str, now: UnixMillis) -> Option<Session> {
            let found = find(&self.store, &self.keys, token, now).await;
            found.expect("answers")
        }
    }

    #[tokio::test]
    async fn a_link_holds_for_a_quarter_of_an_hour_and_once() {
        let folder = folder().await;
        let rows = [(0, true), (LINK_MILLIS, true), (LINK_MILLIS + 1, false)];
        for (number, (later, holds)) in rows.into_iter().enumerate() {
            let link = format!("link {number}");
            folder.link(&link).await;
            let now = NOW.plus(later);
            assert_eq!(folder.begin(&link, "token", now).await, holds, "{later}");
            let again = folder.begin(&link, "another", NOW).await;
            assert!(!again, "used up, also by a try that came too late");
            let found = folder.find("token", now).await;
            assert_eq!(found.is_some(), holds);
            end(&folder.store, &folder.keys, "token")
                .await
                .expect("ends");
        }
    }

    #[tokio::test]
    async fn a_session_ends_twelve_hours_after_it_began_whatever_is_done_in_it() {
        let folder = folder().await;
        folder.link("link").await;
        assert!(folder.begin("link", "token", NOW).await);
        for (later, holds) in [
            (0, true),
            (SESSION_MILLIS - 1, true),
            (SESSION_MILLIS, false),
        ] {
            let found = folder.find("token", NOW.plus(later)).await;
            assert_eq!(found.map(|one| one.practitioner), holds.then(practitioner));
        }
        assert!(folder.find("other", NOW).await.is_none());
    }

    #[tokio::test]
    async fn what_has_ended_is_swept_and_nothing_readable_was_kept() {
        let folder = folder().await;
        folder.link("the-link-itself").await;
        folder.link("spare").await;
        assert!(
            folder
                .begin("the-link-itself", "the-token-itself", NOW)
                .await
        );
        let count = async || -> (i64, i64) {
            let mut tx = folder.store.read().await.expect("reads");
            let sql =
                "SELECT (SELECT count(*) FROM sign_in_links), (SELECT count(*) FROM web_sessions)";
            sqlx::query_as(sql)
                .fetch_one(&mut *tx)
                .await
                .expect("counts")
        };
        assert_eq!(count().await, (1, 1));
        sweep(&folder.store, NOW).await.expect("sweeps");
        assert_eq!(count().await, (1, 1));
        let later = NOW.plus(SESSION_MILLIS + 1);
        sweep(&folder.store, later).await.expect("sweeps");
        assert_eq!(count().await, (0, 0));
        folder.store.close().await;
        for file in std::fs::read_dir(folder.place.path()).expect("reads") {
            let path = file.expect("a file").path();
            let bytes = if path.is_file() {
                std::fs::read(path).expect("reads")
            } else {
                Vec::new()
            };
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("the-link-itself") && !text.contains("the-token-itself"));
        }
    }
}
