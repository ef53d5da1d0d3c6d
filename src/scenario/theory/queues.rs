//! Queues in the steady state.

use super::plain::Plain;
use super::{Formula, Law, Theory};
use crate::metrics::Metric;
use crate::policy::Queues;
use crate::scenario::Scenario;
use crate::time::Span;

/// One server, or several that each take an equal part of the arrivals at random.
pub(super) static MM1: Theory = Theory {
    name: "mm1",
    about: "Poisson arrivals, exponential work, one core or one drawn for each task: the mean response is S/(1 − ρ)",
    cite: "Kleinrock 1975, Queueing Systems I, section 3.2",
    law: Law::Formula(Formula {
        parameters: |scenario| {
            let queue = Queue::of(scenario)?.exponential()?;
            queue.split()?;
            Ok(queue.parameters())
        },
        metrics: &[
            Metric::Response,
            Metric::ResponseP50,
            Metric::ResponseP90,
            Metric::ResponseP95,
            Metric::ResponseP99,
            Metric::Wait,
            Metric::WaitP90,
            Metric::WaitP95,
            Metric::WaitP99,
            Metric::Queue,
            Metric::Waiting,
            Metric::Utilisation,
            Metric::Throughput,
        ],
        value: mm1,
        best: None,
    }),
};

/// One queue before several servers.
pub(super) static MMC: Theory = Theory {
    name: "mmc",
    about: "Poisson arrivals, exponential work, one queue for all cores: waiting as Erlang's C formula has it",
    cite: "Erlang 1917; Kleinrock 1975, section 3.5",
    law: Law::Formula(Formula {
        parameters: |scenario| {
            let queue = Queue::of(scenario)?.exponential()?;
            if !matches!(queue.plain.schedule.policy.queues(), Queues::Central(_)) && queue.plain.cores > 1.0
            {
                return Err("needs one queue for all cores".to_owned());
            }
            Ok(queue.parameters())
        },
        metrics: &[
            Metric::Response,
            Metric::Wait,
            Metric::WaitP90,
            Metric::WaitP95,
            Metric::WaitP99,
            Metric::Queue,
            Metric::Waiting,
            Metric::Utilisation,
            Metric::Throughput,
        ],
        value: mmc,
        best: None,
    }),
};

/// Any distribution of work.
pub(super) static MG1: Theory = Theory {
    name: "mg1",
    about: "Poisson arrivals, work of any distribution, one core or one drawn for each task: the mean wait is \
            λE[S²]/(2(1 − ρ))",
    cite: "Pollaczek 1930; Khinchine 1932",
    law: Law::Formula(Formula {
        parameters: |scenario| {
            let queue = Queue::of(scenario)?;
            queue.split()?;
            Ok(queue.parameters())
        },
        metrics: FROM_WAIT,
        value: mg1,
        best: None,
    }),
};

/// The shortest of a few queues drawn at random.
pub(super) static SUPERMARKET: Theory = Theory {
    name: "supermarket",
    about: "the shortest of d queues drawn at random, many servers: the mean response is S·Σ ρ^((dⁱ − d)/(d − 1)), i from 1",
    cite: "Mitzenmacher 2001, corollary 3.4; Vvedenskaya, Dobrushin & Karpelevich 1996",
    law: Law::Formula(Formula {
        parameters: |scenario| {
            let queue = Queue::of(scenario)?.exponential()?;
            let Some(d) = queue.plain.schedule.policy.drawn_servers() else {
                return Err("needs a policy that draws servers at random".to_owned());
            };
            let mut parameters = queue.parameters();
            parameters.push(f64::from(d));
            Ok(parameters)
        },
        metrics: FROM_WAIT,
        value: supermarket,
        best: None,
    }),
};

/// Tasks that arrive at random and only compute, each on one core.
struct Queue<'a> {
    plain: Plain<'a>,
    /// Arrivals a second.
    rate: f64,
    /// Mean seconds of a task.
    mean: f64,
    /// Squared coefficient of variation of a task's work.
    scv: f64,
    exponential: bool,
}

impl<'a> Queue<'a> {
    fn of(scenario: &'a Scenario) -> Result<Self, String> {
        let plain = Plain::of(scenario)?.sound()?;
        let workload = &plain.job.workload;
        let Some(rate) = workload.poisson() else {
            return Err("needs Poisson arrivals".to_owned());
        };
        let sizes = workload.sizes();
        let (([(_, work)], [kind]), true) = ((&sizes[..], workload.kinds()), workload.is_plain()) else {
            return Err("needs tasks of one kind that only compute".to_owned());
        };
        if kind.cores != 1 || kind.pin.is_some() {
            return Err("needs tasks that may run on any one core".to_owned());
        }
        let cost = plain.schedule.cost;
        if cost.dispatch > Span::ZERO || cost.switch > Span::ZERO {
            return Err("needs decisions that cost nothing".to_owned());
        }
        if plain.schedule.order_name() != "fifo" {
            return Err("needs queues in order of arrival".to_owned());
        }
        if plain.schedule.rebalance.is_some() {
            return Err("needs queues that tasks leave only to be served".to_owned());
        }
        let mean = work.mean();
        let scv = work.variance() / (mean * mean);
        let (mean, exponential) = (plain.seconds(mean), work.is_exponential());
        let rate = rate * scenario.scale.ticks_per_second();
        Ok(Queue { plain, rate, mean, scv, exponential })
    }

    fn exponential(self) -> Result<Self, String> {
        if self.exponential { Ok(self) } else { Err("needs exponential work".to_owned()) }
    }

    /// Whether each core takes an equal part of the arrivals at random.
    fn split(&self) -> Result<(), String> {
        if self.plain.cores == 1.0 || self.plain.schedule.policy.drawn_servers() == Some(1) {
            return Ok(());
        }
        Err("needs one core, or a server drawn at random for each task".to_owned())
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.rate, self.mean, self.scv, self.plain.cores]
    }
}

/// What follows from the mean wait.
const FROM_WAIT: &[Metric] = &[
    Metric::Response,
    Metric::Wait,
    Metric::Queue,
    Metric::Waiting,
    Metric::Utilisation,
    Metric::Throughput,
];

/// What follows from the mean wait, by Little's law.
fn from_wait(rate: f64, mean: f64, cores: f64, wait: f64, metric: Metric) -> Option<f64> {
    match metric {
        Metric::Response => Some(wait + mean),
        Metric::Wait => Some(wait),
        Metric::Queue => Some(rate * (wait + mean)),
        Metric::Waiting => Some(rate * wait),
        Metric::Utilisation => Some(rate * mean / cores),
        Metric::Throughput => Some(rate),
        _ => None,
    }
}

/// The part of tasks that a quantile leaves below it.
fn quantile(metric: Metric) -> Option<f64> {
    match metric {
        Metric::ResponseP50 => Some(0.5),
        Metric::ResponseP90 | Metric::WaitP90 => Some(0.9),
        Metric::ResponseP95 | Metric::WaitP95 => Some(0.95),
        Metric::ResponseP99 | Metric::WaitP99 => Some(0.99),
        _ => None,
    }
}

fn mm1(parameters: &[f64], metric: Metric) -> Option<f64> {
    let [rate, mean, _, cores] = *parameters else { return None };
    let load = rate * mean / cores;
    if load >= 1.0 {
        return None;
    }
    let response = mean / (1.0 - load);
    match (metric, quantile(metric)) {
        (Metric::WaitP90 | Metric::WaitP95 | Metric::WaitP99, Some(below)) => {
            Some((response * libm::log(load / (1.0 - below))).max(0.0))
        }
        (_, Some(below)) => Some(-response * libm::log(1.0 - below)),
        (_, None) => from_wait(rate, mean, cores, load * response, metric),
    }
}

fn mmc(parameters: &[f64], metric: Metric) -> Option<f64> {
    let [rate, mean, _, cores] = *parameters else { return None };
    let offered = rate * mean;
    // Erlang's formula knows no half servers.
    if offered >= cores || cores.fract() != 0.0 {
        return None;
    }
    let blocked = (1..=cores as u64)
        .fold(1.0, |blocked, servers| offered * blocked / (servers as f64 + offered * blocked));
    let waits = blocked / (1.0 - offered / cores * (1.0 - blocked));
    let drain = mean / (cores - offered);
    match quantile(metric) {
        Some(below) => Some((drain * libm::log(waits / (1.0 - below))).max(0.0)),
        None => from_wait(rate, mean, cores, waits * drain, metric),
    }
}

fn mg1(parameters: &[f64], metric: Metric) -> Option<f64> {
    let [rate, mean, scv, cores] = *parameters else { return None };
    let load = rate * mean / cores;
    let wait = load * mean * (1.0 + scv) / (2.0 * (1.0 - load));
    (load < 1.0 && wait.is_finite()).then(|| from_wait(rate, mean, cores, wait, metric))?
}

fn supermarket(parameters: &[f64], metric: Metric) -> Option<f64> {
    let [rate, mean, _, cores, d] = *parameters else { return None };
    let load = rate * mean / cores;
    if load >= 1.0 {
        return None;
    }
    let exponent = |i: i32| match d {
        1.0 => f64::from(i - 1),
        _ => (libm::pow(d, f64::from(i)) - d) / (d - 1.0),
    };
    // What is left out is below 10⁻¹² of the sum even at a load of 99.9 % without choice.
    let terms = (1..=40_000).map(|i| libm::pow(load, exponent(i)));
    let response = mean * terms.take_while(|term| *term > 1e-18).sum::<f64>();
    from_wait(rate, mean, cores, response - mean, metric)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(value: Option<f64>, wanted: f64) {
        let value = value.unwrap();
        assert!((value / wanted - 1.0).abs() < 1e-9, "{value}, not {wanted}");
    }

    #[test]
    fn one_server_at_a_load_of_four_fifths() {
        let queue = [800.0, 1e-3, 1.0, 1.0];
        close(mm1(&queue, Metric::Response), 5e-3);
        close(mm1(&queue, Metric::Waiting), 3.2);
        close(mm1(&queue, Metric::ResponseP99), 5e-3 * libm::log(100.0));
        close(mm1(&queue, Metric::WaitP90), 5e-3 * libm::log(8.0));
        // The other formulas know this case, too.
        for other in [mmc, mg1] {
            close(other(&queue, Metric::Response), 5e-3);
        }
        close(mmc(&queue, Metric::WaitP90), 5e-3 * libm::log(8.0));
        close(supermarket(&[800.0, 1e-3, 1.0, 1.0, 1.0], Metric::Queue), 4.0);
        assert_eq!(mm1(&[1000.0, 1e-3, 1.0, 1.0], Metric::Response), None);
    }

    #[test]
    fn two_servers_wait_as_erlang_says() {
        // C(2, 1) = 1/3; the wait is C · S/(c − a).
        close(mmc(&[1.0, 1.0, 1.0, 2.0], Metric::Wait), 1.0 / 3.0);
        // Half of the requests would be too many for half of the servers.
        assert_eq!(mmc(&[1.0, 1.0, 1.0, 2.5], Metric::Wait), None);
    }

    #[test]
    fn constant_work_waits_half_as_long() {
        close(mg1(&[0.8, 1.0, 0.0, 1.0], Metric::Wait), 2.0);
        close(mg1(&[0.8, 1.0, 1.0, 1.0], Metric::Wait), 4.0);
    }

    #[test]
    fn two_choices_at_a_load_of_nine_tenths() {
        // 1 + 0.9² + 0.9⁶ + 0.9¹⁴ + …, to be compared with Mitzenmacher 2001, table 1: 2.6141.
        let response = supermarket(&[90.0, 1.0, 1.0, 100.0, 2.0], Metric::Response).unwrap();
        assert!((response - 2.6141).abs() < 1e-4, "{response}");
        let three = supermarket(&[90.0, 1.0, 1.0, 100.0, 3.0], Metric::Response).unwrap();
        let by_hand =
            1.0 + libm::pow(0.9, 3.0) + libm::pow(0.9, 12.0) + libm::pow(0.9, 39.0) + libm::pow(0.9, 120.0);
        assert!((three - by_hand).abs() < 1e-5, "{three}");
    }
}
