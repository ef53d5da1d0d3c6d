//! The families of distributions: one file each, with the constructor and the inverse of the distribution function.

mod bounded_pareto;
mod discrete;
mod gamma;
mod geometric;
mod hyperexponential;
mod list;
mod lognormal;
mod normal;
mod pareto;
mod weibull;
mod zipf;

pub(super) use bounded_pareto::BoundedPareto;
pub(super) use discrete::Discrete;
pub(super) use gamma::Gamma;
pub(super) use geometric::Geometric;
pub(super) use hyperexponential::Hyperexponential;
pub(super) use list::List;
pub(super) use lognormal::Lognormal;
pub(super) use normal::Normal;
pub(super) use pareto::Pareto;
pub(super) use weibull::Weibull;
pub(super) use zipf::Zipf;
