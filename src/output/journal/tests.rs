use std::fs;
use std::path::PathBuf;

use super::*;
use crate::experiment::{Record, Unit};
use crate::metrics::{Metric, Values};
use crate::output::provenance::{Input, Provenance};
use crate::record::{Bound, BoundKind, CoreTimes, Digest, Fates};
use crate::stats::BatchMeans;
use crate::time::Time;

/// A file of its own for a test, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        Scratch(std::env::temp_dir().join(format!("makespan-journal-{name}-{}", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn head() -> Head {
    let provenance = Provenance {
        scenario: "a.toml".into(),
        sets: Vec::new(),
        sweeps: Vec::new(),
        resolved: "[run]\nseed = 1          # default\n".into(),
        files: vec![Input { name: "a.csv".into(), hash: "sha256:1".into(), text: None }],
    };
    Head::new(&provenance, None)
}

fn unit(number: u32) -> Unit {
    Unit { replicate: number / 3, case: number % 3 }
}

fn record(number: u32) -> Record {
    let mut values = Values::default();
    values.set(Metric::Makespan, 0.1 + f64::from(number));
    values.set(Metric::Bytes, -0.0);
    let mut digest = Digest::default();
    digest.fact(Time::ZERO, 1, number.into(), 0);
    let mut times = CoreTimes::default();
    times.states[0] = u128::MAX - u128::from(number);
    Record {
        values,
        bounds: vec![Bound::new(BoundKind::Area, Some(1e-300)), Bound::new(BoundKind::Memory, None)],
        times,
        fates: Fates { done: 7, ..Fates::default() },
        cut: number.is_multiple_of(2),
        warmup: (!number.is_multiple_of(3)).then_some(5),
        exact_quantiles: true,
        batches: number.is_multiple_of(2).then_some(BatchMeans { relative_error: 0.25, correlation: -0.5 }),
        events: u64::MAX,
        digest,
    }
}

/// A journal of so many records, and where each frame ends.
fn journal(scratch: &Scratch, count: u32) -> Vec<u64> {
    let journal = Journal::create(&scratch.0, &head()).unwrap();
    let mut ends = vec![fs::metadata(&scratch.0).unwrap().len()];
    for number in (0..count).rev() {
        journal.append(unit(number), &record(number)).unwrap();
        ends.push(fs::metadata(&scratch.0).unwrap().len());
    }
    journal.sync().unwrap();
    ends
}

#[test]
fn what_was_added_is_recalled_to_the_bit_in_any_order() {
    let scratch = Scratch::new("recall");
    journal(&scratch, 100);
    let kept = Kept::open(&scratch.0).unwrap();
    assert_eq!((kept.len(), kept.dropped(), kept.head()), (100, 0, &head()));
    for number in (0..100).chain([7, 99, 0, 50]) {
        let recalled = kept.recall(unit(number)).unwrap();
        assert_eq!(recalled, record(number));
        assert_eq!(recalled.values.get(Metric::Bytes).map(f64::to_bits), Some((-0.0_f64).to_bits()));
    }
    assert!(!kept.has(unit(100)) && kept.recall(unit(100)).is_err());
}

#[test]
fn wherever_it_is_cut_off_the_whole_records_before_are_there_and_it_goes_on() {
    let scratch = Scratch::new("cut");
    let ends = journal(&scratch, 4);
    let whole = fs::read(&scratch.0).unwrap();
    for length in 0..whole.len() as u64 {
        fs::write(&scratch.0, &whole[..length as usize]).unwrap();
        if length < ends[0] {
            assert!(matches!(Kept::open(&scratch.0), Err(Unusable::Empty)), "{length}");
            assert!(is_one(&scratch.0));
            continue;
        }
        let kept = Kept::open(&scratch.0).unwrap();
        let last = ends.iter().rposition(|end| *end <= length).unwrap();
        assert_eq!(
            (kept.len(), kept.end(), kept.dropped()),
            (last, ends[last], length - ends[last]),
            "{length}"
        );
        let more = Journal::at(&scratch.0, kept.end()).unwrap();
        more.append(unit(200), &record(200)).unwrap();
        let kept = Kept::open(&scratch.0).unwrap();
        assert_eq!((kept.len(), kept.recall(unit(200))), (last + 1, Ok(record(200))), "{length}");
    }
}

#[test]
fn no_damaged_byte_goes_unseen() {
    let scratch = Scratch::new("damage");
    let ends = journal(&scratch, 3);
    let whole = fs::read(&scratch.0).unwrap();
    for at in ends[0] as usize..whole.len() {
        for bit in 0..8 {
            let mut damaged = whole.clone();
            damaged[at] ^= 1 << bit;
            fs::write(&scratch.0, &damaged).unwrap();
            let kept = Kept::open(&scratch.0).unwrap();
            let before = ends[1..].iter().filter(|end| **end <= at as u64).count();
            assert_eq!(kept.len(), before, "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn other_files_are_no_journals() {
    let scratch = Scratch::new("foreign");
    fs::write(&scratch.0, "Dear diary, today I computed nothing at all.").unwrap();
    assert!(!is_one(&scratch.0));
    assert!(matches!(Kept::open(&scratch.0), Err(Unusable::Foreign)));
    assert!(matches!(Kept::open(&scratch.0.join("absent")), Err(Unusable::Io(_))));
}

#[test]
fn a_difference_says_what_it_is() {
    let of = |change: &dyn Fn(&mut Head)| {
        let mut other = head();
        change(&mut other);
        other.differs(&head()).map(|difference| difference.0)
    };
    assert_eq!(of(&|_| ()), None);
    assert_eq!(of(&|other| other.provenance.scenario = "elsewhere/b.toml".into()), None);
    assert_eq!(of(&|other| other.provenance.files[0].name = "elsewhere/a.csv".into()), None);
    let said = of(&|other| other.provenance.resolved = "[run]\nseed = 2\n".into()).unwrap();
    assert_eq!(said, "is of another scenario: it says `seed = 2`, not `seed = 1`");
    assert!(of(&|other| other.version = "9.9.9".into()).unwrap().contains("version 9.9.9"));
    assert!(of(&|other| other.sources = "0".into()).unwrap().contains("another build"));
    assert!(of(&|other| other.provenance.files[0].hash = "sha256:2".into()).unwrap().contains("`a.csv`"));
}
