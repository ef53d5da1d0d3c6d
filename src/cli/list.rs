//! `makespan list`: what scenarios can choose from.

use std::fmt::Write as _;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::stop::Stop;
use super::terminal::print;
use crate::error::nearest;
use crate::faults::{FAULT_KINDS, RECOVERIES};
use crate::metrics::METRICS;
use crate::network::TOPOLOGIES;
use crate::output::format::FORMATS;
use crate::plot::CHARTS;
use crate::plot::theme::{THEMES, Theme};
use crate::policy::loops::LOOPS;
use crate::policy::steal::VICTIMS;
use crate::policy::{ORDERS, POLICIES, REBALANCERS};
use crate::rng::FAMILIES;
use crate::scenario::{PRESETS, THEORIES};
use crate::source::{AnyRegistry, Listing, Shape};
use crate::workload::{SHAPES, WORKLOADS};

/// List what scenarios can choose from, each with a line and its source
#[derive(Args)]
pub(super) struct Arguments {
    /// What to list; the lists themselves unless given
    #[arg(value_parser = PossibleValuesParser::new(CATALOGUE.iter().map(|list| list.name)))]
    what: Option<String>,
    /// Show one of them in full: its parameters, or its text
    #[arg(long, value_name = "NAME", requires = "what")]
    show: Option<String>,
}

/// A list of things to choose from.
struct List {
    name: &'static str,
    about: &'static str,
    items: fn() -> Vec<Item>,
}

/// A thing to choose.
struct Item {
    name: &'static str,
    about: String,
    cite: &'static str,
    /// What there is to know beyond that, in lines.
    detail: String,
}

static CATALOGUE: &[List] = &[
    List {
        name: "policies",
        about: "all that schedules: schedule.policy, then what the next four list",
        items: policies,
    },
    List { name: "queues", about: "schedule.queue: the order within a queue", items: || registered(&ORDERS) },
    List {
        name: "loops",
        about: "schedule.loop: how a loop hands out its iterations",
        items: || registered(&LOOPS),
    },
    List {
        name: "victims",
        about: "schedule.policy.work-stealing.victim: from whom a core without work takes some",
        items: || registered(&VICTIMS),
    },
    List {
        name: "rebalancers",
        about: "schedule.rebalance: how work that waits moves from core to core",
        items: || registered(&REBALANCERS),
    },
    List {
        name: "topologies",
        about: "network.topology: what connects the nodes",
        items: || registered(&TOPOLOGIES),
    },
    List { name: "workloads", about: "workload.KIND: what there is to do", items: || registered(&WORKLOADS) },
    List {
        name: "trees",
        about: "workload.tree.shape: how tasks spawn others",
        items: || registered(&SHAPES),
    },
    List { name: "distributions", about: "wherever a quantity goes", items: || registered(&FAMILIES) },
    List {
        name: "faults",
        about: "faults.inject.NAME.fault: what happens to a target",
        items: || registered(&FAULT_KINDS),
    },
    List {
        name: "recoveries",
        about: "faults.recover: what becomes of lost work",
        items: || registered(&RECOVERIES),
    },
    List { name: "presets", about: "machine.preset: machines that ship with makespan", items: presets },
    List { name: "metrics", about: "report.metrics: what is measured", items: metrics },
    List {
        name: "theories",
        about: "expect.NAME.theory and report.plot.NAME.theory: what theorems say of a scenario",
        items: theories,
    },
    List { name: "themes", about: "report.theme: what pictures are made for", items: themes },
    List { name: "plots", about: "report.plots: the pictures", items: plots },
    List { name: "formats", about: "--format: how results are printed", items: formats },
];

/// Runs the command.
///
/// # Errors
/// Where there is nothing of the name to show.
pub(super) fn run(arguments: &Arguments) -> Result<(), Stop> {
    let Some(list) = CATALOGUE.iter().find(|list| Some(list.name) == arguments.what.as_deref()) else {
        let lines: Vec<(&str, String)> =
            CATALOGUE.iter().map(|list| (list.name, list.about.to_owned())).collect();
        return print(|out| out.write_all(aligned(&lines).as_bytes()));
    };
    let items = (list.items)();
    let text = match &arguments.show {
        None => {
            let line = |item: &Item| match item.cite {
                "" => item.about.clone(),
                cite => format!("{} [{cite}]", item.about),
            };
            aligned(&items.iter().map(|item| (item.name, line(item))).collect::<Vec<_>>())
        }
        Some(name) => match items.iter().find(|item| item.name == name) {
            Some(item) => shown(item),
            None => {
                let near = nearest(name, items.iter().map(|item| item.name));
                let help = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                return Err(Stop::Wrong(format!("there is no `{name}` among the {}{help}", list.name)));
            }
        },
    };
    print(|out| out.write_all(text.as_bytes()))
}

/// Names and what is said of each, below one another.
fn aligned(lines: &[(&str, String)]) -> String {
    let width = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    lines.iter().map(|(name, text)| format!("{name:<width$}  {text}\n")).collect()
}

/// All about one thing. What stands before its text is a comment, so that a preset can be pasted into a file.
fn shown(item: &Item) -> String {
    let mut text = format!("# {}: {}\n", item.name, item.about);
    if !item.cite.is_empty() {
        let _ = writeln!(text, "# Source: {}", item.cite);
    }
    text + &item.detail
}

/// What may be chosen for `schedule.policy`, and behind it what has a key of its own, which is said.
fn policies() -> Vec<Item> {
    let beside: [(&str, &'static dyn AnyRegistry); 4] = [
        ("schedule.queue", &ORDERS),
        ("schedule.loop", &LOOPS),
        ("work-stealing.victim", &VICTIMS),
        ("schedule.rebalance", &REBALANCERS),
    ];
    let mut items = registered(&POLICIES);
    for (key, registry) in beside {
        let under_key = |item: Item| Item { about: format!("{key}: {}", item.about), ..item };
        items.extend(registered(registry).into_iter().map(under_key));
    }
    items
}

fn registered(registry: &'static dyn AnyRegistry) -> Vec<Item> {
    let item = |listing: Listing| Item {
        name: listing.name,
        about: listing.about.to_owned(),
        cite: listing.cite,
        detail: parameters(&listing),
    };
    registry.listings().into_iter().map(item).collect()
}

/// The parameters of an entry with their defaults.
fn parameters(listing: &Listing) -> String {
    let built = listing.fields.iter().filter(|field| field.built());
    let lines = built.map(|field| {
        let value = match field.default() {
            Some(default) => format!("= {default}"),
            None if field.required() => "must be given".to_owned(),
            None => "may be given".to_owned(),
        };
        let bare = if listing.bare == Some(field.name()) { "; a bare value means this" } else { "" };
        let (name, about, kind) = (field.name(), field.about(), kind(&field.shape()));
        format!("{name}  ({value}{bare})\n    {about}\n    {kind}\n")
    });
    let text: String = lines.collect();
    if text.is_empty() { "It has no parameters.\n".to_owned() } else { text }
}

/// What may stand at a key, in words.
fn kind(shape: &Shape) -> String {
    let among = |names: Vec<&str>| format!("one of {}", names.join(", "));
    match shape {
        Shape::Boolean => "true or false".to_owned(),
        Shape::Integer(..) => "a whole number".to_owned(),
        Shape::Number => "a number".to_owned(),
        Shape::Text(what) => (*what).to_owned(),
        Shape::Word(words) => among(words.to_vec()),
        Shape::Quantity(dimension) => dimension.noun().to_owned(),
        Shape::Distribution { dimension, .. } => format!("{}, or a distribution of it", dimension.noun()),
        Shape::List(each) => format!("a list, of each {}", kind(each)),
        Shape::Table(fields) => {
            format!("a table of {}", fields.iter().map(|field| field.name()).collect::<Vec<_>>().join(", "))
        }
        Shape::Named(each) => format!("a table of names, of each {}", kind(each)),
        Shape::Kinds { registry, .. } | Shape::Choice(registry) => {
            among(registry.listings().iter().map(|listing| listing.name).collect())
        }
        Shape::OneOf(shapes) => shapes.iter().map(kind).collect::<Vec<_>>().join("; or "),
        Shape::Any => "any value".to_owned(),
    }
}

fn presets() -> Vec<Item> {
    let item = |preset: &crate::scenario::Preset| Item {
        name: preset.name,
        about: preset.about.to_owned(),
        cite: preset.source,
        detail: preset.text.to_owned(),
    };
    PRESETS.iter().map(item).collect()
}

fn metrics() -> Vec<Item> {
    let item = |metric: &crate::metrics::Description| {
        let better = match metric.better {
            crate::metrics::Better::Lower => "Less is better.\n",
            crate::metrics::Better::Higher => "More is better.\n",
            crate::metrics::Better::Neither => "",
        };
        Item { name: metric.name, about: metric.about.to_owned(), cite: "", detail: better.to_owned() }
    };
    METRICS.iter().map(item).collect()
}

fn theories() -> Vec<Item> {
    let item = |theory: &&crate::scenario::Theory| plain(theory.name, theory.about, theory.cite);
    THEORIES.iter().map(item).collect()
}

fn themes() -> Vec<Item> {
    let item = |theme: &Theme| Item {
        name: theme.name,
        about: theme.about.to_owned(),
        cite: "",
        detail: String::new(),
    };
    THEMES.iter().map(item).collect()
}

fn plots() -> Vec<Item> {
    CHARTS.iter().map(|chart| plain(chart.name, chart.about, "")).collect()
}

fn formats() -> Vec<Item> {
    FORMATS.iter().map(|format| plain(format.name, format.about, "")).collect()
}

fn plain(name: &'static str, about: &'static str, cite: &'static str) -> Item {
    Item { name, about: about.to_owned(), cite, detail: String::new() }
}
