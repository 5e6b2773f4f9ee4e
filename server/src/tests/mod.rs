//! The whole server over TLS, as devices and browsers meet it.

mod additions;
mod behind;
mod browser;
mod contacts;
mod devices;
mod disclosing;
mod learning;
mod lifecycle;
mod live;
mod methods;
mod overview;
mod pages;
mod practice;
mod shared;
mod signing;

use crate::{RunningServer, Server, Settings, admin::Admin};
use ed25519_dalek::SigningKey;
use reqwest::{Client, Method, StatusCode};
use samspor_documents::{
    id::{DeviceId, OrganisationId, PractitionerId, TeamId},
    time::UnixMillis,
};
use samspor_protocol::{
    enrol::{EnrolRequest, EnrolResponse, EnrolmentCode},
    fact::{Role, TeamKind},
    problem::Problem,
    token, version, wire,
};
use tempfile::TempDir;

/// A running server in a folder of its own, with its administration.
struct World {
    folder: TempDir,
    server: RunningServer,
    admin: Admin,
    client: Client,
    team: TeamId,
    practitioner: PractitionerId,
}

/// An answer, read whole.
struct Answered {
    status: StatusCode,
    headers: reqwest::header::HeaderMap,
    body: Vec<u8>,
}

impl Answered {
    async fn of(response: reqwest::Response) -> Self {
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            body: response.bytes().await.expect("a body").to_vec(),
        }
    }

    fn problem(&self) -> Problem {
        wire::decode("problem", &self.body).expect("a problem")
    }

    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("text")
    }

    fn cookie(&self, name: &str) -> Option<String> {
        let cookies = self.headers.get_all("set-cookie").iter();
        let pairs = cookies.filter_map(|cookie| cookie.to_str().ok()?.split_once(';'));
        let mut pairs = pairs.filter_map(|(pair, _)| pair.split_once('='));
        pairs
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.to_owned())
    }
}

fn settings(folder: &TempDir) -> Settings {
    Settings {
        listen: ([127, 0, 0, 1], 0).into(),
        organisation: "Prøvekommune".to_owned(),
        ..Settings::in_folder(folder.path())
    }
}

fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .tls_danger_accept_invalid_certs(true)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client")
}

impl World {
    async fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let server = Server::start(settings(&folder)).await.expect("starts");
        let admin = Admin::open(folder.path()).await.expect("opens");
        let kind = TeamKind::HealthVisiting;
        let team = admin.add_team("Øst", kind).await.expect("a team");
        let practitioner = admin
            .add_practitioner("Mette Holm", "sundhedsplejerske")
            .await
            .expect("a practitioner");
        let role = Role::Practitioner;
        let joined = admin.add_membership(practitioner, team, role).await;
        joined.expect("a member");
        Self {
            folder,
            server,
            admin,
            client: client(),
            team,
            practitioner,
        }
    }

    fn url(&self, path: &str) -> String {
        format!("https://{}{path}", self.server.address())
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Answered {
        Answered::of(request.send().await.expect("an answer")).await
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, self.url(path))
    }

    /// A device's request with its version's header.
    fn post(&self, path: &str, body: Vec<u8>) -> reqwest::RequestBuilder {
        self.request(Method::POST, path)
            .header(version::HEADER, version::CURRENT)
            .body(body)
    }

    async fn code(&self) -> EnrolmentCode {
        self.code_of(self.practitioner).await
    }

    async fn code_of(&self, practitioner: PractitionerId) -> EnrolmentCode {
        let url = self.server.url();
        let code = self.admin.enrolment_code(practitioner, url).await;
        EnrolmentCode::from_text(&code.expect("a code")).expect("reads back")
    }

    /// Waits until everything logged is projected; the log's head.
    async fn projected(&self) -> i64 {
        let core = self.server.core();
        let mut tx = core.store().read().await.expect("reads");
        let head = crate::log::head(&mut tx).await.expect("head").seq;
        drop(tx);
        let mut heads = core.heads();
        let wait = heads.wait_for(|heads| heads.position >= head);
        let waited = tokio::time::timeout(std::time::Duration::from_secs(20), wait).await;
        waited.expect("the projector follows").expect("it runs");
        head.0
    }

    async fn stop(self) {
        self.admin.close().await;
        self.server.stop().await;
    }
}

/// A device that knows the wire.
struct TestDevice {
    key: SigningKey,
    speaker: token::Speaker,
}

impl TestDevice {
    fn request(number: u8, code: EnrolmentCode) -> EnrolRequest {
        let key = SigningKey::from_bytes(&[number; 32]);
        let device = DeviceId::from_bytes([number; 16]);
        EnrolRequest::sign(code.secret, device, [number; 16], crate::clock::now(), &key)
    }

    async fn enrolled(world: &World, number: u8) -> Self {
        let code = world.code().await;
        Self::enrolled_by(world, number, code).await
    }

    async fn enrolled_by(world: &World, number: u8, code: EnrolmentCode) -> Self {
        let request = Self::request(number, code);
        let answer = world
            .send(world.post("/v1/enrol", wire::encode(&request)))
            .await;
        assert_eq!(answer.status, StatusCode::OK);
        let response: EnrolResponse = wire::decode("response", &answer.body).expect("reads");
        Self::with(number, response.organisation)
    }

    fn with(number: u8, organisation: OrganisationId) -> Self {
        Self {
            key: SigningKey::from_bytes(&[number; 32]),
            speaker: token::Speaker {
                device: DeviceId::from_bytes([number; 16]),
                organisation,
                install: [number; 16],
            },
        }
    }

    fn token(&self, now: UnixMillis, path: &str, body: &[u8]) -> String {
        let request = token::Request {
            method: "POST",
            path,
            body,
        };
        token::make(&self.speaker, &self.key, now, &request)
    }

    async fn post(&self, world: &World, path: &str, body: Vec<u8>) -> Answered {
        let token = self.token(crate::clock::now(), path, &body);
        let request = world.post(path, body).bearer_auth(token);
        world.send(request).await
    }
}
