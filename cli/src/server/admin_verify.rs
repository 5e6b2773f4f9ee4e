//! `samspor admin verify`: a signed record in a file, checked by the organisation itself: all that anybody can check, with
//! its own key, and the server's receipt, which nobody else can.

use crate::{
    args::admin::AdminVerifyArgs,
    exit::Exit,
    failure::Failure,
    output::Output,
    verify::{read, shown::Shown, verified},
    words::W,
};
use samspor_server::admin::{Admin, ReceiptStanding};

/// Checks one file.
///
/// # Errors
/// `file_unreadable`; each part that does not hold by its own code, the receipt as `receipt_broken`.
pub fn run(admin: &Admin, args: &AdminVerifyArgs, out: &Output) -> Result<(), Failure> {
    let key = admin.organisation_key();
    let (file, holds) = verified(&read(&args.file)?, Some(&key))?;
    let checked = match admin.receipt_standing(&file.record, &holds) {
        ReceiptStanding::None => false,
        ReceiptStanding::Holds => true,
        ReceiptStanding::Broken => {
            return Err(Failure::new(
                Exit::NotProven,
                "receipt_broken",
                W::RECORD_RECEIPT,
            ));
        }
    };
    let shown = Shown::of(&file, &holds, checked);
    out.result(&shown.json(out.lang), &shown.text(out));
    Ok(())
}
