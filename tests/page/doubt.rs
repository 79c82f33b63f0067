//! Answers that are not sure are told as guesses, with the reason, wherever they are told.

use serde_json::json;

use super::browser::Browser;
use super::site::Site;
use super::{alone, with_happy_sample};

/// No face is within this distance of a centre.
const NO_DISTANCE: f64 = 1e-6;
/// Every face is.
const ANY_DISTANCE: f64 = 1e6;

async fn answered(probability: f64, distance: f64) -> Browser {
    with_happy_sample(&Site::with_limits(probability, distance).await).await
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn an_answer_that_is_too_improbable_is_told_as_a_guess() {
    alone(async {
        let browser = answered(1.0, ANY_DISTANCE).await;
        assert_eq!(browser.text("#headline-kicker").await, "Not sure; the likeliest is");
        assert_eq!(browser.text("#headline-label").await, "Happy");
        let note = browser.text("#headline-note").await;
        assert!(note.contains("below 100% the network is wrong too often"), "{note}");
        assert!(!note.contains("distance"), "{note}");
        let label = browser.text(".box__label").await;
        assert!(label.starts_with("Not sure: happy?"), "{label}");
        let said = browser.texts("#announcer").await;
        assert!(said[0].contains("Not sure; the likeliest is: Happy."), "{said:?}");
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_face_that_is_far_from_its_centre_is_told_as_unlike() {
    alone(async {
        let browser = answered(0.0, NO_DISTANCE).await;
        let note = browser.text("#headline-note").await;
        assert!(note.starts_with("This face is unlike those that the network knows as happy"), "{note}");
        assert_eq!(browser.run("return document.querySelector('#headline').dataset.certainty;").await, json!("unsure"));
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn an_answer_within_both_limits_is_told_as_one() {
    alone(async {
        let browser = answered(0.0, ANY_DISTANCE).await;
        assert_eq!(browser.text("#headline-kicker").await, "The face shows");
        let label = browser.text(".box__label").await;
        assert!(label.starts_with("Happy"), "{label}");
    });
}
