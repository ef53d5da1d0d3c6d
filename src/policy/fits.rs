//! Which workloads a policy fits: what several policies ask of one.

use crate::error::Problem;
use crate::workload::Workload;

/// The problem that `workload` has tasks of several cores, for a policy that keeps one queue per core.
pub(super) fn one_core_each(policy: &str, workload: &dyn Workload) -> Option<Problem> {
    let wide = workload.kinds().iter().find(|kind| kind.cores > 1)?;
    let task = match &wide.name {
        Some(name) => format!("`{name}`"),
        None => "a task".to_owned(),
    };
    let what = format!("`{policy}` keeps one queue per core, but {task} takes {} cores at once", wide.cores);
    let fitting = "give such tasks to `central-queue` (or `fifo`, `list`, `lpt`, `spt`), or to `heft`";
    Some(Problem::new(what).help(fitting))
}

/// The problem that `workload` has tasks that may not run everywhere, for a policy that moves any task to any core.
pub(super) fn on_any_core(policy: &str, workload: &dyn Workload) -> Option<Problem> {
    if !workload.is_pinned() {
        return None;
    }
    let what = format!("`{policy}` moves any task to any core, but some are pinned");
    let fitting = "use `on` to keep the whole workload on a part of the machine, or choose `central-queue` or `least-loaded`";
    Some(Problem::new(what).help(fitting))
}

/// The problem that nobody knows how many tasks `workload` makes.
pub(super) fn known_count(policy: &str, workload: &dyn Workload) -> Option<Problem> {
    if workload.count().is_some() {
        return None;
    }
    let what = format!("`{policy}` divides a known number of tasks, but how many will arrive is not known");
    Some(Problem::new(what).help("give the workload a `count`, or choose `static-cyclic`, which needs none"))
}

/// The problem that a request may come to several tasks, so that nobody knows how many there will be.
pub(super) fn one_task_each(policy: &str, workload: &dyn Workload) -> Option<Problem> {
    let most = workload.service().filter(|service| service.most_tasks() > 1)?.most_tasks();
    let what = format!("`{policy}` divides a known number of tasks, but a request may come to {most}");
    Some(
        Problem::new(what)
            .help("choose a dispatcher, such as `jsq`, which sends each part to another server"),
    )
}

/// The problem that tasks arrive while the run goes on.
pub(super) fn all_at_the_start(policy: &str, workload: &dyn Workload) -> Option<Problem> {
    if workload.unfolds() {
        let what =
            format!("`{policy}` plans all tasks before the run, but these make one another while it goes on");
        return Some(
            Problem::new(what).help("choose a policy that decides as tasks appear, such as `work-stealing`"),
        );
    }
    if !workload.arrives() && workload.count().is_some() {
        return None;
    }
    let what = format!("`{policy}` plans all tasks before the run, but these arrive while it goes on");
    Some(Problem::new(what).help("choose a policy that decides as tasks arrive, such as `least-loaded`"))
}
