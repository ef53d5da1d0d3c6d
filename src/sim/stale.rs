//! Loads as they were some time ago.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use crate::ids::ServerId;
use crate::policy::{Load, Stale};
use crate::rng::{Key, Purpose, Stream};
use crate::time::{Span, Time};

/// The loads of servers as dispatchers see them, who aren't told at once. What isn't seen yet takes an entry for each
/// change under an age, and one for each server under a board.
pub(super) struct StaleLoads {
    /// As they are seen.
    pub seen: Vec<Load>,
    /// The servers seen with another load than when the policy was last asked.
    pub changed: Vec<ServerId>,
    news: News,
}

/// What will be seen later.
enum News {
    /// Each change with the instant at which it will be seen, the first to be seen first.
    Travels { age: Span, under_way: VecDeque<(Time, ServerId, Load)> },
    /// Boards.
    Posted {
        period: Span,
        /// When each server first posts its load; empty where all post at 0.
        offsets: Vec<Span>,
        /// The loads of now, and the servers whose next line will be another, by the instant of that.
        now: Vec<Load>,
        due: BinaryHeap<Reverse<(Time, ServerId)>>,
        listed: Vec<bool>,
    },
}

impl StaleLoads {
    /// Everything is seen as it is at the start. `key` draws when servers post their loads.
    pub fn new(rule: Stale, loads: &[Load], key: Key) -> Self {
        let posted = |period: Span, offsets: Vec<Span>| News::Posted {
            period,
            offsets,
            now: loads.to_vec(),
            due: BinaryHeap::new(),
            listed: vec![false; loads.len()],
        };
        let news = match rule {
            Stale::Age(age) => News::Travels { age, under_way: VecDeque::new() },
            Stale::Board(period) => posted(period, Vec::new()),
            Stale::Individual(period) => {
                let mut draws = Stream::new(Key { purpose: Purpose::Offset, ..key });
                let offsets = loads.iter().map(|_| Span::from_ticks(draws.below(period.ticks())));
                posted(period, offsets.collect())
            }
        };
        StaleLoads { seen: loads.to_vec(), changed: Vec::new(), news }
    }

    /// A server has had this load since the instant `now`, all of whose decisions have been made.
    pub fn note(&mut self, server: ServerId, load: Load, at: Time) {
        self.catch_up(at);
        match &mut self.news {
            News::Travels { age, under_way } => under_way.push_back((at + *age, server, load)),
            News::Posted { period, offsets, now, due, listed } => {
                now[server.index()] = load;
                if !std::mem::replace(&mut listed[server.index()], true) {
                    let offset = offsets.get(server.index()).copied().unwrap_or_default();
                    due.push(Reverse((next(at, offset, *period), server)));
                }
            }
        }
    }

    /// Sees what can be seen at the instant `at`.
    pub fn catch_up(&mut self, at: Time) {
        match &mut self.news {
            News::Travels { under_way, .. } => {
                while let Some(&(instant, server, load)) = under_way.front()
                    && instant <= at
                {
                    under_way.pop_front();
                    self.seen[server.index()] = load;
                    self.changed.push(server);
                }
            }
            News::Posted { now, due, listed, .. } => {
                while let Some(&Reverse((instant, server))) = due.peek()
                    && instant <= at
                {
                    due.pop();
                    listed[server.index()] = false;
                    self.seen[server.index()] = now[server.index()];
                    self.changed.push(server);
                }
            }
        }
    }
}

/// The first instant after `at` at which a server posts its load.
fn next(at: Time, offset: Span, period: Span) -> Time {
    let first = Time::ZERO + offset;
    if at < first {
        return first;
    }
    let passed = (at - first).ticks() / period.ticks();
    first + Span::from_ticks(period.ticks().saturating_mul(passed + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = Key { seed: 1, replicate: 0, source: 0, purpose: Purpose::Choice };

    fn load(tasks: u32) -> Load {
        Load { tasks, queued: Span::ZERO, busy_until: Time::ZERO, speed: 1.0 }
    }

    fn at(ticks: u64) -> Time {
        Time::from_ticks(ticks)
    }

    fn seen(loads: &mut StaleLoads, now: u64) -> Vec<u32> {
        loads.catch_up(at(now));
        loads.seen.iter().map(|load| load.tasks).collect()
    }

    #[test]
    fn under_an_age_each_change_is_seen_so_much_later() {
        let mut loads = StaleLoads::new(Stale::Age(Span::from_ticks(10)), &[load(0); 2], KEY);
        for (instant, server, tasks) in [(3, 0, 1), (4, 1, 1), (4, 0, 2), (9, 0, 1)] {
            loads.note(ServerId::new(server), load(tasks), at(instant));
        }
        let all = [(12, [0, 0]), (13, [1, 0]), (14, [2, 1]), (18, [2, 1]), (19, [1, 1])];
        for (now, expected) in all {
            assert_eq!(seen(&mut loads, now), expected, "{now}");
        }
    }

    #[test]
    fn a_board_shows_what_was_so_just_before_it_was_written() {
        let mut loads = StaleLoads::new(Stale::Board(Span::from_ticks(10)), &[load(0); 2], KEY);
        loads.note(ServerId::new(0), load(1), at(3));
        loads.note(ServerId::new(0), load(2), at(9));
        assert_eq!(seen(&mut loads, 9), [0, 0]);
        // What happens at 10 comes on the board of 20, whether anybody looked in between or not.
        loads.note(ServerId::new(0), load(3), at(10));
        loads.note(ServerId::new(1), load(1), at(10));
        assert_eq!(seen(&mut loads, 10), [2, 0]);
        assert_eq!(seen(&mut loads, 19), [2, 0]);
        loads.note(ServerId::new(1), load(7), at(35));
        assert_eq!(seen(&mut loads, 35), [3, 1]);
        assert_eq!(seen(&mut loads, 40), [3, 7]);
    }

    #[test]
    fn servers_post_each_at_their_own_instants_once_in_a_period() {
        let period = 1000;
        let mut loads = StaleLoads::new(Stale::Individual(Span::from_ticks(period)), &[load(0); 50], KEY);
        let mut posted = vec![Vec::new(); 50];
        for now in 1..4 * period {
            for server in 0..50 {
                loads.note(ServerId::new(server), load(now as u32), at(now));
            }
            loads.changed.clear();
            loads.catch_up(at(now + 1));
            for server in &loads.changed {
                assert_eq!(loads.seen[server.index()].tasks, now as u32);
                posted[server.index()].push(now + 1);
            }
        }
        for instants in &posted {
            assert!(instants.len() >= 3, "{instants:?}");
            assert!(instants.windows(2).all(|two| two[1] - two[0] == period), "{instants:?}");
        }
        let mut first: Vec<u64> = posted.iter().map(|instants| instants[0] % period).collect();
        first.sort_unstable();
        first.dedup();
        assert!(first.len() > 40, "{first:?}");
    }
}
