//! Probes: the agents of cores that have too much or too little ask others, one by one.

use super::alarm::Event;
use super::balancer::{Doing, Method};
use super::message::Cargo;
use super::migrate::Transit;
use super::world::World;
use crate::engine::Queue;
use crate::ids::CoreId;
use crate::policy::rebalance::{Measure, Side, draw};
use crate::record::Recorder;
use crate::time::{Span, Time};

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// A task of `job` has come to the queue of a core.
    pub fn note_arrival(&mut self, job: usize, core: CoreId) {
        let Some(balancing) = &mut self.balancing else { return };
        if self.jobs[job].group.is_none() {
            return;
        }
        balancing.due.push(core);
        if let Some((probers, at)) = balancing.probers(core)
            && probers.rules.side == Side::Sender
        {
            probers.agents[at].wanted += 1;
        }
    }

    /// A task of a core has ended.
    #[inline]
    pub fn note_end(&mut self, core: CoreId) {
        if let Some(balancing) = &mut self.balancing
            && let Some((probers, at)) = balancing.probers(core)
            && probers.rules.side == Side::Receiver
        {
            probers.agents[at].wanted = 1;
            balancing.due.push(core);
        }
    }

    /// A core is back: it may have too little, and loads change again.
    pub fn note_back(&mut self, core: CoreId) {
        self.note_end(core);
        if let Some(balancing) = &mut self.balancing {
            balancing.due.push(core);
        }
    }

    /// Agents see to what has happened to their cores.
    pub fn serve_agents(&mut self, now: Time, queue: &mut Queue) {
        let Some(balancing) = &mut self.balancing else { return };
        let mut due = std::mem::take(&mut balancing.due);
        due.sort_unstable();
        due.dedup();
        for core in due.drain(..) {
            self.see_to(core, now, queue);
        }
        // What has moved meanwhile is nothing new to see to.
        if let Some(balancing) = &mut self.balancing {
            balancing.due.clear();
            balancing.due = due;
        }
    }

    fn see_to(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        let Some(balancing) = &mut self.balancing else { return };
        let Some(group) = balancing.of(core) else { return };
        let members = &mut balancing.groups[group];
        let (at, first) = (members.at(core), members.on.0 as usize);
        match &mut members.method {
            Method::Rounds(_) => self.arm_round(group, now, queue),
            Method::Probes(probers) => {
                if let Some(again) = probers.rules.again.filter(|_| !probers.sleepers.is_empty()) {
                    for sleeper in std::mem::take(&mut probers.sleepers) {
                        let agent = &mut probers.agents[sleeper.index() - first];
                        agent.listed = false;
                        if agent.doing == Doing::Sleeps {
                            agent.doing = Doing::Waits;
                            queue.set(Event::Probe(sleeper).into(), now + again);
                        }
                    }
                }
                let agent = &mut probers.agents[at];
                if agent.wanted > 0 && matches!(agent.doing, Doing::Waits | Doing::Sleeps) {
                    agent.doing = Doing::Nothing;
                    queue.clear(Event::Probe(core).into());
                }
                self.attempt(core, now, queue);
            }
        }
    }

    /// The load of a core as its group measures it.
    pub fn measured(&self, measure: Measure, core: CoreId, now: Time) -> f64 {
        let load = &self.loads[core.index()];
        match measure {
            Measure::Tasks => f64::from(load.tasks),
            Measure::Expected | Measure::Work => {
                let served = load.busy_until.ticks().saturating_sub(now.ticks());
                load.queued.ticks() as f64 / load.speed + served as f64
            }
        }
    }

    /// Whether the agent of a core still has a reason to ask, as things are.
    fn wants(&mut self, core: CoreId, now: Time) -> bool {
        let Some((load, rules)) = self.load_and_rules(core, now) else { return false };
        self.cores[core.index()].down == 0 && rules.wants(load)
    }

    /// Whether a core is what those who ask it look for.
    fn suits(&mut self, core: CoreId, now: Time) -> bool {
        let Some((load, rules)) = self.load_and_rules(core, now) else { return false };
        !self.cores[core.index()].noticed && rules.suits(load)
    }

    fn load_and_rules(
        &mut self,
        core: CoreId,
        now: Time,
    ) -> Option<(f64, crate::policy::rebalance::Probing)> {
        let rules = self.balancing.as_mut()?.probers(core)?.0.rules;
        Some((self.measured(rules.measure, core, now), rules))
    }

    /// The agent of a core makes the attempts that it is yet to make, one after another.
    pub fn attempt(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        loop {
            let wants = self.wants(core, now);
            let Some((probers, at)) = self.balancing.as_mut().and_then(|balancing| balancing.probers(core))
            else {
                return;
            };
            let agent = &mut probers.agents[at];
            if agent.doing != Doing::Nothing || agent.wanted == 0 {
                return;
            }
            if !wants {
                agent.wanted = 0;
                return;
            }
            agent.wanted -= 1;
            (agent.left, agent.began) = (probers.rules.probes, now);
            agent.tried.clear();
            agent.tried.push(at as u32);
            if !self.probe(core, now, queue) {
                return;
            }
        }
    }

    /// The agent of a core asks others until its attempt is over (true), or time must pass.
    fn probe(&mut self, core: CoreId, now: Time, queue: &mut Queue) -> bool {
        loop {
            if !self.wants(core, now) {
                return true;
            }
            let Some(balancing) = &mut self.balancing else { return true };
            let Some(group) = balancing.of(core) else { return true };
            let ((first, end), cost) = (balancing.groups[group].on, balancing.groups[group].cost);
            let Some((probers, at)) = balancing.probers(core) else { return true };
            let agent = &mut probers.agents[at];
            let next =
                if agent.left > 0 { draw(end - first, &mut agent.tried, &mut probers.choices) } else { None };
            let Some(next) = next else {
                self.in_vain(core, now, queue);
                return true;
            };
            agent.left -= 1;
            agent.peer = CoreId::new((first + next) as usize);
            if cost > Span::ZERO {
                agent.doing = Doing::Probes;
                balancing.tally.probes += 1;
                queue.set(Event::Probe(core).into(), now + cost);
                return false;
            }
            balancing.tally.probes += 1;
            if self.sends_question(core, now, queue) {
                return false;
            }
            if let Some(over) = self.looks(core, now, queue) {
                return over;
            }
        }
    }

    /// The time for a probe, or a wait, is over.
    pub fn on_probe(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        let Some(agent) = self.balancing.as_mut().and_then(|balancing| balancing.agent(core)) else { return };
        match std::mem::replace(&mut agent.doing, Doing::Nothing) {
            Doing::Waits => {
                agent.wanted = 1;
                self.attempt(core, now, queue);
            }
            Doing::Probes if self.sends_question(core, now, queue) => {}
            Doing::Probes => match self.looks(core, now, queue) {
                Some(true) => self.attempt(core, now, queue),
                Some(false) => {}
                None => self.asks_next(core, now, queue),
            },
            other => unreachable!("an agent that is about {other:?} waits for no alarm"),
        }
    }

    /// An attempt goes on after a probe that was of no use.
    fn asks_next(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        if self.probe(core, now, queue) {
            self.attempt(core, now, queue);
        }
    }

    /// Sends a message to ask a core on another node, unless all know that it is down.
    fn sends_question(&mut self, core: CoreId, now: Time, queue: &mut Queue) -> bool {
        let Some(agent) = self.balancing.as_mut().and_then(|balancing| balancing.agent(core)) else {
            return false;
        };
        let peer = agent.peer;
        if !self.is_far(core, peer) || self.cores[peer.index()].noticed {
            return false;
        }
        self.now_does(core, Doing::Asks);
        let (from, to) = (self.cores[core.index()].node, self.cores[peer.index()].node);
        self.send(Cargo::Question(core), from, to, 0.0, 1.0, now, queue);
        true
    }

    fn now_does(&mut self, core: CoreId, doing: Doing) {
        if let Some(agent) = self.balancing.as_mut().and_then(|balancing| balancing.agent(core)) {
            agent.doing = doing;
        }
    }

    /// The agent of a core looks at the core that it asks, and takes what it can: none if that is of no use, else whether
    /// the attempt is over.
    fn looks(&mut self, core: CoreId, now: Time, queue: &mut Queue) -> Option<bool> {
        let (probers, at) = self.balancing.as_mut()?.probers(core)?;
        let (peer, side) = (probers.agents[at].peer, probers.rules.side);
        if !self.suits(peer, now) {
            return None;
        }
        let (from, to) = if side == Side::Sender { (core, peer) } else { (peer, core) };
        let far = self.moves_one(core, from, to, now, queue)?;
        if far && side == Side::Receiver {
            self.now_does(core, Doing::Fetches);
            return Some(false);
        }
        Some(true)
    }

    /// Moves a task because the agent of `core` wants it so: whether a message takes it there, or none if there is no task
    /// that may go.
    fn moves_one(
        &mut self,
        core: CoreId,
        from: CoreId,
        to: CoreId,
        now: Time,
        queue: &mut Queue,
    ) -> Option<bool> {
        let balancing = self.balancing.as_mut()?;
        let group = balancing.of(core)?;
        let reason = balancing.groups[group].reason;
        let began = balancing.agent(core)?.began;
        let task = self.take_last(group, from, to)?;
        self.assign_to(task, from, to, reason, now);
        Some(self.set_off(Transit { tasks: vec![task], from, to, began }, now, queue))
    }

    /// A question has reached the node of the core that is asked: a task sets out for who asked for one, else an answer.
    pub fn on_question(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        let Some((probers, at)) = self.balancing.as_mut().and_then(|balancing| balancing.probers(core))
        else {
            return;
        };
        let (peer, side) = (probers.agents[at].peer, probers.rules.side);
        let suits = self.suits(peer, now);
        if side == Side::Receiver && suits && self.moves_one(core, peer, core, now, queue).is_some() {
            return self.now_does(core, Doing::Fetches);
        }
        if let Some(agent) = self.balancing.as_mut().and_then(|balancing| balancing.agent(core)) {
            agent.answer = suits && side == Side::Sender;
        }
        let (from, to) = (self.cores[peer.index()].node, self.cores[core.index()].node);
        self.send(Cargo::Answer(core), from, to, 0.0, 1.0, now, queue);
    }

    /// The answer to a question has come back.
    pub fn on_answer(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        let Some(agent) = self.balancing.as_mut().and_then(|balancing| balancing.agent(core)) else { return };
        agent.doing = Doing::Nothing;
        let (yes, peer) = (agent.answer, agent.peer);
        let goes = yes && self.wants(core, now) && !self.cores[peer.index()].noticed;
        if goes && self.moves_one(core, core, peer, now, queue).is_some() {
            self.attempt(core, now, queue);
        } else {
            self.asks_next(core, now, queue);
        }
    }

    /// An attempt was in vain: where the scenario says so, another follows later, as long as anything waits and anything
    /// happens.
    fn in_vain(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        let alive = self.totals.waiting() > 0 && (self.totals.running() > 0 || !self.touched.is_empty());
        let Some((probers, at)) = self.balancing.as_mut().and_then(|balancing| balancing.probers(core))
        else {
            return;
        };
        let Some(again) = probers.rules.again else { return };
        let agent = &mut probers.agents[at];
        agent.wanted = 0;
        if alive {
            agent.doing = Doing::Waits;
            return queue.set(Event::Probe(core).into(), now + again);
        }
        agent.doing = Doing::Sleeps;
        if !std::mem::replace(&mut agent.listed, true) {
            probers.sleepers.push(core);
        }
    }

    /// A core goes down: its agent asks no more.
    pub fn stop_agent(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        let Some(agent) = self.balancing.as_mut().and_then(|balancing| balancing.agent(core)) else { return };
        let doing = std::mem::replace(&mut agent.doing, Doing::Nothing);
        agent.wanted = 0;
        queue.clear(Event::Probe(core).into());
        if doing == Doing::Asks {
            let mine =
                |cargo| matches!(cargo, Cargo::Question(asker) | Cargo::Answer(asker) if asker == core);
            self.recall(mine, now, queue);
        }
    }

    /// All know that cores are down: nobody waits for their answers any more.
    pub fn give_up_asking(&mut self, now: Time, queue: &mut Queue) {
        let Some(balancing) = &self.balancing else { return };
        let mut all = Vec::new();
        for group in &balancing.groups {
            let Method::Probes(probers) = &group.method else { continue };
            let waits = |agent: &&super::balancer::Agent| {
                let peer = &self.cores[agent.peer.index()];
                agent.doing == Doing::Asks && peer.noticed && self.targets.node_is_down(peer.node)
            };
            let cores = (group.on.0..).zip(&probers.agents).filter(|(_, agent)| waits(agent));
            all.extend(cores.map(|(core, _)| CoreId::new(core as usize)));
        }
        for core in all {
            let mine =
                |cargo| matches!(cargo, Cargo::Question(asker) | Cargo::Answer(asker) if asker == core);
            self.recall(mine, now, queue);
            self.hears_nothing(core, now, queue);
        }
    }

    /// No answer will come.
    pub fn hears_nothing(&mut self, core: CoreId, now: Time, queue: &mut Queue) {
        self.now_does(core, Doing::Nothing);
        self.asks_next(core, now, queue);
    }
}
