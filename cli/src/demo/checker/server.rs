//! What the server shows a coordinator: signs in by a link as a browser does, and reads the pages' JSON.

use super::{CheckError, Held, expect::Expected};
use reqwest::{Certificate, Client, Response, header, redirect};
use samspor_documents::{
    id::{DocumentId, SpaceId},
    reading::Reading,
};
use serde::{Deserialize, de::DeserializeOwned};
use std::collections::{BTreeSet, HashMap};

/// What the server is called among the places.
pub(super) const PLACE: &str = "server";
/// Children, and entries, asked for at once.
const PAGE: usize = 200;

/// Where the server is, and how to come in.
#[derive(Debug, Clone)]
pub struct ServerPlace {
    /// `https://host:port`.
    pub url: String,
    /// A sign-in link that was not used yet.
    pub link: String,
    /// Its certificate, as PEM: nobody else vouches for it.
    pub certificate: Vec<u8>,
}

#[derive(Deserialize)]
struct ChildrenPage {
    children: Vec<ChildRow>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct ChildRow {
    cases: Vec<CaseRow>,
}

#[derive(Deserialize)]
struct CaseRow {
    case: SpaceId,
}

#[derive(Deserialize)]
struct TimelinePage {
    cases: Vec<CaseRow>,
    cards: Vec<DocumentRow>,
    entries: Vec<DocumentRow>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct DocumentRow {
    document: DocumentId,
    reading: Reading,
    /// Of cards there are none.
    #[serde(default)]
    signed: Vec<serde::de::IgnoredAny>,
}

/// A signed-in browser.
struct Browser<'a> {
    client: Client,
    place: &'a ServerPlace,
    cookie: String,
}

/// Reads every child, and every case that the journal names and no child has.
pub(super) async fn read(place: &ServerPlace, expected: &Expected) -> Result<Held, CheckError> {
    let browser = Browser::sign_in(place).await?;
    let mut held = Held {
        place: PLACE.to_owned(),
        in_sync: true,
        ..Held::default()
    };
    let mut left: BTreeSet<SpaceId> = expected
        .documents
        .values()
        .filter_map(|document| document.case)
        .collect();
    for group in browser.children().await? {
        if let Some(first) = group.first() {
            left = &left - &browser.timeline(*first, &mut held).await?;
        }
    }
    while let Some(case) = left.pop_first() {
        left = &left - &browser.timeline(case, &mut held).await?;
    }
    Ok(held)
}

impl<'a> Browser<'a> {
    async fn sign_in(place: &'a ServerPlace) -> Result<Self, CheckError> {
        let certificate = Certificate::from_pem(&place.certificate)?;
        let client = Client::builder()
            .tls_certs_only([certificate])
            .redirect(redirect::Policy::none())
            .build()?;
        let page = client.get(&place.link).send().await?;
        let form_cookie = cookie(&page).ok_or(CheckError::Page("no form cookie"))?;
        let page = page.text().await?;
        let (link, token) = (hidden(&page, "link")?, hidden(&page, "form_token")?);
        let answer = client
            .post(format!("{}/sign-in", place.url))
            .header(header::COOKIE, form_cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(format!("link={link}&form_token={token}"))
            .send()
            .await?;
        if !answer.status().is_redirection() {
            return Err(CheckError::Answer {
                status: answer.status().as_u16(),
                route: "/sign-in",
            });
        }
        let cookie = cookie(&answer).ok_or(CheckError::Page("no session cookie"))?;
        Ok(Self {
            client,
            place,
            cookie,
        })
    }

    async fn get<T: DeserializeOwned>(
        &self,
        route: &'static str,
        path: &str,
    ) -> Result<Option<T>, CheckError> {
        let request = self.client.get(format!("{}{path}", self.place.url));
        let answer = request.header(header::COOKIE, &self.cookie).send().await?;
        match answer.status().as_u16() {
            200 => serde_json::from_slice(&answer.bytes().await?)
                .map(Some)
                .map_err(|_| CheckError::Page(route)),
            404 => Ok(None),
            status => Err(CheckError::Answer { status, route }),
        }
    }

    /// The cases of each child.
    async fn children(&self) -> Result<Vec<Vec<SpaceId>>, CheckError> {
        const ROUTE: &str = "/api/v1/children";
        let mut groups = Vec::new();
        let mut after = String::new();
        loop {
            let page: Option<ChildrenPage> = self
                .get(ROUTE, &format!("{ROUTE}?limit={PAGE}{after}"))
                .await?;
            let page = page.ok_or(CheckError::Answer {
                status: 404,
                route: ROUTE,
            })?;
            groups.extend(
                page.children
                    .into_iter()
                    .map(|child| child.cases.into_iter().map(|one| one.case).collect()),
            );
            let Some(next) = page.next else {
                return Ok(groups);
            };
            after = format!("&after={next}");
        }
    }

    /// Reads the whole timeline that a case is on, and says which cases are on it. A case that is not shown has none.
    async fn timeline(
        &self,
        case: SpaceId,
        held: &mut Held,
    ) -> Result<BTreeSet<SpaceId>, CheckError> {
        let mut together = BTreeSet::from([case]);
        let mut before = String::new();
        loop {
            let path = format!("/api/v1/children/{case}/timeline?limit={PAGE}{before}");
            let page: Option<TimelinePage> =
                self.get("/api/v1/children/{case}/timeline", &path).await?;
            let Some(page) = page else {
                return Ok(together);
            };
            together.extend(page.cases.iter().map(|one| one.case));
            let shown = page.cards.into_iter().chain(page.entries);
            for row in shown {
                if !row.signed.is_empty() {
                    held.signed.insert(row.document);
                }
                held.readings.insert(row.document, row.reading);
            }
            let Some(next) = page.next else { break };
            before = format!("&before={next}");
        }
        let group: HashMap<_, _> = together
            .iter()
            .map(|case| (*case, together.clone()))
            .collect();
        held.citizens.extend(group);
        Ok(together)
    }
}

/// The first cookie that an answer sets to something, as it is sent back.
fn cookie(answer: &Response) -> Option<String> {
    let set = answer.headers().get_all(header::SET_COOKIE).iter();
    let pairs = set.filter_map(|value| value.to_str().ok()?.split(';').next());
    pairs
        .filter(|pair| {
            pair.split_once('=')
                .is_some_and(|(name, value)| name.starts_with("__Host-") && !value.is_empty())
        })
        .map(str::to_owned)
        .next()
}

/// The value of a hidden field of a form.
fn hidden(page: &str, name: &str) -> Result<String, CheckError> {
    let (_, rest) = page
        .split_once(&format!("name=\"{name}\" value=\""))
        .ok_or(CheckError::Page("no sign-in form"))?;
    let (value, _) = rest
        .split_once('"')
        .ok_or(CheckError::Page("no sign-in form"))?;
    Ok(value.to_owned())
}
