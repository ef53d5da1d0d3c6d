//! A decimal number as written, so that "16.712 s" is exactly 16 712 000 000 000 ps.

/// `mantissa` · 10^`exponent`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decimal {
    mantissa: i128,
    exponent: i32,
    value: f64,
}

impl Decimal {
    /// The number that `text` spells, with digits grouped by `_` if at all. None where it is no finite number.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|c| *c != '_').collect();
        let value: f64 = plain.parse().ok().filter(|value: &f64| value.is_finite())?;
        let (digits, exponent) = match plain.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
            None => (plain.as_str(), 0),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        // More digits than fit say nothing that the f64 doesn't say.
        let mantissa = format!("{whole}{part}").parse::<i128>().ok();
        let exponent = exponent.checked_sub(part.len() as i32)?;
        Some(match mantissa {
            Some(mantissa) => Decimal { mantissa, exponent, value },
            None => Decimal { mantissa: 0, exponent: i32::MAX, value },
        })
    }

    /// Whether it lies below zero.
    pub(super) fn is_negative(&self) -> bool {
        self.value < 0.0
    }

    /// The nearest floating-point number.
    pub(super) fn value(&self) -> f64 {
        self.value
    }

    /// The number times 10^`power`, rounded once.
    pub(super) fn scaled(&self, power: i32) -> f64 {
        if self.exponent == i32::MAX {
            return self.value * if power < 0 { 1.0 / 10f64.powi(-power) } else { 10f64.powi(power) };
        }
        format!("{}e{}", self.mantissa, self.exponent.saturating_add(power)).parse().unwrap_or(self.value)
    }

    /// The number times `factor` / `divisor`: exact where the result is whole and fits, else rounded.
    pub(super) fn times(&self, factor: u64, divisor: u64) -> f64 {
        self.exact(factor, divisor).unwrap_or(self.value * factor as f64 / divisor as f64)
    }

    fn exact(&self, factor: u64, divisor: u64) -> Option<f64> {
        let mut top = self.mantissa.checked_mul(factor as i128)?;
        let mut bottom = divisor as i128;
        let power = 10i128.checked_pow(self.exponent.unsigned_abs())?;
        if self.exponent >= 0 {
            top = top.checked_mul(power)?;
        } else {
            bottom = bottom.checked_mul(power)?;
        }
        // A quotient of whole numbers below 2^53 is rounded once; a whole quotient is exact.
        if top % bottom == 0 { Some((top / bottom) as f64) } else { Some(top as f64 / bottom as f64) }
    }
}
