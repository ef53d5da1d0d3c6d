//! Runs that are ended and taken up again, and runs in parts: the same bytes in the end.
#![allow(clippy::disallowed_methods, reason = "a test may look outside")]

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::common::scratch::{SWEPT, Scratch, err, signal};

/// Waits until a run has kept so many bytes, or has ended.
fn wait_for_journal(child: &mut Child, journal: &Path, bytes: u64) {
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() && fs::metadata(journal).map_or(0, |it| it.len()) < bytes {
        assert!(began.elapsed() < Duration::from_secs(120), "the journal doesn't grow");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
#[cfg(unix)]
fn an_interrupted_run_says_what_is_kept_and_does_no_more_than_the_rest() {
    let scratch = Scratch::new("say");
    let arguments = ["run", "swept.toml", "--out", "run", "-j", "1"];
    let mut child = scratch.command(&arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for_journal(&mut child, &scratch.path("run/journal"), 40_000);
    signal(&child, "INT");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", err(&output));
    assert!(
        err(&output).contains("replicates are kept in `run`, and the same command goes on"),
        "{}",
        err(&output)
    );
    assert_eq!(scratch.names(), ["run"]);
    let kept: u64 = err(&output).split_whitespace().nth(1).unwrap().parse().unwrap();
    let status = scratch.must(&["status", "run"]);
    assert!(status.contains(&format!("missing are {} of 720 replicates", 720 - kept)), "{status}");
    // Half a record behind it, as a power cut may leave, is dropped.
    let mut journal = fs::read(scratch.path("run/journal")).unwrap();
    journal.extend([17; 100]);
    fs::write(scratch.path("run/journal"), &journal).unwrap();
    let output = scratch.makespan(&arguments);
    assert!(
        err(&output).contains("the last 100 bytes of `run/journal` were no whole record"),
        "{}",
        err(&output)
    );
    let log = fs::read_to_string(scratch.path("run/run.log")).unwrap();
    assert!(
        log.contains(&format!("simulated {} replicates; {kept} were there already", 720 - kept)),
        "{log}"
    );
    assert!(!scratch.path("run/journal").exists(), "a complete run needs no journal");
}

#[test]
#[cfg(unix)]
fn what_is_kept_of_another_scenario_is_not_lost_unasked() {
    let scratch = Scratch::new("other");
    let run =
        |more: &[&str]| scratch.makespan(&[&["run", "swept.toml", "--out", "run", "-q"], more].concat());
    assert_eq!(run(&["--budget", "1ms"]).status.code(), Some(1), "not even one of each was done");
    assert_eq!(run(&["--budget", "80ms"]).status.code().filter(|code| *code < 2).map(drop), Some(()));
    let mut child = scratch.command(&["run", "swept.toml", "--out", "run", "-q"]).spawn().unwrap();
    wait_for_journal(&mut child, &scratch.path("run/journal"), 20_000);
    signal(&child, "KILL");
    child.wait().unwrap();
    let other = ["run", "swept.toml", "--out", "run", "-q", "--seed", "7"];
    scratch.refused(&other, 1, "it says `seed = 1`, not `seed = 7`");
    scratch.refused(&["run", "swept.toml", "--out", "run", "--shard", "1/2"], 1, "is no part");
    scratch.must(&[&other[..], &["--restart"]].concat());
    scratch.must(&["run", "swept.toml", "--out", "seven", "--seed", "7", "-q"]);
    assert!(scratch.run("run") == scratch.run("seven"));
}

#[test]
#[cfg(unix)]
fn a_second_process_leaves_the_first_alone() {
    let scratch = Scratch::new("two");
    scratch.must(&["run", "swept.toml", "--out", "alone", "-q"]);
    let arguments = ["run", "swept.toml", "--out", "run", "-q", "-j", "1"];
    let mut first = scratch.command(&arguments).stdout(Stdio::null()).spawn().unwrap();
    wait_for_journal(&mut first, &scratch.path("run/journal"), 1000);
    let second = scratch.makespan(&arguments);
    if first.try_wait().unwrap().is_none() {
        assert_eq!(second.status.code(), Some(1));
        let said = format!("another process (number {}) is writing `run`", first.id());
        assert!(err(&second).contains(&said), "{}", err(&second));
    }
    assert!(first.wait().unwrap().success());
    assert!(scratch.run("run") == scratch.run("alone"));
    assert_eq!(scratch.names(), ["alone", "run"]);
}

#[test]
fn a_budget_ends_a_run_with_whole_rows_and_says_so() {
    let scratch = Scratch::new("budget");
    let few = SWEPT.replace("run.replicates = 120", "run.replicates = 100000");
    fs::write(scratch.path("long.toml"), few).unwrap();
    let arguments = ["run", "long.toml", "--budget", "500ms", "--out", "run", "--format", "csv", "-q"];
    let rows = scratch.must(&arguments);
    let count = (rows.lines().count() - 1) / 6;
    assert_eq!(rows.lines().count() - 1, 6 * count, "every case has the same replicates");
    let summary = fs::read_to_string(scratch.path("run/summary.json")).unwrap();
    assert!(summary.contains(&format!("these are the first {count} of 100000 replicates of every case")));
    // Without the budget they would be the same.
    let number = count.to_string();
    let again = scratch.must(&[
        "run",
        "long.toml",
        "--replicates",
        &number,
        "--out",
        "again",
        "--format",
        "csv",
        "-q",
    ]);
    assert_eq!(rows, again);
    // The same command goes on, and comes further.
    let more = scratch.must(&arguments).lines().count() - 1;
    assert!(more / 6 >= count, "{more} rows after {count} of each");
    assert!(scratch.path("run/journal").exists());
    scratch.refused(&["run", "long.toml", "--budget", "fast"], 2, "such as 90s, 10min or 8h");
}

#[test]
fn parts_in_any_order_come_to_the_bytes_of_a_single_run() {
    let scratch = Scratch::new("parts");
    for scenario in ["swept.toml", "precise.toml", "best.toml"] {
        scratch.must(&["run", scenario, "--out", "single", "-q"]);
        let single = scratch.run("single");
        for count in [1, 2, 7] {
            let names: Vec<String> = (1..=count).map(|index| format!("part-{index}")).collect();
            let shard = |index: usize| {
                let share = format!("{}/{count}", index + 1);
                scratch.must(&["run", scenario, "--shard", &share, "--out", &names[index], "-q"]);
            };
            (0..count).rev().for_each(shard);
            let merge = |order: &[usize]| {
                let parts: Vec<&str> = order.iter().map(|at| names[*at].as_str()).collect();
                scratch.must(&[&["merge", "--out", "merged", "-q"], &parts[..]].concat());
                assert!(
                    scratch.run("merged") == single,
                    "{scenario} in {count} parts, in the order {order:?}"
                );
                fs::remove_dir_all(scratch.path("merged")).unwrap();
            };
            let order: Vec<usize> = (0..count).collect();
            merge(&order.iter().rev().copied().collect::<Vec<_>>());
            merge(&order.iter().map(|at| (at * 3 + 1) % count).collect::<Vec<_>>());
            // One is lost, missed, and done again.
            let lost = count / 2;
            fs::remove_dir_all(scratch.path(&names[lost])).unwrap();
            let rest: Vec<&str> =
                order.iter().filter(|at| **at != lost).map(|at| names[*at].as_str()).collect();
            // Studies that run until enough is known are split by point, and of four points the last of seven parts have none.
            let empty = scenario != "swept.toml" && lost >= 4;
            if !rest.is_empty() && !empty {
                let again = format!("--shard {}/{count}", lost + 1);
                scratch.refused(&[&["merge", "--out", "merged"], &rest[..]].concat(), 1, &again);
                assert!(scratch.must(&[&["status"], &rest[..]].concat()).contains(&again));
            }
            shard(lost);
            merge(&order);
            names.iter().for_each(|name| fs::remove_dir_all(scratch.path(name)).unwrap());
        }
        fs::remove_dir_all(scratch.path("single")).unwrap();
    }
}

#[test]
fn parts_that_cannot_go_together_are_refused() {
    let scratch = Scratch::new("conflicts");
    let shard = |scenario: &str, share: &str, out: &str, more: &[&str]| {
        scratch.must(&[&["run", scenario, "--shard", share, "--out", out, "-q"], more].concat());
    };
    shard("swept.toml", "1/2", "one", &[]);
    shard("swept.toml", "2/2", "two", &[]);
    shard("swept.toml", "2/2", "other-seed", &["--seed", "2"]);
    scratch.refused(&["merge", "one", "other-seed", "--out", "run"], 1, "`seed = 2`, not `seed = 1`");
    scratch.refused(&["merge", "one", "--out", "run"], 1, "replicates 60 to 119 of every case");
    scratch.refused(&["merge", "one", "absent", "--out", "run"], 1, "`absent` can't be read as a part");
    scratch.refused(&["merge", "one", "swept.toml", "--out", "run"], 1, "no journal of this version");
    scratch.refused(&["merge", "--out", "run"], 2, "<PART>");
    scratch.refused(&["merge", "one", "two"], 2, "--out");
    // Parts that overlap are welcome where they agree, also where they were split in another way.
    shard("swept.toml", "3/4", "three-of-four", &[]);
    scratch.must(&["merge", "two", "one", "three-of-four", "one", "--out", "run", "-q"]);
    // A part that was made elsewhere is read as it is, and one that is cut off lacks what is gone.
    let journal = fs::read(scratch.path("two/journal")).unwrap();
    fs::write(scratch.path("cut"), &journal[..journal.len() - 10]).unwrap();
    scratch.refused(&["merge", "one", "cut", "--out", "again"], 1, "  replicate ");
    assert!(!scratch.path("again").exists());
    for (share, said) in [
        ("0/3", "there is no part 0 of 3; the parts are 1/3 to 3/3"),
        ("4/3", "there is no part 4 of 3; the parts are 1/3 to 3/3"),
        ("2/1", "there is no part 2 of 1; it is 1/1"),
        ("1/0", "no part of 0 parts"),
        ("-1/3", "such as 2/7"),
        ("1", "such as 2/7"),
        ("1/3/4", "such as 2/7"),
        ("one/three", "such as 2/7"),
    ] {
        let option = format!("--shard={share}");
        scratch.refused(&["run", "swept.toml", &option, "--out", "x"], 2, said);
    }
    scratch.refused(&["run", "swept.toml", "--shard", "1/3"], 2, "--out");
    scratch.must(&["run", "swept.toml", "--shard", "1/3", "--plan"]);
    scratch.refused(&["merge", "one", "two", "--out", "one"], 1, "`one` is one of the parts");
    scratch.refused(&["merge", "one", "two", "--out", "other-seed"], 1, "or remove that folder");
}

#[test]
#[cfg(unix)]
fn what_is_missing_is_done_by_the_commands_that_status_tells() {
    let scratch = Scratch::new("commands");
    fs::create_dir(scratch.path("sp ace")).unwrap();
    fs::copy(scratch.path("swept.toml"), scratch.path("sp ace/it's.toml")).unwrap();
    let study =
        ["sp ace/it's.toml", "--replicates", "8", "--seed", "3", "--sweep", "machine.cores=1,2", "-q"];
    let run = |more: &[&str]| scratch.must(&[&["run"], &study[..], more].concat());
    run(&["--shard", "2/3", "--out", "sp ace/sp2"]);
    // A name that is taken already is not given away.
    fs::create_dir(scratch.path("sp ace/part-1-of-3")).unwrap();
    let told = scratch.must(&["status", "sp ace/sp2"]);
    let commands: Vec<&str> = told.lines().filter_map(|line| line.strip_prefix("  makespan ")).collect();
    assert_eq!(commands.len(), 2, "{told}");
    for command in commands {
        let line = format!("'{}' {command} -q", env!("CARGO_BIN_EXE_makespan"));
        let done =
            std::process::Command::new("sh").args(["-c", &line]).current_dir(scratch.path(".")).output();
        assert!(done.unwrap().status.success(), "{line}");
    }
    let parts = ["sp ace/part-1-of-3-2", "sp ace/sp2", "sp ace/part-3-of-3"];
    scratch.must(&[&["merge", "--out", "merged", "-q"], &parts[..]].concat());
    run(&["--out", "single"]);
    assert!(scratch.run("merged") == scratch.run("single"));
}

#[test]
fn a_finished_run_is_no_place_for_a_part_and_no_part() {
    let scratch = Scratch::new("finished");
    scratch.must(&["run", "swept.toml", "--replicates", "4", "--out", "run", "-q"]);
    let before = scratch.run("run");
    for restart in [&[][..], &["--restart"]] {
        let part = [&["run", "best.toml", "--shard", "1/2", "--out", "run"], restart].concat();
        scratch.refused(&part, 1, "`run` holds a finished run");
    }
    assert!(scratch.run("run") == before && !scratch.path("run/journal").exists());
    assert_eq!(scratch.must(&["status", "run"]), "complete: 6 cases, 4 replicates each, run\n");
    scratch.refused(&["merge", "run", "--out", "x"], 1, "`run` holds a finished run, which is no part");
    fs::create_dir(scratch.path("empty")).unwrap();
    scratch.refused(&["status", "empty"], 1, "`empty` holds no journal");
    scratch.must(&["run", "swept.toml", "--shard", "1/2", "--out", "part", "-q"]);
    scratch.refused(&["compare", "run", "part"], 1, "`part` is part 1/2 of a run");
}

#[test]
fn merging_goes_by_the_content_of_data_not_by_their_names() {
    let scratch = Scratch::new("data");
    let tasks = "name,work\na,3 s\nb,5 s\nc,2 s\n";
    fs::write(scratch.path("tasks.csv"), tasks).unwrap();
    let text = "machine.cores = 2\nworkload.tasks = { file = \"tasks.csv\" }\nmachine.speed = { uniform = [0.5, 1] }\n";
    fs::write(scratch.path("data.toml"), text).unwrap();
    let check = scratch.makespan(&["check", "data.toml"]);
    assert_eq!(check.status.code(), Some(0), "{}", err(&check));
    scratch.must(&["run", "data.toml", "--out", "single", "-q"]);
    scratch.must(&["run", "data.toml", "--shard", "1/2", "--out", "one", "-q"]);
    scratch.must(&["run", "data.toml", "--shard", "2/2", "--out", "two", "-q"]);
    scratch.must(&["merge", "one", "two", "--out", "merged", "-q"]);
    assert!(scratch.run("merged") == scratch.run("single"));
    fs::write(scratch.path("tasks.csv"), tasks.replace('5', "6")).unwrap();
    scratch.refused(&["merge", "one", "two", "--out", "merged"], 1, "changed since it was read before");
    scratch.must(&["run", "data.toml", "--shard", "2/2", "--out", "changed", "-q"]);
    scratch.refused(&["merge", "one", "changed", "--out", "merged"], 1, "another content of `tasks.csv`");
}

#[test]
fn a_plan_runs_no_more_than_a_pilot() {
    let scratch = Scratch::new("plan");
    let plan = scratch.must(&["run", "swept.toml", "--plan"]);
    assert!(plan.starts_with("3 points × 2 variants × 120 replicates: 720 replicates\nabout "), "{plan}");
    assert!(plan.contains("by one of every case"), "{plan}");
    let plan = scratch.must(&["run", "precise.toml", "--plan", "--shard", "4/4", "--out", "x"]);
    assert!(plan.contains("in part 4/4: 10 replicates to 300 replicates"), "{plan}");
    assert!(scratch.names().is_empty(), "a plan leaves nothing");
}
