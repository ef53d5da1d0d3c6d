//! Parts of sentences.

use crate::metrics::Metric;

/// What a metric is, as a noun: `mean response time`.
///
/// ```
/// use makespan::explain::words::noun;
/// use makespan::metrics::Metric;
/// assert_eq!(noun(Metric::Makespan), "makespan");
/// assert_eq!(noun(Metric::ResponseP99), "response time, p99");
/// ```
pub fn noun(metric: Metric) -> String {
    let name = metric.describe().name;
    match (metric, name.split_once('.')) {
        (Metric::Response | Metric::Wait, _) => format!("mean {name} time"),
        (Metric::InFlight, _) => "most tasks in flight".to_owned(),
        (Metric::StealAttempts, _) => "number of attempts to steal".to_owned(),
        (Metric::Steals, _) => "number of successful steals".to_owned(),
        (Metric::StolenTasks, _) => "number of tasks stolen".to_owned(),
        (Metric::StolenBytes, _) => "bytes stolen".to_owned(),
        (Metric::StealDepth, _) => "mean depth of what was stolen".to_owned(),
        (Metric::StealDelay, _) => "mean time without work before a steal".to_owned(),
        (Metric::Probes, _) => "number of probes".to_owned(),
        (Metric::Migrations, _) => "number of tasks moved".to_owned(),
        (Metric::MigratedBytes, _) => "bytes moved with tasks".to_owned(),
        (Metric::Queue, _) => "mean number of tasks in the system".to_owned(),
        (Metric::Waiting, _) => "mean number of tasks waiting".to_owned(),
        (_, None) => name.to_owned(),
        (_, Some((stem, "max"))) => format!("largest {stem} time"),
        (_, Some((stem, quantile))) => format!("{stem} time, {quantile}"),
    }
}

/// A part of a whole as a percentage of two or three digits.
///
/// ```
/// use makespan::explain::words::share;
/// assert_eq!(share(0.3123), "31 %");
/// assert_eq!(share(0.0817), "8.2 %");
/// assert_eq!(share(0.0004), "less than 0.1 %");
/// assert_eq!(share(0.9996), "more than 99.9 %");
/// ```
pub fn share(part: f64) -> String {
    let percent = part * 100.0;
    if percent == 0.0 || percent == 100.0 {
        format!("{percent} %")
    } else if percent < 0.1 {
        "less than 0.1 %".into()
    } else if percent > 99.9 && percent < 100.0 {
        "more than 99.9 %".into()
    } else if !(9.95..99.5).contains(&percent) && percent < 100.0 {
        format!("{percent:.1} %")
    } else {
        format!("{percent:.0} %")
    }
}

/// So many of what `noun` says, with an `s` for all numbers but one.
///
/// ```
/// use makespan::explain::words::some;
/// assert_eq!(some(1, "core"), "1 core");
/// assert_eq!(some(12_000, "task"), "12 000 tasks");
/// ```
pub fn some(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", crate::units::count(count), if count == 1 { "" } else { "s" })
}

/// The same with a capital first letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Several things as a list in a sentence: `a, b and c`.
pub fn list(things: &[String]) -> String {
    match things {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

/// How far `value` is above `bound`, such as `8.2 % above`; `exactly at` where it is no more than rounding.
pub fn above(value: f64, bound: f64) -> String {
    let over = value / bound - 1.0;
    if over < 5e-7 {
        "exactly at".into()
    } else if over >= 1.0 {
        format!("{} times", crate::units::number((value / bound * 100.0).round() / 100.0))
    } else {
        format!("{} above", share(over))
    }
}
