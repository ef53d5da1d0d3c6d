//! The messages of a run, and where copies of data are.

use super::alarm::Event;
use crate::engine::Queue;
use crate::ids::{CoreId, DatumId, LinkId, NodeId, TaskId};
use crate::network::{Contention, Network};
use crate::sharing::{FlowId, Sharing};
use crate::time::Time;

/// What a message carries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Cargo {
    /// A datum of a job's graph.
    Datum(u32, DatumId),
    /// The data that a task needs from its home.
    Home(TaskId),
    /// What a task that is a transfer moves.
    Transfer(TaskId),
    /// That a thief wants something.
    Request(CoreId),
    /// What a thief gets.
    Loot(CoreId),
    /// That a core wants to know the load of another.
    Question(CoreId),
    /// What it hears.
    Answer(CoreId),
    /// Tasks that go over from one queue to another.
    Moved(u32),
}

/// Where a message stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Leg {
    /// Before its first byte enters the links: overhead and latencies.
    Latency,
    /// Its bytes share the links.
    Bytes(FlowId),
    /// After its last byte: the receiver's overhead, or all of it where links aren't shared.
    Tail,
    /// It waits for an end that is down.
    Stalled,
}

#[derive(Debug)]
pub(super) struct Message {
    pub cargo: Cargo,
    pub from: NodeId,
    pub to: NodeId,
    pub bytes: f64,
    pub weight: f64,
    pub sent: Time,
    pub leg: Leg,
    pub alive: bool,
    /// Tasks that wait for it.
    pub waiters: Vec<TaskId>,
}

/// Where a copy of a datum is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Copy {
    /// On this node.
    There(NodeId),
    /// On its way to this node in a message.
    Coming(NodeId, u32),
}

/// All messages of a run.
pub(super) struct Messages {
    pub shared: Option<Sharing>,
    pub slots: Vec<Message>,
    pub free: Vec<u32>,
    /// The message that a flow belongs to.
    pub owners: Vec<u32>,
    /// By job and datum, the nodes that have a copy beside its producer's.
    pub copies: Vec<Vec<Vec<Copy>>>,
    pub route: Vec<LinkId>,
    pub capacities: Vec<u32>,
    pub delivered: u64,
    pub bytes: f64,
}

impl Messages {
    /// No message yet.
    pub fn new(network: Option<&Network>) -> Self {
        let shared = network.filter(|network| network.contention == Contention::Fair).map(|network| {
            let count = network.links.iter().map(|link| link.capacity + 1).max().unwrap_or(0);
            let mut capacities = vec![f64::INFINITY; count];
            for link in &network.links {
                capacities[link.capacity] = link.bandwidth;
            }
            Sharing::new(capacities)
        });
        Messages {
            shared,
            slots: Vec::new(),
            free: Vec::new(),
            owners: Vec::new(),
            copies: Vec::new(),
            route: Vec::new(),
            capacities: Vec::new(),
            delivered: 0,
            bytes: 0.0,
        }
    }

    /// Brings the alarm of the next last byte up to date.
    #[inline]
    pub fn settle(&mut self, now: Time, queue: &mut Queue) {
        if let Some(shared) = &mut self.shared {
            shared.settle(now);
            queue.set(Event::Network.into(), shared.next());
        }
    }

    pub fn add(&mut self, message: Message) -> u32 {
        match self.free.pop() {
            Some(slot) => {
                self.slots[slot as usize] = message;
                slot
            }
            None => {
                self.slots.push(message);
                self.slots.len() as u32 - 1
            }
        }
    }

    pub fn copies(&mut self, job: u32, datum: DatumId) -> &mut Vec<Copy> {
        let (job, datum) = (job as usize, datum.index());
        if self.copies.len() <= job {
            self.copies.resize_with(job + 1, Vec::new);
        }
        let data = &mut self.copies[job];
        if data.len() <= datum {
            data.resize_with(datum + 1, Vec::new);
        }
        &mut data[datum]
    }

    /// Whether `which` holds for a node on the way of a message, its ends among them.
    pub fn passes(&self, slot: u32, network: &Network, which: impl Fn(NodeId) -> bool) -> bool {
        let message = &self.slots[slot as usize];
        let mut route = Vec::new();
        network.route(message.from, message.to, &mut route);
        which(message.from) || route.iter().filter_map(|link| network.links[link.index()].head).any(which)
    }
}
