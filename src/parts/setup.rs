//! What a figure runs: its systems, each under its own scenario, and the fields that move them.

use crate::scenario::{
    Comparison, FIELDS, Field, Gunicorn, Handlers, MOST_SYSTEMS, PoolKind, Problems, Scenario,
    System, Value, WorkerClass, field,
};
use crate::simulation;
use crate::words::{count, grouped};

/// One of the systems that a figure shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The system's name in the page's hooks, such as `gunicorn`.
    pub id: &'static str,
    /// Its name for the reader.
    pub label: &'static str,
    pub scenario: Scenario,
    /// Fields that the figure's sliders leave alone in this case.
    pub pinned: &'static [&'static str],
}

/// The systems that a figure shows side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    pub cases: Vec<Case>,
}

impl Case {
    /// A case of `system` under the default workload.
    pub fn new(id: &'static str, label: &'static str, system: System) -> Self {
        Self {
            id,
            label,
            scenario: Scenario::new(system),
            pinned: &[],
        }
    }

    fn has(&self, field: &Field) -> bool {
        !self.pinned.contains(&field.key) && field.applies(&self.scenario)
    }
}

impl Setup {
    /// These cases, each with `change` made to its scenario.
    pub fn new(cases: Vec<Case>, change: impl Fn(&mut Scenario)) -> Self {
        let mut setup = Self { cases };
        for case in &mut setup.cases {
            change(&mut case.scenario);
        }
        setup
    }

    /// The comparison that its cases make, where they differ in their systems alone.
    pub fn comparison(&self) -> Option<Comparison> {
        let comparison = Comparison {
            systems: self
                .cases
                .iter()
                .map(|case| case.scenario.system.clone())
                .collect(),
            ..Comparison::from(self.cases.first()?.scenario.clone())
        };
        let same = self.cases.len() <= MOST_SYSTEMS
            && comparison
                .scenarios()
                .zip(&self.cases)
                .all(|(scenario, case)| scenario == case.scenario);
        same.then_some(comparison)
    }

    /// Takes over what a link to the figure says: of each system, or of a single one for all of its kind, unless
    /// those differ, which is what the figure is about; and the rest for all cases that do not pin it. Each
    /// stays the kind of system that it is. A link with systems of other kinds is none to this figure.
    #[cfg_attr(
        not(any(feature = "hydrate", test)),
        expect(dead_code, reason = "links are opened in the browser")
    )]
    pub fn take_over(&mut self, comparison: &Comparison) {
        let several = comparison.systems.len() > 1;
        let kinds = || self.cases.iter().map(|case| case.scenario.system.kind());
        let mut systems = comparison.systems.iter().map(System::kind);
        let fits = match several {
            true => systems.zip(kinds()).all(|(system, case)| system == case),
            false => systems.all(|system| kinds().any(|case| case == system)),
        };
        if !fits {
            return;
        }
        let mut cases = self.cases.clone();
        for (i, scenario) in comparison.scenarios().enumerate() {
            let systems = self.cases.iter().map(|case| &case.scenario.system);
            let mut alike = systems.filter(|system| system.kind() == scenario.system.kind());
            let first = alike.next();
            let differ = alike.any(|system| Some(system) != first);
            for field in FIELDS.iter().filter(|field| field.key != "kind") {
                let of_system = field.path.starts_with("system.");
                if of_system && !several && differ {
                    continue;
                }
                if let Some(value) = field.get(&scenario) {
                    let only = (several && of_system).then_some(i);
                    // What a case cannot be set to stays as it was.
                    let _ = put(&mut cases, field, value, only);
                }
            }
        }
        // What cannot be run so stays as it was.
        let _ = self.replace(cases);
    }

    /// The value of the field called `key` where a case has it, or in the case `only`.
    pub fn value(&self, key: &str, only: Option<usize>) -> Option<Value> {
        let field = field(key)?;
        let mut cases = (0..).zip(&self.cases);
        let (_, case) =
            cases.find(|(i, case)| only.is_none_or(|only| only == *i) && case.has(field))?;
        field.get(&case.scenario)
    }

    /// Sets the field in every case that has it and does not pin it, or in the case `only`. Where
    /// any scenario would no longer be valid, nothing changes and the error says why.
    pub fn set(
        &mut self,
        field: &Field,
        value: Value,
        only: Option<usize>,
    ) -> Result<(), Problems> {
        let mut cases = self.cases.clone();
        put(&mut cases, field, value, only)?;
        self.replace(cases)
    }

    /// Takes other cases, if they can be run.
    fn replace(&mut self, cases: Vec<Case>) -> Result<(), Problems> {
        let scenarios: Vec<_> = cases.iter().map(|case| case.scenario.clone()).collect();
        simulation::check_all(&scenarios)?;
        self.cases = cases;
        Ok(())
    }
}

/// Sets the field in every one of `cases` that has it and does not pin it, or in the case `only`.
fn put(
    cases: &mut [Case],
    field: &Field,
    value: Value,
    only: Option<usize>,
) -> Result<(), Problems> {
    for (i, case) in cases.iter_mut().enumerate() {
        if only.is_some_and(|only| only != i) || !case.has(field) {
            continue;
        }
        field
            .set(&mut case.scenario, value)
            .map_err(|problem| Problems(vec![problem]))?;
    }
    Ok(())
}

/// A system's setting in a few words: `4 workers × 2 threads`.
pub fn describe(scenario: &Scenario) -> String {
    let of = |n: u32, one| count(grouped(n.into()), one);
    match &scenario.system {
        System::Gunicorn(g) => {
            let workers = of(g.workers, "worker");
            // Whom the cap on connections concerns.
            let cap = match g.worker_connections {
                cap if cap == Gunicorn::default().worker_connections => String::new(),
                cap => format!(", at most {cap} each"),
            };
            let threads = of(g.threads, "thread");
            match g.worker_class {
                WorkerClass::Gevent => format!("{workers}, gevent{cap}"),
                WorkerClass::Asgi => format!("{workers}, asgi"),
                WorkerClass::Sync if g.threads == 1 => format!("{workers} × {threads}"),
                WorkerClass::Sync | WorkerClass::Gthread => {
                    format!("{workers} × {threads}{cap}")
                }
            }
        }
        System::EventLoop(e) => {
            let loops = match e.loops {
                1 => "1 process, 1 thread".to_owned(),
                n => format!("{n} processes, a loop each"),
            };
            match e.handlers {
                Handlers::Async => loops,
                Handlers::Sync => format!("{loops}, {} for def", e.thread_limit),
            }
        }
        System::Executor(x) => match x.pool {
            PoolKind::Thread => of(x.max_workers, "thread"),
            PoolKind::Process => of(x.max_workers, "process"),
        },
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::scenario::EventLoop;

    fn gunicorn(workers: u32, threads: u32) -> System {
        System::Gunicorn(Gunicorn {
            workers,
            threads,
            ..Gunicorn::default()
        })
    }

    fn opened(systems: &[System], link: &str) -> Vec<(String, u32)> {
        let case = |system: &System| Case::new("", "", system.clone());
        let mut setup = Setup::new(systems.iter().map(case).collect(), |_| {});
        let link = Comparison::from_query(link).expect("a link that can be read");
        setup.take_over(&link.expect("a link"));
        let told = |case: &Case| (describe(&case.scenario), case.scenario.workload.requests);
        setup.cases.iter().map(told).collect()
    }

    #[test]
    fn a_link_of_one_system_sets_those_of_its_kind_unless_they_differ() {
        let link = "kind=gunicorn&workers=8&threads=1&requests=50";
        let set = |systems: &[System]| opened(systems, link);
        let eight = ("8 workers × 1 thread".to_owned(), 50);
        assert_eq!(
            set(&[gunicorn(4, 2), gunicorn(4, 2)]),
            [eight.clone(), eight.clone()]
        );
        assert_eq!(
            set(&[gunicorn(4, 2), gunicorn(4, 4)]),
            [
                ("4 workers × 2 threads".to_owned(), 50),
                ("4 workers × 4 threads".to_owned(), 50)
            ]
        );
        let event_loop = System::EventLoop(EventLoop::default());
        assert_eq!(
            set(&[gunicorn(4, 2), event_loop]),
            [eight, ("1 process, 1 thread".to_owned(), 50)]
        );
    }

    #[test]
    fn a_link_of_several_sets_one_after_the_other_and_the_requests_of_all() {
        let link =
            "kind=gunicorn&workers=8&threads=1&b.kind=gunicorn&b.workers=2&b.threads=3&requests=50";
        let systems = [gunicorn(4, 2), gunicorn(4, 4), gunicorn(1, 1)];
        let told = opened(&systems, link);
        let words: Vec<&str> = told.iter().map(|(words, _)| words.as_str()).collect();
        assert_eq!(
            words,
            [
                "8 workers × 1 thread",
                "2 workers × 3 threads",
                "1 worker × 1 thread"
            ]
        );
        assert!(told.iter().all(|(_, requests)| *requests == 50));
    }

    #[test]
    fn a_link_of_systems_of_other_kinds_changes_nothing() {
        let systems = [gunicorn(4, 2), gunicorn(4, 4)];
        let before = [
            ("4 workers × 2 threads".to_owned(), 1000),
            ("4 workers × 4 threads".to_owned(), 1000),
        ];
        for link in [
            "kind=event_loop&requests=50",
            "kind=gunicorn&workers=8&b.kind=event_loop&requests=50",
        ] {
            assert_eq!(opened(&systems, link), before);
        }
    }
}
