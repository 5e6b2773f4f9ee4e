//! Files that cannot be used, and what their refusal says.

use super::*;

const HEAD: &str =
    "name = \"x\"\nversion = 1\nkind = \"entry\"\nlabels = { da = \"X\", en = \"X\" }\n";

fn refusal(rest: &str) -> String {
    read(
        "x.toml",
        &format!("{HEAD}{rest}"),
        &Kl::read().unwrap(),
        &blocks(),
    )
    .unwrap_err()
    .to_string()
}

/// One block, `pair`: fields `one` and `two`.
fn blocks() -> Blocks {
    let kl = Kl::read().unwrap();
    let named = |name: &str| {
        field("type = \"line\"\nmerge = \"last\"").replace("\"a\"", &format!("\"{name}\""))
    };
    let fields = read_block("pair.toml", &(named("one") + &named("two")), &kl).unwrap();
    Blocks::from([("pair".to_owned(), fields)])
}

/// A field `a` with this rest.
fn field(rest: &str) -> String {
    format!("\n[[field]]\nname = \"a\"\nlabels = {{ da = \"A\", en = \"A\" }}\n{rest}\n")
}

#[test]
fn a_refusal_says_file_line_and_field() {
    let line = "type = \"line\"\nmerge = \"last\"";
    let cases = [
        (
            field("merge = \"last\""),
            "x.toml, line 7, field a: has no type",
        ),
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
            "a name is at most 64 small letters",
        ),
        (
            field(line).replace("\"a\"", "\"occurred_at\""),
            "a name is at most 64 small letters",
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

#[test]
fn a_block_stands_where_it_is_used_and_a_wrong_use_is_refused_with_its_line() {
    let used = "\n[[field]]\nuse = \"pair\"\n";
    let line = "type = \"line\"\nmerge = \"last\"";
    let text = format!("{HEAD}{}{used}", field(line));
    let template = read("x.toml", &text, &Kl::read().unwrap(), &blocks()).unwrap();
    let names: Vec<&str> = template
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    assert_eq!(names, ["a", "one", "two"]);
    let cases = [
        (used.replace("pair", "three"), "x.toml, line 7: there is no block three"),
        (format!("{used}merge = \"last\"\n"), "x.toml, line 7, field pair: use stands alone"),
        (format!("{used}{used}"), "x.toml, line 10, field pair: stands twice"),
        (field(line).replace("\"a\"", "\"two\"") + used, "line 13, field pair: stands twice"),
        ("\n[[field]]\ntype = \"line\"\n".to_owned(), "x.toml, line 6: a field has a name, or use"),
        (
            "\n[[field]]\nname = \"a\"\nlabels = { da = \"A\", en = \"A\" }\ntype = \"items\"\nfields = [{ use = \"pair\" }]\n".to_owned(),
            "line 10, field pair: only a template takes a block",
        ),
    ];
    for (rest, expected) in cases {
        let said = refusal(&rest);
        assert!(said.contains(expected), "{rest}: {said}");
    }
    let nested = read_block("pair.toml", used, &Kl::read().unwrap()).unwrap_err();
    assert!(
        nested.to_string().contains("only a template takes a block"),
        "{nested}"
    );
}

#[test]
fn what_belongs_to_one_type_stands_with_no_other_and_a_named_item_is_of_the_same_template() {
    let keep = "merge = \"keep_all\"";
    for (rest, expected) in [
        (format!("type = \"item\"\n{keep}"), "of belongs"),
        (
            format!("type = \"line\"\nof = \"goals\"\n{keep}"),
            "of belongs",
        ),
        (
            format!("type = \"item\"\nof = \"goals\"\n{keep}"),
            "there is no field of items goals",
        ),
        (
            format!("type = \"date\"\nchars_max = 5\n{keep}"),
            "chars_max belongs",
        ),
        (
            format!("type = \"line\"\nmost = 5\n{keep}"),
            "least and most",
        ),
        (
            format!("type = \"line\"\nwithdrawals = [\"n\"]\n{keep}"),
            "own_codes and withdrawals",
        ),
        (
            format!("type = \"code\"\ncodes = [{{ code = \"y\", da = \"\", en = \"Y\" }}]\n{keep}"),
            "labels in both languages",
        ),
    ] {
        let said = refusal(&field(&rest));
        assert!(said.contains(expected), "{rest}: {said}");
    }
}
