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
    // (start, length, members, sum of each member's wanted start relative to its place in the block)
    let mut blocks: Vec<(f64, f64, Vec<usize>, f64)> = Vec::new();
    for &i in &order {
        let start = wanted[i] - sizes[i] / 2.0;
        let mut block = (start.clamp(low, high - sizes[i]), sizes[i], vec![i], start);
        while let Some(before) = blocks.pop_if(|before| before.0 + before.1 > block.0) {
            let shifted = block.3 - block.2.len() as f64 * before.1;
            let (length, sum) = (before.1 + block.1, before.3 + shifted);
            let members: Vec<usize> = before.2.into_iter().chain(block.2).collect();
            let start = (sum / members.len() as f64).clamp(low, high - length);
            block = (start, length, members, sum);
        }
        blocks.push(block);
    }
    let mut centres = vec![0.0; wanted.len()];
    for (start, _, members, _) in blocks {
        let mut at = start;
        for i in members {
            centres[i] = at + sizes[i] / 2.0;
            at += sizes[i];
        }
    }
    centres
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
