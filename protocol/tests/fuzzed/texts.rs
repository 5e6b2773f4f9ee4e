//! What comes as text: the token of a request, and the code a device is enrolled with.

use super::golden::golden;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer as _, SigningKey};
use samspor_documents::{id::OrganisationId, time::UnixMillis};
use samspor_protocol::{
    enrol::EnrolmentCode,
    hash::Hash32,
    limits,
    token::{Request, Unchecked},
};

const KEY: [u8; 32] = [7; 32];

/// The clock of the server that is asked.
const NOW: i64 = 1_790_000_000;
/// {"alg":"EdDSA","typ":"JWT"}
const HEADER: &str = "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9";

/// The request that a token has to be for.
fn wanted() -> (OrganisationId, Request<'static>) {
    let request = Request {
        method: "POST",
        path: "/v1/push",
        body: b"body",
    };
    (OrganisationId::from_bytes([2; 16]), request)
}

/// The first byte says whether the rest is a token, or the claims of one that is signed as it should be, or which
/// claims these are: then it is known whether such a token holds.
pub fn token(input: &[u8]) -> bool {
    let Some((mode, rest)) = input.split_first() else {
        return false;
    };
    let key = SigningKey::from_bytes(&KEY);
    let (text, holds) = match mode {
        0 => (String::from_utf8_lossy(rest).into_owned(), None),
        1 => (signed(HEADER, rest, &key), None),
        _ => {
            let (claims, holds) = claims(rest);
            (signed(HEADER, claims.as_bytes(), &key), Some(holds))
        }
    };
    let Ok(unchecked) = Unchecked::parse(&text) else {
        assert_ne!(holds, Some(true), "a token that holds is not read");
        return false;
    };
    let (organisation, request) = wanted();
    let at =
        |now: i64, key: &[u8; 32]| unchecked.check(key, organisation, UnixMillis(now), &request);
    let public = key.verifying_key().to_bytes();
    for now in [i64::MIN, 0, NOW * 1000 + 123, i64::MAX] {
        let _ = at(now, &public);
        assert!(at(now, &[0; 32]).is_err(), "a weak key signs nothing");
    }
    let other = SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes();
    assert!(at(NOW * 1000, &other).is_err(), "another's signature holds");
    if let Some(holds) = holds {
        let checked = at(NOW * 1000 + 123, &public);
        assert_eq!(checked.is_ok(), holds, "{checked:?}");
    }
    true
}

fn signed(header: &str, claims: &[u8], key: &SigningKey) -> String {
    let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims));
    let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()).to_bytes());
    format!("{signed}.{signature}")
}

/// Claims that a byte each chooses, and whether a token of them holds for the wanted request.
fn claims(script: &[u8]) -> (String, bool) {
    let byte = |place: usize| script.get(place).copied().unwrap_or_default();
    let id = |of: u8| URL_SAFE_NO_PAD.encode([of; 16]);
    let (_, request) = wanted();
    let body = URL_SAFE_NO_PAD.encode(Hash32::of(request.body).0);
    // What is not for this request: none of it holds.
    let mut holds = true;
    let mut one = |place: usize, right: &str, others: &[&str]| {
        let choice = usize::from(byte(place) % 8);
        let other = choice.checked_sub(1).and_then(|other| others.get(other));
        holds &= other.is_none_or(|other| *other == right);
        format!("{:?}", *other.unwrap_or(&right))
    };
    let (any, own, short) = (id(byte(20)), id(2), URL_SAFE_NO_PAD.encode([2; 15]));
    let padded = format!("{own}==");
    let aud = one(0, &own, &[&any, &short, &padded]);
    let htm = one(1, request.method, &["GET", "post", ""]);
    let htu = one(2, request.path, &["/v1/feed", "/v1/push/", "/v1/push?"]);
    let bod = one(3, &body, &[&any, "", &body.to_lowercase()]);
    let iss = match byte(4) % 16 {
        1 => short.clone(),
        2 => "æ".to_owned(),
        _ => id(byte(5)),
    };
    let ins = match byte(6) % 16 {
        1 => short,
        _ => id(byte(7)),
    };
    let is_read = byte(4) % 16 != 1 && byte(4) % 16 != 2 && byte(6) % 16 != 1;
    let number = |place: usize| match byte(place) % 8 {
        1 => i64::MIN,
        2 => i64::MAX,
        _ => NOW + i64::from(byte(place + 1)) - 128,
    };
    let iat = number(8);
    let exp = match byte(10) % 4 {
        1 => number(11),
        _ => iat.saturating_add(i64::from(byte(11) % 64)),
    };
    let lasts = exp.saturating_sub(iat);
    let is_now = iat <= NOW + limits::TOKEN_SECONDS_MAX
        && exp >= NOW
        && (0..=limits::TOKEN_SECONDS_MAX).contains(&lasts);
    let more = match byte(13) % 8 {
        1 => ",\"alg\":\"none\"",
        2 => ",\"exp\":9",
        3 => ",",
        _ => "",
    };
    let claims = format!(
        "{{\"iss\":{iss:?},\"aud\":{aud},\"iat\":{iat},\"exp\":{exp},\"htm\":{htm},\"htu\":{htu},\"bod\":{bod},\"ins\":{ins:?}{more}}}"
    );
    // What stands twice is read by nobody, nor what is no JSON; what is not known is passed over.
    let is_read = is_read && !matches!(byte(13) % 8, 2 | 3);
    (claims, holds && is_read && is_now)
}

pub fn token_seeds() -> Vec<Vec<u8>> {
    let whole = golden(&["token"], &[0]);
    let claims = whole.iter().filter_map(|seed| {
        let part = seed.split(|byte| *byte == b'.').nth(1)?;
        Some([&[1], URL_SAFE_NO_PAD.decode(part).ok()?.as_slice()].concat())
    });
    // One that holds, and each claim other than it should be.
    let chosen = (0..14).flat_map(|place| {
        let other = |choice: u8| {
            let right = [0, 0, 0, 0, 0, 0, 0, 0, 0, 120, 0, 30, 0, 0];
            let script = right.into_iter().enumerate();
            let script = script.map(|(at, byte)| if at == place { choice } else { byte });
            std::iter::once(2).chain(script).collect::<Vec<u8>>()
        };
        [other(0), other(1), other(2), other(3)]
    });
    whole.iter().cloned().chain(claims).chain(chosen).collect()
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
