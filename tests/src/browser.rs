//! A browser as far as the stories need one: it signs in by a link, and reads pages and their data.

use crate::hand_made::speak_tls;
use anyhow::{Context as _, Result, ensure};
use reqwest::{Client, Response, header, redirect};

/// A signed-in browser.
pub struct Browser {
    client: Client,
    url: String,
    cookie: String,
}

fn cookie(answer: &Response) -> Result<String> {
    let cookies = answer.headers().get_all(header::SET_COOKIE).iter();
    let pairs = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
    let set = pairs.filter(|pair| !pair.ends_with('='));
    let cookies: Vec<&str> = set.collect();
    ensure!(!cookies.is_empty(), "no cookie is set");
    Ok(cookies.join("; "))
}

/// What a hidden field of a page's form says.
fn hidden(page: &str, name: &str) -> Result<String> {
    let (_, after) = page
        .split_once(&format!("name=\"{name}\" value=\""))
        .with_context(|| format!("no {name} on the page"))?;
    let (value, _) = after.split_once('"').context("an end")?;
    Ok(value.to_owned())
}

impl Browser {
    /// Signs in at the server of this address, by a one-time link.
    ///
    /// # Errors
    /// When it is not let in.
    pub async fn sign_in(url: &str, link: &str) -> Result<Self> {
        speak_tls();
        let client = Client::builder()
            .tls_danger_accept_invalid_certs(true)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build()?;
        let page = client.get(link).send().await?;
        let form_cookie = cookie(&page)?;
        let page = page.text().await?;
        let (link, token) = (hidden(&page, "link")?, hidden(&page, "form_token")?);
        let answer = client
            .post(format!("{url}/sign-in"))
            .header(header::COOKIE, form_cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(format!("link={link}&form_token={token}"))
            .send()
            .await?;
        ensure!(answer.status().is_redirection(), "{}", answer.status());
        Ok(Self {
            cookie: cookie(&answer)?,
            url: url.to_owned(),
            client,
        })
    }

    /// What stands at a path.
    ///
    /// # Errors
    /// When it is not shown.
    pub async fn read(&self, path: &str) -> Result<String> {
        let (status, text) = self.answer(path).await?;
        ensure!((200..300).contains(&status), "{status}");
        Ok(text)
    }

    /// What is answered at a path, shown or not.
    ///
    /// # Errors
    /// When nothing is.
    pub async fn answer(&self, path: &str) -> Result<(u16, String)> {
        let request = self.client.get(format!("{}{path}", self.url));
        let answer = request.header(header::COOKIE, &self.cookie).send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }
}
