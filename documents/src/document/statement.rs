//! Consent: statements that are added and never overwritten, so that a withdrawal can be lost by no merge.
//!
//! A statement answers those it names. One that nobody answered is open; an open withdrawal stands, whatever else is
//! open. Each statement names all that its writer saw open; after a withdrawal only one that names it is taken.

use super::{
    AuthorError,
    layout::{STATEMENT_NAMES, STATEMENT_VALUE},
    tree::Node,
    write::Values,
};
use crate::{
    authoring::Actor,
    template::Field,
    value::{Value, stored},
};
use automerge::{
    AutomergeError, ObjId, ObjType, ScalarValue, Value as Stored,
    transaction::{Transactable, Transaction},
};
use std::collections::BTreeSet;

/// One statement as it stands in the document.
pub(crate) struct Statement {
    /// Its key: what others name it by.
    pub key: String,
    /// What was said.
    pub said: ScalarValue,
    /// The operation that said it.
    pub operation: ObjId,
    /// Whether no statement answers it.
    pub open: bool,
}

/// Which open statements a new one answers.
pub(super) enum Answers<'a> {
    /// Those that are no withdrawal; refused while one stands.
    Open,
    /// Every one, by choice.
    All,
    /// Every one, when all standing withdrawals are among these.
    Named(&'a [String]),
}

/// Every statement, in the order of their keys.
pub(crate) fn read(
    document: &(impl Values + ?Sized),
    statements: &ObjId,
) -> Result<Vec<Statement>, AutomergeError> {
    let mut found = Vec::new();
    let mut answered = BTreeSet::new();
    for key in document.names(statements) {
        for (value, object) in document.found_at(statements, &key)? {
            if !matches!(value, Stored::Object(ObjType::Map)) {
                continue;
            }
            for (names, _) in document.found_at(&object, STATEMENT_NAMES)? {
                let names = names.as_str().unwrap_or_default();
                answered.extend(
                    names
                        .split(' ')
                        .filter(|name| *name != key)
                        .map(str::to_owned),
                );
            }
            for (said, operation) in document.found_at(&object, STATEMENT_VALUE)? {
                if let Stored::Scalar(said) = said {
                    found.push(Statement {
                        key: key.clone(),
                        said: said.into_owned(),
                        operation,
                        open: true,
                    });
                }
            }
        }
    }
    let any_open = found
        .iter()
        .any(|statement| !answered.contains(&statement.key));
    for statement in &mut found {
        // Statements that answer each other in a ring answer nothing.
        statement.open = !any_open || !answered.contains(&statement.key);
    }
    Ok(found)
}

/// The statements of a new document in which this is said, and nothing before it.
pub(super) fn first(value: &Value, actor: &Actor) -> Node {
    let said = vec![
        (STATEMENT_VALUE.to_owned(), stored::to_scalar(value).into()),
        (STATEMENT_NAMES.to_owned(), "".into()),
    ];
    Node::Map(vec![(key(1, actor), Node::Map(said))])
}

/// What the statement of this number is called, counted from 1.
fn key(number: usize, actor: &Actor) -> String {
    format!("{number:08x}-{actor}")
}

/// Whether a statement withdraws.
pub(crate) fn withdraws(field: &Field, said: &ScalarValue) -> bool {
    said.as_str().is_some_and(|code| field.withdraws(code))
}

/// Adds a statement, unless the one open statement says the same.
pub(super) fn add(
    tx: &mut Transaction<'_>,
    statements: &ObjId,
    field: &Field,
    value: &Value,
    answers: Answers<'_>,
    actor: &Actor,
) -> Result<(), AuthorError> {
    let all = read(tx, statements)?;
    let open: Vec<&Statement> = all.iter().filter(|statement| statement.open).collect();
    let said = stored::to_scalar(value);
    if matches!(open.as_slice(), [only] if only.said == said) {
        return Ok(());
    }
    let standing: Vec<&str> = open
        .iter()
        .filter(|one| withdraws(field, &one.said))
        .map(|one| one.key.as_str())
        .collect();
    let unnamed = match answers {
        Answers::All => false,
        Answers::Open => !standing.is_empty(),
        Answers::Named(named) => !standing
            .iter()
            .all(|key| named.iter().any(|name| name == key)),
    };
    if unnamed && !withdraws(field, &said) {
        return Err(AuthorError::WithdrawalNotNamed {
            field: field.name.clone(),
        });
    }
    let disagree = open
        .windows(2)
        .any(|pair| matches!(pair, [one, other] if one.said != other.said));
    if disagree && standing.is_empty() && matches!(answers, Answers::Open) {
        return Err(AuthorError::InConflict {
            field: field.name.clone(),
        });
    }
    let names: Vec<&str> = open.iter().map(|one| one.key.as_str()).collect();
    let names = names.join(" ");
    let key = key(all.len() + 1, actor);
    let object = tx.put_object(statements, key.as_str(), ObjType::Map)?;
    tx.put(&object, STATEMENT_VALUE, said)?;
    tx.put(&object, STATEMENT_NAMES, names)?;
    Ok(())
}
