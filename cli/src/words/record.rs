//! What is said of the record once it is signed: what is added to it.

use super::{W, sentences};

sentences! {
    RECORD;
    NO_STRETCHES: "Ingen fritekst, eller en godkendt: den står de, der har godkendt den, sammen ved.", "No prose, or a signed text, which those who signed it stand for together.";
    NOBODY_KNOWN: "Ukendt", "Unknown";
    VERIFY_LABELS_ORGANISATION:
        "Betegnelserne er fra kommunens egen skabelon ({name}, version {version}), som ligger i filen, og som kommunens nøgle i filen bekræfter. Det, der er godkendt, er teksten, ikke skabelonen.",
        "The labels are from the municipality's own template ({name}, version {version}), which is in the file and which the municipality's key in the file confirms. What was signed is the text, not the template.";
    VERIFY_LABELS_ATTACHED:
        "Felternes betegnelser er fra en skabelon, der ligger i filen, og som intet bekræfter: den er ikke en del af det, der er godkendt. Feltets eget navn står i parentes, og værdierne står, som de er skrevet.",
        "The fields' labels are from a template that is in the file and that nothing confirms: it is no part of what was signed. Each field's own name stands in brackets, and values stand as they were written.";
    VERIFY_LABELS_NOWHERE:
        "Skabelonen ({name}, version {version}) kendes ikke her og er ikke i filen: felterne står ved deres navne i teksten.",
        "The template ({name}, version {version}) is not known here and not in the file: fields stand by their names in the text.";
    VERIFY_LABELS_UNUSABLE:
        "Skabelonen i filen er ikke den, teksten nævner ({name}, version {version}), er ændret eller kan ikke læses. Den er ikke brugt.",
        "The template in the file is not the one that the text names ({name}, version {version}), was altered, or cannot be read. It was not used.";
    VERIFY_RECEIPT_HOLDS:
        "Serverens kvittering passer: teksten blev modtaget {at} som nr. {seq}.",
        "The server's receipt holds: the text was received {at} as no. {seq}.";
    RECORD_RECEIPT:
        "Det passer ikke: serverens kvittering er ikke kommunens egen for denne tekst, dette nummer og dette tidspunkt.",
        "It does not hold: the server's receipt is not the organisation's own for this text, this number and this time.";
    LABEL_RECEIVED_AT: "Modtaget", "Received";
    NOT_RECEIVED: "ikke modtaget af serveren endnu", "not received by the server yet";
    LABEL_ADDS_TO: "Hører til", "Belongs to";
    ADDS_TO: "Hører til: {id}", "Belongs to: {id}";
    ADDITIONS: "Tilføjelser og bemærkninger: {count}", "Addenda and remarks: {count}";
    ENTRY_NOT_SIGNED:
        "Notatet er ikke godkendt endnu: ret det i stedet: samspor device edit {document}",
        "The entry is not signed yet: change it instead: samspor device edit {document}";
    ENTRY_ELSEWHERE:
        "Notatet står i en anden sag eller kreds. En tilføjelse eller bemærkning står samme sted som det, den hører til.",
        "The entry stands in another case or circle. An addendum or a remark stands where that stands which it belongs to.";
    ADDS_TO_NOTHING:
        "Sig, hvilket notat det hører til: --adds-to NOTAT",
        "Say which entry it belongs to: --adds-to ENTRY";
    NAMES_NO_ITEM:
        "{field} peger på en række i {list}, som ikke er der eller er taget væk. Se rækkerne med: samspor device read DOKUMENT",
        "{field} refers to an item of {list} that is not there, or was taken away. See its items with: samspor device read DOCUMENT";
    RESTRICTED: "Begrænset: {id}", "Restricted: {id}";
    RESTRICTION_LIFTED: "Begrænsningen er ophævet: {id}", "The restriction is lifted: {id}";
    MARK_RESTRICTED: "begrænset af {who}, {at}: {ground}", "restricted by {who}, {at}: {ground}";
    RESTRICTED_ONE:
        "1 notat er begrænset og vises ikke. Vis det med: --restricted",
        "1 entry is restricted and not shown. Show it with: --restricted";
    RESTRICTED_MANY:
        "{count} notater er begrænset og vises ikke. Vis dem med: --restricted",
        "{count} entries are restricted and not shown. Show them with: --restricted";
    ADDITION_RESTRICTED:
        "Begrænset. Læs det med: samspor device read {document}",
        "Restricted. Read it with: samspor device read {document}";
    RESTRICTION_GROUND:
        "--ground skal sige hvorfor, med 1 til {most} tegn.",
        "--ground must say why, in 1 to {most} characters.";
    RESTRICTS: "Begrænser: {title}", "Restricts: {title}";
    LIFTS_RESTRICTION: "Ophæver begrænsningen af: {title}", "Lifts the restriction of: {title}";
    SAID_GROUND: "Grund: {ground}", "Ground: {ground}";
    RESTRICTION_DISCARDED: "Det er opgivet; notatet er, som det var.", "It is given up; the entry is as it was.";
    REASON_NOT_SIGNED:
        "Notatet er ikke godkendt på serveren, og kun godkendte notater kan begrænses.",
        "The entry is not signed on the server, and only signed entries can be restricted.";
    REASON_RESTRICTED:
        "Notatet er begrænset og videregives ikke, så længe det er det.",
        "The entry is restricted, and is not disclosed while it is.";
    WAY_ADDENDUM:
        "Læg det i en kladde til en tilføjelse til notatet: samspor device not-delivered addendum {id}",
        "Put it into a draft of an addendum to the entry: samspor device not-delivered addendum {id}";
    WAY_DRAFT:
        "Læg det i en ny kladde: samspor device not-delivered draft {id}",
        "Put it into a new draft: samspor device not-delivered draft {id}";
    WAY_DISCARD:
        "Opgiv det: samspor device not-delivered discard {id}",
        "Give it up: samspor device not-delivered discard {id}";
    WAY_EXPORT:
        "Flyt det ud i en fil: samspor device not-delivered discard {id} --to FIL",
        "Move it out into a file: samspor device not-delivered discard {id} --to FILE";
    ADDENDUM_DRAFTED:
        "Lagt i en kladde til en tilføjelse: {id}. Læs den igennem, og læg den i sagen: samspor device publish {id}",
        "Put into a draft of an addendum: {id}. Read it through, and publish it: samspor device publish {id}";
    DRAFTED_AGAIN:
        "Lagt i en ny kladde: {id}. Læs den igennem, og læg den i sagen: samspor device publish {id}",
        "Put into a new draft: {id}. Read it through, and publish it: samspor device publish {id}";
    NOT_THAT_WAY_OUT:
        "Den vej passer ikke til det, der ligger der. Se, hvad der kan gøres: samspor device not-delivered list",
        "That way out does not fit what lies there. See what can be done: samspor device not-delivered list";
    ASIDE_MEANING:
        "Et notat er kommet beskadiget hertil og er lagt til side. Det kan gemmes i en fil til supporten: samspor device not-delivered export FIL",
        "An entry came damaged and is set aside. It can be kept in a file for support: samspor device not-delivered export FILE";
    FIXED_FIELD:
        "{field} blev sagt, da dokumentet blev begyndt, og kan ikke ændres. Skriv et nyt.",
        "{field} was said when the document was begun, and cannot be changed. Write a new one.";
}
