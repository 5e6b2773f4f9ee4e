//! What the demo says.

use super::{W, sentences};

sentences! {
    DEMO;
    DEMO_BEGINS:
        "Egelund Kommune findes ikke. {children} opdigtede børn, to arbejdsuger, tre teams. Alt ligger i {folder}.",
        "Egelund is an invented municipality. {children} invented children, two working weeks, three teams. Everything is in {folder}.";
    DEMO_DAY: "Dag {day} af {days} er skrevet og forsøgt synkroniseret.", "Day {day} of {days} is written, and syncing was tried.";
    DEMO_STOPPED: "Demoen er afbrudt.", "The demo was interrupted.";
    DEMO_NOT_EMPTY:
        "Mappen {folder} er ikke tom. Giv en tom eller en ny med --data.",
        "The folder {folder} is not empty. Give an empty one or a new one with --data.";
    DEMO_WROTE:
        "{entries} journalnotater om {children} børn er skrevet på {devices} telefoner, iPads og computere, næsten altid uden dækning.",
        "{entries} entries about {children} children were written on {devices} devices, nearly always without cover.";
    DEMO_SYNCED:
        "Serveren har kvitteret for {operations} handlinger. {failed} synkroniseringer mislykkedes undervejs, {broken} forbindelser blev afbrudt midt i arbejdet.",
        "The server acknowledged {operations} operations. {failed} syncs failed on the way, {broken} connections broke in the middle of the work.";
    DEMO_CHECKED:
        "Kontrol af alt, hvad der blev tastet: tabt {lost}, uenige steder {diverged}. {conflicts} felter viser flere værdier, til nogen vælger. Tid: {seconds} s.",
        "Everything typed was checked: lost {lost}, diverged {diverged}. {conflicts} fields show several values until somebody chooses. Time: {seconds} s.";
    DEMO_FOUND:
        "Kontrollen fandt:\n  {findings}",
        "The check found:\n  {findings}";
    DEMO_PAGE: "Koordinatorens side: {url}", "The coordinator's page: {url}";
    DEMO_LINK:
        "Log ind her (gælder ét kvarter og én gang; browseren advarer, fordi certifikatet er lavet til lejligheden):\n  {link}",
        "Sign in here (holds for a quarter of an hour and once; the browser warns because the certificate was made for the occasion):\n  {link}";
    DEMO_NEW_LINK:
        "Et nyt link: {program} admin --folder {folder} link \"Kirsten Vangsgård\"",
        "A new link: {program} admin --folder {folder} link \"Kirsten Vangsgård\"";
    DEMO_DEVICE:
        "Prøv koordinatorens computer selv: {program} device --folder {folder} case list",
        "Try the coordinator's device yourself: {program} device --folder {folder} case list";
}
