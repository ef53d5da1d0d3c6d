//! Text and data as they may stand in HTML.

use std::io::{self, Write};

use serde_json::Value;

/// `text` between tags; a number keeps its sign where a line is broken.
pub(super) fn text(text: &str) -> String {
    verbatim(&text.replace(" %", "\u{a0}%").replace(" ± ", "\u{a0}±\u{a0}"))
}

/// `text` between tags, every letter of it.
pub(super) fn verbatim(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// `text` between double quotes.
pub(super) fn attribute(value: &str) -> String {
    verbatim(value).replace('"', "&quot;")
}

/// Data for scripts. No `<` stands in it, so that nothing in it can end the element.
pub(super) fn json_script(id: &str, data: &Value, out: &mut dyn Write) -> io::Result<()> {
    let json = data.to_string().replace('<', "\\u003c");
    writeln!(out, "<script type=\"application/json\" id=\"{id}\">{json}</script>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_data_or_words_can_end_its_element() {
        let mut page = Vec::new();
        json_script("x", &Value::String("</script><script>alert(1)</script>&\"".into()), &mut page).unwrap();
        let page = String::from_utf8(page).unwrap();
        assert_eq!(page.matches('<').count(), 2, "{page}");
        let body = page.split_once('>').unwrap().1.rsplit_once("</script>").unwrap().0;
        assert_eq!(serde_json::from_str::<String>(body).unwrap(), "</script><script>alert(1)</script>&\"");
        assert_eq!(attribute("a<b>\"&"), "a&lt;b&gt;&quot;&amp;");
    }
}
