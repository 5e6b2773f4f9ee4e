//! The one task that appends: it takes what waits, commits it as a group, then answers.
//!
//! An answer leaves only after its commit. When a commit fails for want of disk, everything in it is answered
//! `unavailable`; when it fails otherwise, its pushes are tried again one by one, so that none of them stops
//! the others.

use super::{
    batch::{self, Job},
    commit::Batch,
    stage::StagedGroup,
};
use crate::{
    certifier::Certifier,
    log::{Secret, Seq},
    store::{Store, StoreError},
    sync::{Caller, Clock, CoreError},
};
use samspor_protocol::push::Answer;
use std::{collections::VecDeque, sync::Arc};
use tokio::{
    sync::{Mutex, OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch},
    task::JoinHandle,
};

/// Bodies of pushes that wait for their commit, in bytes.
const WAITING_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Pushes that wait for their commit.
const WAITING_MAX: usize = 1024;

type Reply = oneshot::Sender<Result<Vec<Vec<Answer>>, CoreError>>;

/// The right to have a body wait. Given back when it is answered.
pub(super) struct Room {
    _bytes: OwnedSemaphorePermit,
}

struct Submission {
    job: Job,
    reply: Reply,
    _room: Room,
}

/// Hands pushes to the task that appends.
pub struct Writer {
    sender: mpsc::Sender<Submission>,
    bytes: Arc<Semaphore>,
    task: Mutex<Option<JoinHandle<()>>>,
    stop: tokio_util::sync::CancellationToken,
}

impl Writer {
    /// Starts the task. `logged` tells the projector that something was appended.
    pub(crate) fn start(desk: Desk, logged: watch::Sender<Seq>) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        let stop = tokio_util::sync::CancellationToken::new();
        let task = Task {
            desk,
            logged,
            receiver,
            stop: stop.clone(),
            jobs: VecDeque::new(),
            replies: VecDeque::new(),
            alone: 0,
        };
        Self {
            sender,
            bytes: Arc::new(Semaphore::new(WAITING_BYTES_MAX)),
            task: Mutex::new(Some(tokio::spawn(task.run()))),
            stop,
        }
    }

    /// Waits until there is room for a body.
    pub(super) async fn reserve(&self, bytes: usize) -> Result<Room, CoreError> {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let permit = Arc::clone(&self.bytes)
            .acquire_many_owned(bytes)
            .await
            .map_err(|_| CoreError::Unavailable)?;
        Ok(Room { _bytes: permit })
    }

    /// Has a staged push decided and committed; its answers.
    pub(super) async fn submit(
        &self,
        caller: Caller,
        groups: Vec<StagedGroup>,
        room: Room,
    ) -> Result<Vec<Vec<Answer>>, CoreError> {
        self.send(Job::new(caller, groups), room).await
    }

    /// Ends what ends by the clock, up to now.
    pub(crate) async fn end_due(&self) -> Result<(), CoreError> {
        let room = self.reserve(0).await?;
        self.send(Job::empty(), room).await.map(|_| ())
    }

    async fn send(&self, job: Job, room: Room) -> Result<Vec<Vec<Answer>>, CoreError> {
        let (reply, answer) = oneshot::channel();
        let submission = Submission {
            job,
            reply,
            _room: room,
        };
        self.sender
            .send(submission)
            .await
            .map_err(|_| CoreError::Unavailable)?;
        answer.await.map_err(|_| CoreError::Unavailable)?
    }

    /// Commits what waits and takes nothing more.
    pub(crate) async fn stop(&self) {
        self.stop.cancel();
        if let Some(task) = self.task.lock().await.take() {
            let _ = task.await;
        }
    }
}

/// What the task works with.
pub struct Desk {
    /// The database.
    pub(crate) store: Store,
    /// For the chain of the log.
    pub(crate) secret: Secret,
    /// For what is disclosed.
    pub(crate) certifier: Arc<Certifier>,
    /// What tells the time.
    pub(crate) clock: Clock,
}

struct Task {
    desk: Desk,
    logged: watch::Sender<Seq>,
    receiver: mpsc::Receiver<Submission>,
    stop: tokio_util::sync::CancellationToken,
    jobs: VecDeque<Job>,
    replies: VecDeque<(Reply, Room)>,
    /// How many pushes are still to be committed one by one.
    alone: usize,
}

impl Task {
    async fn run(mut self) {
        while self.wait_for_work().await {
            while let Ok(submission) = self.receiver.try_recv() {
                self.take(submission);
            }
            let result = self.commit_batch().await;
            self.settle(result);
        }
    }

    fn take(&mut self, submission: Submission) {
        self.jobs.push_back(submission.job);
        self.replies.push_back((submission.reply, submission._room));
    }

    /// Waits for a push; false when the task is to end and nothing waits any more.
    async fn wait_for_work(&mut self) -> bool {
        if !self.jobs.is_empty() {
            return true;
        }
        let next = tokio::select! {
            biased;
            next = self.receiver.recv() => next,
            () = self.stop.cancelled() => {
                self.receiver.close();
                self.receiver.try_recv().ok()
            }
        };
        match next {
            Some(submission) => {
                self.take(submission);
                true
            }
            None => false,
        }
    }

    fn jobs_max(&self) -> usize {
        if self.alone > 0 { 1 } else { usize::MAX }
    }

    async fn commit_batch(&mut self) -> Result<Seq, StoreError> {
        let jobs_max = self.jobs_max();
        let places = batch::select(&mut self.jobs, jobs_max);
        let mut tx = self.desk.store.write().await?;
        let questions = batch::questions(&self.jobs, &places);
        let certifier = Arc::clone(&self.desk.certifier);
        let now = (self.desk.clock)();
        let mut batch = Batch::read(&mut tx, certifier, now, &questions).await?;
        batch::decide(&mut self.jobs, &places, &mut batch);
        // Fault injection, never in a build that anybody uses: the tests that kill must notice it. The pause is
        // a slow disk's: on a fast one the commit is over before anybody who heard the answer can be killed.
        #[cfg(feature = "acknowledge-before-commit")]
        {
            self.answer_done();
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        let head = batch.write(&mut tx, &self.desk.secret).await?;
        tx.commit().await?;
        Ok(head)
    }

    /// Answers what is done; after a failure, what was in the failed commit.
    fn settle(&mut self, result: Result<Seq, StoreError>) {
        match result {
            Ok(head) => {
                self.logged.send_replace(head);
                self.answer_done();
            }
            Err(error) => self.fail(&error),
        }
    }

    fn answer_done(&mut self) {
        let mut waiting = VecDeque::new();
        while let (Some(job), Some((reply, room))) =
            (self.jobs.pop_front(), self.replies.pop_front())
        {
            if job.is_done() {
                // Whoever asked may have gone; the operations stand.
                let _ = reply.send(Ok(job.answers));
                self.alone = self.alone.saturating_sub(1);
            } else {
                waiting.push_back((job, (reply, room)));
            }
        }
        (self.jobs, self.replies) = waiting.into_iter().unzip();
    }

    fn fail(&mut self, error: &StoreError) {
        let several = self.jobs.len() > 1 && self.alone == 0;
        tracing::error!(error = %error, source = ?std::error::Error::source(error), "a group commit failed");
        if several && !error.is_unavailable() {
            self.alone = self.jobs.len();
            self.jobs.iter_mut().for_each(Job::begin_again);
            return;
        }
        let failed = if self.alone > 0 { 1 } else { self.jobs.len() };
        self.jobs.drain(..failed);
        for (reply, _) in self.replies.drain(..failed) {
            let answer = if error.is_unavailable() {
                CoreError::Unavailable
            } else {
                CoreError::Internal(None)
            };
            let _ = reply.send(Err(answer));
        }
        self.alone = self.alone.saturating_sub(1);
    }
}
