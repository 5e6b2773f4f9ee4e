//! Teams whose caseload is by assignment, and assignments.

use super::{NOW, World, bytes16, on_circle, practitioner, team};
use crate::log::Seq;
use samspor_documents::id::OperationId;
use samspor_protocol::{
    assignment::{Assign, Unassign},
    fact::{Caseload, FactBody, Team, TeamKind},
    push::{Group, Operation},
};

impl World {
    /// Says whose the cases of a team are within it.
    pub async fn caseload(&self, of: u64, caseload: Caseload) -> Seq {
        let fact = FactBody::Team(Team {
            team: team(of),
            name: format!("Team {of}"),
            kind: TeamKind::Ppr,
            caseload: Some(caseload),
        });
        self.say(&[fact]).await
    }
}

/// A group that assigns a case, by the operation of this number.
pub fn assign(number: u64, case: u64, whom: u64) -> Group {
    let body = Assign {
        practitioner: practitioner(whom),
        at: NOW,
    };
    let operation = OperationId::from_bytes(bytes16(0x7c, number));
    on_circle(case, Operation::assign(operation, &body))
}

/// A group that ends an assignment of a case, by the operation of this number.
pub fn unassign(number: u64, case: u64, whom: u64) -> Group {
    let body = Unassign {
        practitioner: practitioner(whom),
        at: NOW,
    };
    let operation = OperationId::from_bytes(bytes16(0x7c, number));
    on_circle(case, Operation::unassign(operation, &body))
}
