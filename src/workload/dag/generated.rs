//! Families of generated graphs, with the work and the data that a scenario gives them.

use std::num::NonZeroU32;

use super::Maker;
use crate::error::Problem;
use crate::program::graph::Graph;
use crate::registry::{Entry, Registered, Registry};
use crate::rng::{BytesLaw, Distribution, Purpose, WorkLaw};
use crate::source::{Field, Fields, Fraction};
use crate::units::count;
use crate::workload::Draws;
use crate::workload::generate::Sampler;
use crate::workload::generate::cholesky::Cholesky;
use crate::workload::generate::fft::Fft;
use crate::workload::generate::fork_join::ForkJoin;
use crate::workload::generate::layered::{Density, Layered};

/// The most tasks and edges of a graph: more don't fit in memory.
const MOST: u128 = 100_000_000;

/// The shape of a graph.
#[derive(Clone, Copy, Debug)]
enum Outline {
    Layered(Layered),
    ForkJoin(ForkJoin),
    Cholesky(Cholesky),
    Fft(Fft),
}

impl Outline {
    fn tasks(self) -> u128 {
        match self {
            Outline::Layered(layered) => layered.task_count(),
            Outline::ForkJoin(fork_join) => fork_join.task_count(),
            Outline::Cholesky(cholesky) => cholesky.task_count(),
            Outline::Fft(fft) => fft.task_count(),
        }
    }

    /// About as many edges as it has, or a few more.
    fn edges(self) -> u128 {
        let each = match self {
            Outline::Layered(Layered { width, density: Density::Degree(degree), .. }) => {
                degree.min(width).into()
            }
            Outline::Layered(Layered { width, density: Density::Probability(probability), .. }) => {
                (f64::from(width) * probability).ceil().max(1.0) as u128
            }
            Outline::ForkJoin(_) | Outline::Fft(_) => 2,
            Outline::Cholesky(_) => 3,
        };
        each * self.tasks()
    }

    /// Whether another replicate has other edges.
    fn is_random(self) -> bool {
        match self {
            Outline::Layered(Layered { layers, width, density }) => {
                let all = match density {
                    Density::Probability(probability) => probability >= 1.0,
                    Density::Degree(degree) => degree >= width,
                };
                layers > 1 && width > 1 && !all
            }
            _ => false,
        }
    }
}

/// A generated graph.
#[derive(Debug)]
pub(super) struct Generated {
    outline: Outline,
    work: Distribution,
    /// The weight of a task whose work is `work`.
    unit: f64,
    data: Distribution,
}

const LAYERS: Field<NonZeroU32> = Field::new("layers", "how many layers: the longest path has as many tasks");
const WIDTH: Field<NonZeroU32> = Field::new("width", "how many tasks a layer has");
const DENSITY: Field<Fraction> = Field::new(
    "density",
    "how likely a task is to wait for each one of the layer above; at least one it does",
)
.on_side("edges", "density")
.check(|density| if density.0 <= 1.0 { Ok(()) } else { Err("must be at most 1") });
const DEGREE: Field<NonZeroU32> =
    Field::new("degree", "how many tasks of the layer above a task waits for").on_side("edges", "degree");
const STAGES: Field<NonZeroU32> = Field::new("stages", "how often the work forks and joins").default("1");
const FORK: Field<NonZeroU32> = Field::new("width", "how many tasks stand between a fork and its join");
const TILES: Field<NonZeroU32> = Field::new("tiles", "how many tiles the diagonal of the matrix has");
const POINTS: Field<u64> =
    Field::new("points", "how many points are transformed: a power of two").check(|points| {
        let fits = points.is_power_of_two() && *points < 1 << 32;
        if fits { Ok(()) } else { Err("must be a power of two, at most 2147483648") }
    });

const WORK: Field<WorkLaw> = Field::new("work", "the work of a task");
const GEMM: Field<WorkLaw> =
    Field::new("work", "the work of a GEMM; a TRSM or SYRK takes half of it, a POTRF a sixth");
const POINT: Field<WorkLaw> =
    Field::new("work", "the work of a point: a butterfly takes it once, a call once for each of its points");
const DATA: Field<BytesLaw> = Field::new("data", "what a task sends along each edge").default("0 B");
const TILE: Field<BytesLaw> = Field::new("data", "the size of a tile").default("0 B");
const VALUE: Field<BytesLaw> = Field::new("data", "the size of a point").default("0 B");

static LAYERED: Entry<Generated> = Entry {
    name: "layered",
    about: "random graphs in layers, each task waiting for some of the layer above",
    cite: "Tobita & Kasahara 2002",
    fields: &[&LAYERS, &WIDTH, &DENSITY, &DEGREE, &WORK, &DATA],
    bare: None,
    read: |fields| {
        let (layers, width) = (fields.take(&LAYERS), fields.take(&WIDTH));
        let (probability, degree) = (fields.maybe(&DENSITY), fields.maybe(&DEGREE));
        let density = match (probability?, degree?) {
            (Some(probability), None) => Some(Density::Probability(probability.0)),
            (None, Some(degree)) => Some(Density::Degree(degree.get())),
            (Some(_), Some(_)) => {
                fields.fault("degree", "`density` and `degree`: each says how many edges there are");
                None
            }
            (None, None) => {
                let about = "how likely each edge between two layers is, such as 0.3; or give `degree`";
                fields.missing("density", about);
                None
            }
        };
        let outline = || {
            let (layers, width) = (layers?.get(), width?.get());
            Some(Outline::Layered(Layered { layers, width, density: density? }))
        };
        generated(outline(), &WORK, 1.0, &DATA, fields)
    },
};

static FORK_JOIN: Entry<Generated> = Entry {
    name: "fork-join",
    about: "a fork into tasks and their join, once or stage after stage",
    cite: "",
    fields: &[&STAGES, &FORK, &WORK, &DATA],
    bare: None,
    read: |fields| {
        let (stages, width) = (fields.take(&STAGES), fields.take(&FORK));
        let outline = || Some(Outline::ForkJoin(ForkJoin { stages: stages?.get(), width: width?.get() }));
        generated(outline(), &WORK, 1.0, &DATA, fields)
    },
};

static CHOLESKY: Entry<Generated> = Entry {
    name: "cholesky",
    about: "the tiled Cholesky factorisation of a matrix",
    cite: "Buttari et al. 2009",
    fields: &[&TILES, &GEMM, &TILE],
    bare: None,
    read: |fields| {
        let outline = fields.take(&TILES).map(|tiles| Outline::Cholesky(Cholesky { tiles: tiles.get() }));
        generated(outline, &GEMM, 2.0, &TILE, fields)
    },
};

static FFT: Entry<Generated> = Entry {
    name: "fft",
    about: "the fast Fourier transform: a tree of calls, then rows of butterflies",
    cite: "Topcuoglu et al. 2002",
    fields: &[&POINTS, &POINT, &VALUE],
    bare: None,
    read: |fields| {
        let outline = fields.take(&POINTS).map(|points| Outline::Fft(Fft { log2_points: points.ilog2() }));
        generated(outline, &POINT, 1.0, &VALUE, fields)
    },
};

static GRAPHS: Registry<Generated> =
    Registry { noun: "family of graphs", entries: &[&LAYERED, &FORK_JOIN, &CHOLESKY, &FFT] };

impl Registered for Generated {
    fn registry() -> &'static Registry<Self> {
        &GRAPHS
    }
}

/// Takes the work and the data of a graph and checks its size.
fn generated(
    outline: Option<Outline>,
    work: &Field<WorkLaw>,
    unit: f64,
    data: &Field<BytesLaw>,
    fields: &Fields<'_>,
) -> Option<Box<Generated>> {
    let (work, data) = (fields.take(work), fields.take(data));
    let outline = outline?;
    let (tasks, edges) = (outline.tasks(), outline.edges());
    if tasks.saturating_add(edges) > MOST {
        let shown = |number: u128| count(u64::try_from(number).unwrap_or(u64::MAX));
        let what = format!(
            "a graph of {} tasks and some {} edges doesn't fit in memory",
            shown(tasks),
            shown(edges)
        );
        let label = format!("at most {} of both together", shown(MOST));
        fields.cx.problem(Problem::new(what).at(fields.place, label));
        return None;
    }
    Some(Box::new(Generated { outline, work: work?.0, unit, data: data?.0 }))
}

impl Maker for Generated {
    fn graph(&self, draws: &Draws) -> Graph {
        let (mut works, mut sizes) = (draws.stream(Purpose::Work), draws.stream(Purpose::Size));
        let mut turns = (0, 0);
        let mut work = |weight: f64| {
            turns.0 += 1;
            self.work.sample(&mut works, turns.0 - 1) * (weight / self.unit)
        };
        let mut bytes = |weight: f64| {
            turns.1 += 1;
            (self.data.sample(&mut sizes, turns.1 - 1) * weight).round() as u64
        };
        let mut sampler = Sampler { work: &mut work, bytes: &mut bytes };
        match self.outline {
            Outline::Layered(layered) => {
                let mut structure = draws.stream(Purpose::Structure);
                layered.graph(&mut sampler, &mut || structure.uniform())
            }
            Outline::ForkJoin(fork_join) => fork_join.graph(&mut sampler),
            Outline::Cholesky(cholesky) => cholesky.graph(&mut sampler),
            Outline::Fft(fft) => fft.graph(&mut sampler),
        }
    }

    fn is_random(&self) -> bool {
        self.outline.is_random() || self.work.is_random() || self.data.is_random()
    }
}
