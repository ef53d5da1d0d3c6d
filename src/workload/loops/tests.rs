use crate::program::Iterations;
use crate::program::Program;
use crate::workload::testing::{draws, read};

/// The loop that `text` describes, in replicate 0.
fn started(text: &str) -> Box<dyn Iterations> {
    let workload = read(&format!("[loop]\n{text}")).unwrap_or_else(|told| panic!("{told}"));
    let Program::Loop(iterations) = workload.start(&draws(0)) else { panic!("not a loop") };
    iterations
}

/// What is told about `text`, in which all of `parts` must come.
fn refused(text: &str, parts: &[&str]) {
    let told = read(&format!("[loop]\n{text}")).expect_err(text);
    for part in parts {
        assert!(told.contains(part), "{text} lacks {part:?}:\n{told}");
    }
}

/// Every chunk of a loop of 24 iterations agrees with its iterations one by one, and these with `cost`.
fn agrees(iterations: &dyn Iterations, cost: impl Fn(u64) -> f64) {
    let each: Vec<f64> = (0..24).map(|at| iterations.work(at, 1)).collect();
    for (at, found) in each.iter().enumerate() {
        let wanted = cost(at as u64);
        assert!((found - wanted).abs() <= 1e-6 * wanted.max(1.0), "iteration {at}: {found}, not {wanted}");
    }
    for first in 0..24 {
        for size in 1..=24 - first {
            let part = &each[first as usize..(first + size) as usize];
            let (sum, squares): (f64, f64) = (part.iter().sum(), part.iter().map(|cost| cost * cost).sum());
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * b.max(1.0);
            assert!(near(iterations.work(first, size), sum), "{first} + {size}");
            assert!(near(iterations.squares(first, size), squares), "{first} + {size}");
        }
    }
    let longest = each.iter().copied().fold(0.0, f64::max);
    assert!(
        (iterations.longest() - longest).abs() <= 1e-9 * longest,
        "{} of {longest}",
        iterations.longest()
    );
}

/// Ticks of a microsecond.
const US: f64 = 1e6;

#[test]
fn every_profile_costs_what_its_formula_says_in_chunks_of_any_size() {
    agrees(&*started("iterations = 24\ncost = '3 us'"), |_| 3.0 * US);
    agrees(&*started("iterations = 24\ncost.linear = { from = '1 us', to = '24 us' }"), |at| {
        (1 + at) as f64 * US
    });
    agrees(&*started("iterations = 24\ncost.linear = { from = '24 us', to = '1 us' }"), |at| {
        (24 - at) as f64 * US
    });
    agrees(&*started("iterations = 24\ncost.quadratic = { from = '1 us', to = '530 us' }"), |at| {
        (1 + at * at) as f64 * US
    });
    // The top lies at 11.5 of 0 to 23, its feet 6 to each side.
    agrees(
        &*started("iterations = 24\ncost.peaked = { base = '1 us', peak = '7 us', width = '50 %' }"),
        |at| US + (6.0 - (at as f64 - 11.5).abs()).max(0.0) * US,
    );
    agrees(
        &*started("iterations = 24\ncost.peaked = { base = '5 us', peak = '1 us', at = 0, width = 0.5 }"),
        |at| 5.0 * US - 4.0 * US * (1.0 - at as f64 / 6.0).max(0.0),
    );
    agrees(&*started("iterations = 24\ncost.spiked = { base = '1 us', spike = '9 us', every = 5 }"), |at| {
        if at % 5 == 0 { 9.0 * US } else { US }
    });
    agrees(&*started("iterations = 24\ncost.values = ['1 us', '2 us', '4 us']"), |at| {
        [1.0, 2.0, 4.0][at as usize % 3] * US
    });
}

#[test]
fn moments_are_those_of_the_iterations_or_of_their_distribution() {
    let shape = |text: &str| read(&format!("[loop]\niterations = 24\n{text}")).unwrap().shape().unwrap();
    for text in [
        "cost = '3 us'",
        "cost.linear = { from = '1 us', to = '24 us' }",
        "cost.quadratic = { from = '1 us', to = '530 us' }",
        "cost.peaked = { base = '1 us', peak = '7 us' }",
        "cost.spiked = { base = '1 us', spike = '9 us', every = 5 }",
    ] {
        let iterations = started(&format!("iterations = 24\n{text}"));
        let each: Vec<f64> = (0..24).map(|at| iterations.work(at, 1)).collect();
        let mean = each.iter().sum::<f64>() / 24.0;
        let variance = each.iter().map(|cost| (cost - mean) * (cost - mean)).sum::<f64>() / 24.0;
        let shape = shape(text);
        assert!((shape.mean / mean - 1.0).abs() < 1e-12, "{text}");
        assert!((shape.sd - variance.sqrt()).abs() < 1e-6 * mean, "{text}: {} {}", shape.sd, variance.sqrt());
    }
    let drawn = shape("cost.lognormal = { mean = '10 us', cv = 2 }");
    assert!((drawn.mean / (10.0 * US) - 1.0).abs() < 1e-12 && (drawn.sd / (20.0 * US) - 1.0).abs() < 1e-12);
    assert_eq!(shape("cost.pareto = { mean = '10 us', shape = 1.5 }").sd, f64::INFINITY);
}

#[test]
fn costs_drift_from_step_to_step_as_the_scenario_says() {
    let text = "iterations = 24\nsteps = 4\ncost.linear = { from = '1 us', to = '24 us' }\n";
    let mut moving = started(&format!("{text}drift.shift = '25 %'"));
    let mut growing = started(&format!("{text}drift.grow = 2"));
    for step in 0..4 {
        moving.begin(step);
        growing.begin(step);
        agrees(&*moving, |at| (1 + (at + 24 - 6 * step) % 24) as f64 * US);
        agrees(&*growing, |at| ((1 + at) << step) as f64 * US);
    }
    let mut walking = started(&format!("{text}drift.walk = '10 %'"));
    walking.begin(0);
    agrees(&*walking, |at| (1 + at) as f64 * US);
    let before: Vec<f64> = (0..24).map(|at| walking.work(at, 1)).collect();
    walking.begin(1);
    let changes: Vec<f64> = (0..24).map(|at| walking.work(at, 1) / before[at as usize]).collect();
    assert!(changes.iter().all(|change| (0.5..2.0).contains(change) && *change != 1.0), "{changes:?}");
    agrees(&*walking, |at| before[at as usize] * changes[at as usize]);
}

#[test]
fn drawn_costs_stay_from_step_to_step_unless_they_are_drawn_anew() {
    let text = "iterations = 1000\nsteps = 2\ncost.exponential = '1 us'\n";
    let totals = |more: &str| {
        let mut iterations = started(&format!("{text}{more}"));
        [0, 1].map(|step| {
            iterations.begin(step);
            iterations.work(0, 1000)
        })
    };
    let (kept, redrawn) = (totals(""), totals("drift = 'redraw'"));
    assert_eq!(kept[0], kept[1]);
    assert_eq!(kept[0], redrawn[0]);
    assert!(redrawn[0] != redrawn[1] && (redrawn[1] / (1000.0 * US) - 1.0).abs() < 0.15, "{redrawn:?}");
}

#[test]
fn a_chunk_is_called_by_its_step_and_first_iteration() {
    let name = |steps: u64, number| {
        read(&format!("[loop]\niterations = 100\ncost = '1 us'\nsteps = {steps}")).unwrap().task_name(number)
    };
    assert_eq!(name(1, 42), "from 42");
    assert_eq!(name(3, 242), "step 2 from 42");
}

#[test]
fn what_makes_no_loop_is_told() {
    refused("cost = '1 us'", &["`loop` needs `iterations`"]);
    refused("iterations = 10", &["`loop` needs `cost`"]);
    refused("iterations = 10\ncost.linaer = { from = '1 us', to = '2 us' }", &["did you mean `linear`?"]);
    refused("iterations = 10\ncost = '1 us'\ndrift.shift = 0.1", &["one time step", "give `steps` too"]);
    refused("iterations = 10\ncost = '1 us'\nsteps = 3\ndrift = 'redraw'", &["not drawn at all"]);
    refused("iterations = 4e15\nsteps = 10\ncost = '1 us'", &["iterations over all time steps"]);
    refused("iterations = 1e9\ncost.exponential = '1 us'", &["held one by one"]);
}
