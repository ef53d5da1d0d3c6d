//! Drawings to SVG text and PNG bytes, through plotters' backends.
//!
//! Both are painted larger than they are in the end: plotters places things on whole pixels, which would be coarse in an
//! SVG, and a PNG that is averaged down has smooth edges.

use std::fmt;

use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBColor, ShapeStyle, TextStyle};

use super::drawing::{Anchor, Drawing, Shape, Text, printable};
use super::font::{self, FACE_HEIGHT};
use super::theme::{Colour, WHITE};

/// How many pixels of an SVG's painting make a unit.
const FINE: u32 = 2;
/// Dots per metre of a PNG whose size in print is not given, so that 1600 px print 20 cm wide.
const DOTS_PER_METRE: u32 = 8000;

/// A picture that couldn't be rendered, with the backend's reason.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RenderError(String);

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the picture can't be drawn: {}", self.0)
    }
}

impl std::error::Error for RenderError {}

fn failed(reason: impl fmt::Display) -> RenderError {
    RenderError(reason.to_string())
}

impl Drawing {
    /// The drawing as an SVG document, which is the same on every machine.
    ///
    /// # Errors
    /// When the backend fails, which only a broken font can cause.
    pub fn svg(&self) -> Result<String, RenderError> {
        let mut painted = String::new();
        let (wide, high) = self.pixels(FINE);
        let backend = SVGBackend::with_string(&mut painted, (wide, high));
        // An SVG's font size is the em, and "top" stands 0.76 em above the base line; plotters divides by 1.24.
        self.paint(backend, Means { scale: f64::from(FINE), per_em: 1.24, above: 0.76, brush: false })?;
        let (width, height) = self.lengths();
        let head = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {wide} {high}\">\n<title>{}</title>\n<desc>{}</desc>\n",
            escaped(&self.spoken.0),
            escaped(&self.spoken.1)
        );
        // Plotters' own first tag has the size it painted in, and nothing for those who can't see.
        let body = painted.split_once('\n').map_or("", |(_, body)| body);
        Ok(head + &body.replace(" opacity=\"1\"", ""))
    }

    /// The drawing as a PNG of [`size`](Drawing::size) pixels, or as many times that as its theme says.
    ///
    /// # Errors
    /// When the backend or the encoder fails.
    pub fn png(&self) -> Result<Vec<u8>, RenderError> {
        let scale = 2 * self.theme.pixels;
        let (wide, high) = self.pixels(scale);
        let mut pixels = vec![0; wide as usize * high as usize * 3];
        let backend = BitMapBackend::with_buffer(&mut pixels, (wide, high));
        // Plotters' bitmaps put the base line half a face below "top".
        let above = FACE_HEIGHT / 2.0;
        self.paint(backend, Means { scale: f64::from(scale), per_em: FACE_HEIGHT, above, brush: true })?;
        let per_metre = self.theme.millimetres.map_or(DOTS_PER_METRE, |millimetres| {
            (f64::from(wide / 2) / millimetres * 1000.0).round() as u32
        });
        encode(&halved(&pixels, wide as usize), (wide / 2, high / 2), per_metre)
    }

    fn pixels(&self, scale: u32) -> (u32, u32) {
        let (width, height) = self.size();
        (width * scale, height * scale)
    }

    /// Width and height as an SVG states them.
    fn lengths(&self) -> (String, String) {
        let (width, height) = self.size();
        match self.theme.millimetres {
            Some(wide) => {
                (format!("{wide}mm"), format!("{:.2}mm", wide * f64::from(height) / f64::from(width)))
            }
            None => (width.to_string(), height.to_string()),
        }
    }

    fn paint<B: DrawingBackend>(&self, mut backend: B, means: Means) -> Result<(), RenderError> {
        backend.ensure_prepared().map_err(failed)?;
        let paper = (0, 0);
        let (wide, high) = self.pixels(means.scale as u32);
        let point = |at| point(at, means.scale);
        backend.draw_rect(paper, (wide as i32, high as i32), &filled(WHITE), true).map_err(failed)?;
        for shape in &self.shapes {
            match shape {
                Shape::Rectangle { from, to, colour } => {
                    let (from, mut to) = (point(*from), point(*to));
                    // Nothing that has a colour may vanish between two pixels.
                    to = (to.0.max(from.0 + 1), to.1.max(from.1 + 1));
                    backend.draw_rect(from, to, &filled(*colour), true).map_err(failed)?;
                }
                Shape::Polygon { points, colour } => {
                    let points: Vec<_> = points.iter().copied().map(point).collect();
                    backend.fill_polygon(points, &filled(*colour)).map_err(failed)?;
                }
                Shape::Line { points, colour, width } if means.brush && points.len() > 2 => {
                    brush(&mut backend, points, *colour, *width, means)?;
                }
                Shape::Line { points, colour, width } => {
                    paint_line(&mut backend, points, *colour, *width, means)?;
                }
                Shape::Disc { centre, radius, colour } => {
                    let radius = (radius * means.scale).round() as u32;
                    backend.draw_circle(point(*centre), radius, &filled(*colour), true).map_err(failed)?;
                }
                Shape::Text(text) => paint_text(&mut backend, text, means)?,
            }
        }
        backend.present().map_err(failed)
    }
}

/// How a backend's means relate to ours.
#[derive(Clone, Copy)]
struct Means {
    /// How many of its pixels make a unit.
    scale: f64,
    /// Its size of a font, in ems.
    per_em: f64,
    /// How far its "top" is above the base line, in ems.
    above: f64,
    /// Whether lines with corners need a brush.
    brush: bool,
}

/// A line as a disc moved along it: where corners are closer together than the line is wide, plotters' bitmaps would
/// leave holes.
fn brush<B: DrawingBackend>(
    backend: &mut B,
    points: &[(f64, f64)],
    colour: Colour,
    width: f64,
    means: Means,
) -> Result<(), RenderError> {
    let radius = (width * means.scale / 2.0).round() as u32;
    for ends in points.windows(2) {
        let (dx, dy) = (ends[1].0 - ends[0].0, ends[1].1 - ends[0].1);
        let stamps = (dx.abs().max(dy.abs()) * means.scale).ceil().max(1.0);
        for i in 0..=stamps as u32 {
            let share = f64::from(i) / stamps;
            let centre = point((ends[0].0 + share * dx, ends[0].1 + share * dy), means.scale);
            backend.draw_circle(centre, radius, &filled(colour), true).map_err(failed)?;
        }
    }
    Ok(())
}

/// Level and upright lines are rectangles, which a bitmap draws sharp and in their true width.
fn paint_line<B: DrawingBackend>(
    backend: &mut B,
    points: &[(f64, f64)],
    colour: Colour,
    width: f64,
    means: Means,
) -> Result<(), RenderError> {
    let point = |at| point(at, means.scale);
    if let [from, to] = *points {
        let (level, upright) = (from.1 == to.1, from.0 == to.0);
        if level || upright {
            let (across, along) = if level { (0.0, width / 2.0) } else { (width / 2.0, 0.0) };
            let low = point((from.0.min(to.0) - across, from.1.min(to.1) - along));
            let high = point((from.0.max(to.0) + across, from.1.max(to.1) + along));
            let high = (high.0.max(low.0 + 1), high.1.max(low.1 + 1));
            return backend.draw_rect(low, high, &filled(colour), true).map_err(failed);
        }
    }
    let style = ShapeStyle {
        color: rgb(colour).to_rgba(),
        filled: false,
        stroke_width: (width * means.scale).round().max(1.0) as u32,
    };
    let mut points: Vec<_> = points.iter().copied().map(point).collect();
    points.dedup();
    match points[..] {
        [] | [_] => Ok(()),
        [from, to] => backend.draw_line(from, to, &style).map_err(failed),
        _ => backend.draw_path(points, &style).map_err(failed),
    }
}

fn paint_text<B: DrawingBackend>(backend: &mut B, text: &Text, means: Means) -> Result<(), RenderError> {
    let set = text.set;
    let side = match text.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let colour = rgb(set.colour);
    let style = TextStyle::from(font::face(set.weight, set.em * means.per_em * means.scale))
        .pos(Pos::new(side, VPos::Top))
        .color(&colour);
    let top = text.at.1 - means.above * set.em;
    backend.draw_text(&text.text, &style, point((text.at.0, top), means.scale)).map_err(failed)
}

fn point((x, y): (f64, f64), scale: f64) -> (i32, i32) {
    ((x * scale).round() as i32, (y * scale).round() as i32)
}

fn rgb(Colour(r, g, b): Colour) -> RGBColor {
    RGBColor(r, g, b)
}

fn filled(colour: Colour) -> ShapeStyle {
    rgb(colour).filled()
}

/// Each pixel the mean of a square of four.
fn halved(pixels: &[u8], wide: usize) -> Vec<u8> {
    let row = wide * 3;
    let mut small = Vec::with_capacity(pixels.len() / 4);
    for rows in pixels.chunks_exact(2 * row) {
        let (upper, lower) = rows.split_at(row);
        for (above, below) in upper.chunks_exact(6).zip(lower.chunks_exact(6)) {
            for c in 0..3 {
                let sum = [above[c], above[c + 3], below[c], below[c + 3]].map(u16::from).iter().sum::<u16>();
                small.push(((sum + 2) / 4) as u8);
            }
        }
    }
    small
}

fn encode(pixels: &[u8], (width, height): (u32, u32), per_metre: u32) -> Result<Vec<u8>, RenderError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let (xppu, yppu) = (per_metre, per_metre);
    encoder.set_pixel_dims(Some(png::PixelDimensions { xppu, yppu, unit: png::Unit::Meter }));
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(pixels).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

fn escaped(text: &str) -> String {
    printable(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
