//! Reading the `[faults]` table.

use super::inject::Spec;
use super::{Detect, Fault, Faults, Inject, Interval, Recover, When};
use crate::error::Problem;
use crate::machine::Machine;
use crate::place::Place;
use crate::source::{AnyField, Context, Field, Fields, Key, Named, Read, Shape, Value};

/// The `[faults]` table as read, before its targets are looked up.
#[derive(Debug)]
pub struct Described {
    inject: Vec<(Key, Spec)>,
    detect: Detect,
    recover: Recover,
    /// Where the recovery is chosen.
    place: Place,
}

const INJECT: Field<Named<Spec>> = Field::new("inject", "what fails, by name").optional();
const DETECT: Field<Detect> =
    Field::new("detect", "when others notice a crash; at once if absent").optional();
const RECOVER: Field<Box<Recover>> =
    Field::new("recover", "what becomes of lost work; it ends failed if absent").optional();
const FIELDS: &[&dyn AnyField] = &[&INJECT, &DETECT, &RECOVER];

impl Read for Described {
    fn shape() -> Shape {
        Shape::Table(FIELDS)
    }

    fn read(value: &Value, cx: &Context<'_>) -> Option<Self> {
        let fields = Fields::open(value, FIELDS, cx)?;
        let (inject, detect, recover) =
            (fields.maybe(&INJECT), fields.maybe(&DETECT), fields.maybe(&RECOVER));
        Some(Described {
            inject: inject?.map_or(Vec::new(), |Named(inject)| inject),
            detect: detect?.unwrap_or_default(),
            recover: recover?.map_or(Recover::Nothing, |recover| *recover),
            place: fields.given(&RECOVER).map_or(fields.place, |value| value.place),
        })
    }
}

impl Described {
    /// The faults of `machine`; problems, such as a target that isn't there, go to `cx`.
    pub fn resolve(self, machine: &Machine, cx: &Context<'_>) -> Option<Faults> {
        let resolve = |(key, spec): (Key, Spec)| spec.resolve(key.name, machine, cx);
        // All are looked up before the first failure counts, so that one pass shows every problem.
        let inject: Vec<Option<Inject>> = self.inject.into_iter().map(resolve).collect();
        let inject = inject.into_iter().collect::<Option<Vec<_>>>()?;
        let crash = |inject: &&Inject| inject.fault == Fault::Crash;
        let random = |inject: &Inject| matches!(inject.when, When::Random { .. });
        if let Recover::Checkpoint { interval: Interval::Young | Interval::Daly, .. } = self.recover
            && inject.iter().any(|inject| crash(&inject))
            && !inject.iter().filter(crash).any(random)
        {
            cx.problem(
                Problem::new(
                    "the best interval needs a mean time between crashes, and all crashes here are scripted",
                )
                .at(self.place, "its interval follows from `mtbf`")
                .help("give the interval as a time, such as \"10 min\""),
            );
            return None;
        }
        Some(Faults { inject, detect: self.detect, recover: self.recover })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{CoreId, NodeId};
    use crate::machine::Speed;
    use crate::source::{merge, parse, testing::read_with};
    use crate::time::{Span, Time};

    const SECOND: u64 = 1_000_000_000_000;

    /// The faults of `text` on four nodes of two cores, of which the last two are the group `fast`.
    fn read(text: &str) -> Result<Faults, String> {
        let mut machine = Machine::default();
        for group in ["slow", "fast"] {
            machine.add_group(group);
            for _ in 0..2 {
                machine.add_node(None, 1, f64::INFINITY, &[Speed::Given(1.0); 2]);
            }
        }
        read_with(text, |value, cx| Described::read(value, cx)?.resolve(&machine, cx))
    }

    fn refused(text: &str, parts: &[&str]) {
        let problem = read(text).map(|_| ()).expect_err(text);
        for part in parts {
            assert!(problem.contains(part), "{part:?} is not in:\n{problem}");
        }
    }

    fn inject(line: &str) -> String {
        format!("[inject.x]\ntarget = \"node 2\"\nfault = \"crash\"\n{line}")
    }

    #[test]
    fn the_example_of_the_language_page_reads() {
        let text = "[inject.nodes]\ntarget = \"every node\"\nfault = \"crash\"\n\
                    mtbf = { weibull = { mean = \"20 days\", shape = 0.7 } }\nrepair = \"2 h\"\n\
                    [inject.slow-one]\ntarget = \"node 2\"\nfault.slowdown.speed = 0.25\nat = \"3 s\"\nfor = \"5 s\"";
        let faults = read(&format!(
            "detect = {{ heartbeat = \"1 s\", timeout = \"3 s\" }}\n\
             recover = {{ checkpoint = {{ interval = \"daly\", cost = \"30 s\", restart = \"60 s\" }} }}\n{text}"
        ))
        .unwrap();
        assert_eq!(faults.inject[0].targets.len(), 4);
        assert_eq!(faults.inject[0].targets[3].node, Some(NodeId::new(3)));
        let When::Random { uptime, repair: Some(repair) } = &faults.inject[0].when else { panic!("random") };
        assert!((uptime.mean() / (20.0 * 86400.0 * SECOND as f64) - 1.0).abs() < 1e-12);
        assert_eq!((repair.mean(), repair.is_random()), (7200.0 * SECOND as f64, false));
        assert_eq!(faults.inject[1].fault, Fault::Slowdown { speed: 0.25 });
        let When::Scripted { at, lasting } = &faults.inject[1].when else { panic!("scripted") };
        assert_eq!(
            (at.as_slice(), *lasting),
            ([Time::from_ticks(3 * SECOND)].as_slice(), Some(Span::from_ticks(5 * SECOND)))
        );
        let seconds = |count: u64| Span::from_ticks(count * SECOND);
        assert_eq!(faults.detect, Detect::Heartbeat { heartbeat: seconds(1), timeout: seconds(3) });
        let (cost, restart) = (seconds(30), seconds(60));
        assert_eq!(
            faults.recover,
            Recover::Checkpoint { interval: Interval::Daly, cost, restart, last: false }
        );
    }

    #[test]
    fn nothing_said_is_no_faults_noticed_at_once_and_lost_for_good() {
        let faults = read("").unwrap();
        assert!(faults.inject.is_empty());
        assert_eq!((faults.detect, faults.recover), (Detect::AtOnce, Recover::Nothing));
    }

    #[test]
    fn the_mean_between_losses_adds_up_crashes_that_hit_the_cores() {
        let text = "[inject.nodes]\ntarget = \"every node\"\nfault = \"crash\"\nmtbf.exponential = \"40 s\"\n\
                    [inject.core]\ntarget = \"core 0\"\nfault = \"crash\"\nmtbf.exponential = \"20 s\"\n\
                    [inject.slow]\ntarget = \"every core\"\nfault.slowdown = 0.5\nmtbf.exponential = \"1 s\"";
        let faults = read(text).unwrap();
        let mean =
            |from, to| faults.mean_between_losses((CoreId::new(from), CoreId::new(to))) / SECOND as f64;
        // Four nodes at 1/40 and one core at 1/20.
        assert!((mean(0, 8) - 1.0 / 0.15).abs() < 1e-9);
        assert!((mean(2, 4) - 40.0).abs() < 1e-9);
        assert!((mean(0, 1) - 1.0 / 0.075).abs() < 1e-9);
        assert!(read("").unwrap().mean_between_losses((CoreId::new(0), CoreId::new(8))).is_infinite());
    }

    #[test]
    fn groups_and_every_fail_one_by_one() {
        let targets = |target: &str| {
            let text = format!("[inject.x]\ntarget = \"{target}\"\nfault = \"crash\"\nat = \"1 s\"");
            read(&text).unwrap().inject.remove(0).targets
        };
        assert_eq!(
            targets("group fast").iter().map(|target| target.name.as_str()).collect::<Vec<_>>(),
            ["node 2", "node 3"]
        );
        assert_eq!(targets("every core").len(), 8);
        assert_eq!(targets("node 1 core 1")[0].cores, (CoreId::new(3), CoreId::new(4)));
    }

    #[test]
    fn a_bare_mtbf_is_told_how_to_say_which_distribution() {
        refused(
            &inject("mtbf = \"20 days\""),
            &[
                "`inject.x.mtbf` is a distribution, and a time alone doesn't say which",
                "write `mtbf = { exponential = \"20 days\" }`",
            ],
        );
        refused(&inject("mtbf = { values = [\"0 s\"] }"), &["must be above 0"]);
    }

    #[test]
    fn random_and_scripted_failures_have_keys_of_their_own() {
        let mtbf = "mtbf.exponential = \"1 h\"";
        refused(&inject(&format!("{mtbf}\nat = \"1 s\"")), &["`mtbf` and `at` both say when it fails"]);
        refused(&inject(&format!("{mtbf}\nfor = \"1 s\"")), &["`for` goes with `at`", "give `repair`"]);
        refused(&inject("at = \"1 s\"\nrepair = \"1 s\""), &["`repair` goes with `mtbf`", "give `for`"]);
        refused(&inject(""), &["needs `mtbf`", "or `at`, known instants"]);
        assert!(read(&inject(&format!("{mtbf}\nrepair.uniform = [\"1 s\", \"2 s\"]"))).is_ok());
    }

    #[test]
    fn scripted_failures_come_in_order_and_do_not_overlap() {
        assert!(read(&inject("at = [\"1 s\", \"3 s\"]\nfor = \"2 s\"")).is_ok());
        refused(&inject("at = [\"3 s\", \"1 s\"]\nfor = \"1 s\""), &["must be instants in order of time"]);
        refused(
            &inject("at = [\"1 s\", \"3 s\"]\nfor = \"2.5 s\""),
            &["fails again while it hasn't come back"],
        );
        refused(&inject("at = [\"1 s\", \"3 s\"]"), &["fails again while it hasn't come back"]);
    }

    #[test]
    fn a_slowdown_keeps_a_part_of_the_speed() {
        let slow = |speed: &str| {
            format!("[inject.x]\ntarget = \"node 0\"\nfault.slowdown.speed = {speed}\nat = \"1 s\"")
        };
        assert_eq!(read(&slow("\"25 %\"")).unwrap().inject[0].fault, Fault::Slowdown { speed: 0.25 });
        for speed in ["0", "1.5", "\"120 %\""] {
            refused(&slow(speed), &["must be above 0 and at most 1"]);
        }
    }

    #[test]
    fn a_detector_has_a_delay_or_heartbeats() {
        let seconds = |count: u64| Span::from_ticks(count * SECOND);
        assert_eq!(read("detect.delay = \"2 s\"").unwrap().detect, Detect::Delay(seconds(2)));
        refused(
            "detect = { heartbeat = \"3 s\", timeout = \"1 s\" }",
            &["`detect.timeout` is less than `detect.heartbeat`"],
        );
        refused(
            "detect = { heartbeat = \"0 s\", timeout = \"1 s\" }",
            &["`detect.heartbeat` must be above 0"],
        );
        refused("detect = { heartbeat = \"3 s\" }", &["needs `timeout`"]);
        refused("detect = { timeout = \"3 s\" }", &["needs `heartbeat`"]);
        refused(
            "detect = { delay = \"1 s\", heartbeat = \"3 s\" }",
            &["is either a `delay` or a `heartbeat`"],
        );
        refused("detect = {}", &["needs `delay`"]);
    }

    #[test]
    fn recoveries_read_with_their_parameters() {
        let recover = |text: &str| read(text).unwrap().recover;
        assert_eq!(recover("recover = \"retry\""), Recover::Retry { resample: false });
        assert_eq!(recover("recover.retry.resample = true"), Recover::Retry { resample: true });
        assert_eq!(
            recover("recover.restart = \"1 s\""),
            Recover::Restart { restart: Span::from_ticks(SECOND) }
        );
        refused("recover = \"checkpoint\"", &["needs `interval`", "needs `cost`"]);
        refused("recover = \"retyr\"", &["did you mean `retry`?"]);
        refused("recover = \"speculate\"", &["the recovery `speculate` isn't built yet"]);
        let checkpoint = |interval: &str, cost: &str| {
            format!("recover.checkpoint = {{ interval = {interval}, cost = {cost} }}")
        };
        refused(&checkpoint("\"dally\"", "\"1 s\""), &["must be a time, `\"young\"` or `\"daly\"`"]);
        refused(&checkpoint("\"0 s\"", "\"1 s\""), &["must be above 0"]);
        refused(&checkpoint("\"daly\"", "\"0 s\""), &["checkpoints that cost nothing have no best interval"]);
        assert!(read(&checkpoint("\"10 min\"", "\"0 s\"")).is_ok());
    }

    #[test]
    fn the_best_interval_needs_crashes_at_random_or_none() {
        let daly = "recover.checkpoint = { interval = \"daly\", cost = \"1 s\" }\n";
        assert!(read(daly).is_ok());
        assert!(read(&format!("{daly}{}", inject("mtbf.exponential = \"1 h\""))).is_ok());
        refused(
            &format!("{daly}{}", inject("at = \"1 s\"")),
            &["all crashes here are scripted", "its interval follows from `mtbf`"],
        );
    }

    #[test]
    fn what_is_missing_absent_or_not_built_says_so() {
        refused("[inject.x]\nat = \"1 s\"", &["needs `target`", "needs `fault`"]);
        refused(
            "[inject.x]\ntarget = \"node 4\"\nfault = \"crash\"\nat = \"1 s\"",
            &["the machine has nodes 0 to 3"],
        );
        refused("[inject.x]\ntarget = \"link a\"\nfault = \"crash\"\nat = \"1 s\"", &["`link a` is a link"]);
        refused("[inject.x]\ntarget = \"any node\"\nfault = \"crash\"\nat = \"1 s\"", &["isn't built yet"]);
        refused(&inject("at = \"1 s\"\nclock = \"busy\""), &["`inject.x.clock` isn't built yet"]);
        refused(
            "[inject.x]\ntarget = \"node 0\"\nfault = \"corruption\"\nat = \"1 s\"",
            &["the fault `corruption` isn't built yet"],
        );
    }

    #[test]
    fn an_overlay_swaps_random_failures_for_scripted_ones_with_all_their_keys() {
        let base = inject("mtbf.exponential = \"1 h\"\nrepair = \"1 s\"").replace("node 2", "node 0");
        let overlaid = |over: &str| {
            read_with(&base, |value, cx| {
                let mut value = value.clone();
                let start = cx.map.borrow_mut().add("over", over).ok()?;
                let mut problems = Vec::new();
                merge(&mut value, parse(over, start, &mut problems), &Described::shape());
                let mut machine = Machine::default();
                machine.add_node(None, 1, 1.0, &[Speed::Given(1.0)]);
                Described::read(&value, cx)?.resolve(&machine, cx)
            })
            .map(|faults| faults.inject.into_iter().map(|inject| inject.when).next())
        };
        let scripted = overlaid("inject.x = { at = \"1 s\", for = \"2 s\" }");
        assert!(matches!(scripted, Ok(Some(When::Scripted { lasting: Some(_), .. }))));
        let slower = overlaid("inject.x.repair = \"9 s\"");
        assert!(
            matches!(slower, Ok(Some(When::Random { repair: Some(repair), .. })) if repair.mean() == 9e12)
        );
    }
}
