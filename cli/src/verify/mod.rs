//! `verify`: whether a signed record holds, offline and without any store.
//!
//! Says who signed what when, or names the one part that does not hold. Names of people are not in the file: they
//! are told by id. What is not proven is said, too: the organisation's key, unless one was given to compare with, and
//! the server's receipt, which only the organisation can check (`samspor admin verify`), and where the labels come from.

pub mod shown;

use crate::{
    args::VerifyArgs, content::source, exit::Exit, failure::Failure, output::Output, words::W,
};
use samspor_protocol::{
    limits,
    sign::{SignedFile, Verified, VerifyError},
};
use shown::Shown;
use std::{fs::File, io::Read as _, path::Path};

/// Verifies one file.
///
/// # Errors
/// `file_unreadable`, `bad_organisation_key`; each part that does not hold by its own code.
pub fn run(args: &VerifyArgs, out: &Output) -> Result<Exit, Failure> {
    let expected = args.organisation_key.as_deref().map(key).transpose()?;
    let (file, verified) = verified(&read(&args.file)?, expected.as_ref())?;
    let shown = Shown::of(&file, &verified, false);
    out.result(&shown.json(out.lang), &shown.text(out));
    Ok(Exit::Done)
}

/// The file's bytes; one more than a record may have says that it is none.
///
/// # Errors
/// `file_unreadable`.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let name = path.display().to_string();
    let unreadable = || source::input("file_unreadable", W::FILE_UNREADABLE, &name);
    let most = u64::try_from(limits::SIGNED_RECORD_BYTES_MAX).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|_| unreadable())?;
    let mut file = file.take(most.saturating_add(1));
    file.read_to_end(&mut bytes).map_err(|_| unreadable())?;
    Ok(bytes)
}

/// A key from 64 hexadecimal digits.
fn key(text: &str) -> Result<[u8; 32], Failure> {
    let bad = || Failure::new(Exit::Input, "bad_organisation_key", W::BAD_ORGANISATION_KEY);
    let digits: Option<Vec<u32>> = text.trim().chars().map(|c| c.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len() == 64).ok_or_else(bad)?;
    let mut key = [0; 32];
    for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
        let value = pair.iter().fold(0, |value, digit| value * 16 + digit);
        *byte = u8::try_from(value).map_err(|_| bad())?;
    }
    Ok(key)
}

/// What is in a file, whose record holds in everything but the receipt, which is not looked at, nor is what is attached.
///
/// # Errors
/// Each part that does not hold by its own code.
pub fn verified(
    bytes: &[u8],
    expected: Option<&[u8; 32]>,
) -> Result<(SignedFile, Verified), Failure> {
    SignedFile::verified(bytes, expected).map_err(|error| failure(&error))
}

/// What does not hold, by its part.
pub fn failure(error: &VerifyError) -> Failure {
    use VerifyError as E;
    let (words, device) = match error {
        E::TooLarge { .. } => (W::RECORD_TOO_LARGE, None),
        E::NotARecord(_) => (W::RECORD_NOT_ONE, None),
        E::OtherFormat { .. } => (W::RECORD_FORMAT, None),
        E::OrganisationKey => (W::RECORD_ORGANISATION_KEY, None),
        E::Text(_) => (W::RECORD_TEXT, None),
        E::Heads => (W::RECORD_HEADS, None),
        E::CertificateNotSigned { device } => (W::RECORD_CERTIFICATE, Some(device)),
        E::OtherOrganisation { device, .. } => (W::RECORD_OTHER_ORGANISATION, Some(device)),
        E::NoCertificate { device } => (W::RECORD_NO_CERTIFICATE, Some(device)),
        E::OtherPractitioner { device } => (W::RECORD_OTHER_PRACTITIONER, Some(device)),
        E::NotTheAuthor { device } => (W::RECORD_NOT_THE_AUTHOR, Some(device)),
        E::Signature { device } => (W::RECORD_SIGNATURE, Some(device)),
    };
    let failure = Failure::new(Exit::NotProven, error.code(), words);
    match device {
        Some(device) => failure.with("device", device.to_string()),
        None => failure,
    }
}

#[cfg(test)]
mod tests;
