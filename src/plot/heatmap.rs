//! A metric over two swept keys: a field a point, the darker the larger.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::axis::extremes;
use super::drawing::{Anchor, Drawing, Type};
use super::font;
use super::page::{Heading, Names, Page};
use super::picture::{Picture, Table};
use super::quantity::Quantity;
use super::theme::{Colour, Fill, INK, QUIET, Theme, WHITE, size};
use super::vega;

/// A metric over two keys.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HeatMap {
    /// Title, subtitle, small print.
    pub heading: Heading,
    /// The metric's name as a title: `Makespan`.
    pub metric: String,
    /// What the metric measures.
    pub quantity: Quantity,
    /// The key whose values go from left to right.
    pub across: Key,
    /// The key whose values go from top to bottom.
    pub down: Key,
    /// A row for each value of `down`, in it a value for each of `across`; none where there is no such point.
    pub values: Vec<Vec<Option<f64>>>,
    /// The values that are lightest and darkest, where that isn't the least and the greatest.
    #[serde(default)]
    pub range: Option<(f64, f64)>,
}

/// A swept key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Key {
    /// Its name: `machine.cores`.
    pub name: String,
    /// Its values in the order of the sweep.
    pub values: Vec<String>,
}

/// The lightest and the darkest colour of a field. Both are blue, so that brightness alone tells them apart.
const LIGHT: Colour = Colour(0xEC, 0xF4, 0xFA);
/// See [`LIGHT`].
const DARK: Colour = Colour(0x00, 0x3B, 0x5C);
/// A ratio of values from which on their logarithms are shaded.
const LOG_FROM: f64 = 20.0;

impl HeatMap {
    /// All values.
    fn all(&self) -> impl Iterator<Item = f64> {
        self.values.iter().flatten().filter_map(|value| *value)
    }

    /// How dark a value is, from 0 to 1.
    fn shade(&self, value: f64) -> f64 {
        let (low, high) = self.range.unwrap_or_else(|| extremes(self.all()));
        if high <= low {
            return 0.0;
        }
        let value = value.clamp(low, high);
        if self.is_log() {
            libm::log(value / low) / libm::log(high / low)
        } else {
            (value - low) / (high - low)
        }
    }

    /// Whether logarithms are shaded.
    pub(super) fn is_log(&self) -> bool {
        let (low, high) = self.range.unwrap_or_else(|| extremes(self.all()));
        low > 0.0 && high > LOG_FROM * low
    }
}

impl Picture for HeatMap {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn draw(&self, theme: &Theme) -> Drawing {
        draw(self, theme)
    }

    fn vega(&self) -> Vec<Value> {
        vega::heatmap::panels(self)
    }

    fn table(&self) -> Table {
        let corner = format!("{} by {}", self.down.name, self.across.name);
        let mut table =
            Table::of([corner.as_str()].into_iter().chain(self.across.values.iter().map(String::as_str)));
        for (name, row) in self.down.values.iter().zip(&self.values) {
            let text = |value: &Option<f64>| value.map_or(String::new(), |value| self.quantity.text(value));
            table.rows.push([name.clone()].into_iter().chain(row.iter().map(text)).collect());
        }
        table
    }
}

fn mixed(share: f64) -> Colour {
    let mix = |from: u8, to: u8| (f64::from(from) + share * (f64::from(to) - f64::from(from))).round() as u8;
    Colour(mix(LIGHT.0, DARK.0), mix(LIGHT.1, DARK.1), mix(LIGHT.2, DARK.2))
}

/// Columns of this width have room for a name of two lines.
const NAMED: f64 = 110.0;

fn draw(data: &HeatMap, theme: &Theme) -> Drawing {
    let mut page = Page::new(&data.heading, theme);
    let bold = Type::bold(size::LABEL, INK);
    let names =
        Names::new(data.down.values.iter().map(String::as_str), theme.at_most(240.0, 0.2), size::TICK);
    let (from, to) = theme.content();
    let left = from + names.room + 20.0;
    let top = page.top + 34.0;
    let rows = data.down.values.len().max(1) as f64;
    let height = (640.0 * theme.tall / rows).clamp(26.0, 90.0);
    let width = (to - left) / data.across.values.len().max(1) as f64;
    let bottom = top + height * rows;
    page.drawing.text((from, top - 12.0), Anchor::Start, bold, bold.fit(&data.down.name, to - from));
    for (i, (name, row)) in data.down.values.iter().zip(&data.values).enumerate() {
        let y = top + height * i as f64;
        names.draw(&mut page.drawing, name, (left - 12.0, y + height / 2.0), height);
        for (j, value) in row.iter().enumerate() {
            let x = left + width * j as f64;
            field(&mut page.drawing, data, *value, (x, y), (x + width, y + height));
        }
    }
    let set = Type::regular(size::TICK, INK);
    let widest = data.across.values.iter().map(|name| set.width(name)).fold(0.0, f64::max) + 14.0;
    // Each column has its name, in two lines if need be, unless columns are too narrow for more than a number.
    let lines = if widest > width && width >= NAMED { 2 } else { 1 };
    let every = if lines == 2 { 1 } else { (widest.min(3.0 * width) / width).ceil().max(1.0) as usize };
    for (j, name) in data.across.values.iter().enumerate().step_by(every) {
        let middle = left + width * (j as f64 + 0.5);
        // Where that much wouldn't fit beside the last column, a name that can't be cut to it is left out.
        let room = (width * every as f64 - 14.0).min(2.0 * (theme.width - middle) - 8.0);
        for (line, part) in font::wrap(name, room, lines, set.em, set.weight).into_iter().enumerate() {
            let below = bottom + 28.0 + 1.15 * set.em * line as f64;
            let part = set.fit(&part, room);
            if set.width(&part) <= room {
                page.drawing.text((middle, below), Anchor::Middle, set, part);
            }
        }
    }
    let bottom = bottom + 1.15 * set.em * (lines - 1) as f64;
    let name = bold.fit(&data.across.name, to - left);
    page.drawing.text(((left + to) / 2.0, bottom + 64.0), Anchor::Middle, bold, name);
    let remark = match data.range {
        Some((low, high)) => {
            let (low, high) = (data.quantity.tick(low), data.quantity.tick(high));
            format!("The lightest shade is {low}, the darkest {high} or more.")
        }
        None if data.is_log() => "Shades go by the logarithm.".to_owned(),
        None => String::new(),
    };
    page.finish(bottom + 76.0, &remark)
}

/// A point of the sweep with its value, where that has room.
fn field(
    drawing: &mut Drawing,
    data: &HeatMap,
    value: Option<f64>,
    (x, y): (f64, f64),
    (x2, y2): (f64, f64),
) {
    let Some(value) = value else { return };
    let colour = mixed(data.shade(value));
    drawing.rectangle((x + 1.0, y + 1.0), (x2 - 1.0, y2 - 1.0), colour);
    let text = data.quantity.text(value);
    let ink = if Fill::plain(colour).is_dark() { WHITE } else { INK };
    let sizes = [size::LABEL, size::SMALL].map(|em| Type::regular(em, ink));
    let fits = |set: &&Type| set.width(&text) <= x2 - x - 8.0 && y2 - y >= 1.2 * set.em;
    match sizes.iter().find(fits) {
        Some(set) => {
            drawing.text(((x + x2) / 2.0, (y + y2) / 2.0 + 0.36 * set.em), Anchor::Middle, *set, text);
        }
        // What can't be read must at least be seen to be there.
        None => drawing.outline((x + 1.0, y + 1.0), (x2 - 1.0, y2 - 1.0), QUIET, 1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::super::theme::THEMES;
    use super::*;

    #[test]
    fn fields_have_their_values_and_are_darker_the_larger_they_are() {
        let data = samples::heatmap(5, 4);
        for theme in THEMES {
            let drawing = data.draw(theme);
            for part in ["machine.cores", "workload.tasks.count", "16"] {
                assert!(drawing.says(part), "{part} is missing");
            }
            drawing.assert_readable();
        }
        let mut values: Vec<f64> = data.all().collect();
        values.sort_by(f64::total_cmp);
        let greys: Vec<u8> = values.iter().map(|value| mixed(data.shade(*value)).grey().0).collect();
        assert!(
            greys.is_sorted_by(|one, next| one >= next) && greys[0] > greys[greys.len() - 1] + 150,
            "{greys:?}"
        );
    }

    #[test]
    fn long_names_stand_under_their_own_columns_and_beside_their_own_rows() {
        let mut data = samples::heatmap(4, 8);
        for (at, name) in data.across.values.iter_mut().chain(&mut data.down.values).enumerate() {
            *name = format!("{{ lognormal = {{ mean = '{at} ms', cv = 2 }} }}");
        }
        for theme in THEMES {
            let drawing = data.draw(theme);
            drawing.assert_readable();
            assert!(
                theme.width < 1500.0 || (0..4).all(|at| drawing.says(&format!("'{at}"))),
                "a column has no name"
            );
        }
    }

    #[test]
    fn large_empty_and_even_maps_are_drawn() {
        samples::heatmap(40, 30).draw(Theme::USUAL).assert_readable();
        samples::heatmap(0, 0).draw(Theme::USUAL).assert_readable();
        let mut even = samples::heatmap(2, 2);
        even.values = vec![vec![Some(1.0), None], vec![Some(1.0), Some(1.0)]];
        even.draw(Theme::USUAL).assert_readable();
    }
}
