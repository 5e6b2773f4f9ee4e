//! From a reading to what its text holds, or to the fields that stand in the way.

use super::{
    content::{Content, Fields, Hand, Item, Said, Scalar, Written, key_order},
    error::{Obstacle, UnsignableError, Why},
};
use crate::{
    id::PractitionerId,
    reading::{Attributed, FieldReading, FieldState, ItemReading, Reading},
    value::stored,
};
use uuid::Uuid;

pub(super) fn content(reading: &Reading) -> Result<Content, UnsignableError> {
    if reading.template.is_empty() {
        return Err(UnsignableError::NoTemplate);
    }
    let mut render = Render {
        authors: &reading.authors,
        within: None,
        obstacles: Vec::new(),
    };
    let fields = render.fields(&reading.fields);
    if !render.obstacles.is_empty() {
        return Err(UnsignableError::Fields(render.obstacles));
    }
    Ok(Content {
        kind: reading.kind.name().to_owned(),
        template: reading.template.clone(),
        version: reading.template_version,
        subject: reading.subject,
        occurred_at: reading.occurred_at,
        written_at: reading.written_at,
        edited_at: reading.edited_at,
        authors: reading.authors.clone(),
        fields,
    })
}

/// A reading on its way, with all that was found to stand in the way.
struct Render<'a> {
    authors: &'a [PractitionerId],
    /// The field and the item whose fields are being read.
    within: Option<(&'a str, Uuid)>,
    obstacles: Vec<Obstacle>,
}

impl<'a> Render<'a> {
    fn obstacle(&mut self, name: &str, why: Why) {
        let (field, item) = match self.within {
            Some((field, item)) => (field, Some((item, name.to_owned()))),
            None => (name, None),
        };
        self.obstacles.push(Obstacle {
            field: field.to_owned(),
            item,
            why,
        });
    }

    /// The fields that say something, in canonical order.
    fn fields(&mut self, fields: &'a [FieldReading]) -> Fields {
        let mut said: Fields = Vec::new();
        for field in fields {
            match self.field(field) {
                Ok(Some(one)) => said.push((field.name.clone(), one)),
                Ok(None) => {}
                Err(why) => self.obstacle(&field.name, why),
            }
        }
        said.sort_by(|(one, _), (other, _)| key_order(one, other));
        let twice = said.windows(2).filter_map(|pair| match pair {
            [(one, _), (other, _)] if one == other => Some(one),
            _ => None,
        });
        for name in twice {
            self.obstacle(name, Why::Broken);
        }
        said
    }

    fn field(&mut self, field: &'a FieldReading) -> Result<Option<Said>, Why> {
        if !field.whole {
            return Err(Why::NotWhole);
        }
        if field.is_invalid() {
            return Err(Why::Invalid);
        }
        if field.needs_choice() {
            return Err(Why::NeedsChoice);
        }
        match &field.state {
            FieldState::Empty => Ok(None),
            FieldState::Text { text, .. } if text.is_empty() => Ok(None),
            FieldState::Text { text, authors } => {
                let places = authors.iter().map(|author| self.place(author));
                Ok(Some(Said::Prose {
                    text: text.clone(),
                    authors: places.collect::<Result<_, _>>()?,
                }))
            }
            FieldState::One(value) => {
                let one = self.written(value)?;
                Ok((!one.value.is_empty()).then_some(Said::One(one)))
            }
            FieldState::Conflict { shown, values } => {
                // Nobody has to choose, so the merge rule shows one of them.
                let shown = shown.as_ref().ok_or(Why::NeedsChoice)?;
                let shown = self.written(shown)?;
                let written = values.iter().map(|value| self.written(value));
                let values = written.collect::<Result<Vec<_>, _>>()?;
                // Without their operations two may be the same; then the first stands for both.
                match values.iter().position(|value| *value == shown) {
                    Some(shown) if values.len() >= 2 => Ok(Some(Said::Several { shown, values })),
                    _ => Err(Why::Broken),
                }
            }
            FieldState::Items(items) if self.within.is_none() => Ok(self.items(&field.name, items)),
            FieldState::Items(_) => Err(Why::Broken),
            FieldState::Invalid { .. } => Err(Why::Invalid),
        }
    }

    fn items(&mut self, field: &'a str, items: &'a [ItemReading]) -> Option<Said> {
        let mut said = Vec::with_capacity(items.len());
        for item in items {
            self.within = Some((field, item.id));
            said.push(Item {
                id: item.id,
                removed: item.removed,
                fields: self.fields(&item.fields),
            });
        }
        self.within = None;
        (!said.is_empty()).then_some(Said::Items(said))
    }

    fn written(&self, value: &Attributed) -> Result<Written, Why> {
        let author = value.author.as_ref().map(|author| self.place(author));
        Ok(Written {
            value: Scalar::of(&stored::to_scalar(&value.value)).ok_or(Why::Broken)?,
            hand: Hand {
                at: value.at,
                author: author.transpose()?,
            },
        })
    }

    /// The place of an author among those who wrote in the document.
    fn place(&self, author: &PractitionerId) -> Result<u32, Why> {
        let place = self.authors.iter().position(|known| known == author);
        place
            .and_then(|place| u32::try_from(place).ok())
            .ok_or(Why::Broken)
    }
}
