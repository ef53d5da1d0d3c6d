//! The way of a message: it sets out, crosses links, and arrives; and what tasks need sets out for them.

use super::alarm::Event;
use super::message::{Cargo, Copy, Leg, Message};
use super::tasks::Status;
use super::world::World;
use crate::engine::Queue;
use crate::ids::{DatumId, NodeId, TaskId};
use crate::network::Contention;
use crate::program::Op;
use crate::program::graph::Graph;
use crate::record::{MessageRow, Recorder};
use crate::time::{Span, Time};

impl<R: Recorder, const RARE: bool> World<'_, R, RARE> {
    /// A task has its cores: it starts when its inputs are there.
    #[inline(always)]
    pub fn fetch_inputs(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        if !RARE || self.scenario.network.is_none() {
            self.begin(task, now, queue)
        } else {
            self.ask_for_inputs(task, now, queue)
        }
    }

    /// Sends for the inputs of a task that are not on the node of its cores.
    fn ask_for_inputs(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        let node = self.cores[self.tasks[task].core.index()].node;
        let mut awaiting = 0;
        // What has run on this node before has its data there.
        let last = self.tasks.resumes(task).map(|core| self.cores[core.index()].node);
        let home = self.tasks.home(task).filter(|home| home.node != node && last != Some(node));
        if let Some(home) = home {
            let message = self.send(Cargo::Home(task), home.node, node, home.bytes, 1.0, now, queue);
            self.messages.slots[message as usize].waiters.push(task);
            awaiting += 1;
        }
        let (job, number) = (self.tasks[task].job, self.tasks[task].number);
        if let Some(graph) = self.jobs[job as usize].graph.clone() {
            for input in graph.inputs(TaskId::new(number as usize)) {
                let producer = self.jobs[job as usize].slot(input.producer.index() as u64);
                let from = self.cores[self.tasks[producer].core.index()].node;
                if let Some(message) =
                    self.request(job, input.datum, from, node, input.bytes as f64, now, queue)
                {
                    self.messages.slots[message as usize].waiters.push(task);
                    awaiting += 1;
                }
            }
        }
        self.tasks[task].awaiting = awaiting;
        if awaiting == 0 {
            return self.begin(task, now, queue);
        }
        self.tasks[task].status = Status::Claimed;
        if self.shares(task) {
            return self.await_inputs(task);
        }
        let cores: Vec<_> = self.tasks.cores(task).collect();
        cores.into_iter().for_each(|core| self.claim(core, now));
    }

    /// The message that brings a datum to a node, sent if none is on its way; none where it is there already.
    #[allow(clippy::too_many_arguments, reason = "the parts of a message and the two that every event has")]
    fn request(
        &mut self,
        job: u32,
        datum: DatumId,
        from: NodeId,
        to: NodeId,
        bytes: f64,
        now: Time,
        queue: &mut Queue,
    ) -> Option<u32> {
        if from == to {
            return None;
        }
        for copy in self.messages.copies(job, datum) {
            match *copy {
                Copy::There(node) if node == to => return None,
                Copy::Coming(node, message) if node == to => return Some(message),
                _ => {}
            }
        }
        let message = self.send(Cargo::Datum(job, datum), from, to, bytes, 1.0, now, queue);
        self.messages.copies(job, datum).push(Copy::Coming(to, message));
        Some(message)
    }

    /// What a producer has made sets out for a consumer whose core is known already.
    pub fn send_ahead(
        &mut self,
        producer: TaskId,
        consumer: TaskId,
        graph: &Graph,
        job: u32,
        now: Time,
        queue: &mut Queue,
    ) {
        if self.scenario.network.is_none() {
            return;
        }
        let state = &self.jobs[job as usize];
        let known = match &state.plan {
            Some(plan) => Some(plan.cores(consumer)[0]),
            None => state.policy.settled(consumer.index() as u64),
        };
        let Some(core) = known else { return };
        let to = self.cores[core.index()].node;
        let from = self.cores[self.tasks[state.slot(producer.index() as u64)].core.index()].node;
        for input in graph.inputs(consumer).filter(|input| input.producer == producer) {
            self.request(job, input.datum, from, to, input.bytes as f64, now, queue);
        }
    }

    /// Starts a task that is a transfer.
    pub fn start_transfer(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        let Some(Op::Transfer { from, to, bytes, weight }) = self.tasks[task].body.op(0).copied() else {
            return;
        };
        let entry = &mut self.tasks[task];
        (entry.start, entry.attempts, entry.status) = (now, entry.attempts + 1, Status::Moving);
        self.totals.attempts += 1;
        if from == to || self.scenario.network.is_none() {
            return self.end_transfer(task, now, queue);
        }
        self.send(Cargo::Transfer(task), from, to, bytes, weight, now, queue);
    }

    fn end_transfer(&mut self, task: TaskId, now: Time, queue: &mut Queue) {
        self.end_task(task, now, queue);
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of a message and the two that every event has")]
    pub fn send(
        &mut self,
        cargo: Cargo,
        from: NodeId,
        to: NodeId,
        bytes: f64,
        weight: f64,
        now: Time,
        queue: &mut Queue,
    ) -> u32 {
        let message = Message {
            cargo,
            from,
            to,
            bytes,
            weight,
            sent: now,
            leg: Leg::Stalled,
            alive: true,
            waiters: Vec::new(),
        };
        let slot = self.messages.add(message);
        self.set_out(slot, now, queue);
        slot
    }

    /// A message leaves, unless a node on its way is down: then it waits.
    pub fn set_out(&mut self, slot: u32, now: Time, queue: &mut Queue) {
        let Some(network) = &self.scenario.network else { return };
        let (from, to) = (self.messages.slots[slot as usize].from, self.messages.slots[slot as usize].to);
        if self.targets.any_node_is_down()
            && self.messages.passes(slot, network, |node| self.targets.node_is_down(node))
        {
            if self.messages.passes(slot, network, |node| self.is_known_gone(node)) {
                // No notice is to come that would tell those who wait.
                queue.set(Event::Message(slot).into(), now);
            }
            return;
        }
        let path = network.path(from, to, &mut self.messages.route);
        let message = &mut self.messages.slots[slot as usize];
        message.sent = now;
        self.digest.fact(now, super::fact::SENT, from.index() as u64, to.index() as u64);
        let at = match network.contention {
            Contention::None => {
                message.leg = Leg::Tail;
                now + network.alone(path, message.bytes)
            }
            Contention::Fair => {
                message.leg = Leg::Latency;
                now + network.protocol.send_overhead + path.latency
            }
        };
        queue.set(Event::Message(slot).into(), at);
    }

    /// A message's first byte enters the links, it has arrived, or it never will.
    pub fn on_message(&mut self, slot: u32, now: Time, queue: &mut Queue) {
        let message = &self.messages.slots[slot as usize];
        match message.leg {
            Leg::Latency => {}
            Leg::Stalled => return self.fail_undeliverable(now, queue),
            Leg::Bytes(_) | Leg::Tail => return self.arrive(slot, now, queue),
        }
        if message.bytes == 0.0 {
            return self.last_byte(slot, now, queue);
        }
        let (from, to, bytes, weight) = (message.from, message.to, message.bytes, message.weight);
        let Some(network) = &self.scenario.network else { return };
        let messages = &mut self.messages;
        messages.route.clear();
        network.route(from, to, &mut messages.route);
        messages.capacities.clear();
        for link in &messages.route {
            // Both directions of a half-duplex link, or a loop, draw on a capacity once.
            let capacity = network.links[link.index()].capacity as u32;
            if !messages.capacities.contains(&capacity) {
                messages.capacities.push(capacity);
            }
        }
        let Some(shared) = &mut messages.shared else { return };
        let flow = shared.start(now, &messages.capacities, bytes, f64::INFINITY, weight);
        if messages.owners.len() <= flow.index() {
            messages.owners.resize(flow.index() + 1, 0);
        }
        messages.owners[flow.index()] = slot;
        messages.slots[slot as usize].leg = Leg::Bytes(flow);
    }

    /// The earliest of the messages that share links have sent their last byte.
    pub fn on_network(&mut self, now: Time, queue: &mut Queue) {
        let mut ended = std::mem::take(&mut self.ended);
        if let Some(shared) = &mut self.messages.shared {
            shared.finish(now, &mut ended);
        }
        // No flow starts before all of these are dealt with: a message spends its latency first, or is an event of its own.
        for flow in ended.drain(..) {
            self.last_byte(self.messages.owners[flow.index()], now, queue);
        }
        self.ended = ended;
    }

    fn last_byte(&mut self, slot: u32, now: Time, queue: &mut Queue) {
        let overhead =
            self.scenario.network.as_ref().map_or(Span::ZERO, |network| network.protocol.receive_overhead);
        if overhead == Span::ZERO {
            return self.arrive(slot, now, queue);
        }
        self.messages.slots[slot as usize].leg = Leg::Tail;
        queue.set(Event::Message(slot).into(), now + overhead);
    }

    fn arrive(&mut self, slot: u32, now: Time, queue: &mut Queue) {
        self.state_message(slot, now, true);
        let message = &mut self.messages.slots[slot as usize];
        message.alive = false;
        let (cargo, to) = (message.cargo, message.to);
        self.digest.fact(now, super::fact::ARRIVED, message.from.index() as u64, to.index() as u64);
        self.messages.delivered += 1;
        self.messages.bytes += self.messages.slots[slot as usize].bytes;
        let mut waiters = std::mem::take(&mut self.messages.slots[slot as usize].waiters);
        self.messages.free.push(slot);
        match cargo {
            Cargo::Transfer(task) => self.end_transfer(task, now, queue),
            Cargo::Request(core) => self.on_request(core, now, queue),
            Cargo::Loot(core) => self.on_loot(core, now, queue),
            Cargo::Question(core) => self.on_question(core, now, queue),
            Cargo::Answer(core) => self.on_answer(core, now, queue),
            Cargo::Moved(transit) => self.on_moved(transit, now, queue),
            Cargo::Home(_) => {}
            Cargo::Datum(job, datum) => {
                for copy in self.messages.copies(job, datum) {
                    if *copy == Copy::Coming(to, slot) {
                        *copy = Copy::There(to);
                    }
                }
            }
        }
        for task in waiters.drain(..) {
            let entry = &mut self.tasks[task];
            entry.awaiting -= 1;
            if entry.awaiting == 0 && entry.status == Status::Claimed {
                self.begin(task, now, queue);
            }
        }
        // The room is used again with the slot, if no one has taken it yet.
        let message = &mut self.messages.slots[slot as usize];
        if message.waiters.capacity() == 0 {
            message.waiters = waiters;
        }
    }

    pub fn state_message(&mut self, slot: u32, now: Time, delivered: bool) {
        if !R::ACTIVE {
            return;
        }
        let message = &self.messages.slots[slot as usize];
        let id = |task: TaskId| (self.tasks[task].job, self.tasks[task].number);
        let producer = match message.cargo {
            Cargo::Datum(job, datum) => {
                let graph = self.jobs[job as usize].graph.as_ref();
                graph.map(|graph| (job, graph.producer(datum).index() as u64))
            }
            _ => None,
        };
        let consumer = match message.cargo {
            Cargo::Home(task) | Cargo::Transfer(task) => Some(id(task)),
            Cargo::Datum(..) => message.waiters.first().map(|task| id(*task)),
            Cargo::Request(_) | Cargo::Loot(_) | Cargo::Question(_) | Cargo::Answer(_) | Cargo::Moved(_) => {
                None
            }
        };
        self.recorder.message(&MessageRow {
            from: message.from,
            to: message.to,
            bytes: message.bytes,
            sent: message.sent,
            end: now,
            delivered,
            producer,
            consumer,
        });
    }
}
