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

/// `value` with the margin `half` about it: the margin with two significant digits, the value as fine. Without a margin
/// it is the value alone.
///
/// ```
/// use makespan::units::with_margin;
/// assert_eq!(with_margin(12.3456, 0.4242), "12.35 ± 0.42");
/// assert_eq!(with_margin(1234.5, 56.0), "1234 ± 56");
/// assert_eq!(with_margin(0.5, 0.0), "0.5");
/// ```
pub fn with_margin(value: f64, half: f64) -> String {
    if !half.is_finite() || half <= value.abs() * 1e-9 {
        return number(value);
    }
    // Of what is left after rounding: 0.0996 has two digits as 0.10.
    let rounded = format!("{half:.1e}");
    let magnitude = rounded.split_once('e').and_then(|(_, power)| power.parse::<i64>().ok()).unwrap_or(0);
    let decimals = (1 - magnitude).clamp(0, 12) as usize;
    format!("{value:.decimals$} ± {half:.decimals$}")
}

/// A unit: from which value on it is used, how much it is, and its name.
type Step = (f64, f64, &'static str);

const TIMES: [Step; 8] = [
    (172_800.0, 86_400.0, "days"),
    (7200.0, 3600.0, "h"),
    (600.0, 60.0, "min"),
    (1.0, 1.0, "s"),
    (1e-3, 1e-3, "ms"),
    (1e-6, 1e-6, "us"),
    (1e-9, 1e-9, "ns"),
    (0.0, 1e-12, "ps"),
];

const BYTES: [Step; 6] = [
    (1e15, 1e15, "PB"),
    (1e12, 1e12, "TB"),
    (1e9, 1e9, "GB"),
    (1e6, 1e6, "MB"),
    (1e3, 1e3, "kB"),
    (0.0, 1.0, "B"),
];

/// The unit that suits values as large as `value`: how much it is, and its name.
fn suited(value: f64, steps: &[Step]) -> (f64, &'static str) {
    let step = steps.iter().find(|(from, ..)| value.abs() >= *from);
    step.map_or((1.0, ""), |(_, size, name)| (*size, *name))
}

/// The unit that suits times as long as `value` seconds: its length in seconds, and its name.
///
/// ```
/// assert_eq!(makespan::units::time_unit(0.0153), (1e-3, "ms"));
/// ```
pub fn time_unit(value: f64) -> (f64, &'static str) {
    if value == 0.0 { (1.0, "s") } else { suited(value, &TIMES) }
}

/// The unit that suits sizes of `value` bytes: how many bytes it is, and its name.
pub fn byte_unit(value: f64) -> (f64, &'static str) {
    suited(value, &BYTES)
}

/// A time given in seconds.
///
/// ```
/// assert_eq!(makespan::units::seconds(0.0153), "15.3 ms");
/// assert_eq!(makespan::units::seconds(7200.0), "2 h");
/// ```
pub fn seconds(value: f64) -> String {
    let (size, unit) = time_unit(value);
    format!("{} {unit}", number(value / size))
}

/// An amount of data in bytes, in powers of 1000.
pub fn bytes(value: f64) -> String {
    let (size, unit) = byte_unit(value);
    format!("{} {unit}", number(value / size))
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
