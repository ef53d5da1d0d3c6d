//! What a comparison shows of one variant and of many.

use super::*;
use crate::plot::samples;
use crate::plot::theme::THEMES;

fn variant(name: &str, values: &[f64]) -> Variant {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let interval = (values.len() > 1).then_some((mean * 0.99, mean * 1.01));
    Variant { name: name.to_owned(), mean, interval, replicates: values.to_vec(), ..Variant::default() }
}

fn comparison(variants: Vec<Variant>) -> Comparison {
    Comparison {
        heading: samples::heading("A finding"),
        metric: "Makespan".to_owned(),
        quantity: Quantity::Time,
        level: 0.95,
        variants,
        baseline: None,
    }
}

#[test]
fn means_intervals_bounds_and_verdicts_are_written_out() {
    let drawing = draw(&samples::comparison(4, 20), Theme::USUAL);
    for part in
        ["Makespan (s)", "95 % interval", "lower bound", "critical path", "±", "shorter by", "baseline"]
    {
        assert!(drawing.says(part), "{part} is missing");
    }
    drawing.assert_readable();
}

#[test]
fn of_very_many_replicates_the_first_are_shown_and_that_is_said() {
    let values: Vec<f64> = (0..20_000).map(|at| 1.0 + f64::from(at % 97)).collect();
    let picture = |count: usize| draw(&comparison(vec![variant("fifo", &values[..count])]), Theme::USUAL);
    let (some, many) = (picture(POINTS), picture(20_000));
    assert!(some.says("one replicate") && many.says("one of the first 500 replicates"));
    assert!(many.svg().unwrap().len() < some.svg().unwrap().len() + 1_000);
}

#[test]
fn one_variant_with_one_replicate_has_no_interval_and_no_differences() {
    let drawing = draw(&comparison(vec![variant("fifo", &[0.0042])]), Theme::USUAL);
    assert!(drawing.says("Makespan (ms)") && drawing.says("4.200 ms"));
    assert!(!drawing.says("interval") && !drawing.says("Difference"));
    drawing.assert_readable();
}

#[test]
fn many_variants_with_long_names_stay_readable() {
    for count in [2, 9, 30] {
        let mut data = samples::comparison(count, 10);
        for variant in &mut data.variants {
            variant.name = format!("{} with a name that nobody would want on a slide, ever", variant.name);
        }
        THEMES.iter().for_each(|theme| draw(&data, theme).assert_readable());
    }
}

#[test]
fn equal_zero_and_undefined_values_are_drawn() {
    for values in [vec![3.0; 10], vec![0.0; 4], vec![f64::NAN, 1.0], vec![-1.0, 1.0]] {
        draw(&comparison(vec![variant("a", &values), variant("b", &values)]), Theme::USUAL).assert_readable();
    }
    draw(&comparison(Vec::new()), Theme::USUAL).assert_readable();
}

#[test]
fn a_huge_range_gets_a_log_axis_and_units_of_its_own_for_each_number() {
    let data = comparison(vec![variant("fast", &[1.0e-6, 1.1e-6]), variant("slow", &[9.0e3, 9.1e3])]);
    let drawing = draw(&data, Theme::USUAL);
    assert!(drawing.says("log scale") && drawing.says("µs") && drawing.says("min"));
    drawing.assert_readable();
}
