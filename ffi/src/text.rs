//! Edits at places in prose, as an editor on the screen makes them.

use crate::{device::Device, error::SamsporError};
use samspor_documents::{document, id::DocumentId};
use uuid::Uuid;

/// One replacement inside a text. Places count Unicode code points, as Python does; where a language counts UTF-16 units
/// (Kotlin, Swift's `NSRange`), [`utf16_splice`] makes one of them.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Splice {
    /// From here.
    pub at: u64,
    /// So many code points go.
    pub delete: u64,
    /// This comes.
    pub insert: String,
}

impl TryFrom<Splice> for document::Splice {
    type Error = SamsporError;

    fn try_from(splice: Splice) -> Result<Self, SamsporError> {
        let place = |at| usize::try_from(at).map_err(|_| SamsporError::argument("outside_text"));
        Ok(Self {
            at: place(splice.at)?,
            delete: place(splice.delete)?,
            insert: splice.insert,
        })
    }
}

#[uniffi::export]
impl Device {
    /// Edits prose at places in the text that was seen when they were made, each in the text as the one before left it.
    /// What came into the field since stays, and they land where they were meant. `false` when nothing changed.
    ///
    /// # Errors
    /// `Refused` (`outside_text`, `wrong_type`); else as [`Device::edit`].
    pub async fn edit_text(
        &self,
        document: DocumentId,
        field: String,
        seen: String,
        splices: Vec<Splice>,
    ) -> Result<bool, SamsporError> {
        let splices = splices.into_iter().map(TryInto::try_into);
        let splices: Vec<document::Splice> = splices.collect::<Result<_, _>>()?;
        self.run(async move |device| device.edit_text(document, &field, &seen, &splices).await)
            .await
    }
}

/// A splice from places that count UTF-16 units in the text before it.
///
/// # Errors
/// `Refused` (`outside_text`) for a place outside the text or within a character.
#[uniffi::export]
pub fn utf16_splice(
    text: String,
    at: u64,
    delete: u64,
    insert: String,
) -> Result<Splice, SamsporError> {
    let outside = || SamsporError::argument("outside_text");
    let end = at.checked_add(delete).ok_or_else(outside)?;
    let (mut units, mut points) = (0, 0);
    let (mut from, mut until) = ((at == 0).then_some(0), (end == 0).then_some(0));
    for char in text.chars() {
        units += if char.len_utf16() == 1 { 1 } else { 2 };
        points += 1;
        from = from.or((units == at).then_some(points));
        until = until.or((units == end).then_some(points));
    }
    let at = from.ok_or_else(outside)?;
    Ok(Splice {
        at,
        delete: until.ok_or_else(outside)? - at,
        insert,
    })
}

/// A new id for an item that is to be added.
#[uniffi::export]
pub fn new_item_id() -> Uuid {
    Uuid::now_v7()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_utf16_become_places_in_characters() {
        let text = "Æ😀b".to_owned();
        for (at, delete, expected) in [
            (0, 0, Some((0, 0))),
            (1, 2, Some((1, 1))),
            (0, 4, Some((0, 3))),
            (3, 1, Some((2, 1))),
            (4, 0, Some((3, 0))),
            (2, 0, None),
            (1, 1, None),
            (5, 0, None),
            (u64::MAX, 1, None),
        ] {
            let made = utf16_splice(text.clone(), at, delete, String::new()).ok();
            let made = made.map(|splice| (splice.at, splice.delete));
            assert_eq!(made, expected, "{at} {delete}");
        }
    }
}
