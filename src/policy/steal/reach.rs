//! What lies how near to a core.

use crate::ids::CoreId;
use crate::policy::Setup;
use crate::rng::Stream;

/// For each core the ranges of cores around it: its socket, its node, and all that the work may use, each once.
#[derive(Debug)]
pub(super) struct Reach {
    first: usize,
    levels: Vec<Vec<(u32, u32)>>,
}

impl Reach {
    /// Of the cores that the work may use.
    pub fn new(setup: &Setup<'_>) -> Self {
        let (first, end) = (setup.on.0 as usize, setup.on.1 as usize);
        let mine = &setup.cores[first..end];
        let mut levels = Vec::with_capacity(mine.len());
        let mut socket = (0, 0);
        let mut node = (0, 0);
        for (at, core) in mine.iter().enumerate() {
            // Cores are numbered node by node, and within a node socket by socket.
            let run = |same: &dyn Fn(usize) -> bool| {
                (at, (at..mine.len()).find(|other| !same(*other)).unwrap_or(mine.len()))
            };
            if at >= socket.1 {
                socket = run(&|other| mine[other].socket == core.socket);
            }
            if at >= node.1 {
                node = run(&|other| mine[other].node == core.node);
            }
            let mut around: Vec<(u32, u32)> = Vec::with_capacity(3);
            for (from, to) in [socket, node, (0, mine.len())] {
                let range = ((first + from) as u32, (first + to) as u32);
                let wider = around.last().is_none_or(|last| *last != range);
                if to - from > 1 && wider {
                    around.push(range);
                }
            }
            levels.push(around);
        }
        Reach { first, levels }
    }

    /// The ranges around `core` that hold another one, nearest first.
    pub fn around(&self, core: CoreId) -> &[(u32, u32)] {
        &self.levels[core.index() - self.first]
    }
}

/// Another core than `thief` of the range, which holds one, drawn at random.
pub(super) fn other(thief: CoreId, (from, to): (u32, u32), choices: &mut Stream) -> CoreId {
    let drawn = u64::from(from) + choices.below(u64::from(to - from) - 1);
    CoreId::new(drawn as usize + usize::from(drawn >= thief.index() as u64))
}
