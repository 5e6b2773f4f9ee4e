//! Starting, stopping, and every reason not to start.

use super::*;
use crate::{StartError, keys, organisation::OpenError};
use samspor_protocol::hash::Hash32;

#[tokio::test]
async fn a_first_start_makes_everything_and_a_second_keeps_the_key_the_pin_and_the_organisation() {
    let world = World::new().await;
    let before = (
        world.server.pin(),
        world.server.organisation(),
        world.server.organisation_key(),
    );
    let folder = world.folder;
    world.admin.close().await;
    world.server.stop().await;

    // A certificate that cannot be used any more is renewed; its key is not.
    let certificate = folder.path().join(keys::FOLDER).join("tls.crt");
    let first = std::fs::read(&certificate).expect("a certificate");
    std::fs::remove_file(&certificate).expect("removes");
    let server = Server::start(settings(&folder))
        .await
        .expect("starts again");
    let after = (
        server.pin(),
        server.organisation(),
        server.organisation_key(),
    );
    assert_eq!(before, after);
    assert_ne!(first, std::fs::read(&certificate).expect("renewed"));
    server.stop().await;
}

#[tokio::test]
async fn a_certificate_that_holds_is_kept_and_a_new_address_renews_it() {
    let folder = TempDir::new().expect("a folder");
    let certificate = folder.path().join(keys::FOLDER).join("tls.crt");
    let mut certificates = Vec::new();
    for url in [None, None, Some("https://samspor.example.dk".to_owned())] {
        let settings = Settings {
            url,
            ..settings(&folder)
        };
        let server = Server::start(settings).await.expect("starts");
        server.stop().await;
        certificates.push(std::fs::read(&certificate).expect("a certificate"));
    }
    assert_eq!(certificates[0], certificates[1]);
    assert_ne!(certificates[1], certificates[2]);
}

#[tokio::test]
async fn the_pin_is_that_of_the_key_which_the_server_shows() {
    let world = World::new().await;
    let code = world.code().await;
    assert_eq!(code.pin, Some(world.server.pin()));
    assert_eq!(code.organisation_key, world.server.organisation_key());
    let file = world.folder.path().join(keys::FOLDER).join("tls.crt");
    let certificate = {
        use rustls_pki_types::{CertificateDer, pem::PemObject as _};
        CertificateDer::from_pem_file(file).expect("a certificate")
    };
    let parsed = webpki::EndEntityCert::try_from(&certificate).expect("parses");
    let spki = parsed.subject_public_key_info();
    assert_eq!(Hash32::of(&spki), world.server.pin());
    world.stop().await;
}

#[tokio::test]
async fn a_second_server_on_the_folder_is_refused_and_the_first_goes_on() {
    let world = World::new().await;
    let second = Server::start(settings(&world.folder)).await.err();
    let error = second.expect("refused");
    assert!(matches!(error, StartError::Running { .. }), "{error}");
    assert!(error.to_string().contains("another server is running"));
    let answer = world.send(world.request(Method::GET, "/healthz")).await;
    assert_eq!(answer.status, StatusCode::OK);
    world.stop().await;
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("binds");
    let address = taken.local_addr().expect("an address");
    let folder = TempDir::new().expect("a folder");
    let settings = Settings {
        listen: address,
        ..settings(&folder)
    };
    let error = Server::start(settings).await.err().expect("refused");
    assert!(matches!(error, StartError::PortTaken { .. }), "{error}");
    assert!(error.to_string().contains(&address.to_string()));
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("a-file");
    std::fs::write(&file, "").expect("writes");
    for path in [file.join("data"), file.clone(), "/proc/samspor".into()] {
        let settings = Settings {
            listen: ([127, 0, 0, 1], 0).into(),
            ..Settings::in_folder(&path)
        };
        let error = Server::start(settings).await.err().expect("refused");
        let named = matches!(&error, StartError::Open(OpenError::Folder { path: named, .. }) if *named == path);
        assert!(named, "{error}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_that_may_not_be_written_is_said_to_be_so() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = TempDir::new().expect("a folder");
    let mode =
        |mode| std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(mode));
    mode(0o500).expect("sets");
    // The superuser writes everywhere: then there is nothing to refuse.
    let refused = std::fs::write(folder.path().join("probe"), "").is_err();
    let started = Server::start(settings(&folder)).await;
    mode(0o700).expect("sets");
    match started {
        Err(error) => assert!(matches!(error, StartError::Lock { .. }), "{error}"),
        Ok(server) => {
            assert!(!refused, "started in a folder that may not be written");
            server.stop().await;
        }
    }
}

#[tokio::test]
async fn unreadable_and_unmatched_certificates_are_named() {
    let folder = TempDir::new().expect("a folder");
    let (one, other) = (
        folder.path().join("one.pem"),
        folder.path().join("other.pem"),
    );
    let pair = |path: &std::path::Path| {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("makes");
        std::fs::write(path, made.cert.pem()).expect("writes");
        std::fs::write(path.with_extension("key"), made.signing_key.serialize_pem())
            .expect("writes");
    };
    pair(&one);
    pair(&other);
    let missing = folder.path().join("missing.pem");
    let rows = [
        (missing.clone(), one.with_extension("key"), "missing.pem"),
        (one.clone(), missing, "missing.pem"),
        (
            one.with_extension("key"),
            one.with_extension("key"),
            "no certificate",
        ),
        (
            one.clone(),
            other.with_extension("key"),
            "do not go together",
        ),
    ];
    for (certificate, key, expected) in rows {
        let data = TempDir::new().expect("a folder");
        let settings = Settings {
            tls_files: Some(crate::settings::TlsFiles { certificate, key }),
            ..settings(&data)
        };
        let error = Server::start(settings).await.err().expect("refused");
        assert!(error.to_string().contains(expected), "{expected}: {error}");
    }
}

#[tokio::test]
async fn a_database_without_its_keys_is_refused() {
    let world = World::new().await;
    let folder = world.folder;
    world.admin.close().await;
    world.server.stop().await;
    std::fs::remove_dir_all(folder.path().join(keys::FOLDER)).expect("removes");
    let error = Server::start(settings(&folder))
        .await
        .err()
        .expect("refused");
    assert!(error.to_string().contains("put `keys/` back"), "{error}");
}

#[tokio::test]
async fn a_server_without_a_database_to_write_is_alive_and_not_ready() {
    let world = World::new().await;
    let ready = world.send(world.request(Method::GET, "/readyz")).await;
    assert_eq!(
        (ready.status, ready.text().as_str()),
        (StatusCode::OK, "ready\n")
    );
    world.admin.close().await;
    world.server.close_database().await;
    let alive = world
        .client
        .get(format!("https://{}/healthz", world.server.address()));
    let alive = Answered::of(alive.send().await.expect("answers")).await;
    assert_eq!(alive.status, StatusCode::OK);
    let ready = world
        .client
        .get(format!("https://{}/readyz", world.server.address()));
    let ready = Answered::of(ready.send().await.expect("answers")).await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    world.server.stop().await;
}
