use crate::program::{Body, Op};
use crate::source::NoFiles;
use crate::workload::Workload;
use crate::workload::testing::{machine, tasks, workload};

fn read(text: &str) -> Result<Box<dyn Workload>, String> {
    workload(text, &NoFiles, &machine(5, 1))
}

/// From, to and bytes of the first transfers.
fn flows(workload: &dyn Workload, most: usize) -> Vec<(usize, usize, f64)> {
    let flow = |body: &Body| match body {
        Body::One(Op::Transfer { from, to, bytes, .. }) => (from.index(), to.index(), *bytes),
        _ => panic!("not a transfer: {body:?}"),
    };
    tasks(workload, most).iter().map(|task| flow(&task.body)).collect()
}

fn pairs(workload: &dyn Workload, most: usize) -> Vec<(usize, usize)> {
    flows(workload, most).into_iter().map(|(from, to, _)| (from, to)).collect()
}

fn refused(text: &str, parts: &[&str]) {
    let problems = read(text).map(|_| ()).unwrap_err();
    for part in parts {
        assert!(problems.contains(part), "{part:?} is not in\n{problems}");
    }
}

#[test]
fn rows_start_in_order_and_fall_back_on_the_keys_beside_them() {
    let text = "[transfers]\nbytes = '1 MB'\nto = 'node 4'\nlist = [{ name = 'late', from = 'node 0', start = '2 s' }, \
                { from = 'node 1', to = 'node 2', bytes = '5 B', weight = 2 }]";
    let rows = read(text).unwrap();
    assert_eq!(flows(&*rows, 9), [(1, 2, 5.0), (0, 4, 1e6)]);
    assert_eq!((rows.task_name(0), rows.task_name(1)), ("transfer 0".into(), "late".into()));
    let specs = tasks(&*rows, 9);
    assert_eq!(specs[1].release.ticks(), 2_000_000_000_000);
    assert!(matches!(specs[0].body, Body::One(Op::Transfer { weight, .. }) if weight == 2.0));
    assert!(matches!(specs[1].body, Body::One(Op::Transfer { weight, .. }) if weight == 1.0));
    assert_eq!((rows.count(), rows.uses_cores(), rows.is_random()), (Some(2), false, false));
}

#[test]
fn all_to_all_meets_every_pair_once_a_round_and_every_receiver_once_a_shift() {
    let all = read("transfers = { pattern = 'all-to-all', bytes = '1 B' }").unwrap();
    let met = pairs(&*all, 99);
    assert_eq!((met.len(), all.count(), all.is_random()), (20, Some(20), false));
    for shift in met.chunks(5) {
        let mut receivers: Vec<_> = shift.iter().map(|(_, to)| *to).collect();
        receivers.sort_unstable();
        assert_eq!(receivers, [0, 1, 2, 3, 4]);
    }
    let mut sorted = met.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert!(sorted.len() == 20 && sorted.iter().all(|(from, to)| from != to));
    let twice = read("transfers = { pattern = 'all-to-all', bytes = '1 B', count = 40 }").unwrap();
    assert_eq!(pairs(&*twice, 99), [met.clone(), met].concat());
}

#[test]
fn a_permutation_leaves_no_node_out_and_another_round_is_another_one() {
    let some = read("transfers = { pattern = 'permutation', bytes = '1 B', count = 500 }").unwrap();
    let met = pairs(&*some, 500);
    let mut seen = Vec::new();
    for round in met.chunks(5) {
        let (from, to): (Vec<_>, Vec<_>) = round.iter().copied().unzip();
        let mut receivers = to.clone();
        receivers.sort_unstable();
        assert_eq!((from, receivers), (vec![0, 1, 2, 3, 4], vec![0, 1, 2, 3, 4]));
        assert!(round.iter().all(|(from, to)| from != to));
        seen.push(to);
    }
    seen.sort_unstable();
    seen.dedup();
    // There are 44 derangements of five; 100 draws leave out 44 · (43/44)^100 ≈ 4.4 of them.
    assert!(seen.len() > 30 && some.is_random(), "{}", seen.len());
}

#[test]
fn all_others_send_to_the_hot_spot() {
    let hot = read("transfers = { pattern.hotspot = 'node 2', bytes = '1 B' }").unwrap();
    assert_eq!(pairs(&*hot, 99), [(0, 2), (1, 2), (3, 2), (4, 2)]);
    let plain = read("transfers = { pattern = 'hotspot', bytes = '1 B' }").unwrap();
    assert_eq!(pairs(&*plain, 99), [(1, 0), (2, 0), (3, 0), (4, 0)]);
}

#[test]
fn random_pairs_are_uniform_and_apart_from_the_bytes() {
    let of = |bytes: &str| {
        read(&format!("transfers = {{ pattern = 'random', count = 20000, at_once = 100, bytes = {bytes} }}"))
            .unwrap()
    };
    let (fixed, drawn) = (of("'1 B'"), of("{ exponential = '1 MB' }"));
    assert_eq!((fixed.at_once(), fixed.count(), fixed.is_random()), (Some(100), Some(20_000), true));
    let met = pairs(&*fixed, 20_000);
    assert_eq!(met, pairs(&*drawn, 20_000));
    let mut counts = [[0_u32; 5]; 5];
    met.iter().for_each(|(from, to)| counts[*from][*to] += 1);
    // χ² with 19 degrees of freedom exceeds 52 once in 15,000.
    let chi: f64 = (0..25)
        .filter(|cell| cell / 5 != cell % 5)
        .map(|cell| (f64::from(counts[cell / 5][cell % 5]) - 1000.0).powi(2) / 1000.0)
        .sum();
    assert!(chi < 52.0 && (0..5).all(|node| counts[node][node] == 0), "{chi}");
}

#[test]
fn what_is_wrong_is_told_where_it_stands() {
    refused("transfers = { bytes = '1 B' }", &["needs `list`", "or give `pattern`"]);
    refused("transfers = { pattern = 'random', bytes = '1 B' }", &["needs `count`"]);
    refused("transfers = { pattern = 'randum', count = 3, bytes = '1 B' }", &["did you mean `random`?"]);
    refused("transfers = { pattern = 'all-to-all' }", &["a transfer needs `bytes`", "test.toml:1:13"]);
    refused(
        "transfers = { pattern = 'all-to-all', list = [], bytes = '1 B' }",
        &["each says what transfers"],
    );
    refused(
        "transfers = { pattern = 'all-to-all', from = 'node 0', bytes = '1 B' }",
        &["`from` does nothing beside"],
    );
    refused("transfers = { list = [], count = 3 }", &["`count` does nothing beside `list`"]);
    refused("transfers = { list = [{ from = 'node 0', bytes = '1 B' }] }", &["a transfer needs `to`"]);
    refused("transfers = { list = [{ from = 'node 0', to = 'node 5', bytes = '1 B' }] }", &["no `node 5`"]);
    refused(
        "transfers = { list = [{ from = 'node 3', to = 'node 3', bytes = '1 B' }] }",
        &["`node 3` to itself"],
    );
    refused("transfers = { list = [{ from = 'node 0', to = 'node 1', bytes = '8 b' }] }", &["bits"]);
    refused("transfers = { list = [{ from = 'node 0', to = 'node 1', weight = 0 }] }", &["must be above 0"]);
    refused("transfers = { at_once = 2, list = [{ start = '1 s' }] }", &["each says when a transfer starts"]);
    let alone = workload("transfers = { pattern = 'all-to-all', bytes = '1 B' }", &NoFiles, &machine(1, 4));
    assert!(alone.map(|_| ()).unwrap_err().contains("at least two nodes"));
}
