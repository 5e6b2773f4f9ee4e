use super::*;

#[test]
fn no_help_is_empty_and_none_is_written_twice() {
    let commands = [COMMANDS, methods::COMMANDS].concat();
    let arguments = [ARGUMENTS, methods::ARGUMENTS].concat();
    for table in [commands, arguments] {
        for (position, (key, danish, english)) in table.iter().enumerate() {
            assert!(!danish.is_empty() && !english.is_empty(), "{key}");
            let again = table
                .iter()
                .skip(position + 1)
                .any(|(other, _, _)| other == key);
            assert!(!again, "{key} stands twice");
        }
    }
}
