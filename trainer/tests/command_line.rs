//! The command line from training to answers, on drawn faces, as a user runs it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod trainer_command;

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use burn::module::Module;
use burn::tensor::{Device, Tensor, Tolerance};
use dacl::network::Dacl;
use serde_json::Value;
use trainer::data::{DataSpec, SplitName};
use trainer::initial_weights::initialise;
use trainer::measure::crops;
use trainer::recipe::Preset;
use trainer::run_folder::RunFolder;
use trainer::training::answers;
use trainer::weights_folder::open;
use trainer_command::{fails, metrics, succeeds, text, trainer};

const DATA: &str = "synthetic:train=48,valid=21,test=21,size=48,seed=5";

/// Arguments of a run that takes seconds: a small input, few pictures, the whole DACL step.
fn training<'a>(out: &'a str, epochs: &'a str) -> Vec<&'a str> {
    let settings = "--device cpu --input-size 32 --batch 16 --schedule step --seed 3 --weight-average 0.9 --mixup 0.2";
    let mut arguments = vec!["train", "--data", DATA, "--out", out, "--epochs", epochs];
    arguments.extend(settings.split(' '));
    arguments
}

#[test]
fn a_network_can_be_trained_exported_measured_and_asked() {
    let folder = tempfile::tempdir().unwrap();
    let (run, out) = (folder.path().join("run"), folder.path().join("artefact"));
    succeeds(&training(text(&run), "1"));
    assert_eq!(metrics(&run).len(), 1);
    let mut reader = csv::Reader::from_path(run.join("metrics.csv")).unwrap();
    let row: HashMap<String, f64> = reader.deserialize().next().unwrap().unwrap();
    assert!((0.0..1.0).contains(&row["attention_mean"]) && row["attention_std"] > 0.0, "{row:?}");
    assert!((0.0..=1.0).contains(&row["attention_below_005"]) && row["train_center_loss"] > 0.0, "{row:?}");
    succeeds(&["export", "--run", text(&run), "--out", text(&out), "--device", "cpu"]);
    let manifest: Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["network"]["input_size"], 32);
    assert_eq!(manifest["classes"][6], "anger");

    let figures =
        succeeds(&["eval", "--weights", text(&out), "--data", DATA, "--split", "test", "--json", "--device", "cpu"]);
    let figures: Value = serde_json::from_str(&figures).unwrap();
    assert_eq!(figures["n"], 21);
    let confusion = figures["confusion"].as_array().unwrap();
    let count: u64 = confusion.iter().flat_map(|row| row.as_array().unwrap()).map(|cell| cell.as_u64().unwrap()).sum();
    assert_eq!(count, 21);
    for field in ["accuracy", "mean_class_accuracy", "macro_f1", "ece"] {
        let value = figures[field].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&value), "{field} is {value}");
    }
    assert_eq!(figures["recall"].as_array().unwrap().len(), 7);
    assert!(figures.get("no_face").is_none());

    let picture = folder.path().join("grey.png");
    image::GrayImage::from_pixel(120, 120, image::Luma([90])).save(&picture).unwrap();
    let answers = succeeds(&["predict", "--weights", text(&out), text(&picture), "--json", "--device", "cpu"]);
    let answers: Value = serde_json::from_str(&answers).unwrap();
    assert_eq!(answers[0]["faces"].as_array().unwrap().len(), 0, "a grey picture has no face");

    altered_weights_are_refused(&out, folder.path());
}

#[test]
fn photographs_are_searched_for_faces_by_predict_and_by_eval() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (weights, sample) = (root.join("www/weights"), root.join("www/samples/happy.png"));
    let answers = succeeds(&["predict", "--weights", text(&weights), text(&sample), "--json", "--device", "cpu"]);
    let answers: Value = serde_json::from_str(&answers).unwrap();
    let [face] = answers[0]["faces"].as_array().unwrap().as_slice() else { panic!("one face: {answers}") };
    assert_eq!(face["expression"], "happy");
    assert_eq!(face["attention"].as_array().unwrap().len(), 512);
    let shares = face["probabilities"].as_array().unwrap();
    let sum: f64 = shares.iter().map(|share| share["probability"].as_f64().unwrap()).sum();
    assert!(shares.len() == 7 && (sum - 1.0).abs() < 1e-4, "{shares:?}");

    let folder = tempfile::tempdir().unwrap();
    fs::copy(&sample, folder.path().join("face.png")).unwrap();
    image::GrayImage::from_pixel(120, 120, image::Luma([90])).save(folder.path().join("wall.png")).unwrap();
    fs::write(folder.path().join("labels.csv"), "image,label\nface.png,happiness\nwall.png,happiness\n").unwrap();
    let photos = format!("photos:{}", text(folder.path()));
    let eval = ["eval", "--weights", text(&weights), "--data", &photos, "--device", "cpu", "--json"];
    let figures: Value = serde_json::from_str(&succeeds(&eval)).unwrap();
    assert_eq!((&figures["n"], &figures["no_face"], &figures["accuracy"]), (&2.into(), &1.into(), &0.5.into()));
    let wide: Value = serde_json::from_str(&succeeds(&[eval.as_slice(), &["--crop-margin", "1.4"]].concat())).unwrap();
    assert_ne!(wide["ece"], figures["ece"], "another margin shows the network another square");

    assert!(fails(&[eval.as_slice(), &["--crop-margin", "0"]].concat()).contains("--crop-margin"));

    let turned: Value = serde_json::from_str(&succeeds(&[eval.as_slice(), &["--rotate", "0,-75"]].concat())).unwrap();
    for (search, degrees, found) in
        [("upright_only", 0, 1), ("upright_only", 1, 0), ("leaning", 0, 1), ("leaning", 1, 1)]
    {
        let figures = &turned[search][degrees];
        assert_eq!((&figures["n"], &figures["found"]), (&2.into(), &found.into()), "{search}: {figures}");
    }
    assert_eq!(turned["leaning"][1]["right"], 1, "set upright, the face is named as before: {turned}");
    let crops = ["eval", "--weights", text(&weights), "--data", DATA, "--rotate", "20", "--device", "cpu"];
    assert!(fails(&crops).contains("--rotate is for whole photographs"));

    let run = folder.path().join("run");
    assert!(fails(&["train", "--data", &photos, "--out", text(&run)]).contains("whole photographs"));
}

fn altered_weights_are_refused(artefact: &Path, folder: &Path) {
    let copy = folder.join("altered");
    fs::create_dir(&copy).unwrap();
    for entry in fs::read_dir(artefact).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, copy.join(path.file_name().unwrap())).unwrap();
    }
    let file = copy.join("labels.safetensors");
    let mut bytes = fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&file, &bytes).unwrap();
    let said = fails(&["eval", "--weights", text(&copy), "--data", DATA, "--device", "cpu"]);
    assert!(said.contains("labels.safetensors") && said.contains("altered"), "{said}");
    fs::remove_file(&file).unwrap();
    let said = fails(&["eval", "--weights", text(&copy), "--data", DATA, "--device", "cpu"]);
    assert!(said.contains("labels.safetensors"), "{said}");
}

#[test]
fn a_run_that_was_killed_and_resumed_ends_like_one_that_was_not() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, killed) = (folder.path().join("whole"), folder.path().join("killed"));
    succeeds(&training(text(&whole), "3"));

    let mut child = Command::new(env!("CARGO_BIN_EXE_trainer"))
        .args(training(text(&killed), "3"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(300);
    while !killed.join("checkpoints/epoch-0001/centres.json").exists() {
        assert!(Instant::now() < deadline, "the first checkpoint did not come");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    succeeds(&["train", "--resume", text(&killed), "--device", "cpu"]);
    assert_eq!(metrics(&killed), metrics(&whole));
    assert_eq!(metrics(&whole).len(), 3);
    let again = succeeds(&["train", "--resume", text(&killed), "--device", "cpu"]);
    assert!(again.contains("complete"), "{again}");
}

#[test]
fn a_run_that_was_killed_in_its_first_epoch_starts_anew_and_ends_like_one_that_was_not() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, killed) = (folder.path().join("whole"), folder.path().join("killed"));
    succeeds(&training(text(&whole), "1"));
    fs::create_dir_all(killed.join("checkpoints/.partial")).unwrap();
    fs::copy(whole.join("run.json"), killed.join("run.json")).unwrap();
    fs::write(killed.join("checkpoints/.partial/network.bpk"), "half of it").unwrap();
    succeeds(&["train", "--resume", text(&killed), "--device", "cpu"]);
    assert_eq!(metrics(&killed), metrics(&whole));
}

#[test]
fn settings_of_a_run_that_is_gone_on_with_are_refused_rather_than_ignored() {
    for (flag, value) in [("--epochs", "9"), ("--learning-rate", "0.1"), ("--loss", "softmax"), ("--preset", "paper")] {
        let said = fails(&["train", "--resume", "some-run", flag, value]);
        assert!(said.contains(flag) && said.contains("cannot be used with"), "{said}");
    }
}

#[test]
fn settings_of_a_schedule_are_followed_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    let data = "synthetic:train=8,valid=7,size=32";
    let base = ["train", "--data", data, "--out", text(&out), "--device", "cpu", "--input-size", "32", "--batch", "8"];
    let with = |more: &[&'static str]| [base.as_slice(), more].concat();
    assert!(fails(&with(&["--step-epochs", "5"])).contains("cosine schedule"));
    succeeds(&with(&["--epochs", "1", "--warmup-steps", "7", "--context-encoder", "16,8,4"]));
    let run: Value = serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap();
    assert_eq!(run["recipe"]["schedule"], serde_json::json!({ "kind": "cosine", "warmup_steps": 7 }));
    assert_eq!(
        run["recipe"]["network"]["context_encoder"],
        serde_json::json!({ "hidden1": 16, "hidden2": 8, "code": 4 })
    );
}

#[test]
fn a_recipe_file_sets_what_flags_do_not_and_the_resolved_recipe_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (file, out) = (folder.path().join("recipe.toml"), folder.path().join("run"));
    let settings = "epochs = 2\nbatch = 8\nclass_balance = 0.5\naugmentation = \"strong\"\n\
                    network = { input_size = 32 }\n";
    fs::write(&file, format!("data = \"synthetic:train=8,valid=7,size=32\"\n{settings}")).unwrap();
    let flags = ["--epochs", "1", "--set", "augmentation.erase=0.5", "--gradient-clip", "2", "--targets", "votes"];
    let base = ["train", "--config", text(&file), "--out", text(&out), "--device", "cpu"];
    succeeds(&[base.as_slice(), &flags].concat());
    let run: Value = serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap();
    let recipe = &run["recipe"];
    assert_eq!((&recipe["epochs"], &recipe["batch"], &recipe["class_balance"]), (&1.into(), &8.into(), &0.5.into()));
    assert_eq!((&recipe["augmentation"]["erase"], &recipe["augmentation"]["colour"]), (&0.5.into(), &0.2.into()));
    assert_eq!((&recipe["gradient_clip"], &recipe["targets"]), (&2.0.into(), &"votes".into()));
    assert_eq!(run["data"], "synthetic:train=8,valid=7,size=32");

    fs::write(&file, "preset = \"compact\"\nepoch = 2\n").unwrap();
    let other = folder.path().join("other");
    let said = fails(&["train", "--config", text(&file), "--out", text(&other), "--data", DATA]);
    assert!(said.contains("unknown field `epoch`"), "{said}");
    assert!(fails(&["train", "--config", text(&file), "--out", text(&other)]).contains("names no data set"));
    fs::write(&file, "epochs = = 2").unwrap();
    assert!(fails(&["train", "--config", text(&file), "--out", text(&other), "--data", DATA]).contains("not TOML"));
}

#[test]
fn a_teachers_answers_become_part_of_the_targets() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (teacher, alone, taught) = (path("teacher"), path("alone"), path("taught"));
    succeeds(&training(text(&teacher), "1"));
    succeeds(&training(text(&alone), "1"));
    let lesson = ["--teacher", text(&teacher), "--teacher-share", "0.8"];
    succeeds(&[training(text(&taught), "1").as_slice(), &lesson].concat());
    let loss = |run: &Path| -> f64 {
        let mut reader = csv::Reader::from_path(run.join("metrics.csv")).unwrap();
        reader.deserialize::<HashMap<String, Option<f64>>>().next().unwrap().unwrap()["train_cross_entropy"].unwrap()
    };
    assert!((loss(&alone) - loss(&taught)).abs() > 1e-3, "other targets, another loss");
    let other = path("other");
    let without_share = [training(text(&other), "1").as_slice(), &lesson[..2]].concat();
    assert!(fails(&without_share).contains("--teacher-share"));
}

#[test]
fn a_run_goes_on_from_the_weights_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    succeeds(&training(text(&first), "1"));
    let mut arguments = training(text(&second), "1");
    // A learning rate so small that the start weights are the end weights; batch norm's running statistics still move.
    arguments.extend(["--init", text(&first), "--learning-rate", "1e-12", "--weight-decay", "0"]);
    let said = succeeds(&arguments);
    assert!(said.contains("found (3): trunk, classifier, attention arm"), "{said}");
    let network = |run: &Path| RunFolder::open(run).unwrap().best_network(&Device::flex()).unwrap();
    let (before, after) = (network(&first), network(&second));
    assert_close(before.trunk.layer4[1].conv2.weight.val(), after.trunk.layer4[1].conv2.weight.val());
    assert_close(before.fc.weight.val(), after.fc.weight.val());
    assert_close(before.heads.linear.weight.val(), after.heads.linear.weight.val());
    let softmax = folder.path().join("softmax");
    let mut arguments = training(text(&softmax), "1");
    arguments.extend(["--loss", "softmax"]);
    succeeds(&arguments);
    let said =
        fails(&["export", "--run", text(&softmax), "--out", text(&folder.path().join("out")), "--device", "cpu"]);
    assert!(said.contains("untrained") && said.contains("--loss dacl"), "{said}");
}

#[test]
fn a_run_goes_on_from_where_an_artefact_stands() {
    let artefact = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/weights");
    let (recipe, device) = (Preset::Compact.recipe(), Device::flex());
    let random = Dacl::new(&recipe.network, &device.clone().autodiff()).unwrap();
    let (network, imported) = initialise(random, &recipe.network, &artefact, &device.clone().autodiff()).unwrap();
    assert!(imported.without_statistics && imported.missing.is_empty(), "{imported:?}");
    let faces = DATA.parse::<DataSpec>().unwrap().load(SplitName::Valid).unwrap();
    let found = answers(&network.valid(), &faces.samples, &recipe, &device);
    let expected = crops(&open(&artefact, &device).unwrap().recogniser, &faces, |_| {}).unwrap();
    let pairs = found.logits.iter().flatten().flatten().zip(expected.logits.iter().flatten().flatten());
    for (found, expected) in pairs {
        assert!((found - expected).abs() < 1e-3, "{found} instead of {expected}");
    }

    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("run");
    let mut arguments = training(text(&run), "1");
    arguments.extend(["--init", text(&artefact)]);
    let said = succeeds(&arguments);
    assert!(said.contains("found (2): trunk, classifier") && said.contains("batch norms calibrated"), "{said}");
}

fn assert_close<const D: usize>(one: Tensor<D>, other: Tensor<D>) {
    one.into_data().assert_approx_eq::<f32>(&other.into_data(), Tolerance::absolute(1e-6));
}

#[test]
fn the_centres_move_alike_whatever_the_weight_of_the_loss() {
    let folder = tempfile::tempdir().unwrap();
    let centres = |lambda: &str| -> Vec<f64> {
        let run = folder.path().join(lambda);
        let mut arguments = training(text(&run), "1");
        // With a network that stands still to the last bit, both runs see the same features.
        arguments.extend(["--lambda", lambda, "--learning-rate", "1e-35", "--weight-decay", "0"]);
        succeeds(&arguments);
        let centres = fs::read(run.join("checkpoints/epoch-0001/centres.json")).unwrap();
        serde_json::from_slice::<Vec<Vec<f64>>>(&centres).unwrap().concat()
    };
    let (small, large) = (centres("0.01"), centres("10"));
    assert_eq!(small.len(), 7 * 512);
    assert_eq!(small, large);
}

#[test]
fn a_broken_onnx_file_is_refused_in_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let (run, broken) = (folder.path().join("run"), folder.path().join("broken.onnx"));
    fs::write(&broken, b"Once upon a time there was a file").unwrap();
    let mut arguments = training(text(&run), "1");
    arguments.extend(["--init", text(&broken)]);
    let output = trainer(&arguments);
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("broken.onnx cannot be read as ONNX: "), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.lines().all(|line| line.starts_with("device: ")), "{printed}");
    assert!(!run.exists());
}

#[test]
fn an_existing_folder_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("precious.txt"), "mine").unwrap();
    let said = fails(&training(text(folder.path()), "1"));
    assert!(said.contains("exists already") && said.contains("--resume"), "{said}");
    assert_eq!(fs::read_to_string(folder.path().join("precious.txt")).unwrap(), "mine");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn bad_settings_say_what_is_allowed_before_anything_is_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    for (flag, value, expected) in [
        ("--batch", "1", "batch is 1"),
        ("--learning-rate", "0", "learning_rate is 0"),
        ("--lambda", "nan", "lambda is NaN"),
        ("--alpha", "2", "alpha is 2: use a number from 0 to 1"),
        ("--input-size", "8", "8 pixels"),
        ("--loss", "hinge", "hinge"),
        ("--set", "augmentation.sharpen=1", "unknown field `sharpen`"),
        ("--set", "epochs", "KEY=VALUE"),
        ("--targets", "all", "majority"),
        ("--device", "tpu", "tpu"),
        ("--context-encoder", "1024,512", "1024,512,64"),
        ("--init", "nothing.xyz", "nothing.xyz"),
    ] {
        let said = fails(&["train", "--data", DATA, "--out", text(&out), flag, value]);
        assert!(said.contains(expected), "{flag} {value}: {said}");
        assert!(!out.exists(), "{flag} {value} left something behind");
    }
    assert!(fails(&["train", "--data", "photographs:x", "--out", text(&out)]).contains("photographs"));
    assert!(fails(&["eval", "--weights", text(folder.path()), "--data", DATA]).contains("holds no weights"));
    assert!(fails(&["export", "--run", text(folder.path()), "--out", text(&out)]).contains("not a run folder"));
}

#[test]
fn info_counts_the_parameters_of_the_compact_network() {
    let network: Value = serde_json::from_str(&succeeds(&["info", "--preset", "compact", "--json"])).unwrap();
    // Trunk, classifier; 8192-1024-512-64 with biases and batch norms; heads.
    let encoder = (8192 * 1024 + 3 * 1024) + (1024 * 512 + 3 * 512) + (512 * 64 + 3 * 64);
    assert_eq!(network["parameters"], 11_176_512 + 3_591 + encoder + 66_560);
}

#[test]
fn pictures_that_cannot_be_read_are_named_and_the_others_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    let (run, broken) = (folder.path().join("run"), folder.path().join("broken.png"));
    succeeds(&training(text(&run), "1"));
    fs::write(&broken, b"not a picture").unwrap();
    let good = folder.path().join("good.png");
    image::GrayImage::new(60, 60).save(&good).unwrap();
    let output = trainer(&["predict", "--weights", text(&run), text(&broken), text(&good), "--device", "cpu"]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("broken.png"));
    assert!(String::from_utf8_lossy(&output.stdout).contains("good.png: no face found"));
}
