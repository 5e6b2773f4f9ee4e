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
    LOCKED_REVOKED:
        "ja: adgangen er lukket; synkronisér for at aflevere det, der ikke er sendt",
        "yes: access was revoked; sync to hand over what was not sent";
    OTHER_PRACTITIONER:
        "Denne mappe er en anden persons end koden. Det, der ikke er sendt, er gemt. Brug en anden mappe.",
        "This folder is another person's than the code. What was not sent is kept. Use another folder.";
    COPIED_STORE:
        "Denne mappe er kopieret fra en anden telefon eller computer. Alt, du har skrevet, er gemt. Bed din koordinator om en ny kode og tilmeld mappen igen: samspor device --folder MAPPE enrol --code-file FIL",
        "This folder was copied from another device. All that you wrote is kept. Ask your coordinator for a new code and enrol the folder again: samspor device --folder DIR enrol --code-file FILE";
    REPLACED:
        "En anden tilmelding er trådt i stedet for denne. Alt, du har skrevet, er gemt. Bed din koordinator om en ny kode, hvis du vil sende det herfra.",
        "Another device took this one's place. All that you wrote is kept. Ask your coordinator for a new code if you want to send it from here.";
    STATE_REPLACED: "afløst", "replaced";
    REVOKED:
        "Adgangen er lukket, og alt her er låst. Intet er slettet endnu: ved næste sync afleveres det, der ikke er sendt, til kommunen, og derefter slettes alt her. Spørg din koordinator.",
        "Access was revoked, and everything here is locked. Nothing is deleted yet: the next sync hands over what was not sent to the municipality, and then erases everything here. Ask your coordinator.";
    NOT_HANDED_OVER:
        "Adgangen er lukket, men det, der ikke er sendt, kunne ikke afleveres endnu. Alt er gemt og låst. Prøv igen: samspor device --folder MAPPE sync",
        "Access was revoked, but what was not sent could not be handed over yet. Everything is kept and locked. Try again: samspor device --folder DIR sync";
    HANDED_OVER:
        "Adgangen er lukket. {items} ting, der ikke var sendt, er afleveret til kommunen, og alt her er slettet. Spørg din koordinator.",
        "Access was revoked. {items} things that were not sent were handed over to the municipality, and everything here was erased. Ask your coordinator.";
    HANDED_OVER_BEFORE:
        "Adgangen er lukket, og en kopi af denne mappe har afleveret noget andet. Alt her er gemt og låst. Spørg din koordinator.",
        "Access was revoked, and another copy of this folder has handed over something else. Everything here is kept and locked. Ask your coordinator.";
    DELIVERY_HANDED_OVER: "Afleveret til kommunen.", "Handed over to the municipality.";
    LABEL_HANDED_OVER_AT: "Afleveret", "Handed over";
    LABEL_ITEMS: "Antal", "Items";
    LABEL_KEPT_UNTIL: "Gemmes til", "Kept until";
    STATE_SEALED: "forseglet", "sealed";
    STATE_OPENED: "åbnet", "opened";
    STATE_EXPIRED: "slettet", "deleted";
    STATE_NOTHING: "intet at aflevere", "nothing to hand over";
    NOTHING_IN_QUARANTINE: "Ingen lukkede telefoner har afleveret noget.", "No revoked device has handed over anything.";
    ID_PARCEL: "en pakke", "a parcel";
    PARCEL_OPENED:
        "Pakken er åbnet, og åbningen er noteret. {count} ting er skrevet til {file}",
        "The parcel was opened, and the opening noted. {count} things were written to {file}";
    BAD_GROUND:
        "Grunden skal være på 1 til {most} tegn og på én linje.",
        "The ground must have 1 to {most} characters, on one line.";
    UNKNOWN_PARCEL:
        "Der er ingen sådan pakke. Se: samspor admin quarantine list",
        "There is no such parcel. See: samspor admin quarantine list";
    PARCEL_EXPIRED:
        "Pakken er slettet: dens tid var gået.",
        "The parcel was deleted: its time was over.";
    PARCEL_NO_ACCESS:
        "Kun den, der selv må skrive i sagen eller kredsen nu, kan åbne det, der er afleveret fra den.",
        "Only who may write in the case or circle now can open what was handed over of it.";
}
