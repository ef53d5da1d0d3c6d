//! The alarms that are set, in the order of (time, kind, entity).

use super::alarm::{Alarm, Entry};
use super::heap::Heap;
use super::ladder::Ladder;
use crate::time::Time;

/// With more entries than this a ladder is faster than the bare heap.
const MANY: usize = 80;
/// So many dead entries are always tolerated, that compacting a small queue isn't all it does.
const SLACK: usize = 32;

/// The alarms that are set and have not gone off, and the clock: the instant of the last one that has.
///
/// Each is O(1) amortised and allocates nothing once the tables have grown to what the model uses: setting, setting
/// anew, clearing and popping. The order of popping is (time, kind, entity), whatever the order of setting.
///
/// ```
/// use makespan::engine::{Alarm, Queue};
/// use makespan::time::Time;
///
/// let (end, timer) = (Alarm::new(0, 7), Alarm::new(1, 3));
/// let mut queue = Queue::new(2);
/// queue.set(timer, Time::from_ticks(5));
/// queue.set(end, Time::from_ticks(9));
/// queue.set(end, Time::from_ticks(5));
/// assert_eq!(queue.pop(), Some((Time::from_ticks(5), end)));
/// queue.clear(timer);
/// assert_eq!(queue.pop(), None);
/// ```
pub struct Queue {
    now: Time,
    /// By kind and entity, the instant for which an alarm is set. An entry is live if it has this instant: no stamp
    /// is needed to tell it from an earlier setting, and of two equal entries it doesn't matter which one goes off.
    set_for: Vec<Vec<Time>>,
    /// The earliest live entry, in none of the following; [`Entry::NONE`] if it must be looked for.
    first: Entry,
    /// The near future as it came out of the ladder: sorted, those before `next` have gone off.
    near: Vec<Entry>,
    next: usize,
    /// What was set for the near future since. While few are pending, all are here.
    late: Heap,
    /// The rest.
    far: Ladder,
    /// Entries in `near`, `late` and `far` that are not live.
    dead: usize,
}

impl Queue {
    /// An empty queue at time zero, for alarms of kinds below `kinds`.
    pub fn new(kinds: u8) -> Self {
        Queue {
            now: Time::ZERO,
            set_for: vec![Vec::new(); usize::from(kinds)],
            first: Entry::NONE,
            near: Vec::new(),
            next: 0,
            late: Heap::new(),
            far: Ladder::new(),
            dead: 0,
        }
    }

    /// The instant of the last alarm that was popped.
    pub fn now(&self) -> Time {
        self.now
    }

    /// How many alarms are set.
    pub fn len(&self) -> usize {
        usize::from(!self.first.is_none()) + self.stored() - self.dead
    }

    /// Whether no alarm is set.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The instant for which `alarm` is set, or [`Time::NEVER`].
    pub fn set_for(&self, alarm: Alarm) -> Time {
        self.set_for[usize::from(alarm.kind())].get(alarm.entity() as usize).copied().unwrap_or(Time::NEVER)
    }

    /// Whether `alarm` is set.
    pub fn is_set(&self, alarm: Alarm) -> bool {
        self.set_for(alarm) != Time::NEVER
    }

    /// Sets `alarm` for the instant `at` and no longer for any other. [`Time::NEVER`] clears it.
    ///
    /// # Panics
    ///
    /// If `at` lies before [`Queue::now`], or the alarm's kind is not below the number of kinds.
    pub fn set(&mut self, alarm: Alarm, at: Time) {
        if at < self.now {
            refuse_past(alarm, at, self.now);
        }
        let times = &mut self.set_for[usize::from(alarm.kind())];
        let Some(time) = times.get_mut(alarm.entity() as usize) else {
            return self.set_new(alarm, at);
        };
        let before = std::mem::replace(time, at);
        if before != Time::NEVER {
            return self.set_anew(alarm, before, at);
        }
        if at != Time::NEVER {
            self.push(Entry::new(at, alarm));
        }
    }

    /// Sets an alarm for which there is no place yet. Apart and last in [`Queue::set`], as all that is rare, so that
    /// the usual course needs no stack.
    #[cold]
    #[inline(never)]
    fn set_new(&mut self, alarm: Alarm, at: Time) {
        let places = (alarm.entity() as usize + 1).next_power_of_two();
        self.set_for[usize::from(alarm.kind())].resize(places, Time::NEVER);
        self.set(alarm, at);
    }

    /// Sets for `at` an alarm that was set for `before`.
    #[inline(never)]
    fn set_anew(&mut self, alarm: Alarm, before: Time, at: Time) {
        if before != at {
            self.forget(Entry::new(before, alarm));
            if at != Time::NEVER {
                self.push(Entry::new(at, alarm));
            }
        }
    }

    /// Clears `alarm`, if it is set.
    pub fn clear(&mut self, alarm: Alarm) {
        if self.is_set(alarm) {
            self.set(alarm, Time::NEVER);
        }
    }

    /// The instant of the next alarm.
    #[inline]
    pub fn next_time(&mut self) -> Option<Time> {
        self.find().then(|| self.first.at())
    }

    /// The next alarm and its instant, which is now. The alarm is no longer set.
    #[inline]
    pub fn pop(&mut self) -> Option<(Time, Alarm)> {
        self.find().then(|| (self.first.at(), self.pop_first()))
    }

    /// The next alarm, if it goes off at exactly this instant.
    #[inline]
    pub fn pop_at(&mut self, at: Time) -> Option<Alarm> {
        (self.find() && self.first.at() == at).then(|| self.pop_first())
    }

    /// The alarm that [`Queue::next_time`] has just found, which must not have been none.
    #[inline]
    pub(super) fn pop_first(&mut self) -> Alarm {
        let alarm = self.first.alarm();
        self.now = self.first.at();
        self.first = Entry::NONE;
        self.set_for[usize::from(alarm.kind())][alarm.entity() as usize] = Time::NEVER;
        alarm
    }

    /// Makes sure that the earliest live entry stands in `first`; false if there is none.
    #[inline(always)]
    fn find(&mut self) -> bool {
        while self.first.is_none() {
            let near = self.near.get(self.next).copied().unwrap_or(Entry::NONE);
            let late = self.late.first();
            let earliest = near.min(late);
            if late < near {
                self.late.pop();
            } else if !near.is_none() {
                self.next += 1;
            } else if self.far.len() > 0 {
                self.refill();
                continue;
            } else {
                return false;
            }
            if self.dead == 0 || self.is_live(earliest) {
                self.first = earliest;
            } else {
                self.dead -= 1;
            }
        }
        true
    }

    fn is_live(&self, entry: Entry) -> bool {
        self.set_for(entry.alarm()) == entry.at()
    }

    #[inline(always)]
    fn push(&mut self, mut entry: Entry) {
        if !self.first.is_none() && entry < self.first {
            std::mem::swap(&mut entry, &mut self.first);
        }
        if entry.at() > self.far.base() {
            self.far.push(entry);
        } else if self.late.has_hole() {
            self.late.fill(entry);
        } else {
            self.push_late(entry);
        }
    }

    #[inline(never)]
    fn push_late(&mut self, entry: Entry) {
        self.late.push(entry);
        if self.late.len() > MANY {
            self.relieve();
        }
    }

    /// Entries in store.
    fn stored(&self) -> usize {
        self.near.len() - self.next + self.late.len() + self.far.len()
    }

    /// Brings the next entries from afar. Nothing else may be in store.
    #[cold]
    #[inline(never)]
    fn refill(&mut self) {
        if self.is_mostly_dead() {
            return self.compact();
        }
        self.next = 0;
        self.near.clear();
        self.far.open(&mut self.near);
        if self.dead > 0 {
            let stored = self.near.len();
            let mut near = std::mem::take(&mut self.near);
            near.retain(|&entry| self.is_live(entry));
            self.dead -= stored - near.len();
            self.near = near;
        }
        self.near.sort_unstable();
    }

    /// Moves an overlong heap on to where it costs less, as soon as nothing else is near.
    #[cold]
    #[inline(never)]
    fn relieve(&mut self) {
        if self.next == self.near.len() {
            self.next = 0;
            self.near.clear();
            self.late.drain_into(&mut self.near);
            self.far.divide(&mut self.near);
            self.near.sort_unstable();
        }
    }

    /// Reckons with the death of an entry and removes all dead ones when they are more than the living.
    fn forget(&mut self, entry: Entry) {
        if self.first == entry {
            self.first = Entry::NONE;
            return;
        }
        self.dead += 1;
        if self.is_mostly_dead() {
            // The instant that replaces the entry's isn't in store yet, and what is there from before is dead.
            let at = self.set_for(entry.alarm());
            self.set_entry(entry, Time::NEVER);
            self.compact();
            self.set_entry(entry, at);
        }
    }

    fn is_mostly_dead(&self) -> bool {
        self.dead > self.len() + SLACK
    }

    fn compact(&mut self) {
        let first = std::mem::replace(&mut self.first, Entry::NONE);
        let mut entries: Vec<Entry> = self.near.split_off(self.next);
        entries.extend(Some(first).filter(|first| !first.is_none()));
        self.late.drain_into(&mut entries);
        self.far.drain_into(&mut entries);
        // Of equal entries only one may stay: the first to be found unsets the alarm while the others are judged.
        entries.retain(|&entry| {
            let live = self.is_live(entry);
            if live {
                self.set_entry(entry, Time::NEVER);
            }
            live
        });
        for &entry in &entries {
            self.set_entry(entry, entry.at());
        }
        self.dead = 0;
        self.far.divide(&mut entries);
        entries.sort_unstable();
        (self.near, self.next) = (entries, 0);
    }

    fn set_entry(&mut self, entry: Entry, at: Time) {
        let alarm = entry.alarm();
        self.set_for[usize::from(alarm.kind())][alarm.entity() as usize] = at;
    }
}

#[cold]
#[inline(never)]
fn refuse_past(alarm: Alarm, at: Time, now: Time) -> ! {
    panic!("{alarm:?} set for {at:?}, which is past at {now:?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ticks: u64) -> Time {
        Time::from_ticks(ticks)
    }

    fn alarm(entity: u32) -> Alarm {
        Alarm::new(0, entity)
    }

    #[test]
    fn an_alarm_of_an_instant_that_is_being_drained_comes_in_its_order() {
        let mut queue = Queue::new(3);
        queue.set(Alarm::new(0, 1), at(4));
        queue.set(Alarm::new(2, 0), at(4));
        queue.set(Alarm::new(0, 0), at(5));
        assert_eq!(queue.pop_at(at(4)), Some(Alarm::new(0, 1)));
        queue.set(Alarm::new(1, 7), at(4));
        queue.set(Alarm::new(0, 0), at(4));
        queue.set(Alarm::new(2, 9), at(4));
        let rest: Vec<_> = std::iter::from_fn(|| queue.pop_at(at(4))).collect();
        assert_eq!(rest, [Alarm::new(0, 0), Alarm::new(1, 7), Alarm::new(2, 0), Alarm::new(2, 9)]);
        assert!(queue.is_empty());
    }

    #[test]
    fn an_alarm_set_to_and_fro_goes_off_once() {
        let mut queue = Queue::new(1);
        for turn in 0..10_000 {
            queue.set(alarm(0), at(10 + turn % 2));
            assert_eq!(queue.len(), 1);
            assert!(queue.stored() <= 2 + SLACK);
        }
        assert_eq!(queue.pop(), Some((at(11), alarm(0))));
        assert_eq!(queue.pop(), None);
    }

    #[test]
    fn the_dead_are_never_many_more_than_the_living() {
        let mut queue = Queue::new(1);
        let check = |queue: &Queue| assert!(queue.stored() <= 2 * queue.len() + MANY + SLACK);
        for round in 0..5 {
            for entity in 0..1_000 {
                queue.set(alarm(entity), at(round + u64::from(entity) * 7_919 % 1_000));
                check(&queue);
            }
        }
        for entity in (0..1_000).step_by(3) {
            queue.clear(alarm(entity));
            check(&queue);
        }
        assert_eq!(queue.len(), 666);
        while queue.pop().is_some() {
            check(&queue);
        }
    }

    #[test]
    #[should_panic = "past"]
    fn the_past_cannot_be_set() {
        let mut queue = Queue::new(1);
        queue.set(alarm(0), at(2));
        queue.pop();
        queue.set(alarm(0), at(1));
    }
}
