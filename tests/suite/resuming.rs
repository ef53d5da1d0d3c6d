//! Studies that are ended and taken up again, through the public interface: the same results to the bit.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use makespan::experiment::{Failed, Record, Results, Sequential, Threads, Unit, Unwatched, Watch, run};
use makespan::scenario::{Request, Study, check};
use makespan::source::{InMemory, render};

const SWEPT: &str = r#"
machine.cores = 4
workload.tasks = { count = 60, work = { exponential = "10 ms" } }
run.replicates = 12
sweep."machine.cores" = [2, 3, 4]
variant = [{ name = "longest first", schedule.policy = "lpt" }]
"#;

const PRECISE: &str = r#"
machine.cores = 2
workload.tasks = { count = 300, work = { exponential = "1 ms" }, arrivals = { poisson = "1200 /s" } }
run.replicates = { precision = "8 %", metric = "response", max = 70 }
sweep."machine.cores" = [2, 3]
"#;

const BEST: &str = r#"
machine.cores = 4
workload.tasks = { count = 30, work = { exponential = "10 ms" } }
run = { goal = "best of makespan", replicates = 80 }
sweep."machine.cores" = [2, 4]
variant = [
    { name = "longest first", schedule.policy = "lpt" },
    { name = "at random", schedule.policy = "random" },
]
"#;

fn study(text: &str) -> Study {
    let files = InMemory::new([("s.toml", text)]);
    match check(&files, &Request { path: "s.toml", ..Request::default() }) {
        Ok(checked) => checked.study,
        Err(refused) => panic!("{}", render(&refused.map, &refused.problems, false)),
    }
}

/// Remembers records and lets so many more replicates begin.
struct Memory {
    records: Mutex<BTreeMap<Unit, Record>>,
    left: AtomicU64,
    simulated: AtomicU64,
}

impl Memory {
    fn new(records: BTreeMap<Unit, Record>, left: u64) -> Self {
        Memory { records: Mutex::new(records), left: AtomicU64::new(left), simulated: AtomicU64::new(0) }
    }

    fn records(&self) -> BTreeMap<Unit, Record> {
        self.records.lock().unwrap().clone()
    }
}

impl Watch for Memory {
    fn has(&self, unit: Unit) -> bool {
        self.records.lock().unwrap().contains_key(&unit)
    }

    fn recall(&self, unit: Unit) -> Result<Record, String> {
        self.records.lock().unwrap().get(&unit).cloned().ok_or_else(|| "forgotten".into())
    }

    fn begin(&self, _: Unit) -> bool {
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }

    fn keep(&self, unit: Unit, record: &Record) -> Result<(), String> {
        self.simulated.fetch_add(1, Ordering::Relaxed);
        assert!(self.records.lock().unwrap().insert(unit, record.clone()).is_none(), "{unit:?} twice");
        Ok(())
    }
}

fn complete(study: &Study, watch: &dyn Watch) -> Results {
    run(study, &Threads::new(Some(3)).unwrap(), watch).unwrap_or_else(|failed| panic!("{failed}"))
}

#[test]
fn whatever_is_known_already_the_results_are_the_same() {
    for text in [SWEPT, PRECISE, BEST] {
        let study = study(text);
        let undisturbed = complete(&study, &Unwatched);
        let memory = Memory::new(BTreeMap::new(), u64::MAX);
        assert_eq!(complete(&study, &memory), undisturbed);
        let all = memory.records();
        // All, none, each third and each but the seventh, and some that no run would have left.
        let parts: [&dyn Fn(usize) -> bool; 5] =
            [&|_| true, &|_| false, &|at| at % 3 == 1, &|at| at % 7 != 2, &|at| at > all.len() / 2];
        for known in parts {
            let some: BTreeMap<Unit, Record> = all
                .clone()
                .into_iter()
                .enumerate()
                .filter(|(at, _)| known(*at))
                .map(|(_, pair)| pair)
                .collect();
            let missing = (all.len() - some.len()) as u64;
            let memory = Memory::new(some, u64::MAX);
            assert_eq!(complete(&study, &memory), undisturbed);
            assert_eq!(memory.simulated.into_inner(), missing, "only what is missing is simulated");
        }
    }
}

#[test]
fn a_run_that_is_ended_again_and_again_gets_there() {
    for text in [SWEPT, PRECISE, BEST] {
        let study = study(text);
        let undisturbed = complete(&study, &Unwatched);
        let mut records = BTreeMap::new();
        for attempt in 0.. {
            assert!(attempt < 200, "it gets nowhere");
            let memory = Memory::new(records, 5 + attempt);
            let results = run(&study, &Threads::new(Some(2)).unwrap(), &memory);
            records = memory.records();
            match results {
                Ok(results) if results == undisturbed => break,
                Ok(results) => {
                    assert!(results.notes[0].starts_with("The run was ended"), "{:?}", results.notes)
                }
                Err(failed) => assert!(matches!(failed, Failed::Ended { .. }), "{failed}"),
            }
        }
    }
}

#[test]
fn a_run_that_is_ended_states_the_first_replicates_of_every_case() {
    let study = study(SWEPT);
    let few = complete(&self::study(&SWEPT.replace("run.replicates = 12", "run.replicates = 4")), &Unwatched);
    // Six cases: 27 replicates are four of each and three more.
    let ended = run(&study, &Sequential, &Memory::new(BTreeMap::new(), 27))
        .unwrap_or_else(|failed| panic!("{failed}"));
    assert_eq!(ended.notes[0], "The run was ended: these are the first 4 of 12 replicates of every case.");
    assert_eq!(ended.cases, few.cases);
    assert_eq!(ended.digest, few.digest);
    let none = run(&study, &Sequential, &Memory::new(BTreeMap::new(), 5));
    assert_eq!(none.err(), Some(Failed::Ended { done: 0 }));
}

#[test]
fn what_cannot_be_kept_ends_the_run() {
    struct Full;
    impl Watch for Full {
        fn keep(&self, unit: Unit, _: &Record) -> Result<(), String> {
            if unit.replicate == 3 { Err("no space left".into()) } else { Ok(()) }
        }
    }
    let failed = run(&study(SWEPT), &Threads::new(Some(2)).unwrap(), &Full).err();
    assert_eq!(failed, Some(Failed::Record("no space left".into())));
}
