//! Cases: opened offline, each with its own card.

use super::{Device, entries::NewEntry};
use crate::{
    error::DeviceError,
    key::random_bytes,
    store::{
        Tx, facts,
        outbox::{self, NewOperation},
    },
    views::{CaseFilter, CaseRow, Written},
};
use samspor_documents::{
    card::CardView,
    document::Edit,
    id::{DocumentId, OperationId, SpaceId, TeamId},
    permission::Act,
    reading::Reading,
    template::{TemplateKind, Templates},
};
use samspor_protocol::{
    fact::{Role, Space},
    push::{OpenCase, kind},
    wire,
};

impl Device {
    /// Opens a case of one of one's teams, with the card that `card` fills in.
    ///
    /// # Errors
    /// `NotEnrolled`, `NotYourTeam`, `Author` (what the card's template refuses), `DiskFull`: then nothing is
    /// kept.
    pub async fn open_case(&self, team: TeamId, card: Vec<Edit>) -> Result<SpaceId, DeviceError> {
        self.check_may_open(team).await?;
        let device = self.clone();
        self.saving(async move {
            let mut tx = device.inner.store()?.begin().await?;
            let case = device.open_within(&mut tx, team, card).await?;
            tx.commit().await?;
            Ok(case)
        })
        .await
    }

    /// Whether one opens cases in a team.
    pub(super) async fn check_may_open(&self, team: TeamId) -> Result<(), DeviceError> {
        let teams = self.teams().await?;
        let mine = teams.iter().find(|one| one.team == team);
        match mine.and_then(|one| one.role).is_some_and(Role::opens_cases) {
            true => Ok(()),
            false => Err(DeviceError::NotYourTeam),
        }
    }

    /// Opens a case with its card inside a transaction; whether one may is known.
    pub(super) async fn open_within(
        &self,
        tx: &mut Tx,
        team: TeamId,
        card: Vec<Edit>,
    ) -> Result<SpaceId, DeviceError> {
        let opened_at = self.inner.options.clock.now();
        let case = SpaceId::make(opened_at, random_bytes()?);
        let body = wire::encode(&OpenCase { team, opened_at });
        let space = Space {
            team,
            opened_by: self.who()?.enrolment.practitioner,
            opened_at,
        };
        let operation = NewOperation {
            space: case,
            document: None,
            kind: kind::OPEN_CASE,
            operation: Some(OperationId::make(opened_at, random_bytes()?)),
            hash: None,
            draft: None,
            bytes: body.len(),
            body: Some(body),
            queued_at: self.inner.options.token_clock.now(),
            written_at: opened_at,
            written: Written::default(),
        };
        facts::insert_local_case(tx, case, &space).await?;
        outbox::insert(tx, &operation).await?;
        let card = NewEntry {
            space: case,
            subject: case,
            template: self.card_template()?.to_owned(),
            fields: card,
            occurred_at: None,
        };
        self.create_document(tx, card).await?;
        Ok(case)
    }

    /// The name of the template that cards follow.
    fn card_template(&self) -> Result<&'static str, DeviceError> {
        Templates::built_in()
            .all()
            .iter()
            .find(|template| template.kind == TemplateKind::Card)
            .map(|template| template.name.as_str())
            .ok_or(DeviceError::UnknownCase)
    }

    /// Edits a case's card, or makes the card of a case that was opened by a disclosure. `false` when the edits say what
    /// is there already.
    ///
    /// # Errors
    /// `UnknownCase` while its card is not here; else as [`Device::edit`] or [`Device::make_card`].
    pub async fn edit_card(&self, case: SpaceId, edits: &[Edit]) -> Result<bool, DeviceError> {
        match self.inner.store()?.card_of(case).await? {
            Some(card) => self.edit(card, edits).await,
            None => self.make_card(case, edits.to_vec()).await.map(|_| true),
        }
    }

    /// Makes the card of a case that was opened by a disclosure. Of any other case without one the card has not come yet.
    ///
    /// # Errors
    /// `NotEnrolled`, `UnknownCase`, `SharedForReading`, `Author` (what the card's template refuses), `DiskFull`: then
    /// nothing is kept.
    pub async fn make_card(
        &self,
        case: SpaceId,
        fields: Vec<Edit>,
    ) -> Result<DocumentId, DeviceError> {
        self.check_may(case, Act::Write).await?;
        let store = self.inner.store()?;
        let has_card = store.card_of(case).await?.is_some();
        if has_card || store.disclosed_about(case).await?.is_none() {
            return Err(DeviceError::UnknownCase);
        }
        self.begin_document(NewEntry {
            space: case,
            subject: case,
            template: self.card_template()?.to_owned(),
            fields,
            occurred_at: None,
        })
        .await
    }

    /// Who a case is about.
    ///
    /// # Errors
    /// `UnknownCase` while its card is not here.
    pub async fn card(&self, case: SpaceId) -> Result<CardView, DeviceError> {
        Ok(CardView::of(&self.card_reading(case).await?))
    }

    /// What a case's card says, concurrent values included.
    ///
    /// # Errors
    /// `UnknownCase` while its card is not here.
    pub async fn card_reading(&self, case: SpaceId) -> Result<Reading, DeviceError> {
        let card = self.inner.store()?.card_of(case).await?;
        match self.read(card.ok_or(DeviceError::UnknownCase)?).await {
            Err(DeviceError::UnknownDocument) => Err(DeviceError::UnknownCase),
            other => other,
        }
    }

    /// The cases here that are about a case's citizen, itself included, as far as they may be shown; of a circle, itself.
    pub(super) async fn cases_of_citizen(
        &self,
        case: SpaceId,
    ) -> Result<Vec<SpaceId>, DeviceError> {
        match self.check_may(case, Act::Read).await {
            Err(DeviceError::UnknownCase) if self.is_own_circle(case).await? => {}
            other => other?,
        }
        let hidden = self.hidden().await?;
        let mut cases = self.inner.store()?.same_citizen(case).await?;
        cases.retain(|case| !hidden.hides_case(*case));
        Ok(cases)
    }

    /// The cases on this device by their citizen's name, each with the others about the same citizen.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn cases(&self, filter: CaseFilter) -> Result<Vec<CaseRow>, DeviceError> {
        let hidden = self.hidden().await?;
        let mut cases = self.inner.store()?.cases(&filter).await?;
        cases.retain(|case| !hidden.hides_case(case.case));
        for case in &mut cases {
            case.same_citizen.retain(|other| !hidden.hides_case(*other));
        }
        let mut assigned = self.inner.store()?.assigned(None).await?;
        // Who opened one in another team's name, by a disclosure, does not have it.
        let members = self.inner.store()?.ever_members().await?;
        let teams = self.teams().await?;
        for case in &mut cases {
            if let Some(assigned) = assigned.remove(&case.case) {
                case.assigned = assigned;
            }
            let team = case.team;
            case.assigned
                .retain(|one| members.contains(&(team, one.practitioner)));
            let team = teams.iter().find(|team| team.team == case.team);
            case.team_name = team.map(|team| team.name.clone());
        }
        Ok(cases)
    }
}
