//! A tournament tree: the least of many keys, each of which may change at any time.
//!
//! A change touches the groups above it only as far as it alters their winner, so most changes cost one write
//! (Knuth 1998, The Art of Computer Programming 3, §5.4.1).

/// Entrants in a group: one cache line of keys.
const GROUP: usize = 8;

/// The key of an entrant that doesn't take part.
const OUT: u64 = u64::MAX;

/// Entrants `0..` with a key each; the least key wins, among equals the lowest entrant.
pub(super) struct Tournament {
    /// The keys in groups, then the winners of these groups in groups, up to a single group.
    rounds: Vec<Vec<[u64; GROUP]>>,
}

impl Tournament {
    /// A tournament of `entrants`, none of which takes part yet.
    pub(super) fn new(entrants: usize) -> Self {
        let mut tournament = Tournament { rounds: vec![vec![[OUT; GROUP]]] };
        tournament.admit(entrants);
        tournament
    }

    /// Makes room for `entrants` in all.
    pub(super) fn admit(&mut self, entrants: usize) {
        let mut groups = entrants.div_ceil(GROUP);
        for round in &mut self.rounds {
            if groups > round.len() {
                round.resize(groups, [OUT; GROUP]);
            }
            groups = groups.div_ceil(GROUP);
        }
        while self.rounds[self.rounds.len() - 1].len() > 1 {
            let last = &self.rounds[self.rounds.len() - 1];
            let mut winners = vec![[OUT; GROUP]; last.len().div_ceil(GROUP)];
            for (i, group) in last.iter().enumerate() {
                winners[i / GROUP][i % GROUP] = least(group);
            }
            self.rounds.push(winners);
        }
    }

    /// The winner and its key; nothing when nobody takes part.
    pub(super) fn first(&self) -> Option<(usize, u64)> {
        let key = self.first_key();
        if key == OUT {
            return None;
        }
        let descend = |group: usize, round: &Vec<[u64; GROUP]>| group * GROUP + place(&round[group], key);
        Some((self.rounds.iter().rev().fold(0, descend), key))
    }

    /// The least key, `u64::MAX` when nobody takes part.
    pub(super) fn first_key(&self) -> u64 {
        least(&self.rounds[self.rounds.len() - 1][0])
    }

    /// Takes the entrant out.
    pub(super) fn clear(&mut self, entrant: usize) {
        self.set(entrant, OUT);
    }

    /// Gives the entrant a key; `u64::MAX` takes it out.
    pub(super) fn set(&mut self, mut entrant: usize, mut key: u64) {
        for round in 0..self.rounds.len() {
            let old = std::mem::replace(&mut self.rounds[round][entrant / GROUP][entrant % GROUP], key);
            let group = entrant / GROUP;
            let Some(winners) = self.rounds.get(round + 1) else { return };
            let winner = winners[group / GROUP][group % GROUP];
            if key >= winner {
                if old > winner {
                    return;
                }
                key = least(&self.rounds[round][group]);
            }
            entrant = group;
        }
    }
}

/// Where the key stands in a group that has it. Without a branch that nobody can predict.
fn place(group: &[u64; GROUP], key: u64) -> usize {
    (0..GROUP).rev().fold(0, |place, i| if group[i] == key { i } else { place })
}

fn least(group: &[u64; GROUP]) -> u64 {
    group.iter().fold(OUT, |least, &key| least.min(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_winner_is_the_least_key_of_the_lowest_entrant_whatever_changes() {
        let mut tournament = Tournament::new(3);
        let mut keys = vec![OUT; 3];
        let mut state = 1u64;
        for round in 0..20_000 {
            if round % 100 == 0 && keys.len() < 150 {
                keys.push(OUT);
                tournament.admit(keys.len());
            }
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let entrant = (state >> 33) as usize % keys.len();
            keys[entrant] = if state >> 60 == 0 { OUT } else { (state >> 20) % 50 };
            tournament.set(entrant, keys[entrant]);
            let least = keys.iter().copied().min().filter(|&k| k != OUT);
            assert_eq!(
                tournament.first(),
                least.map(|k| (keys.iter().position(|&x| x == k).unwrap_or(0), k))
            );
        }
    }
}
