//! What people do with their devices, and what becomes of the road.

use crate::{drawn::Drawn, model::What};
use anyhow::{Context as _, Result, bail, ensure};
use rand::{RngExt as _, seq::IndexedRandom as _};
use samspor_client_core::{DeviceError, NewShare};
use samspor_documents::{
    document::{Edit, Splice},
    id::{DocumentId, TeamId},
    time::UnixMillis,
};
use samspor_protocol::share::{Consent, LegalBasis, Recipient};
use samspor_tests::{
    hand_made::now,
    journal::token,
    person::{prose, text_in},
};

/// What a device may say to somebody who begins what is not theirs to do, or not any more. None: it is kept.
fn kept<T>(answer: Result<T, DeviceError>) -> Result<Option<T>> {
    use DeviceError as E;
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(
            E::UnknownCase
            | E::SharedForReading
            | E::UnknownDocument
            | E::UnknownDraft
            | E::UnknownTeam
            | E::UnknownPractitioner
            | E::Signed { .. }
            | E::Published { .. }
            | E::NotAuthor
            | E::LastAssigned
            | E::NoColleague
            | E::ShareWithOwnTeam
            | E::ShareOver
            | E::NoEvidence
            | E::Unreachable { .. },
        ) => Ok(None),
        Err(error) => bail!("{error:?}"),
    }
}

impl Drawn {
    /// One step of one device, of the administration, or of the road.
    pub async fn step(&mut self, number: u64) -> Result<()> {
        let device = self.rng.random_range(0..self.holders.len());
        match self.rng.random_range(0..100) {
            0..7 => self.open_case(device, number).await?,
            7..19 => self.write(device, number).await?,
            19..31 => self.add_text(device, number).await?,
            31..36 => self.draft(device, number).await?,
            36..41 => self.edit_draft(device, number).await?,
            41..46 => self.publish(device).await?,
            46..52 => self.sign(device).await?,
            52..61 => self.share(device).await?,
            61..67 => self.withdraw(device).await?,
            67..72 => self.assign(device).await?,
            72..74 => self.set_clock(device),
            74..77 => self.move_somebody().await?,
            77..78 => {
                let by_assignment = self.model.by_assignment.contains(&self.teams[1]);
                self.set_caseload(self.teams[1], !by_assignment).await?;
            }
            78..93 => self.sync_somehow(device).await?,
            _ => self.break_the_road(),
        }
        // What was not for the model is in the outbox all the same.
        self.ask(device, None).await
    }

    async fn open_case(&mut self, device: usize, number: u64) -> Result<()> {
        let who = self.holders[device].who;
        let team = *self.teams.choose(&mut self.rng).context("a team")?;
        // A case of those who come and go alone could be read by nobody in the end.
        if team == self.teams[1] && !self.stayers(team).contains(&who) {
            return Ok(());
        }
        if self.model.cases.len() < 12 {
            self.open_case_in(device, team, number).await?;
        }
        Ok(())
    }

    pub async fn open_case_in(&mut self, device: usize, team: TeamId, number: u64) -> Result<()> {
        let who = self.holders[device].who;
        let person = &self.holders[device].person;
        let Ok(case) = person.open_named_case(team, &token(number)).await else {
            return Ok(());
        };
        self.typed(number, device);
        self.ask(device, Some(What::Open(case, team, who))).await
    }

    pub async fn write(&mut self, device: usize, number: u64) -> Result<()> {
        let cases = self.own_cases(device).await?;
        let Some(case) = cases.choose(&mut self.rng).copied() else {
            return Ok(());
        };
        let fields = vec![prose("text", &token(number))];
        let written = self.device(device)?.write(case, "note", fields, None).await;
        if let Some(document) = kept(written)? {
            self.typed(number, device);
            self.ask(device, Some(What::Enter(document, case))).await?;
        }
        Ok(())
    }

    async fn insert(&mut self, device: usize, document: DocumentId, number: u64) -> Result<()> {
        let hands = self.device(device)?;
        let text = text_in(&hands.read(document).await?, "text")?;
        // Between tokens only: each can be found again whole.
        let ends = text.chars().enumerate().filter(|(_, one)| *one == '»');
        let places: Vec<usize> = ends.map(|(at, _)| at + 1).chain([0]).collect();
        let at = *places.choose(&mut self.rng).context("a place")?;
        let edits = vec![Splice {
            at,
            delete: 0,
            insert: token(number),
        }];
        let field = "text".to_owned();
        let edited = hands.edit(document, &[Edit::Text { field, edits }]).await;
        if kept(edited)?.is_some() {
            self.typed(number, device);
        }
        Ok(())
    }

    async fn add_text(&mut self, device: usize, number: u64) -> Result<()> {
        match self.own_entry(device).await? {
            Some((_, document)) => self.insert(device, document, number).await,
            None => Ok(()),
        }
    }

    async fn draft(&mut self, device: usize, number: u64) -> Result<()> {
        let cases = self.own_cases(device).await?;
        let Some(case) = cases.choose(&mut self.rng).copied() else {
            return Ok(());
        };
        let fields = vec![prose("text", &token(number))];
        let drafted = self.device(device)?.draft(case, "note", fields, None).await;
        if kept(drafted)?.is_some() {
            self.typed(number, device);
            self.model.count("draft");
        }
        Ok(())
    }

    async fn some_draft(&mut self, device: usize) -> Result<Option<DocumentId>> {
        let drafts = self.device(device)?.drafts(false).await?;
        Ok(drafts.choose(&mut self.rng).map(|row| row.document))
    }

    async fn edit_draft(&mut self, device: usize, number: u64) -> Result<()> {
        match self.some_draft(device).await? {
            Some(draft) => self.insert(device, draft, number).await,
            None => Ok(()),
        }
    }

    async fn publish(&mut self, device: usize) -> Result<()> {
        let Some(draft) = self.some_draft(device).await? else {
            return Ok(());
        };
        let hands = self.device(device)?;
        let case = hands.read(draft).await?.subject.context("a subject")?;
        if let Some(document) = kept(hands.publish(draft).await)? {
            self.model.count("publish");
            self.ask(device, Some(What::Enter(document, case))).await?;
        }
        Ok(())
    }

    async fn sign(&mut self, device: usize) -> Result<()> {
        let Some((_, document)) = self.own_entry(device).await? else {
            return Ok(());
        };
        if kept(self.device(device)?.sign(document).await)?.is_some() {
            self.model.count("signature");
            self.signed.push((self.holders[device].who, document));
        }
        Ok(())
    }

    fn recipient(&mut self) -> Result<Recipient> {
        if self.rng.random() {
            let team = self.teams.choose(&mut self.rng);
            return Ok(Recipient::Team(*team.context("a team")?));
        }
        let one = self.rng.random_range(0..self.holders.len());
        Ok(Recipient::Practitioner(self.holders[one].who))
    }

    async fn share(&mut self, device: usize) -> Result<()> {
        let Some((case, document)) = self.own_entry(device).await? else {
            return Ok(());
        };
        let document = self.rng.random::<bool>().then_some(document);
        let later = match self.rng.random_range(0..4) {
            0 => Some(self.rng.random_range(100..1_500)),
            1 => Some(3_600_000),
            _ => None,
        };
        let until = later.map(|later| UnixMillis(now().0 + later));
        let to = self.recipient()?;
        let new = NewShare {
            document,
            to,
            about: Some("Barnet".to_owned()),
            purpose: "Overgang til skole".to_owned(),
            basis: LegalBasis {
                code: "samtykke".to_owned(),
                text: String::new(),
            },
            consent: Consent::Given {
                by: "mor".to_owned(),
                at: now(),
            },
            until,
        };
        if let Some(ids) = kept(self.device(device)?.share(&[case], new).await)? {
            let what = What::Share(ids[0], case, document, to, until);
            self.ask(device, Some(what)).await?;
        }
        Ok(())
    }

    async fn withdraw(&mut self, device: usize) -> Result<()> {
        let hands = self.device(device)?;
        let shares = hands.shares(None).await?;
        let Some(share) = shares.choose(&mut self.rng).map(|row| row.share) else {
            return Ok(());
        };
        if kept(hands.withdraw(share, "").await)? == Some(true) {
            self.ask(device, Some(What::Withdraw(share))).await?;
        }
        Ok(())
    }

    /// A word on whose case it is: one of those who stay.
    async fn assign(&mut self, device: usize) -> Result<()> {
        let cases = self.own_cases(device).await?;
        let Some(case) = cases.choose(&mut self.rng).copied() else {
            return Ok(());
        };
        let hands = self.device(device)?;
        let rows = hands.cases(Default::default()).await?;
        let row = rows.iter().find(|row| row.case == case);
        let people = self.stayers(row.context("a row")?.team);
        let who = *people.choose(&mut self.rng).context("somebody")?;
        if !self.touched.insert((case, who)) {
            return Ok(());
        }
        let what = match self.rng.random() {
            true if kept(hands.assign(case, who).await)? == Some(true) => What::Assign(case, who),
            false if kept(hands.unassign(case, who).await)? == Some(true) => {
                What::Unassign(case, who)
            }
            _ => return Ok(()),
        };
        self.ask(device, Some(what)).await
    }

    fn set_clock(&mut self, device: usize) {
        let days = self.rng.random_range(-3..4);
        self.holders[device].clock.by(days * 86_400_000);
    }

    /// Syncs, wherever that ends.
    async fn sync_somehow(&mut self, device: usize) -> Result<()> {
        if let Ok(report) = self.holders[device].person.try_sync().await {
            ensure!(report.repairs == 0, "{report:?}");
            ensure!(!report.up_to_date || report.in_sync, "{report:?}");
        }
        Ok(())
    }

    fn break_the_road(&mut self) {
        let relay = &self.world.relay;
        match self.rng.random_range(0..8) {
            0 => relay.set_cover(false),
            1..5 => relay.set_cover(true),
            5 => relay.cut_after(self.rng.random_range(2_000..40_000)),
            6 => relay.lose_next_answer(),
            _ => relay.cut(),
        }
    }
}
