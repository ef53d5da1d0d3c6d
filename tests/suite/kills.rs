//! Runs, parts and mergings that are ended at random moments and taken up again: the same bytes in the end, every time.
//!
//! A sample of the moments is tried here; `.ci/kills` tries hundreds, on a disk that is full in earnest.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "a test may look outside")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use makespan::rng::{Key, Purpose, Stream};

use crate::common::scratch::{Scratch, err, signal};

/// In which ways the program is ended.
const WAYS: [&str; 4] = ["KILL", "TERM", "INT", "full disk"];

/// A command that is ended, with what is done before it and after it for a run's folder to be there.
struct Subject {
    name: &'static str,
    before: &'static [&'static [&'static str]],
    command: &'static [&'static str],
    after: &'static [&'static [&'static str]],
    /// A command that leaves the same folder.
    single: &'static [&'static str],
}

const SUBJECTS: [Subject; 5] = [
    Subject {
        name: "run",
        before: &[],
        command: &["run", "swept.toml", "--out", "run", "-q", "-j", "2"],
        after: &[],
        single: &["run", "swept.toml", "--out", "single", "-q"],
    },
    Subject {
        name: "run to a precision",
        before: &[],
        command: &["run", "precise.toml", "--out", "run", "-q", "-j", "2"],
        after: &[],
        single: &["run", "precise.toml", "--out", "single", "-q"],
    },
    Subject {
        name: "run for the best",
        before: &[],
        command: &["run", "best.toml", "--out", "run", "-q", "-j", "2"],
        after: &[],
        single: &["run", "best.toml", "--out", "single", "-q"],
    },
    Subject {
        name: "part",
        before: &[&["run", "swept.toml", "--shard", "2/2", "--out", "two", "-q"]],
        command: &["run", "swept.toml", "--shard", "1/2", "--out", "one", "-q", "-j", "2"],
        after: &[&["merge", "one", "two", "--out", "run", "-q"]],
        single: &["run", "swept.toml", "--out", "single", "-q"],
    },
    Subject {
        name: "merging",
        before: &[
            &["run", "best.toml", "--shard", "1/2", "--out", "one", "-q"],
            &["run", "best.toml", "--shard", "2/2", "--out", "two", "-q"],
        ],
        command: &["merge", "two", "one", "--out", "run", "-q"],
        after: &[],
        single: &["run", "best.toml", "--out", "single", "-q"],
    },
];

/// How often the program is ended in each way at least: a sample, or as often as is asked for.
fn times() -> usize {
    std::env::var("MAKESPAN_KILLS").map_or(3, |text| text.parse().expect("MAKESPAN_KILLS is a number"))
}

/// A file system that can be filled without harm to anybody, where there is one.
fn disk() -> Option<PathBuf> {
    std::env::var_os("MAKESPAN_DISK").map(PathBuf::from)
}

/// Random numbers of a test.
fn draws(source: u64) -> Stream {
    Stream::new(Key { seed: 20_261_126, replicate: 0, source, purpose: Purpose::Work })
}

/// What is known of a subject before it is disturbed.
struct Undisturbed {
    files: BTreeMap<PathBuf, Vec<u8>>,
    /// Names of all that is left.
    names: Vec<String>,
    /// How long its command takes, and how many bytes it leaves at most.
    takes: f64,
    bytes: f64,
}

impl Subject {
    /// Does all of it undisturbed, and leaves what stands before the command.
    fn undisturbed(&self, scratch: &Scratch) -> Undisturbed {
        scratch.must(self.single);
        let files = scratch.run("single");
        fs::remove_dir_all(scratch.path("single")).unwrap();
        self.before.iter().for_each(|arguments| drop(scratch.must(arguments)));
        let began = Instant::now();
        scratch.must(self.command);
        let takes = began.elapsed().as_secs_f64();
        self.after.iter().for_each(|arguments| drop(scratch.must(arguments)));
        let names = scratch.names();
        assert!(scratch.run("run") == files, "{}", self.name);
        self.remove(scratch);
        // The journal comes on top, and what is half written beside what stands there.
        let bytes = 1.2 * files.values().map(Vec::len).sum::<usize>() as f64;
        Undisturbed { files, names, takes, bytes }
    }

    /// Removes what its command and what comes after it have made.
    fn remove(&self, scratch: &Scratch) {
        let made = |command: &&[&str]| {
            let at = command.iter().position(|word| *word == "--out").unwrap();
            scratch.path(command[at + 1])
        };
        [self.command].iter().chain(self.after).map(made).for_each(|folder| {
            // A command may have been ended before it made anything.
            let _ = fs::remove_dir_all(folder);
        });
    }

    /// Begins its command and ends it at `moment` between 0 and 1 of all that it does; what became of it.
    fn disturb(&self, scratch: &Scratch, way: &str, moment: f64, known: &Undisturbed) -> &'static str {
        if way == "full disk" {
            let room = moment * 1.05 * known.bytes;
            let output = match disk() {
                Some(_) => on_a_full_disk(scratch, self.command, room),
                None => with_short_files(scratch, self.command, room),
            };
            return match output.status.code() {
                Some(0) => "complete",
                Some(1) => {
                    let said = err(&output);
                    assert!(said.contains("No space left") || said.contains("File too large"), "{said}");
                    "ended"
                }
                code => panic!("{}: a full disk: {code:?}, {}", self.name, err(&output)),
            };
        }
        let mut child =
            scratch.command(self.command).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_secs_f64(moment * known.takes * 1.05));
        signal(&child, way);
        match child.wait().unwrap().code() {
            Some(0) => "complete",
            Some(130) if way != "KILL" => "ended",
            // Whoever is told to end before it listens ends at once.
            None => "ended",
            code => panic!("{}: {way}: {code:?}", self.name),
        }
    }
}

/// Runs a command on a disk that has room for so many bytes more.
fn on_a_full_disk(scratch: &Scratch, command: &[&str], room: f64) -> Output {
    let output =
        Command::new("df").args(["--output=avail", "-B1", "."]).current_dir(scratch.path("")).output();
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    let available: f64 = text.lines().nth(1).and_then(|number| number.trim().parse().ok()).expect("df tells");
    let filler = scratch.path("filler.toml");
    fs::write(&filler, vec![0; (available - room).max(0.0) as usize]).unwrap();
    let output = scratch.makespan(command);
    fs::remove_file(filler).unwrap();
    output
}

/// Runs a command whose files can't get longer than so many bytes: a disk that is full for the longest of them.
fn with_short_files(scratch: &Scratch, command: &[&str], room: f64) -> Output {
    let blocks = 1 + (room / 2.0 / 1024.0) as u64;
    let program = env!("CARGO_BIN_EXE_makespan");
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec {program} {}", command.join(" "));
    Command::new("bash").args(["-c", &script]).current_dir(scratch.path("")).output().unwrap()
}

fn scratch(name: &str) -> Scratch {
    disk().map_or_else(|| Scratch::new(name), |disk| Scratch::below(&disk, name))
}

#[test]
fn whenever_and_however_it_is_ended_it_goes_on_to_the_same_bytes() {
    let mut tally: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (own, subject) in SUBJECTS.iter().enumerate() {
        let scratch = scratch("kill");
        let known = subject.undisturbed(&scratch);
        let mut draws = draws(own as u64);
        for (number, way) in WAYS.iter().enumerate() {
            // Subjects take turns, so that a sample has all ways and all subjects.
            for time in (0..times()).filter(|time| (time + number) % SUBJECTS.len() == own) {
                // Ended up to three times, at any moment of all that it does.
                for _ in 0..=(draws.uniform() * 3.0) as u32 {
                    let ended = subject.disturb(&scratch, way, draws.uniform(), &known);
                    *tally.entry((way, ended)).or_default() += 1;
                }
                scratch.must(subject.command);
                subject.after.iter().for_each(|arguments| drop(scratch.must(arguments)));
                assert!(scratch.run("run") == known.files, "{}: {way}, time {time}", subject.name);
                assert_eq!(scratch.names(), known.names, "nothing else is left");
                subject.remove(&scratch);
            }
        }
    }
    let mut lines: Vec<String> =
        tally.iter().map(|((way, ended), times)| format!("{way}: {times} {ended}")).collect();
    lines.sort();
    println!("however it was ended, it came to the same bytes: {}", lines.join(", "));
    assert!(tally.iter().any(|((_, how), times)| *how == "ended" && *times > 0), "none was ended: {tally:?}");
}

#[test]
fn two_processes_in_one_folder_do_each_other_no_harm() {
    let subject = &SUBJECTS[0];
    let scratch = scratch("two");
    let known = subject.undisturbed(&scratch);
    let mut draws = draws(17);
    let mut tally: BTreeMap<&str, usize> = BTreeMap::new();
    for time in 0..times() {
        let begin = || {
            let mut command = scratch.command(subject.command);
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let mut wait = |part: f64| {
            std::thread::sleep(Duration::from_secs_f64(draws.uniform() * known.takes * part));
        };
        let first = begin();
        wait(1.2);
        let second = begin();
        wait(0.5);
        // In half of all cases the first ends in the midst of it.
        if time % 2 == 1 {
            signal(&first, "KILL");
        }
        for child in [first, second] {
            let output = child.wait_with_output().unwrap();
            *tally
                .entry(match output.status.code() {
                    Some(0) => "complete",
                    Some(1) => {
                        assert!(err(&output).contains("another process"), "{}", err(&output));
                        "refused"
                    }
                    None => "killed",
                    code => panic!("{code:?}: {}", err(&output)),
                })
                .or_default() += 1;
        }
        scratch.must(subject.command);
        assert!(scratch.run("run") == known.files, "time {time}");
        assert_eq!(scratch.names(), known.names, "nothing else is left");
        subject.remove(&scratch);
    }
    println!("two processes in one folder: {tally:?}");
}
