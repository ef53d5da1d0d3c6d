//! Plots of a scenario's own: they show the results' own numbers, at the right places, with what theory says.
#![allow(clippy::disallowed_methods, reason = "the formula by other means need not give the same bits")]

use makespan::experiment::{Results, Sequential, Unwatched, run};
use makespan::metrics::Metric;
use makespan::plot::charts_of_runs;
use makespan::plot::theme::THEMES;
use makespan::report::{Figure, figures, kept};
use makespan::scenario::{Law, Request, Study, THEORIES, Theory, check};
use makespan::source::{InMemory, render};
use serde_json::Value;

const SERVERS: &str = r#"
machine.cores = 10
workload.tasks = { work = { exponential = "1 ms" }, arrivals = { poisson = "5_000 /s" } }
schedule.policy = "random"
run = { replicates = 4, horizon = "0.3 s", warmup = "0.1 s" }
variant = [{ name = "two choices", schedule.policy.power-of-d.d = 2 }]
sweep."workload.tasks.arrivals.poisson" = ["2_000 /s", "8_000 /s", "5_000 /s"]
[report]
plots = ["comparison"]
[report.plot.response]
metric = "response"
theory = "supermarket"
x = { label = "load", unit = "10_000 /s" }
y = { unit = "1 ms", scale = "log" }
mark = [{ x = 0.7, text = "busy" }, { y = "3 ms" }]
"#;

const THREE: &str = r#"
machine.cores = 2
workload.tasks = { count = 12, work = { exponential = "1 s" } }
run.replicates = 3
schedule.policy = "fifo"
variant = [{ name = "longest first", schedule.policy = "lpt" }]
[sweep]
"machine.cores" = [4, 2, 1]
"workload.tasks.count" = [10, 20]
[report.plot.bars]
kind = "bars"
metric = "makespan"
against = "variant"
group = "machine.cores"
panels = "workload.tasks.count"
"#;

fn ran(text: &str) -> (Study, Results) {
    let files = InMemory::new([("s.toml", text)]);
    let names = charts_of_runs();
    let study = match check(&files, &Request { path: "s.toml", plots: &names, ..Request::default() }) {
        Ok(checked) => checked.study,
        Err(refused) => panic!("{}", render(&refused.map, &refused.problems, false)),
    };
    let results = run(&study, &Sequential, &Unwatched).unwrap_or_else(|failed| panic!("{failed}"));
    (study, results)
}

fn drawn(study: &Study, results: &Results, name: &str) -> Option<Figure> {
    figures("sample", study, results, &[]).into_iter().find(|figure| figure.name == name)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[test]
fn means_and_intervals_are_those_of_the_results_at_their_numbers_from_left_to_right() {
    let (study, results) = ran(SERVERS);
    let figure = drawn(&study, &results, "response").expect("the plot, although `plots` doesn't name it");
    let data = figure.picture.data().unwrap();
    let lines = items(&data["panels"][0]["lines"]);
    assert_eq!(lines.len(), 2);
    for line in lines {
        let points = items(&line["points"]);
        let xs: Vec<f64> = points.iter().map(|point| number(&point["x"])).collect();
        assert!(xs.iter().zip([0.2, 0.5, 0.8]).all(|(x, wanted)| (x - wanted).abs() < 1e-12), "{xs:?}");
        for (point, rate) in points.iter().zip(["2_000 /s", "5_000 /s", "8_000 /s"]) {
            let case = results
                .cases
                .iter()
                .find(|case| case.label == line["name"].as_str().unwrap() && case.setting[0].1 == rate)
                .unwrap();
            let summary = case.summary(Metric::Response).unwrap();
            assert!((number(&point["value"]) / (1e3 * summary.mean) - 1.0).abs() < 1e-12);
            let (low, high) = summary.ends().unwrap();
            assert!((number(&point["interval"][0]) - 1e3 * low).abs() < 1e-9);
            assert!((number(&point["interval"][1]) - 1e3 * high).abs() < 1e-9);
        }
    }
}

#[test]
fn theory_is_drawn_for_each_line_through_and_between_its_points() {
    let (study, results) = ran(SERVERS);
    let data = drawn(&study, &results, "response").unwrap().picture.data().unwrap();
    let curves = items(&data["panels"][0]["curves"]);
    assert_eq!(curves.len(), 2);
    let formula = |d: i32, load: f64| -> f64 {
        (1..60)
            .map(|i| match d {
                1 => load.powi(i - 1),
                _ => load.powf((f64::from(d).powi(i) - f64::from(d)) / f64::from(d - 1)),
            })
            .sum()
    };
    for (curve, d) in curves.iter().zip([1, 2]) {
        assert_eq!(curve["line"], d - 1);
        let piece = items(&curve["pieces"][0]);
        assert!(piece.len() > 50, "{} points are no curve", piece.len());
        for at in piece {
            let (load, told) = (number(&at[0]), number(&at[1]));
            assert!((told / formula(d, load) - 1.0).abs() < 1e-4, "{told} at {load} with {d} choices");
        }
    }
    let marks = items(&data["panels"][0]["marks"]);
    assert!((number(&marks[0]["x"]) - 0.7).abs() < 1e-12 && (number(&marks[1]["y"]) - 3.0).abs() < 1e-12);
}

#[test]
fn what_is_kept_is_drawn_again_and_shown_in_browsers() {
    for (text, name) in [(SERVERS, "response"), (THREE, "bars")] {
        let (study, results) = ran(text);
        let figure = drawn(&study, &results, name).unwrap();
        let again = kept(name, figure.keep().unwrap().as_bytes()).unwrap();
        for theme in THEMES {
            let one = figure.picture.draw(theme).svg().unwrap();
            assert_eq!(one, again.picture.draw(theme).svg().unwrap());
        }
        let panels = figure.picture.vega();
        assert_eq!(panels.len(), if name == "bars" { 2 } else { 1 });
        assert!(panels.iter().all(|panel| !items(&panel["data"]["values"]).is_empty()));
        assert_eq!(figure.picture.table().rows.len(), results.cases.len());
    }
}

#[test]
fn bars_stand_by_variant_in_groups_and_panels() {
    let (study, results) = ran(THREE);
    let data = drawn(&study, &results, "bars").unwrap().picture.data().unwrap();
    assert_eq!(data["across"]["names"], serde_json::json!(["fifo", "longest first"]));
    let panels = items(&data["panels"]);
    assert_eq!(panels[0]["name"], "workload.tasks.count = 10");
    let names: Vec<&str> =
        items(&panels[1]["lines"]).iter().map(|line| line["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["cores = 4", "cores = 2", "cores = 1"]);
    let bar = &panels[1]["lines"][1]["points"][1];
    let case = results
        .cases
        .iter()
        .find(|case| case.label == "longest first" && case.setting[0].1 == "2" && case.setting[1].1 == "20");
    assert_eq!(number(&bar["value"]), case.unwrap().summary(Metric::Makespan).unwrap().mean);
}

#[test]
fn speed_up_is_the_ratio_of_mean_makespans_beside_the_ideal() {
    let text = "machine.cores = 1\nworkload.tasks = { count = 50, work = { exponential = \"10 ms\" } }\n\
                run.replicates = 5\nsweep.\"machine.cores\" = [2, 4, 8]\n";
    let (study, results) = ran(text);
    let data =
        drawn(&study, &results, "speedup").expect("usual for a sweep of cores").picture.data().unwrap();
    let mean = |at: usize| results.cases[at].summary(Metric::Makespan).unwrap().mean;
    let (speed_up, efficiency) = (&data["panels"][0], &data["panels"][1]);
    let last = &speed_up["lines"][0]["points"][2];
    assert!((number(&last["value"]) - mean(0) / mean(2)).abs() < 1e-12);
    let (low, high) = (number(&last["interval"][0]), number(&last["interval"][1]));
    assert!(low < number(&last["value"]) && number(&last["value"]) < high);
    let part = number(&efficiency["lines"][0]["points"][2]["value"]);
    assert!((part - mean(0) / mean(2) * 2.0 / 8.0).abs() < 1e-12);
    let ideal = items(&speed_up["curves"][0]["pieces"][0]);
    assert_eq!((number(&ideal[0][1]), number(&ideal[ideal.len() - 1][1])), (1.0, 4.0));
    // The same cores at several amounts of work are no sweep of cores alone.
    let (study, results) =
        ran(&text.replace("[2, 4, 8]", "[2, 4]\nsweep.\"workload.tasks.count\" = [10, 20]"));
    assert!(drawn(&study, &results, "speedup").is_none());
}

#[test]
fn a_theory_says_why_it_says_nothing() {
    let of = |text: &str| ran(&format!("{text}\nrun.replicates = 1")).0;
    let bag = of("machine.cores = 2\nworkload.tasks = { count = 5, work = \"1 s\" }");
    let scenario = &bag.cases[0].scenario;
    for theory in THEORIES {
        let Law::Formula(formula) = &theory.law else { continue };
        for metric in formula.metrics {
            let value = theory.value(scenario, *metric);
            let reason = value.err();
            assert!(
                theory.name == "ideal" || reason.is_some_and(|why| why.starts_with("needs ")),
                "{}",
                theory.name
            );
        }
        assert!(theory.value(scenario, Metric::Chunks).is_err());
    }
    let graham = Theory::named("graham").unwrap();
    assert!(graham.value(scenario, Metric::Makespan).is_err());
    // A queue that is full for good has no mean.
    let full = of("machine.cores = 1\nrun.horizon = \"10 ms\"\n\
                   workload.tasks = { work = { exponential = \"1 ms\" }, arrivals = { poisson = \"1100 /s\" } }");
    let mm1 = Theory::named("mm1").unwrap();
    assert_eq!(mm1.value(&full.cases[0].scenario, Metric::Response), Ok(None));
}
