//! Lifelines: cores that have given up asking are given work by their neighbours.

use super::thief::Doing;
use super::world::World;
use crate::engine::Queue;
use crate::ids::CoreId;
use crate::record::{Recorder, State};
use crate::time::Time;

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// A thief waits until it is given something over one of its lifelines.
    pub fn hang(&mut self, core: CoreId, now: Time) {
        self.rest_as(core, Doing::Hangs, now);
        let stealing = self.steal();
        let (Some(lines), (from, to)) = (stealing.lifelines, stealing.on) else { return };
        let own = stealing.at(core) as u32;
        for neighbour in lines.of(own, to - from) {
            let hangers = &mut stealing.hangers[neighbour as usize];
            if !hangers.contains(&core) {
                hangers.push(core);
            }
            if stealing.deques.len(CoreId::new((from + neighbour) as usize)) > 0 {
                stealing.givers.push(CoreId::new((from + neighbour) as usize));
            }
        }
    }

    /// A core shares what its deque holds with those that hang on it, in the order in which they asked.
    pub fn give(&mut self, giver: CoreId, now: Time, queue: &mut Queue) {
        let at = self.steal().at(giver);
        while self.steal().deques.len(giver) > 0 && !self.steal().hangers[at].is_empty() {
            let core = self.steal().hangers[at].remove(0);
            if self.steal().thief(core).doing != Doing::Hangs || !self.free.contains(core) {
                continue;
            }
            self.steal().take(core, giver);
            let thief = self.steal().thief(core);
            (thief.victim, thief.began, thief.given) = (giver, now, true);
            if self.is_far(core, giver) {
                self.act_as(core, Doing::Fetches, State::Communicate, now);
                self.hand_over(core, giver, now, queue);
            } else {
                self.receive(core, now, queue);
            }
        }
    }
}
