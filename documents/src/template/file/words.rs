//! What a refused template file is told.

use super::Said;

pub const STANDS_TWICE: Said = Said::new("står to gange", "stands twice");
pub const USE_ALONE: Said = Said::new("use står alene", "use stands alone");
pub const USE_IN_TEMPLATES: Said = Said::new(
    "kun en skabelon tager en blok; en blok og en liste gør ikke",
    "only a template takes a block, and no item does",
);
pub const NO_TYPE: Said = Said::new("har ingen type", "has no type");
pub const NAME: Said = Said::new(
    "et navn er højst 64 små bogstaver, cifre og _, og ikke occurred_at",
    "a name is at most 64 small letters, digits and _, and not occurred_at",
);
pub const ITEMS_IN_ITEM: Said = Said::new("en liste rummer ingen lister", "an item holds no items");
pub const FIXED: Said = Said::new(
    "kun en reference, der ikke står i en liste, ligger fast (fixed)",
    "only a reference that is no item's is fixed",
);
pub const NO_LABELS: Said = Said::new("har ingen labels", "has no labels");
pub const EMPTY_LABEL: Said = Said::new("en label er tom", "an empty label");
pub const CODES: Said = Said::new(
    "codes hører til typen code, som skal have dem",
    "codes belong to a code field, and it needs them",
);
pub const UNITS: Said = Said::new(
    "units hører til typen quantity, som skal have dem",
    "units belong to a quantity, and it needs them",
);
pub const FIELDS: Said = Said::new(
    "fields hører til typen items, som skal have dem",
    "fields belong to items, and they need them",
);
pub const OF: Said = Said::new(
    "of hører til typen item, som skal have det",
    "of belongs to the reference to an item, and it needs it",
);
pub const CHARS_MAX: Said = Said::new(
    "chars_max hører til typerne text og line",
    "chars_max belongs to a text or a line",
);
pub const LEAST_AND_MOST: Said = Said::new(
    "least og most hører til typen integer",
    "least and most belong to an integer",
);
pub const CODE_PARTS: Said = Said::new(
    "own_codes og withdrawals hører til typen code",
    "own_codes and withdrawals belong to a code field",
);
pub const INTEGER: Said = Said::new(
    "typen integer skal have least og most",
    "an integer needs least and most",
);
pub const WITHDRAWAL: Said = Said::new(
    "withdrawals skal stå blandt feltets koder",
    "a withdrawal is one of its codes",
);
pub const CODES_ONCE: Said = Said::new(
    "der skal være mindst én kode, og hver kun én gang",
    "codes are at least one, each once",
);
pub const CODE_LABELS: Said = Said::new(
    "en kode skal have tekst på begge sprog",
    "a code has labels in both languages",
);
pub const GUIDE_UNITS: Said = Said::new(
    "måleenhederne er ikke vejledningens",
    "units differ from the guide's",
);
pub const LIMITS: Said = Said::new(
    "grænserne står i rækkefølgen least, usual_least, usual_most, most",
    "limits stand least, usual_least, usual_most, most",
);
pub const ITEMS_MERGE: Said = Said::new(
    "en liste har sine felters regler for fletning",
    "items have the rules of their fields",
);
pub const NO_MERGE: Said = Said::new("har ingen regel for fletning (merge)", "has no merge rule");
pub const MERGE: Said = Said::new(
    "reglen for fletning passer ikke til typen",
    "this merge rule does not fit this type",
);
pub const TEMPLATE: Said = Said::new(
    "en skabelon har et navn af små bogstaver, cifre og _, en version fra 1 og labels",
    "a template has a name of small letters, digits and _, a version from 1, and labels",
);
pub const NAME_OR_USE: Said = Said::new(
    "et felt har et navn (name) eller use",
    "a field has a name, or use",
);
pub const TAKEN: Said = Said::new(
    "navn og version er i brug",
    "this name and version is taken",
);
pub const OLDER: Said = Said::new(
    "er ikke, som det var i versionen før: en ny version lægger kun til",
    "is not what it was in the version before: a new version only adds",
);
pub const KIND: Said = Said::new(
    "en ny version er af samme slags (kind) som den før",
    "a new version is of the same kind as the one before",
);
pub const OWN_KIND: Said = Said::new(
    "en ny skabelon er af slagsen (kind) entry eller reflection",
    "a new template is of the kind entry or reflection",
);
pub const ANOTHER: Said = Said::new(
    "filen er en anden skabelon eller version, end den er lagt ind som",
    "the file is another template or version than it was added as",
);
pub const TOO_LONG: Said = Said::new("filen fylder mere end 64 KiB", "the file is over 64 KiB");
pub const TOO_MANY_FIELDS: Said = Said::new(
    "en skabelon har højst 300 felter",
    "a template has at most 300 fields",
);
pub const TOO_MANY_TEMPLATES: Said = Said::new(
    "en organisation har højst 200 skabeloner, hver version talt med",
    "an organisation has at most 200 templates, each version counted",
);
pub const UNREADABLE: Said = Said::new("filen kan ikke læses", "the file cannot be read");
pub const A_FIELD: Said = Said::new("feltet", "field");
pub const ITEMS_FIELD: Said = Said::new("listen", "field of items");
pub const BLOCK: Said = Said::new("blokken", "block");
pub const CODE_SET: Said = Said::new("kodesættet", "set of codes");
pub const ENGLISH: Said = Said::new("engelsk navn for", "English name for");
