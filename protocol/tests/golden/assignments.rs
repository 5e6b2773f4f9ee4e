//! Caseloads by assignment: what a team's fact says, what is asked of an assignment and what is told of it.

use super::*;
use samspor_protocol::{
    assignment::{Assign, Assignment, Unassign},
    fact::Caseload,
};

#[test]
fn what_is_asked_of_an_assignment_keeps_its_bytes() {
    let assign = Assign {
        practitioner: practitioner(),
        at: AT,
    };
    let unassign = Unassign {
        practitioner: practitioner(),
        at: AT,
    };
    golden("assign", &assign);
    golden("unassign", &unassign);
    let operation = OperationId::from_bytes([0x77; 16]);
    let request = PushRequest {
        groups: vec![Group {
            space: space(),
            document: None,
            operations: vec![
                Operation::assign(operation, &assign),
                Operation::unassign(operation, &unassign),
            ],
        }],
    };
    golden("assign-push", &request);
}

#[test]
fn facts_of_caseloads_and_assignments_keep_their_bytes() {
    let team = |caseload| {
        FactBody::Team(Team {
            team: team(),
            name: "Team Øst".into(),
            kind: TeamKind::HealthVisiting,
            caseload,
        })
    };
    let assignment = |by| {
        FactBody::Assignment(Assignment {
            case: space(),
            practitioner: practitioner(),
            by,
            at: AT,
            ended: by.is_some(),
        })
    };
    for (name, body) in [
        ("fact-14", assignment(Some(practitioner()))),
        ("fact-14-administration", assignment(None)),
        ("fact-1-assigned", team(Some(Caseload::Assigned))),
    ] {
        let fact = Fact::new(FactId::from_bytes([0x88; 16]), space(), 2, &body);
        golden(name, &fact);
        assert_eq!(fact.read().expect("reads back"), body);
        assert!(wire::encode(&body).len() <= limits::FACT_BYTES_MAX);
    }
    // A team that says nothing of it has the bytes that it had before there was anything to say.
    let FactBody::Team(plain) = team(None) else {
        panic!("a team");
    };
    assert_eq!(plain.caseload(), Caseload::WholeTeam);
    assert_eq!(Caseload::default(), Caseload::WholeTeam);
}
