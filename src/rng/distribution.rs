//! A distribution of a quantity that is never negative, in whatever unit the caller gave its parameters.

use super::Stream;
use super::family::{
    BoundedPareto, Discrete, Gamma, Geometric, Hyperexponential, List, Lognormal, Normal, Pareto, Weibull,
    Zipf,
};

/// A parameter outside what its family allows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OutOfRange {
    /// The parameter, by the name that the constructor gives it.
    pub parameter: &'static str,
    /// What is right, to be read after the name: "must be greater than 0".
    pub rule: &'static str,
}

impl std::fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` {}", self.parameter, self.rule)
    }
}

impl std::error::Error for OutOfRange {}

/// A distribution of values ≥ 0, made by the constructor that is named for its family. Every value of a random one
/// is the inverse of its distribution function at *one* uniform, so that it grows with that uniform.
///
/// Cloning is cheap: long tables are shared.
///
/// ```
/// use makespan::rng::{Distribution, Key, Purpose, Sampler, Stream};
/// let key = Key { seed: 1, replicate: 0, source: 0, purpose: Purpose::Work };
/// let work = Distribution::lognormal(2e-3, 1.5)?; // in seconds
/// let mut ticks = Sampler::new(work.scaled(1e12), Stream::new(key)); // in picoseconds
/// assert!(ticks.sample() > 0.0);
/// assert!((work.mean() / 2e-3 - 1.0).abs() < 1e-15);
/// assert_eq!(Distribution::pareto(1.0, 0.9).unwrap_err().parameter, "shape");
/// # Ok::<(), makespan::rng::OutOfRange>(())
/// ```
#[derive(Clone, Debug)]
pub struct Distribution {
    /// What a value of the family's own unit is in the caller's.
    scale: f64,
    family: Family,
}

/// The families, each in the unit in which it needs the fewest parameters.
#[derive(Clone, Debug)]
pub(super) enum Family {
    /// Always 1.
    Constant,
    /// Mean 1.
    Exponential,
    /// From `low` to 1.
    Uniform {
        low: f64,
    },
    Lognormal(Lognormal),
    Weibull(Weibull),
    Normal(Normal),
    Gamma(Gamma),
    Hyperexponential(Hyperexponential),
    Pareto(Pareto),
    BoundedPareto(BoundedPareto),
    Discrete(Discrete),
    Zipf(Zipf),
    Geometric(Geometric),
    Empirical(List),
    InTurn(List),
}

impl Distribution {
    pub(super) fn new(scale: f64, family: Family) -> Self {
        Distribution { scale, family }
    }

    /// Always `value` ≥ 0; draws nothing.
    pub fn constant(value: f64) -> Result<Self, OutOfRange> {
        not_negative("value", value)?;
        Ok(Distribution::new(value, Family::Constant))
    }

    /// Exponential with `mean` > 0.
    pub fn exponential(mean: f64) -> Result<Self, OutOfRange> {
        positive("mean", mean)?;
        Ok(Distribution::new(mean, Family::Exponential))
    }

    /// Uniform from `low` ≥ 0 to `high` ≥ `low`.
    pub fn uniform(low: f64, high: f64) -> Result<Self, OutOfRange> {
        not_negative("low", low)?;
        if !(high >= low && high.is_finite()) {
            return Err(OutOfRange { parameter: "high", rule: "must be finite and not less than `low`" });
        }
        if low == high {
            return Distribution::constant(low);
        }
        Ok(Distribution::new(high, Family::Uniform { low: low / high }))
    }

    /// One value, in the unit of the parameters. `turn` says which draw of its source this is, counted from 0; only
    /// [`Distribution::in_turn`] looks at it.
    #[inline(always)]
    pub fn sample(&self, stream: &mut Stream, turn: u64) -> f64 {
        match &self.family {
            Family::Constant => self.scale,
            Family::Exponential => self.scale * stream.exponential(),
            _ => self.sample_rarer(stream, turn),
        }
    }

    /// The same for the families that most scenarios don't draw millions of.
    #[inline(never)]
    fn sample_rarer(&self, stream: &mut Stream, turn: u64) -> f64 {
        match &self.family {
            Family::InTurn(list) => self.scale * list.in_turn(turn),
            family => self.scale * family.quantile(stream.uniform()),
        }
    }

    /// The value that is not exceeded with probability `p`, 0 < `p` < 1; `None` where values come in turn. A step is
    /// taken at its lower end: the smallest value not exceeded with at least `p`.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        debug_assert!(0.0 < p && p < 1.0, "a quantile at {p}");
        match self.family {
            Family::InTurn(_) => None,
            _ => Some(self.scale * self.family.quantile(p)),
        }
    }

    /// The smallest value that it ever gives: that of the smallest uniform, or the least of a list.
    pub fn least(&self) -> f64 {
        match &self.family {
            Family::InTurn(list) => self.scale * list.least(),
            family => self.scale * family.quantile(Stream::LEAST),
        }
    }

    /// The exact mean; over one round of the list where values come in turn.
    pub fn mean(&self) -> f64 {
        self.scale * self.family.mean()
    }

    /// The exact variance, `f64::INFINITY` where the tail is too heavy to have one; of one round of the list where
    /// values come in turn.
    pub fn variance(&self) -> f64 {
        self.scale * self.scale * self.family.variance()
    }

    /// Whether it is one value only.
    pub fn is_constant(&self) -> bool {
        matches!(self.family, Family::Constant)
    }

    /// Whether it is exponential.
    pub fn is_exponential(&self) -> bool {
        matches!(self.family, Family::Exponential)
    }

    /// Whether values are drawn at all: not if they are constant or come in turn.
    pub fn is_random(&self) -> bool {
        !matches!(self.family, Family::Constant | Family::InTurn(_))
    }

    /// Whether values come from a list in turn, so that each depends on how many came before it.
    pub fn comes_in_turn(&self) -> bool {
        matches!(self.family, Family::InTurn(_))
    }

    /// The same distribution of values `factor` times as large; `factor` must be positive and finite. Turns the
    /// caller's unit into another.
    pub fn scaled(&self, factor: f64) -> Self {
        debug_assert!(factor > 0.0 && factor.is_finite(), "a unit of {factor}");
        Distribution { scale: self.scale * factor, family: self.family.clone() }
    }
}

impl Family {
    fn quantile(&self, u: f64) -> f64 {
        match self {
            Family::Constant => 1.0,
            Family::Exponential => -libm::log(1.0 - u),
            Family::Uniform { low } => low + (1.0 - low) * u,
            Family::Lognormal(family) => family.quantile(u),
            Family::Weibull(family) => family.quantile(u),
            Family::Normal(family) => family.quantile(u),
            Family::Gamma(family) => family.quantile(u),
            Family::Hyperexponential(family) => family.quantile(u),
            Family::Pareto(family) => family.quantile(u),
            Family::BoundedPareto(family) => family.quantile(u),
            Family::Discrete(family) => family.quantile(u),
            Family::Zipf(family) => family.quantile(u),
            Family::Geometric(family) => family.quantile(u),
            Family::Empirical(list) | Family::InTurn(list) => list.quantile(u),
        }
    }

    fn mean(&self) -> f64 {
        match self {
            Family::Constant | Family::Exponential => 1.0,
            Family::Uniform { low } => 0.5 * (low + 1.0),
            Family::Lognormal(family) => family.mean(),
            Family::Weibull(family) => family.mean(),
            Family::Normal(family) => family.mean(),
            Family::Gamma(family) => family.mean(),
            Family::Hyperexponential(family) => family.mean(),
            Family::Pareto(family) => family.mean(),
            Family::BoundedPareto(family) => family.mean(),
            Family::Discrete(family) => family.mean(),
            Family::Zipf(family) => family.mean(),
            Family::Geometric(family) => family.mean(),
            Family::Empirical(list) | Family::InTurn(list) => list.mean(),
        }
    }

    fn variance(&self) -> f64 {
        match self {
            Family::Constant => 0.0,
            Family::Exponential => 1.0,
            Family::Uniform { low } => (1.0 - low) * (1.0 - low) / 12.0,
            Family::Lognormal(family) => family.variance(),
            Family::Weibull(family) => family.variance(),
            Family::Normal(family) => family.variance(),
            Family::Gamma(family) => family.variance(),
            Family::Hyperexponential(family) => family.variance(),
            Family::Pareto(family) => family.variance(),
            Family::BoundedPareto(family) => family.variance(),
            Family::Discrete(family) => family.variance(),
            Family::Zipf(family) => family.variance(),
            Family::Geometric(family) => family.variance(),
            Family::Empirical(list) | Family::InTurn(list) => list.variance(),
        }
    }
}

pub(super) fn positive(parameter: &'static str, value: f64) -> Result<(), OutOfRange> {
    if value > 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(OutOfRange { parameter, rule: "must be finite and greater than 0" })
}

pub(super) fn not_negative(parameter: &'static str, value: f64) -> Result<(), OutOfRange> {
    if value >= 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(OutOfRange { parameter, rule: "must be finite and not negative" })
}
