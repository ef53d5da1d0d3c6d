//! Messages that nodes going down stop: they are lost, set out again when the way is open, or are given up.

use super::alarm::Event;
use super::message::{Cargo, Copy, Leg};
use super::tasks::Status;
use super::world::World;
use crate::engine::Queue;
use crate::ids::{NodeId, TaskId};
use crate::record::Recorder;
use crate::time::Time;

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// Loses every message from, to or through a node that has just gone down. They wait for it to come back.
    pub fn lose_messages(&mut self, node: NodeId, now: Time, queue: &mut Queue) {
        let Some(network) = &self.scenario.network else { return };
        for slot in 0..self.messages.slots.len() as u32 {
            let message = &self.messages.slots[slot as usize];
            let under_way = message.alive && message.leg != Leg::Stalled;
            if !under_way || !self.messages.passes(slot, network, |passed| passed == node) {
                continue;
            }
            self.stop_message(slot, now, queue);
        }
    }

    /// Stops a message that is under way.
    fn stop_message(&mut self, slot: u32, now: Time, queue: &mut Queue) {
        let message = &self.messages.slots[slot as usize];
        self.digest.fact(now, super::fact::DIED, message.from.index() as u64, message.to.index() as u64);
        if let (Leg::Bytes(flow), Some(shared)) = (message.leg, &mut self.messages.shared) {
            shared.cancel(now, flow);
        }
        queue.clear(Event::Message(slot).into());
        self.state_message(slot, now, false);
        self.messages.slots[slot as usize].leg = Leg::Stalled;
    }

    /// A task waits for nothing any more. What was sent for it alone goes no further: it will ask again.
    pub fn forget_inputs(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        for slot in 0..self.messages.slots.len() as u32 {
            let message = &mut self.messages.slots[slot as usize];
            message.waiters.retain(|waiter| *waiter != task);
            if !message.alive || message.cargo != Cargo::Home(task) {
                continue;
            }
            if message.leg != Leg::Stalled {
                self.stop_message(slot, now, queue);
            }
            self.messages.slots[slot as usize].alive = false;
            self.messages.free.push(slot);
        }
    }

    /// Messages that nobody waits for any more go no further.
    pub fn recall(&mut self, which: impl Fn(Cargo) -> bool, now: Time, queue: &mut Queue) {
        for slot in 0..self.messages.slots.len() as u32 {
            let message = &self.messages.slots[slot as usize];
            if !message.alive || !which(message.cargo) {
                continue;
            }
            if message.leg != Leg::Stalled {
                self.stop_message(slot, now, queue);
            }
            self.messages.slots[slot as usize].alive = false;
            self.messages.free.push(slot);
        }
    }

    /// A node is back: messages that waited set out again, unless they wait for another one.
    pub fn resend_messages(&mut self, now: Time, queue: &mut Queue) {
        for slot in 0..self.messages.slots.len() as u32 {
            let message = &self.messages.slots[slot as usize];
            if message.alive && message.leg == Leg::Stalled {
                self.set_out(slot, now, queue);
            }
        }
    }

    /// The tasks that can never have their inputs, or transfers that can never arrive, because a node on the way of
    /// their message is known to be down for good.
    /// What else waits for messages that are lost for ever goes to `others`.
    fn undeliverable(&mut self, others: &mut Vec<Cargo>) -> Vec<TaskId> {
        let mut doomed = Vec::new();
        let Some(network) = &self.scenario.network else { return doomed };
        for slot in 0..self.messages.slots.len() {
            let message = &self.messages.slots[slot];
            let waits = message.alive && message.leg == Leg::Stalled;
            if !waits || !self.messages.passes(slot as u32, network, |node| self.is_known_gone(node)) {
                continue;
            }
            let message = &mut self.messages.slots[slot];
            message.alive = false;
            doomed.append(&mut message.waiters);
            match message.cargo {
                Cargo::Transfer(task) => doomed.push(task),
                Cargo::Datum(job, datum) => {
                    let coming = Copy::Coming(message.to, slot as u32);
                    self.messages.copies(job, datum).retain(|copy| *copy != coming);
                }
                Cargo::Home(_) => {}
                other => others.push(other),
            }
            self.messages.free.push(slot as u32);
        }
        doomed.sort_unstable();
        doomed.dedup();
        doomed
    }

    /// Fails the tasks whose messages can never arrive.
    pub fn fail_undeliverable(&mut self, now: Time, queue: &mut Queue) {
        let mut others = Vec::new();
        for task in self.undeliverable(&mut others) {
            // With another part of its request it may have gone already.
            if self.tasks[task].status == Status::Ended {
                continue;
            }
            if self.tasks[task].has_cores() {
                self.halt_task(task, now, queue);
                self.give_up_cores(task, now);
            }
            self.fail_task(task, now, queue);
        }
        for cargo in others {
            match cargo {
                Cargo::Request(core) | Cargo::Loot(core) => self.get_nothing(core, now, queue),
                Cargo::Question(core) | Cargo::Answer(core) => self.hears_nothing(core, now, queue),
                Cargo::Moved(transit) => self.lose_transit(transit, now, queue),
                Cargo::Datum(..) | Cargo::Home(_) | Cargo::Transfer(_) => {}
            }
        }
    }

    /// Whether all know that a node will never be up again.
    pub fn is_known_gone(&self, node: NodeId) -> bool {
        let first = self.scenario.machine.nodes[node.index()].cores.0;
        self.targets.node_is_gone(node) && self.cores[first.index()].noticed
    }
}
