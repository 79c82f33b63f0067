//! What explains an answer: where in the face, why not another class, and the attention beside its class's mean.

use serde_json::json;

use super::site::Site;
use super::{CPU_LIMIT, PAGE_LIMIT, alone, with_happy_sample};

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn the_evidence_lies_over_the_face_when_asked_for_and_as_strong_as_asked_for() {
    alone(async {
        let site = Site::as_built().await;
        let browser = with_happy_sample(&site).await;
        assert_eq!(browser.run("return document.querySelector('#evidence-overlay').hidden;").await, json!(true));
        browser.run("document.querySelector('#evidence').open = true;").await;
        browser.click("#evidence-on").await;
        let strongest = "const canvas = document.querySelector('#evidence-overlay');
             const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
             const alphas = data.filter((_, at) => at % 4 === 3);
             const most = Math.max(...alphas);
             // No drawn cell lies exactly on the strongest of the map's own.
             return [canvas.hidden, Math.round(most / 25.5), Math.min(...alphas) < most];";
        assert_eq!(browser.run(strongest).await, json!([false, 6, true]), "60 % at the most");
        browser
            .run(
                "const strength = document.querySelector('#evidence-strength');
                 strength.value = 100;
                 strength.dispatchEvent(new Event('input'));",
            )
            .await;
        assert_eq!(browser.run(strongest).await, json!([false, 10, true]));
        // The map is where the face is: the box's centre is within it.
        let covers = "const [box, map] = ['.box', '#evidence-overlay'].map((one) => document.querySelector(one).getBoundingClientRect());
             const x = box.left + box.width / 2;
             return map.left < x && x < map.right && Math.abs(map.width - map.height) < 2;";
        assert_eq!(browser.run(covers).await, json!(true));
        browser.click("#evidence-on").await;
        assert_eq!(browser.run("return document.querySelector('#evidence-overlay').hidden;").await, json!(true));
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn another_class_is_compared_with_the_named_one() {
    alone(async {
        let site = Site::as_built().await;
        let browser = with_happy_sample(&site).await;
        browser
            .run(
                "document.querySelector('#evidence').open = true;
                 const other = document.querySelector('#evidence-other');
                 other.value = '2';
                 other.dispatchEvent(new Event('change'));",
            )
            .await;
        let offered = browser.texts("#evidence-other option").await;
        assert_eq!(offered.len(), 7, "a choice of none, and all but the named class: {offered:?}");
        assert!(!offered.contains(&"happy".to_owned()), "{offered:?}");
        let captions = browser.texts("#evidence-pair figcaption").await;
        assert!(captions[0].starts_with("Happy") && captions[1].starts_with("Sad"), "{captions:?}");
        let drawn = "return Array.from(document.querySelectorAll('#evidence-pair canvas'), (canvas) => {
             const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
             return new Set(new Uint32Array(data.buffer)).size > 100;
           });";
        assert_eq!(browser.run(drawn).await, json!([true, true]));
        // The colour's strength is that of these maps as well, whether or not it lies over the face.
        let stronger = "const strength = document.querySelector('#evidence-strength');
             const red = () => {
               const canvas = document.querySelector('#evidence-pair canvas');
               const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
               return data.reduce((sum, value, at) => sum + (at % 4 === 0 ? value : at % 4 === 2 ? -value : 0), 0);
             };
             const before = red();
             strength.value = 100;
             strength.dispatchEvent(new Event('input'));
             return [strength.disabled, red() > before];";
        assert_eq!(browser.run(stronger).await, json!([false, true]));
        let parts = browser.texts("#evidence-pair .evidence__side:first-child li").await;
        assert_eq!(parts.len(), 5, "{parts:?}");
        assert!(parts.iter().all(|part| part.starts_with("feature ") && part.contains("happy")), "{parts:?}");
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn weights_can_be_ordered_and_their_meaning_is_drawn() {
    alone(async {
        let site = Site::as_built().await;
        let browser = with_happy_sample(&site).await;
        let note = browser.text("#attention-note").await;
        assert!(note.contains("standard deviation"), "{note}");
        browser
            .run(
                "const order = document.querySelector('#attention-order');
                 order.value = 'weight';
                 order.dispatchEvent(new Event('change'));
                 // The first cell is the strongest now.
                 const map = document.querySelector('#heat-map');
                 const { left, top } = map.getBoundingClientRect();
                 map.dispatchEvent(new PointerEvent('pointermove', { clientX: left + 2, clientY: top + 2 }));",
            )
            .await;
        let first = browser.texts(".strongest__name").await[0].replace('#', "feature ");
        browser
            .wait_for(
                "the strongest feature in the first cell",
                &format!("document.querySelector('#heat-cell').textContent.startsWith('{first}:')"),
                PAGE_LIMIT,
            )
            .await;
        browser.run("document.querySelector('#meaning').open = true;").await;
        let drawn = "document.querySelectorAll('#meaning-picture .meaning__feature').length === 12
             && document.querySelectorAll('#meaning-picture .meaning__weight').length === 12";
        browser.wait_for("the picture", drawn, PAGE_LIMIT).await;
    });
}

#[test]
#[ignore = "needs the built site: run `cargo xtask test`"]
fn a_face_that_is_shown_badly_has_its_hints() {
    alone(async {
        let site = Site::as_built().await;
        let browser = with_happy_sample(&site).await;
        assert_eq!(browser.text("#headline-hints").await, "", "a sample is shown well");
        // The same face in the dark.
        let draw = "context.fillStyle = '#fff'; context.fillRect(0, 0, 320, 240);
                    context.filter = 'brightness(0.15)';
                    context.drawImage(await sample('happy.png'), 40, 0, 240, 240);";
        browser.choose_drawing(320, 240, draw, "bytes").await;
        let told = "document.querySelector('#headline-hints').textContent.includes('The face is dark')";
        browser.wait_for("the hint", told, CPU_LIMIT).await;
    });
}
