//! A quantile that is known at every moment.

/// A quantile of whole numbers while they come, to three digits, each in constant time: counts of values that share their
/// leading 11 bits, and a place among them that moves with the quantile. It is the ⌈*n·p*⌉-th of *n* ordered values (type 1 of
/// Hyndman & Fan 1996), or up to 0.1 % more.
///
/// ```
/// let mut median = makespan::stats::RunningQuantile::new(0.5);
/// [30, 10, 20].into_iter().for_each(|value| median.push(value));
/// assert_eq!(median.value(), Some(20));
/// ```
#[derive(Clone, Debug)]
pub struct RunningQuantile {
    p: f64,
    /// How many values there are of each cell.
    cells: Vec<u32>,
    count: u64,
    /// The cell of the quantile, and how many values lie in cells below it.
    at: usize,
    below: u64,
}

/// Cells of one value each, and half as many for each doubling after that.
const EXACT: usize = 2048;
const HALF: usize = EXACT / 2;

fn cell(value: u64) -> usize {
    let shift = (value.max(1).ilog2()).saturating_sub(HALF.ilog2());
    shift as usize * HALF + (value >> shift) as usize
}

/// The largest value of a cell.
fn largest(cell: usize) -> u64 {
    let shift = (cell / HALF).saturating_sub(1);
    let leading = (cell - shift * HALF) as u64;
    (leading << shift) | ((1 << shift) - 1)
}

impl RunningQuantile {
    /// The quantile at the probability `p`, between 0 and 1, of values that are yet to come.
    pub fn new(p: f64) -> Self {
        RunningQuantile { p, cells: Vec::new(), count: 0, at: 0, below: 0 }
    }

    /// A value has come.
    pub fn push(&mut self, value: u64) {
        let cell = cell(value);
        if cell >= self.cells.len() {
            self.cells.resize(cell + 1, 0);
        }
        self.cells[cell] += 1;
        self.count += 1;
        self.below += u64::from(cell < self.at);
        let rank = self.rank();
        while self.below >= rank {
            self.at -= 1;
            self.below -= u64::from(self.cells[self.at]);
        }
        while self.below + u64::from(self.cells[self.at]) < rank {
            self.below += u64::from(self.cells[self.at]);
            self.at += 1;
        }
    }

    /// The place of the quantile among the ordered values, from 1.
    fn rank(&self) -> u64 {
        (libm::ceil(self.count as f64 * self.p) as u64).clamp(1, self.count.max(1))
    }

    /// The quantile; none before so many values have come that one of them can be expected to lie beyond it.
    pub fn value(&self) -> Option<u64> {
        let known = self.count as f64 * (1.0 - self.p) > 1.0 - 1e-9;
        known.then(|| largest(self.at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cells_follow_one_another_without_a_gap_and_are_narrow() {
        for value in
            (0..70_000).chain((12..64).flat_map(|bits| [(1_u64 << bits) - 1, 1 << bits, (1 << bits) + 7]))
        {
            let own = cell(value);
            assert!(largest(own) >= value && largest(own) - value <= value / 1000, "{value}");
            assert!(own == 0 || largest(own - 1) < value, "{value}");
        }
        assert_eq!(largest(cell(u64::MAX)), u64::MAX);
    }

    proptest! {
        #[test]
        fn it_is_the_quantile_of_the_sorted_values_at_every_moment(
            values in proptest::collection::vec(0_u64..5000, 1..80),
            percent in 1_u32..100,
        ) {
            let p = f64::from(percent) / 100.0;
            let mut running = RunningQuantile::new(p);
            let mut sorted = Vec::new();
            for value in values {
                running.push(value);
                sorted.push(value);
                sorted.sort_unstable();
                let rank = ((sorted.len() as f64 * p).ceil() as usize).max(1);
                match running.value() {
                    Some(found) => prop_assert_eq!(cell(found), cell(sorted[rank - 1])),
                    None => prop_assert!(sorted.len() as f64 * (1.0 - p) < 1.0),
                }
            }
        }
    }
}
