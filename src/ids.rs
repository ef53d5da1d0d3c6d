//! Typed indices into the flat arrays of a run, so that a core is never mistaken for a task.
//!
//! An index counts from 0 in the order of the scenario file; where a tie is broken *to the lowest index*, the order
//! of these types is meant.

macro_rules! ids {
    ($($(#[$about:meta])* $name:ident, $noun:literal;)*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            #[doc = concat!("The ", $noun, " at `index`, counted from 0.")]
            ///
            /// # Panics
            ///
            /// If `index` doesn't fit in 32 bits; counts are checked against that before a run.
            pub const fn new(index: usize) -> Self {
                assert!(index <= u32::MAX as usize, "an index must fit in 32 bits");
                Self(index as u32)
            }

            /// Its place in an array.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A core (a hardware thread under SMT), numbered over the whole machine.
    CoreId, "core";
    /// Who serves a queue, as a policy sees it: a core under its own number, or a replica of a service.
    ServerId, "server";
    /// A node: cores that share a memory and an address in the network.
    NodeId, "node";
    /// A socket, numbered over the whole machine: one NUMA domain.
    SocketId, "socket";
    /// A directed link of the network.
    LinkId, "link";
    /// A task of a workload.
    TaskId, "task";
    /// A datum: a file or message that has an identity, so that it crosses to a node once.
    DatumId, "datum";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_comes_back_and_orders_as_the_number() {
        assert_eq!(TaskId::new(17).index(), 17);
        assert!(CoreId::new(2) < CoreId::new(10));
        assert_eq!(NodeId::new(u32::MAX as usize).index(), u32::MAX as usize);
    }

    #[test]
    #[should_panic(expected = "32 bits")]
    fn an_index_beyond_32_bits_is_refused() {
        let _ = LinkId::new(u32::MAX as usize + 1);
    }
}
