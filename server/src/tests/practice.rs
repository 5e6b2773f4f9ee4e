//! A team's figures: who is shown them, what they are out of, and that nothing else is in them.

use super::{
    methods::{code, set, text},
    pages::{Story, story},
    *,
};
use samspor_documents::{document::Edit, value::Value};

impl World {
    /// Somebody with a role in the team, signed in.
    async fn signed_in_as(&self, name: &str, role: Role, team: TeamId) -> String {
        let who = self.admin.add_practitioner(name, "").await.expect("added");
        let joined = self.admin.add_membership(who, team, role).await;
        joined.expect("a member");
        self.projected().await;
        self.session_of(who).await
    }
}

fn decision(heard: &str) -> Vec<Edit> {
    vec![
        set("subject_line", text("Hemmelig afgørelse")),
        set("child_heard", code(heard)),
    ]
}

fn feedback(from: &str, usefulness: i64) -> Vec<Edit> {
    vec![
        set("about_what", text("Hemmeligt emne")),
        set("from", code(from)),
        set("usefulness", Value::Integer(usefulness)),
    ]
}

/// A team with three decisions of the last year, one before it, and feedback from two sides.
async fn counted() -> Story {
    let mut story = story().await;
    let (world, mette) = (&story.world, &mut story.mette);
    let now = crate::clock::now();
    let long_ago = now.plus(-400 * 24 * 60 * 60 * 1000);
    for (at, heard) in [
        (now, "yes"),
        (now, "partly"),
        (now, "no"),
        (long_ago, "yes"),
    ] {
        let written = mette.write_edits(world, story.case, "decision", at, decision(heard));
        written.await;
    }
    for (from, mark) in [("staff", 8), ("staff", 8), ("leader", 3)] {
        let written = mette.write_edits(world, story.case, "feedback", now, feedback(from, mark));
        written.await;
    }
    world.projected().await;
    story
}

#[tokio::test]
async fn coordinators_and_leaders_see_their_teams_figures_and_no_case_behind_them() {
    let Story { world, case, .. } = counted().await;
    let team = world.team;
    let leader = world.signed_in_as("Lis Leder", Role::Leader, team).await;
    let coordinator = world
        .signed_in_as("Kai Kristensen", Role::Coordinator, team)
        .await;
    for session in [&leader, &coordinator] {
        let page = world.get("/practice", session).await;
        assert_eq!(page.status, StatusCode::OK);
        let page = page.text();
        assert!(
            page.contains("<strong>2</strong> ud af <strong>3</strong>"),
            "{page}"
        );
        assert!(
            page.contains("Nytte 8</th><td class=\"count\">2</td>"),
            "{page}"
        );
        for secret in ["Hemmelig", "Freja", "Mette", &case.to_string()] {
            assert!(!page.contains(secret), "{secret}");
        }
        let data = world.get("/api/v1/practice", session).await;
        let data: serde_json::Value = serde_json::from_slice(&data.body).expect("JSON");
        let heard = &data["teams"][0]["heard"];
        assert_eq!(
            (&heard["decisions"], &heard["heard"]),
            (&3.into(), &1.into())
        );
        assert_eq!(
            data["teams"][0]["feedback"]["leaders"]["usefulness"]["3"],
            1
        );
        let start = world.get("/", session).await.text();
        assert!(start.contains("href=\"/practice\""));
    }
    // A leader reads no case by role.
    let refused = world.get(&format!("/children/{case}"), &leader).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    world.stop().await;
}

#[tokio::test]
async fn figures_are_not_there_for_who_neither_coordinates_nor_leads_the_team() {
    let Story {
        world,
        session: member,
        ..
    } = counted().await;
    let other = world
        .admin
        .add_team("Vest", TeamKind::Ppr)
        .await
        .expect("a team");
    let elsewhere = world
        .signed_in_as("Ib Andetsteds", Role::Leader, other)
        .await;
    let page = world.get("/practice", &elsewhere).await.text();
    assert!(
        page.contains("0 ud af 0") && !page.contains("<strong>3</strong>"),
        "{page}"
    );
    for path in ["/practice", "/api/v1/practice"] {
        assert_eq!(
            world.get(path, &member).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
        assert_eq!(
            world.get(path, "").await.status,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
    }
    assert!(!world.get("/", &member).await.text().contains("/practice"));
    world.stop().await;
}
