//! What a document says when it begins, as a tree: every container its template needs, and the first values.
//!
//! It becomes the document's first change in one of two ways. As a rule nothing follows it, and the change is written
//! from it at once ([`super::first`]), without a document of the library's in between, which takes many times as long.
//! Where other edits follow it in the same change, it goes into the library's transaction first. Either way the document
//! then reads as the tree does.

use super::{ChangeHash, ENCODING, first::First, write::Values};
use crate::{
    authoring::Authoring,
    reading::{Change, Found, History, Keys, Source},
};
use automerge::{ActorId, AutomergeError, ObjId, ObjType, ScalarValue, Value as Stored, hydrate};
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, VecDeque},
};

/// A map's keys, each once, with what stands there, in the order in which they are written.
pub(super) type Branch = Vec<(String, Node)>;

/// One value or container.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Scalar(ScalarValue),
    Text(String),
    Map(Branch),
}

impl Node {
    /// A map with nothing in it.
    pub(super) const fn empty() -> Self {
        Self::Map(Branch::new())
    }

    /// How many operations it takes, itself included.
    fn operations(&self) -> u64 {
        1 + match self {
            Self::Scalar(_) => 0,
            Self::Text(text) => u64::try_from(text.chars().count()).unwrap_or(u64::MAX),
            Self::Map(branch) => operations(branch),
        }
    }
}

/// How many operations a map's content takes.
pub(super) fn operations(branch: &Branch) -> u64 {
    branch.iter().map(|(_, node)| node.operations()).sum()
}

impl<T: Into<ScalarValue>> From<T> for Node {
    fn from(scalar: T) -> Self {
        Self::Scalar(scalar.into())
    }
}

impl From<Node> for hydrate::Value {
    fn from(node: Node) -> Self {
        match node {
            Node::Scalar(scalar) => scalar.into(),
            Node::Text(text) => Self::text(ENCODING, &text),
            Node::Map(branch) => hydrated(branch).into(),
        }
    }
}

/// The same as the library takes it into a transaction: in an order of its own.
pub(super) fn hydrated(branch: Branch) -> hydrate::Map {
    let all = branch.into_iter().map(|(key, node)| (key, node.into()));
    let all: HashMap<String, hydrate::Value> = all.collect();
    hydrate::Map::from(all)
}

/// A tree with the operations that make it, each container under the number of its own.
#[derive(Debug)]
pub(super) struct Tree {
    authoring: Authoring,
    actor: ActorId,
    last: u64,
    maps: HashMap<u64, Keys>,
    texts: HashMap<u64, String>,
}

impl Tree {
    /// Numbers the operations that make it, and writes them as a document's first change: its bytes and hash. None where
    /// it holds a kind of value that no field has.
    pub(super) fn write(
        root: &Branch,
        authoring: &Authoring,
    ) -> Option<(Self, Vec<u8>, ChangeHash)> {
        let mut writing = Writing {
            first: First::new(),
            open: VecDeque::new(),
            tree: Self {
                authoring: *authoring,
                actor: ActorId::from(authoring.actor.as_bytes().as_slice()),
                last: 0,
                maps: HashMap::new(),
                texts: HashMap::new(),
            },
        };
        writing.map(0, root)?;
        while let Some((number, node)) = writing.open.pop_front() {
            match node {
                Node::Map(branch) => writing.map(number, branch)?,
                Node::Text(text) => writing.text(number, text),
                Node::Scalar(_) => {}
            }
        }
        let Writing {
            first, mut tree, ..
        } = writing;
        tree.last = first.count();
        let (change, hash) = first.finish(authoring);
        Some((tree, change, hash))
    }

    fn id(&self, number: u64) -> ObjId {
        match number {
            0 => ObjId::Root,
            number => ObjId::Id(number, self.actor.clone(), 0),
        }
    }

    fn number(&self, id: &ObjId) -> Option<u64> {
        match id {
            ObjId::Root => Some(0),
            ObjId::Id(number, actor, _) => (*actor == self.actor).then_some(*number),
        }
    }

    fn map(&self, id: &ObjId) -> Option<&Keys> {
        self.maps.get(&self.number(id)?)
    }
}

/// A tree on its way into operations: containers wait until everything beside them is written, which keeps what belongs
/// to one container together.
struct Writing<'a> {
    first: First<'a>,
    open: VecDeque<(u64, &'a Node)>,
    tree: Tree,
}

impl<'a> Writing<'a> {
    fn map(&mut self, home: u64, branch: &'a Branch) -> Option<()> {
        let mut keys = BTreeMap::new();
        for (key, node) in branch {
            let (number, value) = match node {
                Node::Scalar(scalar) => {
                    let value = Stored::Scalar(Cow::Owned(scalar.clone()));
                    (self.first.put(home, key, scalar)?, value)
                }
                Node::Text(_) => self.make(home, key, ObjType::Text, node),
                Node::Map(_) => self.make(home, key, ObjType::Map, node),
            };
            keys.insert(key.clone(), vec![(value, self.tree.id(number))]);
        }
        self.tree.maps.insert(home, Keys::from(keys));
        Some(())
    }

    fn make(
        &mut self,
        home: u64,
        key: &'a str,
        kind: ObjType,
        node: &'a Node,
    ) -> (u64, Stored<'static>) {
        let number = self.first.make(home, key, kind);
        self.open.push_back((number, node));
        (number, Stored::Object(kind))
    }

    fn text(&mut self, home: u64, text: &str) {
        let mut before = 0;
        for character in text.chars() {
            before = self.first.insert(home, before, character);
        }
        self.tree.texts.insert(home, text.to_owned());
    }
}

impl Values for Tree {
    fn names(&self, home: &ObjId) -> Vec<String> {
        let keys = self.map(home).into_iter().flat_map(Keys::iter);
        keys.map(|(key, _)| key.clone()).collect()
    }

    fn found_at(&self, home: &ObjId, key: &str) -> Result<Vec<Found>, AutomergeError> {
        Ok(self
            .map(home)
            .map_or_else(Vec::new, |keys| keys.values(key).to_vec()))
    }
}

impl Source for Tree {
    fn history(&self) -> History {
        History::of([Change {
            actor: self.actor.clone(),
            author: Some(self.authoring.author),
            start: 1,
            end: self.last,
            at: self.authoring.at,
        }])
    }

    fn keys(&self, home: &ObjId) -> Cow<'_, Keys> {
        self.map(home)
            .map_or_else(|| Cow::Owned(Keys::default()), Cow::Borrowed)
    }

    fn text(&self, text: &ObjId) -> String {
        let number = self.number(text);
        let text = number.and_then(|number| self.texts.get(&number));
        text.cloned().unwrap_or_default()
    }

    /// All of it is written by one.
    fn actors_in(&self, _: &ObjId) -> Box<dyn Iterator<Item = ActorId> + '_> {
        Box::new(std::iter::once(self.actor.clone()))
    }

    fn length(&self, object: &ObjId) -> usize {
        match self.map(object) {
            Some(keys) => keys.iter().count(),
            None => self.text(object).chars().count(),
        }
    }

    /// It holds no list.
    fn elements(&self, _: &ObjId) -> Vec<Vec<Found>> {
        Vec::new()
    }
}
