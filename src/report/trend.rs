//! How a metric goes over a sweep of one case, in a sentence.

use crate::metrics::Better;
use crate::plot::quantity::Quantity;

/// A mean of the sweep.
pub(super) struct Step {
    /// Where it is: `at machine.cores = 4`.
    pub at: String,
    /// The same once it is known what varies: `at 4`.
    pub again: String,
    /// The mean.
    pub value: f64,
    /// The ends of its interval; none of a single replicate.
    pub interval: Option<(f64, f64)>,
}

impl Step {
    /// Whether its value is certain to be less than that of `other`.
    fn is_below(&self, other: &Step) -> bool {
        let high = self.interval.map_or(self.value, |(_, high)| high);
        let low = other.interval.map_or(other.value, |(low, _)| low);
        self.value < other.value && high < low
    }
}

/// From where to where `what` rises or falls; where it does both, as far as intervals can tell, at which place it is best.
/// None without a step.
pub(super) fn sentence(what: &str, quantity: &Quantity, better: Better, steps: &[Step]) -> Option<String> {
    let (first, last) = steps.first().zip(steps.last())?;
    let text = |step: &Step| quantity.text(step.value);
    if !turns(steps) {
        if first.value == last.value {
            return Some(format!("{what} is {} {} and {}", text(first), first.at, last.at));
        }
        let verb = if last.value < first.value { "falls" } else { "rises" };
        return Some(format!(
            "{what} {verb} from {} {} to {} {}",
            text(first),
            first.at,
            text(last),
            last.at
        ));
    }
    let by = |a: &&Step, b: &&Step| a.value.total_cmp(&b.value);
    let (least, greatest) = steps.iter().min_by(by).zip(steps.iter().max_by(by))?;
    let (best, word, worst, other) = match better {
        Better::Higher => (greatest, "greatest", least, "least"),
        Better::Lower | Better::Neither => (least, "least", greatest, "greatest"),
    };
    let start = format!("{what} is {word} {}: {}", best.at, text(best));
    Some(if std::ptr::eq(best, first) || std::ptr::eq(best, last) {
        format!("{start}; it is {other} {}: {}", worst.again, text(worst))
    } else {
        format!("{start}; it is {} {} and {} {}", text(first), first.again, text(last), last.again)
    })
}

/// Whether some later value is certain to be less, and some other certain to be greater, than one before it.
fn turns(steps: &[Step]) -> bool {
    let later = |is: &dyn Fn(&Step, &Step) -> bool| {
        (1..steps.len()).any(|at| steps[..at].iter().any(|before| is(before, &steps[at])))
    };
    later(&|before, after| before.is_below(after)) && later(&|before, after| after.is_below(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(better: Better, values: &[(f64, f64)]) -> String {
        let steps: Vec<Step> = values
            .iter()
            .enumerate()
            .map(|(at, (value, half))| Step {
                at: format!("at cores = {at}"),
                again: format!("at {at}"),
                value: *value,
                interval: Some((value - half, value + half)),
            })
            .collect();
        sentence("Makespan", &Quantity::Number(String::new()), better, &steps).unwrap()
    }

    #[test]
    fn what_turns_is_named_where_it_is_best() {
        let valley = [(42.0, 1.0), (31.0, 1.0), (52.0, 1.0)];
        assert_eq!(
            said(Better::Lower, &valley),
            "Makespan is least at cores = 1: 31.0; it is 42.0 at 0 and 52.0 at 2"
        );
        assert_eq!(
            said(Better::Higher, &valley),
            "Makespan is greatest at cores = 2: 52.0; it is least at 1: 31.0"
        );
    }

    #[test]
    fn what_intervals_cannot_tell_is_no_turn() {
        let rising = [(42.0, 3.0), (41.0, 3.0), (52.0, 1.0)];
        assert_eq!(
            said(Better::Lower, &rising),
            "Makespan rises from 42.0 at cores = 0 to 52.0 at cores = 2"
        );
        assert_eq!(said(Better::Lower, &[(4.0, 0.0); 3]), "Makespan is 4.00 at cores = 0 and at cores = 2");
    }
}
