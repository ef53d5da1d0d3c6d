//! UTS's geometric trees: the number of children is geometric, with a mean that depends on the depth.

use super::Shape;
use crate::error::Problem;
use crate::registry::{Entry, Registered, Registry};
use crate::rng::Split;
use crate::source::Field;

/// How the mean number of children changes from the root, where it is b, to the depth d.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Profile {
    /// b (1 − i/d) at depth i.
    Linear,
    /// b up to depth d, then none.
    Fixed,
    /// b · i^(−ln b / ln d): falls to 1 at depth d and on below it.
    Exponential,
    /// b^sin(2πi/d): swells and shrinks, up to depth 5d.
    Cyclic,
}

#[derive(Debug)]
struct Geometric {
    branching: f64,
    depth: u32,
    profile: Profile,
}

/// The most children of a node, as in UTS.
const MOST: f64 = 100.0;

impl Geometric {
    /// The mean number of children at `depth`.
    fn mean(&self, depth: u32) -> f64 {
        let (i, d, b) = (f64::from(depth), f64::from(self.depth), self.branching);
        match self.profile {
            _ if depth == 0 => b,
            Profile::Linear => b * (1.0 - i / d).max(0.0),
            Profile::Fixed if depth < self.depth => b,
            Profile::Fixed => 0.0,
            Profile::Exponential => b * libm::pow(i, -libm::log(b) / libm::log(d)),
            Profile::Cyclic if depth > 5 * self.depth => 0.0,
            Profile::Cyclic => libm::pow(b, libm::sin(2.0 * std::f64::consts::PI * i / d)),
        }
    }
}

impl Shape for Geometric {
    fn root(&self) -> u64 {
        0
    }

    fn children(&self, key: Split, depth: u32, _: u64) -> u32 {
        let mean = self.mean(depth);
        if mean <= 0.0 {
            return 0;
        }
        // P(at least k children) = (b/(1 + b))^k.
        let stays = -libm::log1p(1.0 / mean);
        (libm::log(1.0 - key.uniform(0)) / stays).floor().min(MOST) as u32
    }

    fn part(&self, _: Split, _: u64, _: u32) -> u64 {
        0
    }

    fn count(&self) -> Option<u64> {
        None
    }

    fn is_random(&self) -> bool {
        true
    }
}

static LINEAR: Entry<Profile> =
    profile("linear", "falls evenly to none at `depth`", |_| Some(Box::new(Profile::Linear)));
static FIXED: Entry<Profile> =
    profile("fixed", "stays as it is up to `depth`, below which there is nothing", |_| {
        Some(Box::new(Profile::Fixed))
    });
static EXPONENTIAL: Entry<Profile> =
    profile("exponential", "falls as a power of the depth, to 1 at `depth`", |_| {
        Some(Box::new(Profile::Exponential))
    });
static CYCLIC: Entry<Profile> =
    profile("cyclic", "swells and shrinks with the period `depth`, five times", |_| {
        Some(Box::new(Profile::Cyclic))
    });

const fn profile(
    name: &'static str,
    about: &'static str,
    read: fn(&crate::source::Fields<'_>) -> Option<Box<Profile>>,
) -> Entry<Profile> {
    Entry { name, about, cite: "Olivier et al. 2006", fields: &[], bare: None, read }
}

static PROFILES: Registry<Profile> =
    Registry { noun: "profile of a tree", entries: &[&LINEAR, &FIXED, &EXPONENTIAL, &CYCLIC] };

impl Registered for Profile {
    fn registry() -> &'static Registry<Self> {
        &PROFILES
    }
}

const BRANCHING: Field<f64> = Field::new("branching", "how many children the root has on average")
    .check(|mean| if *mean > 0.0 { Ok(()) } else { Err("must be above 0") });
const DEPTH: Field<u32> = Field::new("depth", "the depth at which `profile` ends, or begins again")
    .check(|depth| if *depth >= 1 { Ok(()) } else { Err("must be at least 1") });
const PROFILE: Field<Box<Profile>> =
    Field::new("profile", "how the mean number of children changes with the depth").default("linear");

pub(super) static ENTRY: Entry<dyn Shape> = Entry {
    name: "geometric",
    about: "a geometric number of children whose mean changes with the depth: long tails, but of bounded depth",
    cite: "Olivier et al. 2006",
    fields: &[&BRANCHING, &DEPTH, &PROFILE],
    bare: None,
    read: |fields| {
        let (branching, depth, profile) =
            (fields.take(&BRANCHING), fields.take(&DEPTH), fields.take(&PROFILE));
        let (branching, depth, profile) = (branching?, depth?, *profile?);
        // Falling from b at depth 1 to 1 at depth d needs both to be more than 1, and beyond d it must fall on.
        if profile == Profile::Exponential && (depth < 2 || branching <= 1.0) {
            let what = "an `exponential` profile falls to 1 at `depth`: from a `branching` above 1, over a depth of 2 or more";
            fields.cx.problem(Problem::new(what).at(fields.place, "nothing to fall from"));
            return None;
        }
        Some(Box::new(Geometric { branching, depth, profile }))
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_follows_the_profile() {
        let of = |profile, depth| Geometric { branching: 4.0, depth: 10, profile }.mean(depth);
        assert_eq!(
            [0, 5, 9, 10, 11].map(|at| of(Profile::Linear, at)),
            [4.0, 2.0, 4.0 * (1.0 - 0.9), 0.0, 0.0]
        );
        assert_eq!([0, 9, 10].map(|at| of(Profile::Fixed, at)), [4.0, 4.0, 0.0]);
        assert!((of(Profile::Exponential, 10) - 1.0).abs() < 1e-12 && of(Profile::Exponential, 1) == 4.0);
        assert!((of(Profile::Cyclic, 5) - 1.0).abs() < 1e-12 && of(Profile::Cyclic, 51) == 0.0);
        assert!(of(Profile::Cyclic, 3) > 3.5 && of(Profile::Cyclic, 8) < 0.3);
    }
}
