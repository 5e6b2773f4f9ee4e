//! Files that cannot be used, and what their refusal says.

use super::*;

const HEAD: &str =
    "name = \"x\"\nversion = 1\nkind = \"entry\"\nlabels = { da = \"X\", en = \"X\" }\n";

fn refusal(rest: &str) -> String {
    read("x.toml", &format!("{HEAD}{rest}"), &Kl::read().unwrap())
        .unwrap_err()
        .to_string()
}

/// A field `a` with this rest.
fn field(rest: &str) -> String {
    format!("\n[[field]]\nname = \"a\"\nlabels = {{ da = \"A\", en = \"A\" }}\n{rest}\n")
}

#[test]
fn a_refusal_says_file_line_and_field() {
    let line = "type = \"line\"\nmerge = \"last\"";
    let cases = [
        (field("merge = \"last\""), "x.toml, line 6"),
        (field(&format!("{line}\nlimit = 3")), "x.toml, line 11"),
        (
            field("type = \"line\"\nmerge = \"newest\""),
            "x.toml, line 10",
        ),
        (
            field("type = \"line\""),
            "x.toml, line 7, field a: has no merge rule",
        ),
        (field(line) + &field(line), "line 13, field a: stands twice"),
        (
            format!("title = \"b\"\n{}", field(line)),
            "x.toml, line 5: there is no field b",
        ),
        (
            field(line).replace("\"a\"", "\"Navn\""),
            "a name is small letters",
        ),
        (
            field(line).replace("\"a\"", "\"occurred_at\""),
            "a name is small letters",
        ),
    ];
    for (rest, expected) in cases {
        let said = refusal(&rest);
        assert!(said.contains(expected), "{rest}: {said}");
    }
}

#[test]
fn a_rule_or_a_part_that_does_not_fit_the_type_is_refused() {
    let keep = "merge = \"keep_all\"";
    let yes = "codes = [{ code = \"y\", da = \"J\", en = \"Y\" }]";
    let cases = [
        (
            field("type = \"text\"\nmerge = \"last\""),
            "this merge rule",
        ),
        (
            field("type = \"line\"\nmerge = \"text\""),
            "this merge rule",
        ),
        (
            field("type = \"integer\"\nleast = 0\nmost = 9\nmerge = \"worst_until_chosen\""),
            "this merge rule",
        ),
        (
            field(&format!(
                "type = \"code\"\nmerge = \"withdrawal_wins\"\n{yes}"
            )),
            "this merge rule",
        ),
        (field(&format!("type = \"code\"\n{keep}")), "codes belong"),
        (
            field(&format!("type = \"code\"\n{keep}\ncodes = []")),
            "each once",
        ),
        (
            field(&format!("type = \"code\"\n{keep}\ncodes = \"kl:mood\"")),
            "there is no set of codes kl:mood",
        ),
        (
            field(&format!(
                "type = \"code\"\n{keep}\n{yes}\nwithdrawals = [\"n\"]"
            )),
            "a withdrawal is one",
        ),
        (
            field(&format!("type = \"quantity\"\n{keep}")),
            "units belong",
        ),
        (
            field(&format!("type = \"integer\"\n{keep}")),
            "an integer needs least and most",
        ),
        (field("type = \"items\""), "fields belong to items"),
    ];
    for (rest, expected) in cases {
        let said = refusal(&rest);
        assert!(said.contains(expected), "{rest}: {said}");
    }
}

#[test]
fn a_measurement_of_the_guide_keeps_the_guides_units() {
    let said = refusal(
        "[[field]]\nname = \"weight\"\nlabels = { da = \"A\", en = \"A\" }\ntype = \"quantity\"\nmerge = \"keep_all\"\n\
         units = [{ unit = \"pund\", decimals = 0, least = \"1\", most = \"9\", usual_least = \"1\", usual_most = \"9\" }]\n",
    );
    assert!(said.contains("units differ from the guide's"), "{said}");
}
