//! Circles of chosen participants: opened, joined and left with or without a network.
//!
//! A circle is a space of its own. Documents are written, drafted and published into it as into a case; only its
//! participants are told of any of it. Who leaves keeps nothing of it, once the server has said so, but their own
//! work that nobody received.

use super::Device;
use crate::{
    error::DeviceError,
    key::random_bytes,
    store::{
        Tx, circles, closings,
        outbox::{self},
    },
    views::{CircleRow, TimelineRow},
};
use samspor_documents::{
    id::{PractitionerId, SpaceId},
    name_order::sort_name,
};
use samspor_protocol::{
    circle::{Circle, Join, Leave, OpenCircle, is_title},
    limits,
    push::kind,
    wire,
};
use std::collections::BTreeSet;

impl Device {
    /// Opens a circle with these participants and oneself, about these cases: any that are on this device, or none.
    /// Nobody gets to read a case by it.
    ///
    /// # Errors
    /// `NotEnrolled`, `CircleTitle`, `UnknownPractitioner`, `UnknownCase`, `CircleTooLarge`, `DiskFull`: then nothing
    /// is kept.
    pub async fn open_circle(
        &self,
        title: &str,
        participants: Vec<PractitionerId>,
        about: Vec<SpaceId>,
    ) -> Result<SpaceId, DeviceError> {
        let me = self.who()?.enrolment.practitioner;
        let title = title.trim();
        if !is_title(title) {
            return Err(DeviceError::CircleTitle {
                most: limits::CIRCLE_TITLE_CHARS_MAX,
            });
        }
        let about: BTreeSet<SpaceId> = about.into_iter().collect();
        let others: BTreeSet<PractitionerId> =
            participants.into_iter().filter(|one| *one != me).collect();
        check_size(
            others.len().saturating_add(1),
            limits::CIRCLE_PARTICIPANTS_MAX,
        )?;
        check_size(about.len(), limits::CIRCLE_ABOUT_MAX)?;
        self.check_known(&others).await?;
        for case in &about {
            let team = self.inner.store()?.team_of(*case).await?;
            team.ok_or(DeviceError::UnknownCase)?;
        }
        let opened_at = self.inner.options.clock.now();
        let circle = SpaceId::make(opened_at, random_bytes()?);
        let body = OpenCircle {
            title: title.to_owned(),
            participants: others.into_iter().collect(),
            about: about.into_iter().collect(),
            opened_at,
        };
        let operation = self.about_space(circle, kind::OPEN_CIRCLE, wire::encode(&body), title)?;
        let participants = body.all_participants(me);
        let local = Circle {
            title: body.title,
            opened_by: me,
            opened_at,
            about: body.about,
        };
        let device = self.clone();
        self.saving(async move {
            let mut tx = device.inner.store()?.begin().await?;
            circles::insert_local(&mut tx, circle, &local, &participants).await?;
            outbox::insert(&mut tx, &operation).await?;
            tx.commit().await?;
            Ok(circle)
        })
        .await
    }

    /// The circles in which this practitioner takes part, the last opened first, each with its participants by name.
    ///
    /// # Errors
    /// `NotEnrolled`, or what the store reports.
    pub async fn circles(&self) -> Result<Vec<CircleRow>, DeviceError> {
        let me = self.who()?.enrolment.practitioner;
        let mut circles = self.inner.store()?.circles(me).await?;
        let people = self.practitioners().await?;
        for row in &mut circles {
            let name = |id: &PractitionerId| {
                let known = people.iter().find(|row| row.practitioner == *id);
                known.map(|row| sort_name(&row.name))
            };
            row.authors.sort_by_cached_key(|one| (name(one), *one));
        }
        for one in circles.iter_mut().flat_map(|row| &mut row.participants) {
            let known = people
                .iter()
                .find(|row| row.practitioner == one.practitioner);
            one.name = known.map(|row| row.name.clone());
        }
        for circle in &mut circles {
            circle.participants.sort_by(|a, b| {
                let key = |one: &str| one.to_lowercase();
                let names = (a.name.as_deref().map(key), b.name.as_deref().map(key));
                names
                    .0
                    .cmp(&names.1)
                    .then(a.practitioner.cmp(&b.practitioner))
            });
        }
        Ok(circles)
    }

    /// What stands in a circle, one of these or a team's own, the last that happened first: at most 1,000. What is
    /// restricted is among it only when it is asked for.
    ///
    /// # Errors
    /// `UnknownCircle`.
    pub async fn written_in(
        &self,
        circle: SpaceId,
        restricted: bool,
    ) -> Result<Vec<TimelineRow>, DeviceError> {
        if !self.is_own_circle(circle).await? {
            return Err(DeviceError::UnknownCircle);
        }
        self.inner.store()?.written_in(circle, restricted).await
    }

    /// Brings a practitioner of the organisation into a circle. `false` when they take part already.
    ///
    /// # Errors
    /// `UnknownCircle`, also for one that was left here; `CircleClosed`, `UnknownPractitioner`, `CircleTooLarge`, `DiskFull`: then
    /// nothing is kept.
    pub async fn join(
        &self,
        circle: SpaceId,
        practitioner: PractitionerId,
    ) -> Result<bool, DeviceError> {
        self.check_known(&BTreeSet::from([practitioner])).await?;
        let device = self.clone();
        self.saving(async move {
            let mut tx = device.inner.store()?.begin().await?;
            let row = device.own_circle(&mut tx, circle).await?;
            if row.has(practitioner) {
                return Ok(false);
            }
            closings::check_open(&mut tx, circle).await?;
            let after = row.participants.len().saturating_add(1);
            check_size(after, limits::CIRCLE_PARTICIPANTS_MAX)?;
            let body = wire::encode(&Join { practitioner });
            let operation = device.about_space(circle, kind::JOIN, body, &row.title)?;
            outbox::insert(&mut tx, &operation).await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }

    /// Leaves a circle. It goes from the lists at once, and from the device when the server has said so. What was
    /// written in it before and waits still is sent first; what waits on another device of one's own is refused then,
    /// and kept in its not-delivered box.
    ///
    /// # Errors
    /// `UnknownCircle`, also when it was left before; `DiskFull`: then nothing is kept.
    pub async fn leave(&self, circle: SpaceId) -> Result<(), DeviceError> {
        let device = self.clone();
        self.saving(async move {
            let mut tx = device.inner.store()?.begin().await?;
            let row = device.own_circle(&mut tx, circle).await?;
            let body = wire::encode(&Leave {});
            let operation = device.about_space(circle, kind::LEAVE, body, &row.title)?;
            outbox::insert(&mut tx, &operation).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    /// Whether it is a circle of chosen participants in which this practitioner takes part, or the circle of one of
    /// their teams.
    pub(super) async fn is_own_circle(&self, space: SpaceId) -> Result<bool, DeviceError> {
        let teams = self.teams().await?;
        let is_team = |team: &crate::TeamRow| team.role.is_some() && team.team.circle() == space;
        if teams.iter().any(is_team) {
            return Ok(true);
        }
        let me = self.who()?.enrolment.practitioner;
        let mut tx = self.inner.store()?.snapshot().await?;
        Ok(circles::own(&mut tx, space, me).await?.is_some())
    }

    /// A circle in which this practitioner takes part.
    pub(super) async fn own_circle(
        &self,
        tx: &mut Tx,
        circle: SpaceId,
    ) -> Result<CircleRow, DeviceError> {
        let me = self.who()?.enrolment.practitioner;
        let own = circles::own(tx, circle, me).await?;
        own.ok_or(DeviceError::UnknownCircle)
    }

    /// Whether the organisation has these practitioners, as far as this device was told.
    async fn check_known(&self, wanted: &BTreeSet<PractitionerId>) -> Result<(), DeviceError> {
        let people = self.practitioners().await?;
        let known: BTreeSet<PractitionerId> = people.iter().map(|row| row.practitioner).collect();
        if wanted.is_subset(&known) {
            Ok(())
        } else {
            Err(DeviceError::UnknownPractitioner)
        }
    }
}

fn check_size(size: usize, most: usize) -> Result<(), DeviceError> {
    if size > most {
        return Err(DeviceError::CircleTooLarge { most });
    }
    Ok(())
}
