//! HyperQueue: a job of tasks, the last of which depends on all others (Beránek et al. 2024, *SoftwareX* 27).

use super::{Batch, Engine, Script};
use crate::cli::stop::Stop;

const JOB: &str = "job.toml";

/// HyperQueue.
pub(super) struct HyperQueue;

impl Engine for HyperQueue {
    fn scripts(&self, batch: &Batch) -> Vec<Script> {
        let mut text = format!("name = {}\n", toml(&batch.name));
        for index in 1..=batch.shards {
            let number = index.to_string();
            text += &task(batch, index, &batch.part(&number), &number, batch.jobs);
        }
        let after: Vec<String> = (1..=batch.shards).map(|index| index.to_string()).collect();
        let last = task(batch, batch.shards + 1, &batch.merge(), "merge", 1);
        // Keys of the task come before its table of resources.
        text += &last.replacen("\ncommand", &format!("\ndeps = [{}]\ncommand", after.join(", ")), 1);
        vec![Script { name: JOB, text }]
    }

    fn submit(&self, batch: &Batch) -> Result<String, Stop> {
        let path = batch.parts.join(JOB).display().to_string();
        let mut words = vec!["hq", "job", "submit-file"];
        words.extend(batch.options.iter().map(String::as_str));
        words.push(&path);
        let said = batch.call(&words)?;
        let (count, out) = (batch.shards, batch.out.display());
        Ok(format!(
            "{said}\n{count} tasks do the parts in {}, and one more merges them into {out}",
            batch.parts.display()
        ))
    }
}

fn task(batch: &Batch, id: u32, words: &[String], log: &str, jobs: u16) -> String {
    let words: Vec<String> = words.iter().map(|word| toml(word)).collect();
    let parts = batch.folder.join(&batch.parts);
    let file = |end: &str| toml(&parts.join(format!("{log}.{end}")).display().to_string());
    format!(
        "\n[[task]]\nid = {id}\nstdout = {}\nstderr = {}\ncwd = {}\ncommand = [{}]\n[[task.request]]\nresources = {{ \
         \"cpus\" = \"{jobs}\" }}\n",
        file("out"),
        file("log"),
        toml(&batch.folder.display().to_string()),
        words.join(", "),
    )
}

/// A text as TOML spells it.
fn toml(text: &str) -> String {
    toml::Value::from(text).to_string()
}
