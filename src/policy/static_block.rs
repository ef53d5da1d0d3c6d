//! Tasks in blocks of equal size, fixed before the run.

use super::{Policy, PolicySpec, Queues, Setup, by_number::ByNumber, fits};
use crate::error::Problem;
use crate::registry::Entry;
use crate::workload::Workload;

/// Gives the first ⌈N/P⌉ tasks to the first core, the next to the second…
#[derive(Debug)]
struct StaticBlock;

impl PolicySpec for StaticBlock {
    fn queues(&self) -> Queues<'_> {
        Queues::PerServer
    }

    /// # Panics
    ///
    /// Without the number of tasks, which [`misfits`](PolicySpec::misfits) asks for.
    fn start(&self, setup: &Setup<'_>) -> Box<dyn Policy> {
        let Some(count) = setup.count else { panic!("`static-block` needs the number of tasks") };
        Box::new(ByNumber::new(setup, move |number, cores| block(number, count, cores)))
    }

    fn misfits(&self, workload: &dyn Workload) -> Vec<Problem> {
        let problems = [
            fits::known_count("static-block", workload),
            fits::one_core_each("static-block", workload),
            fits::one_task_each("static-block", workload),
        ];
        problems.into_iter().flatten().collect()
    }
}

/// The core of task `number` of `count`: the first `count` mod `cores` cores take ⌈count / cores⌉ tasks, the rest
/// ⌊count / cores⌋.
fn block(number: u64, count: u64, cores: u64) -> u64 {
    debug_assert!(number < count, "task {number} of {count}");
    let (small, larger) = (count / cores, count % cores);
    let in_larger = larger * (small + 1);
    if number < in_larger { number / (small + 1) } else { larger + (number - in_larger) / small }
}

pub(super) static ENTRY: Entry<dyn PolicySpec> = Entry {
    name: "static-block",
    about: "tasks in blocks of equal size by number, fixed before the run",
    cite: "",
    fields: &[],
    bare: None,
    read: |_| Some(Box::new(StaticBlock)),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Ready;
    use crate::policy::testing::{Bag, ready, servers_chosen, setup};

    fn placed(count: u64, allowed: (u32, u32)) -> Vec<usize> {
        let mut policy = StaticBlock.start(&setup(&Bag::of(count)));
        let tasks: Vec<_> = (0..count).map(|number| Ready { allowed, ..ready(number, 1.0) }).collect();
        servers_chosen(&mut *policy, &tasks, &[])
    }

    #[test]
    fn the_first_cores_take_one_task_more_and_each_block_is_contiguous() {
        for (count, cores) in
            [(0_u64, 3_u64), (1, 4), (3, 4), (4, 4), (7, 3), (12, 5), (100, 8), (64, 64), (9, 1)]
        {
            let blocks = (0..cores).flat_map(|core| {
                let larger = core < count % cores;
                let size = if larger { count.div_ceil(cores) } else { count / cores };
                std::iter::repeat_n(core as usize, size as usize)
            });
            assert_eq!(placed(count, (0, cores as u32)), blocks.collect::<Vec<_>>(), "{count} on {cores}");
        }
    }

    #[test]
    fn tasks_that_may_use_some_cores_only_are_divided_among_those() {
        assert_eq!(placed(5, (3, 5)), [3, 3, 3, 4, 4]);
    }
}
