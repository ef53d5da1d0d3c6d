//! When things arrive: instants one after another, generated as they are asked for.

use std::sync::Arc;

use super::{Distribution, Key, Purpose, Sampler, Stream};
use crate::time::{Span, Time};

/// The instants of a process of arrivals, in order, several at one instant where they come together. Holds what the
/// next one needs and no more, so that a process may be endless; it ends when its list does, or at the end of time.
#[derive(Clone, Debug)]
pub struct Arrivals {
    now: Time,
    process: Process,
}

#[derive(Clone, Debug)]
enum Process {
    Renewal(Box<Sampler>),
    Bursts { gaps: Box<Sampler>, sizes: Box<Sampler>, left: u64 },
    Given { instants: Arc<[Time]>, next: usize },
}

impl Arrivals {
    /// A renewal process: the first arrival comes one gap after the start, each other one gap after the one before.
    /// `gaps` are in ticks, each rounded up to a whole one. Exponential gaps make a Poisson process.
    ///
    /// Gaps are drawn from the stream [`Purpose::Arrival`] of `key`, whatever its own purpose.
    pub fn renewal(gaps: Distribution, key: Key) -> Self {
        Arrivals { now: Time::ZERO, process: Process::Renewal(sampler(gaps, key, Purpose::Arrival)) }
    }

    /// A renewal process of bursts: after each gap (in ticks) as many arrivals at one instant as `sizes` says, rounded
    /// to the nearest whole number and at least one.
    ///
    /// Gaps are drawn from the stream [`Purpose::Arrival`] of `key`, sizes from [`Purpose::Size`].
    pub fn bursts(gaps: Distribution, sizes: Distribution, key: Key) -> Self {
        let gaps = sampler(gaps, key, Purpose::Arrival);
        let sizes = sampler(sizes, key, Purpose::Size);
        Arrivals { now: Time::ZERO, process: Process::Bursts { gaps, sizes, left: 0 } }
    }

    /// Arrivals at `instants`, which must ascend (they may repeat).
    pub fn given(instants: Arc<[Time]>) -> Self {
        debug_assert!(instants.is_sorted(), "arrivals out of order");
        Arrivals { now: Time::ZERO, process: Process::Given { instants, next: 0 } }
    }
}

impl Iterator for Arrivals {
    type Item = Time;

    /// The next arrival; `None` after the last and when the next would be beyond the end of time.
    #[inline(always)]
    fn next(&mut self) -> Option<Time> {
        if let Process::Renewal(gaps) = &mut self.process {
            self.now += Span::round_up(gaps.sample());
        } else {
            self.step();
        }
        (self.now < Time::NEVER).then_some(self.now)
    }
}

impl Arrivals {
    /// Goes on to the next arrival of any process.
    #[inline(never)]
    fn step(&mut self) {
        match &mut self.process {
            Process::Renewal(gaps) => self.now += Span::round_up(gaps.sample()),
            Process::Bursts { left, .. } if *left > 0 => *left -= 1,
            Process::Bursts { gaps, sizes, left } => {
                self.now += Span::round_up(gaps.sample());
                *left = (sizes.sample().round() as u64).saturating_sub(1);
            }
            Process::Given { instants, next } => {
                self.now = instants.get(*next).copied().unwrap_or(Time::NEVER);
                *next += 1;
            }
        }
    }
}

fn sampler(distribution: Distribution, key: Key, purpose: Purpose) -> Box<Sampler> {
    Box::new(Sampler::new(distribution, Stream::new(Key { purpose, ..key })))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = Key { seed: 7, replicate: 0, source: 1, purpose: Purpose::Arrival };

    fn ticks(arrivals: Arrivals) -> Vec<u64> {
        arrivals.take(6).map(Time::ticks).collect()
    }

    #[test]
    fn equal_gaps_give_equidistant_arrivals_from_the_first_gap_on() {
        let every_ten = Distribution::constant(9.5).unwrap();
        assert_eq!(ticks(Arrivals::renewal(every_ten, KEY)), [10, 20, 30, 40, 50, 60]);
    }

    #[test]
    fn a_burst_arrives_at_one_instant_and_is_never_empty() {
        let (gaps, sizes) =
            (Distribution::constant(5.0).unwrap(), Distribution::in_turn(&[2.6, 0.0, 1.4]).unwrap());
        assert_eq!(ticks(Arrivals::bursts(gaps, sizes, KEY)), [5, 5, 5, 10, 15, 20]);
    }

    #[test]
    fn given_instants_come_as_given_and_then_no_more() {
        let instants: Vec<Time> = [3, 3, 8].map(Time::from_ticks).to_vec();
        assert_eq!(ticks(Arrivals::given(instants.into())), [3, 3, 8]);
    }

    #[test]
    fn an_arrival_beyond_the_end_of_time_never_comes() {
        let mut late = Arrivals::renewal(Distribution::constant(1.5e19).unwrap(), KEY);
        assert_eq!(late.by_ref().count(), 1);
        assert_eq!(late.next(), None);
    }

    #[test]
    fn counts_of_a_poisson_process_have_a_variance_equal_to_their_mean() {
        // 2000 windows of mean 4: the mean's and the index of dispersion's z stay within 4.5 but once in 70,000 seeds.
        let (windows, mean) = (2_000_usize, 4.0);
        let gaps = Distribution::exponential(1e6 / mean).unwrap();
        let mut counts = vec![0.0; windows];
        for arrival in Arrivals::renewal(gaps, KEY) {
            match counts.get_mut((arrival.ticks() / 1_000_000) as usize) {
                Some(count) => *count += 1.0,
                None => break,
            }
        }
        let n = windows as f64;
        let average = counts.iter().sum::<f64>() / n;
        let dispersion =
            counts.iter().map(|c| (c - average) * (c - average)).sum::<f64>() / (n - 1.0) / average;
        assert!((average - mean).abs() < 4.5 * (mean / n).sqrt(), "mean {average}");
        assert!((dispersion - 1.0).abs() < 4.5 * (2.0 / n).sqrt(), "dispersion {dispersion}");
    }
}
