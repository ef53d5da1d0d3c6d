//! What becomes of deques and thieves when cores go down.

use super::alarm::Event;
use super::message::Cargo;
use super::thief::Doing;
use super::world::World;
use crate::engine::Queue;
use crate::ids::{CoreId, TaskId};
use crate::record::Recorder;
use crate::time::Time;

/// Which messages a thief waits for: its request, or the answer.
fn of_thief(thief: CoreId) -> impl Fn(Cargo) -> bool {
    move |cargo| matches!(cargo, Cargo::Request(core) | Cargo::Loot(core) if core == thief)
}

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// Whether `core` keeps a deque.
    fn has_deque(&self, core: CoreId) -> bool {
        self.stealing.as_ref().is_some_and(|stealing| stealing.covers(core))
    }

    /// A core goes down: it looks for work no more, and what was on its way to it is decided anew.
    pub fn stop_thief(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        if !self.has_deque(core) {
            return;
        }
        let thief = self.steal().thief(core);
        let doing = std::mem::replace(&mut thief.doing, Doing::Nothing);
        let loot = std::mem::take(&mut thief.loot);
        queue.clear(Event::Steal(core).into());
        if matches!(doing, Doing::Asks | Doing::Fetches) {
            self.recall(of_thief(core), now, queue);
        }
        if std::mem::take(&mut self.cores[core.index()].thief) {
            self.update_free(core);
        }
        self.decide_anew(loot, now);
    }

    /// All know that a core is down: what its deque holds is decided anew.
    pub fn empty_deque(&mut self, core: CoreId, now: Time) {
        if !self.has_deque(core) {
            return;
        }
        let mut held = Vec::new();
        while let Some(task) = self.steal().pop(core) {
            held.push(task);
        }
        self.decide_anew(held, now);
    }

    /// All know that cores are down: thieves wait no more for answers that can't come.
    pub fn give_up_waiting(&mut self, now: Time, queue: &mut Queue) {
        let Some(stealing) = &self.stealing else { return };
        let waits = |core: &CoreId| {
            let thief = &stealing.thieves[stealing.at(*core)];
            matches!(thief.doing, Doing::Asks | Doing::Fetches) && self.cores[thief.victim.index()].noticed
        };
        let (from, to) = stealing.on;
        let all: Vec<CoreId> = (from..to).map(|core| CoreId::new(core as usize)).filter(waits).collect();
        for core in all {
            let victim = self.steal().thief(core).victim;
            if self.targets.node_is_down(self.cores[victim.index()].node) {
                self.recall(of_thief(core), now, queue);
                self.get_nothing(core, now, queue);
            }
        }
    }

    /// An attempt has come to nothing on its way.
    pub fn get_nothing(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        let loot = std::mem::take(&mut self.steal().thief(core).loot);
        self.decide_anew(loot, now);
        if !self.failed(core, now, queue) {
            self.seek(core, now, queue);
        }
    }

    /// Tasks that waited in a deque, or were on their way to one, are placed again as if they came from outside.
    fn decide_anew(&mut self, tasks: Vec<TaskId>, now: Time) {
        for task in tasks {
            self.totals.waits(now, -1);
            self.make_ready(task, None, now);
        }
    }
}
