//! What a document says when it begins, as a tree: every container its template needs, and the first values.
//!
//! It becomes the document's first change in one of two ways. As a rule nothing follows it, and the change is written
//! from it at once, by the library's own encoder, without a document of the library's in between: that takes a quarter
//! of the time. Where other edits follow it in the same change, it goes into the library's transaction first.
//! Either way the document then reads as the tree does.

use super::{ENCODING, write::Values};
use crate::{
    authoring::Authoring,
    reading::{Change, Found, History, Keys, Source},
};
use automerge::{
    ActorId, AutomergeError, ExpandedChange, ObjId, ObjType, ScalarValue, Value as Stored, hydrate,
    legacy::{ElementId, Key, ObjectId, Op, OpId, OpType, SortedVec},
};
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, VecDeque},
    num::NonZeroU64,
};

/// What stands before an author in the bytes that follow a change's operations.
const FOOTER_AUTHOR: u8 = 1;

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
    /// Numbers the operations that make it, and writes them as a document's first change.
    pub(super) fn write(root: Branch, authoring: &Authoring) -> (Self, automerge::Change) {
        let actor = ActorId::from(authoring.actor.as_bytes().as_slice());
        let mut writing = Writing {
            operations: Vec::new(),
            open: VecDeque::from([(0, Node::Map(root))]),
            tree: Self {
                authoring: *authoring,
                actor,
                last: 0,
                maps: HashMap::new(),
                texts: HashMap::new(),
            },
        };
        while let Some((number, node)) = writing.open.pop_front() {
            match node {
                Node::Map(branch) => writing.map(number, branch),
                Node::Text(text) => writing.text(number, text),
                Node::Scalar(_) => {}
            }
        }
        let Writing {
            operations, tree, ..
        } = writing;
        let author = authoring.author.as_bytes();
        let mut footer = vec![FOOTER_AUTHOR, 16];
        footer.extend_from_slice(author);
        let change = ExpandedChange {
            operations,
            actor_id: tree.actor.clone(),
            hash: None,
            seq: 1,
            start_op: NonZeroU64::MIN,
            time: authoring.at.0,
            message: None,
            deps: Vec::new(),
            extra_bytes: footer,
            author: None,
        };
        (tree, automerge::Change::from(change))
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
struct Writing {
    operations: Vec<Op>,
    open: VecDeque<(u64, Node)>,
    tree: Tree,
}

impl Writing {
    fn map(&mut self, home: u64, branch: Branch) {
        let object = self.object(home);
        let mut keys = BTreeMap::new();
        for (key, node) in branch {
            let (action, value) = match &node {
                Node::Scalar(scalar) => (
                    OpType::Put(scalar.clone()),
                    Stored::Scalar(Cow::Owned(scalar.clone())),
                ),
                Node::Text(_) => made(ObjType::Text),
                Node::Map(_) => made(ObjType::Map),
            };
            let number = self.push(object.clone(), Key::Map(key.as_str().into()), action, false);
            keys.insert(key, vec![(value, self.tree.id(number))]);
            if !matches!(node, Node::Scalar(_)) {
                self.open.push_back((number, node));
            }
        }
        self.tree.maps.insert(home, Keys::from(keys));
    }

    fn text(&mut self, home: u64, text: String) {
        let object = self.object(home);
        let mut before = ElementId::Head;
        let mut buffer = [0; 4];
        for character in text.chars() {
            let character = ScalarValue::Str((&*character.encode_utf8(&mut buffer)).into());
            let key = Key::Seq(before);
            let number = self.push(object.clone(), key, OpType::Put(character), true);
            before = ElementId::Id(OpId::new(number, &self.tree.actor));
        }
        self.tree.texts.insert(home, text);
    }

    fn object(&self, number: u64) -> ObjectId {
        match number {
            0 => ObjectId::Root,
            number => ObjectId::Id(OpId::new(number, &self.tree.actor)),
        }
    }

    /// One more operation; its number.
    fn push(&mut self, obj: ObjectId, key: Key, action: OpType, insert: bool) -> u64 {
        self.operations.push(Op {
            action,
            obj,
            key,
            pred: SortedVec::new(),
            insert,
        });
        self.tree.last += 1;
        self.tree.last
    }
}

const fn made(kind: ObjType) -> (OpType, Stored<'static>) {
    (OpType::Make(kind), Stored::Object(kind))
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
