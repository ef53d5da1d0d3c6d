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
    for word in kept_together(line).split(' ') {
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
    text.replace(STICKY, " ") + "\n"
}

/// Stands for a blank at which no line ends.
const STICKY: char = '\u{a0}';

/// What stands behind a number and belongs to it.
const UNITS: [&str; 12] = ["%", "s", "ms", "us", "ns", "ps", "min", "h", "days", "±", "cores", "tasks"];

/// Numbers and their units held together.
fn kept_together(line: &str) -> String {
    let mut text = String::new();
    for word in line.split(' ') {
        let digits = |text: &str| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        let plain = word.trim_end_matches(|c: char| c.is_ascii_punctuation() && c != '%');
        let is_unit = digits(plain) || UNITS.contains(&plain);
        let after_number = text.ends_with(|c: char| c.is_ascii_digit() || c == '%');
        if !text.is_empty() {
            text.push(if is_unit && after_number || text.ends_with('±') { STICKY } else { ' ' });
        }
        text += word;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_its_unit() {
        let line =
            "a sentence of many words that goes on and on until a line is full, and then it takes 123.4 ms.";
        assert!(line.chars().count() < WIDTH);
        let text = wrap(&format!("{line} So 12 % ± 3 % more is said in {line}"));
        assert!(
            text.lines()
                .all(|line| !line.starts_with("ms") && !line.starts_with('%') && !line.ends_with('±'))
        );
    }

    #[test]
    fn no_line_is_too_long_and_no_word_is_lost() {
        let line = format!("* {}", "many words in a row ".repeat(30).trim());
        let text = wrap(&line);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
        assert!(text.lines().skip(1).all(|line| line.starts_with("  ")));
        assert_eq!(text.split_whitespace().count(), line.split_whitespace().count());
    }
}
