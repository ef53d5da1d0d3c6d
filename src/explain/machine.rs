//! The machine, drawn in text.

use std::fmt::Write;

use super::words::{list, some};
use crate::ids::{NodeId, SocketId};
use crate::machine::{Machine, Node, Speed};
use crate::network::{Contention, Network};
use crate::scenario::Scenario;
use crate::units::{Scale, bandwidth, number, seconds};

/// Most cores of a socket that are drawn one by one.
const DRAWN: usize = 16;

/// Most kinds of nodes that are drawn.
const KINDS: usize = 8;

/// The machine and its network of `scenario`: nodes that are alike are drawn once.
pub fn draw(scenario: &Scenario) -> String {
    let machine = &scenario.machine;
    let mut text = String::new();
    let mut kinds: Vec<(NodeId, u64)> = Vec::new();
    for at in (0..machine.nodes.len()).map(NodeId::new) {
        match kinds.iter_mut().find(|(first, _)| alike(machine, *first, at)) {
            Some((_, count)) => *count += 1,
            None => kinds.push((at, 1)),
        }
    }
    for (first, count) in kinds.iter().take(KINDS) {
        node(&mut text, scenario, *first, *count);
    }
    if kinds.len() > KINDS {
        let rest: u64 = kinds[KINDS..].iter().map(|(_, count)| count).sum();
        let _ = writeln!(text, "… and {} of other kinds", some(rest, "node"));
    }
    if machine.sockets.len() > 1 {
        let (cores, nodes) = (some(machine.len() as u64, "core"), some(machine.nodes.len() as u64, "node"));
        let _ = writeln!(text, "In all {cores} on {nodes}.");
    }
    for change in &machine.script {
        let at = seconds(scenario.scale.seconds(change.at.ticks() as f64));
        let cores = some(change.cores.len() as u64, "core");
        let _ = writeln!(text, "At {at} {cores} go over to {} times their own speed.", number(change.factor));
    }
    match &scenario.network {
        Some(net) => network(&mut text, scenario, net),
        None if machine.nodes.len() > 1 => text += "No network is given: communication is free.\n",
        None => {}
    }
    text
}

/// Whether two nodes differ in nothing but their names.
fn alike(machine: &Machine, a: NodeId, b: NodeId) -> bool {
    let (a, b) = (&machine.nodes[a.index()], &machine.nodes[b.index()]);
    let cores = |node: &Node| &machine.cores[node.cores.0.index()..node.cores.1.index()];
    let sockets = |node: &Node| &machine.sockets[node.sockets.0.index()..node.sockets.1.index()];
    let drawn = |speed: Speed| matches!(speed, Speed::Drawn(_));
    a.group == b.group
        && cores(a).len() == cores(b).len()
        && sockets(a).len() == sockets(b).len()
        && cores(a)
            .iter()
            .zip(cores(b))
            .all(|(a, b)| a.speed == b.speed || (drawn(a.speed) && drawn(b.speed)))
        && sockets(a).iter().zip(sockets(b)).all(|(a, b)| a.bandwidth == b.bandwidth)
}

fn node(text: &mut String, scenario: &Scenario, first: NodeId, count: u64) {
    let machine = &scenario.machine;
    let node = &machine.nodes[first.index()];
    let group = &machine.groups[node.group];
    let title = match (count, machine.groups.len()) {
        (1, _) => machine.node_name(first),
        (_, 1) => some(count, "node"),
        _ => format!("{} of group {}", some(count, "node"), group.name),
    };
    let boxes: Vec<Vec<String>> = (node.sockets.0.index()..node.sockets.1.index())
        .map(|socket| lines_of(scenario, SocketId::new(socket)))
        .collect();
    let _ = writeln!(text, "{title}");
    // Sockets that are alike are drawn once, too.
    let same = boxes.iter().all(|lines| lines == &boxes[0]);
    if same && boxes.len() > 2 {
        frame(text, &boxes[..1]);
        let _ = writeln!(text, "  × {} sockets each", boxes.len());
    } else {
        frame(text, &boxes);
    }
}

/// What is written in the box of a socket.
fn lines_of(scenario: &Scenario, socket: SocketId) -> Vec<String> {
    let machine = &scenario.machine;
    let (from, to) = machine.socket_cores(socket);
    let speeds: Vec<Option<f64>> = machine.cores[from.index()..to.index()]
        .iter()
        .map(|core| match core.speed {
            Speed::Given(speed) => Some(speed),
            Speed::Drawn(_) => None,
        })
        .collect();
    let mut runs: Vec<(Option<f64>, usize)> = Vec::new();
    for speed in &speeds {
        match runs.last_mut() {
            Some((last, count)) if last == speed => *count += 1,
            _ => runs.push((*speed, 1)),
        }
    }
    let fastest = speeds.iter().flatten().copied().fold(0.0, f64::max);
    let mark = |speed: &Option<f64>| if speed.is_none_or(|speed| speed == fastest) { "■" } else { "▪" };
    let mut lines = Vec::new();
    if speeds.len() <= DRAWN {
        lines.push(speeds.iter().map(mark).collect::<Vec<_>>().join(" "));
    }
    let of_speed = |(speed, count): &(Option<f64>, usize)| {
        let cores = some(*count as u64, "core");
        match speed {
            None => format!("{cores} of drawn speed"),
            Some(speed) => format!("{cores} of {}", pace(*speed, &scenario.scale)),
        }
    };
    if runs.len() <= 4 {
        lines.extend(runs.iter().map(of_speed));
    } else {
        let slowest = speeds.iter().flatten().copied().fold(f64::INFINITY, f64::min);
        let range = format!("{} to {}", number(slowest), pace(fastest, &scenario.scale));
        lines.push(format!("{} of {range}", some(speeds.len() as u64, "core")));
    }
    let memory = machine.sockets[socket.index()].bandwidth;
    if memory.is_finite() {
        lines.push(format!("memory {}", bandwidth(memory * scenario.scale.ticks_per_second())));
    }
    lines
}

/// A speed as the file could give it.
fn pace(speed: f64, scale: &Scale) -> String {
    match scale.rate {
        Some(rate) => format!("speed {} ({} op/s)", number(speed), rounded(speed * rate)),
        None => format!("speed {}", number(speed)),
    }
}

/// A large number with a prefix.
fn rounded(value: f64) -> String {
    let prefixes = [(1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];
    match prefixes.iter().find(|(size, _)| value >= *size) {
        Some((size, prefix)) => format!("{} {prefix}", number(value / size)),
        None => format!("{} ", number(value)),
    }
}

/// Boxes side by side.
fn frame(text: &mut String, boxes: &[Vec<String>]) {
    let length = |line: &String| line.chars().count();
    let widths: Vec<usize> = boxes.iter().map(|lines| lines.iter().map(length).max().unwrap_or(0)).collect();
    let rule = |left: &str, between: &str, right: &str| {
        let bars: Vec<String> = widths.iter().map(|width| "─".repeat(width + 2)).collect();
        format!("  {left}{}{right}\n", bars.join(between))
    };
    *text += &rule("┌", "┬", "┐");
    let height = boxes.iter().map(Vec::len).max().unwrap_or(0);
    for row in 0..height {
        let cell = |(lines, width): (&Vec<String>, &usize)| {
            let line = lines.get(row).map_or("", String::as_str);
            format!(" {line}{} ", " ".repeat(width - line.chars().count()))
        };
        let cells: Vec<String> = boxes.iter().zip(&widths).map(cell).collect();
        let _ = writeln!(text, "  │{}│", cells.join("│"));
    }
    *text += &rule("└", "┴", "┘");
}

/// The links, and what a message between the first two nodes meets.
fn network(text: &mut String, scenario: &Scenario, network: &Network) {
    let scale = &scenario.scale;
    let links = network.links.len() as u64;
    let range = |values: &mut dyn Iterator<Item = f64>, show: &dyn Fn(f64) -> String| {
        let (low, high) =
            values.fold((f64::INFINITY, 0.0), |(low, high): (f64, f64), v| (low.min(v), high.max(v)));
        if low == high { show(low) } else { format!("{} to {}", show(low), show(high)) }
    };
    let rate = |ticks: f64| bandwidth(ticks * scale.ticks_per_second());
    let time = |ticks: f64| seconds(scale.seconds(ticks));
    let bandwidths = range(&mut network.links.iter().map(|link| link.bandwidth), &rate);
    let latencies = range(&mut network.links.iter().map(|link| link.latency.ticks() as f64), &time);
    let sharing = match network.contention {
        Contention::None => "messages don't share them: each has the bandwidth to itself",
        Contention::Fair => "messages share them max-min fairly",
    };
    let _ = writeln!(
        text,
        "Network: {} of {bandwidths} and {latencies}; {sharing}.",
        some(links, "one-way link")
    );
    if scenario.machine.nodes.len() > 1 {
        let mut route = Vec::new();
        let path = network.path(NodeId::new(0), NodeId::new(1), &mut route);
        let names: Vec<String> =
            route.iter().map(|link| format!("“{}”", network.links[link.index()].name)).collect();
        let alone = network.alone(path, 1e6);
        let _ = writeln!(
            text,
            "From {} to {} a message passes {}; alone, 1 MB takes {}.",
            scenario.machine.node_name(NodeId::new(0)),
            scenario.machine.node_name(NodeId::new(1)),
            list(&names),
            time(alone.ticks() as f64)
        );
    }
}
