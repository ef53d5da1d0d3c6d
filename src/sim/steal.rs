//! Cores that have nothing to do take work from the deques of others.

use super::alarm::Event;
use super::message::Cargo;
use super::thief::{Doing, Stealing};
use super::world::World;
use crate::engine::Queue;
use crate::ids::{CoreId, TaskId};
use crate::policy::steal::Holders;
use crate::program::Home;
use crate::record::{Recorder, State, StealRow, Why};
use crate::time::{Span, Time};

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// The stealing jobs' state, of which this is only asked where there is one.
    #[inline]
    pub fn steal(&mut self) -> &mut Stealing {
        self.stealing.as_mut().expect("only jobs that steal ask for deques")
    }

    /// Puts a ready task at the near end of the deque of `core`.
    pub fn push_deque(&mut self, core: CoreId, task: TaskId) {
        self.steal().push(core, task);
        if self.free.contains(core) {
            self.touched.push(core);
        }
    }

    /// A core that is free looks into its own deque, then becomes a thief.
    pub fn look_for_work(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        let stealing = self.steal();
        if let Some(task) = stealing.pop(core) {
            return self.start_queued(core, task, now, queue);
        }
        let thief = stealing.thief(core);
        if thief.doing == Doing::Nothing && self.cores[core.index()].down == 0 {
            let thief = self.steal().thief(core);
            (thief.since, thief.failures) = (now, 0);
            self.seek(core, now, queue);
        }
    }

    /// `core`, which is free or has just ended a task, starts a task that was in a deque.
    #[inline]
    pub fn start_queued(&mut self, core: CoreId, task: TaskId, now: Time, queue: &mut Queue) {
        self.tasks.get_going(task, core);
        self.load_taken(task, now);
        // A node of a tree that goes on behind a spawn was started before.
        if self.tasks[task].start == Time::NEVER || !self.goes_on(task) {
            self.take_cores(task, now);
        } else {
            self.occupy(task, now);
        }
        self.state_start(task, now);
        if self.tasks[task].status != super::tasks::Status::Lost {
            self.fetch_inputs(task, now, queue);
        }
    }

    /// States that a core takes a task from its own deque, once it no longer waits.
    #[inline]
    fn state_start(&mut self, task: TaskId, now: Time) {
        if R::ACTIVE {
            self.state_choice(now, task, self.tasks[task].core, Why::Own);
        }
    }

    /// A thief begins its next attempt, or waits for better times.
    pub fn seek(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        loop {
            let stealing = self.steal();
            let (failures, alone) = (stealing.thief(core).failures, stealing.on.1 - stealing.on.0 == 1);
            if let Some(lines) = stealing.lifelines {
                let asked = failures.saturating_sub(lines.tries) as usize;
                let own = stealing.at(core) as u32;
                let mut neighbours = lines.of(own, stealing.on.1 - stealing.on.0);
                if alone
                    || stealing.deques.count() == 0
                    || (failures >= lines.tries && neighbours.nth(asked).is_none())
                {
                    return self.hang(core, now);
                }
            } else if alone || stealing.deques.count() == 0 {
                return self.sleep(core, now);
            } else if failures >= stealing.tries {
                return self.rest_as(core, Doing::GaveUp, now);
            }
            let victim = self.choose(core);
            let stealing = self.steal();
            stealing.tally.attempts += 1;
            let cost = stealing.cost;
            let thief = stealing.thief(core);
            (thief.victim, thief.began, thief.given) = (victim, now, false);
            if cost > Span::ZERO {
                self.act_as(core, Doing::Pays, State::Schedule, now);
                return queue.set(Event::Steal(core).into(), now + cost);
            }
            if self.is_far(core, victim) && !self.cores[victim.index()].noticed {
                return self.ask(core, now, queue);
            }
            if self.steal().take(core, victim) > 0 {
                return self.receive(core, now, queue);
            }
            if self.failed(core, now, queue) {
                return;
            }
        }
    }

    /// Whom a thief tries now.
    fn choose(&mut self, core: CoreId) -> CoreId {
        let stealing = self.steal();
        let failures = stealing.thief(core).failures;
        let own = stealing.at(core) as u32;
        match stealing.lifelines {
            _ if stealing.free => stealing.victims.find(core, &stealing.deques),
            Some(lines) if failures >= lines.tries => {
                let (from, to) = stealing.on;
                let at = lines.of(own, to - from).nth((failures - lines.tries) as usize);
                CoreId::new((from + at.unwrap_or(own)) as usize)
            }
            _ => stealing.victims.try_next(core, failures),
        }
    }

    /// Whether what passes between two cores takes a message.
    pub fn is_far(&self, one: CoreId, other: CoreId) -> bool {
        self.scenario.network.is_some() && self.cores[one.index()].node != self.cores[other.index()].node
    }

    /// An attempt has been paid for, or the wait before the next one is over.
    pub fn on_steal(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        let thief = self.steal().thief(core);
        let victim = thief.victim;
        match thief.doing {
            Doing::BacksOff => return self.seek(core, now, queue),
            Doing::Pays => {}
            // It has got work by other means.
            _ => return,
        }
        // Who is known to be down is not asked.
        if self.is_far(core, victim) && !self.cores[victim.index()].noticed {
            return self.ask(core, now, queue);
        }
        if self.steal().take(core, victim) > 0 {
            self.receive(core, now, queue);
        } else if !self.failed(core, now, queue) {
            self.seek(core, now, queue);
        }
    }

    /// A thief sends a request to its victim.
    fn ask(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        self.act_as(core, Doing::Asks, State::Communicate, now);
        let victim = self.steal().thief(core).victim;
        let (from, to) = (self.cores[core.index()].node, self.cores[victim.index()].node);
        self.send(Cargo::Request(core), from, to, 0.0, 1.0, now, queue);
    }

    /// A request is there: what the victim has sets out, or word that it has nothing.
    pub fn on_request(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        let victim = self.steal().thief(core).victim;
        self.steal().take(core, victim);
        self.hand_over(core, victim, now, queue);
    }

    /// What a thief has taken sets out to it, with the data that lie where it was.
    pub fn hand_over(&mut self, core: CoreId, victim: CoreId, now: Time, queue: &mut Queue) {
        self.steal().thief(core).doing = Doing::Fetches;
        let (from, to) = (self.cores[victim.index()].node, self.cores[core.index()].node);
        let loot = std::mem::take(&mut self.steal().thief(core).loot);
        let mut bytes = 0.0;
        for task in &loot {
            if let Some(home) = self.tasks.home(*task).filter(|home| home.node == from) {
                bytes += home.bytes;
                self.tasks.set_home(*task, Some(Home { node: to, ..home }));
            }
        }
        self.steal().thief(core).loot = loot;
        self.steal().tally.bytes += bytes;
        self.send(Cargo::Loot(core), from, to, bytes, 1.0, now, queue);
    }

    /// The answer of a victim is there.
    pub fn on_loot(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        if !self.steal().thief(core).loot.is_empty() {
            self.receive(core, now, queue);
        } else if !self.failed(core, now, queue) {
            self.seek(core, now, queue);
        }
    }

    /// A thief has what it took: it puts it into its own deque, as it lay in the other, and starts at its end.
    pub fn receive(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        let mut loot = std::mem::take(&mut self.steal().thief(core).loot);
        let deepest = loot.iter().filter_map(|task| self.depth(*task));
        let depth = deepest.fold((0, 0), |(sum, count), depth| (sum + u64::from(depth), count + 1));
        let stealing = self.steal();
        let thief = stealing.thief(core);
        let (victim, since, began, given) = (thief.victim, thief.since, thief.began, thief.given);
        (thief.doing, thief.failures) = (Doing::Nothing, 0);
        let tally = &mut stealing.tally;
        tally.successes += 1;
        tally.tasks += loot.len() as u64;
        tally.depth = (tally.depth.0 + depth.0, tally.depth.1 + depth.1);
        tally.delay += u128::from((now - since).ticks());
        stealing.victims.took(core, victim);
        self.digest.fact(now, super::fact::STOLEN, core.index() as u64, victim.index() as u64);
        if R::ACTIVE {
            self.recorder.steal(&StealRow {
                thief: core,
                victim,
                tasks: loot.len() as u32,
                began,
                since,
                at: now,
            });
        }
        let why = if given { Why::Given(victim) } else { Why::Stolen(victim) };
        for task in loot.drain(..) {
            self.state_choice(now, task, core, why);
            self.steal().push(core, task);
        }
        self.steal().thief(core).loot = loot;
        self.cores[core.index()].thief = false;
        if let Some(task) = self.steal().pop(core) {
            self.start_queued(core, task, now, queue);
        }
    }

    /// A thief has failed; true if it waits before it tries again.
    pub fn failed(&mut self, core: CoreId, now: Time, queue: &mut Queue) -> bool {
        let stealing = self.steal();
        let thief = stealing.thief(core);
        thief.failures = thief.failures.saturating_add(1);
        let failures = thief.failures;
        let Some(backoff) = stealing.backoff else { return false };
        self.rest_as(core, Doing::BacksOff, now);
        queue.set(Event::Steal(core).into(), now + backoff.wait(failures));
        true
    }

    /// A thief occupies its core with what it does.
    pub fn act_as(&mut self, core: CoreId, doing: Doing, state: State, now: Time) {
        self.steal().thief(core).doing = doing;
        if !std::mem::replace(&mut self.cores[core.index()].thief, true) {
            self.update_free(core);
        }
        if self.account.state(core) != state {
            self.enter(core, now, state);
        }
    }

    /// A thief does nothing, so that its core is free.
    pub fn rest_as(&mut self, core: CoreId, doing: Doing, now: Time) {
        self.steal().thief(core).doing = doing;
        if std::mem::take(&mut self.cores[core.index()].thief) {
            let rest = self.rest(core);
            self.enter(core, now, rest);
            self.update_free(core);
        }
    }

    /// A thief sleeps until any deque holds something.
    fn sleep(&mut self, core: CoreId, now: Time) {
        self.rest_as(core, Doing::Sleeps, now);
        let stealing = self.steal();
        if !std::mem::replace(&mut stealing.thief(core).listed, true) {
            stealing.sleepers.push_back(core);
        }
    }

    /// Deques hold something again: those who waited for it hear of it.
    pub fn rouse(&mut self, now: Time, queue: &mut Queue) {
        while let Some(giver) = self.steal().givers.pop() {
            self.give(giver, now, queue);
        }
        while self.steal().deques.count() > 0 {
            let stealing = self.steal();
            let Some(core) = stealing.sleepers.pop_front() else { return };
            let thief = stealing.thief(core);
            thief.listed = false;
            if thief.doing == Doing::Sleeps && self.free.contains(core) {
                self.seek(core, now, queue);
            }
        }
    }

    /// At the start all cores look for work.
    pub fn start_thieves(&mut self, now: Time, queue: &mut Queue) {
        let Some(stealing) = &self.stealing else { return };
        for core in (stealing.on.0..stealing.on.1).map(|core| CoreId::new(core as usize)) {
            self.look_for_work(core, now, queue);
        }
    }
}
