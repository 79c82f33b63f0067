//! The engine in a page of someone else's, as docs/embedding.md tells it.

use std::path::Path;

use serde_json::{Value, json};

use super::browser::{Browser, Options};
use super::site::{Instead, Site};
use super::{CPU_LIMIT, alone};

const EXAMPLE: &str = include_str!("../../docs/embedding.html");

#[test]
fn the_example_is_the_one_that_the_document_shows() {
    let document = include_str!("../../docs/embedding.md");
    assert!(document.contains(&format!("```html\n{EXAMPLE}```")), "docs/embedding.md shows docs/embedding.html");
    assert!(EXAMPLE.lines().count() <= 20);
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn the_example_names_the_expression_of_a_chosen_picture() {
    alone(async {
        let site = Site::with("embedding.html", Instead::Page(EXAMPLE.into())).await;
        let browser = Browser::start(Options::default()).await;
        browser.open(&site.address("embedding.html")).await;
        browser.choose_file(&Path::new(env!("CARGO_MANIFEST_DIR")).join("www/samples/happy.png")).await;
        // Whoever chooses before the engine is there chooses again: the example listens from then on.
        let answered = "document.querySelector('#file').dispatchEvent(new Event('change'))
             && document.querySelector('#answer').textContent === 'happy'";
        browser.wait_for("the answer", answered, CPU_LIMIT).await;
    });
}

/// What a script resolves to in a page that has a sample's pixels and a program that is ready.
async fn outcome_of(script: &str) -> Value {
    const PREPARE: &str = "const { default: init, Engine } = await import(new URL('dacl.js', document.baseURI));
         await init();
         const response = await fetch(new URL('samples/happy.png', document.baseURI));
         const bitmap = await createImageBitmap(await response.blob());
         const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
         context.drawImage(bitmap, 0, 0);
         const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
         const weights = new URL('weights', document.baseURI).href;
         const picture = () => [new Uint8Array(data.buffer), bitmap.width, bitmap.height];";
    let site = Site::as_built().await;
    let browser = Browser::start(Options::default()).await;
    browser.open(&site.address("bench.html")).await;
    browser.run_async(&format!("{PREPARE}\n{script}")).await
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn several_engines_answer_side_by_side_and_one_that_is_let_go_leaves_the_others() {
    alone(async {
        let outcome = outcome_of(
            "const [one, other] = await Promise.all([1, 2].map(() => Engine.create(weights, 'cpu', undefined)));
             const labels = await Promise.all([one, other].map(async (engine) => {
               const { faces: [{ probabilities }] } = await engine.analyse(...picture());
               return engine.classes[probabilities.indexOf(Math.max(...probabilities))];
             }));
             one.free();
             const { faces } = await other.analyse(...picture());
             return [...labels, faces.length];",
        )
        .await;
        assert_eq!(outcome, json!(["happy", "happy", 1]));
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_call_that_is_aborted_ends_with_the_signals_reason() {
    alone(async {
        let outcome = outcome_of(
            "const ended = (call) => call.then(() => 'answered', (reason) => reason);
             // As the labels' first bytes arrive.
             const loading = new AbortController();
             const stages = [];
             const progress = ({ stage }) => {
               stages.push(stage);
               if (stage === 'labels') loading.abort('enough');
             };
             const created = await ended(Engine.create(weights, 'cpu', progress, loading.signal));
             const engine = await Engine.create(weights, 'cpu', undefined, new AbortController().signal);
             return [
               created,
               stages.includes('warm-up'),
               await ended(engine.analyse(...picture(), AbortSignal.abort('not wanted'))),
               (await ended(engine.loadAttention(undefined, AbortSignal.abort()))).name,
               engine.attentionReady,
               (await engine.analyse(...picture())).faces.length,
             ];",
        )
        .await;
        assert_eq!(outcome, json!(["enough", false, "not wanted", "AbortError", false, 1]));
    });
}
