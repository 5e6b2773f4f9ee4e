//! What the administration does to a folder, with and without a server.

use super::*;
use samspor_documents::id::SpaceId;
use samspor_protocol::fact::Caseload;
use tempfile::TempDir;

async fn admin() -> (TempDir, Admin) {
    let folder = TempDir::new().expect("a folder");
    let admin = Admin::open(folder.path()).await.expect("opens");
    (folder, admin)
}

#[tokio::test]
async fn an_organisation_is_begun_once() {
    let (folder, admin) = admin().await;
    assert!(matches!(
        admin.organisation().await,
        Err(AdminError::NoOrganisation)
    ));
    let early = admin.add_team("Øst", TeamKind::Ppr).await;
    assert!(matches!(early, Err(AdminError::NoOrganisation)));
    let first = admin
        .create_organisation(" Birkesø Kommune ")
        .await
        .expect("begun");
    let again = admin.create_organisation("En anden").await.expect("stands");
    assert_eq!(first, again);
    admin.close().await;
    let reopened = Admin::open(folder.path()).await.expect("opens");
    assert_eq!(reopened.organisation().await.expect("there"), first);
}

#[tokio::test]
async fn teams_people_and_memberships_are_listed_as_they_stand() {
    let (_folder, admin) = admin().await;
    admin.create_organisation("Birkesø").await.expect("begun");
    let team = admin
        .add_team(" PPR Midt ", TeamKind::Ppr)
        .await
        .expect("a team");
    let jonas = admin
        .add_practitioner("Jonas", "psykolog")
        .await
        .expect("added");
    let role = Role::Practitioner;
    for _ in 0..2 {
        admin
            .add_membership(jonas, team, role)
            .await
            .expect("joins");
    }
    admin
        .add_membership(jonas, team, Role::Coordinator)
        .await
        .expect("changes");
    let teams = admin.teams().await.expect("lists");
    assert_eq!((teams.len(), teams[0].name.as_str()), (1, "PPR Midt"));
    let people = admin.practitioners().await.expect("lists");
    assert_eq!(people[0].title, "psykolog");
    let stands = admin.memberships().await.expect("lists");
    assert_eq!(
        (stands.len(), stands[0].role, stands[0].ended),
        (1, Role::Coordinator, false)
    );

    admin.end_membership(jonas, team).await.expect("ends");
    let again = admin.end_membership(jonas, team).await;
    assert!(matches!(again, Err(AdminError::NoMembership)));
    assert!(admin.memberships().await.expect("lists")[0].ended);
    admin
        .add_membership(jonas, team, role)
        .await
        .expect("joins again");
    assert!(!admin.memberships().await.expect("lists")[0].ended);
}

#[tokio::test]
async fn what_is_not_there_or_cannot_stand_is_said_and_nothing_is_done() {
    let (_folder, admin) = admin().await;
    admin.create_organisation("Birkesø").await.expect("begun");
    let team = admin.add_team("Øst", TeamKind::Ppr).await.expect("a team");
    let jonas = admin.add_practitioner("Jonas", "").await.expect("added");
    let (nobody, nowhere) = (
        PractitionerId::from_bytes([1; 16]),
        TeamId::from_bytes([2; 16]),
    );
    let role = Role::Leader;
    let said = [
        admin.add_membership(nobody, team, role).await.err(),
        admin.add_membership(jonas, nowhere, role).await.err(),
        admin.add_team("", TeamKind::Ppr).await.err(),
        admin.add_practitioner("to\nlinjer", "").await.err(),
        admin.create_organisation("\u{202e}").await.err(),
        admin.enrolment_code(nobody, "https://a").await.err(),
        admin.enrolment_code(jonas, "http://a").await.err(),
        admin.enrolment_code(jonas, "https://a").await.err(),
        admin.sign_in_link(nobody, "https://a").await.err(),
        admin.sign_in_link(jonas, "https://a/b").await.err(),
        admin
            .revoke_device(DeviceId::from_bytes([1; 16]))
            .await
            .err(),
    ];
    let expected = [
        "no practitioner",
        "no team",
        "team's name",
        "practitioner's name",
        "organisation's name",
        "no practitioner",
        "https://host",
        "never been started",
        "no practitioner",
        "https://host",
        "no device",
    ];
    for (said, expected) in said.iter().zip(expected) {
        let said = said.as_ref().expect("refused").to_string();
        assert!(said.contains(expected), "{expected}: {said}");
    }
    assert!(admin.memberships().await.expect("lists").is_empty());
    assert!(admin.sign_in_link(jonas, "https://a:1/").await.is_ok());
}

/// A team, a member, a leader, and a case that somebody opened who has left.
async fn team_with_a_case(admin: &Admin) -> (TeamId, PractitionerId, PractitionerId, SpaceId) {
    admin.create_organisation("Birkesø").await.expect("begun");
    let team = admin.add_team("Øst", TeamKind::Ppr).await.expect("a team");
    let jonas = admin.add_practitioner("Jonas", "").await.expect("added");
    let leader = admin.add_practitioner("Lise", "").await.expect("added");
    for (who, role) in [(jonas, Role::Practitioner), (leader, Role::Leader)] {
        admin.add_membership(who, team, role).await.expect("joins");
    }
    let case = SpaceId::from_bytes([4; 16]);
    let mut tx = admin.opened.store.write().await.expect("writes");
    sqlx::query(
        "INSERT INTO spaces (space, ground, seq) SELECT ?, ground, 1 FROM grounds WHERE kind = 2 AND team = ?",
    )
    .bind(case.as_bytes().to_vec())
    .bind(team.as_bytes().to_vec())
    .execute(&mut *tx)
    .await
    .expect("a case");
    tx.commit().await.expect("commits");
    (team, jonas, leader, case)
}

#[tokio::test]
async fn a_caseload_is_set_both_ways_and_the_same_again_changes_nothing() {
    let (_folder, admin) = admin().await;
    let (team, ..) = team_with_a_case(&admin).await;
    let stands = |admin: &Admin| {
        let store = admin.opened.store.clone();
        async move {
            let mut tx = store.read().await.expect("reads");
            log::head(&mut tx).await.expect("head").seq
        }
    };
    for caseload in [Caseload::Assigned, Caseload::WholeTeam, Caseload::Assigned] {
        admin.set_caseload(team, caseload).await.expect("sets");
        let head = stands(&admin).await;
        admin.set_caseload(team, caseload).await.expect("stands");
        assert_eq!(stands(&admin).await, head);
        let teams = admin.teams().await.expect("lists");
        assert_eq!(
            (teams[0].caseload, teams[0].name.as_str()),
            (caseload, "Øst")
        );
    }
    let nowhere = TeamId::from_bytes([2; 16]);
    let refused = admin.set_caseload(nowhere, Caseload::Assigned).await;
    assert!(matches!(refused, Err(AdminError::NoTeam)));
}

#[tokio::test]
async fn a_case_that_nobody_has_is_listed_until_it_is_assigned_to_a_member_who_opens_cases() {
    let (_folder, admin) = admin().await;
    let (team, jonas, leader, case) = team_with_a_case(&admin).await;
    let row = |last| CaseRow { case, team, last };
    assert_eq!(admin.cases_with_nobody().await.expect("lists"), [row(None)]);
    let nobody = PractitionerId::from_bytes([1; 16]);
    let stranger = admin.add_practitioner("Anna", "").await.expect("added");
    let said = [
        admin.assign(case, nobody).await.err(),
        admin
            .assign(SpaceId::from_bytes([9; 16]), jonas)
            .await
            .err(),
        admin.assign(team.circle(), jonas).await.err(),
        admin.assign(case, stranger).await.err(),
        admin.assign(case, leader).await.err(),
    ];
    let expected = [
        "no practitioner",
        "no case",
        "no case",
        "not a member",
        "opens no case",
    ];
    for (said, expected) in said.iter().zip(expected) {
        let said = said.as_ref().expect("refused").to_string();
        assert!(said.contains(expected), "{expected}: {said}");
    }
    for _ in 0..2 {
        admin.assign(case, jonas).await.expect("assigned");
        assert!(admin.cases_with_nobody().await.expect("lists").is_empty());
    }
    admin.end_membership(jonas, team).await.expect("ends");
    let left = admin.cases_with_nobody().await.expect("lists");
    assert_eq!(left, [row(Some(jonas))]);
}
