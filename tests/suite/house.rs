//! The house stays in order: modules use what stands above them, files stay short, and nothing is left unfinished.
#![allow(clippy::disallowed_methods, reason = "reads the repository it stands in")]

use std::fs;
use std::path::{Path, PathBuf};

/// The most lines of a file, its unit tests apart.
const MOST: usize = 400;

/// What must not stand in the code of the crate, its unit tests apart.
const UNFINISHED: &[&str] =
    &[".unwrap()", "todo!", "unimplemented!", "dbg!", "TODO", "FIXME", "XXX", "unsafe ", "println!(\"debug"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All files below `folder` that end so.
fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, end));
        } else if path.to_string_lossy().ends_with(end) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The source files of the crate by their paths below `src`, without their unit tests and without files of tests only.
fn sources() -> Vec<(String, String)> {
    let src = root().join("src");
    let all: Vec<(String, String)> = files(&src, ".rs")
        .into_iter()
        .map(|path| (path.strip_prefix(&src).unwrap().to_string_lossy().into_owned(), read(&path)))
        .collect();
    // `#[cfg(test)]` before `mod name;` makes a file of tests.
    let only_tests: Vec<String> = all
        .iter()
        .flat_map(|(_, text)| text.split("#[cfg(test)]\n").skip(1))
        .filter_map(|after| {
            after
                .lines()
                .next()?
                .trim_start_matches("pub")
                .trim_start_matches("(crate)")
                .trim()
                .strip_prefix("mod ")?
                .strip_suffix(';')
        })
        .map(|name| format!("/{name}.rs"))
        .collect();
    all.into_iter()
        .filter(|(name, _)| !only_tests.iter().any(|end| name.ends_with(end)))
        .map(|(name, text)| {
            (name, text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned())
        })
        .collect()
}

/// The modules in reading order, as `lib.rs` lists them.
fn modules() -> Vec<String> {
    let text = read(&root().join("src/lib.rs"));
    let named = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    named.map(str::to_owned).collect()
}

/// The modules of the crate that a line of code names, also inside `use crate::{…}`.
fn named(line: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect()
    };
    let mut names = Vec::new();
    for after in line.split("crate::").skip(1) {
        match after.strip_prefix('{') {
            Some(group) => names.extend(group.split(',').map(word)),
            None => names.push(word(after)),
        }
    }
    names
}

#[test]
fn a_module_uses_only_what_stands_above_it() {
    let order = modules();
    assert!(order.len() > 20, "lib.rs lists only {} modules", order.len());
    let rank = |module: &str| order.iter().position(|other| other == module);
    let mut upward = Vec::new();
    for (name, code) in sources() {
        let module = name.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        if matches!(module, "lib" | "main") {
            continue;
        }
        let own = rank(module).unwrap_or_else(|| panic!("`{module}` is not in lib.rs"));
        let code_lines = code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
        for (at, line) in code_lines {
            for used in named(line) {
                if rank(&used).is_some_and(|used| used > own) {
                    upward.push(format!("src/{name}:{}: `{module}` uses `{used}`", at + 1));
                }
            }
        }
    }
    assert!(upward.is_empty(), "these look up the page:\n{}", upward.join("\n"));
}

#[test]
fn the_map_lists_the_modules_in_the_order_of_the_code() {
    let map = read(&root().join("ARCHITECTURE.md"));
    let order = modules();
    let listed: Vec<&str> = map
        .lines()
        .skip_while(|line| !line.starts_with("| module |"))
        .skip(2)
        .map_while(|line| line.strip_prefix("| `")?.split('`').next())
        .map(|name| name.trim_end_matches('/').trim_end_matches(".rs"))
        .filter(|name| order.iter().any(|module| module == name))
        .collect();
    assert_eq!(listed, order, "ARCHITECTURE.md and lib.rs differ");
}

#[test]
fn every_file_is_short() {
    let long: Vec<String> = sources()
        .into_iter()
        .map(|(name, code)| (name, code.lines().count()))
        .filter(|(_, lines)| *lines > MOST)
        .map(|(name, lines)| format!("src/{name}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "at most {MOST} lines, unit tests apart:\n{}", long.join("\n"));
}

#[test]
fn nothing_is_left_unfinished_or_unchecked() {
    let mut found = Vec::new();
    for (name, code) in sources() {
        let code_lines = code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("///"));
        for (at, line) in code_lines {
            for word in UNFINISHED.iter().filter(|word| line.contains(**word)) {
                found.push(format!("src/{name}:{}: `{word}`", at + 1));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_link_between_pages_leads_somewhere() {
    let mut pages = files(&root().join("docs"), ".md");
    pages.extend(["README.md", "ARCHITECTURE.md", "CHANGELOG.md"].map(|name| root().join(name)));
    let mut dead = Vec::new();
    for page in pages {
        let text = read(&page);
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            let outside = target.contains("://") || file.is_empty();
            if !outside && !page.parent().is_some_and(|folder| folder.join(file).exists()) {
                dead.push(format!("{}: {target}", page.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    assert!(dead.is_empty(), "links to nothing:\n{}", dead.join("\n"));
}
