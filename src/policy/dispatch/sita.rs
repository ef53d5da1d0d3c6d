//! Servers for tasks of a size.

use std::num::NonZeroU32;

use crate::error::Problem;
use crate::place::Place;
use crate::policy::{
    Decision, Knowledge, Policy, PolicySpec, Queues, Ready, Reason, Setup, View, dispatch::up::Up, fits,
};
use crate::registry::Entry;
use crate::rng::{Distribution, Key, Purpose, Stream};
use crate::source::{Context, Field, Fields, Kind, Read, Shape, Value, Work};
use crate::workload::Workload;

const CUTOFFS: Field<Cutoffs> = Field::new(
    "cutoffs",
    "the largest work of each band but the last, ascending; or `equal-load`, which keeps all servers equally busy, each by its speed",
)
.default("equal-load");
const BANDS: Field<NonZeroU32> =
    Field::new("bands", "how many bands `equal-load` makes; absent, one for each server").optional();

/// Where one band of sizes ends and the next begins.
#[derive(Debug)]
enum Cutoffs {
    EqualLoad,
    /// In ticks at speed 1.
    Given(Vec<f64>, Place),
}

impl Read for Cutoffs {
    fn shape() -> Shape {
        Shape::OneOf(vec![Shape::Word(&["equal-load"]), Vec::<Work>::shape()])
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        if value.text() == Some("equal-load") {
            return Some(Cutoffs::EqualLoad);
        }
        let Kind::List(_) = value.kind else {
            cx.wrong_kind(value, "`\"equal-load\"` or a list of sizes, such as [\"1 ms\", \"10 ms\"]");
            return None;
        };
        let given: Vec<f64> = Vec::<Work>::read(value, cx)?.into_iter().map(|work| work.0).collect();
        if !given.is_empty() && given.is_sorted_by(|one, other| one < other) {
            return Some(Cutoffs::Given(given, value.place));
        }
        cx.fault(value, format!("`{}` must ascend, and have one size at least", cx.path()), "not so", "");
        None
    }
}

/// Size interval task assignment: each band of sizes has servers of its own, so that small tasks never wait behind large
/// ones. Within a band the server is drawn at random.
#[derive(Debug)]
struct Sita {
    cutoffs: Cutoffs,
    bands: Option<u32>,
}

impl Sita {
    fn needed(&self) -> u32 {
        match &self.cutoffs {
            Cutoffs::Given(given, _) => given.len() as u32 + 1,
            Cutoffs::EqualLoad => self.bands.unwrap_or(1),
        }
    }
}

impl PolicySpec for Sita {
    fn queues(&self) -> Queues<'_> {
        Queues::PerServer
    }

    fn knowledge(&self) -> Option<Knowledge> {
        Some(Knowledge::Nothing)
    }

    fn start(&self, setup: &Setup<'_>) -> Box<dyn Policy> {
        let cutoffs = match &self.cutoffs {
            Cutoffs::Given(given, _) => given.clone(),
            Cutoffs::EqualLoad => {
                let speeds: Vec<f64> =
                    (setup.on.0..setup.on.1).map(|at| setup.cores[at as usize].speed).collect();
                equal_load(
                    &(setup.sizes)(),
                    &shares(&speeds, self.bands.map_or(speeds.len(), |bands| bands as usize)),
                )
            }
        };
        Box::new(Bands { cutoffs, choices: setup.stream(Purpose::Choice) })
    }

    fn clairvoyant(&self) -> bool {
        true
    }

    fn is_random(&self, _: bool) -> bool {
        true
    }

    fn misfits(&self, workload: &dyn Workload) -> Vec<Problem> {
        let mut problems: Vec<Problem> = fits::one_core_each("sita", workload).into_iter().collect();
        if matches!(self.cutoffs, Cutoffs::EqualLoad) && workload.sizes().is_empty() {
            let what = "`sita` can't find `equal-load` cut-offs: nothing says how the sizes of these tasks are spread";
            problems.push(Problem::new(what).help("give `cutoffs`, such as [\"1 ms\", \"10 ms\"]"));
        }
        problems
    }

    fn needs_servers(&self, servers: u32) -> Option<Problem> {
        let needed = self.needed();
        (needed > servers).then(|| {
            let problem =
                Problem::new(format!("`sita` has {needed} bands, but there are only {servers} servers"))
                    .help("give fewer `cutoffs`: each band needs a server of its own");
            match &self.cutoffs {
                Cutoffs::Given(_, place) => problem.at(*place, format!("these make {needed} bands")),
                Cutoffs::EqualLoad => problem,
            }
        })
    }
}

/// How many sizes stand for a distribution.
const POINTS: u32 = 4096;

/// Which part of all work each of `bands` bands can do whose servers have these speeds.
fn shares(speeds: &[f64], bands: usize) -> Vec<f64> {
    let all: f64 = speeds.iter().sum();
    let edge = |band: usize| speeds.len() * band / bands;
    (0..bands).map(|band| speeds[edge(band)..edge(band + 1)].iter().sum::<f64>() / all).collect()
}

/// The sizes between which each band has its share of the load, of tasks whose sizes are spread as `sizes` say, each with
/// how often it comes.
fn equal_load(sizes: &[(f64, Distribution)], shares: &[f64]) -> Vec<f64> {
    let bands = shares.len();
    let mut points: Vec<(f64, f64)> = Vec::new();
    for (often, law) in sizes {
        if law.quantile(0.5).is_none() {
            // They come in turn, whatever the stream.
            let mut unused = Stream::new(Key { seed: 0, replicate: 0, source: 0, purpose: Purpose::Work });
            let size = |turn| law.sample(&mut unused, u64::from(turn));
            points.extend((0..POINTS).map(size).map(|size| (size, often * size)));
        } else if law.is_random() {
            // A heavy tail has its load where probabilities are tiny: steps get smaller towards it.
            let rest = |step: u32| libm::exp2(-50.0 * f64::from(step) / f64::from(POINTS));
            let part = |step| {
                let (high, low) = (rest(step), rest(step + 1));
                let size =
                    law.quantile((1.0 - 0.5 * (high + low)).max(f64::MIN_POSITIVE)).unwrap_or_default();
                (size, often * f64::from(POINTS) * size * (high - low))
            };
            points.extend((0..POINTS).map(part));
        } else {
            points.push((law.mean(), often * f64::from(POINTS) * law.mean()));
        }
    }
    points.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
    let all: f64 = points.iter().map(|point| point.1).sum();
    let mut so_far = 0.0;
    let mut cutoffs = Vec::with_capacity(bands - 1);
    for (size, load) in points {
        so_far += load;
        while cutoffs.len() + 1 < bands && so_far >= all * shares[..=cutoffs.len()].iter().sum::<f64>() {
            cutoffs.push(size);
        }
    }
    // Rounding may have kept the sum below what it comes to.
    cutoffs.resize(bands - 1, f64::INFINITY);
    cutoffs
}

struct Bands {
    cutoffs: Vec<f64>,
    choices: Stream,
}

impl Policy for Bands {
    fn decide(&mut self, ready: &Ready, view: &View<'_>) -> Decision {
        let band = self.cutoffs.partition_point(|cutoff| *cutoff < ready.expected) as u64;
        let (from, to) = ready.allowed;
        let (all, bands) = (u64::from(to - from), self.cutoffs.len() as u64 + 1);
        // Where a task may go to fewer servers than there are bands, several share one.
        let edge = |band: u64| from + (all * band / bands).min(all - 1) as u32;
        let own = |band: u64| {
            let last = from + (all * (band + 1) / bands) as u32;
            (edge(band), last.max(edge(band) + 1))
        };
        // Where nobody of its band may have it, the next larger band takes it, else the next smaller.
        let others = (1..bands).flat_map(|by| [band.checked_add(by), band.checked_sub(by)]).flatten();
        let mut near = std::iter::once(band).chain(others).filter(|band| *band < bands).map(own);
        let up = Up::of(near.find(|own| Up::any(*own, view.down)).unwrap_or(own(band)), view.down);
        let server = up.nth(self.choices.below(up.len() as u64) as usize);
        Decision::Enqueue { server, reason: Reason::Size }
    }
}

pub(in crate::policy) static ENTRY: Entry<dyn PolicySpec> = Entry {
    name: "sita",
    about: "each task to a server for tasks of its size, which is known beforehand",
    cite: "Harchol-Balter, Crovella & Murta 1999, On choosing a task assignment policy for a distributed server system",
    fields: &[&CUTOFFS, &BANDS],
    bare: Some("cutoffs"),
    read,
};

fn read(fields: &Fields<'_>) -> Option<Box<dyn PolicySpec>> {
    let (cutoffs, bands) = (fields.take(&CUTOFFS), fields.maybe(&BANDS));
    let (cutoffs, bands) = (cutoffs?, bands?);
    if matches!(cutoffs, Cutoffs::Given(..)) && bands.is_some() {
        fields.fault("bands", "`bands` does nothing beside given `cutoffs`, which say how many there are");
        return None;
    }
    Some(Box::new(Sita { cutoffs, bands: bands.map(NonZeroU32::get) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::testing::{Bag, ready, servers, servers_chosen, setup};

    #[test]
    fn bands_go_up_to_their_cutoff_and_share_the_servers_evenly() {
        let cores = servers(6);
        let sita = Sita { cutoffs: Cutoffs::Given(vec![1.0, 4.0], Place::new(0, 0)), bands: None };
        let mut policy = sita.start(&Setup { cores: &cores, on: (0, 6), ..setup(&Bag::of(0)) });
        for (size, own) in [(0.5, 0..2), (1.0, 0..2), (1.5, 2..4), (4.0, 2..4), (9.0, 4..6)] {
            let tasks = vec![Ready { allowed: (0, 6), ..ready(0, size) }; 50];
            let mut chosen = servers_chosen(&mut *policy, &tasks, &[]);
            chosen.sort_unstable();
            chosen.dedup();
            assert_eq!(chosen, own.collect::<Vec<_>>(), "{size}");
        }
        // Three bands on two servers: none is left without one.
        for size in [0.5, 2.0, 9.0] {
            let chosen = servers_chosen(&mut *policy, &[Ready { allowed: (2, 4), ..ready(0, size) }], &[]);
            assert!((2..4).contains(&chosen[0]));
        }
    }

    #[test]
    fn equal_loads_are_those_of_the_integral() {
        // Exponential with mean 1: E[X; X ≤ x] = 1 − (1 + x) e⁻ˣ; half of it at x = 1.67834699.
        let cutoffs = equal_load(&[(1.0, Distribution::exponential(1.0).unwrap())], &[0.5, 0.5]);
        assert!((cutoffs[0] - 1.678_346_99).abs() < 0.01, "{cutoffs:?}");
        // A server three times as fast as the other has three quarters: E[X; X ≤ x] = 1/4 at x = 0.96127876.
        assert_eq!(shares(&[1.0, 3.0], 2), [0.25, 0.75]);
        let cutoffs = equal_load(&[(1.0, Distribution::exponential(1.0).unwrap())], &shares(&[1.0, 3.0], 2));
        assert!((cutoffs[0] - 0.961_278_76).abs() < 0.01, "{cutoffs:?}");
        // Bounded Pareto with α = 1 from 1 to 1000: the load up to x is ln x / ln 1000.
        let cutoffs = equal_load(
            &[(1.0, Distribution::bounded_pareto(1.0, 1000.0, 1.0).unwrap())],
            &shares(&[2.0; 3], 3),
        );
        assert!(
            (cutoffs[0] / 10.0 - 1.0).abs() < 0.02 && (cutoffs[1] / 100.0 - 1.0).abs() < 0.02,
            "{cutoffs:?}"
        );
        // Two kinds of constants: the large ones, a tenth as often, bear most of the load.
        let constant = |size| Distribution::constant(size).unwrap();
        assert_eq!(equal_load(&[(10.0, constant(1.0)), (1.0, constant(30.0))], &[0.5, 0.5]), [30.0]);
        assert_eq!(equal_load(&[(10.0, constant(3.0)), (1.0, constant(10.0))], &[0.5, 0.5]), [3.0]);
    }
}
