//! A flow's slot, and the queue of the flows of one class by the order in which they will end.

/// A flow: a dense slot number, free for another flow after the end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FlowId(pub(super) u32);

impl FlowId {
    /// The slot number: below the greatest number of flows there ever were at once.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What is known of a flow but its end.
#[derive(Clone, Copy)]
pub(super) struct Flow {
    pub(super) class: u32,
    /// Where it stands in the queue of its class.
    slot: u32,
    pub(super) weight: f64,
}

/// The flows by slot, those of ended flows free for the next.
#[derive(Default)]
pub(super) struct Flows {
    slots: Vec<Flow>,
    spare: Vec<FlowId>,
}

impl Flows {
    /// A slot for a flow that begins.
    pub(super) fn take(&mut self, class: u32, weight: f64) -> FlowId {
        let flow = Flow { class, slot: 0, weight };
        if let Some(id) = self.spare.pop() {
            self.slots[id.index()] = flow;
            return id;
        }
        self.slots.push(flow);
        FlowId(self.slots.len() as u32 - 1)
    }

    /// The flow has ended.
    pub(super) fn give_back(&mut self, id: FlowId) {
        self.spare.push(id);
    }

    pub(super) fn get(&self, id: FlowId) -> Flow {
        self.slots[id.index()]
    }

    /// The flow belongs to another class now.
    pub(super) fn reclass(&mut self, id: FlowId, class: u32) {
        self.slots[id.index()].class = class;
    }
}

/// A flow in its queue: it ends when each unit of weight of the class has received `finish`.
#[derive(Clone, Copy)]
pub(super) struct Member {
    pub(super) finish: f64,
    pub(super) id: FlowId,
}

/// The flows of a class as a binary heap by `finish`; each flow knows its place, so that any can leave.
#[derive(Default)]
pub(super) struct Queue(Vec<Member>);

impl Queue {
    pub(super) fn members(&self) -> &[Member] {
        &self.0
    }

    /// The flow that ends first.
    pub(super) fn first(&self) -> Option<Member> {
        self.0.first().copied()
    }

    pub(super) fn member(&self, flow: Flow) -> Member {
        self.0[flow.slot as usize]
    }

    pub(super) fn push(&mut self, member: Member, flows: &mut Flows) {
        self.0.push(member);
        self.rise(self.0.len() - 1, flows);
    }

    pub(super) fn remove(&mut self, flow: Flow, flows: &mut Flows) {
        let slot = flow.slot as usize;
        self.0.swap_remove(slot);
        if slot < self.0.len() {
            self.rise(slot, flows);
            self.sink(flows.slots[self.0[slot].id.index()].slot as usize, flows);
        }
    }

    /// Sets the zero of the virtual finishes to `served`; returns the sum of the weights.
    pub(super) fn rebase(&mut self, served: f64, flows: &Flows) -> f64 {
        let mut weight = 0.0;
        for member in &mut self.0 {
            member.finish -= served;
            weight += flows.get(member.id).weight;
        }
        weight
    }

    fn put(&mut self, slot: usize, member: Member, flows: &mut Flows) {
        self.0[slot] = member;
        flows.slots[member.id.index()].slot = slot as u32;
    }

    fn rise(&mut self, mut slot: usize, flows: &mut Flows) {
        let member = self.0[slot];
        while slot > 0 && member.finish < self.0[(slot - 1) / 2].finish {
            self.put(slot, self.0[(slot - 1) / 2], flows);
            slot = (slot - 1) / 2;
        }
        self.put(slot, member, flows);
    }

    fn sink(&mut self, mut slot: usize, flows: &mut Flows) {
        let member = self.0[slot];
        while let Some(&left) = self.0.get(2 * slot + 1) {
            let right = self.0.get(2 * slot + 2).filter(|right| right.finish < left.finish);
            let (child, least) = right.map_or((2 * slot + 1, left), |&right| (2 * slot + 2, right));
            if member.finish <= least.finish {
                break;
            }
            self.put(slot, least, flows);
            slot = child;
        }
        self.put(slot, member, flows);
    }
}
