//! A device's store, page by page, as whoever has its key could read it: what was deleted and still lies in a page is
//! found here, where no query finds it.
//!
//! SQLCipher 4 with a raw key: pages of 4,096 bytes, AES-256 in CBC mode, at the end of each page 16 bytes of
//! initialisation vector and 64 of authentication; the first page begins with 16 bytes of salt. The write-ahead log holds
//! pages of the same form, each after a header of 24 bytes, behind one of 32.

use aes::Aes256;
use anyhow::{Context as _, Result, ensure};
use cbc::cipher::{BlockDecryptMut as _, KeyIvInit as _, block_padding::NoPadding};
use std::path::Path;

const PAGE: usize = 4_096;
const RESERVED: usize = 80;
const SALT: usize = 16;

/// All bytes of a store's database and of its log, decrypted. Pages that were never written read as noise.
///
/// # Errors
/// When the store cannot be read, or does not decrypt.
pub async fn decrypted(folder: &Path, key: &[u8; 32]) -> Result<Vec<u8>> {
    let mut plain = Vec::new();
    let mut entries = tokio::fs::read_dir(folder).await?;
    while let Some(entry) = entries.next_entry().await? {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let bytes = tokio::fs::read(entry.path()).await?;
        if name.ends_with("-wal") {
            for frame in bytes.get(32..).unwrap_or_default().chunks_exact(24 + PAGE) {
                let body = frame.get(24..).unwrap_or_default();
                plain.extend(page(body, key, is_first(frame))?);
            }
        } else if bytes.len() >= PAGE && bytes.len().is_multiple_of(PAGE) && !name.contains("-shm")
        {
            for (number, one) in bytes.chunks_exact(PAGE).enumerate() {
                plain.extend(page(one, key, number == 0)?);
            }
        }
    }
    let opens = plain.windows(12).any(|part| part == b"CREATE TABLE");
    ensure!(opens, "the pages do not decrypt");
    Ok(plain)
}

/// Whether a frame of the log holds the first page.
fn is_first(frame: &[u8]) -> bool {
    frame.starts_with(&[0, 0, 0, 1])
}

fn page(bytes: &[u8], key: &[u8; 32], is_first: bool) -> Result<Vec<u8>> {
    let begin = if is_first { SALT } else { 0 };
    let body = bytes.get(begin..PAGE - RESERVED).context("a page")?;
    let vector = bytes
        .get(PAGE - RESERVED..PAGE - RESERVED + 16)
        .context("a page")?;
    let vector: [u8; 16] = vector.try_into()?;
    let mut plain = body.to_vec();
    cbc::Decryptor::<Aes256>::new(key.into(), &vector.into())
        .decrypt_padded_mut::<NoPadding>(&mut plain)
        .map_err(|_| anyhow::anyhow!("not whole blocks"))?;
    Ok(plain)
}
