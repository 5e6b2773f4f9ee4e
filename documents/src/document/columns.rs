//! How a change's operations stand in its columns, as the library's format lays it down: runs, differences, flags. What
//! reads it is the guard; here is as much of it as a first change needs.

/// An unsigned number in seven bits a byte, the lowest first.
pub(super) fn unsigned(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

/// A signed number likewise.
pub(super) fn signed(out: &mut Vec<u8>, mut number: i64) {
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        let is_last = number == 0 && low & 0x40 == 0 || number == -1 && low & 0x40 != 0;
        if is_last {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

/// What stands in a column of runs.
pub(super) trait Cell: PartialEq {
    fn write(&self, out: &mut Vec<u8>);
}

impl Cell for u64 {
    fn write(&self, out: &mut Vec<u8>) {
        unsigned(out, *self);
    }
}

impl Cell for i64 {
    fn write(&self, out: &mut Vec<u8>) {
        signed(out, *self);
    }
}

impl Cell for &str {
    fn write(&self, out: &mut Vec<u8>) {
        unsigned(out, self.len() as u64);
        out.extend_from_slice(self.as_bytes());
    }
}

/// A column of runs: equal cells once with their count, others one by one, and how many hold nothing.
pub(super) struct Runs<T> {
    out: Vec<u8>,
    /// Cells that differ from their neighbours.
    single: Vec<T>,
    /// The last cell, and how often it stands.
    last: Option<(Option<T>, u64)>,
}

impl<T: Cell> Runs<T> {
    pub(super) const fn new() -> Self {
        Self {
            out: Vec::new(),
            single: Vec::new(),
            last: None,
        }
    }

    pub(super) fn push(&mut self, cell: Option<T>) {
        match &mut self.last {
            Some((last, count)) if *last == cell => *count += 1,
            _ => {
                self.settle();
                self.last = Some((cell, 1));
            }
        }
    }

    /// The cell before goes where it belongs, now that another follows.
    fn settle(&mut self) {
        match self.last.take() {
            Some((Some(cell), 1)) => self.single.push(cell),
            Some((Some(cell), count)) => {
                self.flush();
                signed(&mut self.out, count as i64);
                cell.write(&mut self.out);
            }
            Some((None, count)) => {
                self.flush();
                signed(&mut self.out, 0);
                unsigned(&mut self.out, count);
            }
            None => {}
        }
    }

    fn flush(&mut self) {
        if self.single.is_empty() {
            return;
        }
        signed(&mut self.out, -(self.single.len() as i64));
        for cell in self.single.drain(..) {
            cell.write(&mut self.out);
        }
    }

    /// The column's bytes; none where no cell holds anything.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.out.is_empty() && self.single.is_empty() && matches!(self.last, Some((None, _))) {
            return Vec::new();
        }
        self.settle();
        self.flush();
        self.out
    }
}

/// A column of differences from the number before.
pub(super) struct Differences {
    runs: Runs<i64>,
    before: i64,
}

impl Differences {
    pub(super) const fn new() -> Self {
        Self {
            runs: Runs::new(),
            before: 0,
        }
    }

    pub(super) fn push(&mut self, number: Option<u64>) {
        let difference = number.map(|number| {
            let number = number as i64;
            number - std::mem::replace(&mut self.before, number)
        });
        self.runs.push(difference);
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.runs.finish()
    }
}

/// A column of flags: how many are not set, how many are, in turns.
pub(super) struct Flags {
    out: Vec<u8>,
    last: bool,
    count: u64,
}

impl Flags {
    pub(super) const fn new() -> Self {
        Self {
            out: Vec::new(),
            last: false,
            count: 0,
        }
    }

    pub(super) fn push(&mut self, flag: bool) {
        if flag != self.last {
            unsigned(&mut self.out, self.count);
            (self.last, self.count) = (flag, 0);
        }
        self.count += 1;
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        unsigned(&mut self.out, self.count);
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(cells: &[Option<u64>]) -> Vec<u8> {
        let mut runs = Runs::new();
        cells.iter().for_each(|cell| runs.push(*cell));
        runs.finish()
    }

    #[test]
    fn cells_stand_in_runs_one_by_one_or_as_nothing() {
        let cases: [(&[Option<u64>], &[u8]); 6] = [
            (&[], &[]),
            (&[None, None], &[]),
            (&[Some(7)], &[0x7f, 7]),
            (&[Some(7), Some(7), Some(7)], &[3, 7]),
            (&[None, Some(1), Some(2), Some(2)], &[0, 1, 0x7f, 1, 2, 2]),
            (&[Some(1), Some(2), None], &[0x7e, 1, 2, 0, 1]),
        ];
        for (cells, bytes) in cases {
            assert_eq!(runs(cells), bytes, "{cells:?}");
        }
    }

    #[test]
    fn numbers_differences_and_flags_are_written_as_they_are_read() {
        let mut out = Vec::new();
        for number in [0, 127, 128, u64::MAX] {
            unsigned(&mut out, number);
        }
        let most = [&[0xff; 9][..], &[1]].concat();
        assert_eq!(out, [&[0, 0x7f, 0x80, 1][..], &most].concat());
        let mut out = Vec::new();
        for number in [0, 63, 64, -64, -65] {
            signed(&mut out, number);
        }
        assert_eq!(out, [0, 0x3f, 0xc0, 0, 0x40, 0xbf, 0x7f]);
        let mut differences = Differences::new();
        for number in [None, Some(4), Some(5), Some(6)] {
            differences.push(number);
        }
        assert_eq!(differences.finish(), [0, 1, 0x7f, 4, 2, 1]);
        let mut flags = Flags::new();
        for flag in [true, true, false] {
            flags.push(flag);
        }
        assert_eq!(flags.finish(), [0, 2, 1]);
    }
}
