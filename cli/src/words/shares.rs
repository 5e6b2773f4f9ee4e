//! What is said about shares of cases.

use super::{W, sentences};

sentences! {
    SHARES;
    SHARED: "Delt. Deling {id}.", "Shared. Share {id}.";
    DISCLOSED: "Videregivet. Videregivelse {id}.", "Disclosed. Disclosure {id}.";
    DISCLOSED_WITH: "Det, der er føjet til notatet, er videregivet med det: {ids}", "What was added to the entry is disclosed with it: {ids}";
    DISCLOSED_WITHOUT:
        "{team} har fået notatet videregivet uden denne tilføjelse. Videregiv den også: samspor device share disclose {case} --document {id} --team …",
        "{team} got the entry without this addition. Disclose it as well: samspor device share disclose {case} --document {id} --team …";
    DISCLOSES: "Videregiver: {title}", "Discloses: {title}";
    DISCLOSED_FROM: "Videregivet fra {team} af {by}, {time}: {purpose}", "Disclosed by {team}, {by}, {time}: {purpose}";
    DISCLOSED_STAYS: "Det videregivne står i modtagerens sag og bliver der; det kan ikke trækkes tilbage.", "What was disclosed stands in its recipient's case and stays there; it cannot be withdrawn.";
    ENTRY_RESTRICTED: "Notatet er begrænset og videregives ikke.", "The entry is restricted, and is not disclosed.";
    SHARE_WITHDRAWN: "Delingen {id} er trukket tilbage.", "Share {id} is withdrawn.";
    SHARE_HAD_ENDED: "Delingen {id} var allerede slut.", "Share {id} had ended already.";
    UNKNOWN_SERVER_SHARE: "Der er ingen deling med det id.", "There is no share with this id.";
    LABEL_FROM: "Fra", "From";
    LABEL_TO: "Til", "To";
    LABEL_SHARED_BY: "Delt af", "Shared by";
    LABEL_WHEN: "Hvornår", "When";
    LABEL_BASIS: "Grundlag", "Legal basis";
    NO_SHARES: "Intet er delt.", "Nothing is shared.";
    NO_RECEIVED_SHARES: "Ingen har delt noget med dig eller dine teams.", "Nobody has shared anything with you or your teams.";
    SHARE_CASE: "hele sagen", "the whole case";
    SHARE_DOCUMENT: "et notat", "one document";
    SHARE_DISCLOSURE: "videregivet notat, som bliver", "a disclosed entry, which stays";
    SHARE_TO: "til {to}", "with {to}";
    SHARE_FROM: "fra {from}", "from {from}";
    SHARE_UNTIL: "til {time}", "until {time}";
    SHARE_PURPOSE: "Formål: {text}", "Purpose: {text}";
    SHARE_BASIS: "Grundlag: {text}", "Legal basis: {text}";
    SHARE_CONSENT: "Samtykke: {text}, {time}", "Consent: {text}, {time}";
    SHARE_NO_CONSENT: "Uden samtykke: {text}", "Without consent: {text}";
    SHARE_ENDED_WITHDRAWN: "trukket tilbage {time}", "withdrawn {time}";
    SHARE_ENDED_OVER: "udløbet", "over";
    SHARE_WAITS: "venter på at blive afleveret", "waits to be delivered";
    SHARE_WITHDRAWAL_WAITS: "tilbagetrækningen venter på at blive afleveret", "its withdrawal waits to be delivered";
    SHARES_CASE: "Deler: {title}", "Shares: {title}";
    WITHDRAWS_SHARE: "Trækker deling tilbage: {title}", "Withdraws share: {title}";
    SHARE_DISCARDED: "Det er droppet. Intet, der er skrevet, er slettet.", "It is given up. Nothing that was written is deleted.";
    ID_SHARE: "delingen", "the share";
    UNKNOWN_SHARE: "Der er ingen deling med det id på denne enhed. Se dem med: samspor device share list", "There is no share with this id on this device. See them with: samspor device share list";
    SHARED_FOR_READING: "Sagen er delt med dig til læsning; det er dens eget team, der skriver i den.", "The case is shared with you for reading; its own team writes in it.";
    SHARE_OWN_TEAM: "Teamet har allerede sagen.", "The case is this team's own already.";
    SHARE_TEXT: "{field}: mangler, er for langt eller er mere end én linje. Formål, grundlag og samtykke (eller hvorfor der ikke er spurgt) skal stå der.", "{field}: missing, too long or more than one line. Purpose, legal basis and consent (or why nobody was asked) have to be there.";
    SHARE_OVER: "Tidspunktet, der deles til, er allerede passeret.", "The time until which is shared is over already.";
    UNKNOWN_ANY_TEAM: "Der er intet team med det navn. Se dem med: samspor device teams", "There is no team of this name. See them with: samspor device teams";
}
