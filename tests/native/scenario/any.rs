//! Strategies for arbitrary valid scenarios, drawn from the table of fields itself.

use concurrency_explained::scenario::*;
use proptest::prelude::*;
use proptest::sample::select;

/// Any value that `field` allows.
pub fn value(field: &'static Field) -> BoxedStrategy<Value> {
    let set = match field.kind {
        Kind::Integer { min, max } => prop_oneof![Just(min), Just(max), min..=max]
            .prop_map(Value::Integer)
            .boxed(),
        // To the thousandth, as sliders and people write them: serde_json reads numbers of up to 15
        // digits exactly, and its exact reading of longer ones would cost the page 11 KB.
        Kind::Number { min, max } => prop_oneof![Just(min), Just(max), min..=max]
            .prop_map(|x| Value::Number((x * 1000.0).round() / 1000.0))
            .boxed(),
        Kind::Choice(choices) => select(choices)
            .prop_map(|(name, _)| Value::Text(name))
            .boxed(),
        Kind::Flag => any::<bool>().prop_map(Value::Flag).boxed(),
    };
    if field.optional {
        prop_oneof![Just(Value::None), set].boxed()
    } else {
        prop_oneof![Just(field.default), set].boxed()
    }
}

/// Any valid scenario.
pub fn scenario() -> impl Strategy<Value = Scenario> {
    let values: Vec<_> = FIELDS.iter().map(value).collect();
    values.prop_map(|values| {
        let mut scenario = Scenario::new(System::Gunicorn(Gunicorn::default()));
        for (field, value) in FIELDS.iter().zip(values) {
            if field.applies(&scenario) {
                field.set(&mut scenario, value).expect("an allowed value");
            }
        }
        scenario
    })
}

/// Any valid comparison of one to four systems.
pub fn comparison() -> impl Strategy<Value = Comparison> {
    proptest::collection::vec(scenario(), 1..=MOST_SYSTEMS).prop_map(|mut scenarios| {
        let systems = scenarios.iter().map(|s| s.system.clone()).collect();
        let mut comparison = Comparison::from(scenarios.remove(0));
        comparison.systems = systems;
        comparison
    })
}
