//! Comparisons, experiments and reports on drawn faces, as a user runs them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod trainer_command;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use trainer_command::{describe, description, drawn_folder, fails, metrics, succeeds, text, trainer};

const DATA: &str = "synthetic:train=32,valid=21,test=14,size=32,seed=5";

/// Arguments of a training of a few seconds.
fn training<'a>(out: &'a Path, loss: &'a str, seed: &'a str) -> Vec<&'a str> {
    let arguments = ["train", "--data", DATA, "--out", text(out), "--loss", loss, "--seed", seed, "--epochs", "1"];
    let small = ["--input-size", "32", "--batch", "16", "--context-encoder", "64,32,16", "--device", "cpu"];
    [arguments.as_slice(), &small].concat()
}

fn train(out: &Path, loss: &str, seed: &str) {
    succeeds(&training(out, loss, seed));
}

#[test]
fn runs_are_compared_in_groups_of_seeds_and_in_pairs() {
    let folder = tempfile::tempdir().unwrap();
    let [one, two, soft] = ["one", "two", "soft"].map(|name| folder.path().join(name));
    train(&one, "dacl", "1");
    train(&two, "dacl", "2");
    train(&soft, "softmax", "1");
    let runs = ["compare", text(&one), text(&two), text(&soft), "--data", DATA, "--device", "cpu"];
    let json = [runs.as_slice(), &["--json"]].concat();
    let printed = succeeds(&json);
    assert_eq!(succeeds(&json), printed, "the same runs give the same intervals");
    let comparison: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((&comparison["n"], &comparison["split"]), (&21.into(), &"valid".into()));
    let groups = comparison["groups"].as_array().unwrap();
    let names: Vec<&Value> = groups.iter().map(|group| &group["name"]).collect();
    assert_eq!(names, ["loss=dacl", "loss=softmax"]);
    assert!(groups[0]["accuracy"]["std"].is_number() && groups[1]["accuracy"]["std"].is_null());
    assert_eq!(comparison["pairs"].as_array().unwrap().len(), 3);
    for (run, path) in comparison["runs"].as_array().unwrap().iter().zip([&one, &two, &soft]) {
        let eval = succeeds(&["eval", "--weights", text(path), "--data", DATA, "--json", "--device", "cpu"]);
        let eval: Value = serde_json::from_str(&eval).unwrap();
        assert_eq!(run["accuracy"]["value"], eval["accuracy"]);
        assert_eq!(run["mean_class_accuracy"]["value"], eval["mean_class_accuracy"]);
        let interval = ["low", "value", "high"].map(|end| run["accuracy"][end].as_f64().unwrap());
        assert!(interval.is_sorted(), "{interval:?}");
    }
    let again = ["compare", text(&one), text(&one), "--data", DATA, "--device", "cpu"];
    assert!(fails(&again).contains("are one seed of the same settings"));
    let table = succeeds(&runs);
    assert!(table.contains("valid of synthetic") && table.contains("McNemar") && table.contains(" ± "), "{table}");

    let description = fs::read_to_string(soft.join("run.json")).unwrap();
    fs::write(soft.join("run.json"), description.replace("\"anger\"", "\"contempt\"")).unwrap();
    let said = fails(&runs);
    assert!(said.contains("contempt") && said.contains("only what has the same classes"), "{said}");
    assert!(fails(&["compare", text(&one), "--data", DATA]).contains("2 values"));
    assert!(fails(&["compare", text(&one), text(folder.path()), "--data", DATA]).contains("holds no weights"));
}

const EXPERIMENT: &str = r#"
seeds = [1, 2]

[base]
preset = "compact"
data = "synthetic:train=32,valid=21,test=14,size=32,seed=5"

[base.settings]
epochs = 1
batch = 16
network = { input_size = 32, context_encoder = { hidden1 = 64, hidden2 = 32, code = 16 } }

[[variants]]
name = "softmax"
settings = { loss = "softmax" }

[[variants]]
name = "center"
settings = { loss = "center" }

[[variants]]
name = "dacl"
settings = { loss = "dacl" }
"#;

#[test]
fn an_experiment_goes_on_where_it_was_stopped_and_writes_its_tables() {
    let folder = tempfile::tempdir().unwrap();
    let (file, out) = (folder.path().join("losses.toml"), folder.path().join("losses"));
    fs::write(&file, EXPERIMENT).unwrap();
    let command = ["experiment", text(&file), "--device", "cpu"];
    let said = succeeds(&command);
    assert!(said.contains("run 6 of 6: dacl, seed 2, starts"), "{said}");
    let table = fs::read_to_string(out.join("table-valid.md")).unwrap();
    assert!(table.contains("validation split") && table.contains("| dacl | 2 |") && table.contains("Against softmax"));
    let variants = fs::read_to_string(out.join("variants-valid.csv")).unwrap();
    assert_eq!(variants.lines().count(), 4, "{variants}");
    assert_eq!(fs::read_to_string(out.join("runs-valid.csv")).unwrap().lines().count(), 7);
    assert_eq!(fs::read_to_string(out.join("experiment.toml")).unwrap(), EXPERIMENT);

    // As if it had been stopped in the first epoch of one run and before the start of another.
    let (begun, missing) = (out.join("softmax-seed-2"), out.join("dacl-seed-2"));
    let (of_begun, of_missing) = (metrics(&begun), metrics(&missing));
    fs::remove_dir_all(begun.join("checkpoints/epoch-0001")).unwrap();
    fs::remove_dir_all(&missing).unwrap();
    let said = succeeds(&command);
    assert!(said.contains("softmax, seed 1, done already") && said.contains("goes on after epoch 0"), "{said}");
    assert_eq!((metrics(&begun), metrics(&missing)), (of_begun, of_missing));
    assert_eq!(fs::read_to_string(out.join("table-valid.md")).unwrap(), table, "the same runs give the same table");

    let said = succeeds(&[command.as_slice(), &["--split", "test"]].concat());
    assert!(said.contains("the test split") && !said.contains("run 1 of 6"), "{said}");
    let looks = fs::read_to_string(missing.join("test-evaluations.csv")).unwrap();
    assert!(looks.lines().count() == 2 && looks.contains(",experiment,"), "{looks}");
    let hash = description(&begun)["data_sha256"].clone();
    describe(&begun, |description| description["data_sha256"] = "of other pictures".into());
    let other = fails(&command);
    assert!(
        other.contains("softmax-seed-2 was trained on other pictures than synthetic"),
        "also when all is done: {other}"
    );
    describe(&begun, |description| description["data_sha256"] = hash);
    assert!(fails(&[command.as_slice(), &["--split", "train"]].concat()).contains("use valid or test"));
    assert!(
        fails(&[command.as_slice(), &["--grey"]].concat()).contains("other settings"),
        "read otherwise, other runs"
    );
    fs::write(&file, EXPERIMENT.replace("batch = 16", "batch = 8")).unwrap();
    assert!(fails(&command).contains("other settings"), "finished runs of another recipe are not taken for this one's");
    fs::write(&file, EXPERIMENT.replace("batch = 16", "batch = 1")).unwrap();
    let said = fails(&command);
    let expected = format!("trainer: {}: the base: batch is 1: batch norm needs 2 pictures or more\n", file.display());
    assert_eq!(said, expected);
}

#[test]
fn an_experiment_that_is_killed_goes_on_and_no_second_one_works_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let [file, whole, cut] = ["losses.toml", "whole", "cut"].map(|name| folder.path().join(name));
    fs::write(&file, EXPERIMENT.replace("seeds = [1, 2]", "seeds = [1]")).unwrap();
    let command = |out| ["experiment", text(&file), "--out", text(out), "--device", "cpu"];
    succeeds(&command(&whole));
    let mut child = Command::new(env!("CARGO_BIN_EXE_trainer"))
        .args(command(&cut))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(300);
    while !cut.join("softmax-seed-1/checkpoints/epoch-0001").exists() {
        assert!(Instant::now() < deadline, "the first run did not end");
        std::thread::sleep(Duration::from_millis(2));
    }
    let said = fails(&command(&cut));
    assert!(said.contains("is still at work in"), "{said}");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!cut.join("table-valid.md").exists(), "it was to be killed before its end");
    // A training that it started lives on for a moment, and the folder is its own until then.
    loop {
        let output = trainer(&command(&cut));
        if output.status.success() {
            break;
        }
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("is still at work in") && Instant::now() < deadline, "{said}");
        std::thread::sleep(Duration::from_millis(200));
    }
    for run in ["softmax-seed-1", "center-seed-1", "dacl-seed-1"] {
        assert_eq!(metrics(&cut.join(run)), metrics(&whole.join(run)), "{run}");
    }
    let table = |out: &Path| fs::read_to_string(out.join("runs-valid.csv")).unwrap();
    assert_eq!(table(&cut), table(&whole));
}

#[test]
fn a_run_that_fails_leaves_the_others_to_be_done_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (file, out) = (folder.path().join("rates.toml"), folder.path().join("elsewhere"));
    let text_of_file = EXPERIMENT.replace("seeds = [1, 2]", "seeds = [1]");
    fs::write(&file, text_of_file.replace("loss = \"softmax\"", "batch = 64")).unwrap();
    let said = fails(&["experiment", text(&file), "--out", text(&out), "--device", "cpu"]);
    assert!(said.contains("1 of 3 runs failed") && said.contains("softmax-seed-1"), "{said}");
    assert!(said.contains("fewer than one batch"), "{said}");
    assert!(out.join("dacl-seed-1/metrics.csv").is_file() && !out.join("table-valid.md").exists());
}

/// What every report must be: whole in itself, without a script, with the figures of every picture and drawing in words.
fn assert_stands_alone(page: &str) {
    let links = page.replace("http://www.w3.org/2000/svg", "");
    for outside in ["http:", "https:", "<script", "<link", "url(", "src=\"/", "<image"] {
        assert!(!links.contains(outside), "the page asks for {outside}");
    }
    // 512 weights a row, or the key to their colours: no picture of the data set.
    for data in page.split("data:").skip(1).filter_map(|rest| rest.split('"').next()).filter(|data| data.contains(','))
    {
        let png = data.strip_prefix("image/png;base64,").expect("nothing but PNG is embedded");
        let chart = image::load_from_memory(&STANDARD.decode(png).unwrap()).unwrap();
        let known = (chart.width() == 512 && chart.height() <= 6) || (chart.width(), chart.height()) == (256, 1);
        assert!(known, "{} x {} pixels are embedded", chart.width(), chart.height());
    }
    let described = |start: &str, attribute: &str| -> usize {
        let tags = page.split(start).skip(1).map(|rest| rest.split('>').next().unwrap());
        tags.inspect(|tag| {
            let text = tag.split_once(attribute).and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default();
            let tells = text.split(' ').count() > 4 && text.contains(|letter: char| letter.is_ascii_digit());
            assert!(tells, "\"{text}\" does not say what {start} shows");
        })
        .count()
    };
    described("<img ", "alt=\"");
    assert!(described("role=\"img\"", "aria-label=\"") >= 3, "reliability twice, and the plane of the features");
}

#[test]
fn a_report_says_everything_of_a_run_and_of_its_artefact() {
    let folder = tempfile::tempdir().unwrap();
    let (run, artefact, out) = (folder.path().join("one"), folder.path().join("artefact"), folder.path().join("out"));
    train(&run, "dacl", "1");
    let said = succeeds(&["report", text(&run), "--device", "cpu"]);
    assert!(said.contains("report.html") && said.contains("MODEL_CARD.md"), "{said}");
    let page = fs::read_to_string(run.join("report/report.html")).unwrap();
    assert_stands_alone(&page);
    for part in [
        "Learning rate",
        "Center loss",
        "Cross entropy",
        "attention below 0.05",
        "Confusion",
        "precision",
        "recall",
        "At temperature 1",
        "Mean of each class",
        "labels shuffled",
        "data:image/png",
        "Crosses are the class centres",
        "context_encoder",
        "validation split of synthetic:train=32",
    ] {
        assert!(page.contains(part), "{part} is missing");
    }
    let card = fs::read_to_string(run.join("report/MODEL_CARD.md")).unwrap();
    assert!(card.contains("## Limits") && card.contains("| seed | 1 |") && card.contains("shuffled labels"), "{card}");
    let eval = succeeds(&["eval", "--weights", text(&run), "--data", DATA, "--json", "--device", "cpu"]);
    let eval: Value = serde_json::from_str(&eval).unwrap();
    let figure = |name: &str| eval[name].as_f64().unwrap();
    for row in [
        format!("| accuracy | {:.2} % |", 100.0 * figure("accuracy")),
        format!("| mean class accuracy | {:.2} % |", 100.0 * figure("mean_class_accuracy")),
        format!("| macro F1 | {:.4} |", figure("macro_f1")),
        format!("| calibration error at temperature 1 | {:.4} |", figure("ece")),
        format!("| SHA-256 of the data | {} |", description(&run)["data_sha256"].as_str().unwrap()),
        format!("| Version of burn | {} |", description(&run)["build"]["burn"].as_str().unwrap()),
        "| loading.skip_bad | false |".to_owned(),
    ] {
        assert!(card.contains(&row), "{row} is not in {card}");
    }

    succeeds(&["export", "--run", text(&run), "--out", text(&artefact), "--device", "cpu"]);
    assert!(fails(&["report", text(&artefact), "--out", text(&out), "--device", "cpu"]).contains("--data"));
    assert!(fails(&["report", text(&artefact), "--data", DATA, "--device", "cpu"]).contains("--out"));
    let of_artefact =
        ["report", text(&artefact), "--data", DATA, "--split", "test", "--out", text(&out), "--device", "cpu"];
    succeeds(&of_artefact);
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    assert_stands_alone(&page);
    assert!(page.contains("the test split") && page.contains("labels shuffled"));
    assert!(page.contains("Crosses are the class centres") && !page.contains("no centres"));
    let places = page.split_once("Distances are Euclidean").unwrap().1.split_once("</table>").unwrap().0;
    assert!(!places.contains('–'), "every class has its centre: {places}");
    // What the figures of an artefact are worth, going by what its manifest says of its data.
    let card = |data: &str, split: &str| {
        let artefact = ["report", text(&artefact), "--out", text(&out), "--device", "cpu"];
        succeeds(&[artefact.as_slice(), &["--data", data, "--split", split]].concat());
        fs::read_to_string(out.join("MODEL_CARD.md")).unwrap()
    };
    let own = card(DATA, "valid");
    assert!(own.contains("Epoch and temperature were chosen on these very pictures"), "{own}");
    let manifest: Value = serde_json::from_slice(&fs::read(artefact.join("manifest.json")).unwrap()).unwrap();
    let share = |name: &str| format!("{:.1} %", 100.0 * manifest["not_sure"][name].as_f64().unwrap());
    let told = match manifest["not_sure"]["coverage"].as_f64().unwrap() {
        0.0 => "none of the answers is sure".to_owned(),
        _ => format!("{} of the answers are sure, and {} of these right", share("coverage"), share("accuracy")),
    };
    assert!(own.contains(&told), "the very pictures give what was measured at export: {told} is not in {own}");
    // Its manifest says no more of these splits than what the data set is called.
    let perhaps = "If these are the data that it was trained with: ";
    assert!(card(DATA, "test").contains(&format!("{perhaps}Neither weights nor epoch were chosen")));
    assert!(card(DATA, "train").contains(&format!("{perhaps}The weights were fitted on these very pictures")));
    let other = card("synthetic:train=32,valid=14,size=32,seed=6", "valid");
    assert!(other.contains("is not known here"), "{other}");
}

#[test]
fn report_card_and_artefact_name_the_teachers_of_a_distilled_run() {
    let folder = tempfile::tempdir().unwrap();
    let [teacher, run, artefact, out] = ["wise", "taught", "artefact", "out"].map(|name| folder.path().join(name));
    train(&teacher, "dacl", "1");
    let lesson = ["--teacher", text(&teacher), "--teacher-share", "0.5"];
    succeeds(&[training(&run, "dacl", "2").as_slice(), &lesson].concat());
    succeeds(&["report", text(&run), "--device", "cpu"]);
    let page = fs::read_to_string(run.join("report/report.html")).unwrap();
    let card = fs::read_to_string(run.join("report/MODEL_CARD.md")).unwrap();
    assert!(page.contains("Teachers</th><td>wise</td>") && card.contains("| Teachers | wise |"), "{card}");
    let hash = format!("| SHA-256 of a teacher | {} |", description(&run)["teachers_sha256"][0].as_str().unwrap());
    assert!(card.contains(&hash), "{hash} is not in {card}");

    succeeds(&["export", "--run", text(&run), "--out", text(&artefact), "--device", "cpu"]);
    succeeds(&["report", text(&artefact), "--data", DATA, "--out", text(&out), "--device", "cpu"]);
    let card = fs::read_to_string(out.join("MODEL_CARD.md")).unwrap();
    assert!(card.contains("| Teachers | wise |"), "{card}");
}

#[test]
fn a_report_on_a_run_without_attention_leaves_it_out_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("soft");
    train(&run, "softmax", "1");
    succeeds(&["report", text(&run), "--split", "test", "--device", "cpu"]);
    let page = fs::read_to_string(run.join("report/report.html")).unwrap();
    assert_stands_alone(&page);
    assert!(page.contains("there is no attention to show") && page.contains("softmax loss has no centres"));
    assert!(page.contains("fitted on the validation split") && !page.contains("data:image"));
    // Data that were moved are named otherwise.
    let caution = |data: &str| {
        succeeds(&["report", text(&run), "--data", data, "--device", "cpu"]);
        let card = fs::read_to_string(run.join("report/MODEL_CARD.md")).unwrap();
        card.lines().find(|line| line.starts_with("Measured on")).unwrap().to_owned()
    };
    assert!(caution(DATA).contains(". The epoch was chosen on these very pictures"));
    let faces = drawn_folder(&folder.path().join("faces"), DATA);
    assert!(caution(&faces).contains("is not known here"));
    describe(&run, |description| description["data"] = "folder:where/it/was".into());
    assert!(caution(&faces).contains("If these are the data that it was trained with: The epoch was chosen on"));
    let other = folder.path().join("pictures/test/happy");
    fs::create_dir_all(&other).unwrap();
    image::GrayImage::new(40, 40).save(other.join("one.png")).unwrap();
    fs::write(folder.path().join("labels.csv"), "image,label\npictures/test/happy/one.png,happy\n").unwrap();
    let photos = format!("photos:{}", text(folder.path()));
    assert!(fails(&["report", text(&run), "--data", &photos, "--device", "cpu"]).contains("whole photographs"));
}
