//! From bytes to what a text holds. Lenient in form, since the caller compares the bytes with its own encoding;
//! strict in what that comparison cannot see: places that are not there, names twice, fields that say nothing.

use super::{
    TextPlace,
    content::{Content, Fields, Hand, Item, Said, Scalar, Written, key_order},
    encode::{FORMAT, key, said},
    error::TextError,
};
use crate::{
    id::{DocumentId, OrganisationId, PractitionerId, SpaceId},
    time::{Moment, UnixMillis},
};
use minicbor::{Decoder, data::Type, decode::Error};
use std::cmp::Ordering;
use uuid::Uuid;

pub(super) fn decode(bytes: &[u8]) -> Result<(TextPlace, Content), TextError> {
    let mut reader = Reader {
        input: Decoder::new(bytes),
        keys_left: 0,
        authors: Vec::new(),
        hands: Vec::new(),
    };
    let format = reader.format().map_err(TextError::Malformed)?;
    if format != FORMAT {
        return Err(TextError::OtherFormat { format });
    }
    reader.text().map_err(TextError::Malformed)
}

fn wrong(message: &str) -> Error {
    Error::message(message)
}

struct Reader<'b> {
    input: Decoder<'b>,
    /// How many of the text's keys are still to come.
    keys_left: u64,
    authors: Vec<PractitionerId>,
    hands: Vec<Hand>,
}

impl Reader<'_> {
    /// The map's head and its first entry.
    fn format(&mut self) -> Result<u64, Error> {
        self.keys_left = self.length_of_map()?;
        self.key(key::FORMAT)?;
        self.input.u64()
    }

    fn text(mut self) -> Result<(TextPlace, Content), Error> {
        let place = TextPlace {
            organisation: OrganisationId(self.id_at(key::ORGANISATION)?),
            space: SpaceId(self.id_at(key::SPACE)?),
            document: DocumentId(self.id_at(key::DOCUMENT)?),
            card: self.optional(key::CARD, Self::id)?.map(DocumentId),
        };
        let kind = self.string_at(key::KIND)?;
        let template = self.string_at(key::TEMPLATE)?;
        if template.is_empty() {
            return Err(wrong("no template"));
        }
        self.key(key::VERSION)?;
        let version = self.input.u32()?;
        let subject = self.optional(key::SUBJECT, Self::id)?.map(SpaceId);
        let occurred_at = self.optional(key::OCCURRED_AT, Self::moment)?;
        let written_at = self.optional(key::WRITTEN_AT, Self::time)?;
        let edited_at = self.optional(key::EDITED_AT, Self::time)?;
        self.key(key::AUTHORS)?;
        for _ in 0..self.length()? {
            let author = self.id()?;
            self.authors.push(PractitionerId(author));
        }
        self.key(key::HANDS)?;
        for _ in 0..self.length()? {
            let hand = self.hand()?;
            self.hands.push(hand);
        }
        self.key(key::FIELDS)?;
        let fields = self.fields(false)?;
        if self.keys_left > 0 || self.input.position() != self.input.input().len() {
            return Err(wrong("something follows the fields"));
        }
        let content = Content {
            kind,
            template,
            version,
            subject,
            occurred_at,
            written_at,
            edited_at,
            authors: self.authors,
            fields,
        };
        Ok((place, content))
    }

    /// Lengths are declared, and never taken as a promise: nothing is reserved by them.
    fn length(&mut self) -> Result<u64, Error> {
        self.input.array()?.ok_or_else(|| wrong("no length"))
    }

    fn length_of_map(&mut self) -> Result<u64, Error> {
        self.input.map()?.ok_or_else(|| wrong("no length"))
    }

    fn length_is(&mut self, expected: u64) -> Result<(), Error> {
        if self.length()? == expected {
            Ok(())
        } else {
            Err(wrong("another length"))
        }
    }

    /// The next key, which must be this one.
    fn key(&mut self, expected: u8) -> Result<(), Error> {
        if self.keys_left == 0 || self.input.u8()? != expected {
            return Err(wrong("another key"));
        }
        self.keys_left -= 1;
        Ok(())
    }

    /// What stands at this key, when it is the next one.
    fn optional<T>(
        &mut self,
        expected: u8,
        read: fn(&mut Self) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let next = self.input.probe().u8().ok();
        if self.keys_left == 0 || next != Some(expected) {
            return Ok(None);
        }
        self.key(expected)?;
        read(self).map(Some)
    }

    fn id(&mut self) -> Result<Uuid, Error> {
        Uuid::from_slice(self.input.bytes()?).map_err(|_| wrong("an id is 16 bytes"))
    }

    fn id_at(&mut self, expected: u8) -> Result<Uuid, Error> {
        self.key(expected)?;
        self.id()
    }

    fn string_at(&mut self, expected: u8) -> Result<String, Error> {
        self.key(expected)?;
        self.input.str().map(str::to_owned)
    }

    fn time(&mut self) -> Result<UnixMillis, Error> {
        self.input.i64().map(UnixMillis)
    }

    fn moment(&mut self) -> Result<Moment, Error> {
        self.length_is(2)?;
        Ok(Moment {
            at: self.time()?,
            offset_minutes: self.input.i16()?,
        })
    }

    fn hand(&mut self) -> Result<Hand, Error> {
        self.length_is(2)?;
        let at = self.time()?;
        let author = if self.input.datatype()? == Type::Null {
            self.input.null()?;
            None
        } else {
            Some(self.author()?)
        };
        Ok(Hand { at, author })
    }

    /// A place among the authors.
    fn author(&mut self) -> Result<u32, Error> {
        let place = self.input.u32()?;
        let known = usize::try_from(place).is_ok_and(|place| place < self.authors.len());
        known
            .then_some(place)
            .ok_or_else(|| wrong("no such author"))
    }

    fn fields(&mut self, in_item: bool) -> Result<Fields, Error> {
        let mut fields: Fields = Vec::new();
        for _ in 0..self.length_of_map()? {
            let name = self.input.str()?.to_owned();
            let ascends = fields
                .last()
                .is_none_or(|(before, _)| key_order(before, &name) == Ordering::Less);
            if !ascends {
                return Err(wrong("fields out of order"));
            }
            let said = self.said(in_item)?;
            fields.push((name, said));
        }
        Ok(fields)
    }

    fn said(&mut self, in_item: bool) -> Result<Said, Error> {
        let length = self.length()?;
        match (self.input.u8()?, length) {
            (said::PROSE, 3) => self.prose(),
            (said::ONE, 3) => {
                let one = self.written()?;
                if one.value.is_empty() {
                    return Err(wrong("a field that says nothing"));
                }
                Ok(Said::One(one))
            }
            (said::SEVERAL, 3) => self.several(),
            (said::ITEMS, 2) if !in_item => self.items(),
            _ => Err(wrong("not what a field says")),
        }
    }

    fn prose(&mut self) -> Result<Said, Error> {
        let text = self.input.str()?.to_owned();
        if text.is_empty() {
            return Err(wrong("a field that says nothing"));
        }
        let mut authors = Vec::new();
        for _ in 0..self.length()? {
            authors.push(self.author()?);
        }
        Ok(Said::Prose { text, authors })
    }

    fn several(&mut self) -> Result<Said, Error> {
        let shown = self.input.u64()?;
        let mut values = Vec::new();
        for _ in 0..self.length()? {
            self.length_is(2)?;
            values.push(self.written()?);
        }
        let shown = usize::try_from(shown).map_err(|_| wrong("no such value"))?;
        let first = values
            .get(shown)
            .and_then(|one| values.iter().position(|value| value == one));
        if first != Some(shown) || values.len() < 2 {
            return Err(wrong("not several values of which one is shown"));
        }
        Ok(Said::Several { shown, values })
    }

    fn items(&mut self) -> Result<Said, Error> {
        let mut items = Vec::new();
        for _ in 0..self.length()? {
            self.length_is(3)?;
            items.push(Item {
                id: self.id()?,
                removed: self.input.bool()?,
                fields: self.fields(true)?,
            });
        }
        if items.is_empty() {
            return Err(wrong("a field that says nothing"));
        }
        Ok(Said::Items(items))
    }

    fn written(&mut self) -> Result<Written, Error> {
        let value = match self.input.datatype()? {
            Type::String => Scalar::Text(self.input.str()?.to_owned()),
            Type::Bytes => Scalar::Missing(self.input.bytes()?.to_vec()),
            Type::Bool => Scalar::Boolean(self.input.bool()?),
            _ => Scalar::Integer(self.input.i64()?),
        };
        let place = usize::try_from(self.input.u64()?).map_err(|_| wrong("no such hand"))?;
        let hand = self.hands.get(place).ok_or_else(|| wrong("no such hand"))?;
        Ok(Written { value, hand: *hand })
    }
}
