//! The order of names in lists, on every device and page the same.

/// What a name sorts by: lower case; æ, ø and å after z, in this order.
#[must_use]
pub fn sort_name(name: &str) -> String {
    let mut sorted = String::with_capacity(name.len());
    for letter in name.trim().chars().flat_map(char::to_lowercase) {
        match letter {
            'æ' => sorted.push_str("{a"),
            'ø' => sorted.push_str("{b"),
            'å' => sorted.push_str("{c"),
            other => sorted.push(other),
        }
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_order_as_danish_readers_expect() {
        let mut names = ["Åse", "Ærø", "Øjvind", "Zoe", "anna", "Bo"];
        names.sort_by_key(|name| sort_name(name));
        assert_eq!(names, ["anna", "Bo", "Zoe", "Ærø", "Øjvind", "Åse"]);
    }
}
