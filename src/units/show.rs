//! Quantities for people: four significant digits and the unit that suits their size.

/// `value` with four significant digits, without trailing zeros.
///
/// ```
/// use makespan::units::number;
/// assert_eq!(number(1234.56), "1235");
/// assert_eq!(number(0.0012345), "0.001234");
/// assert_eq!(number(0.5), "0.5");
/// ```
pub fn number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return if value.is_infinite() { "unlimited".into() } else { format!("{value}") };
    }
    let magnitude = libm::floor(libm::log10(value.abs())) as i32;
    if !(-5..15).contains(&magnitude) {
        return format!("{value:.3e}");
    }
    let decimals = (3 - magnitude).max(0) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn scaled(value: f64, steps: &[(f64, &str)]) -> String {
    let (size, unit) =
        steps.iter().find(|(size, _)| value.abs() >= *size).or(steps.last()).copied().unwrap_or((1.0, ""));
    format!("{} {unit}", number(value / size))
}

/// A time given in seconds.
///
/// ```
/// assert_eq!(makespan::units::seconds(0.0153), "15.3 ms");
/// assert_eq!(makespan::units::seconds(7200.0), "2 h");
/// ```
pub fn seconds(value: f64) -> String {
    if value == 0.0 {
        return "0 s".into();
    }
    scaled(
        value,
        &[
            (172_800.0, "days"),
            (7200.0, "h"),
            (600.0, "min"),
            (1.0, "s"),
            (1e-3, "ms"),
            (1e-6, "us"),
            (1e-9, "ns"),
            (1e-12, "ps"),
        ],
    )
}

/// An amount of data in bytes, in powers of 1000.
pub fn bytes(value: f64) -> String {
    scaled(value, &[(1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1.0, "B")])
}

/// A bandwidth given in bytes per second.
pub fn bandwidth(value: f64) -> String {
    if value.is_infinite() { "unlimited".into() } else { format!("{}/s", bytes(value)) }
}

/// A whole number with its thousands apart.
///
/// ```
/// assert_eq!(makespan::units::count(1234567), "1 234 567");
/// ```
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// A fraction as a percentage.
pub fn percent(value: f64) -> String {
    format!("{} %", number(value * 100.0))
}

/// A time of `ticks`, each of so many picoseconds, in seconds with every digit that it has.
///
/// ```
/// use makespan::units::exact_seconds;
/// assert_eq!(exact_seconds(1_500_000_000_000, 1), "1.5");
/// assert_eq!(exact_seconds(3, 1_000_000), "0.000003");
/// assert_eq!(exact_seconds(0, 1), "0");
/// ```
pub fn exact_seconds(ticks: u64, picoseconds_per_tick: u64) -> String {
    const SECOND: u128 = 1_000_000_000_000;
    let picoseconds = u128::from(ticks) * u128::from(picoseconds_per_tick);
    let (whole, part) = (picoseconds / SECOND, picoseconds % SECOND);
    if part == 0 { whole.to_string() } else { format!("{whole}.{part:012}").trim_end_matches('0').to_owned() }
}
