//! How entries, devices and syncs stand, in words. `{name}` is a place that the caller fills.

use super::{W, sentences};

sentences! {
    STATUS;
    // An entry's state, as it stands in a line.
    STATE_DRAFT: "kladde", "draft";
    STATE_WAITING: "venter på at blive sendt", "waiting to be sent";
    STATE_DELIVERED: "afleveret", "delivered";
    STATE_SIGNED_NOT_RECEIVED: "godkendt, ikke modtaget endnu", "signed, not received yet";
    STATE_SIGNED: "godkendt", "signed";
    STATE_REFUSED: "ikke afleveret", "not delivered";

    // A device as a whole.
    NOTHING: "intet", "nothing";
    WAITS: "{count} ({bytes}); det ældste er skrevet {at}", "{count} ({bytes}); the oldest was written {at}";
    LABEL_LAST_FAILURE: "Sidste forsøg mislykkedes", "The last attempt failed";
    LABEL_FETCHED: "Hentet", "Fetched";
    FETCHED_OF: "{held} af {visible}", "{held} of {visible}";
    FAILED_SERVER: "Serveren svarede med en fejl. Prøv igen senere.", "The server answered with an error. Try again later.";
    FAILED_OTHERWISE: "Noget gik galt. Prøv igen.", "Something went wrong. Try again.";

    // A sync that its budget ended.
    SYNC_OUT_OF_TIME: "Tiden gik. Resten kommer ved næste sync.", "The time was up. The rest comes with the next sync.";
    LABEL_LEFT_TO_SEND: "Mangler at blive sendt", "Left to send";
    LABEL_LEFT_TO_RECEIVE: "Mangler at blive hentet", "Left to fetch";

    // Devices, as the organisation sees them.
    LABEL_UP_TO_DATE: "Sidst helt opdateret", "Last up to date";
    LABEL_WAITS_THERE: "Venter der", "Waiting there";
    WAITS_THERE: "{count}, ældste fra {at}", "{count}, oldest from {at}";
    NO_DEVICES_BEHIND: "Ingen er bagud.", "Nobody is behind.";
}
