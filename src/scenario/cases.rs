//! The cases of a study: the file as it stands and its variants, at every point of its sweep.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::keys::{ALL, BASELINE, EXPECT, QUESTION, REPORT, TITLE};
use super::load::{Document, add_source, apply_removals, load};
use super::plot::{Asked, Known};
use super::preset::Presets;
use super::read::{Unsettled, read};
use super::resolution::Resolution;
use super::sweep::{self, Axis};
use super::variant::{self, Variant};
use super::{Case, Checked, Expect, Report, Request, Study, expect, report};
use crate::error::Problem;
use crate::source::{
    AnyField, Context, Field, Fields, Kind, Origin, Read, Resolved, Shape, Table, Value, merge,
    parse_assignment,
};
use crate::units::count;

/// Most cases of a study.
const MOST: usize = 10_000;

/// A loaded scenario, of which any case can be read.
pub(super) struct Cases<'a> {
    pub cx: &'a Context<'a>,
    request: &'a Request<'a>,
    pub own: Table,
    pub body: Value,
    pub sets: Vec<Value>,
    pub axes: Vec<Axis>,
    pub variants: Vec<Variant>,
    presets: Presets,
}

/// A case as read, and what its keys came to.
pub(super) struct Reading {
    /// The case, if nothing is wrong with it.
    pub case: Option<Unsettled>,
    /// What its keys came to.
    pub resolved: Vec<Resolved>,
}

impl<'a> Cases<'a> {
    /// Loads the file with all that it extends, and what is said from outside.
    pub fn load(request: &'a Request<'a>, cx: &'a Context<'a>) -> Option<Self> {
        let Document { mut own, body } = load(request.path, cx)?;
        let sets = read_sets(request.sets, &mut own, cx);
        let mut axes = own.get("sweep").map_or(Vec::new(), |value| sweep::read(value, cx));
        let outside = sweep::read_options(request.sweeps, &sets, cx);
        for member in outside.iter().flat_map(|axis| &axis.members) {
            axes.retain_mut(|other| other.leave_out(&member.path));
        }
        axes.extend(outside);
        // To set a key that the file sweeps is to sweep it no more.
        for set in &sets {
            variant::leaves(set, &mut Vec::new(), &mut |path, _| {
                axes.retain_mut(|axis| axis.leave_out(path))
            });
        }
        axes.iter().for_each(|axis| axis.check(cx));
        let variants = own.get("variant").filter(|_| !request.alone);
        let variants = variants.map_or(Vec::new(), |value| variant::read(value, cx));
        let presets = Presets::default();
        Some(Cases { cx, request, own, body, sets, axes, variants, presets })
    }

    /// Reads every case.
    pub fn study(self) -> Option<Checked> {
        let points = if self.request.alone { 1 } else { self.points()? };
        // What the keys of a range came to is no key of the scenario.
        self.cx.take_resolved();
        let (report, expect) = self.read_study_keys();
        let (title, question, baseline) = (self.own(&TITLE), self.own(&QUESTION), self.own(&BASELINE));
        let shared = self.cx.take_resolved();
        let first = self.readings(0);
        let labels = self.labels(baseline, &first[0], &first[1..]);
        if self.cx.is_clean() {
            self.check_variants(points, &first[0], &first[1..], &labels);
            self.check_goal();
        }
        let expect = self.expectations(expect, &labels);
        let report = report.and_then(|report| self.own_plots(report, &labels));
        if !self.cx.is_clean() {
            return None;
        }
        let mut keys: Vec<Resolved> = shared.iter().chain(&first[0].resolved).cloned().collect();
        let mut everywhere: BTreeSet<&[String]> = keys.iter().map(|key| key.path.as_slice()).collect();
        let rest = (1..points).flat_map(|point| self.readings(point));
        let mut unsettled = Vec::new();
        for reading in first.into_iter().chain(rest) {
            let own: BTreeSet<&[String]> =
                shared.iter().chain(&reading.resolved).map(|key| key.path.as_slice()).collect();
            everywhere.retain(|path| own.contains(path));
            unsettled.push(reading.case);
        }
        // The others are read before the first that is wrong counts, so that one pass shows every problem.
        let unsettled: Vec<Unsettled> = unsettled.into_iter().collect::<Option<_>>()?;
        let everywhere: Vec<bool> = keys.iter().map(|key| everywhere.contains(&*key.path)).collect();
        let random = unsettled.iter().any(|case| case.rest.is_random());
        unsettled.first()?.run.echo_replicates(random, self.cx);
        let resolution = {
            let optional = |(key, everywhere): (Resolved, bool)| (key, !everywhere);
            let mut keys: Vec<_> = keys.drain(..).zip(everywhere).map(optional).collect();
            keys.extend(self.cx.take_resolved().into_iter().map(|key| (key, false)));
            Resolution::new(keys, &self.variants, &labels, &self.axes, &self.sets)
        };
        let texts: Vec<Vec<Vec<String>>> = self.axes.iter().map(|axis| axis.shown()).collect();
        let shown = |point: usize| {
            let at = self.indices(point).into_iter().zip(&texts);
            at.flat_map(|(at, members)| members.iter().map(move |values| values[at].clone())).collect()
        };
        let case = |(at, case): (usize, Unsettled)| {
            let (point, variant) = (at / labels.len(), at % labels.len());
            let scenario = Arc::new(case.settle(random));
            let (label, setting) = (labels[variant].clone(), self.setting(point));
            Case { label, point, setting, shown: shown(point), scenario }
        };
        let cases: Vec<Case> = unsettled.into_iter().enumerate().map(case).collect();
        let (mut report, own) = report?;
        own.iter().for_each(|asked| asked.check_theories(&cases, self.cx));
        report.own = own.into_iter().map(|asked| asked.plot).collect();
        let run = cases.first()?.scenario.run.clone();
        let study = Study { title: title?, question: question?, cases, run, random, report, expect: expect? };
        Some(Checked { study, resolution })
    }

    /// How many points the sweep has.
    fn points(&self) -> Option<usize> {
        let values = self.axes.iter().map(Axis::len);
        let points = values.fold(1_usize, |points, values| points.saturating_mul(values));
        if points.saturating_mul(self.variants.len() + 1) <= MOST {
            return Some(points);
        }
        let place = self.axes.first().and_then(Axis::place).unwrap_or(self.body.place);
        let what = format!("the sweep makes more than {} cases", count(MOST as u64));
        let problem = Problem::new(what).at(place, "crossed with all others");
        self.cx.problem(problem.help("give fewer values"));
        None
    }

    /// The file as it stands and its variants at a point.
    fn readings(&self, point: usize) -> Vec<Reading> {
        let each = std::iter::once(None).chain(self.variants.iter().map(Some));
        each.map(|variant| self.reading(variant, point, true)).collect()
    }

    /// A key that only the file itself gives.
    fn own<T: Read>(&self, field: &Field<T>) -> Option<Option<T>> {
        let name = AnyField::name(field);
        match self.own.get(name) {
            Some(value) => self.cx.entry(name, value, Origin::Given, || T::read(value, self.cx)).map(Some),
            None => Some(None),
        }
    }

    /// The indices of the axes' values at `point`; the last axis runs fastest.
    fn indices(&self, point: usize) -> Vec<usize> {
        let mut rest = point;
        let mut indices: Vec<usize> = self
            .axes
            .iter()
            .rev()
            .map(|axis| {
                let at = rest % axis.len();
                rest /= axis.len();
                at
            })
            .collect();
        indices.reverse();
        indices
    }

    fn setting(&self, point: usize) -> Vec<(String, String)> {
        let indices = self.indices(point);
        self.axes.iter().zip(indices).flat_map(|(axis, at)| axis.setting(at)).collect()
    }

    /// The tree of a variant, or of the file as it stands, at a point.
    fn tree(&self, variant: Option<&Variant>, point: usize, with_sets: bool) -> Value {
        let shape = Shape::Table(ALL);
        let mut tree = self.body.clone();
        if let Some(variant) = variant {
            if let Some(removals) = &variant.removals {
                apply_removals(&mut tree, removals, self.cx);
            }
            merge(&mut tree, variant.overlay.clone(), &shape);
        }
        for (axis, at) in self.axes.iter().zip(self.indices(point)) {
            axis.overlays(at).for_each(|overlay| merge(&mut tree, overlay, &shape));
        }
        for set in self.sets.iter().filter(|_| with_sets) {
            merge(&mut tree, set.clone(), &shape);
        }
        self.presets.expand(&mut tree, self.cx);
        tree
    }

    /// Reads a variant, or the file as it stands, at a point.
    pub fn reading(&self, variant: Option<&Variant>, point: usize, with_sets: bool) -> Reading {
        let tree = self.tree(variant, point, with_sets);
        let case = read(&tree, self.cx);
        Reading { case, resolved: self.cx.take_resolved() }
    }

    /// The tables that hold for the whole study.
    fn read_study_keys(&self) -> (Option<report::Described>, Option<Vec<(String, expect::Described)>>) {
        let mut tree = self.body.clone();
        for set in &self.sets {
            merge(&mut tree, set.clone(), &Shape::Table(ALL));
        }
        let Some(fields) = self.cx.apart(|| Fields::open(&tree, ALL, self.cx)) else { return (None, None) };
        let report = fields.take(&REPORT);
        if let Some(report) = &report {
            self.check_plots(&report.report, &tree);
        }
        let expect = fields.maybe(&EXPECT).map(|expect| {
            expect.map_or(Vec::new(), |named| {
                named.0.into_iter().map(|(key, entry)| (key.name, entry)).collect()
            })
        });
        (report, expect)
    }

    /// Reports a goal that there is nothing to choose for.
    fn check_goal(&self) {
        let given = self.sets.iter().rev().chain([&self.body]);
        let mut goals = given.filter_map(|tree| tree.table()?.get("run")?.table()?.get("goal"));
        if let Some(goal) = goals.next().filter(|_| self.variants.is_empty()) {
            let what = "`run.goal` looks for the best variant, and there is none";
            self.cx.fault(goal, what, "best of what?", "give a `[[variant]]`, or leave the goal out");
        }
    }

    fn check_plots(&self, report: &Report, tree: &Value) {
        let given = tree.table().and_then(|tree| tree.get("report")?.table()?.get("plots"));
        let Some(Kind::List(items)) = given.map(|value| &value.kind) else { return };
        for (name, item) in report.plots.iter().zip(items) {
            if self.request.plots.is_empty() || self.request.plots.contains(&&**name) {
                continue;
            }
            if name == "plot" {
                let what = "`plot` is no name of a plot: those of the scenario's own have names of their own";
                let help = "a table `[report.plot.NAME]` is drawn without being listed here";
                self.cx.fault(item, what, "which one?", help);
            } else {
                self.cx.no_such("plot", name, item, self.request.plots);
            }
        }
    }

    /// The report with the scenario's own plots, which are yet to be asked whether their theories hold.
    fn own_plots(&self, report: report::Described, labels: &[String]) -> Option<(Report, Vec<Asked>)> {
        let axes: Vec<Vec<(String, &[Value])>> = self.axes.iter().map(|axis| axis.keys().collect()).collect();
        let report::Described { report, own } = report;
        let known = Known { axes: &axes, labels, metrics: &report.metrics, charts: self.request.plots };
        let settled: Vec<Option<Asked>> = own
            .into_iter()
            .filter(|_| !self.request.alone)
            .map(|(key, plot)| plot.settle(&key, &known, self.cx))
            .collect();
        Some((report, settled.into_iter().collect::<Option<_>>()?))
    }

    fn expectations(
        &self,
        described: Option<Vec<(String, expect::Described)>>,
        labels: &[String],
    ) -> Option<Vec<Expect>> {
        let names: Vec<&str> = labels.iter().map(String::as_str).collect();
        let each = described?.into_iter().filter(|_| !self.request.alone).map(|(name, described)| {
            let variant = described.variant.as_ref().and_then(|label| {
                let text = label.text()?;
                if !names.contains(&text) {
                    self.cx.no_such("variant", text, label, &names);
                }
                Some(text.to_owned())
            });
            let expect::Described { metric, wanted, source, .. } = described;
            Expect { name, metric, variant, wanted, source }
        });
        Some(each.collect())
    }
}

/// The overlays of `--set`; those of the title and its like go to `own`.
fn read_sets(texts: &[String], own: &mut Table, cx: &Context<'_>) -> Vec<Value> {
    let mut sets = Vec::new();
    for text in texts {
        let mut problems = Vec::new();
        let set =
            add_source("--set", text, cx).and_then(|start| parse_assignment(text, start, &mut problems));
        cx.problems(problems);
        let Some(Value { kind: Kind::Table(table), place, base }) = set else { continue };
        let Some((key, value)) = table.only() else { continue };
        match &*key.name {
            "title" | "question" | "baseline" => {
                own.remove(&key.name);
                own.entries.push((key.clone(), value.clone()));
            }
            "variant" | "sweep" | "extends" | "remove" => {
                let problem = Problem::new(format!("`{}` can't be set from outside the file", key.name));
                cx.problem(
                    problem.at(key.place, "not with --set").help("set single keys; sweep them with --sweep"),
                );
            }
            _ => sets.push(Value { kind: Kind::Table(table), place, base }),
        }
    }
    sets
}
