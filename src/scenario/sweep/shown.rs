//! The values of a swept key as they are shown to people: without digits that tell nothing.

use std::collections::BTreeSet;

/// As many significant digits as are shown where that tells all values apart.
const DIGITS: usize = 6;

/// So many digits tell any two numbers apart.
const ALL_DIGITS: usize = 17;

/// `values` with as few digits, but not fewer than [`DIGITS`], as leave those distinct that are.
pub(super) fn shown(values: &[String]) -> Vec<String> {
    let distinct = |texts: &[String]| texts.iter().collect::<BTreeSet<_>>().len();
    let wanted = distinct(values);
    let mut rounds = (DIGITS..=ALL_DIGITS)
        .map(|digits| values.iter().map(|value| rounded(value, digits)).collect::<Vec<_>>());
    rounds.find(|texts| distinct(texts) == wanted).unwrap_or_else(|| values.to_vec())
}

/// A number, or one with its unit, with at most so many significant digits; any other text as it is.
fn rounded(text: &str, digits: usize) -> String {
    let end = text.find(|c: char| !(c.is_ascii_digit() || "+-.".contains(c))).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let all = number.chars().filter(char::is_ascii_digit).skip_while(|digit| *digit == '0').count();
    let is_number = rest.is_empty() || rest.starts_with(' ');
    if !number.contains('.') || !is_number || all <= digits {
        return text.to_owned();
    }
    let parsed = number.parse::<f64>().ok();
    let short = parsed.and_then(|number| format!("{number:.*e}", digits - 1).parse::<f64>().ok());
    short.map_or_else(|| text.to_owned(), |number| format!("{number}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> Vec<String> {
        shown(&values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn long_numbers_are_cut_and_all_else_stays() {
        assert_eq!(of(&["0.6729500963161781", "0.5"]), ["0.67295", "0.5"]);
        assert_eq!(of(&["3.1622776601683795 ms", "10 ms"]), ["3.16228 ms", "10 ms"]);
        assert_eq!(of(&["12345678", "fifo", "1.23456789.0", "v1.23456789"])[0], "12345678");
        assert_eq!(of(&["fifo", "1.23456789.0"]), ["fifo", "1.23456789.0"]);
    }

    #[test]
    fn distinct_values_stay_distinct() {
        assert_eq!(of(&["1.00000001", "1.00000002"]), ["1.00000001", "1.00000002"]);
    }
}
