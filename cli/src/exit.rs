//! The exit codes: stable, documented in `docs/CLI.md`, the same for every command.

/// How a command ended. Scripts may rely on the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// Something that has no code of its own.
    Other,
    /// The command line itself is wrong.
    Usage,
    /// A value, a field, a template, a time or a file's content is wrong: nothing was saved.
    Input,
    /// There is no such thing, or not for this practitioner: the answer is the same.
    NotFound,
    /// The server said no, or work lies in the not-delivered box after a sync.
    Refused,
    /// No contact with the server, or `--offline`: work is kept and goes out at the next sync.
    NoContact,
    /// The store cannot be opened: wrong key, locked by another process, damaged.
    Store,
    /// The folder or the disk: missing, read-only, full; a port that is taken.
    Folder,
    /// The server is not the one the code named, or this device is not (or no longer) enrolled.
    Identity,
    /// A signed record, or what the server sent to prove one, does not hold.
    NotProven,
    /// The device has locked itself: records are neither read nor written until it had contact.
    Locked,
}

impl Exit {
    /// Every exit, in the order of its number.
    #[cfg(test)]
    pub const ALL: &'static [Self] = &[
        Self::Done,
        Self::Other,
        Self::Usage,
        Self::Input,
        Self::NotFound,
        Self::Refused,
        Self::NoContact,
        Self::Store,
        Self::Folder,
        Self::Identity,
        Self::NotProven,
        Self::Locked,
    ];

    /// The process's exit code.
    pub const fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Other => 1,
            Self::Usage => 2,
            Self::Input => 3,
            Self::NotFound => 4,
            Self::Refused => 5,
            Self::NoContact => 6,
            Self::Store => 7,
            Self::Folder => 8,
            Self::Identity => 9,
            Self::NotProven => 10,
            Self::Locked => 11,
        }
    }

    /// Its name in the documentation's table.
    #[cfg(test)]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Other => "other",
            Self::Usage => "usage",
            Self::Input => "input",
            Self::NotFound => "not_found",
            Self::Refused => "refused",
            Self::NoContact => "no_contact",
            Self::Store => "store",
            Self::Folder => "folder",
            Self::Identity => "identity",
            Self::NotProven => "not_proven",
            Self::Locked => "locked",
        }
    }
}
