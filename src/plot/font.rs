//! The embedded font: registered once, measured, cut and wrapped to fit.

use std::sync::OnceLock;

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};

/// The name under which plotters knows the font, and what an SVG asks for: the fallbacks have the same widths.
pub(super) const FAMILY: &str = "Liberation Sans, Arial, Helvetica, sans-serif";

/// Ascent plus descent of the font, in ems. Plotters' bitmaps take this height as the size of a font.
pub(super) const FACE_HEIGHT: f64 = (1854.0 + 434.0) / 2048.0;

static REGULAR: &[u8] = include_bytes!("../../assets/font/LiberationSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../assets/font/LiberationSans-Bold.ttf");

/// How heavy text is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weight {
    /// Running text.
    Regular,
    /// Titles and names that must be found.
    Bold,
}

/// The font at a size in plotters' own measure.
pub(super) fn face(weight: Weight, size: f64) -> FontDesc<'static> {
    static REGISTERED: OnceLock<bool> = OnceLock::new();
    // A font that can't be registered can't be drawn either; rendering reports that as its error.
    REGISTERED.get_or_init(|| {
        register_font(FAMILY, FontStyle::Normal, REGULAR).is_ok()
            && register_font(FAMILY, FontStyle::Bold, BOLD).is_ok()
    });
    let style = match weight {
        Weight::Regular => FontStyle::Normal,
        Weight::Bold => FontStyle::Bold,
    };
    FontDesc::new(FontFamily::Name(FAMILY), size, style)
}

/// How wide `text` is when an em is `em` units.
pub fn width(text: &str, em: f64, weight: Weight) -> f64 {
    // Plotters rounds widths down to whole pixels, so it measures a large face.
    const LARGE: f64 = 1000.0;
    match face(weight, LARGE * FACE_HEIGHT).box_size(text) {
        Ok((large, _)) => f64::from(large) * em / LARGE,
        Err(_) => text.chars().count() as f64 * em,
    }
}

/// `text`, cut in the middle with an ellipsis if it is wider than `room`: names of variants often differ at their ends.
pub fn fit(text: &str, room: f64, em: f64, weight: Weight) -> String {
    if width(text, em, weight) <= room {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let cut = |kept: usize| -> String {
        let head = kept.div_ceil(2);
        let tail = &letters[letters.len() - (kept - head)..];
        letters[..head].iter().chain(['…'].iter()).chain(tail).collect()
    };
    let (mut fits, mut too_many) = (0, letters.len());
    while too_many - fits > 1 {
        let kept = (fits + too_many) / 2;
        if width(&cut(kept), em, weight) <= room { fits = kept } else { too_many = kept }
    }
    cut(fits)
}

/// `text` in at most `most` lines of at most `room`, broken between words; what doesn't fit is cut.
pub fn wrap(text: &str, room: f64, most: usize, em: f64, weight: Weight) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    // Only plain spaces may break: a number keeps its unit.
    for word in text.split([' ', '\n']).filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if lines_full(line, word, room, em, weight) => lines.push(word.to_owned()),
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    if lines.len() > most {
        let rest = lines.split_off(most.saturating_sub(1)).join(" ");
        lines.push(fit(&rest, room, em, weight));
    }
    lines.into_iter().map(|line| fit(&line, room, em, weight)).collect()
}

fn lines_full(line: &str, word: &str, room: f64, em: f64, weight: Weight) -> bool {
    width(&format!("{line} {word}"), em, weight) > room
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font() {
        // Advances of Arial, which this font copies: M is 1706 and n is 1139 of 2048 units.
        assert!((width("M", 2048.0, Weight::Regular) - 1706.0).abs() < 3.0);
        assert!((width("nnnn", 2048.0, Weight::Regular) - 4.0 * 1139.0).abs() < 3.0);
        assert!(width("makespan", 20.0, Weight::Bold) > width("makespan", 20.0, Weight::Regular));
    }

    #[test]
    fn text_that_is_too_wide_loses_its_middle() {
        let name = "work-stealing with random victims and half of the queue";
        let cut = fit(name, 200.0, 20.0, Weight::Regular);
        assert!(width(&cut, 20.0, Weight::Regular) <= 200.0);
        assert!(cut.starts_with("work") && cut.ends_with("queue") && cut.contains('…'), "{cut}");
        assert_eq!(fit("short", 200.0, 20.0, Weight::Regular), "short");
    }

    #[test]
    fn wrapped_lines_fit_and_are_no_more_than_asked() {
        let text = "one two three four five six seven eight nine ten ".repeat(5);
        let lines = wrap(&text, 300.0, 3, 20.0, Weight::Regular);
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|line| width(line, 20.0, Weight::Regular) <= 300.0));
        assert!(wrap("", 300.0, 3, 20.0, Weight::Regular).is_empty());
    }
}
