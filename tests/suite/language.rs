//! Every example of the language page that this version builds, completed to a scenario, is accepted as it stands and
//! reads back from what every key came to.

use makespan::scenario::{Checked, PRESETS, Request, check};
use makespan::source::{Files, InMemory, render};

fn checked(files: &dyn Files, path: &str) -> Checked {
    match check(files, &Request { path, ..Request::default() }) {
        Ok(checked) => checked,
        Err(refused) => panic!("{}", render(&refused.map, &refused.problems, false)),
    }
}

/// Checks `text`, and that its resolved form says the same and is its own resolved form.
fn accepted(text: &str) -> Checked {
    let mut files = files();
    files.insert("s.toml", text.as_bytes().to_vec());
    let given = checked(&files, "s.toml");
    let resolved = given.resolution.text();
    files.insert("r.toml", resolved.as_bytes().to_vec());
    let again = checked(&files, "r.toml");
    assert_eq!(said(&again), said(&given), "of\n{text}");
    assert_eq!(meaning(&again), meaning(&given), "of\n{text}\ncame\n{resolved}");
    given
}

/// The lines of what every key came to, without their order and without what was left to defaults.
fn said(checked: &Checked) -> Vec<String> {
    let text = checked.resolution.text().replace("default, = ", "= ");
    let mut lines: Vec<_> =
        text.lines().map(|line| line.trim_end_matches("# default").trim_end().to_owned()).collect();
    lines.sort();
    lines
}

/// What is simulated, in full but for the places of its text.
fn meaning(checked: &Checked) -> String {
    let full = format!("{:?}", checked.study);
    let mut parts = full.split("Place { start: ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('}').map_or(part, |(_, rest)| rest))
}

/// The files that examples name.
fn files() -> InMemory {
    InMemory::new([
        ("observed.txt", "1.5 ms\n2 ms\n0.7 ms\n"),
        (
            "base.toml",
            "title = \"the base\"\nmachine.cores = 2\nworkload.tasks = { count = 8, work = \"1 ms\" }\nvariant = [{ name = \"lpt\", schedule.policy = \"lpt\" }]\n",
        ),
    ])
}

const MACHINE: &str = "[machine]\ncores = 8\n";
const TASKS: &str = "[workload.tasks]\ncount = 100\nwork = { lognormal = { mean = \"5 ms\", cv = 2 } }\n";

#[test]
fn the_shortest_scenario() {
    let study = accepted(
        r#"
        title = "A hundred uneven tasks on eight cores"
        machine.cores = 8
        workload.tasks = { count = 100, work = { exponential = "10 ms" } }
        schedule.policy = "fifo"
        run.replicates = 30
        variant = [{ name = "longest first", schedule.policy = "lpt" }]
        "#,
    )
    .study;
    let labels: Vec<_> = study.cases.iter().map(|case| case.label.as_str()).collect();
    assert_eq!(labels, ["fifo", "longest first"]);
    assert_eq!(study.cases[0].scenario.machine.len(), 8);
}

#[test]
fn a_choice_is_a_name_or_a_one_key_table_however_it_is_spelt() {
    let spellings = [
        "schedule.policy = \"fifo\"\n",
        "schedule.policy.fifo = {}\n",
        "schedule = { policy = { fifo = {} } }\n",
        "[schedule.policy.fifo]\n",
    ];
    let study = |text: &str| {
        let work = "workload.tasks = { count = 9, work = \"1 s\" }\n";
        meaning(&accepted(&format!("machine.cores = 8\n{work}{text}")))
    };
    for spelling in &spellings[1..] {
        assert_eq!(study(spelling), study(spellings[0]), "{spelling}");
    }
}

#[test]
fn distributions_go_wherever_a_quantity_goes() {
    for law in [
        "\"2 ms\"",
        "{ exponential = \"2 ms\" }",
        "{ uniform = [\"1 ms\", \"3 ms\"] }",
        "{ lognormal = { mean = \"2 ms\", cv = 1.5 } }",
        "{ weibull = { mean = \"30 days\", shape = 0.7 } }",
        "{ normal = { mean = \"2 ms\", cv = 0.2 } }",
        "{ gamma = { mean = \"2 ms\", cv = 0.5 } }",
        "{ erlang = { mean = \"2 ms\", k = 3 } }",
        "{ hyperexponential = { mean = \"2 ms\", cv = 3 } }",
        "{ pareto = { mean = \"2 ms\", shape = 1.5 } }",
        "{ bounded-pareto = { low = \"1 ms\", high = \"1 s\", shape = 1.1 } }",
        "{ bimodal = { values = [\"1 ms\", \"9 ms\"], weights = [9, 1] } }",
        "{ zipf = { n = 100, exponent = 0.9, unit = \"1 ms\" } }",
        "{ geometric = { mean = \"20 ms\", unit = \"1 ms\" } }",
        "{ empirical = \"observed.txt\" }",
        "{ values = [\"1 ms\", \"2 ms\"] }",
    ] {
        accepted(&format!("{MACHINE}[workload.tasks]\ncount = 100\nwork = {law}\n"));
    }
}

#[test]
fn machines_of_identical_nodes() {
    accepted(&format!(
        r#"
        [machine]
        nodes = 16
        sockets = 2
        cores = 64
        speed = 1.0
        reference = "2.45 Gop/s"
        script = [{{ at = "10.5 s", target = "node 0", speed = 0.2 }}]

        [machine.memory]
        bandwidth = "190 GB/s"

        {TASKS}"#
    ));
}

#[test]
fn machines_of_groups_and_kinds_of_cores() {
    let machine = accepted(&format!(
        r#"
        [machine]
        cores = 8
        [machine.group.fast]
        nodes = 2
        speed = 2.0
        [machine.group.mixed]
        nodes = 1
        [machine.group.mixed.core_kind.performance]
        count = 4
        speed = 1.0
        [machine.group.mixed.core_kind.efficiency]
        count = 8
        speed = 0.5

        {TASKS}"#
    ));
    assert_eq!(machine.study.cases[0].scenario.machine.len(), 28);
}

#[test]
fn speeds_of_every_spelling() {
    for speed in
        ["2.0", "[1.0, 1.0, 0.5, 0.5]", "{ uniform = [0.8, 1.2] }", "{ per_core = [1, 2, 3, 4, 5, 6, 7, 8] }"]
    {
        accepted(&format!("[machine]\nnodes = 2\ncores = 4\nspeed = {speed}\n{TASKS}"));
    }
    accepted("[machine]\ncores = 2\nspeed = \"2 Gop/s\"\n[workload.tasks]\ncount = 3\nwork = \"5 Mop\"\n");
}

#[test]
fn networks() {
    accepted(&format!(
        r#"
        [machine]
        nodes = 2
        cores = 4
        [network]
        topology = "star"
        bandwidth = "100 Gb/s"
        latency = "0.5 us"
        contention = "fair"
        protocol = {{ send_overhead = "0.4 us", receive_overhead = "0.4 us" }}

        {TASKS}"#
    ));
    accepted(&format!(
        r#"
        [machine]
        nodes = 2
        cores = 4
        [network]
        topology = "custom"
        [network.link.a]
        ends = ["node 0", "router"]
        bandwidth = "100 MB/s"
        latency = "100 us"
        duplex = "full"
        [network.link.b]
        ends = ["router", "node 1"]
        bandwidth = "100 MB/s"
        latency = "100 us"

        {TASKS}"#
    ));
}

#[test]
fn tasks_that_arrive_with_memory_and_data() {
    accepted(
        r#"
        run.horizon = "60 s"
        [machine]
        nodes = 2
        cores = 4
        [network]
        bandwidth = "100 Gb/s"
        latency = "1 us"
        [workload.tasks]
        count = 1000
        work = { lognormal = { mean = "5 ms", cv = 2 } }
        arrivals = { poisson = "900 /s" }
        memory = { traffic = "64 MB" }
        data = { size = "2 MB", home = "node 0" }
        "#,
    );
}

#[test]
fn tasks_as_rows() {
    accepted(
        r#"
        machine.cores = 8
        [workload.tasks]
        list = [{ work = "5 s" }, { name = "render", work = "20 s", cores = 4, speedup.amdahl.serial = 0.1 }]
        "#,
    );
}

#[test]
fn graphs_written_out() {
    accepted(
        r#"
        machine = { nodes = 3, cores = 1 }
        network = { bandwidth = "1 GB/s", latency = "1 us" }
        [workload.dag.task]
        A = { work = "5 s" }
        B = { work = { per_core = ["14 s", "16 s", "9 s"] }, after = { A = "18 B" } }
        C = { work = "1 s", after = ["A", "B"] }
        "#,
    );
}

#[test]
fn flows_alone() {
    accepted(
        r#"
        machine = { nodes = 3, cores = 1 }
        network = { bandwidth = "1 GB/s", latency = "1 us" }
        [workload.transfers]
        list = [{ name = "a", from = "node 0", to = "node 1", bytes = "1 MB" }, { from = "node 1", to = "node 2", bytes = "2 MB", start = "1 ms" }]
        "#,
    );
}

#[test]
fn several_workloads_say_their_kind() {
    let study = accepted(
        r#"
        [machine]
        cores = 4
        [machine.group.fast]
        nodes = 2
        [machine.group.slow]
        nodes = 2
        speed = 0.5
        [workload.web]
        kind = "tasks"
        count = 10
        work = "1 s"
        on = "group fast"
        start = "5 s"
        schedule.policy = "least-loaded"
        [workload.rest]
        kind = "tasks"
        count = 10
        work = "1 s"
        background = true
        "#,
    )
    .study;
    let jobs = &study.cases[0].scenario.jobs;
    assert_eq!((jobs[0].name.as_str(), jobs[0].on, jobs[0].background), ("web", (0, 8), false));
    assert_eq!((jobs[1].name.as_str(), jobs[1].on, jobs[1].background), ("rest", (0, 16), true));
    assert!(jobs[0].schedule.is_some() && jobs[1].schedule.is_none());
}

#[test]
fn schedules() {
    accepted(&format!(
        "{MACHINE}{TASKS}[schedule]\npolicy = \"round-robin\"\nqueue = \"fifo\"\ncost = {{ dispatch = \"150 ns\", serial = true }}\n"
    ));
}

#[test]
fn faults() {
    accepted(&format!(
        r#"
        [machine]
        nodes = 4
        cores = 8
        {TASKS}
        [faults.inject.nodes]
        target = "every node"
        fault = "crash"
        mtbf = {{ weibull = {{ mean = "20 days", shape = 0.7 }} }}
        repair = "2 h"

        [faults.inject.slow-one]
        target = "node 2"
        fault.slowdown.speed = 0.25
        at = "3 s"
        for = "5 s"

        [faults]
        detect = {{ heartbeat = "1 s", timeout = "3 s" }}
        recover = {{ checkpoint = {{ interval = "daly", cost = "30 s", restart = "60 s" }} }}
        "#
    ));
    for recover in ["\"retry\"", "\"restart\""] {
        accepted(&format!(
            "[machine]\ncores = 8\n{TASKS}[faults]\nrecover = {recover}\ndetect = {{ delay = \"2 s\" }}\n[faults.inject.x]\ntarget = \"core 2\"\nfault = \"crash\"\nat = \"3 s\"\n"
        ));
    }
}

#[test]
fn runs_reports_and_expectations() {
    accepted(&format!(
        r#"
        [run]
        seed = 2026
        replicates = {{ precision = "1 %", metric = "makespan", max = 2000 }}
        horizon = "60 s"
        warmup = "auto"
        tick = "1 ps"
        limits = {{ events = 1_000_000_000, memory = "8 GiB", rounds = 1_000_000 }}
        {MACHINE}{TASKS}
        [report]
        plots = ["comparison", "gantt", "breakdown"]
        metrics = ["makespan", "utilisation", "response.p99"]

        [[variant]]
        name = "longest first"
        schedule.policy = "lpt"

        [expect.bound]
        metric = "makespan"
        variant = "longest first"
        value = "60 ms"
        within = "interval"
        source = "Graham 1969, eq. 2"

        [expect.graham]
        theory = "graham"

        [expect.busy]
        metric = "utilisation"
        at_most = "95 %"
        "#
    ));
}

#[test]
fn sweeps_are_crossed_with_one_another_and_the_variants() {
    let text = format!(
        r#"
        {MACHINE}{TASKS}
        [[variant]]
        name = "longest first"
        schedule.policy = "lpt"
        [sweep]
        "machine.cores" = [1, 2, 4]
        "workload.tasks.work.cv" = {{ from = 0.5, to = 4, steps = 4, scale = "log" }}
        "#
    );
    let cases = accepted(&text).study.cases;
    assert_eq!(cases.len(), 24);
    let shown = |at: usize| {
        let case = &cases[at];
        let settings: Vec<_> = case.setting.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        (case.label.clone(), case.point, settings.join(", "))
    };
    assert_eq!(
        shown(0),
        ("central-queue".into(), 0, "machine.cores = 1, workload.tasks.work.cv = 0.5".into())
    );
    assert_eq!(shown(3), ("longest first".into(), 1, "machine.cores = 1, workload.tasks.work.cv = 1".into()));
    assert_eq!(
        shown(23),
        ("longest first".into(), 11, "machine.cores = 4, workload.tasks.work.cv = 4".into())
    );
    assert_eq!(cases[23].scenario.machine.len(), 4);
}

#[test]
fn setting_a_swept_key_drops_its_axis_and_a_swept_option_replaces_one() {
    let text = format!(
        "{MACHINE}{TASKS}[sweep]\n\"machine.cores\" = [1, 2, 4]\n\"run.horizon\" = [\"1 s\", \"2 s\"]\n"
    );
    let files = InMemory::new([("s.toml", &*text)]);
    let cores = |sets: &[String], sweeps: &[String]| -> Vec<usize> {
        let request = Request { path: "s.toml", sets, sweeps, ..Request::default() };
        let Ok(checked) = check(&files, &request) else { panic!("refused") };
        checked.study.cases.iter().map(|case| case.scenario.machine.len()).collect()
    };
    assert_eq!(cores(&[], &[]), [1, 1, 2, 2, 4, 4]);
    assert_eq!(cores(&["machine.cores=3".into()], &[]), [3, 3]);
    assert_eq!(cores(&["run.horizon=3 s".into()], &["machine.cores=5,6".into()]), [5, 6]);
}

#[test]
fn an_extending_file_inherits_all_but_title_and_variants() {
    let checked = accepted("extends = \"base.toml\"\nmachine.cores = 4\n");
    assert_eq!(checked.study.title, None);
    assert_eq!(checked.study.cases.len(), 1);
    assert_eq!(checked.study.cases[0].scenario.machine.len(), 4);
    assert_eq!(checked.study.cases[0].scenario.jobs[0].workload.count(), Some(8));
}

#[test]
fn every_preset_is_a_machine_ready_to_run_and_ready_to_paste() {
    for preset in PRESETS {
        let named = accepted(&format!("machine.preset = \"{}\"\n{TASKS}", preset.name));
        let pasted = accepted(&format!("{}\n{TASKS}", preset.text));
        assert_eq!(meaning(&named), meaning(&pasted), "{}", preset.name);
    }
}

#[test]
fn replicates_are_30_where_anything_is_drawn_and_else_1() {
    let replicates = |text: &str| format!("{:?}", accepted(text).study.run.replicates);
    assert_eq!(replicates(&format!("{MACHINE}{TASKS}")), "Fixed(30)");
    assert_eq!(replicates("machine.cores = 2\nworkload.tasks = { count = 9, work = \"1 s\" }\n"), "Fixed(1)");
}

#[test]
fn other_spellings_of_a_quantity_are_noted() {
    let text = format!(
        "machine = {{ nodes = 2 }}\nnetwork = {{ bandwidth = \"100 Gb/s\", latency = \"1 us\" }}\n{TASKS}"
    );
    let resolved = accepted(&text).resolution.text();
    assert!(resolved.contains("# = 12.5 GB/s"), "{resolved}");
}
