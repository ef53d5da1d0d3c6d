//! Putting a machine together, group by group and node by node.

use super::{Core, Group, Machine, Node, Socket, Speed};
use crate::ids::{CoreId, NodeId, SocketId};

impl Machine {
    /// Opens a group to which the nodes added from now on belong.
    pub fn add_group(&mut self, name: impl Into<String>) {
        let first = NodeId::new(self.nodes.len());
        self.groups.push(Group { name: name.into(), nodes: (first, first) });
    }

    /// Adds a node of `sockets` sockets to the last group (one called `node` where there is none yet), its cores having
    /// `speeds`. The cores are dealt to the sockets in blocks; `sockets` must divide their number.
    /// `bandwidth` is what each socket's memory gives, in bytes per tick.
    pub fn add_node(
        &mut self,
        name: Option<String>,
        sockets: usize,
        bandwidth: f64,
        speeds: &[Speed],
    ) -> NodeId {
        debug_assert!(
            sockets > 0 && speeds.len().is_multiple_of(sockets),
            "{} cores on {sockets} sockets",
            speeds.len()
        );
        if self.groups.is_empty() {
            self.add_group("node");
        }
        let node = NodeId::new(self.nodes.len());
        let (first_core, first_socket) = (self.cores.len(), self.sockets.len());
        self.sockets.extend((0..sockets).map(|_| Socket { node, bandwidth }));
        let each = speeds.len() / sockets;
        self.cores.extend(speeds.iter().enumerate().map(|(at, &speed)| Core {
            node,
            socket: SocketId::new(first_socket + at / each),
            speed,
        }));
        let group = self.groups.len() - 1;
        self.groups[group].nodes.1 = NodeId::new(node.index() + 1);
        self.nodes.push(Node {
            group,
            cores: (CoreId::new(first_core), CoreId::new(self.cores.len())),
            sockets: (SocketId::new(first_socket), SocketId::new(self.sockets.len())),
            name,
        });
        node
    }

    /// The cores of a socket, from the first up to but without the second.
    pub fn socket_cores(&self, socket: SocketId) -> (CoreId, CoreId) {
        let node = &self.nodes[self.sockets[socket.index()].node.index()];
        let each =
            (node.cores.1.index() - node.cores.0.index()) / (node.sockets.1.index() - node.sockets.0.index());
        let first = node.cores.0.index() + each * (socket.index() - node.sockets.0.index());
        (CoreId::new(first), CoreId::new(first + each))
    }
}
