//! Which operations of the waiting pushes go into the next group commit, and what becomes of their groups.

use super::{
    commit::Batch,
    stage::{Refusal, StagedGroup},
    state::Question,
};
use crate::{log::Seq, sync::Caller};
use samspor_documents::id::{DeviceId, PractitionerId, SpaceId};
use samspor_protocol::{limits, push::Answer, reason::Reason};
use std::collections::{HashMap, VecDeque};

const EARLIER_REFUSED: Refusal = Refusal::new(
    Reason::EarlierRefused,
    "an operation before it in its group was refused",
);

/// One push that waits, with the answers it has so far.
pub(super) struct Job {
    pub caller: Caller,
    pub groups: Vec<StagedGroup>,
    pub answers: Vec<Vec<Answer>>,
    /// Spaces that this push could not open.
    refused_spaces: HashMap<SpaceId, Refusal>,
    /// The next operation: its group and its place there.
    next: (usize, usize),
    /// Whether the group at `next` was refused.
    refused: bool,
}

/// One operation by where it is: job, group, place in the group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    job: usize,
    group: usize,
    operation: usize,
}

impl Job {
    pub(super) fn new(caller: Caller, groups: Vec<StagedGroup>) -> Self {
        let answers = groups.iter().map(|_| Vec::new()).collect();
        Self {
            caller,
            groups,
            answers,
            refused_spaces: HashMap::new(),
            next: (0, 0),
            refused: false,
        }
    }

    /// A push of nobody that asks nothing: its commit only ends what ends by the clock.
    pub(super) fn empty() -> Self {
        let nobody = Caller {
            device: DeviceId::from_bytes([0; 16]),
            practitioner: PractitionerId::from_bytes([0; 16]),
        };
        Self::new(nobody, Vec::new())
    }

    /// Whether every operation has its answer.
    pub(super) fn is_done(&self) -> bool {
        self.next.0 >= self.groups.len()
    }

    fn question(&self, place: Place) -> Option<Question<'_>> {
        let group = self.groups.get(place.group)?;
        Some(Question {
            caller: &self.caller,
            group,
            operation: group.operations.get(place.operation)?,
        })
    }

    /// The refusal that stands before any look at the operation itself.
    fn refused_before(&self, group: &StagedGroup) -> Option<Refusal> {
        if self.refused {
            return Some(EARLIER_REFUSED);
        }
        group.document?;
        self.refused_spaces.get(&group.space).cloned()
    }

    fn note(
        &mut self,
        place: Place,
        space: SpaceId,
        about_space: bool,
        answer: &Result<Seq, Refusal>,
    ) {
        if let Err(refusal) = answer {
            self.refused = true;
            if about_space {
                self.refused_spaces
                    .entry(space)
                    .or_insert_with(|| refusal.clone());
            }
        }
        let answer = match answer {
            Ok(seq) => Answer::Accepted { seq: seq.to_wire() },
            Err(refusal) => Answer::Refused {
                reason: refusal.reason.clone(),
                detail: refusal.detail.to_owned(),
                by: refusal.by,
            },
        };
        if let Some(answers) = self.answers.get_mut(place.group) {
            answers.push(answer);
        }
    }

    /// Forgets its answers: what of it is already logged is found there again.
    pub(super) fn begin_again(&mut self) {
        self.answers.iter_mut().for_each(Vec::clear);
        self.refused_spaces.clear();
        self.next = (0, 0);
        self.refused = false;
    }

    /// Moves on to the next operation, over groups that have none.
    fn settle(&mut self) {
        while let Some(group) = self.groups.get(self.next.0) {
            if self.next.1 < group.operations.len() {
                return;
            }
            self.next = (self.next.0.saturating_add(1), 0);
            self.refused = false;
        }
    }
}

/// The operations of the next group commit, in the order they came, within its limits; at least one.
pub(super) fn select(jobs: &mut VecDeque<Job>, jobs_max: usize) -> Vec<Place> {
    let mut places = Vec::new();
    let (mut documents, mut bytes) = (0usize, 0usize);
    for (number, job) in jobs.iter_mut().take(jobs_max).enumerate() {
        job.settle();
        let mut first = job.next.1;
        for (group_number, group) in job.groups.iter().enumerate().skip(job.next.0) {
            documents = documents.saturating_add(1);
            for (operation_number, operation) in group.operations.iter().enumerate().skip(first) {
                bytes = bytes.saturating_add(operation.bytes());
                let full =
                    documents > limits::COMMIT_DOCUMENTS_MAX || bytes > limits::COMMIT_BYTES_MAX;
                if full && !places.is_empty() {
                    return places;
                }
                places.push(Place {
                    job: number,
                    group: group_number,
                    operation: operation_number,
                });
            }
            first = 0;
        }
    }
    places
}

/// The questions at some places.
pub(super) fn questions<'a>(jobs: &'a VecDeque<Job>, places: &[Place]) -> Vec<Question<'a>> {
    places
        .iter()
        .filter_map(|place| jobs.get(place.job)?.question(*place))
        .collect()
}

/// Decides the operations one after the other. Answers stay in the jobs: nobody sees one before the commit.
pub(super) fn decide(jobs: &mut VecDeque<Job>, places: &[Place], batch: &mut Batch) {
    for place in places {
        let Some(job) = jobs.get_mut(place.job) else {
            continue;
        };
        if job.next.0 != place.group {
            job.refused = false;
        }
        let Some(question) = job.question(*place) else {
            continue;
        };
        let space = question.group.space;
        // What is refused about who sees a space leaves the space, and what is written there, as it is.
        let about_space =
            question.group.document.is_none() && !question.operation.is_about_access();
        let answer = match job.refused_before(question.group) {
            Some(refusal) => Err(refusal),
            None => batch.decide(&question),
        };
        job.note(*place, space, about_space, &answer);
        job.next = (place.group, place.operation.saturating_add(1));
    }
    jobs.iter_mut().for_each(Job::settle);
}
