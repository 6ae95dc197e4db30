//! Scenarios as configuration to deploy.

use concurrency_explained::scenario::*;
use concurrency_explained::simulation::run;
use proptest::prelude::*;

use super::any;

fn code(query: &str) -> Vec<String> {
    let comparison = Comparison::from_query(query).unwrap().unwrap();
    let scenario = comparison.scenarios().next().unwrap();
    snippets(&scenario).into_iter().map(|s| s.code).collect()
}

#[test]
fn sync_with_threads_is_written_as_the_gthread_it_becomes() {
    assert_eq!(
        code("kind=gunicorn&workers=1&threads=2"),
        [
            "gunicorn --workers 1 --worker-class gthread --threads 2 app:app\n",
            "workers = 1\nworker_class = \"gthread\"\nthreads = 2\n",
        ]
    );
    assert_eq!(
        code("kind=gunicorn&workers=8&timeout_s=0&backlog=64"),
        [
            "gunicorn --workers 8 --backlog 64 --timeout 0 app:app\n",
            "workers = 8\nbacklog = 64\ntimeout = 0\n",
        ]
    );
}

#[test]
fn async_views_need_flask_s_extra_under_workers_with_threads_alone() {
    let installs = |class: &str| {
        let code = code(&format!(
            "kind=gunicorn&worker_class={class}&async_views=true"
        ));
        code[0].contains("flask[async]")
    };
    assert_eq!(
        ["sync", "gthread", "gevent", "asgi"].map(installs),
        [true, true, false, false]
    );
}

#[test]
fn gthread_that_ran_with_one_line_is_written_with_the_cap_that_makes_one() {
    for shared in ["", "&accept=shared", "&accept=shared&fidelity=calibrated"] {
        assert_eq!(
            code(&format!("kind=gunicorn&workers=4&threads=2{shared}")),
            [
                "gunicorn --workers 4 --worker-class gthread --threads 2 --keep-alive 0 --worker-connections 3 app:app\n",
                "\
workers = 4
worker_class = \"gthread\"
threads = 2
# Accept about as many as can run: the rest waits in one line for all.
keepalive = 0
worker_connections = 3
",
            ],
            "{shared}"
        );
    }
}

#[test]
fn gthread_that_bound_early_is_written_as_it_stands_with_the_cure_beside_it() {
    let plain = "gunicorn --workers 4 --worker-class gthread --threads 2";
    let cure = "# against early binding:\n#   --worker-connections 3 --keep-alive 0\n";
    for early in [
        "accept=random",
        "accept=skewed",
        "fidelity=calibrated",
        "accept=random&fidelity=calibrated",
    ] {
        let query = format!("kind=gunicorn&workers=4&threads=2&{early}");
        assert_eq!(
            code(&query)[0],
            format!("{plain} app:app\n{cure}"),
            "{early}"
        );
        let conf = &code(&query)[1];
        assert!(
            conf.ends_with("\n# worker_connections = 3\n# keepalive = 0\n"),
            "{conf}"
        );
        let capped = &code(&format!("{query}&worker_connections=500"))[0];
        assert_eq!(
            *capped,
            format!("{plain} --worker-connections 500 app:app\n{cure}")
        );
        let capped = &code(&format!("{query}&worker_connections=3"))[0];
        assert_eq!(
            *capped,
            format!("{plain} --keep-alive 0 --worker-connections 3 app:app\n")
        );
    }
}

#[test]
fn settings_that_a_worker_class_ignores_are_left_out() {
    assert_eq!(
        code("kind=gunicorn&worker_class=gevent&threads=8&worker_connections=500")[0],
        "pip install \"gunicorn[gevent]\"\n\
         gunicorn --workers 1 --worker-class gevent --worker-connections 500 app:app\n"
    );
    assert_eq!(
        code("kind=gunicorn&worker_class=asgi&threads=8&worker_connections=500&backlog=16")[0],
        "gunicorn --workers 1 --worker-class asgi app:app\n"
    );
}

#[test]
fn a_loop_gets_its_limiter_and_its_pool() {
    assert_eq!(code("kind=event_loop"), ["uvicorn app:app\n"]);
    assert_eq!(
        code("kind=event_loop&loops=2&handlers=sync&thread_limit=100"),
        [
            "uvicorn app:app --workers 2\n",
            "\
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    anyio.to_thread.current_default_thread_limiter().total_tokens = 100
    yield


app = FastAPI(lifespan=lifespan)
",
        ]
    );
    let pool = &code("kind=event_loop&pool_size=4")[1];
    assert!(
        pool.contains("asyncpg.create_pool(DSN, min_size=4, max_size=4)"),
        "{pool}"
    );
}

#[test]
fn an_executor_is_a_script() {
    assert_eq!(
        code("kind=executor&pool=process&max_workers=4&gil=false"),
        ["\
# Run with python3.14t, the free-threaded build.
from concurrent.futures import ProcessPoolExecutor, as_completed

if __name__ == \"__main__\":
    with ProcessPoolExecutor(max_workers=4) as pool:
        futures = [pool.submit(call, item) for item in items]
        for future in as_completed(futures):
            print(future.result())
"]
    );
}

proptest! {
    #[test]
    fn gthread_has_a_cap_exactly_where_the_run_had_one_line_or_a_cap(
        workers in 1..6u32,
        threads in 2..6u32,
        cap in prop_oneof![Just(1000), 1..10u32],
        accept in prop_oneof![
            Just(None),
            Just(Some(Accept::Shared)),
            Just(Some(Accept::Random)),
            Just(Some(Accept::Skewed)),
        ],
        calibrated: bool,
    ) {
        let mut scenario = Scenario::new(System::Gunicorn(Gunicorn {
            workers,
            threads,
            worker_connections: cap,
            accept,
            ..Gunicorn::default()
        }));
        scenario.workload.requests = 10;
        if calibrated {
            scenario.fidelity = Fidelity::Calibrated;
        }
        let one_line = workers > 1 && !run(&scenario).early_binding;
        let expected = match one_line {
            true => cap.min(threads + 1),
            false => cap,
        };
        let conf = &snippets(&scenario)[1].code;
        let written = format!("worker_connections = {expected}\n");
        prop_assert_eq!(conf.contains(&written), expected != 1000, "{}", conf);
        let capped = conf.lines().any(|line| line == "keepalive = 0");
        prop_assert_eq!(capped, expected <= threads + 1, "{}", conf);
        let cured = conf.contains("\n# keepalive = 0");
        prop_assert_eq!(cured, workers > 1 && !one_line && expected > threads + 1, "{}", conf);
    }

    #[test]
    fn every_scenario_has_configuration(scenario in any::scenario()) {
        for snippet in snippets(&scenario) {
            prop_assert!(snippet.code.ends_with('\n'));
            prop_assert!(["bash", "python"].contains(&snippet.language));
        }
    }
}
