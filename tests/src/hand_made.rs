//! A device made by hand: it holds a key that the server enrolled, and then sends whatever it likes.
//! For what a real device would never send.

use anyhow::{Context as _, Result, bail, ensure};
use bytes::Bytes;
use ed25519_dalek::SigningKey;
use minicbor::Decode;
use reqwest::{Client, StatusCode, header};
use samspor_documents::{
    authoring::{Actor, Authoring},
    id::{DeviceId, DocumentId, OperationId, PractitionerId, SpaceId, TeamId},
    time::UnixMillis,
};
use samspor_protocol::{
    enrol::{EnrolRequest, EnrolResponse, EnrolmentCode},
    feed::{FeedRequest, Page},
    frame,
    problem::Problem,
    push::{Answer, Group, OpenCase, Operation, PushRequest, PushResponse},
    token::{self, Request, Speaker},
    version, wire,
};
use std::time::{SystemTime, UNIX_EPOCH};

/// So many bytes of the system's randomness.
///
/// # Errors
/// When it gives none.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// The machine's time.
#[must_use]
pub fn now() -> UnixMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    UnixMillis(since.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(0)))
}

/// Lets this process speak TLS; called again it changes nothing.
pub fn speak_tls() {
    // An error says that a provider is there already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A client that takes any certificate: these requests test the server, not the way to it.
///
/// # Errors
/// When it cannot be made.
pub fn client() -> Result<Client> {
    speak_tls();
    Ok(Client::builder()
        .tls_danger_accept_invalid_certs(true)
        .no_proxy()
        .build()?)
}

/// What a server said to one request.
#[derive(Debug, Clone)]
pub struct Said {
    /// Its status.
    pub status: StatusCode,
    /// The protocol version it wrote into its header.
    pub version: Option<String>,
    /// Its body.
    pub body: Bytes,
}

impl Said {
    /// The body as what it should be.
    ///
    /// # Errors
    /// When the status is not 200 or the body is something else.
    pub fn read<'b, T: Decode<'b, ()>>(&'b self) -> Result<T> {
        ensure!(
            self.status == StatusCode::OK,
            "{}: {:?}",
            self.status,
            self.problem()
        );
        Ok(wire::decode("answer", &self.body)?)
    }

    /// The problem it tells of.
    ///
    /// # Errors
    /// When it is none.
    pub fn problem(&self) -> Result<Problem> {
        ensure!(
            !self.status.is_success(),
            "it was no problem: {}",
            self.status
        );
        wire::decode("problem", &self.body).with_context(|| format!("{}", self.status))
    }
}

/// The device.
pub struct HandMade {
    /// Who it says it is.
    pub speaker: Speaker,
    /// The key it signs with.
    pub key: SigningKey,
    /// Whose it is.
    pub practitioner: PractitionerId,
    url: String,
    client: Client,
}

/// A request that can still be altered before it is sent.
pub struct Draft {
    /// The path it is sent to.
    pub path: String,
    /// The path its token is made for.
    pub path_signed: String,
    /// The body it is sent with.
    pub body: Vec<u8>,
    /// The protocol version it claims.
    pub version: String,
    /// When its token says it was made.
    pub at: UnixMillis,
}

/// An enrolment request of a device that nobody knows yet.
///
/// # Errors
/// Not a code, or no randomness.
pub fn enrolment(code: &str) -> Result<(EnrolRequest, SigningKey, EnrolmentCode)> {
    let code = EnrolmentCode::from_text(code)?;
    let key = SigningKey::from_bytes(&random()?);
    let device = DeviceId::make(now(), random()?);
    let secret = samspor_protocol::enrol::CodeSecret(code.secret.0);
    let request = EnrolRequest::sign(secret, device, random()?, now(), &key);
    Ok((request, key, code))
}

/// Sends one body to a path, unsigned.
///
/// # Errors
/// When the server is not reached.
pub async fn post(client: &Client, url: &str, path: &str, body: Vec<u8>) -> Result<Said> {
    let request = client
        .post(format!("{url}{path}"))
        .header(version::HEADER, version::CURRENT.to_string())
        .header(header::CONTENT_TYPE, version::MEDIA_CBOR)
        .body(body);
    said(request).await
}

async fn said(request: reqwest::RequestBuilder) -> Result<Said> {
    let answer = request.send().await?;
    let header = answer.headers().get(version::HEADER);
    let version = header
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    Ok(Said {
        status: answer.status(),
        version,
        body: answer.bytes().await?,
    })
}

impl HandMade {
    /// Enrols with a code.
    ///
    /// # Errors
    /// What the server had against it.
    pub async fn enrol(code: &str) -> Result<Self> {
        let (request, key, code) = enrolment(code)?;
        let client = client()?;
        let body = wire::encode(&request);
        let said = post(&client, &code.server, version::path::ENROL, body).await?;
        let enrolled: EnrolResponse = said.read()?;
        Ok(Self {
            speaker: Speaker {
                device: request.device,
                organisation: enrolled.organisation,
                install: request.install,
            },
            key,
            practitioner: enrolled.practitioner,
            url: code.server.clone(),
            client,
        })
    }

    /// Talks to this address from now on.
    pub fn lead_to(&mut self, url: String) {
        self.url = url;
    }

    /// A request as a real device would send it.
    #[must_use]
    pub fn draft(&self, path: &str, body: Vec<u8>) -> Draft {
        Draft {
            path: path.to_owned(),
            path_signed: path.to_owned(),
            body,
            version: version::CURRENT.to_string(),
            at: now(),
        }
    }

    /// The token of a draft.
    #[must_use]
    pub fn token(&self, draft: &Draft) -> String {
        let request = Request {
            method: "POST",
            path: &draft.path_signed,
            body: &draft.body,
        };
        token::make(&self.speaker, &self.key, draft.at, &request)
    }

    /// Sends a draft with its own token.
    ///
    /// # Errors
    /// When the server is not reached.
    pub async fn send(&self, draft: Draft) -> Result<Said> {
        let token = self.token(&draft);
        self.send_with(draft, &token).await
    }

    /// Sends a draft with this token.
    ///
    /// # Errors
    /// When the server is not reached.
    pub async fn send_with(&self, draft: Draft, token: &str) -> Result<Said> {
        let request = self
            .client
            .post(format!("{}{}", self.url, draft.path))
            .bearer_auth(token)
            .header(version::HEADER, draft.version)
            .header(header::CONTENT_TYPE, version::MEDIA_CBOR)
            .body(draft.body);
        said(request).await
    }

    /// Pushes these groups.
    ///
    /// # Errors
    /// When the push as a whole is not answered.
    pub async fn push(&self, groups: Vec<Group>) -> Result<Vec<Vec<Answer>>> {
        let body = wire::encode(&PushRequest { groups });
        let said = self.send(self.draft(version::path::PUSH, body)).await?;
        Ok(said.read::<PushResponse>()?.groups)
    }

    /// Pushes one operation and gives its answer.
    ///
    /// # Errors
    /// When the push as a whole is not answered.
    pub async fn push_one(
        &self,
        space: SpaceId,
        document: Option<DocumentId>,
        operation: Operation,
    ) -> Result<Answer> {
        let group = Group {
            space,
            document,
            operations: vec![operation],
        };
        let answers = self.push(vec![group]).await?;
        match answers.into_iter().flatten().next() {
            Some(answer) => Ok(answer),
            None => bail!("the answer is empty"),
        }
    }

    /// Opens a case of a team.
    ///
    /// # Errors
    /// When it is not accepted.
    pub async fn open_case(&self, team: TeamId) -> Result<SpaceId> {
        let space = SpaceId::make(now(), random()?);
        let operation = OperationId::make(now(), random()?);
        let opened_at = now();
        let operation = Operation::open_case(operation, &OpenCase { team, opened_at });
        let answer = self.push_one(space, None, operation).await?;
        ensure!(matches!(answer, Answer::Accepted { .. }), "{answer:?}");
        Ok(space)
    }

    /// Everything visible, from a cold start: the pages in their order.
    ///
    /// # Errors
    /// When a page does not come or does not read.
    pub async fn read_everything(&self) -> Result<Vec<Page>> {
        self.read_since(None).await
    }

    /// Everything new since a page's cursor: the pages in their order.
    ///
    /// # Errors
    /// When a page does not come or does not read.
    pub async fn read_since(&self, cursor: Option<Vec<u8>>) -> Result<Vec<Page>> {
        let mut pages = Vec::new();
        let mut cursor = cursor.map(Into::into);
        loop {
            let request = FeedRequest {
                cursor,
                wait_millis: 0,
                bytes_max: 1 << 20,
                tells: None,
            };
            let body = wire::encode(&request);
            let said = self.send(self.draft(version::path::FEED, body)).await?;
            ensure!(said.status == StatusCode::OK, "{:?}", said.problem());
            let page = frame::decode_page(&said.body)?;
            let done = page.end.up_to_date;
            cursor = Some(page.end.cursor.clone().into());
            pages.push(page);
            if done {
                return Ok(pages);
            }
        }
    }

    /// A new actor of this device, writing as its practitioner.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn authoring(&self) -> Result<Authoring> {
        Ok(Authoring {
            actor: Actor::make(self.speaker.device, random()?),
            author: self.practitioner,
            at: now(),
        })
    }
}
