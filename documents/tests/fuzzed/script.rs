//! Bytes read as choices: an input that has run out chooses the first of everything.

/// The rest of an input.
pub struct Script<'a>(pub &'a [u8]);

impl<'a> Script<'a> {
    pub fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        first
    }

    pub fn number(&mut self) -> usize {
        usize::from(u16::from_be_bytes([self.byte(), self.byte()]))
    }

    /// A number of one byte, as chunks write it; none where it has more.
    pub fn small(&mut self) -> Option<usize> {
        let byte = self.byte();
        (byte < 0x80).then_some(usize::from(byte))
    }

    /// One of so many, counted from 0; 0 where there is none.
    pub fn one_of(&mut self, count: usize) -> usize {
        self.number().checked_rem(count).unwrap_or(0)
    }

    /// So many bytes, or what is left.
    pub fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// A short text, any at all.
    pub fn text(&mut self) -> String {
        let length = usize::from(self.byte());
        String::from_utf8_lossy(self.take(length)).into_owned()
    }
}
