//! Cores over time: tasks by kind, overhead hatched, idle time grey by reason, lost work struck through in red, faults.
//!
//! Few cores have a row each; where rows or the pieces in them would be too small to see, the picture shows instead how
//! many cores are in each state at each time.

mod columns;
mod density;
mod looks;
mod occupancy;
mod rows;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::axis::{Axis, extremes};
use super::drawing::{Anchor, Drawing, Type};
use super::legend::Key;
use super::page::{Heading, Names, Page};
use super::picture::{Picture, Table};
use super::quantity::Quantity;
use super::spread;
use super::state::State;
use super::theme::{self, Colour, Dash, Fill, INK, Theme, VERMILLION, WHITE, size};

/// What cores did over time.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Gantt {
    /// Title, subtitle, small print.
    pub heading: Heading,
    /// The cores' names; a core is its index here.
    pub cores: Vec<String>,
    /// The kinds of task; a kind is its index here. Beyond eight, all but the seven that took most time are drawn alike.
    pub kinds: Vec<String>,
    /// Texts that segments may carry.
    pub labels: Vec<String>,
    #[serde(with = "columns")]
    /// In any order; those of one core must not overlap. Time without a segment stays white.
    pub segments: Vec<Segment>,
    /// Where faults struck.
    pub faults: Vec<Fault>,
    /// What went from core to core.
    #[serde(default)]
    pub arrows: Vec<Arrow>,
    /// When the last work ended, in seconds.
    pub makespan: Option<f64>,
    /// Times before which nothing could have ended, in seconds, and what bounds them ("critical path").
    pub bounds: Vec<(f64, String)>,
}

/// A core in one state for a while.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Segment {
    /// Index into [`Gantt::cores`].
    pub core: u32,
    /// Seconds.
    pub start: f64,
    /// Seconds, not before `start`.
    pub end: f64,
    /// The state. Compute and memory time is drawn in the colour of the task's kind.
    pub state: State,
    /// Index into [`Gantt::kinds`].
    pub kind: u32,
    /// Index into [`Gantt::labels`].
    pub label: Option<u32>,
}

/// Something that went from a core to another, such as a stolen task.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Arrow {
    /// Index into [`Gantt::cores`].
    pub from: u32,
    /// Index into [`Gantt::cores`].
    pub to: u32,
    /// When it was there, in seconds.
    pub at: f64,
}

/// A fault.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Fault {
    /// The core it struck; none for something else, such as a link.
    pub core: Option<u32>,
    /// Seconds.
    pub at: f64,
}

/// The kind that a task's name stands for: the name without its number at the end.
///
/// ```
/// use makespan::plot::gantt::kind_of;
/// assert_eq!(kind_of("blastall_ID0000042"), "blastall");
/// assert_eq!(kind_of("potrf(3,1)"), "potrf");
/// assert_eq!(kind_of("17"), "task");
/// ```
pub fn kind_of(name: &str) -> &str {
    let counter = |c: char| c.is_ascii_digit() || "_-.,:;#()[] /".contains(c);
    let kind = name.trim_matches(counter);
    let kind = kind.strip_suffix("ID").map_or(kind, |kind| kind.trim_end_matches(counter));
    if kind.is_empty() { "task" } else { kind }
}

/// What segments look like.
#[derive(Clone, Debug)]
pub struct Styles {
    /// The looks that occur.
    pub looks: Vec<Style>,
    /// Of each segment, its place among them.
    pub of: Vec<u8>,
}

/// A look.
#[derive(Clone, Debug)]
pub struct Style {
    /// What it means.
    pub name: String,
    /// How it is painted.
    pub fill: Fill,
    /// Whether it is that of tasks at work.
    pub work: bool,
}

impl Gantt {
    /// What its segments look like, for who paints them otherwise.
    pub fn styles(&self) -> Styles {
        let kinds = looks::Kinds::new(self);
        let names = looks::names(self, &kinds);
        let mut place = [0; looks::LOOKS];
        (0..).zip(&names).for_each(|(at, (look, _))| place[*look] = at);
        let style = |(look, name)| Style { name, fill: looks::fill_of(look), work: looks::is_work(look) };
        Styles {
            of: self.segments.iter().map(|segment| place[kinds.look(segment)]).collect(),
            looks: names.into_iter().map(style).collect(),
        }
    }
}

impl Picture for Gantt {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn draw(&self, theme: &Theme) -> Drawing {
        draw(self, theme)
    }

    /// The report has a canvas of its own for it.
    fn vega(&self) -> Vec<Value> {
        Vec::new()
    }

    fn table(&self) -> Table {
        table(self)
    }
}

fn draw(data: &Gantt, theme: &Theme) -> Drawing {
    let kinds = looks::Kinds::new(data);
    let mut page = Page::new(&data.heading, theme);
    let names = Names::new(data.cores.iter().map(String::as_str), theme.at_most(260.0, 0.22), size::TICK);
    let (from, to) = theme.content();
    let left = from + names.room.max(70.0) + 16.0;
    let bounds = data.bounds.iter().map(|b| b.0);
    let ends = data.segments.iter().map(|s| s.end).chain(data.faults.iter().map(|f| f.at));
    let (_, end) = extremes(ends.chain(bounds).chain(data.makespan).chain([0.0]));
    let time = Axis::exact(Quantity::Time, (0.0, end * 1.004), (left, to - 12.0));

    let runs = rows::runs(data, &kinds, &time);
    let mut keys = looks::keys(data, &kinds);
    if runs.as_ref().is_some_and(|runs| rows::has_arrows(data, runs.len(), theme)) {
        keys.push((Key::Arrow, "work that a core takes from another".to_owned()));
    }
    page.legend(&keys);
    let top = page.top + 50.0;
    let (bottom, remark) = match runs {
        Some(rows) => rows::draw(&mut page.drawing, data, &rows, &time, (left, top), &names),
        None => density::draw(&mut page.drawing, data, &kinds, &time, (left, top)),
    };
    // The title of the cores' axis stands on the left of a density.
    let reserved = if remark == density::REMARK { 180.0 } else { 0.0 };
    mark_instants(&mut page.drawing, &instants(data), &time, (top, bottom), reserved);
    let title = Type::bold(size::LABEL, INK);
    let middle = (left + to) / 2.0;
    page.drawing.text((middle, bottom + 66.0), Anchor::Middle, title, time.title("Time"));
    page.finish(bottom + 78.0, remark)
}

/// How much of all core time each look takes.
fn table(data: &Gantt) -> Table {
    let kinds = looks::Kinds::new(data);
    let mut times = [0.0; looks::LOOKS];
    for segment in &data.segments {
        times[kinds.look(segment)] += segment.end - segment.start;
    }
    let whole: f64 = times.iter().sum();
    let mut table = Table::of(["what cores do", "core time", "share"]);
    for (look, name) in looks::names(data, &kinds) {
        let share = super::breakdown::percent(times[look] / whole.max(f64::MIN_POSITIVE));
        table.rows.push(vec![name, Quantity::Time.text(times[look]), share]);
    }
    table
}

/// A bound or the makespan.
struct Instant {
    at: f64,
    label: String,
    colour: Colour,
    dash: Dash,
}

fn instants(data: &Gantt) -> Vec<Instant> {
    let named = |at: f64, name: &str| format!("{name} {}", Quantity::Time.text(at));
    let bound = |(at, name): &(f64, String)| Instant {
        at: *at,
        label: named(*at, name),
        colour: VERMILLION,
        dash: theme::SHORT,
    };
    let end =
        data.makespan.map(|at| Instant { at, label: named(at, "makespan"), colour: INK, dash: theme::SOLID });
    data.bounds.iter().map(bound).chain(end).filter(|i| i.at.is_finite()).collect()
}

/// Draws the instants as upright lines with their labels above.
fn mark_instants(
    drawing: &mut Drawing,
    instants: &[Instant],
    time: &Axis,
    (top, bottom): (f64, f64),
    reserved: f64,
) {
    let (from, to) = drawing.content();
    let most = (to - from - reserved - 10.0) / instants.len().max(1) as f64 - 20.0;
    let bold = |colour| Type::bold(size::TICK, colour);
    let labels: Vec<String> = instants.iter().map(|i| bold(INK).fit(&i.label, most)).collect();
    let wide: Vec<f64> = labels.iter().map(|l| bold(INK).width(l) + 20.0).collect();
    let wanted: Vec<f64> = instants.iter().map(|i| time.at(i.at)).collect();
    let places = spread::apart(&wanted, &wide, (from + reserved, to + 10.0));
    for (i, Instant { colour, dash, .. }) in instants.iter().enumerate() {
        let ends = [(wanted[i], top - 8.0), (wanted[i], bottom)];
        drawing.line(ends.to_vec(), WHITE, 5.0);
        drawing.dashed(&ends, *colour, 3.0, dash);
        drawing.line(vec![ends[0], (places[i], top - 19.0)], *colour, 2.0);
        drawing.text((places[i], top - 24.0), Anchor::Middle, bold(*colour), labels[i].as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::super::theme::THEMES;
    use super::*;

    #[test]
    fn kinds_overhead_bounds_and_faults_are_named() {
        let drawing = draw(&samples::gantt(8, 60), Theme::USUAL);
        for part in [
            "Time (s)",
            "critical path",
            "makespan",
            "idle: waits for data",
            "lost work",
            "fault",
            "core 7",
            "work that a core takes",
        ] {
            assert!(drawing.says(part), "{part} is missing");
        }
        drawing.assert_readable();
    }

    #[test]
    fn thousands_of_cores_become_a_number_of_cores() {
        let drawing = draw(&samples::gantt(2000, 10_000), Theme::USUAL);
        assert!(drawing.says("Cores") && drawing.says("2000") && drawing.says("number of cores"));
        assert!(drawing.shapes.len() < 60_000, "{} shapes", drawing.shapes.len());
        drawing.assert_readable();
    }

    #[test]
    fn a_hundred_thousand_tasks_merge_into_few_pieces() {
        let drawing = draw(&samples::gantt(64, 100_000), Theme::USUAL);
        assert!(drawing.shapes.len() < 60_000, "{} shapes", drawing.shapes.len());
        drawing.assert_readable();
    }

    #[test]
    fn nothing_one_task_and_bounds_at_one_place_are_drawn() {
        for theme in THEMES {
            draw(&Gantt::default(), theme).assert_readable();
            draw(&samples::gantt(8, 60), theme).assert_readable();
            draw(&samples::gantt(2000, 10_000), theme).assert_readable();
        }
        let mut data = samples::gantt(1, 1);
        data.bounds = (0..4).map(|i| (data.makespan.unwrap_or(1.0), format!("bound number {i}"))).collect();
        draw(&data, Theme::USUAL).assert_readable();
    }

    #[test]
    fn beyond_eight_kinds_the_small_ones_are_drawn_alike() {
        let mut data = samples::gantt(4, 40);
        data.kinds = (0..12).map(|k| format!("kind {k}")).collect();
        for (i, segment) in data.segments.iter_mut().enumerate() {
            segment.kind = i as u32 % 12;
        }
        let drawing = draw(&data, Theme::USUAL);
        assert!(drawing.says("other kinds"));
        drawing.assert_readable();
    }
}
