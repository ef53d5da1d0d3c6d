//! Memory held to a limit: fewer replicates at once where all together would take more.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often it is looked at how much memory there is in use.
const PERIOD: Duration = Duration::from_millis(20);

/// A case of which no replicate was seen yet is taken to need so many times what those seen need.
const CAUTION: u64 = 4;

/// Bytes that the process has now, and the most that it ever had; none where the system doesn't tell.
pub(super) type Measure = fn() -> Option<(u64, u64)>;

/// Lets replicates begin while those that run and the next one fit into a limit together. One alone always may.
///
/// What a replicate needs is seen from what the process grew to: where it grew beyond what those running were taken to
/// need, all of them are taken to need so much more.
pub(super) struct Gate {
    limit: u64,
    measure: Measure,
    state: Mutex<State>,
    left: Condvar,
}

struct State {
    /// What the process had before the running replicates began.
    base: u64,
    /// The most that it ever had.
    peak: u64,
    /// By case, what a replicate is known to need; 0 before any was seen.
    needs: Vec<u64>,
    /// The greatest of them.
    greatest: u64,
    /// The cases of those that run.
    running: Vec<u32>,
    /// When the last look was, and the last replicate began.
    looked: Instant,
    began: Instant,
    /// Whether one had to wait for others to end.
    held: bool,
}

impl Gate {
    /// A gate for the cases of a study, so many; none where the system doesn't tell how much memory is in use.
    pub fn new(limit: u64, cases: usize, measure: Measure) -> Option<Self> {
        let (base, peak) = measure()?;
        let (needs, now) = (vec![0; cases], Instant::now());
        let state = State {
            base,
            peak,
            needs,
            greatest: 0,
            running: Vec::new(),
            looked: now,
            began: now,
            held: false,
        };
        Some(Gate { limit, measure, state: Mutex::new(state), left: Condvar::new() })
    }

    /// Waits until a replicate of `case` fits.
    pub fn enter(&self, case: u32) {
        let mut state = self.lock();
        while !state.running.is_empty() && !state.fits(case, self.limit) {
            state.held |= state.greatest > 0;
            let waited = self.left.wait_timeout(state, PERIOD);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            self.look(&mut state, false);
        }
        if state.running.is_empty() {
            self.look(&mut state, false);
        }
        state.running.push(case);
        if state.greatest == 0 {
            state.began = Instant::now();
        }
    }

    /// A replicate of `case` has ended.
    pub fn leave(&self, case: u32) {
        let mut state = self.lock();
        let first = state.needs[case as usize] == 0;
        self.look(&mut state, first);
        if state.needs[case as usize] == 0 {
            // It can't have needed more than what all grew by together.
            let need = state.need(case).min(state.grown()).max(1);
            state.know(case, need);
        }
        if let Some(at) = state.running.iter().position(|running| *running == case) {
            state.running.swap_remove(at);
        }
        drop(state);
        self.left.notify_all();
    }

    /// Whether replicates had to wait for others to end.
    pub fn held_back(&self) -> bool {
        self.lock().held
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Whatever a panic left is a number of bytes too many at most.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the memory in use, if it is time to or must be.
    fn look(&self, state: &mut State, must: bool) {
        if !must && state.looked.elapsed() < PERIOD {
            return;
        }
        if let Some((now, peak)) = (self.measure)() {
            state.looked = Instant::now();
            if state.running.is_empty() {
                // What was freed or gathered since is there for what comes.
                state.base = now;
            }
            state.see(peak);
        }
    }
}

impl State {
    /// What the running replicates have grown the process by.
    fn grown(&self) -> u64 {
        self.peak.saturating_sub(self.base)
    }

    /// What a replicate of `case` is taken to need.
    fn need(&self, case: u32) -> u64 {
        let each = self.grown() / self.running.len().max(1) as u64;
        match self.needs[case as usize] {
            0 => CAUTION * self.greatest.max(each),
            need => need,
        }
    }

    fn know(&mut self, case: u32, need: u64) {
        self.needs[case as usize] = need;
        self.greatest = self.greatest.max(need);
    }

    /// Whether a replicate of `case` fits beside those running. While nothing is known, they begin one by one, so that
    /// what the first grow by is seen before there are many.
    fn fits(&self, case: u32, limit: u64) -> bool {
        let running: u64 = self.running.iter().map(|case| self.need(*case)).sum();
        let settled = self.greatest > 0 || self.began.elapsed() >= PERIOD;
        settled && self.base + running + self.need(case) <= limit
    }

    /// The process has grown to `peak` bytes: those running need their parts of it.
    fn see(&mut self, peak: u64) {
        if peak <= self.peak {
            return;
        }
        self.peak = peak;
        let (grown, running) = (self.grown(), self.running.clone());
        let taken: u64 = running.iter().map(|case| self.need(*case)).sum();
        if self.greatest == 0 || taken == 0 || grown <= taken {
            return;
        }
        let needs: Vec<u64> = running.iter().map(|case| self.need(*case)).collect();
        for (case, need) in running.into_iter().zip(needs) {
            self.know(case, (u128::from(need) * u128::from(grown) / u128::from(taken)) as u64 + 1);
        }
    }
}

/// As the Linux kernel tells it.
pub(super) fn of_this_process() -> Option<(u64, u64)> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes = |key: &str| -> Option<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(key))?;
        line.split_whitespace().next()?.parse().ok()
    };
    Some((kilobytes("VmRSS:")? << 10, kilobytes("VmHWM:")? << 10))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    /// A process whose replicates take 100 bytes each, in 1000 of its own.
    static NOW: AtomicU64 = AtomicU64::new(1000);
    static PEAK: AtomicU64 = AtomicU64::new(1000);

    fn measure() -> Option<(u64, u64)> {
        Some((NOW.load(Ordering::SeqCst), PEAK.load(Ordering::SeqCst)))
    }

    fn begin(gate: &Gate) {
        gate.enter(0);
        PEAK.fetch_max(NOW.fetch_add(100, Ordering::SeqCst) + 100, Ordering::SeqCst);
    }

    fn end(gate: &Gate) {
        NOW.fetch_sub(100, Ordering::SeqCst);
        gate.leave(0);
    }

    #[test]
    fn as_many_run_at_once_as_fit() {
        let gate = Gate::new(1350, 1, measure).unwrap();
        begin(&gate);
        end(&gate);
        for _ in 0..3 {
            begin(&gate);
        }
        assert!(!gate.held_back(), "1350 bytes have room for 3 times 100 beside 1000");
        let begun = AtomicU64::new(0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                begin(&gate);
                begun.store(1, Ordering::SeqCst);
            });
            while !gate.held_back() {
                std::thread::yield_now();
            }
            std::thread::sleep(2 * PERIOD);
            assert_eq!(begun.load(Ordering::SeqCst), 0, "a fourth waits for as long as three run");
            end(&gate);
        });
        assert_eq!(begun.into_inner(), 1, "it begins when one has ended");
    }

    #[test]
    fn one_alone_always_runs_and_where_nothing_is_told_there_is_no_gate() {
        let gate = Gate::new(1, 2, || Some((1000, 5000))).unwrap();
        for case in [0, 1, 0] {
            gate.enter(case);
            gate.leave(case);
        }
        assert!(!gate.held_back());
        assert!(Gate::new(1, 1, || None).is_none());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_takes_memory() {
        let (now, peak) = of_this_process().expect("Linux tells");
        assert!(now > 1 << 20 && peak >= now);
    }
}
