//! Costs held one by one: drawn, or listed in a file.

use std::sync::Arc;

use super::profile::{Costs, Step};
use crate::rng::{Distribution, Stream};

/// The sums of the costs of the first 0, 1, 2… iterations, so that a chunk is a difference of two of them.
#[derive(Debug)]
pub(super) struct Table {
    sums: Vec<f64>,
    longest: f64,
}

impl Table {
    /// Of these costs.
    pub fn new(costs: impl IntoIterator<Item = f64, IntoIter: ExactSizeIterator>) -> Self {
        let costs = costs.into_iter();
        let mut sums = Vec::with_capacity(costs.len() + 1);
        let (mut sum, mut longest) = (0.0, 0.0_f64);
        sums.push(sum);
        for cost in costs {
            sum += cost;
            longest = longest.max(cost);
            sums.push(sum);
        }
        Table { sums, longest }
    }

    /// How many iterations there are.
    pub fn len(&self) -> u64 {
        self.sums.len() as u64 - 1
    }
}

impl Step for Table {
    fn work(&self, first: u64, size: u64) -> f64 {
        self.sums[(first + size) as usize] - self.sums[first as usize]
    }

    fn squares(&self, first: u64, size: u64) -> f64 {
        let sums = &self.sums[first as usize..=(first + size) as usize];
        sums.windows(2).map(|pair| (pair[1] - pair[0]) * (pair[1] - pair[0])).sum()
    }

    fn longest(&self) -> f64 {
        self.longest
    }
}

impl Step for Arc<Table> {
    fn work(&self, first: u64, size: u64) -> f64 {
        (**self).work(first, size)
    }

    fn squares(&self, first: u64, size: u64) -> f64 {
        (**self).squares(first, size)
    }

    fn longest(&self) -> f64 {
        (**self).longest()
    }
}

impl Costs for Arc<Table> {
    fn mean(&self) -> f64 {
        self.work(0, self.len()) / self.len() as f64
    }

    fn variance(&self) -> f64 {
        let mean = self.mean();
        self.squares(0, self.len()) / self.len() as f64 - mean * mean
    }

    fn step(&self, _: &mut Stream) -> Box<dyn Step> {
        Box::new(self.clone())
    }
}

/// Costs drawn from a distribution, iteration by iteration.
#[derive(Debug)]
pub(super) struct Drawn {
    pub law: Distribution,
    pub count: u64,
}

impl Costs for Drawn {
    fn mean(&self) -> f64 {
        self.law.mean()
    }

    fn variance(&self) -> f64 {
        self.law.variance()
    }

    fn is_random(&self) -> bool {
        self.law.is_random()
    }

    fn step(&self, stream: &mut Stream) -> Box<dyn Step> {
        let count = self.count as usize;
        Box::new(Table::new((0..count).map(|at| self.law.sample(stream, at as u64))))
    }
}
