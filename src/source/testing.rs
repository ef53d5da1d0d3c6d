//! For unit tests: reads a type from a text of TOML, or gives the problems as the user sees them.

use super::{Context, NoFiles, Read, Value, parse, render};
use crate::error::Problem;

/// Reads `text` as a `T`; fails with the rendered problems.
pub(crate) fn read<T: Read>(text: &str) -> Result<T, String> {
    read_with(text, T::read)
}

/// Reads `text` by `read`; fails with the rendered problems.
pub(crate) fn read_with<T>(
    text: &str,
    read: impl FnOnce(&Value, &Context<'_>) -> Option<T>,
) -> Result<T, String> {
    let cx = Context::new(&NoFiles);
    let start = cx.map.borrow_mut().add("test.toml", text).expect("a short text");
    let mut problems: Vec<Problem> = Vec::new();
    let document = parse(text, start, &mut problems);
    cx.problems(problems);
    let result = read(&document, &cx);
    let problems = cx.take_problems();
    match result {
        Some(result) if problems.is_empty() => Ok(result),
        result => {
            assert!(!problems.is_empty(), "nothing was read and nothing is said: {}", result.is_some());
            Err(render(&cx.map.borrow(), &problems, false))
        }
    }
}
