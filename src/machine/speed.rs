//! How the speeds of cores are spelt: factors or rates, one for all, one each, or drawn.

use super::Speed;
use crate::error::Problem;
use crate::place::Place;
use crate::rng::{Distribution, FAMILIES, law};
use crate::source::{AnyField, Context, Field, Fields, Kind, Read, Shape, Value, quantity};
use crate::units::{Dimension, Scale};

/// The speed of one core, or of each of several.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    /// A factor, or operations per second.
    amount: Amount,
    /// Whether it is operations per second.
    is_rate: bool,
    place: Place,
}

#[derive(Clone, Debug)]
enum Amount {
    Given(f64),
    Drawn(Distribution),
}

/// The speeds of some cores.
#[derive(Clone, Debug)]
pub(super) enum Speeds {
    /// Each has this one.
    Same(Pace),
    /// One for each core of a node.
    OfNode(Vec<Pace>, Place),
    /// One for each core of the machine.
    OfMachine(Vec<Pace>, Place),
}

const PER_CORE: Field<Vec<Pace>> =
    Field::new("per_core", "one speed for each core of the machine, by its number");
const BY_NUMBER: &[&dyn AnyField] = &[&PER_CORE];

impl Read for Pace {
    fn shape() -> Shape {
        let law = |dimension| Shape::Distribution { dimension, families: &FAMILIES };
        Shape::OneOf(vec![law(Dimension::Number), law(Dimension::Speed)])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let is_rate = spells_rate(value);
        let dimension = if is_rate { Dimension::Speed } else { Dimension::Number };
        let (amount, least) = if value.table().is_some() {
            let law = law(value, dimension, cx)?;
            let least = law.least();
            (Amount::Drawn(law), least)
        } else {
            let given = quantity(value, dimension, cx)?;
            (Amount::Given(given), given)
        };
        if !(least > 0.0 && least.is_finite()) {
            let what = format!("`{}` must be above 0", cx.path());
            cx.fault(value, what, "a core that does nothing would never end its work", "");
            return None;
        }
        Some(Pace { amount, is_rate, place: value.place })
    }
}

/// Whether a speed or the parameters of its distribution have a unit.
fn spells_rate(value: &Value) -> bool {
    match &value.kind {
        Kind::Text(text) => text.trim().parse::<f64>().is_err(),
        Kind::List(items) => items.iter().any(spells_rate),
        // The text under `empirical` or `file` is a path.
        Kind::Table(table) => table.entries.iter().any(|(key, inner)| {
            let path = matches!(key.name.as_str(), "empirical" | "file") && inner.text().is_some();
            !path && spells_rate(inner)
        }),
        _ => false,
    }
}

impl Read for Speeds {
    fn shape() -> Shape {
        Shape::OneOf(vec![Pace::shape(), Shape::List(Box::new(Pace::shape())), Shape::Table(BY_NUMBER)])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        match &value.kind {
            Kind::List(_) => Some(Speeds::OfNode(Vec::read(value, cx)?, value.place)),
            Kind::Table(table) if table.get("per_core").is_some() => {
                let fields = Fields::open(value, BY_NUMBER, cx)?;
                let place = fields.given(&PER_CORE).map_or(value.place, |list| list.place);
                Some(Speeds::OfMachine(fields.take(&PER_CORE)?, place))
            }
            _ => Pace::read(value, cx).map(Speeds::Same),
        }
    }
}

impl Speeds {
    /// Lets a default, which stands nowhere, stand at the table that leaves it out.
    pub(super) fn placed(mut self, at: Place) -> Self {
        if let Speeds::Same(pace) = &mut self {
            pace.place = at;
        }
        self
    }

    /// Whether each node has the same speeds as every other.
    pub(super) fn repeat(&self) -> bool {
        !matches!(self, Speeds::OfMachine(..))
    }

    /// What is wrong with them for a machine of `total` cores.
    pub(super) fn fault(&self, total: usize) -> Option<Problem> {
        let Speeds::OfMachine(paces, place) = self else { return None };
        (paces.len() != total).then(|| {
            Problem::new(format!("{} speeds for the {total} cores of the machine", paces.len()))
                .at(*place, format!("must hold {total}"))
                .help(
                    "`per_core` runs over all cores of the machine; a plain list runs over those of one node",
                )
        })
    }

    /// The speeds of `count` cores of a node of which the first has the number `first` in the machine.
    ///
    /// # Errors
    /// A list of another length than the node has cores.
    pub(super) fn of(&self, count: usize, first: usize) -> Result<Vec<&Pace>, Problem> {
        match self {
            Speeds::Same(pace) => Ok(vec![pace; count]),
            Speeds::OfNode(paces, place) if paces.len() != count => {
                Err(Problem::new(format!("{} speeds for {count} cores", paces.len()))
                    .at(*place, format!("must hold {count}"))
                    .help("a list runs over the cores of one node and repeats on each node"))
            }
            Speeds::OfNode(paces, _) => Ok(paces.iter().collect()),
            Speeds::OfMachine(paces, _) => Ok(paces.iter().skip(first).take(count).collect()),
        }
    }
}

/// How factors and rates relate on a machine.
pub(super) struct Tie {
    /// What counts as speed 1, in the unit in which rates are given.
    unit: f64,
    /// The distributions met so far, and where each stands.
    drawn: Vec<(Place, Distribution)>,
}

impl Tie {
    /// Ties the speeds `used`: to the `reference` if there is one, else rates to the fastest of them, so that work
    /// in operations can be held as a time. The units that follow go to `cx`.
    pub(super) fn new<'a>(
        reference: Option<f64>,
        used: impl Iterator<Item = &'a Pace> + Clone,
        cx: &Context<'_>,
    ) -> Option<Self> {
        let rate = used.clone().find(|pace| pace.is_rate);
        let factor = used.clone().find(|pace| !pace.is_rate);
        let (unit, scale) = match (reference, rate, factor) {
            (Some(reference), _, _) => {
                (reference, Scale { rate: Some(reference), timed: true, ..cx.scale() })
            }
            (None, Some(rate), Some(factor)) => {
                cx.problem(
                    Problem::new("some speeds are rates and some are plain factors")
                        .at(rate.place, "operations per second")
                        .also(factor.place, "a plain factor (1 where none is given)")
                        .help(
                            "say what a core of factor 1 does, such as `machine.reference = \"2.45 Gop/s\"`",
                        ),
                );
                return None;
            }
            (None, Some(_), None) => {
                let given = used.clone().filter_map(Pace::given).fold(0.0, f64::max);
                let drawn = used.filter_map(Pace::mean).fold(0.0, f64::max);
                let fastest = if given > 0.0 { given } else { drawn };
                (fastest, Scale { rate: Some(fastest), timed: false, ..cx.scale() })
            }
            (None, None, _) => (1.0, Scale { rate: None, timed: true, ..cx.scale() }),
        };
        cx.set_scale(scale);
        Some(Tie { unit, drawn: Vec::new() })
    }

    /// The speed of a core.
    pub(super) fn speed(&mut self, pace: &Pace) -> Speed {
        let unit = if pace.is_rate { self.unit } else { 1.0 };
        match &pace.amount {
            Amount::Given(amount) => Speed::Given(amount / unit),
            Amount::Drawn(law) => {
                let known = self.drawn.iter().rposition(|(place, _)| *place == pace.place);
                Speed::Drawn(known.unwrap_or_else(|| {
                    self.drawn.push((pace.place, law.scaled(1.0 / unit)));
                    self.drawn.len() - 1
                }))
            }
        }
    }

    /// The distributions of the drawn speeds, as [`Speed::Drawn`] counts them.
    pub(super) fn into_drawn(self) -> Vec<Distribution> {
        self.drawn.into_iter().map(|(_, law)| law).collect()
    }
}

impl Pace {
    fn given(&self) -> Option<f64> {
        if let Amount::Given(amount) = self.amount { Some(amount) } else { None }
    }

    fn mean(&self) -> Option<f64> {
        if let Amount::Drawn(law) = &self.amount { Some(law.mean()) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use crate::machine::{Described, Machine, Speed};
    use crate::rng::{Key, Purpose, Stream};
    use crate::source::{Read, merge, parse, testing::read_with};
    use crate::units::Scale;

    /// The machine and the units that hold after reading it.
    fn read(text: &str) -> Result<(Machine, Scale), String> {
        read_with(text, |value, cx| match Described::read(value, cx)? {
            Described::Built(machine) => Some((machine, cx.scale())),
            Described::FromWorkload => None,
        })
    }

    fn speeds(text: &str) -> Vec<Speed> {
        read(text)
            .unwrap_or_else(|problem| panic!("{problem}"))
            .0
            .cores
            .iter()
            .map(|core| core.speed)
            .collect()
    }

    fn given(speeds: &[f64]) -> Vec<Speed> {
        speeds.iter().map(|&speed| Speed::Given(speed)).collect()
    }

    #[test]
    fn factors_stand_as_they_are_and_take_work_as_times_only() {
        let (machine, scale) = read("cores = 2\nspeed = 0.5").unwrap();
        assert_eq!(machine.cores[1].speed, Speed::Given(0.5));
        assert_eq!(scale, Scale { tick: 1, rate: None, timed: true });
    }

    #[test]
    fn rates_are_held_relative_to_the_reference() {
        let (machine, scale) = read("speed = \"4.9 Gop/s\"\nreference = \"2.45 Gop/s\"").unwrap();
        assert_eq!(machine.cores[0].speed, Speed::Given(2.0));
        assert_eq!(scale, Scale { tick: 1, rate: Some(2.45e9), timed: true });
    }

    #[test]
    fn rates_without_a_reference_are_held_relative_to_the_fastest_and_refuse_work_as_times() {
        let (machine, scale) = read("cores = 2\nspeed = [\"1 Gop/s\", \"4 Gop/s\"]").unwrap();
        assert_eq!(machine.cores.iter().map(|core| core.speed).collect::<Vec<_>>(), given(&[0.25, 1.0]));
        assert_eq!(scale, Scale { tick: 1, rate: Some(4e9), timed: false });
    }

    #[test]
    fn a_reference_ties_factors_and_rates() {
        let text = "cores = 2\nspeed = [3, \"1 Gop/s\"]\nreference = \"2 Gop/s\"";
        assert_eq!(speeds(text), given(&[3.0, 0.5]));
    }

    #[test]
    fn factors_beside_rates_need_a_reference() {
        let problem = read("cores = 2\nspeed = [3, \"1 Gop/s\"]").unwrap_err();
        assert!(problem.contains("some speeds are rates and some are plain factors"), "{problem}");
        assert!(problem.contains("machine.reference"), "{problem}");
        // The group without a speed has the factor 1, and its line is shown.
        let problem = read("[group.a]\nspeed = \"1 Gop/s\"\n[group.b]\nnodes = 1").unwrap_err();
        assert!(problem.contains("1 where none is given"), "{problem}");
    }

    #[test]
    fn a_list_repeats_on_each_node() {
        assert_eq!(speeds("nodes = 2\ncores = 2\nspeed = [1, 0.5]"), given(&[1.0, 0.5, 1.0, 0.5]));
        let problem = read("nodes = 2\ncores = 3\nspeed = [1, 0.5]").unwrap_err();
        assert!(problem.contains("2 speeds for 3 cores") && problem.contains("must hold 3"), "{problem}");
    }

    #[test]
    fn per_core_runs_over_the_whole_machine() {
        assert_eq!(
            speeds("nodes = 2\ncores = 2\nspeed.per_core = [1, 2, 3, 4]"),
            given(&[1.0, 2.0, 3.0, 4.0])
        );
        let problem = read("nodes = 2\ncores = 2\nspeed = { per_core = [1, 2] }").unwrap_err();
        assert!(problem.contains("2 speeds for the 4 cores of the machine"), "{problem}");
        let problem = read("[group.a]\nspeed = { per_core = [1] }").unwrap_err();
        assert!(problem.contains("`per_core` runs over all cores of the machine"), "{problem}");
    }

    #[test]
    fn a_drawn_speed_keeps_one_distribution_for_all_its_cores() {
        let text = "cores = 3\nspeed.uniform = [\"1 Gop/s\", \"3 Gop/s\"]\nreference = \"2 Gop/s\"";
        let (machine, _) = read(text).unwrap();
        assert!(machine.cores.iter().all(|core| core.speed == Speed::Drawn(0)));
        assert_eq!(machine.drawn.len(), 1);
        let mut stream = Stream::new(Key { seed: 1, replicate: 0, source: 0, purpose: Purpose::Work });
        assert!((machine.drawn[0].mean() - 1.0).abs() < 1e-12);
        assert!((0..100).all(|turn| (0.5..=1.5).contains(&machine.drawn[0].sample(&mut stream, turn))));
    }

    #[test]
    fn a_core_that_may_do_nothing_is_refused() {
        for speed in
            ["0", "\"0 Gop/s\"", "{ values = [1, 0] }", "{ bimodal = { values = [0, 1], weights = [1, 9] } }"]
        {
            let problem = read(&format!("speed = {speed}")).unwrap_err();
            assert!(problem.contains("`speed` must be above 0"), "{speed}: {problem}");
        }
    }

    #[test]
    fn a_clock_is_no_speed() {
        let problem = read("speed = \"3 GHz\"").unwrap_err();
        assert!(problem.contains("how many operations does a cycle do?"), "{problem}");
    }

    #[test]
    fn an_overlay_replaces_one_spelling_by_another_and_merges_the_same() {
        let overlaid = |base: &str, over: &str| {
            read_with(base, |value, cx| {
                let mut value = value.clone();
                let start = cx.map.borrow_mut().add("over", over).ok()?;
                merge(&mut value, parse(over, start, &mut Vec::new()), &Described::shape());
                Described::read(&value, cx)
            })
            .map(|described| match described {
                Described::Built(machine) => machine,
                Described::FromWorkload => Machine::default(),
            })
        };
        let drawn = "cores = 2\nspeed.lognormal = { mean = 1, cv = 0.1 }";
        let listed = overlaid(drawn, "speed.per_core = [1, 2]").unwrap();
        assert_eq!(listed.cores[1].speed, Speed::Given(2.0));
        let wider = overlaid(drawn, "speed.cv = 0.5").unwrap();
        assert!((wider.drawn[0].variance() - 0.25).abs() < 1e-12);
        assert!(overlaid("cores = 2", "from = \"workload\"").unwrap().is_empty());
        assert_eq!(overlaid("cores = 2", "core_kind.a.count = 3").unwrap().len(), 3);
    }
}
