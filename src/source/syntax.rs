//! What is wrong with a text that is no TOML, in words of our own for the traps that scenarios fall into.

use std::ops::Range;

use crate::error::Problem;
use crate::place::Place;

/// What the parser's errors come to.
pub(super) struct Syntax {
    /// The problems.
    pub problems: Vec<Problem>,
    /// Whether a bracket isn't closed, so that nothing stands where it was meant to.
    pub lost: bool,
}

/// The problems behind the parser's errors. What follows from an earlier one is left out: later errors of a line, and
/// everything after a bracket that isn't closed.
pub(super) fn syntax_problems(text: &str, start: u32, errors: &[toml::de::Error]) -> Syntax {
    let mut problems = Vec::new();
    let mut lost = false;
    let mut last_line = None;
    for error in errors {
        let fault = Fault::new(text, start, error);
        if last_line == Some(fault.line.start) {
            continue;
        }
        last_line = Some(fault.line.start);
        if let Some((open, name)) = fault.unclosed_bracket() {
            let problem = Problem::new(format!("{name} that starts here is not closed"));
            let close = if text[open..].starts_with('[') { ']' } else { '}' };
            problems.push(
                Problem { syntax: true, ..problem }
                    .at(fault.place(open..open + 1), format!("no `{close}` for this"))
                    .also(fault.place(fault.span.clone()), "read up to here"),
            );
            lost = true;
            break;
        }
        lost |= fault.says("unclosed");
        problems.push(Problem { syntax: true, ..fault.problem() });
    }
    Syntax { problems, lost }
}

struct Fault<'a> {
    text: &'a str,
    start: u32,
    message: &'a str,
    span: Range<usize>,
    line: Range<usize>,
}

impl<'a> Fault<'a> {
    fn new(text: &'a str, start: u32, error: &'a toml::de::Error) -> Self {
        let span = error.span().unwrap_or(0..0);
        let from = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
        let to = text[span.start..].find(['\n', '\r']).map_or(text.len(), |newline| span.start + newline);
        Fault { text, start, message: error.message(), line: from..to.max(from), span }
    }

    fn place(&self, range: Range<usize>) -> Place {
        Place::new(self.start + range.start as u32, self.start + range.end as u32)
    }

    fn says(&self, part: &str) -> bool {
        self.message.contains(part)
    }

    fn word(&self) -> &'a str {
        &self.text[self.span.clone()]
    }

    fn line(&self) -> &'a str {
        &self.text[self.line.clone()]
    }

    /// The bracket left open, and what it opens, if that is behind this error.
    fn unclosed_bracket(&self) -> Option<(usize, &'static str)> {
        let name = if self.says("inline table") || self.says("key-value pairs") {
            "the table"
        } else if self.says("array elements") || self.says("unclosed array,") || self.says("in array") {
            "the list"
        } else {
            return None;
        };
        // Texts are passed over, comments too, so that brackets in them don't count.
        let mut open = Vec::new();
        let mut quote = None;
        let mut comment = false;
        for (at, c) in self.text[..self.span.start].char_indices() {
            match (quote, c) {
                (_, '\n') => (quote, comment) = (None, false),
                _ if comment => {}
                (Some(q), c) if c == q => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(c),
                (None, '#') => comment = true,
                (None, '[' | '{') => open.push(at),
                (None, ']' | '}') => drop(open.pop()),
                _ => {}
            }
        }
        // Where a comma was forgotten, an item follows; where a bracket was, a key or a header.
        let open = open.last().copied()?;
        let within_line = open >= self.line.start;
        let close = if self.text[open..].starts_with('[') { ']' } else { '}' };
        let line = self.line().trim_start();
        let item = if within_line {
            self.text[self.span.start..self.line.end].contains(close)
        } else {
            line.starts_with(['{', '"', '\'', '-', '+']) || line.starts_with(|c: char| c.is_ascii_digit())
        };
        (!item).then_some((open, name))
    }

    fn problem(&self) -> Problem {
        let at = self.place(self.span.clone());
        if self.says("duplicate key") {
            self.twice()
        } else if self.says("cannot extend value of type inline table") {
            Problem::new(format!("`{}` stands in braces: nothing can be added to it", self.word()))
                .at(at, "added to here")
                .help("put the key inside the braces, or write the whole table with dots or under a header")
        } else if self.says("must be quoted") || self.says("invalid boolean") {
            self.unquoted()
        } else if self.says("basic string") || self.says("literal string") {
            self.unclosed_text()
        } else if self.says("key with no value") || self.says("invalid unquoted key") {
            self.without_value()
        } else if self.says("unclosed table") || self.says("unclosed array table") {
            let close = if self.says("array") { "]]" } else { "]" };
            Problem::new(format!("this header has no closing `{close}`"))
                .at(at, format!("`{close}` is missing"))
        } else if self.says("fraction") || self.says("mantissa") {
            Problem::new("a number needs digits on both sides of its point")
                .at(at, "a digit is missing")
                .help("write `0.5` for `.5` and `1.0` for `1.`")
        } else if self.says("escape") {
            Problem::new("this is no escape sequence")
                .at(at, "after a backslash")
                .help("write `\\\\` for a backslash, or put the text in single quotes")
        } else if self.says("missing comma") {
            Problem::new("a comma is missing").at(at, "before this")
        } else if self.says("recurs") {
            Problem::new("tables are nested too deeply").at(at, "too deep")
        } else {
            let message = self.message.split(", expected").next().unwrap_or(self.message);
            Problem::new(format!("this is not valid TOML: {message}")).at(at, "here")
        }
    }

    /// A key or table that stands twice.
    fn twice(&self) -> Problem {
        let word = self.word();
        let problem = Problem::new(format!("`{word}` is given twice"))
            .at(self.place(self.span.clone()), "a second time");
        let header = self.line().trim_start().starts_with('[');
        if !header {
            return problem.help("keep one of them");
        }
        let path = self.line().trim_start().trim_start_matches('[');
        let path = path.split(']').next().unwrap_or(path).trim();
        let mut from = 0;
        for line in self.text[..self.line.start].split_inclusive('\n') {
            let trimmed = line.trim_start();
            let indent = line.len() - trimmed.len();
            let first = self.place(from + indent..from + line.trim_end().len().max(indent));
            from += line.len();
            let dotted = trimmed.strip_prefix(path).is_some_and(|rest| rest.trim_start().starts_with('.'));
            let assigned = trimmed.strip_prefix(path).is_some_and(|rest| rest.trim_start().starts_with('='));
            let name = trimmed.trim_start_matches('[').split(']').next().unwrap_or("").trim();
            if dotted {
                return problem.also(first, "first opened here, with a dot").help(format!(
                    "a table that dotted keys have opened can't be opened again by a header: move those keys below \
                     `[{path}]`, or write all of it with dots"
                ));
            }
            if assigned {
                return problem
                    .also(first, "first given here")
                    .help(format!("a table is written in one place: under `[{path}]`, or as `{path} = …`"));
            }
            if trimmed.starts_with('[') && name == path {
                return problem.also(first, "first opened here").help(
                    "write all keys of a table under one header; a list of tables has `[[…]]` each time",
                );
            }
        }
        problem.help("write all keys of a table in one place")
    }

    fn unquoted(&self) -> Problem {
        let at = self.place(self.span.clone());
        let word = self.word().trim();
        if word.is_empty() {
            return Problem::new("there is no value after `=`").at(at, "the value is missing");
        }
        let bare: String = word.chars().filter(|c| !matches!(c, '“' | '”' | '„' | '‘' | '’')).collect();
        if bare.len() < word.len() {
            return Problem::new("typographic quotes don't make a text")
                .at(at, "these quotes")
                .help(format!("write \"{bare}\""));
        }
        Problem::new(format!("`{word}` must stand in quotes"))
            .at(at, "no quotes")
            .help(format!("texts, and quantities with a unit, are quoted: \"{word}\""))
    }

    fn unclosed_text(&self) -> Problem {
        let quote = if self.says("basic") { '"' } else { '\'' };
        let from = self.text[..self.span.start].rfind(quote).unwrap_or(self.span.start);
        Problem::new("the text that starts here is not closed")
            .at(self.place(from..self.span.end.max(from)), format!("no closing `{quote}`"))
    }

    fn without_value(&self) -> Problem {
        let key = self.line().trim();
        let at = self.place(self.line.start..self.line.start + self.line().trim_end().len());
        let help = match key.split_once(':') {
            Some((name, value)) => format!("TOML writes `=`, not `:`: `{} = {}`", name.trim(), value.trim()),
            None => "write `key = value`".to_owned(),
        };
        Problem::new(format!("`{key}` gives no key a value")).at(at, "no `=`").help(help)
    }
}
