//! Who may do what: one table, read by the server when it admits and feeds, and by a device before it lets somebody
//! begin what would be refused.
//!
//! Access comes from grounds: a membership, taking part in a circle, a share, being the practitioner whose private space
//! it is. Whoever stands on several has what any of them allows. What stands on no ground is not there.

/// On what ground somebody stands in a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ground {
    /// The organisation's space: names and teams. The administration writes it.
    Organisation,
    /// A team's circle, by a membership.
    TeamCircle,
    /// A team's cases, by a membership whose role opens them.
    TeamCases,
    /// One's own private space.
    Private,
    /// A circle of chosen participants, by taking part in it.
    ChosenCircle,
    /// One case of another team, by a share.
    SharedCase,
    /// One document of another team's case, by a share.
    SharedDocument,
    /// One of a team's cases, by being assigned to it as a member whose role opens cases.
    AssignedCase,
    /// What is told of shares that a team received, by a membership whose role opens cases.
    ReceivedShares,
}

/// What somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Reads what stands there, its history and its evidence.
    Read,
    /// Writes, publishes and signs documents there.
    Write,
    /// Records a share of it, its withdrawal, and a disclosure of what is signed there.
    Share,
    /// Brings others in, and leaves.
    TakePart,
    /// Assigns it to colleagues, and ends assignments of it.
    Assign,
}

impl Ground {
    /// Every one.
    pub const ALL: &'static [Self] = &[
        Self::Organisation,
        Self::TeamCircle,
        Self::TeamCases,
        Self::Private,
        Self::ChosenCircle,
        Self::SharedCase,
        Self::SharedDocument,
        Self::AssignedCase,
        Self::ReceivedShares,
    ];

    /// Whether this ground allows it.
    #[must_use]
    pub const fn allows(self, act: Act) -> bool {
        match act {
            Act::Read => true,
            Act::Write => matches!(
                self,
                Self::TeamCircle
                    | Self::TeamCases
                    | Self::Private
                    | Self::ChosenCircle
                    | Self::AssignedCase
            ),
            // Any writer of a case, where it happens; what stands elsewhere is nobody's case.
            Act::Share | Act::Assign => matches!(self, Self::TeamCases | Self::AssignedCase),
            Act::TakePart => matches!(self, Self::ChosenCircle),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_what_it_says() {
        let rows = [
            (Ground::Organisation, [true, false, false, false, false]),
            (Ground::TeamCircle, [true, true, false, false, false]),
            (Ground::TeamCases, [true, true, true, false, true]),
            (Ground::Private, [true, true, false, false, false]),
            (Ground::ChosenCircle, [true, true, false, true, false]),
            (Ground::SharedCase, [true, false, false, false, false]),
            (Ground::SharedDocument, [true, false, false, false, false]),
            (Ground::AssignedCase, [true, true, true, false, true]),
            (Ground::ReceivedShares, [true, false, false, false, false]),
        ];
        assert_eq!(rows.len(), Ground::ALL.len());
        for (ground, expected) in rows {
            let said = [
                Act::Read,
                Act::Write,
                Act::Share,
                Act::TakePart,
                Act::Assign,
            ]
            .map(|act| ground.allows(act));
            assert_eq!(said, expected, "{ground:?}");
        }
    }
}
