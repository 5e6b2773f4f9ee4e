//! Cookies in and out. Every cookie is `Secure`; those that carry a secret are `HttpOnly` and bound to this very
//! host by their name's prefix.

use axum::http::{HeaderMap, HeaderValue, header};

/// The session's token.
pub const SESSION: &str = "__Host-samspor";
/// Ties a sign-in form to the browser it was shown in.
pub const FORM: &str = "__Host-samspor-form";

/// The value of a cookie.
#[must_use]
pub fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

fn add(headers: &mut HeaderMap, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        headers.append(header::SET_COOKIE, value);
    }
}

/// Sets a secret cookie for so many seconds.
pub fn set_secret(headers: &mut HeaderMap, name: &str, value: &str, seconds: i64) {
    let cookie =
        format!("{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax");
    add(headers, &cookie);
}

/// Sets a cookie without a secret for a year.
pub fn set_plain(headers: &mut HeaderMap, name: &str, value: &str) {
    let cookie =
        format!("{name}={value}; Path=/; Max-Age=31536000; Secure; HttpOnly; SameSite=Lax");
    add(headers, &cookie);
}

/// Takes a secret cookie back.
pub fn clear(headers: &mut HeaderMap, name: &str) {
    set_secret(headers, name, "", 0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("xa=1; a=2"));
        headers.append(header::COOKIE, HeaderValue::from_static("b=3=4"));
        assert_eq!(get(&headers, "a"), Some("2"));
        assert_eq!(get(&headers, "b"), Some("3=4"));
        assert_eq!(get(&headers, "c"), None);
    }

    #[test]
    fn a_secret_cookie_is_out_of_reach_of_scripts_plain_text_and_other_sites() {
        let mut headers = HeaderMap::new();
        set_secret(&mut headers, SESSION, "s", 60);
        let cookie = headers[header::SET_COOKIE].to_str().expect("text");
        for part in ["__Host-", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{part}");
        }
        assert!(!cookie.contains("Domain"));
    }
}
