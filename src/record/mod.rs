//! Records: the facts of a run, the accounting of core time, and what a replicate comes to.
