//! Which tasks went from core to core, taken or given: a matrix of cores, those that got them below one another, those from whom
//! side by side.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::drawing::{Anchor, Drawing, Type};
use super::page::{Heading, Page};
use super::picture::{Picture, Table};
use super::theme::{BLUE, Colour, GRID, INK, QUIET, Theme, WHITE, size};
use crate::units;

/// Who got how many tasks from whom.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Steals {
    /// Title, subtitle, small print.
    pub heading: Heading,
    /// The cores' names; a core is its index here.
    pub cores: Vec<String>,
    /// Where the cores of another node begin, that of the first left out.
    pub nodes: Vec<u32>,
    /// Who got them, from whom, and how many tasks; each pair at most once.
    pub pairs: Vec<(u32, u32, u64)>,
}

impl Picture for Steals {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn draw(&self, theme: &Theme) -> Drawing {
        draw(self, theme)
    }

    fn vega(&self) -> Vec<Value> {
        Vec::new()
    }

    fn table(&self) -> Table {
        let mut table = Table::of(["to the core", "from the core", "tasks"]);
        let mut pairs = self.pairs.clone();
        pairs.sort_by_key(|(thief, victim, tasks)| (u64::MAX - tasks, *thief, *victim));
        let name = |core: u32| self.cores.get(core as usize).cloned().unwrap_or_default();
        table.rows = pairs
            .iter()
            .take(ROWS)
            .map(|(a, b, tasks)| vec![name(*a), name(*b), tasks.to_string()])
            .collect();
        table
    }
}

/// Most pairs of the table: those with the most tasks.
const ROWS: usize = 40;

/// How many numbers beside none the scale of colours shows at most.
const SHADES: u64 = 5;

/// Most fields of a row: more cores are put together.
const MOST: usize = 64;

/// The colour of a part of the largest number, from nearly white to blue: its darkness grows with the square root, so that
/// small numbers can be seen beside large ones.
fn shade(part: f64) -> Colour {
    let share = part.sqrt();
    let mix = |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * share) as u8;
    let (Colour(r, g, b), Colour(pr, pg, pb)) = (BLUE, Colour(0xEE, 0xF3, 0xF8));
    Colour(mix(pr, r), mix(pg, g), mix(pb, b))
}

fn draw(data: &Steals, theme: &Theme) -> Drawing {
    let mut page = Page::new(&data.heading, theme);
    let together = data.cores.len().div_ceil(MOST).max(1);
    let fields = data.cores.len().div_ceil(together);
    let mut counts = vec![0u64; fields * fields];
    for (thief, victim, tasks) in &data.pairs {
        counts[*thief as usize / together * fields + *victim as usize / together] += tasks;
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    let (from, to) = page.drawing.content();
    let names = Type::regular(size::SMALL, INK);
    let room =
        data.cores.iter().map(|name| names.width(name)).fold(0.0, f64::max).min(theme.at_most(200.0, 0.2));
    let left = from + room + 60.0;
    let side = ((to - left) * 0.62).min(760.0 * theme.tall.max(0.7));
    let field = side / fields.max(1) as f64;
    let top = page.top + 70.0;
    let drawing = &mut page.drawing;
    let bold = Type::bold(size::LABEL, INK);
    drawing.text((left + side / 2.0, top - 42.0), Anchor::Middle, bold, "from the core");
    drawing.text((from, top - 12.0), Anchor::Start, bold, "to the core");
    let gap = if field >= 8.0 { 1.0 } else { 0.0 };
    for (at, count) in counts.iter().enumerate() {
        let (row, column) = ((at / fields) as f64, (at % fields) as f64);
        let corner = (left + column * field, top + row * field);
        let colour = match count {
            0 if row == column && together == 1 => GRID,
            0 => WHITE,
            _ => shade(*count as f64 / most as f64),
        };
        drawing.rectangle(corner, (corner.0 + field - gap, corner.1 + field - gap), colour);
        let text = units::count(*count);
        let dark = *count as f64 / most.max(1) as f64 > 0.35;
        let set = Type::regular(size::SMALL, if dark { WHITE } else { INK });
        if *count > 0 && field >= 26.0 && set.width(&text) < field - 6.0 {
            drawing.text(
                (corner.0 + field / 2.0, corner.1 + field / 2.0 + 0.36 * set.em),
                Anchor::Middle,
                set,
                text,
            );
        }
    }
    drawing.outline((left, top), (left + side, top + side), QUIET, 1.0);
    for node in &data.nodes {
        let at = f64::from(*node) / together as f64 * field;
        drawing.line(vec![(left + at, top), (left + at, top + side)], QUIET, 1.5);
        drawing.line(vec![(left, top + at), (left + side, top + at)], QUIET, 1.5);
    }
    // Names where there is room for them.
    let every = (24.0 / field).ceil().max(1.0) as usize;
    for row in (0..fields).step_by(every) {
        let middle = top + (row as f64 + 0.5) * field + 0.36 * names.em;
        let name = names.fit(&data.cores[row * together], room);
        drawing.text((left - 10.0, middle), Anchor::End, names, name);
    }
    let wide = (56.0 / field).ceil().max(1.0) as usize;
    for column in (0..fields).step_by(wide) {
        let middle = left + (column as f64 + 0.5) * field;
        drawing.text((middle, top - 10.0), Anchor::Middle, names, (column * together).to_string());
    }
    scale(drawing, most, (left + side + 60.0, top));
    let remark = match together {
        1 => String::new(),
        _ => format!("Each field stands for {together} cores by {together}."),
    };
    page.finish(top + side + 20.0, &remark)
}

/// What the colours mean, from the most tasks to none.
fn scale(drawing: &mut Drawing, most: u64, (left, top): (f64, f64)) {
    let set = Type::regular(size::TICK, INK);
    drawing.text((left, top + 10.0), Anchor::Start, Type::bold(size::TICK, INK), "tasks");
    let mut counts: Vec<u64> = (0..=SHADES).map(|step| (most * step).div_ceil(SHADES)).collect();
    counts.dedup();
    for (step, count) in counts.into_iter().rev().enumerate() {
        let y = top + 24.0 + 40.0 * step as f64;
        let colour = if count == 0 { WHITE } else { shade(count as f64 / most as f64) };
        drawing.rectangle((left, y), (left + 34.0, y + 34.0), colour);
        drawing.outline((left, y), (left + 34.0, y + 34.0), GRID, 1.0);
        drawing.text((left + 46.0, y + 17.0 + 0.36 * set.em), Anchor::Start, set, units::count(count));
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;
    use crate::plot::theme::THEMES;

    #[test]
    fn the_counts_stand_in_their_fields_and_many_cores_are_put_together() {
        let few = draw(&samples::steals(8), &THEMES[0]);
        for part in ["from the core", "to the core", "core 7", "tasks"] {
            assert!(few.says(part), "{part} is missing");
        }
        few.assert_readable();
        let mut one = samples::steals(2);
        one.pairs = vec![(1, 0, 1)];
        let one = draw(&one, &THEMES[0]);
        assert!(one.says("1") && one.says("0") && !one.says("1.00"), "tasks are counted whole");
        let many = draw(&samples::steals(1000), &THEMES[0]);
        assert!(many.shapes.len() < 5_000, "{} shapes", many.shapes.len());
        assert!(many.says("Each field stands for 16 cores by 16."));
        many.assert_readable();
        draw(&Steals::default(), &THEMES[0]).assert_readable();
    }
}
