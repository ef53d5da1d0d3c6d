//! Lines broken between words.

/// Most letters of a line.
const WIDTH: usize = 100;

/// `line` in as many lines as it takes; the items of a list hang. What begins with a blank or a frame is left as it is.
pub(super) fn wrap(line: &str) -> String {
    if line.starts_with(' ') {
        return format!("{line}\n");
    }
    let hang = if line.starts_with("* ") { "  " } else { "" };
    let (mut text, mut length) = (String::new(), 0);
    for word in line.split(' ') {
        let more = word.chars().count();
        if length > 0 && length + 1 + more > WIDTH {
            text += "\n";
            text += hang;
            length = hang.len();
        } else if length > 0 {
            text += " ";
            length += 1;
        }
        text += word;
        length += more;
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_too_long_and_no_word_is_lost() {
        let line = format!("* {}", "many words in a row ".repeat(30).trim());
        let text = wrap(&line);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
        assert!(text.lines().skip(1).all(|line| line.starts_with("  ")));
        assert_eq!(text.split_whitespace().count(), line.split_whitespace().count());
    }
}
