//! Whether a machine can run a workload at all, and whether a run ends.

use super::Job;
use super::workloads::Places;
use crate::error::Problem;
use crate::faults::{Faults, Recover};
use crate::machine::Machine;
use crate::place::Place;
use crate::program::Service;
use crate::units::count;

/// The problem that a loop or a service can't recover in the way for which `place` asks.
pub(super) fn recovery(jobs: &[(Job, Places)], faults: &Faults, place: Place) -> Option<Problem> {
    let goes_back = matches!(faults.recover, Recover::Restart { .. } | Recover::Checkpoint { .. });
    if let Some((job, _)) =
        jobs.iter().find(|(job, _)| job.workload.service().is_some()).filter(|_| goes_back)
    {
        let what = format!("the service `{}` can't go back: its answers have been given", job.name);
        let help = "requests that are lost can be tried again: recover = \"retry\"";
        return Some(Problem::new(what).at(place, "goes back with the whole job").help(help));
    }
    let (job, _) = jobs.iter().find(|(job, _)| job.workload.shape().is_some())?;
    let (what, label) = match faults.recover {
        Recover::Restart { .. } | Recover::Checkpoint { .. } => {
            ("can't go back: what its schedule has learned isn't saved", "goes back with the whole job")
        }
        Recover::Retry { resample: true } => {
            ("has iterations that cost the same whenever they are done", "draws them anew")
        }
        Recover::Nothing | Recover::Retry { resample: false } => return None,
    };
    let help = "a chunk that is lost can be done again: recover = \"retry\"";
    Some(Problem::new(format!("the loop `{}` {what}", job.name)).at(place, label).help(help))
}

/// What is wrong with the replicas of a service on its cores.
fn replicas(job: &Job, service: &Service, places: &Places) -> Option<Problem> {
    let width = job.on.1 - job.on.0;
    let replicas = service.replicas_on(width);
    let needed = u64::from(replicas.max(1)) * u64::from(service.cores);
    let problem =
        |what: String, help: &str| Some(Problem::new(what).at(places.whole, "this service").help(help));
    if needed > u64::from(width) {
        let what = format!(
            "{} replicas of {} cores don't fit on the {} cores of `{}`",
            count(replicas.max(1).into()),
            count(service.cores.into()),
            count(width.into()),
            job.name
        );
        return problem(what, "give fewer `replicas`, fewer `cores` each, or more cores of the machine");
    }
    if service.parts > replicas {
        let what = format!(
            "a request of {} parts needs as many replicas, but `{}` has {replicas}",
            service.parts, job.name
        );
        return problem(what, "each part goes to another replica: give more `replicas`, or fewer parts");
    }
    if service.hedge.is_some() && replicas < 2 {
        let what = format!("`hedge` needs a second replica for the copy, but `{}` has one", job.name);
        return problem(what, "give more `replicas`, or leave `hedge` out");
    }
    None
}

/// Why `job` can't run on `machine`, or never ends; nothing if all is well. `ends`: there is a horizon.
pub(super) fn problems(job: &Job, places: &Places, machine: &Machine, ends: bool) -> Vec<Problem> {
    let mut problems = Vec::new();
    if job.workload.arrives() && job.workload.count().is_none() && !ends {
        problems.push(
            Problem::new(format!("the workload `{}` never ends: its tasks arrive for ever", job.name))
                .at(places.arrivals, "no last arrival")
                .help("give `run.horizon`, such as \"60 s\", or a `count` of tasks"),
        );
    }
    if !job.workload.uses_cores() {
        return problems;
    }
    let (first, last) = job.on;
    problems.extend(job.workload.service().and_then(|service| replicas(job, service, places)));
    let within = |from: u32, to: u32| (from.max(first), to.min(last));
    for kind in job.workload.kinds() {
        let task = kind.name.as_ref().map_or("a task".to_owned(), |name| format!("the task `{name}`"));
        let (from, to) = kind.pin.map_or((first, last), |(from, to)| within(from, to));
        if from >= to {
            let what = format!("{task} of `{}` is pinned to cores that the workload may not use", job.name);
            let on = format!("`on` gives it the cores from {first} to {}", last.saturating_sub(1));
            problems.push(Problem::new(what).at(places.pin, "outside of `on`").help(on));
            continue;
        }
        if kind.cores <= 1 {
            continue;
        }
        // A task stays within a node: what counts is the most that one node gives it.
        let most = machine
            .nodes
            .iter()
            .map(|node| {
                let (a, b) = (node.cores.0.index() as u32, node.cores.1.index() as u32);
                b.min(to).saturating_sub(a.max(from))
            })
            .max()
            .unwrap_or(0);
        if kind.cores > most {
            let what = format!(
                "{task} of `{}` wants {} cores of one node, but no node gives it more than {}",
                job.name,
                count(kind.cores.into()),
                count(most.into())
            );
            problems.push(
                Problem::new(what)
                    .at(places.cores, "more than any node has")
                    .help("a task of several cores stays within one node"),
            );
        }
    }
    problems
}
