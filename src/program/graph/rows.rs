//! Rows of different lengths in one flat array (compressed sparse rows).

/// For each row number some items, side by side.
#[derive(Clone, Debug)]
pub(super) struct Rows<T> {
    /// Row `r` is `items[starts[r]..starts[r + 1]]`.
    starts: Vec<usize>,
    items: Vec<T>,
}

impl<T: Copy> Rows<T> {
    /// The rows of `pairs` (row, item), which must be sorted by row and name rows below `count`.
    pub fn from_sorted(count: usize, pairs: &[(usize, T)]) -> Self {
        let mut starts = vec![0; count + 1];
        for &(row, _) in pairs {
            starts[row + 1] += 1;
        }
        for row in 0..count {
            starts[row + 1] += starts[row];
        }
        Self { starts, items: pairs.iter().map(|&(_, item)| item).collect() }
    }

    /// The items of one row.
    pub fn row(&self, row: usize) -> &[T] {
        &self.items[self.starts[row]..self.starts[row + 1]]
    }

    /// The number of items in all rows.
    pub fn len(&self) -> usize {
        self.items.len()
    }
}
