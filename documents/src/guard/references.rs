//! What a change's operations point to, read straight from its columns: the object, the element, and the operations
//! superseded. Nothing is allocated for an operation, and the library is not asked.

use super::{GuardError, change::ACTION_COLUMN, chunk::Reader, columns::Data};

/// The column of the place that an operation has in a sequence; none under a name of a map.
const ELEMENT_NUMBER: u64 = 0x13;
/// The column that says of each operation whether it inserts into a sequence.
const INSERT: u64 = 0x34;

/// An operation named by a change: the actor's place in the change's list of actors, and the operation's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// 0 is the change's own actor.
    pub actor: u64,
    /// The operation's number.
    pub number: u64,
}

/// The columns that hold references.
pub struct References<'a> {
    object: (Runs<'a>, Runs<'a>),
    element: (Runs<'a>, Runs<'a>),
    superseded: (Runs<'a>, Runs<'a>, Runs<'a>),
}

impl<'a> References<'a> {
    /// The columns as listed in a change.
    pub fn of(columns: &[Data<'a>]) -> Self {
        let data = |specification| of_column(columns, specification);
        let whole = |specification| Runs::new(data(specification), Kind::Whole);
        let delta = |specification| Runs::new(data(specification), Kind::Delta);
        Self {
            object: (whole(0x01), whole(0x02)),
            element: (whole(0x11), delta(ELEMENT_NUMBER)),
            superseded: (whole(0x70), whole(0x71), delta(0x73)),
        }
    }

    /// Hands every reference of the next operation to `visit`.
    ///
    /// # Errors
    /// `Malformed` for columns that end within a value; whatever `visit` says.
    pub fn next_operation(
        &mut self,
        mut visit: impl FnMut(Named) -> Result<(), GuardError>,
    ) -> Result<(), GuardError> {
        for (actors, numbers) in [&mut self.object, &mut self.element] {
            if let (Some(actor), Some(number)) = (actors.next()?, numbers.next()?) {
                visit(Named { actor, number })?;
            }
        }
        let (counts, actors, numbers) = &mut self.superseded;
        for _ in 0..counts.next()?.unwrap_or(0) {
            if let (Some(actor), Some(number)) = (actors.next()?, numbers.next()?) {
                visit(Named { actor, number })?;
            }
        }
        Ok(())
    }
}

/// What marks a stretch of a text, among the actions.
const MARK: u64 = 7;

/// Whether every mark and every insertion stands at a place of a sequence. The library takes them under a name of a map
/// as well; what it saves with such a mark is never loaded again, and beside such an insertion it refuses what others
/// wrote at once.
///
/// # Errors
/// `Malformed` for columns that end within a value.
pub fn places_fit(columns: &[Data<'_>], operations: u64) -> Result<bool, GuardError> {
    let mut actions = Runs::new(of_column(columns, ACTION_COLUMN), Kind::Whole);
    let mut places = Runs::new(of_column(columns, ELEMENT_NUMBER), Kind::Delta);
    let mut insertions = Flags::new(of_column(columns, INSERT));
    for _ in 0..operations {
        let (action, place) = (actions.next()?, places.next()?);
        let inserts = insertions.next()?;
        if place.is_none() && (inserts || action == Some(MARK)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A column of yes and no: how many no, how many yes, and so on. Past its end every row is no.
struct Flags<'a> {
    reader: Reader<'a>,
    left: u64,
    is_set: bool,
}

impl<'a> Flags<'a> {
    const fn new(bytes: &'a [u8]) -> Self {
        Self {
            reader: Reader::new(bytes),
            left: 0,
            // The first run, of no, turns it over.
            is_set: true,
        }
    }

    fn next(&mut self) -> Result<bool, GuardError> {
        while self.left == 0 {
            if self.reader.is_empty() {
                return Ok(false);
            }
            self.left = self.reader.unsigned()?;
            self.is_set = !self.is_set;
        }
        self.left -= 1;
        Ok(self.is_set)
    }
}

/// A column's bytes; empty where there is none.
fn of_column<'a>(columns: &[Data<'a>], specification: u64) -> &'a [u8] {
    columns
        .iter()
        .find(|column| column.specification == specification)
        .map_or(&[][..], |column| column.bytes)
}

#[derive(Clone, Copy)]
enum Kind {
    Whole,
    /// Each value is the sum of all before it.
    Delta,
}

/// One run-length encoded column of numbers, read row by row. Past its end every row is null.
struct Runs<'a> {
    reader: Reader<'a>,
    kind: Kind,
    left: u64,
    run: Run,
    sum: i64,
}

enum Run {
    Nulls,
    Same(i64),
    Literal,
}

impl<'a> Runs<'a> {
    const fn new(bytes: &'a [u8], kind: Kind) -> Self {
        Self {
            reader: Reader::new(bytes),
            kind,
            left: 0,
            run: Run::Nulls,
            sum: 0,
        }
    }

    /// The next row; a negative number is none that an operation has, and reads as the highest.
    fn next(&mut self) -> Result<Option<u64>, GuardError> {
        while self.left == 0 {
            if self.reader.is_empty() {
                return Ok(None);
            }
            let length = self.reader.signed()?;
            self.left = length.unsigned_abs();
            self.run = match length {
                0 => {
                    self.left = self.reader.unsigned()?;
                    Run::Nulls
                }
                1.. => Run::Same(self.value()?),
                _ => Run::Literal,
            };
        }
        self.left -= 1;
        let value = match self.run {
            Run::Nulls => return Ok(None),
            Run::Same(value) => value,
            Run::Literal => self.value()?,
        };
        let value = match self.kind {
            Kind::Whole => value,
            Kind::Delta => {
                self.sum = self.sum.saturating_add(value);
                self.sum
            }
        };
        Ok(Some(u64::try_from(value).unwrap_or(u64::MAX)))
    }

    fn value(&mut self) -> Result<i64, GuardError> {
        match self.kind {
            Kind::Whole => Ok(i64::try_from(self.reader.unsigned()?).unwrap_or(i64::MAX)),
            Kind::Delta => self.reader.signed(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8], kind: Kind, count: usize) -> Vec<Option<u64>> {
        let mut runs = Runs::new(bytes, kind);
        (0..count).map(|_| runs.next().unwrap()).collect()
    }

    #[test]
    fn columns_read_row_by_row_and_end_in_nulls() {
        // Twice 5, three nulls, then 7 and 9 as they stand.
        let column = [2, 5, 0, 3, 0x7e, 7, 9];
        let expected = [
            Some(5),
            Some(5),
            None,
            None,
            None,
            Some(7),
            Some(9),
            None,
            None,
        ];
        assert_eq!(rows(&column, Kind::Whole, 9), expected);
        // 1, 2, 3, then two less.
        assert_eq!(
            rows(&[3, 1, 0x7f, 0x7e], Kind::Delta, 5),
            [Some(1), Some(2), Some(3), Some(1), None]
        );
        assert!(Runs::new(&[2], Kind::Whole).next().is_err());
    }

    #[test]
    fn flags_begin_with_no_and_end_in_it() {
        let column = [0, 2, 1, 1];
        let mut flags = Flags::new(&column);
        let rows: Vec<bool> = (0..6).map(|_| flags.next().unwrap()).collect();
        assert_eq!(rows, [true, true, false, true, false, false]);
        assert!(Flags::new(&[0x80]).next().is_err());
    }
}
