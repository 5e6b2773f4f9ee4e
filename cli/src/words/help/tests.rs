use super::*;

#[test]
fn no_help_is_empty_and_none_is_written_twice() {
    let commands = TABLES.iter().flat_map(|(commands, _)| *commands);
    let arguments = TABLES.iter().flat_map(|(_, arguments)| *arguments);
    for table in [commands.collect::<Vec<_>>(), arguments.collect()] {
        let mut seen = std::collections::BTreeSet::new();
        for (key, danish, english) in table {
            assert!(!danish.is_empty() && !english.is_empty(), "{key}");
            assert!(seen.insert(key), "{key} stands twice");
        }
    }
}
