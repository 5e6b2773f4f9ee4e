//! Files that cannot be used, and what their refusal says.

use super::*;

const HEAD: &str =
    "name = \"x\"\nversion = 1\nkind = \"entry\"\nlabels = { da = \"X\", en = \"X\" }\n";

fn refusal(rest: &str) -> String {
    read("x.toml", &format!("{HEAD}{rest}"), &Kl::read().unwrap())
        .unwrap_err()
        .to_string()
}

#[test]
fn a_refusal_says_file_line_and_field() {
    let labels = "labels = { da = \"A\", en = \"A\" }";
    let field = |rest: &str| format!("\n[[field]]\nname = \"a\"\n{labels}\n{rest}\n");
    let cases = [
        ("no type", field("merge = \"last\""), "x.toml, line 6"),
        (
            "unknown key",
            field("type = \"line\"\nmerge = \"last\"\nlimit = 3"),
            "x.toml, line 11",
        ),
        (
            "unknown rule",
            field("type = \"line\"\nmerge = \"newest\""),
            "x.toml, line 10",
        ),
        (
            "no rule",
            field("type = \"line\""),
            "x.toml, line 7, field a: has no merge rule",
        ),
        (
            "prose by last",
            field("type = \"text\"\nmerge = \"last\""),
            "line 7, field a: this merge rule",
        ),
        (
            "line by character",
            field("type = \"line\"\nmerge = \"text\""),
            "line 7, field a: this merge rule",
        ),
        (
            "worst of a number",
            field("type = \"integer\"\nleast = 0\nmost = 9\nmerge = \"worst_until_chosen\""),
            "this merge rule",
        ),
        (
            "consent without withdrawal",
            field(
                "type = \"code\"\nmerge = \"withdrawal_wins\"\ncodes = [{ code = \"y\", da = \"J\", en = \"Y\" }]",
            ),
            "this merge rule",
        ),
        (
            "no codes",
            field("type = \"code\"\nmerge = \"keep_all\""),
            "field a: codes belong",
        ),
        (
            "unknown set",
            field("type = \"code\"\nmerge = \"keep_all\"\ncodes = \"kl:mood\""),
            "there is no set of codes kl:mood",
        ),
        (
            "no units",
            field("type = \"quantity\"\nmerge = \"keep_all\""),
            "field a: units belong",
        ),
        (
            "no limits",
            field("type = \"integer\"\nmerge = \"keep_all\""),
            "field a: an integer needs least and most",
        ),
        (
            "taken name",
            field("type = \"line\"\nmerge = \"last\"")
                + &field("type = \"line\"\nmerge = \"last\""),
            "line 13, field a: stands twice",
        ),
        (
            "no items",
            field("type = \"items\""),
            "field a: fields belong to items",
        ),
    ];
    for (name, rest, expected) in cases {
        let said = refusal(&rest);
        assert!(said.contains(expected), "{name}: {said}");
    }
    let said = refusal(
        "title = \"b\"\n[[field]]\nname = \"a\"\nlabels = { da = \"A\", en = \"A\" }\ntype = \"line\"\nmerge = \"last\"\n",
    );
    assert!(
        said.contains("x.toml, line 5: there is no field b"),
        "{said}"
    );
}

#[test]
fn a_measurement_of_the_guide_keeps_the_guides_units() {
    let said = refusal(
        "[[field]]\nname = \"weight\"\nlabels = { da = \"A\", en = \"A\" }\ntype = \"quantity\"\nmerge = \"keep_all\"\n\
         units = [{ unit = \"pund\", decimals = 0, least = \"1\", most = \"9\", usual_least = \"1\", usual_most = \"9\" }]\n",
    );
    assert!(said.contains("units differ from the guide's"), "{said}");
}
