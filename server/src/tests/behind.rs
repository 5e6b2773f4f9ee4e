//! Who is behind: what devices say of themselves, shown to the coordinators of their teams and to nobody else.

use super::{pages::Writer, *};
use samspor_protocol::feed::{FeedRequest, Tells};

const DAY: u64 = 24 * 60 * 60 * 1000;
const HEADING: &str = "Telefoner, iPads og computere";

impl Writer {
    /// Asks for a page; as an older device, where it says nothing of itself.
    async fn ask(&self, world: &World, tells: Option<Tells>) {
        let request = FeedRequest {
            cursor: None,
            wait_millis: 0,
            bytes_max: 1_000_000,
            tells,
        };
        let answer = self.device.post(world, "/v1/feed", wire::encode(&request));
        assert_eq!(answer.await.status, StatusCode::OK);
    }
}

impl World {
    async fn become_a(&self, role: Role) {
        let admin = &self.admin;
        let joined = admin.add_membership(self.practitioner, self.team, role);
        joined.await.expect("a member");
        self.projected().await;
    }
}

fn says(waiting: u32, oldest_millis: Option<u64>) -> Option<Tells> {
    Some(Tells {
        waiting,
        oldest_millis,
        clock_offset_millis: -1_500,
    })
}

#[tokio::test]
async fn coordinators_see_who_of_their_teams_is_behind_and_others_see_nothing() {
    let world = World::new().await;
    let ppr = world
        .admin
        .add_team("PPR", TeamKind::Ppr)
        .await
        .expect("a team");
    let mette = Writer::of(&world, 7, "Mette Kjær", world.team).await;
    let anne = Writer::of(&world, 8, "Anne Ødegaard", world.team).await;
    let jonas = Writer::of(&world, 9, "Jonas Bech", ppr).await;
    mette.ask(&world, says(3, Some(DAY + 60_000))).await;
    jonas.ask(&world, says(5, None)).await;
    let session = world.session().await;
    for role in [Role::Practitioner, Role::Leader] {
        world.become_a(role).await;
        let page = world.get("/", &session).await.text();
        assert!(
            !page.contains(HEADING) && !page.contains("Mette Kjær"),
            "{page}"
        );
    }
    world.become_a(Role::Coordinator).await;
    let page = world.get("/", &session).await.text();
    for text in [
        HEADING,
        "Mette Kjær",
        "Anne Ødegaard",
        "3 ikke afleveret, ældste fra",
        "Endnu ikke i forbindelse",
    ] {
        assert!(page.contains(text), "{text} in {page}");
    }
    assert!(!page.contains("Jonas Bech"), "of another team");
    // What waited is delivered, and a device that says nothing takes nothing back.
    mette.ask(&world, says(0, None)).await;
    anne.ask(&world, says(1, None)).await;
    anne.ask(&world, None).await;
    let page = world.get("/", &session).await.text();
    assert!(!page.contains("3 ikke afleveret"), "{page}");
    assert!(page.contains("1 ikke afleveret"), "{page}");
    let english = world.get("/?lang=en", &session).await.text();
    assert!(english.contains("1 not delivered"), "{english}");
    let (practitioner, team) = (world.practitioner, world.team);
    let ended = world.admin.end_membership(practitioner, team).await;
    ended.expect("ends");
    world.projected().await;
    assert!(!world.get("/", &session).await.text().contains(HEADING));
    world.stop().await;
}

#[tokio::test]
async fn how_a_device_stands_outlives_the_server() {
    let world = World::new().await;
    let before = crate::clock::now();
    let mette = Writer::of(&world, 7, "Mette Kjær", world.team).await;
    mette.ask(&world, says(2, Some(1_000))).await;
    mette.push(&world, Vec::new()).await;
    let folder = world.folder.path().to_owned();
    let World {
        folder: keep,
        server,
        admin,
        ..
    } = world;
    admin.close().await;
    server.stop().await;
    let admin = Admin::open(&folder).await.expect("opens");
    let rows = admin.devices().await.expect("lists");
    let contact = rows.first().expect("a device").contact;
    let told = contact.told.expect("it said so");
    assert_eq!((told.waiting, told.clock_offset_millis), (2, -1_500));
    assert!(
        told.oldest_waiting_at
            .is_some_and(|at| at >= before.plus(-2_000))
    );
    for at in [
        contact.last_contact_at,
        contact.last_push_at,
        contact.up_to_date_at,
    ] {
        assert!(at.is_some_and(|at| at >= before));
    }
    admin.close().await;
    drop(keep);
}
