//! Reasons that come about by what somebody else did meanwhile.

use crate::{
    Scene,
    phone::{Expected, Phone, bytes},
    table::says,
};
use anyhow::{Context as _, Result, ensure};
use samspor_documents::id::{PractitionerId, TeamId};
use samspor_protocol::{
    fact::{Caseload, Role, TeamKind},
    reason::Reason,
};
use samspor_tests::{wait, world::World};
use sqlx::{ConnectOptions as _, sqlite::SqliteConnectOptions};

#[tokio::test(flavor = "multi_thread")]
async fn no_access_what_was_written_when_the_membership_had_ended_is_delivered_when_it_is_back()
-> Result<()> {
    let scene = Scene::begin().await?;
    let anna = &scene.anna;
    let note = anna.note(&scene.case, "Åse sover godt").await?;
    scene
        .world
        .end_membership(scene.people[0], scene.team)
        .await?;
    wait::until("Bo to hear of it", async || {
        scene.bo.syncs().await?;
        let colleagues = scene.bo.done(&["teams"]).await?.to_string();
        Ok(!colleagues.contains("Anna Holm"))
    })
    .await?;
    anna.sync_is_refused().await?;
    let expected = Expected {
        reason: "no_access",
        says: says(&Reason::NoAccess),
        ways: &["retry", "export"],
        typed: "Åse sover godt",
    };
    anna.box_shows(&note, &expected).await?;
    scene
        .world
        .add_membership(scene.people[0], scene.team)
        .await?;
    wait::until("it to be delivered", async || {
        Ok(anna.run(&["not-delivered", "retry", &note]).await?.code == Some(0))
    })
    .await?;
    anna.box_is_empty().await?;
    scene.bo.syncs().await?;
    ensure!(scene.bo.text(&note).await? == "Åse sover godt");
    scene.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn signed_an_edit_that_came_after_the_signature_goes_on_as_an_addendum() -> Result<()> {
    let scene = Scene::begin().await?;
    let (anna, bo) = (&scene.anna, &scene.bo);
    let note = scene.note("Vægt 6,45 kg").await?;
    bo.edit(&note, "Vægt 6,54 kg").await?;
    anna.done(&["sign", &note]).await?;
    bo.sync_is_refused().await?;
    let expected = Expected {
        reason: "signed",
        says: says(&Reason::Signed),
        ways: &["addendum", "export"],
        typed: "Vægt 6,54 kg",
    };
    bo.box_shows(&note, &expected).await?;
    ensure!(bo.text(&note).await? == "Vægt 6,45 kg");
    let draft = bo
        .made("document", &["not-delivered", "addendum", &note])
        .await?;
    bo.box_is_empty().await?;
    let published = bo.made("document", &["publish", &draft]).await?;
    bo.syncs().await?;
    anna.syncs().await?;
    let text = anna.text(&published).await?;
    ensure!(text.contains("»6,45« rettet til »6,54«"), "{text}");
    scene.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn superseded_a_draft_published_on_the_other_device_leaves_what_was_typed_here_to_be_drafted()
-> Result<()> {
    let scene = Scene::begin().await?;
    let (phone, bo) = (&scene.anna, &scene.bo);
    let tablet = Phone::enrolled(&scene.world, scene.people[0]).await?;
    let write = ["draft", "note", "--case", &scene.case];
    let text = ["--text", "text=Åse sover godt"];
    let draft = phone
        .made("document", &[&write[..], &text].concat())
        .await?;
    phone.syncs().await?;
    tablet.syncs().await?;
    tablet.edit(&draft, "Åse sover godt, men kort").await?;
    let won = phone.made("document", &["publish", &draft]).await?;
    phone.syncs().await?;
    tablet.sync_is_refused().await?;
    let expected = Expected {
        reason: "superseded",
        says: says(&Reason::Superseded),
        ways: &["draft", "export"],
        typed: "Åse sover godt, men kort",
    };
    tablet.box_shows(&draft, &expected).await?;
    let again = tablet
        .made("document", &["not-delivered", "draft", &draft])
        .await?;
    tablet.box_is_empty().await?;
    ensure!(tablet.text(&again).await? == "Åse sover godt, men kort");
    let entry = tablet.made("document", &["publish", &again]).await?;
    tablet.syncs().await?;
    bo.syncs().await?;
    ensure!(bo.text(&entry).await? == "Åse sover godt, men kort");
    ensure!(bo.text(&won).await? == "Åse sover godt");
    scene.end().await
}

const UNSEEN: Expected<'static> = Expected {
    reason: "unseen_changes",
    says: [
        "Notatet var blevet ændret, før din godkendelse nåede frem, og er ikke godkendt.",
        "The entry had been changed before your signature arrived, and is not signed.",
    ],
    ways: &["retry", "discard", "export"],
    typed: "Fra tredjemand",
};

/// Anna signed a note that Bo had edited, and restricted it: neither is delivered.
async fn signed_unseen(scene: &Scene) -> Result<String> {
    let (anna, bo) = (&scene.anna, &scene.bo);
    let note = scene.note("Far drikker").await?;
    bo.edit(&note, "Far drikker ikke mere").await?;
    bo.syncs().await?;
    anna.made("document", &["sign", &note]).await?;
    let restrict = ["restrict", &note, "--ground", "Fra tredjemand"];
    anna.made("document", &restrict).await?;
    anna.sync_is_refused().await?;
    anna.box_shows(&note, &UNSEEN).await?;
    ensure!(anna.text(&note).await? == "Far drikker ikke mere");
    Ok(note)
}

/// The restriction that is left in the box goes through, and both have it.
async fn restricts_after_all(scene: &Scene, note: &str) -> Result<()> {
    scene.anna.done(&["not-delivered", "retry", note]).await?;
    scene.anna.box_is_empty().await?;
    for phone in [&scene.anna, &scene.bo] {
        wait::until("the restriction to arrive", async || {
            phone.syncs().await?;
            let timeline = phone.done(&["timeline", &scene.case]).await?;
            Ok(timeline["restricted"] == 1)
        })
        .await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn unseen_changes_and_earlier_refused_what_was_built_on_a_signature_waits_for_the_next_one()
-> Result<()> {
    let scene = Scene::begin().await?;
    let note = signed_unseen(&scene).await?;
    // Read and signed again, as the sentence says: what was built on the first signature is left.
    let anna = &scene.anna;
    anna.made("document", &["sign", &note]).await?;
    let left = Expected {
        reason: "earlier_refused",
        says: says(&Reason::EarlierRefused),
        ..UNSEEN
    };
    anna.box_shows(&note, &left).await?;
    restricts_after_all(&scene, &note).await?;
    scene.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn not_signed_a_restriction_tried_again_too_early_is_tried_again_after_the_signature()
-> Result<()> {
    let scene = Scene::begin().await?;
    let note = signed_unseen(&scene).await?;
    let anna = &scene.anna;
    let early = anna.run(&["not-delivered", "retry", &note]).await?;
    ensure!(early.code == Some(5), "{early:?}");
    anna.box_shows(&note, &UNSEEN).await?;
    anna.made("document", &["sign", &note]).await?;
    let left = Expected {
        reason: "not_signed",
        says: says(&Reason::NotSigned),
        ..UNSEEN
    };
    anna.box_shows(&note, &left).await?;
    restricts_after_all(&scene, &note).await?;
    scene.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn restricted_an_entry_that_a_colleague_restricted_meanwhile_is_disclosed_when_that_is_lifted()
-> Result<()> {
    let scene = Scene::begin().await?;
    let (anna, bo) = (&scene.anna, &scene.bo);
    scene.world.team("PPR", TeamKind::Ppr).await?;
    let note = scene.note("Far drikker").await?;
    anna.done(&["sign", &note]).await?;
    for phone in [anna, bo] {
        wait::until("the team and the signature to arrive", async || {
            phone.syncs().await?;
            let teams = phone.done(&["teams"]).await?.to_string();
            let read = phone.done(&["read", &note]).await?;
            Ok(teams.contains("PPR") && read["state"] == "signed")
        })
        .await?;
    }
    let disclose = ["share", "disclose", &scene.case, "--document", &note];
    let terms = ["--team", "PPR", "--purpose", "Overgang til skole"];
    let ground = ["--basis", "servicelov", "--no-consent", "der er pligt"];
    anna.made("share", &[&disclose[..], &terms, &ground].concat())
        .await?;
    let restrict = ["restrict", &note, "--ground", "Fra tredjemand"];
    bo.done(&restrict).await?;
    anna.sync_is_refused().await?;
    let id = anna.boxed().await?.pop().context("in the box")?;
    let expected = Expected {
        reason: "restricted",
        says: says(&Reason::Restricted),
        ways: &["retry", "export"],
        typed: "Åse",
    };
    anna.box_shows(&id, &expected).await?;
    let lift = ["restrict", &note, "--lift", "--ground", "Bekræftet"];
    bo.done(&lift).await?;
    anna.done(&["not-delivered", "retry", &id]).await?;
    anna.box_is_empty().await?;
    let shares = anna.done(&["share", "list", &scene.case]).await?;
    ensure!(shares["shares"][0]["kind"] == "disclosure", "{shares}");
    scene.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn closed_what_was_written_into_a_circle_that_was_closed_meanwhile_is_kept_in_a_file()
-> Result<()> {
    let scene = Scene::begin().await?;
    let (anna, bo) = (&scene.anna, &scene.bo);
    anna.done(&["circle", "open", "Overgang", "--with", "Bo Lind"])
        .await?;
    bo.syncs().await?;
    let write = ["write", "team_reflection", "--circle", "Overgang"];
    let words = ["--set", "question=Hvad ser vi?"];
    let typed = anna
        .made("document", &[&write[..], &words].concat())
        .await?;
    bo.done(&["circle", "close", "Overgang", "--line", "Spørg barnet"])
        .await?;
    anna.sync_is_refused().await?;
    let expected = Expected {
        reason: "closed",
        says: says(&Reason::Closed),
        ways: &["export"],
        typed: "Hvad ser vi?",
    };
    anna.box_shows(&typed, &expected).await?;
    moved_out(anna, &typed, "Hvad ser vi?").await?;
    scene.end().await
}

/// Without a file nothing that was typed is given up; with one it leaves the box.
async fn moved_out(phone: &Phone, id: &str, typed: &str) -> Result<()> {
    let bare = phone.run(&["not-delivered", "discard", id]).await?;
    ensure!(bare.code == Some(5) && bare.errors.contains("holds_writing"));
    let file = phone.file("moved.json");
    let path = file.display().to_string();
    phone
        .done(&["not-delivered", "discard", id, "--to", &path])
        .await?;
    phone.box_is_empty().await?;
    ensure!(tokio::fs::read_to_string(&file).await?.contains(typed));
    Ok(())
}

async fn assigned_team(world: &World, people: &[PractitionerId]) -> Result<TeamId> {
    let admin = world.admin().await?;
    let team = admin.add_team("PPR", TeamKind::Ppr).await?;
    admin.set_caseload(team, Caseload::Assigned).await?;
    for one in people {
        admin.add_membership(*one, team, Role::Practitioner).await?;
    }
    admin.close().await;
    Ok(team)
}

#[tokio::test(flavor = "multi_thread")]
async fn last_assigned_two_who_give_up_a_case_at_once_leave_it_with_the_second() -> Result<()> {
    let scene = Scene::begin().await?;
    let (anna, bo) = (&scene.anna, &scene.bo);
    assigned_team(&scene.world, &scene.people).await?;
    wait::until("the team to arrive", async || {
        anna.syncs().await?;
        Ok(anna.done(&["teams"]).await?.to_string().contains("PPR"))
    })
    .await?;
    let open = ["case", "open", "--team", "PPR", "--set", "kind=child"];
    let opened = anna
        .done(&[&open[..], &["--set", "name=Liv"]].concat())
        .await?;
    let case = opened["case"].as_str().context("a case")?.to_owned();
    anna.done(&["case", "assign", &case, "Bo Lind"]).await?;
    bo.syncs().await?;
    anna.done(&["case", "unassign", &case, "Anna Holm", "--offline"])
        .await?;
    bo.done(&["case", "unassign", &case, "Bo Lind", "--offline"])
        .await?;
    anna.syncs().await?;
    bo.sync_is_refused().await?;
    let expected = Expected {
        reason: "last_assigned",
        says: says(&Reason::LastAssigned),
        ways: &["retry", "discard", "export"],
        typed: "Liv",
    };
    bo.box_shows(&case, &expected).await?;
    ensure!(
        bo.told("da", &["case", "show", &case])
            .await?
            .contains("Liv")
    );
    // What the sentence says, and then once more.
    bo.made("case", &["case", "assign", &case, "Anna Holm"])
        .await?;
    bo.done(&["not-delivered", "retry", &case]).await?;
    bo.box_is_empty().await?;
    ensure!(bo.run(&["case", "show", &case]).await?.code == Some(4));
    anna.syncs().await?;
    ensure!(
        anna.told("da", &["case", "show", &case])
            .await?
            .contains("Liv")
    );
    scene.end().await
}

/// No command of this build expunges: the document's state is written into the server's database.
#[tokio::test(flavor = "multi_thread")]
async fn expunged_an_edit_of_an_expunged_entry_is_shown_to_who_wrote_it() -> Result<()> {
    let scene = Scene::begin().await?;
    let bo = &scene.bo;
    let note = scene.note("Forkert barn").await?;
    bo.edit(&note, "Forkert barn, ikke Åse").await?;
    let options = SqliteConnectOptions::new().filename(scene.world.server_database()?);
    let mut database = options.connect().await?;
    let done = sqlx::query("UPDATE documents SET state = 3 WHERE document = ?")
        .bind(bytes(&note)?)
        .execute(&mut database)
        .await?;
    ensure!(done.rows_affected() == 1);
    bo.sync_is_refused().await?;
    let expected = Expected {
        reason: "expunged",
        says: says(&Reason::Expunged),
        ways: &["draft", "export"],
        typed: "Forkert barn, ikke Åse",
    };
    bo.box_shows(&note, &expected).await?;
    moved_out(bo, &note, "Forkert barn, ikke Åse").await?;
    scene.end().await
}
