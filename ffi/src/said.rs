//! What is said in one place of the entries that are told over time: every value, and whether a person has to choose.

use crate::values::Day;
use jiff::civil::Date;
use samspor_documents::method::{ItemId, Said, progress};
use uuid::Uuid;

macro_rules! said {
    ($($(#[$doc:meta])* $record:ident of $from:ty as $value:ty, $made:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
        pub struct $record {
            /// Every value, oldest first: none when nothing is said. Of values in conflict all, or none where one of
            /// them cannot be read.
            pub values: Vec<$value>,
            /// Whether a person has to choose, or to mend it.
            pub unsettled: bool,
        }

        impl From<Said<$from>> for $record {
            fn from(said: Said<$from>) -> Self {
                let made: fn($from) -> $value = $made;
                Self {
                    values: said.values.into_iter().map(made).collect(),
                    unsettled: said.unsettled,
                }
            }
        }
    )+};
}

said! {
    /// Words, or a code.
    SaidText of String as String, |text| text;
    /// A day.
    SaidDay of Date as Day, Day;
    /// An item, by its id.
    SaidItem of ItemId as Uuid, |item| item.0;
    /// How much.
    SaidAmount of progress::Amount as Amount, Into::into;
}

/// How much.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Amount {
    /// The number: a decimal text.
    pub number: String,
    /// Its unit; none on the scale from 0 to 10.
    pub unit: Option<String>,
}

impl From<progress::Amount> for Amount {
    fn from(amount: progress::Amount) -> Self {
        Self {
            number: amount.number.to_string(),
            unit: amount.unit,
        }
    }
}
