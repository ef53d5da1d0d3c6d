//! What can be pending: the next happening of one kind to one entity, alone and with its instant.

use crate::time::Time;
use std::cmp::Ordering;

/// The next happening of one kind to one entity: the end of core 3's phase, the repair of node 7.
///
/// At most one instant is pending for an alarm. Of alarms at the same instant the lower kind goes off first, and
/// within a kind the lower entity; which was set first never matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Alarm {
    kind: u8,
    entity: u32,
}

impl Alarm {
    /// The alarm of `kind` for `entity`, both counted from 0.
    pub const fn new(kind: u8, entity: u32) -> Self {
        Alarm { kind, entity }
    }

    /// The kind of happening, in the model's numbering.
    pub const fn kind(self) -> u8 {
        self.kind
    }

    /// The index of the entity to which it happens, among those of its kind.
    pub const fn entity(self) -> u32 {
        self.entity
    }
}

/// An alarm with the instant for which it was set. Entries are ordered as they go off.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    at: Time,
    /// The kind above 32 bits of entity. Whole words, because a field that is stored in parts and loaded whole
    /// stalls the processor.
    alarm: u64,
}

impl Entry {
    /// No entry: later than all.
    pub(super) const NONE: Entry = Entry { at: Time::NEVER, alarm: u64::MAX };

    pub(super) const fn new(at: Time, alarm: Alarm) -> Self {
        Entry { at, alarm: (alarm.kind as u64) << 32 | alarm.entity as u64 }
    }

    pub(super) fn is_none(self) -> bool {
        self.at == Time::NEVER
    }

    pub(super) const fn at(self) -> Time {
        self.at
    }

    pub(super) const fn alarm(self) -> Alarm {
        Alarm { kind: (self.alarm >> 32) as u8, entity: self.alarm as u32 }
    }

    /// One number to compare: a subtraction with borrow instead of a branch on equal instants.
    #[inline(always)]
    const fn key(self) -> u128 {
        (self.at.ticks() as u128) << 64 | self.alarm as u128
    }
}

impl PartialEq for Entry {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    #[inline(always)]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }

    // By default the operators go through `partial_cmp`, which takes two comparisons.
    #[inline(always)]
    fn lt(&self, other: &Self) -> bool {
        self.key() < other.key()
    }

    #[inline(always)]
    fn le(&self, other: &Self) -> bool {
        self.key() <= other.key()
    }
}

impl Ord for Entry {
    #[inline(always)]
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}
