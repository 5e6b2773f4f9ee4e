//! The bytes of a text: the only ones it has.

use super::{
    TextPlace,
    content::{Content, Fields, Hand, Said, Scalar, Written},
};
use crate::time::UnixMillis;
use minicbor::{Encoder, encode::Error};
use std::{collections::BTreeSet, convert::Infallible};

/// The format these bytes are of.
pub(super) const FORMAT: u64 = 1;

/// The map's keys, in their order.
pub(super) mod key {
    pub const FORMAT: u8 = 0;
    pub const ORGANISATION: u8 = 1;
    pub const SPACE: u8 = 2;
    pub const DOCUMENT: u8 = 3;
    pub const CARD: u8 = 4;
    pub const KIND: u8 = 5;
    pub const TEMPLATE: u8 = 6;
    pub const VERSION: u8 = 7;
    pub const SUBJECT: u8 = 8;
    pub const OCCURRED_AT: u8 = 9;
    pub const WRITTEN_AT: u8 = 10;
    pub const EDITED_AT: u8 = 11;
    pub const AUTHORS: u8 = 12;
    pub const HANDS: u8 = 13;
    pub const FIELDS: u8 = 14;
}

/// What a field says begins with one of these.
pub(super) mod said {
    pub const PROSE: u8 = 0;
    pub const ONE: u8 = 1;
    pub const SEVERAL: u8 = 2;
    pub const ITEMS: u8 = 3;
}

/// How many keys every text has; the others stand only when there is something to say.
const KEYS_ALWAYS: u64 = 10;

/// Writing to memory cannot fail.
type Done = Result<(), Error<Infallible>>;

pub(super) fn encode(place: &TextPlace, content: &Content) -> Vec<u8> {
    let mut hands = BTreeSet::new();
    gather(&content.fields, &mut hands);
    let mut writer = Writer {
        out: Encoder::new(Vec::with_capacity(1024)),
        hands: hands.into_iter().collect(),
    };
    let _ = writer.text(place, content);
    writer.out.into_writer()
}

/// Everybody's hand in these fields.
fn gather(fields: &Fields, hands: &mut BTreeSet<Hand>) {
    for (_, said) in fields {
        match said {
            Said::Prose { .. } => {}
            Said::One(one) => {
                hands.insert(one.hand);
            }
            Said::Several { values, .. } => hands.extend(values.iter().map(|value| value.hand)),
            Said::Items(items) => items.iter().for_each(|item| gather(&item.fields, hands)),
        }
    }
}

/// A length or a place as CBOR counts.
fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

struct Writer {
    out: Encoder<Vec<u8>>,
    /// The table of hands, ascending.
    hands: Vec<Hand>,
}

impl Writer {
    fn text(&mut self, place: &TextPlace, content: &Content) -> Done {
        let optional = [
            place.card.is_some(),
            content.subject.is_some(),
            content.occurred_at.is_some(),
            content.written_at.is_some(),
            content.edited_at.is_some(),
        ];
        let present = optional.into_iter().filter(|present| *present).count();
        self.out.map(KEYS_ALWAYS + count(present))?;
        self.out.u8(key::FORMAT)?.u64(FORMAT)?;
        self.id(key::ORGANISATION, Some(place.organisation.as_bytes()))?;
        self.id(key::SPACE, Some(place.space.as_bytes()))?;
        self.id(key::DOCUMENT, Some(place.document.as_bytes()))?;
        self.id(key::CARD, place.card.as_ref().map(|id| id.as_bytes()))?;
        self.out.u8(key::KIND)?.str(&content.kind)?;
        self.out.u8(key::TEMPLATE)?.str(&content.template)?;
        self.out.u8(key::VERSION)?.u32(content.version)?;
        self.id(
            key::SUBJECT,
            content.subject.as_ref().map(|id| id.as_bytes()),
        )?;
        if let Some(moment) = content.occurred_at {
            self.out.u8(key::OCCURRED_AT)?.array(2)?;
            self.out.i64(moment.at.0)?.i16(moment.offset_minutes)?;
        }
        self.time(key::WRITTEN_AT, content.written_at)?;
        self.time(key::EDITED_AT, content.edited_at)?;
        self.out.u8(key::AUTHORS)?;
        self.out.array(count(content.authors.len()))?;
        for author in &content.authors {
            self.out.bytes(author.as_bytes())?;
        }
        self.hands()?;
        self.out.u8(key::FIELDS)?;
        self.fields(&content.fields)
    }

    fn id(&mut self, key: u8, id: Option<&[u8; 16]>) -> Done {
        let Some(id) = id else { return Ok(()) };
        self.out.u8(key)?.bytes(id)?.ok()
    }

    fn time(&mut self, key: u8, time: Option<UnixMillis>) -> Done {
        let Some(time) = time else { return Ok(()) };
        self.out.u8(key)?.i64(time.0)?.ok()
    }

    fn hands(&mut self) -> Done {
        self.out.u8(key::HANDS)?;
        self.out.array(count(self.hands.len()))?;
        for hand in &self.hands {
            self.out.array(2)?.i64(hand.at.0)?;
            match hand.author {
                Some(place) => self.out.u32(place)?,
                None => self.out.null()?,
            };
        }
        Ok(())
    }

    fn fields(&mut self, fields: &Fields) -> Done {
        self.out.map(count(fields.len()))?;
        for (name, said) in fields {
            self.out.str(name)?;
            self.said(said)?;
        }
        Ok(())
    }

    fn said(&mut self, said: &Said) -> Done {
        match said {
            Said::Prose { text, authors } => {
                self.out.array(3)?.u8(said::PROSE)?.str(text)?;
                self.out.array(count(authors.len()))?;
                authors
                    .iter()
                    .try_for_each(|place| self.out.u32(*place)?.ok())
            }
            Said::One(one) => {
                self.out.array(3)?.u8(said::ONE)?;
                self.written(one)
            }
            Said::Several { shown, values } => {
                self.out.array(3)?.u8(said::SEVERAL)?.u64(count(*shown))?;
                self.out.array(count(values.len()))?;
                values.iter().try_for_each(|value| {
                    self.out.array(2)?;
                    self.written(value)
                })
            }
            Said::Items(items) => {
                self.out.array(2)?.u8(said::ITEMS)?;
                self.out.array(count(items.len()))?;
                items.iter().try_for_each(|item| {
                    self.out.array(3)?.bytes(item.id.as_bytes())?;
                    self.out.bool(item.removed)?;
                    self.fields(&item.fields)
                })
            }
        }
    }

    /// A value and the place of its hand: two elements of whatever array is open.
    fn written(&mut self, written: &Written) -> Done {
        match &written.value {
            Scalar::Text(text) => self.out.str(text)?,
            Scalar::Integer(number) => self.out.i64(*number)?,
            Scalar::Boolean(yes) => self.out.bool(*yes)?,
            Scalar::Missing(name) => self.out.bytes(name)?,
        };
        // It is there: the table was gathered from these very values.
        let place = self.hands.binary_search(&written.hand).unwrap_or_default();
        self.out.u64(count(place))?.ok()
    }
}
