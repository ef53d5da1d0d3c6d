//! Files that a scenario names.

use crate::source::{Context, Value, beside};

/// The path and the bytes of the file that `value` names; a relative path starts beside the text that says it.
pub(crate) fn bytes(value: &Value, cx: &Context<'_>) -> Option<(String, Vec<u8>)> {
    let Some(path) = value.text() else {
        cx.wrong_kind(value, "the path of a file");
        return None;
    };
    let path = beside(cx.map.borrow().source(value.place).0, path);
    match cx.files.read(&path) {
        Ok(bytes) => Some((path, bytes)),
        Err(why) => {
            cx.fault(value, format!("`{path}` can't be read: {why}"), "named here", "");
            None
        }
    }
}

/// The path and the text of the file that `value` names, and the offset at which the text starts in the source map.
pub(crate) fn text(value: &Value, cx: &Context<'_>) -> Option<(String, u32)> {
    let (path, bytes) = bytes(value, cx)?;
    let Ok(text) = String::from_utf8(bytes) else {
        cx.fault(value, format!("`{path}` is not text"), "named here", "");
        return None;
    };
    let mut map = cx.map.borrow_mut();
    // Each variant reads the file again; one copy in the map serves them all.
    let start = match map.find(&path) {
        Some(start) => Ok(start),
        None => map.add(path.as_str(), text.as_str()),
    };
    match start {
        Ok(start) => Some((text, start)),
        Err(why) => {
            drop(map);
            cx.fault(value, why, "named here", "");
            None
        }
    }
}
