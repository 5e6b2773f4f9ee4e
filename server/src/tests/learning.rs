//! The page of learning lines: for the members of the teams that they were shared with, and nothing but the lines.

use super::{pages::Writer, *};
use samspor_documents::id::{OperationId, SpaceId};
use samspor_protocol::{
    circle::OpenCircle,
    closing::{CloseCircle, ReflectionKind},
    push::{Group, Operation},
};

const NOTHING: &str = "Ingen har delt læring med dine teams endnu";

impl Writer {
    /// Opens a circle and closes it with these lines, shared with these teams.
    async fn reflect(&self, world: &World, title: &str, lines: &[&str], teams: &[TeamId]) {
        let now = crate::clock::now();
        let name = || OperationId::make(now, crate::keys::random().expect("random"));
        let circle = SpaceId::make(now, crate::keys::random().expect("random"));
        let open = OpenCircle {
            title: title.to_owned(),
            participants: Vec::new(),
            about: Vec::new(),
            opened_at: now,
        };
        let close = CloseCircle {
            at: now,
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
            shared_with: teams.to_vec(),
            kind: ReflectionKind::VideoSparring,
        };
        let alone = |operation| Group {
            space: circle,
            document: None,
            operations: vec![operation],
        };
        let open = alone(Operation::open_circle(name(), &open));
        let close = alone(Operation::close_circle(name(), &close));
        self.push(world, vec![open, close]).await;
    }
}

#[tokio::test]
async fn members_of_a_team_see_what_was_shared_with_it_whatever_their_role() {
    let world = World::new().await;
    let ppr = world.admin.add_team("PPR", TeamKind::Ppr).await;
    let ppr = ppr.expect("a team");
    let mette = Writer::of(&world, 7, "Mette Kjær", world.team).await;
    let jonas = Writer::of(&world, 8, "Jonas Bech", ppr).await;
    world.projected().await;
    let session = world.session().await;
    let page = world.get("/learning", &session).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains(NOTHING));

    let lines = ["Spørg <b>barnet</b> først", "Mød dagtilbuddet før sommer"];
    mette
        .reflect(&world, "Hemmelig titel", &lines, &[world.team])
        .await;
    jonas
        .reflect(&world, "Andre", &["Kun til PPR"], &[ppr])
        .await;
    for role in [Role::Practitioner, Role::Leader, Role::Coordinator] {
        let joined = world
            .admin
            .add_membership(world.practitioner, world.team, role)
            .await;
        joined.expect("a member");
        world.projected().await;
        let page = world.get("/learning", &session).await.text();
        for text in [
            "Videosparring",
            "Spørg &#60;b&#62;barnet&#60;/b&#62; først",
            lines[1],
            "1 deltager",
            "Øst",
        ] {
            assert!(page.contains(text), "{text} in {page}");
        }
        for secret in ["Hemmelig titel", "Mette Kjær", "Kun til PPR", "<b>barnet"] {
            assert!(!page.contains(secret), "{secret} in {page}");
        }
    }
    let english = world.get("/learning?lang=en", &session).await.text();
    assert!(english.contains("Video sparring"), "{english}");
    let (practitioner, team) = (world.practitioner, world.team);
    let ended = world.admin.end_membership(practitioner, team).await;
    ended.expect("ends");
    world.projected().await;
    let page = world.get("/learning", &session).await.text();
    assert!(page.contains(NOTHING), "{page}");
    let nobody = world.get("/learning", "").await;
    assert_ne!(nobody.status, StatusCode::OK);
    world.stop().await;
}
