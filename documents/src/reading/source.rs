//! What a reading is made from: a document of the library's, or one that was just begun and is no more than a tree yet.

use super::{
    history::{Change, History},
    keys::{Found, Keys},
};
use crate::{document::Values, id::PractitionerId, time::UnixMillis};
use automerge::{ActorId, Automerge, ChangeMetadata, ObjId, ReadDoc};
use std::borrow::Cow;

/// A document as readers see it.
pub(crate) trait Source: Values {
    /// Who wrote which operations, and when.
    fn history(&self) -> History;

    /// Everything that stands in a map.
    fn keys(&self, home: &ObjId) -> Cow<'_, Keys>;

    /// A text as it stands.
    fn text(&self, text: &ObjId) -> String;

    /// Who wrote each of its characters, in order.
    fn actors_in(&self, text: &ObjId) -> Box<dyn Iterator<Item = ActorId> + '_>;

    /// How many keys, characters or elements stand in a container.
    fn length(&self, object: &ObjId) -> usize;

    /// What stands at each place of a list.
    fn elements(&self, list: &ObjId) -> Vec<Vec<Found>>;
}

impl Source for Automerge {
    fn history(&self) -> History {
        let mut all = self.get_changes_meta(&[]);
        // The same order whatever the order of arrival.
        all.sort_by_key(|change| (change.start_op, change.hash));
        History::of(all.iter().map(change))
    }

    fn keys(&self, home: &ObjId) -> Cow<'_, Keys> {
        let all = self.map_range(home, ..).map(|item| {
            let found = match item.conflict {
                true => self.found_at(home, &item.key).unwrap_or_default(),
                false => vec![(item.value.clone().into_value(), item.id())],
            };
            (item.key.into_owned(), found)
        });
        Cow::Owned(all.collect())
    }

    fn text(&self, text: &ObjId) -> String {
        ReadDoc::text(self, text).unwrap_or_default()
    }

    fn actors_in(&self, text: &ObjId) -> Box<dyn Iterator<Item = ActorId> + '_> {
        let actors = self
            .list_range(text, ..)
            .filter_map(|item| match item.id() {
                ObjId::Id(_, actor, _) => Some(actor),
                ObjId::Root => None,
            });
        Box::new(actors)
    }

    fn length(&self, object: &ObjId) -> usize {
        ReadDoc::length(self, object)
    }

    fn elements(&self, list: &ObjId) -> Vec<Vec<Found>> {
        let at = |index| {
            let found = self.get_all(list, index).unwrap_or_default().into_iter();
            found.map(|(value, id)| (value.into_owned(), id)).collect()
        };
        (0..ReadDoc::length(self, list)).map(at).collect()
    }
}

fn change(meta: &ChangeMetadata<'_>) -> Change {
    let author = meta.author.as_ref();
    Change {
        actor: meta.actor.as_ref().clone(),
        author: author.and_then(|author| PractitionerId::from_slice(author.as_bytes()).ok()),
        start: meta.start_op,
        end: meta.max_op,
        at: UnixMillis(meta.timestamp),
    }
}
