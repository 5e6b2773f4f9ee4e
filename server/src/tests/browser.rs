//! The pages: signing in and out, forms, what is shown to whom.

use super::*;

const SESSION: &str = "__Host-samspor";
const FORM: &str = "__Host-samspor-form";

/// What a form on a page carries under this name.
fn hidden(page: &str, name: &str) -> String {
    let marked = format!("name=\"{name}\" value=\"");
    let after = page.split_once(&marked).expect("a hidden field").1;
    after.split_once('"').expect("its end").0.to_owned()
}

impl World {
    async fn link(&self) -> String {
        self.link_of(self.practitioner).await
    }

    async fn link_of(&self, practitioner: PractitionerId) -> String {
        let link = self
            .admin
            .sign_in_link(practitioner, self.server.url())
            .await
            .expect("a link");
        let link = link.strip_prefix(self.server.url()).expect("its address");
        link.to_owned()
    }

    pub(super) async fn get(&self, path: &str, cookie: &str) -> Answered {
        let request = self.request(Method::GET, path).header("cookie", cookie);
        self.send(request).await
    }

    async fn submit(&self, path: &str, cookie: &str, form: &str) -> Answered {
        let request = self
            .request(Method::POST, path)
            .header("cookie", cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.to_owned());
        self.send(request).await
    }

    /// Follows a link and presses its button.
    async fn press(&self, link: &str) -> Answered {
        let shown = self.get(link, "").await;
        let cookie = format!("{FORM}={}", shown.cookie(FORM).expect("a cookie"));
        let page = shown.text();
        let (link, token) = (hidden(&page, "link"), hidden(&page, "form_token"));
        let form = format!("link={link}&form_token={token}");
        self.submit("/sign-in", &cookie, &form).await
    }

    /// Signs in; the session's cookie.
    pub(super) async fn session(&self) -> String {
        self.session_of(self.practitioner).await
    }

    /// Somebody signs in; the session's cookie.
    pub(super) async fn session_of(&self, practitioner: PractitionerId) -> String {
        let link = self.link_of(practitioner).await;
        let answer = self.press(&link).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        format!("{SESSION}={}", answer.cookie(SESSION).expect("a session"))
    }
}

#[tokio::test]
async fn a_link_is_shown_as_often_as_one_likes_and_signs_in_once() {
    let world = World::new().await;
    let link = world.link().await;
    for _ in 0..3 {
        let shown = world.get(&link, "").await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.cookie(SESSION).is_none());
    }
    let first = world.press(&link).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    assert_eq!(first.headers["location"], "/");
    let second = world.press(&link).await;
    assert_eq!(second.status, StatusCode::FORBIDDEN);
    assert!(second.cookie(SESSION).is_none());
    assert!(second.text().contains("Linket kan ikke bruges"));
    world.stop().await;
}

#[tokio::test]
async fn a_sign_in_form_holds_only_in_the_browser_it_was_shown_in() {
    let world = World::new().await;
    let link = world.link().await;
    let shown = world.get(&link, "").await;
    let page = shown.text();
    let form = format!(
        "link={}&form_token={}",
        hidden(&page, "link"),
        hidden(&page, "form_token")
    );
    let cookie = format!("{FORM}={}", shown.cookie(FORM).expect("a cookie"));
    let other = format!("{FORM}={}", "A".repeat(43));
    for (cookie, form) in [
        ("", form.as_str()),
        (&other, &form),
        (&cookie, "link=x"),
        (&cookie, ""),
    ] {
        let answer = world.submit("/sign-in", cookie, form).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.cookie(SESSION).is_none());
    }
    let elsewhere = world
        .request(Method::POST, "/sign-in")
        .header("cookie", &cookie)
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.clone());
    assert_eq!(world.send(elsewhere).await.status, StatusCode::FORBIDDEN);
    let origin = world
        .request(Method::POST, "/sign-in")
        .header("cookie", &cookie)
        .header("origin", "https://elsewhere.example")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.clone());
    assert_eq!(world.send(origin).await.status, StatusCode::FORBIDDEN);
    let right = world.submit("/sign-in", &cookie, &form).await;
    assert_eq!(
        right.status,
        StatusCode::SEE_OTHER,
        "none of these used the link up"
    );
    world.stop().await;
}

#[tokio::test]
async fn signing_out_needs_the_sessions_own_form_and_ends_the_session() {
    let world = World::new().await;
    let session = world.session().await;
    let page = world.get("/", &session).await;
    assert_eq!(page.status, StatusCode::OK);
    let token = hidden(&page.text(), "form_token");
    let forged = world.submit("/sign-out", &session, "form_token=x").await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert_eq!(world.get("/", &session).await.status, StatusCode::OK);
    let form = format!("form_token={token}");
    let out = world.submit("/sign-out", &session, &form).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert_eq!(
        world.get("/", &session).await.status,
        StatusCode::UNAUTHORIZED
    );
    world.stop().await;
}

#[tokio::test]
async fn without_a_session_no_page_and_no_data_is_given() {
    let world = World::new().await;
    let case = "01890000-0000-7000-8000-000000000000";
    let pages = ["/".to_owned(), format!("/children/{case}")];
    let data = [
        "/api/v1/children".to_owned(),
        format!("/api/v1/children/{case}/timeline"),
        "/api/v1/changes".to_owned(),
    ];
    let foreign = format!("{SESSION}={}", "A".repeat(43));
    for cookie in ["", "__Host-samspor=", foreign.as_str()] {
        for path in &pages {
            let answer = world.get(path, cookie).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
            assert!(answer.text().contains("Du er ikke logget ind"), "{path}");
        }
        for path in &data {
            let answer = world.get(path, cookie).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
            assert_eq!(answer.headers["content-type"], "application/problem+json");
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn pages_are_kept_out_of_caches_frames_and_inline_scripts() {
    let world = World::new().await;
    let page = world.get("/sign-in", "").await;
    let policy = page.headers["content-security-policy"]
        .to_str()
        .expect("text");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"));
    assert!(policy.contains("frame-ancestors 'none'"));
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(page.headers["referrer-policy"], "same-origin");
    let text = page.text();
    assert!(!text.contains("<style") && !text.contains(" style=") && !text.contains("onclick"));
    world.stop().await;
}

#[tokio::test]
async fn a_page_speaks_danish_unless_asked_otherwise() {
    let world = World::new().await;
    let danish = world.get("/sign-in", "").await;
    assert!(danish.text().contains("<html lang=\"da\">"));
    let english = world.get("/sign-in?lang=en", "").await;
    assert!(english.text().contains("<html lang=\"en\">"));
    assert_eq!(english.cookie("samspor-lang").as_deref(), Some("en"));
    let kept = world.get("/sign-in", "samspor-lang=en").await;
    assert!(kept.text().contains("Sign in"));
    world.stop().await;
}
