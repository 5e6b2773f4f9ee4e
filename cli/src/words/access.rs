//! What is said when a device may not be used: locked, revoked, replaced, copied.

use super::{W, sentences};

sentences! {
    ACCESS;
    LEASE_ENDED:
        "Der har ikke været forbindelse til serveren i så lang tid, at alt her er låst. Intet er slettet. Lås op ved at synkronisere: samspor device --folder MAPPE sync",
        "There was no contact with the server for so long that everything here is locked. Nothing was deleted. Sync to unlock it: samspor device --folder DIR sync";
    LABEL_LOCKED: "Låst", "Locked";
    LABEL_LEASE_ENDS: "Låser uden forbindelse", "Locks without contact";
    LOCKED_LEASE: "ja: synkronisér for at låse op", "yes: sync to unlock";
}
