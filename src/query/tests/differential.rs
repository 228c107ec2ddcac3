//! Random specimens and random queries: SQLite, PostgreSQL and the naive evaluator must agree, in order.

use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::Value as Json;

use super::evaluator;
use super::queries::{query, specimens};
use super::world::{with_plan, worlds};

#[test]
fn both_engines_and_the_evaluator_agree() {
    let worlds = worlds();
    // PROPTEST_CASES asks for more.
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        ..Config::default()
    });
    let queries = proptest::collection::vec(query(), 1..12);
    let outcome = runner.run(&(specimens(), queries), |(specimens, queries)| {
        for world in &worlds {
            world.fill(&specimens);
        }
        for query in &queries {
            let expected = with_plan(query, |plan| evaluator::answer(plan, &specimens))
                .map_err(|error| TestCaseError::fail(format!("{query}: {error}")))?;
            for world in &worlds {
                let found = world.ask(query).map_err(|error| {
                    TestCaseError::fail(format!("{}: {query}: {error}", world.name))
                })?;
                let found = codes(found.json);
                if !agree(&found, &expected) {
                    let statement = world.statement(query);
                    return Err(TestCaseError::fail(format!(
                        "{query}\n{} finds {found}\nexpected {expected}\n{statement:?}",
                        world.name
                    )));
                }
                if !expected.is_array() || query.to_string().contains("\"owners\"") || query.to_string().contains("Codes") {
                    continue;
                }
                for few in [0, 1, 3] {
                    let (found, statement) = world
                        .steered(query, few)
                        .map_err(|error| TestCaseError::fail(format!("{query}: {error}")))?;
                    if Json::from(found.clone()) != expected {
                        return Err(TestCaseError::fail(format!(
                            "{query}\n{} steered by {few} finds {found:?}\nexpected {expected}\n{statement:?}",
                            world.name
                        )));
                    }
                }
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

/// Of entities only their codes.
fn codes(answer: Json) -> Json {
    match answer {
        Json::Array(list) => list
            .into_iter()
            .map(|one| match one.get("code") {
                Some(code) => code.clone(),
                None => one,
            })
            .collect(),
        other => other,
    }
}

/// The same, with the keys of objects in the same order. Sums may be added in another order.
fn agree(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => {
            let (left, right) = (left.as_f64().unwrap(), right.as_f64().unwrap());
            (left - right).abs() <= 1e-9 * left.abs().max(right.abs())
        }
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| agree(left, right))
        }
        (Json::Object(left), Json::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|((name, left), (other, right))| name == other && agree(left, right))
        }
        (left, right) => left == right,
    }
}
