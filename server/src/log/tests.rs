//! The log's own promises: gap-free, chained, and access that follows from it.

use super::*;
use crate::{access, store::Store};
use samspor_documents::{
    id::{OrganisationId, PractitionerId, SpaceId, TeamId},
    permission,
};
use samspor_protocol::fact::{FactBody, Membership, Practitioner, Role, Team, TeamKind};
use tempfile::TempDir;

const ORGANISATION: OrganisationId = OrganisationId::from_bytes([1; 16]);
const TEAM: TeamId = TeamId::from_bytes([2; 16]);
const ANNA: PractitionerId = PractitionerId::from_bytes([3; 16]);

async fn store() -> (TempDir, Store) {
    let folder = TempDir::new().expect("folder");
    let store = Store::open(folder.path()).await.expect("opens");
    let mut tx = store.write().await.expect("writes");
    begin(&mut tx, ORGANISATION, [9; 16]).await.expect("begins");
    tx.commit().await.expect("commits");
    (folder, store)
}

const CASE: SpaceId = SpaceId::from_bytes([6; 16]);

async fn say(store: &Store, facts: &[FactBody]) -> Vec<(samspor_documents::id::FactId, Seq)> {
    let mut tx = store.write().await.expect("writes");
    let appended = append_facts(&mut tx, &Secret::new(&[5; 32]), ORGANISATION, facts)
        .await
        .expect("appends");
    tx.commit().await.expect("commits");
    appended
}

fn team() -> FactBody {
    FactBody::Team(Team {
        team: TEAM,
        name: "Nord".to_owned(),
        kind: TeamKind::Ppr,
        caseload: None,
    })
}

fn membership(role: Role, ended: bool) -> FactBody {
    FactBody::Membership(Membership {
        practitioner: ANNA,
        team: TEAM,
        role,
        ended,
    })
}

#[tokio::test]
async fn the_log_is_gap_free_and_its_chain_follows_from_its_entries() {
    let (_folder, store) = store().await;
    let anna = FactBody::Practitioner(Practitioner {
        practitioner: ANNA,
        name: "Anna".to_owned(),
        title: String::new(),
    });
    say(&store, &[anna.clone(), team()]).await;
    say(&store, &[membership(Role::Practitioner, false), anna]).await;
    let mut tx = store.read().await.expect("reads");
    let rows: Vec<(Seq, Vec<u8>, Vec<u8>)> =
        sqlx::query_as("SELECT seq, commitment, chain FROM entries ORDER BY seq")
            .fetch_all(&mut *tx)
            .await
            .expect("rows");
    let mut chain = Chain::START;
    for (index, (seq, commitment, stored)) in rows.iter().enumerate() {
        assert_eq!(seq.0, i64::try_from(index).expect("small") + 1);
        let commitment: [u8; 32] = commitment.as_slice().try_into().expect("32");
        chain = chain.after(*seq, &samspor_protocol::hash::Hash32(commitment));
        assert_eq!(stored.as_slice(), chain.0);
    }
    assert_eq!(rows.len(), 4);
    assert_eq!(head(&mut tx).await.expect("head").chain, chain);
}

#[tokio::test]
async fn a_fact_said_again_is_a_newer_version_and_a_membership_opens_and_ends() {
    let (_folder, store) = store().await;
    say(&store, &[team()]).await;
    let first = say(&store, &[membership(Role::Practitioner, false)]).await;
    let second = say(&store, &[membership(Role::Practitioner, true)]).await;
    assert_eq!(first[0].0, second[0].0);
    let mut tx = store.read().await.expect("reads");
    assert_eq!(next_version(&mut tx, first[0].0).await.expect("version"), 3);
    let history = access::load_one(&mut tx, ANNA, Seq::ZERO)
        .await
        .expect("loads");
    let cases = history.cases_of(TEAM, first[0].1).expect("open");
    assert!(history.may(permission::Act::Write, cases, CASE, first[0].1));
    assert!(!history.may(permission::Act::Read, cases, CASE, second[0].1));
    assert_eq!(history.at(second[0].1).count(), 1, "the organisation's own");
}

#[tokio::test]
async fn a_membership_of_an_unknown_team_is_refused_whole() {
    let (_folder, store) = store().await;
    let mut tx = store.write().await.expect("writes");
    let facts = [membership(Role::Practitioner, false)];
    let result = append_facts(&mut tx, &Secret::new(&[5; 32]), ORGANISATION, &facts).await;
    assert!(result.is_err());
}

fn anna() -> FactBody {
    FactBody::Practitioner(Practitioner {
        practitioner: ANNA,
        name: "Anna".to_owned(),
        title: String::new(),
    })
}

/// The grounds that stand open to Anna, by their kinds, and whether her private space is one.
async fn private_space(store: &Store) -> (bool, Option<Seq>) {
    let mut tx = store.read().await.expect("reads");
    let history = access::load_one(&mut tx, ANNA, Seq::ZERO)
        .await
        .expect("loads");
    let private = history
        .at(Seq(1))
        .find(|one| one.ground.kind == access::GroundKind::Private);
    let space: Option<Seq> = sqlx::query_scalar(
        "SELECT s.seq FROM spaces AS s JOIN grounds AS g ON g.ground = s.ground WHERE s.space = ? AND g.kind = 3",
    )
    .bind(ANNA.as_bytes().to_vec())
    .fetch_optional(&mut *tx)
    .await
    .expect("reads");
    let writes = private.is_some_and(|one| {
        let own = ANNA.private_space();
        history.may(permission::Act::Write, one.ground.ground, own, Seq(1))
    });
    (writes, space)
}

#[tokio::test]
async fn a_practitioners_first_fact_makes_their_private_space_and_a_later_one_leaves_it() {
    let (_folder, store) = store().await;
    assert_eq!(private_space(&store).await, (false, None));
    let appended = say(&store, &[anna()]).await;
    assert_eq!(private_space(&store).await, (true, Some(appended[0].1)));
    say(&store, &[anna()]).await;
    assert_eq!(private_space(&store).await, (true, Some(appended[0].1)));
}

#[tokio::test]
async fn who_was_there_before_private_spaces_gets_one_when_the_log_is_opened() {
    let (_folder, store) = store().await;
    let appended = say(&store, &[team(), anna(), anna()]).await;
    let mut tx = store.write().await.expect("writes");
    for sql in [
        "DELETE FROM spaces WHERE ground IN (SELECT ground FROM grounds WHERE kind = 3)",
        "DELETE FROM grounds WHERE kind = 3",
    ] {
        sqlx::query(sql).execute(&mut *tx).await.expect("deletes");
    }
    tx.commit().await.expect("commits");
    assert_eq!(private_space(&store).await, (false, None));
    for _ in 0..2 {
        let mut tx = store.write().await.expect("writes");
        begin(&mut tx, ORGANISATION, [8; 16]).await.expect("begins");
        tx.commit().await.expect("commits");
        assert_eq!(private_space(&store).await, (true, Some(appended[1].1)));
    }
}
