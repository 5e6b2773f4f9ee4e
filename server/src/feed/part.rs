//! Where the items of a ground are found: one place for what a scope covers.

use crate::access::{Ground, GroundKind};
use samspor_documents::id::{DocumentId, SpaceId};
use sqlx::{QueryBuilder, Sqlite};

/// A set of items that one index finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Everything on a ground.
    Ground(i64),
    /// A case as those see it to whom it is shared.
    Case(SpaceId),
    /// A case as its own people see it.
    Own(SpaceId),
    /// What is told of shares on the ground of a team's cases.
    Told(i64),
    /// One document.
    Document(DocumentId),
    /// The facts about one document.
    About(DocumentId),
    /// What is added to one document, with the facts about that.
    Added(DocumentId),
}

/// The parts of a ground: together everything that it opens, each item once.
pub(crate) fn parts(ground: &Ground) -> Vec<Part> {
    match ground.scope {
        None => vec![Part::Ground(ground.ground)],
        Some(scope) => match (ground.kind, scope.document) {
            (GroundKind::AssignedCase, _) => vec![Part::Own(scope.space)],
            (GroundKind::Received, _) => vec![Part::Told(scope.cases)],
            (_, None) => vec![Part::Case(scope.space)],
            (_, Some(document)) => vec![
                Part::Document(document),
                Part::About(document),
                Part::Added(document),
            ],
        },
    }
}

impl Part {
    /// Puts the condition on `items` into a query.
    pub(crate) fn push(self, query: &mut QueryBuilder<Sqlite>) {
        match self {
            Self::Ground(ground) => query.push("ground = ").push_bind(ground),
            Self::Case(space) => query
                .push("own_only = 0 AND space = ")
                .push_bind(space.as_bytes().to_vec()),
            Self::Own(space) => query.push("space = ").push_bind(space.as_bytes().to_vec()),
            Self::Told(ground) => query.push("told = 1 AND ground = ").push_bind(ground),
            Self::Document(document) => query
                .push("kind = 1 AND id = ")
                .push_bind(document.as_bytes().to_vec()),
            Self::About(document) => query
                .push("own_only = 0 AND about = ")
                .push_bind(document.as_bytes().to_vec()),
            Self::Added(document) => query
                .push("own_only = 0 AND with_entry = ")
                .push_bind(document.as_bytes().to_vec()),
        };
    }
}
