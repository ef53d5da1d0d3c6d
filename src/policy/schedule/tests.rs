//! What `[schedule]` reads as, and what it refuses.

use super::*;
use crate::policy::POLICIES;
use crate::policy::testing::Bag;
use crate::source::Read;
use crate::source::testing::read_with;
use crate::time::Span;

fn schedule(text: &str) -> Result<Schedule, String> {
    let text = format!("[schedule]\n{text}");
    read_with(&text, |document, cx| {
        let value = document.table()?.get("schedule")?;
        cx.below("schedule", || Schedule::read(value, cx))
    })
}

/// What is told about `text`, in which all of `parts` must come.
fn refused(text: &str, parts: &[&str]) {
    let told = schedule(text).expect_err(text);
    for part in parts {
        assert!(told.contains(part), "{text} lacks {part:?}:\n{told}");
    }
}

/// What is told when `text` is to schedule `bag`.
fn misfit(text: &str, bag: &Bag) -> String {
    let text = format!("[schedule]\n{text}");
    let checked = read_with(&text, |document, cx| {
        let value = document.table()?.get("schedule")?;
        let schedule = cx.below("schedule", || Schedule::read(value, cx))?;
        schedule.check("web", bag, 4, cx);
        cx.is_clean().then_some(())
    });
    checked.err().unwrap_or_default()
}

#[test]
fn an_empty_table_is_a_central_queue_first_in_first_out_at_no_cost() {
    let schedule = schedule("").unwrap();
    assert!(matches!(schedule.policy.queues(), Queues::Central(None)));
    assert_eq!(format!("{:?}", schedule.order()), "Fifo");
    let free =
        Cost { dispatch: Span::ZERO, serial: true, switch: Span::ZERO, steal: Span::ZERO, probe: Span::ZERO };
    assert_eq!(schedule.cost, free);
    assert!(!schedule.lowest && !schedule.clairvoyant() && !schedule.is_random());
}

#[test]
fn every_key_is_read() {
    let text = r#"policy = "least-loaded"
        queue = "spt"
        cost = { dispatch = "150 ns", serial = false }
        estimate_error = "20 %"
        ties = "lowest""#;
    let schedule = schedule(text).unwrap();
    assert!(matches!(schedule.policy.queues(), Queues::PerServer));
    assert_eq!(format!("{:?}", schedule.order()), "Spt { preemptive: false }");
    assert_eq!(
        schedule.cost,
        Cost {
            dispatch: Span::from_ticks(150_000),
            serial: false,
            switch: Span::ZERO,
            steal: Span::ZERO,
            probe: Span::ZERO
        }
    );
    assert!(schedule.lowest && schedule.clairvoyant() && schedule.is_random());
}

#[test]
fn every_policy_reads_and_clairvoyance_and_chance_are_declared() {
    let with = |property: fn(&Schedule) -> bool| -> Vec<&str> {
        let has = |name: &&str| property(&schedule(&format!("policy = \"{name}\"")).unwrap());
        POLICIES.entries.iter().map(|entry| entry.name).filter(has).collect()
    };
    let central = |schedule: &Schedule| matches!(schedule.policy.queues(), Queues::Central(_));
    assert_eq!(with(central), ["central-queue", "fifo", "list", "lpt", "spt"]);
    assert_eq!(with(Schedule::clairvoyant), ["lpt", "spt", "least-work-left", "sita", "heft"]);
    assert_eq!(
        with(Schedule::is_random),
        [
            "random",
            "jsq",
            "power-of-d",
            "jiq",
            "least-loaded",
            "least-work-left",
            "least-connections",
            "sita",
            "consistent-hash",
            "work-stealing",
            "work-sharing"
        ]
    );
    let lowest = schedule("policy = 'least-loaded'\nties = 'lowest'").unwrap();
    assert!(!lowest.is_random());
    // An error of estimates that nobody looks at is never drawn.
    assert!(!schedule("policy = 'fifo'\nestimate_error = '5 %'").unwrap().is_random());
    assert!(schedule("policy = 'lpt'\nestimate_error = '5 %'").unwrap().is_random());
}

#[test]
fn a_policy_that_is_an_order_takes_no_other_queue() {
    assert_eq!(format!("{:?}", schedule("policy = 'lpt'").unwrap().order()), "Lpt");
    refused(
        "policy = 'lpt'\nqueue = 'spt'",
        &[
            "`lpt` is `central-queue` with queue = \"lpt\": it can't have another queue",
            "leave `queue` out, or choose policy = \"central-queue\"",
            "test.toml:3",
        ],
    );
    refused(
        "policy.list.order = ['a']\nqueue = 'fifo'",
        &["`list` is `central-queue` with queue = \"list\""],
    );
    refused("policy = 'heft'\nqueue = 'fifo'", &["`heft` plans the order of tasks on each core"]);
}

#[test]
fn what_is_not_built_yet_says_so() {
    refused("oversubscribe = 'x'", &["`schedule.oversubscribe` isn't built yet"]);
}

#[test]
fn wrong_names_and_values_are_told() {
    refused("policy = 'least-load'", &["there is no policy `least-load`", "did you mean `least-loaded`?"]);
    refused("queue = 'fife'", &["there is no queue order `fife`", "did you mean `fifo`?"]);
    refused("policy.random = { d = 2 }", &["`schedule.policy.random` has no key `d`"]);
    refused("ties = 'first'", &["`schedule.ties` must be `\"random\"` or `\"lowest\"`"]);
    refused("ties = 1", &["`schedule.ties` must be `\"random\"` or `\"lowest\"`"]);
    refused("cost = { dispatch = '3 MB' }", &["`schedule.cost.dispatch`: `3 MB` is a size"]);
    refused("cost.serial = 'yes'", &["`schedule.cost.serial` must be `true` or `false`"]);
    refused("estimate_error = '2 s'", &["`schedule.estimate_error`: `2 s` is a time, not a fraction"]);
    refused("policy.list = { order = 'T1' }", &["`schedule.policy.list.order` must be a list"]);
    refused("policy.list = { order = [3] }", &["`schedule.policy.list.order.0` must be a text"]);
    refused("order = 'fifo'", &["`schedule` has no key `order`"]);
}

#[test]
fn a_policy_says_which_workloads_it_does_not_fit_and_what_would() {
    let endless = Bag { count: None, arrives: true, ..Bag::of(0) };
    let arriving = Bag { arrives: true, ..Bag::of(9) };
    let wide = Bag::of(9).with_wide("render", 4);
    let fits = |policy: &str, bag: &Bag| misfit(&format!("policy = '{policy}'"), bag).is_empty();
    let who = |bag: &Bag| -> Vec<&str> {
        POLICIES.entries.iter().map(|entry| entry.name).filter(|name| !fits(name, bag)).collect()
    };
    // A bag that says nothing of its work leaves no equal loads to be found.
    assert_eq!(who(&Bag::of(9)), ["sita"]);
    assert_eq!(who(&endless), ["sita", "static-block", "heft"]);
    assert_eq!(who(&arriving), ["sita", "heft"]);
    let per_server = |name: &&str| {
        let schedule = schedule(&format!("policy = \"{name}\"")).unwrap();
        matches!(schedule.policy.queues(), Queues::PerServer | Queues::Deques(_))
    };
    let all: Vec<&str> = POLICIES.entries.iter().map(|entry| entry.name).filter(per_server).collect();
    assert_eq!(who(&wide), all);

    let told = |policy: &str, bag: &Bag, parts: &[&str]| {
        let told = misfit(&format!("policy = '{policy}'"), bag);
        let lacks = parts.iter().find(|part| !told.contains(**part));
        assert!(lacks.is_none(), "{policy} lacks {lacks:?}:\n{told}");
    };
    told(
        "heft",
        &arriving,
        &["plans all tasks before the run", "doesn't fit the workload `web`", "least-loaded"],
    );
    told("static-block", &endless, &["how many will arrive is not known", "static-cyclic"]);
    told("random", &wide, &["one queue per core, but `render` takes 4 cores at once", "central-queue"]);
}

#[test]
fn the_names_of_a_list_are_looked_up_in_the_workload() {
    let bag = Bag::named(&["T1", "T2"]);
    for text in ["policy.list.order = ['T2', 'T3']", "queue.list.order = ['T2', 'T3']"] {
        let told = misfit(text, &bag);
        assert!(told.contains("there is no task `T3`") && told.contains("test.toml:2"), "{told}");
    }
    assert_eq!(misfit("policy.list.order = ['T2', 'T1']", &bag), "");
}

#[test]
fn only_queues_of_single_cores_are_rebalanced() {
    let with = |policy: &str| schedule(&format!("policy = \"{policy}\"\nrebalance = \"receiver-initiated\""));
    let fitting: Vec<&str> =
        POLICIES.entries.iter().map(|entry| entry.name).filter(|name| with(name).is_ok()).collect();
    let per_server = |name: &&str| {
        let schedule = schedule(&format!("policy = \"{name}\"")).unwrap();
        matches!(schedule.policy.queues(), Queues::PerServer)
    };
    let all: Vec<&str> = POLICIES.entries.iter().map(|entry| entry.name).filter(per_server).collect();
    assert_eq!(fitting, all);
    let refused = |policy: &str, why: &str| {
        let told = with(policy).expect_err(policy);
        assert!(told.contains(why) && told.contains("a policy that keeps a queue"), "{told}");
    };
    refused("lpt", "under `lpt` all cores take from one queue");
    refused("work-stealing", "take it from others already");
    refused("heft", "`heft` plans which core runs what");
}

#[test]
fn rebalancing_declares_its_chance_and_what_it_knows() {
    let of = |rebalance: &str| {
        let schedule = schedule(&format!("policy = \"round-robin\"\nrebalance = {rebalance}")).unwrap();
        (schedule.is_random(), schedule.clairvoyant(), schedule.rebalance_name().map(str::to_owned))
    };
    assert_eq!(of("\"sender-initiated\""), (true, false, Some("sender-initiated".into())));
    assert_eq!(of("{ diffusion.every = \"1 s\" }"), (false, false, Some("diffusion".into())));
    assert_eq!(
        of("{ threshold = { every = \"1 s\", measure = \"work\" } }"),
        (false, true, Some("threshold".into()))
    );
    assert!(!of("{ diffusion = { every = \"1 s\", measure = \"expected\" } }").1);
}
