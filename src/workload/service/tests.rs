use crate::program::{Body, Op};
use crate::workload::testing::{read, tasks};

fn refused(text: &str, parts: &[&str]) {
    let problems = read(text).map(|_| ()).unwrap_err();
    for part in parts {
        assert!(problems.contains(part), "{part:?} is not in\n{problems}");
    }
}

fn work(body: &Body) -> f64 {
    match body {
        Body::One(Op::Compute { work, .. }) => *work,
        _ => panic!("{body:?}"),
    }
}

#[test]
fn the_parts_of_a_request_come_together_each_with_work_of_its_own() {
    let text = "service = { count = 3, arrivals.every = '1 ms', work.exponential = '1 ms', fan_out = 2 }";
    let service = read(text).unwrap();
    let parts = tasks(&*service, 99);
    assert_eq!((parts.len(), service.count()), (6, Some(3)));
    for pair in parts.chunks(2) {
        assert_eq!(pair[0].release, pair[1].release);
        assert_ne!(work(&pair[0].body), work(&pair[1].body));
    }
    assert!(parts[1].release < parts[2].release);
    assert_eq!(service.task_name(5), "part 1 of request 2");
}

#[test]
fn classes_come_in_their_proportions_and_take_what_they_lack_from_the_service() {
    let text = "[service]\nusers = 3\nwork = '5 ms'\ncount = 4000\n\
                [service.classes]\nread = { share = 3 }\nwrite = { share = 1, work = '9 ms' }";
    let service = read(text).unwrap();
    assert_eq!(
        service.kinds().iter().map(|kind| kind.name.as_deref()).collect::<Vec<_>>(),
        [Some("read"), Some("write")]
    );
    let all = tasks(&*service, 4000);
    let writes = all.iter().filter(|task| task.kind == 1).count();
    // 1000 ± 27: six deviations.
    assert!((840..1160).contains(&writes), "{writes}");
    assert!(all.iter().all(|task| work(&task.body) == if task.kind == 1 { 9e9 } else { 5e9 }));
}

#[test]
fn classes_with_rates_are_a_stream_of_arrivals() {
    let text =
        "[service]\nwork = '1 ms'\ncount = 4000\n[service.classes]\na.rate = '30 /s'\nb.rate = '10 /s'";
    let all = tasks(&*read(text).unwrap(), 4000);
    let last = all[3999].release.ticks() as f64 * 1e-12;
    assert!((last - 100.0).abs() < 10.0, "{last}");
}

#[test]
fn what_makes_no_sense_is_refused() {
    refused("service = { work = '1 ms' }", &["needs `arrivals`", "or give `users`"]);
    refused("service = { work = '1 ms', users = 3, arrivals.every = '1 s' }", &["`arrivals` and `users`"]);
    refused(
        "service = { work = '1 ms', arrivals.every = '1 s', think = '1 s' }",
        &["`think` does nothing without `users`"],
    );
    refused(
        "service = { work = '1 ms', users = 1, fan_out = { parts = 2, wait = 3 } }",
        &["can't wait for 3"],
    );
    refused(
        "service = { work = '1 ms', users = 1, fan_out = 2, hedge.after = '1 s' }",
        &["`hedge` beside `fan_out`"],
    );
    refused("service = { users = 1 }", &["a task needs `work`"]);
    let classes = "[service]\nwork = '1 ms'\n[service.classes]\na.rate = '1 /s'\nb.share = 1";
    refused(classes, &["some classes of `service` have a `rate`"]);
    refused(
        "service = { work = '1 ms', arrivals.every = '1 s', classes.a.rate = '1 /s' }",
        &["`arrivals` beside classes"],
    );
    refused(
        "service = { work = '1 ms', users = 1, classes.a = { rate = '1 /s', share = 1 } }",
        &["`share` and `rate`"],
    );
    refused("service = { work = '1 ms', users = 1, classes.a.share = 0 }", &["must be above 0"]);
}
