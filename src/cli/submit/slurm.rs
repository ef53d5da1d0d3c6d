//! Slurm: an array of jobs, and one that depends on all of them.

use super::{Batch, Engine, Script};
use crate::cli::shell::{command, quoted};
use crate::cli::stop::Stop;

const PARTS: &str = "parts.sh";
const MERGE: &str = "merge.sh";

/// Slurm.
pub(super) struct Slurm;

impl Engine for Slurm {
    fn scripts(&self, batch: &Batch) -> Vec<Script> {
        let (name, parts) = (&batch.name, batch.parts.display());
        let array = batch.part("INDEX").iter().map(|word| in_array(word)).collect::<Vec<_>>().join(" ");
        let head = |what: &str, log: &str| {
            format!(
                "#!/bin/bash\n#SBATCH --job-name={}\n#SBATCH --output={}\n#SBATCH --open-mode=append\n",
                one_word(&format!("{name}-{what}")),
                quoted(&format!("{parts}/{log}"))
            )
        };
        // A part that is stopped goes on where it was when it is queued again; a minute before its time is over it is
        // told to end.
        let each = format!(
            "{}#SBATCH --array=1-{}\n#SBATCH --cpus-per-task={}\n#SBATCH --requeue\n#SBATCH --signal=B:TERM@60\nexec {array}\n",
            head("parts", "%a.log"),
            batch.shards,
            batch.jobs,
        );
        let words = batch.merge();
        let merge = command(words.iter().map(String::as_str));
        let merge = format!("{}exec {merge}\n", head("merge", "merge.log"));
        vec![Script { name: PARTS, text: each }, Script { name: MERGE, text: merge }]
    }

    fn submit(&self, batch: &Batch) -> Result<String, Stop> {
        let path = |name: &str| batch.parts.join(name).display().to_string();
        let sbatch = |more: &[&str], script: &str| {
            let mut words = vec!["sbatch", "--parsable"];
            words.extend(batch.options.iter().map(String::as_str));
            words.extend(more);
            let script = path(script);
            words.push(&script);
            // With several clusters the number is followed by the cluster's name.
            batch.call(&words).map(|said| said.split(';').next().unwrap_or_default().to_owned())
        };
        let parts = sbatch(&[], PARTS)?;
        let after = format!("--dependency=afterok:{parts}");
        // Where a part fails the merging would wait for ever.
        let merge = sbatch(&[&after, "--kill-on-invalid-dep=yes"], MERGE)?;
        let (count, out) = (batch.shards, batch.out.display());
        Ok(format!(
            "job {parts} does {count} parts in {}, and job {merge} merges them into {out}",
            batch.parts.display()
        ))
    }
}

/// A word of the command of an array's jobs, as the shell reads it: the number of the part goes where `INDEX` stands.
fn in_array(word: &str) -> String {
    match word.split_once("INDEX") {
        Some((before, after)) if before.is_empty() || before.ends_with('/') => {
            let quote = |text: &str| if text.is_empty() { String::new() } else { quoted(text) };
            format!("{}\"$SLURM_ARRAY_TASK_ID\"{}", quote(before), quote(after))
        }
        _ => quoted(word),
    }
}

fn one_word(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() || "._-".contains(c) { c } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_the_part_stands_where_its_index_does() {
        assert_eq!(in_array("INDEX/7"), "\"$SLURM_ARRAY_TASK_ID\"/7");
        assert_eq!(in_array("my parts/INDEX"), "'my parts/'\"$SLURM_ARRAY_TASK_ID\"");
        assert_eq!(in_array("title=INDEXED"), "title=INDEXED");
    }
}
