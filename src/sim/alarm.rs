//! What can be pending in the simulation, in the order in which it happens within an instant.

use crate::engine::Alarm;
use crate::ids::CoreId;

/// Something that is set to happen. The order of the variants is the order of classes within an instant: ends before
/// arrivals of messages, releases, repairs, faults and timers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Event {
    /// The phase on a core ends.
    Phase(CoreId),
    /// The first of the tasks that share cores end what they are at.
    Shared(u32),
    /// The earliest of the phases that share memory end.
    Memory,
    /// The earliest of the messages that share links have sent their last byte.
    Network,
    /// A core has got its task from the dispatcher.
    Dispatched(CoreId),
    /// A thief has paid for an attempt, or its wait before the next one is over.
    Steal(CoreId),
    /// The agent of a core has taken its time to ask another, or to wait.
    Probe(CoreId),
    /// A job's checkpoint is complete.
    Checkpointed(u32),
    /// A job has gone back to where it goes on from.
    Restarted(u32),
    /// A message enters the network, or arrives.
    Message(u32),
    /// A job's next task is released.
    Release(u32),
    /// A request that isn't done gets a copy.
    Hedge(u32),
    /// A target is repaired, or at its old speed again.
    Repair(u32),
    /// A target fails.
    Fault(u32),
    /// Others notice that a target has failed.
    Notice(u32),
    /// The speed of cores changes as the machine's script says.
    Script(u32),
    /// A job's next checkpoint is due.
    Checkpoint(u32),
    /// The warm-up is over.
    Warm,
    /// The turn of a core's task is over.
    Turn(CoreId),
    /// The tasks of a job go back to the highest level.
    Boost(u32),
    /// The cores of a group exchange their loads, or tasks move by what they were.
    Rebalance(u32),
    /// A dispatcher has served a task.
    Assigned(u32),
}

/// The number of kinds of events.
pub(super) const KINDS: u8 = 22;

impl From<Event> for Alarm {
    #[inline]
    fn from(event: Event) -> Self {
        let core = |core: CoreId| core.index() as u32;
        match event {
            Event::Phase(at) => Alarm::new(0, core(at)),
            Event::Shared(commons) => Alarm::new(1, commons),
            Event::Memory => Alarm::new(2, 0),
            Event::Network => Alarm::new(3, 0),
            Event::Dispatched(at) => Alarm::new(4, core(at)),
            Event::Steal(at) => Alarm::new(5, core(at)),
            Event::Probe(at) => Alarm::new(6, core(at)),
            Event::Checkpointed(job) => Alarm::new(7, job),
            Event::Restarted(job) => Alarm::new(8, job),
            Event::Message(message) => Alarm::new(9, message),
            Event::Release(job) => Alarm::new(10, job),
            Event::Hedge(request) => Alarm::new(11, request),
            Event::Repair(target) => Alarm::new(12, target),
            Event::Fault(target) => Alarm::new(13, target),
            Event::Notice(target) => Alarm::new(14, target),
            Event::Script(change) => Alarm::new(15, change),
            Event::Checkpoint(job) => Alarm::new(16, job),
            Event::Warm => Alarm::new(17, 0),
            Event::Turn(at) => Alarm::new(18, core(at)),
            Event::Boost(job) => Alarm::new(19, job),
            Event::Rebalance(group) => Alarm::new(20, group),
            Event::Assigned(dispatcher) => Alarm::new(21, dispatcher),
        }
    }
}

impl From<Alarm> for Event {
    #[inline]
    fn from(alarm: Alarm) -> Self {
        let entity = alarm.entity();
        let core = CoreId::new(entity as usize);
        match alarm.kind() {
            0 => Event::Phase(core),
            1 => Event::Shared(entity),
            2 => Event::Memory,
            3 => Event::Network,
            4 => Event::Dispatched(core),
            5 => Event::Steal(core),
            6 => Event::Probe(core),
            7 => Event::Checkpointed(entity),
            8 => Event::Restarted(entity),
            9 => Event::Message(entity),
            10 => Event::Release(entity),
            11 => Event::Hedge(entity),
            12 => Event::Repair(entity),
            13 => Event::Fault(entity),
            14 => Event::Notice(entity),
            15 => Event::Script(entity),
            16 => Event::Checkpoint(entity),
            17 => Event::Warm,
            18 => Event::Turn(core),
            19 => Event::Boost(entity),
            20 => Event::Rebalance(entity),
            21 => Event::Assigned(entity),
            kind => unreachable!("no event has kind {kind}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_event_survives_the_queue() {
        for kind in 0..KINDS {
            let alarm = Alarm::new(kind, if matches!(kind, 2 | 3 | 17) { 0 } else { 7 });
            assert_eq!(Alarm::from(Event::from(alarm)), alarm);
        }
    }
}
