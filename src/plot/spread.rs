//! Labels moved apart along one direction.

/// Centres as near as may be to `wanted` (in any order), each `sizes[i]` long, none touching another and all between `low`
/// and `high` as long as there is room; otherwise they run out beyond `high`.
///
/// Labels that would touch form a block around their common mean, which is the least squared displacement.
pub(super) fn apart(wanted: &[f64], sizes: &[f64], (low, high): (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));
    let total: f64 = sizes.iter().sum();
    let high = high.max(low + total);
    let mut blocks: Vec<Block> = Vec::new();
    for &i in &order {
        let start = wanted[i] - sizes[i] / 2.0;
        let mut block = Block { start, length: sizes[i], members: vec![i], sum: start };
        block.settle(low, high);
        while let Some(before) = blocks.pop_if(|before| before.start + before.length > block.start) {
            block = before.joined(block);
            block.settle(low, high);
        }
        blocks.push(block);
    }
    let mut centres = vec![0.0; wanted.len()];
    for block in blocks {
        let mut at = block.start;
        for i in block.members {
            centres[i] = at + sizes[i] / 2.0;
            at += sizes[i];
        }
    }
    centres
}

/// Labels that touch.
struct Block {
    start: f64,
    length: f64,
    members: Vec<usize>,
    /// Over the members, of where each wants the block to start.
    sum: f64,
}

impl Block {
    fn joined(mut self, next: Block) -> Block {
        self.sum += next.sum - next.members.len() as f64 * self.length;
        self.length += next.length;
        self.members.extend(next.members);
        self
    }

    fn settle(&mut self, low: f64, high: f64) {
        let mean = self.sum / self.members.len() as f64;
        self.start = mean.min(high - self.length).max(low);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_with_room_stay_where_they_are_wanted() {
        assert_eq!(apart(&[50.0, 10.0], &[10.0, 10.0], (0.0, 100.0)), [50.0, 10.0]);
    }

    #[test]
    fn crowded_labels_stand_in_order_around_their_mean() {
        let at = apart(&[50.0, 51.0, 49.0], &[10.0; 3], (0.0, 100.0));
        assert_eq!(at, [50.0, 60.0, 40.0]);
    }

    #[test]
    fn labels_stay_inside_and_never_touch() {
        let wanted: Vec<f64> = (0..20).map(|i| f64::from(i * i % 7) * 3.0).collect();
        let at = apart(&wanted, &[5.0; 20], (0.0, 100.0));
        let mut sorted = at.clone();
        sorted.sort_by(f64::total_cmp);
        assert!(sorted.windows(2).all(|p| p[1] - p[0] >= 5.0 - 1e-9));
        assert!(sorted[0] >= 2.5 && sorted[19] <= 97.5 + 1e-9);
    }
}
