//! The token of a signed request: a JWT (RFC 7519, EdDSA by RFC 8037) that a device makes for exactly one
//! method, path and body, good for a minute.
//!
//! Header and algorithm are one constant, compared as bytes: there is no negotiation to attack. That is why
//! this is not a general JWT library. Replaying a push is harmless, so no store of used tokens is kept.

use crate::{hash::Hash32, limits};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use samspor_documents::{
    id::{DeviceId, OrganisationId},
    time::UnixMillis,
};
use serde::{Deserialize, Serialize};

/// `{"alg":"EdDSA","typ":"JWT"}`
const HEADER: &str = "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9";
/// No token of this protocol is longer, in bytes.
const TOKEN_BYTES_MAX: usize = 1024;

/// The request that a token is for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// `POST`
    pub method: &'a str,
    /// The path, without host and query.
    pub path: &'a str,
    /// The body as it is sent.
    pub body: &'a [u8],
}

/// Who says it, to whom, when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speaker {
    /// The device.
    pub device: DeviceId,
    /// Its organisation.
    pub organisation: OrganisationId,
    /// Names the installation, so that a copied store is noticed.
    pub install: [u8; 16],
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    iat: i64,
    exp: i64,
    htm: String,
    htu: String,
    bod: String,
    ins: String,
}

/// Why a token does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a token of this form.
    #[error("not a token of this protocol")]
    Malformed,
    /// Signed by another key, or altered.
    #[error("the token's signature does not hold")]
    Signature,
    /// For another organisation, method, path or body.
    #[error("the token is for another request")]
    OtherRequest,
    /// Its minute is over or has not begun: by the server's clock.
    #[error("the token's time is not now")]
    Clock,
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The token for one request.
#[must_use]
pub fn make(speaker: &Speaker, key: &SigningKey, now: UnixMillis, request: &Request<'_>) -> String {
    let seconds = now.0.div_euclid(1000);
    let claims = Claims {
        iss: encode(speaker.device.as_bytes()),
        aud: encode(speaker.organisation.as_bytes()),
        iat: seconds,
        exp: seconds.saturating_add(limits::TOKEN_SECONDS_MAX),
        htm: request.method.to_owned(),
        htu: request.path.to_owned(),
        bod: encode(&Hash32::of(request.body).0),
        ins: encode(&speaker.install),
    };
    let claims = serde_json::to_vec(&claims).unwrap_or_default();
    let mut token = format!("{HEADER}.{}", encode(&claims));
    let signature = key.sign(token.as_bytes());
    token.push('.');
    token.push_str(&encode(&signature.to_bytes()));
    token
}

/// A token taken apart, not yet checked: names the device whose key is to be looked up.
pub struct Unchecked<'a> {
    signed: &'a str,
    signature: [u8; 64],
    claims: Claims,
    /// Who says to have made it.
    pub speaker: Speaker,
}

fn sixteen(text: &str) -> Result<[u8; 16], TokenError> {
    URL_SAFE_NO_PAD
        .decode(text)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(TokenError::Malformed)
}

impl<'a> Unchecked<'a> {
    /// Takes a token apart.
    ///
    /// # Errors
    /// `Malformed` when it is not one.
    pub fn parse(token: &'a str) -> Result<Self, TokenError> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(TokenError::Malformed);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(TokenError::Malformed)?;
        if header != HEADER {
            return Err(TokenError::Malformed);
        }
        let signature = URL_SAFE_NO_PAD
            .decode(signature)
            .map_err(|_| TokenError::Malformed)?;
        let signature = <[u8; 64]>::try_from(signature).map_err(|_| TokenError::Malformed)?;
        let claims = URL_SAFE_NO_PAD
            .decode(claims)
            .map_err(|_| TokenError::Malformed)?;
        let claims: Claims = serde_json::from_slice(&claims).map_err(|_| TokenError::Malformed)?;
        let speaker = Speaker {
            device: DeviceId::from_bytes(sixteen(&claims.iss)?),
            organisation: OrganisationId::from_bytes(sixteen(&claims.aud)?),
            install: sixteen(&claims.ins)?,
        };
        Ok(Self {
            signed,
            signature,
            claims,
            speaker,
        })
    }

    /// Checks it against the device's enrolled key, this request and the server's clock.
    ///
    /// # Errors
    /// `Signature`, `OtherRequest` or `Clock`, in this order: only who holds the key learns of the clock.
    pub fn check(
        &self,
        public_key: &[u8; 32],
        organisation: OrganisationId,
        now: UnixMillis,
        request: &Request<'_>,
    ) -> Result<(), TokenError> {
        let key = VerifyingKey::from_bytes(public_key).map_err(|_| TokenError::Signature)?;
        key.verify_strict(
            self.signed.as_bytes(),
            &Signature::from_bytes(&self.signature),
        )
        .map_err(|_| TokenError::Signature)?;
        let claims = &self.claims;
        let same = self.speaker.organisation == organisation
            && claims.htm == request.method
            && claims.htu == request.path
            && claims.bod == encode(&Hash32::of(request.body).0);
        if !same {
            return Err(TokenError::OtherRequest);
        }
        let seconds = now.0.div_euclid(1000);
        let lasts = claims.exp.saturating_sub(claims.iat);
        let early = claims.iat > seconds.saturating_add(limits::TOKEN_SECONDS_MAX);
        if !(0..=limits::TOKEN_SECONDS_MAX).contains(&lasts) || early || claims.exp < seconds {
            return Err(TokenError::Clock);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_790_000_000_000);
    const BODY: &[u8] = b"body";

    fn speaker() -> Speaker {
        Speaker {
            device: DeviceId::from_bytes([1; 16]),
            organisation: OrganisationId::from_bytes([2; 16]),
            install: [3; 16],
        }
    }

    fn request() -> Request<'static> {
        Request {
            method: "POST",
            path: "/v1/push",
            body: BODY,
        }
    }

    fn check(
        token: &str,
        key: &SigningKey,
        now: UnixMillis,
        request: &Request<'_>,
    ) -> Result<(), TokenError> {
        let unchecked = Unchecked::parse(token)?;
        unchecked.check(
            &key.verifying_key().to_bytes(),
            speaker().organisation,
            now,
            request,
        )
    }

    #[test]
    fn a_token_holds_for_its_request_and_its_minute_only() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let token = make(&speaker(), &key, NOW, &request());
        let ok = request();
        let cases = [
            ("as made", NOW, ok, Ok(())),
            ("a minute later", NOW.plus(60_000), ok, Ok(())),
            (
                "two minutes later",
                NOW.plus(120_000),
                ok,
                Err(TokenError::Clock),
            ),
            (
                "from a clock two minutes ahead",
                NOW.plus(-121_000),
                ok,
                Err(TokenError::Clock),
            ),
            (
                "other path",
                NOW,
                Request {
                    path: "/v1/feed",
                    ..ok
                },
                Err(TokenError::OtherRequest),
            ),
            (
                "other method",
                NOW,
                Request {
                    method: "GET",
                    ..ok
                },
                Err(TokenError::OtherRequest),
            ),
            (
                "other body",
                NOW,
                Request {
                    body: b"bodY",
                    ..ok
                },
                Err(TokenError::OtherRequest),
            ),
        ];
        for (name, now, request, expected) in cases {
            assert_eq!(check(&token, &key, now, &request), expected, "{name}");
        }
    }

    #[test]
    fn a_token_of_another_key_or_altered_anywhere_does_not_hold() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let token = make(&speaker(), &key, NOW, &request());
        let foreign = make(
            &speaker(),
            &SigningKey::from_bytes(&[8; 32]),
            NOW,
            &request(),
        );
        assert_eq!(
            check(&foreign, &key, NOW, &request()),
            Err(TokenError::Signature)
        );
        for position in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(bytes).expect("ascii");
            assert!(
                check(&altered, &key, NOW, &request()).is_err(),
                "byte {position}"
            );
        }
    }

    #[test]
    fn a_token_for_another_organisation_does_not_hold() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let other = Speaker {
            organisation: OrganisationId::from_bytes([9; 16]),
            ..speaker()
        };
        let token = make(&other, &key, NOW, &request());
        assert_eq!(
            check(&token, &key, NOW, &request()),
            Err(TokenError::OtherRequest)
        );
    }

    #[test]
    fn what_is_not_a_token_is_refused() {
        for text in ["", ".", "..", "a.b.c", &"x".repeat(5000)] {
            assert_eq!(Unchecked::parse(text).err(), Some(TokenError::Malformed));
        }
    }
}
