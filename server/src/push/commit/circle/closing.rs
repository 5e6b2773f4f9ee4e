//! What an admitted closing does: the fact that says so in the circle, then one in the circle of each team that the
//! learning lines are shared with; nothing is admitted in the circle after that but leaving and signing.

use crate::{
    log::Seq,
    push::{
        admission::{self, AdmittedClosing},
        commit::Batch,
        stage::Refusal,
    },
    store::{StoreError, Tx, bulk_chunks},
    sync::Caller,
};
use samspor_documents::id::{FactId, OperationId, SpaceId};
use samspor_protocol::{
    closing::{CloseCircle, Closing, Learning, day_of},
    fact::FactBody,
    wire,
};
use sqlx::QueryBuilder;
use uuid::Uuid;

impl Batch {
    /// Decides about closing a circle; its place in the log is that of the fact in the circle.
    pub(super) fn close_circle(
        &mut self,
        caller: &Caller,
        circle: SpaceId,
        operation: OperationId,
        body: &CloseCircle,
    ) -> Result<Seq, Refusal> {
        let admitted = admission::admit_close(&self.state, caller, circle, operation, body)?;
        let (ground, participants, teams) = match admitted {
            AdmittedClosing::Already(seq) => return Ok(seq),
            AdmittedClosing::New {
                ground,
                participants,
                teams,
            } => (ground, participants, teams),
        };
        let seq = self.next_seq();
        let closing = FactBody::Closing(Closing {
            circle,
            closed_by: caller.practitioner,
            closed_at: body.at,
            lines: body.lines.clone(),
            shared_with: teams.keys().copied().collect(),
            kind: body.kind,
        });
        let id = crate::log::fact_id(&closing);
        self.take_fact(seq, id, circle, ground, wire::encode(&closing));
        for (team, ground) in teams {
            let learning = FactBody::Learning(Learning {
                team,
                kind: body.kind,
                day: day_of(self.now),
                lines: body.lines.clone(),
                participants: u32::try_from(participants).unwrap_or(u32::MAX),
            });
            // By the operation's name, which nobody outside the circle is told: it leads nobody there.
            let shared = Uuid::new_v5(&caller.device.0, operation.as_bytes());
            let id = FactId(Uuid::new_v5(&shared, team.as_bytes()));
            let seq = self.next_seq();
            self.take_fact(seq, id, team.circle(), ground, wire::encode(&learning));
        }
        self.state.closed.insert(circle);
        self.circles.closed.push((circle, seq));
        self.note_operation(caller, operation, circle, seq);
        Ok(seq)
    }
}

/// Notes circles that were closed.
pub(super) async fn write(tx: &mut Tx, closed: &[(SpaceId, Seq)]) -> Result<(), StoreError> {
    for chunk in bulk_chunks(closed) {
        let mut insert = QueryBuilder::new("INSERT INTO closings (circle, seq) ");
        insert.push_values(chunk, |mut row, (circle, seq)| {
            row.push_bind(circle.as_bytes().to_vec()).push_bind(*seq);
        });
        insert.build().execute(&mut **tx).await?;
    }
    Ok(())
}
