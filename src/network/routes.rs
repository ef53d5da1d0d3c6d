//! Shortest routes: the fewest links, then the least latency, then the link of the lowest number at the first vertex
//! where two routes part.

use super::Layout;
use crate::ids::{LinkId, NodeId};
use crate::time::Span;

/// A directed link between two vertices: nodes by their numbers, then switches. Edge 2k + 1 is the way
/// back of edge 2k.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) latency: Span,
}

/// Why there are no routes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unrouted {
    /// Nothing leads from one node to the other.
    Apart(usize, usize),
    /// So many vertices have more than one link.
    TooLarge(usize),
}

/// The next link on the way from any vertex to any other.
///
/// Nodes with a single link, as most have, take it in any case: the table only holds the other vertices, the hubs.
#[derive(Debug)]
pub(super) struct Routes {
    /// How each node reaches the hubs.
    access: Vec<Access>,
    /// The hub at which each link ends; none where it ends at a node that is no hub.
    heads: Vec<u32>,
    hubs: usize,
    /// The next link from hub `a` to hub `b`, at `b · hubs + a`.
    next: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Access {
    hub: u32,
    /// The links to and from the hub, unless the node is a hub itself.
    links: Option<(LinkId, LinkId)>,
}

const NONE: u32 = u32::MAX;

impl Routes {
    /// The most hubs: their table takes 4 bytes for each pair.
    pub(super) const MOST: usize = 8192;

    /// The routes between the first `nodes` of `vertices` over `edges`.
    pub(super) fn new(nodes: usize, vertices: usize, edges: &[Edge]) -> Result<Self, Unrouted> {
        let mut leaving = vec![Vec::new(); vertices];
        for (at, edge) in edges.iter().enumerate() {
            leaving[edge.from].push(at);
        }
        // The other end of a node's only link is a hub, unless the two have nothing but each other.
        let single = |vertex: usize| match leaving[vertex].as_slice() {
            [only] if vertex < nodes && leaving[edges[*only].to].len() > 1 => Some(*only),
            _ => None,
        };
        let mut number = vec![NONE; vertices];
        let mut hubs = Vec::new();
        for vertex in (0..vertices).filter(|&vertex| single(vertex).is_none()) {
            number[vertex] = hubs.len() as u32;
            hubs.push(vertex);
        }
        if hubs.len() > Self::MOST {
            return Err(Unrouted::TooLarge(hubs.len()));
        }
        let access: Vec<Access> = (0..nodes)
            .map(|node| match single(node) {
                None => Access { hub: number[node], links: None },
                Some(up) => {
                    let links = Some((LinkId::new(up), LinkId::new(up ^ 1)));
                    Access { hub: number[edges[up].to], links }
                }
            })
            .collect();
        let graph = Hubs { edges, number: &number, hubs: &hubs, leaving: &leaving };
        let mut next = Vec::with_capacity(hubs.len() * hubs.len());
        for to in 0..hubs.len() {
            next.extend(graph.toward(to));
        }
        let routes = Routes {
            access,
            heads: edges.iter().map(|edge| number[edge.to]).collect(),
            hubs: hubs.len(),
            next,
        };
        match (1..nodes).find(|&node| !routes.joins(0, node)) {
            Some(node) => Err(Unrouted::Apart(0, node)),
            None => Ok(routes),
        }
    }

    fn joins(&self, from: usize, to: usize) -> bool {
        let (from, to) = (self.access[from].hub, self.access[to].hub);
        from == to || self.next(from, to) != NONE
    }

    fn next(&self, from: u32, to: u32) -> u32 {
        self.next[to as usize * self.hubs + from as usize]
    }
}

impl Layout for Routes {
    fn route(&self, from: NodeId, to: NodeId, links: &mut Vec<LinkId>) {
        let (first, last) = (self.access[from.index()], self.access[to.index()]);
        links.extend(first.links.map(|(up, _)| up));
        let mut at = first.hub;
        while at != last.hub {
            let link = self.next(at, last.hub);
            links.push(LinkId::new(link as usize));
            at = self.heads[link as usize];
        }
        links.extend(last.links.map(|(_, down)| down));
    }
}

/// The hubs and the links between them.
struct Hubs<'a> {
    edges: &'a [Edge],
    number: &'a [u32],
    hubs: &'a [usize],
    leaving: &'a [Vec<usize>],
}

impl Hubs<'_> {
    /// The next link from each hub to the hub `to`; `NONE` at `to` itself and where nothing leads there.
    fn toward(&self, to: usize) -> Vec<u32> {
        let mut best = vec![(NONE, Span::FOREVER); self.hubs.len()];
        let mut next = vec![NONE; self.hubs.len()];
        best[to] = (0, Span::ZERO);
        let mut ring = vec![to];
        // Breadth first against the links, which all have a way back: the ring of hubs at one number of links is
        // complete before the next, so that latencies on it are settled when the next ring looks at them.
        for hops in 1.. {
            let mut wider = Vec::new();
            for &hub in &ring {
                for &edge in &self.leaving[self.hubs[hub]] {
                    let from = self.number[self.edges[edge].to];
                    if from != NONE && best[from as usize].0 == NONE {
                        best[from as usize].0 = hops;
                        wider.push(from as usize);
                    }
                }
            }
            if wider.is_empty() {
                break;
            }
            for &hub in &wider {
                for &edge in &self.leaving[self.hubs[hub]] {
                    let ahead = self.number[self.edges[edge].to];
                    if ahead == NONE || best[ahead as usize].0 != hops - 1 {
                        continue;
                    }
                    let latency = self.edges[edge].latency + best[ahead as usize].1;
                    // Links are looked at by number, and only a better one replaces the first.
                    if next[hub] == NONE || latency < best[hub].1 {
                        best[hub].1 = latency;
                        next[hub] = edge as u32;
                    }
                }
            }
            ring = wider;
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Key, Purpose, Stream};

    /// Both directions of each link `(from, to, latency)`.
    fn edges(links: &[(usize, usize, u64)]) -> Vec<Edge> {
        let both = |&(from, to, latency): &(usize, usize, u64)| {
            let latency = Span::from_ticks(latency);
            [Edge { from, to, latency }, Edge { from: to, to: from, latency }]
        };
        links.iter().flat_map(both).collect()
    }

    fn route(routes: &Routes, from: usize, to: usize) -> Vec<usize> {
        let mut links = Vec::new();
        routes.route(NodeId::new(from), NodeId::new(to), &mut links);
        links.into_iter().map(LinkId::index).collect()
    }

    #[test]
    fn fewest_links_come_before_least_latency() {
        // 0 to 1 directly, slowly; or over the switch 2, quickly.
        let routes = Routes::new(2, 3, &edges(&[(0, 2, 1), (2, 1, 1), (0, 1, 100)])).unwrap();
        assert_eq!(route(&routes, 0, 1), [4]);
        assert_eq!(route(&routes, 1, 0), [5]);
    }

    #[test]
    fn among_equally_many_links_the_least_latency_wins_and_then_the_lowest_number() {
        // 0 to 1 over the switch 2 or 3, the latter quicker.
        let routes = Routes::new(2, 4, &edges(&[(0, 2, 5), (2, 1, 5), (0, 3, 4), (3, 1, 5)])).unwrap();
        assert_eq!(route(&routes, 0, 1), [4, 6]);
        let routes = Routes::new(2, 4, &edges(&[(0, 3, 5), (3, 1, 5), (0, 2, 5), (2, 1, 5)])).unwrap();
        assert_eq!(route(&routes, 0, 1), [0, 2]);
        // Two links side by side: the first is taken both ways.
        let routes = Routes::new(2, 2, &edges(&[(0, 1, 5), (1, 0, 5)])).unwrap();
        assert_eq!((route(&routes, 0, 1), route(&routes, 1, 0)), (vec![0], vec![1]));
    }

    #[test]
    fn two_nodes_with_nothing_but_each_other_are_joined() {
        let routes = Routes::new(2, 2, &edges(&[(0, 1, 5)])).unwrap();
        assert_eq!(route(&routes, 1, 0), [1]);
    }

    #[test]
    fn nodes_that_no_links_join_are_named() {
        let apart = |nodes, vertices, links: &[_]| Routes::new(nodes, vertices, &edges(links)).unwrap_err();
        assert_eq!(apart(2, 2, &[]), Unrouted::Apart(0, 1));
        assert_eq!(apart(4, 5, &[(0, 4, 1), (2, 4, 1), (1, 3, 1)]), Unrouted::Apart(0, 1));
        // A switch that nothing uses may stand apart.
        assert!(Routes::new(2, 4, &edges(&[(0, 1, 1), (2, 3, 1)])).is_ok());
    }

    #[test]
    fn a_hundred_thousand_nodes_at_few_switches_need_little_memory() {
        let links: Vec<_> = (0..100_000).map(|node| (node, 100_000 + node % 10, 1)).collect();
        let mut links = links;
        links.extend((0..9).map(|switch| (100_000 + switch, 100_001 + switch, 1)));
        let routes = Routes::new(100_000, 100_010, &edges(&links)).unwrap();
        assert_eq!(routes.next.len(), 100);
        assert_eq!(route(&routes, 0, 3).len(), 5);
        assert_eq!(route(&routes, 0, 10).len(), 2);
    }

    #[test]
    fn more_hubs_than_fit_are_refused() {
        let ring: Vec<_> = (0..8193).map(|node| (node, (node + 1) % 8193, 1)).collect();
        assert_eq!(Routes::new(8193, 8193, &edges(&ring)).unwrap_err(), Unrouted::TooLarge(8193));
    }

    #[test]
    fn routes_are_as_short_as_relaxing_every_link_finds_them() {
        let mut stream = Stream::new(Key { seed: 7, replicate: 0, source: 0, purpose: Purpose::Placement });
        for _ in 0..200 {
            let vertices = 2 + stream.below(9) as usize;
            let nodes = 1 + stream.below(vertices as u64) as usize;
            let count = stream.below(16) as usize;
            let mut draw = || {
                let from = stream.below(vertices as u64) as usize;
                let to = (from + 1 + stream.below(vertices as u64 - 1) as usize) % vertices;
                (from, to, stream.below(4))
            };
            let edges = edges(&(0..count).map(|_| draw()).collect::<Vec<_>>());
            // Bellman and Ford on (links, latency), from every vertex.
            let mut best = vec![vec![None; vertices]; vertices];
            for (from, best) in best.iter_mut().enumerate() {
                best[from] = Some((0, 0));
                for _ in 0..vertices {
                    for edge in &edges {
                        let Some((hops, latency)) = best[edge.from] else { continue };
                        let cost = (hops + 1, latency + edge.latency.ticks());
                        if best[edge.to].is_none_or(|known| cost < known) {
                            best[edge.to] = Some(cost);
                        }
                    }
                }
            }
            let routes = match Routes::new(nodes, vertices, &edges) {
                Ok(routes) => routes,
                Err(unrouted) => {
                    let first = (1..nodes).find(|&node| best[0][node].is_none()).unwrap();
                    assert_eq!(unrouted, Unrouted::Apart(0, first));
                    continue;
                }
            };
            for (from, to) in (0..nodes).flat_map(|from| (0..nodes).map(move |to| (from, to))) {
                if from == to {
                    continue;
                }
                let links = route(&routes, from, to);
                let end = links.iter().fold(from, |at, &link| {
                    assert_eq!(edges[link].from, at, "the links hang together");
                    edges[link].to
                });
                let latency = links.iter().map(|&link| edges[link].latency.ticks()).sum();
                assert_eq!((end, Some((links.len(), latency))), (to, best[from][to]));
            }
        }
    }
}
