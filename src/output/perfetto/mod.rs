//! Traces for the Perfetto viewer: lanes of slices, instants, counters and arrows, written packet by packet.
//!
//! The messages are the few of Perfetto's `TracePacket` schema (its `protos/perfetto/trace` directory) that simulated
//! time needs. Times are nanoseconds on the trace's own clock, so no clock snapshot is written.

use std::io::{self, Write};

use prost::Message;

mod messages;
mod recorder;

pub use recorder::TraceRecorder;

use messages::{
    CounterDescriptor, DebugAnnotation, EXPLICIT, Kind, ProcessDescriptor, TracePacket, TrackDescriptor,
    TrackEvent,
};

/// Nanoseconds since the start of the run, rounded down, of an instant `ticks` after it when a tick is so many
/// picoseconds. Perfetto knows nothing finer; what begins and ends within one nanosecond has no length in the viewer.
///
/// ```
/// use makespan::output::perfetto::nanoseconds;
/// assert_eq!(nanoseconds(2_999, 1), 2);
/// assert_eq!(nanoseconds(7, 1_000_000), 7_000);
/// ```
pub fn nanoseconds(ticks: u64, picoseconds_per_tick: u64) -> u64 {
    let nanoseconds = u128::from(ticks) * u128::from(picoseconds_per_tick) / 1000;
    u64::try_from(nanoseconds).unwrap_or(u64::MAX)
}

/// A group of lanes: a node, say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ProcessId {
    uuid: u64,
}

/// A row of slices: a core, say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LaneId {
    uuid: u64,
}

/// A row with a number that changes over time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CounterId {
    uuid: u64,
}

/// An arrow between slices: of one datum, say. Slices that carry the same flow are joined in order of time. Any number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Flow(pub u64);

/// What a slice or an instant says.
#[derive(Clone, Copy, Default, Debug)]
pub struct Label<'a> {
    /// What is written on it.
    pub name: &'a str,
    /// What the viewer can filter by.
    pub category: &'a str,
    /// The arrows that start or pass here.
    pub flows: &'a [Flow],
    /// What the viewer shows beside when it is selected: names and values.
    pub notes: &'a [(&'a str, String)],
}

/// A trace while it is being written. Every call writes at most one packet and keeps nothing of it.
///
/// On each lane, slices must nest. The viewer sorts by time; at equal times what was written first comes first, so that
/// where one slice ends when the next begins, the end is written first.
#[derive(Debug)]
pub struct Trace<W: Write> {
    writer: W,
    packet: Vec<u8>,
    tracks: u64,
    processes: i32,
}

impl<W: Write> Trace<W> {
    /// A trace that goes to `writer`, which should be buffered.
    pub fn new(writer: W) -> Self {
        Trace { writer, packet: Vec::new(), tracks: 0, processes: 0 }
    }

    /// A group of lanes, below those made before.
    ///
    /// # Errors
    /// When the writer fails, as with every call that writes.
    pub fn process(&mut self, name: &str) -> io::Result<ProcessId> {
        let uuid = self.new_track();
        // The viewer takes process 0 for its own idle process.
        self.processes += 1;
        let process = ProcessDescriptor { pid: Some(self.processes), process_name: Some(name.to_owned()) };
        self.describe(TrackDescriptor {
            uuid: Some(uuid),
            process: Some(process),
            child_ordering: Some(EXPLICIT),
            ..TrackDescriptor::default()
        })?;
        Ok(ProcessId { uuid })
    }

    /// A row for slices and instants in `process`, below those made before.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn lane(&mut self, process: ProcessId, name: &str) -> io::Result<LaneId> {
        let uuid = self.new_track();
        self.describe(TrackDescriptor { name: Some(name.to_owned()), ..self.child(uuid, process) })?;
        Ok(LaneId { uuid })
    }

    /// A row for a number in `process`, below those made before, in `unit` (which may be empty).
    ///
    /// # Errors
    /// When the writer fails.
    pub fn counter_track(&mut self, process: ProcessId, name: &str, unit: &str) -> io::Result<CounterId> {
        let uuid = self.new_track();
        let unit_name = (!unit.is_empty()).then(|| unit.to_owned());
        self.describe(TrackDescriptor {
            name: Some(name.to_owned()),
            counter: Some(CounterDescriptor { unit_name }),
            ..self.child(uuid, process)
        })?;
        Ok(CounterId { uuid })
    }

    /// A slice begins.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn begin(&mut self, lane: LaneId, at_ns: u64, label: &Label<'_>) -> io::Result<()> {
        self.event(at_ns, labelled(Kind::SliceBegin, lane, label))
    }

    /// The slice begun last on `lane` ends.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn end(&mut self, lane: LaneId, at_ns: u64) -> io::Result<()> {
        let event = TrackEvent {
            kind: Some(Kind::SliceEnd as i32),
            track_uuid: Some(lane.uuid),
            ..TrackEvent::default()
        };
        self.event(at_ns, event)
    }

    /// Something happens at once: a fault, a release, a decision.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn instant(&mut self, lane: LaneId, at_ns: u64, label: &Label<'_>) -> io::Result<()> {
        self.event(at_ns, labelled(Kind::Instant, lane, label))
    }

    /// From now on the number is `value`.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn counter(&mut self, counter: CounterId, at_ns: u64, value: f64) -> io::Result<()> {
        let event = TrackEvent {
            kind: Some(Kind::Counter as i32),
            track_uuid: Some(counter.uuid),
            double_counter_value: Some(value),
            ..TrackEvent::default()
        };
        self.event(at_ns, event)
    }

    /// Flushes the writer and gives it back.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn finish(mut self) -> io::Result<W> {
        self.writer.flush()?;
        Ok(self.writer)
    }

    fn new_track(&mut self) -> u64 {
        self.tracks += 1;
        self.tracks
    }

    /// A row of its parent, in the order in which rows were made.
    fn child(&self, uuid: u64, parent: ProcessId) -> TrackDescriptor {
        TrackDescriptor {
            uuid: Some(uuid),
            parent_uuid: Some(parent.uuid),
            sibling_order_rank: i32::try_from(uuid).ok(),
            ..TrackDescriptor::default()
        }
    }

    fn describe(&mut self, track: TrackDescriptor) -> io::Result<()> {
        self.write(TracePacket { track_descriptor: Some(track), ..TracePacket::default() })
    }

    fn event(&mut self, at_ns: u64, event: TrackEvent) -> io::Result<()> {
        self.write(TracePacket { timestamp: Some(at_ns), track_event: Some(event), ..TracePacket::default() })
    }

    /// A trace is a message with one repeated field, the packets: each is written as that field, so that the file is
    /// whole after every one.
    fn write(&mut self, mut packet: TracePacket) -> io::Result<()> {
        packet.trusted_packet_sequence_id = Some(1);
        self.packet.clear();
        self.packet.push(PACKET);
        packet.encode_length_delimited(&mut self.packet).map_err(io::Error::other)?;
        self.writer.write_all(&self.packet)
    }
}

/// Field 1, of the kind that carries its length.
const PACKET: u8 = 1 << 3 | 2;

/// An event with a label. Flows are counted from one in the file, where zero could be taken for none.
fn labelled(kind: Kind, lane: LaneId, label: &Label<'_>) -> TrackEvent {
    let note = |(name, value): &(&str, String)| DebugAnnotation {
        name: Some((*name).to_owned()),
        string_value: Some(value.clone()),
    };
    TrackEvent {
        kind: Some(kind as i32),
        track_uuid: Some(lane.uuid),
        name: Some(label.name.to_owned()),
        categories: vec![label.category.to_owned()],
        flow_ids: label.flows.iter().map(|flow| flow.0.wrapping_add(1)).collect(),
        debug_annotations: label.notes.iter().map(note).collect(),
        ..TrackEvent::default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Clone, PartialEq, Message)]
    struct WholeTrace {
        #[prost(message, repeated, tag = "1")]
        packet: Vec<TracePacket>,
    }

    fn plain(name: &str) -> Label<'_> {
        Label { name, category: "any", ..Label::default() }
    }

    /// Two nodes of two cores, each task with a data transfer nested at its start, joined to its producer by a flow.
    fn sample() -> io::Result<Vec<u8>> {
        let mut trace = Trace::new(Vec::new());
        for node in 0..2 {
            let process = trace.process(&format!("node {node}"))?;
            let queue = trace.counter_track(process, "tasks waiting", "tasks")?;
            for core in 0..2 {
                let lane = trace.lane(process, &format!("core {core}"))?;
                for task in 0..50 {
                    let at = 10 * task + core;
                    let flows = [Flow(task), Flow(task + 1)];
                    trace.counter(queue, at, (50 - task) as f64)?;
                    let name = format!("task {task}");
                    let task = Label { name: &name, category: "compute", flows: &flows, notes: &[] };
                    trace.begin(lane, at, &task)?;
                    trace.begin(lane, at, &plain("fetch"))?;
                    trace.end(lane, at + 3)?;
                    trace.end(lane, at + 10)?;
                }
                trace.instant(lane, 501, &plain("crash"))?;
            }
        }
        trace.finish()
    }

    fn decoded() -> Vec<TracePacket> {
        WholeTrace::decode(sample().unwrap().as_slice()).unwrap().packet
    }

    #[test]
    fn slices_nest_and_time_never_goes_back_on_any_lane() {
        let mut lanes: BTreeMap<u64, (u64, i32, usize)> = BTreeMap::new();
        for packet in decoded() {
            let Some(event) = packet.track_event else { continue };
            if event.kind == Some(Kind::Counter as i32) {
                continue;
            }
            let at = packet.timestamp.unwrap();
            let (last, depth, slices) = lanes.entry(event.track_uuid.unwrap()).or_default();
            assert!(*last <= at, "{at} after {last}");
            *last = at;
            match event.kind {
                Some(1) => (*depth, *slices) = (*depth + 1, *slices + 1),
                Some(2) => *depth -= 1,
                _ => assert_eq!(event.name.as_deref(), Some("crash")),
            }
            assert!((0..=2).contains(depth));
        }
        assert_eq!(lanes.len(), 4);
        assert!(lanes.values().all(|lane| lane.1 == 0 && lane.2 == 100));
    }

    #[test]
    fn every_event_lies_on_a_track_described_before_it() {
        let mut known = Vec::new();
        for packet in decoded() {
            assert_eq!(packet.trusted_packet_sequence_id, Some(1));
            if let Some(track) = packet.track_descriptor {
                assert!(track.parent_uuid.is_none_or(|parent| known.contains(&parent)));
                known.push(track.uuid.unwrap());
            }
            assert!(packet.track_event.is_none_or(|event| known.contains(&event.track_uuid.unwrap())));
        }
        assert_eq!(known.len(), 2 * (1 + 1 + 2));
    }

    #[test]
    fn flows_join_a_task_to_the_next() {
        let events: Vec<TrackEvent> = decoded().into_iter().filter_map(|p| p.track_event).collect();
        let carrying = |flow: u64| events.iter().filter(|e| e.flow_ids.contains(&(flow + 1))).count();
        assert_eq!((carrying(0), carrying(1), carrying(50)), (4, 8, 4));
    }

    #[test]
    fn each_call_writes_one_whole_packet_at_once() {
        struct Packets(Vec<Vec<u8>>);
        impl Write for Packets {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.push(bytes.to_vec());
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut trace = Trace::new(Packets(Vec::new()));
        let process = trace.process("node").unwrap();
        let lane = trace.lane(process, "core").unwrap();
        trace.begin(lane, 0, &plain("task")).unwrap();
        trace.end(lane, u64::MAX).unwrap();
        let packets = trace.finish().unwrap().0;
        assert_eq!(packets.len(), 4);
        assert!(packets.iter().all(|p| WholeTrace::decode(p.as_slice()).unwrap().packet.len() == 1));
    }

    #[test]
    fn a_writer_that_fails_is_reported() {
        let mut full = [0u8; 10];
        let mut trace = Trace::new(full.as_mut_slice());
        assert!(trace.process("a name that doesn't fit").is_err());
    }
}
