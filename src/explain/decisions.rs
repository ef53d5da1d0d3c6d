//! Decisions and what follows from them, a sentence each.

use crate::policy::{Queues, Schedule};
use crate::record::{Fate, Marker, Step, Why};
use crate::scenario::Scenario;

/// The sentence of a step, in which `{core}` stands for a core, `{task}` for a task, `{from}` for the core from which it comes
/// and `{others}` for how many tasks wait beside it.
///
/// ```
/// use makespan::explain::decisions::task_ended;
/// use makespan::record::Fate;
/// assert_eq!(task_ended(Fate::Done), "{task} is done on {core}.");
/// ```
pub fn sentence(scenario: &Scenario, step: &Step) -> String {
    match step {
        Step::Choice(choice) => {
            let job = &scenario.jobs[choice.job as usize];
            let replica = job.workload.service().is_some_and(|service| service.cores > 1);
            chosen(job.schedule.as_ref().unwrap_or(&scenario.schedule), choice.why, replica)
        }
        Step::End(_, _, Some(_), fate) => task_ended(*fate).to_owned(),
        Step::End(_, _, None, fate) => task_ended(*fate).replace(" on {core}", ""),
        Step::Mark(marker) => marked(scenario, *marker),
    }
}

/// Why a core was chosen for a task; `replica`: or for a request a replica of several cores.
fn chosen(schedule: &Schedule, why: Why, replica: bool) -> String {
    let first = schedule.order().first();
    let deques = matches!(schedule.policy.queues(), Queues::Deques(_));
    match why {
        Why::Placed(reason) if deques => {
            format!("{{task}} goes into the deque of {{core}}: {}; {{others}}.", reason.describe().1)
        }
        Why::Placed(reason) if replica => format!(
            "{{task}} goes into the queue of the replica that begins with {{core}}: {}; {{others}}.",
            reason.describe().1.replace("that core's turn", "its turn")
        ),
        Why::Own if deques => "{core} takes {task} from its own deque; {others}.".to_owned(),
        Why::Stolen(_) => {
            "{core} has no work and takes {task} from the deque of {from}; {others}.".to_owned()
        }
        Why::Given(_) => {
            "{from} gives {task} to {core}, which had asked it over a lifeline; {others}.".to_owned()
        }
        Why::Placed(reason) => {
            format!("{{task}} goes into the queue of {{core}}: {}; {{others}}.", reason.describe().1)
        }
        Why::Moved(_, reason) => {
            format!(
                "{{task}} goes over from the queue of {{from}} to that of {{core}}: {}; {{others}}.",
                reason.describe().1
            )
        }
        Why::Shared => format!("{{core}} is free and takes {{task}}, {first}; {{others}}."),
        Why::Own => format!("{{core}} is free and takes {{task}} from its own queue, {first}; {{others}}."),
        Why::Together => "{task} begins at once on {core}, which it shares with all others there.".to_owned(),
        Why::Planned => {
            "{core} is free and takes {task}, which the plan has next there; {others}.".to_owned()
        }
        Why::Chunk => "{core} asks for a chunk of the loop and gets {task}.".to_owned(),
        Why::Interrupted => format!(
            "{{task}} loses {{core}} and waits on: its turn is over, or another is {first}; {{others}}."
        ),
        Why::Resumed => "{core} goes on with {task} from the last checkpoint.".to_owned(),
    }
}

/// What became of a task.
pub fn task_ended(fate: Fate) -> &'static str {
    match fate {
        Fate::Done => "{task} is done on {core}.",
        Fate::Failed => "{task} is lost on {core} and not run again.",
        Fate::Dropped => "{task} is dropped, since something it needs has failed.",
        Fate::Cancelled => "{task} is cancelled: its request no longer needs it.",
        Fate::Unfinished => "{task} is not finished on {core} when the run is cut off.",
    }
}

fn marked(scenario: &Scenario, marker: Marker) -> String {
    let of = |job: u32| match scenario.jobs.len() {
        1 => String::new(),
        _ => format!(" of “{}”", scenario.jobs[job as usize].name),
    };
    match marker {
        Marker::Crash(..) => "{core} stops: a fault.".to_owned(),
        Marker::Repair(..) => "{core} is back.".to_owned(),
        Marker::Speed(..) => "{core} changes speed.".to_owned(),
        Marker::Noticed(..) => "The scheduler notices that {core} stopped.".to_owned(),
        Marker::Checkpoint(job) => format!("The state{} is saved: a checkpoint.", of(job)),
        Marker::Rollback(job) => {
            format!("The work{} goes back to its last checkpoint, or its start.", of(job))
        }
    }
}
