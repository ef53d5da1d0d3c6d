//! Names of tasks: a stem and up to three numbers, so that a million generated names need no text.

use std::fmt;

use crate::ids::TaskId;

/// A number that isn't there. No generated task counts so far.
const ABSENT: u32 = u32::MAX;

/// A stem that [`GraphBuilder::stem`](super::GraphBuilder::stem) has stored once for many tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stem(u32);

/// The name of a task: `render`, or a stem and numbers as in `gemm 3.2.1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskName<'g> {
    stem: &'g str,
    numbers: [u32; 3],
}

impl<'g> TaskName<'g> {
    /// The name without its numbers: what tasks of one kind have in common.
    pub fn stem(&self) -> &'g str {
        self.stem
    }
}

impl fmt::Display for TaskName<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.stem)?;
        let numbers = self.numbers.iter().take_while(|&&number| number != ABSENT);
        for (place, number) in numbers.enumerate() {
            write!(out, "{}{number}", if place == 0 { ' ' } else { '.' })?;
        }
        Ok(())
    }
}

/// The names of all tasks.
#[derive(Clone, Debug, Default)]
pub(super) struct Labels {
    stems: Vec<Box<str>>,
    tasks: Vec<(Stem, [u32; 3])>,
}

impl Labels {
    pub fn stem(&mut self, text: &str) -> Stem {
        let stem = Stem(u32::try_from(self.stems.len()).unwrap_or(ABSENT));
        self.stems.push(text.into());
        stem
    }

    /// Names the next task.
    pub fn push(&mut self, stem: Stem, numbers: &[u32]) {
        assert!(numbers.len() <= 3, "a name has at most three numbers");
        let mut padded = [ABSENT; 3];
        padded[..numbers.len()].copy_from_slice(numbers);
        self.tasks.push((stem, padded));
    }

    pub fn name(&self, task: TaskId) -> TaskName<'_> {
        let (stem, numbers) = self.tasks[task.index()];
        TaskName { stem: &self.stems[stem.0 as usize], numbers }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_stem_with_points_between() {
        let mut labels = Labels::default();
        let gemm = labels.stem("gemm");
        labels.push(gemm, &[3, 2, 0]);
        labels.push(gemm, &[]);
        assert_eq!(labels.name(TaskId::new(0)).to_string(), "gemm 3.2.0");
        assert_eq!(labels.name(TaskId::new(1)).to_string(), "gemm");
        assert_eq!(labels.name(TaskId::new(0)).stem(), "gemm");
    }
}
