//! What comes as text: the token of a request, and the code a device is enrolled with.

use super::golden::golden;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer as _, SigningKey};
use samspor_documents::{id::OrganisationId, time::UnixMillis};
use samspor_protocol::{
    enrol::EnrolmentCode,
    token::{Request, Unchecked},
};

const KEY: [u8; 32] = [7; 32];

/// The first byte says whether the rest is a token, or the claims of one that is signed as it should be.
pub fn token(input: &[u8]) -> bool {
    let Some((mode, rest)) = input.split_first() else {
        return false;
    };
    let key = SigningKey::from_bytes(&KEY);
    let text = if *mode == 0 {
        String::from_utf8_lossy(rest).into_owned()
    } else {
        // {"alg":"EdDSA","typ":"JWT"}
        let signed = format!(
            "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.{}",
            URL_SAFE_NO_PAD.encode(rest)
        );
        let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()).to_bytes());
        format!("{signed}.{signature}")
    };
    let Ok(unchecked) = Unchecked::parse(&text) else {
        return false;
    };
    let organisation = OrganisationId::from_bytes([2; 16]);
    let request = Request {
        method: "POST",
        path: "/v1/push",
        body: b"body",
    };
    let at =
        |now: i64, key: &[u8; 32]| unchecked.check(key, organisation, UnixMillis(now), &request);
    let public = key.verifying_key().to_bytes();
    for now in [i64::MIN, 0, 1_790_000_000_123, i64::MAX] {
        let _ = at(now, &public);
        assert!(at(now, &[0; 32]).is_err(), "a weak key signs nothing");
    }
    true
}

pub fn token_seeds() -> Vec<Vec<u8>> {
    let whole = golden(&["token"], &[0]);
    let claims = whole.iter().filter_map(|seed| {
        let part = seed.split(|byte| *byte == b'.').nth(1)?;
        Some([&[1], URL_SAFE_NO_PAD.decode(part).ok()?.as_slice()].concat())
    });
    whole.iter().cloned().chain(claims).collect()
}

/// The first byte says whether the rest is a code, or what stands in one.
pub fn code(input: &[u8]) -> bool {
    let Some((mode, rest)) = input.split_first() else {
        return false;
    };
    let text = if *mode == 0 {
        String::from_utf8_lossy(rest).into_owned()
    } else {
        format!("SAMSPOR1-{}", URL_SAFE_NO_PAD.encode(rest))
    };
    let Ok(code) = EnrolmentCode::from_text(&text) else {
        return false;
    };
    let written = code.to_text();
    let again = EnrolmentCode::from_text(&written).expect("just written");
    assert_eq!(again.to_text(), written, "another code");
    assert!(
        !format!("{code:?}").contains(&format!("{:?}", code.secret.0)),
        "a secret in the clear"
    );
    true
}

pub fn code_seeds() -> Vec<Vec<u8>> {
    let texts = golden(&["enrolment-code"], &[0]);
    let plain = texts.iter().filter_map(|seed| {
        let body = seed.strip_prefix(b"\0SAMSPOR1-")?;
        Some([&[1], URL_SAFE_NO_PAD.decode(body).ok()?.as_slice()].concat())
    });
    texts.iter().cloned().chain(plain).collect()
}
