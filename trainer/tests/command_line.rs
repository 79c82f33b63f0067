//! The command line from training to answers, on drawn faces, as a user runs it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod trainer_command;

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use burn::module::Module;
use burn::tensor::{Device, Tensor, Tolerance};
use dacl::network::Dacl;
use serde_json::Value;
use trainer::data::{DataSpec, SplitName};
use trainer::initial_weights::initialise;
use trainer::measure::{crops, crops_and_mirrors};
use trainer::recipe::Preset;
use trainer::run_folder::RunFolder;
use trainer::training::answers;
use trainer::weights_folder::open;
use trainer_command::{DATA, description, drawn_folder, fails, metrics, succeeds, text, trainer, training};

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
    assert!(said.contains("recipe.toml, line 2: there is no setting epoch"), "{said}");
    let said = fails(&["train", "--config", text(&file), "--out", text(&other)]);
    assert!(said.contains("recipe.toml names no data set"), "{said}");
    let experiment = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runs/one-variable-ferplus.toml");
    let said = fails(&["train", "--config", text(&experiment), "--out", text(&other)]);
    assert!(
        said.contains("is an experiment file: `trainer experiment") && said.contains("one-variable-ferplus.toml"),
        "{said}"
    );
    fs::write(&file, "epochs = = 2").unwrap();
    assert!(fails(&["train", "--config", text(&file), "--out", text(&other), "--data", DATA]).contains("not TOML"));
}

#[test]
fn the_papers_recipe_trains() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("run");
    let small = ["--epochs", "1", "--input-size", "32", "--context-encoder", "16,8,4", "--device", "cpu"];
    let data = "synthetic:train=64,valid=7,size=48";
    succeeds(&[&["train", "--preset", "paper", "--data", data, "--out", text(&run)], small.as_slice()].concat());
    let mut reader = csv::Reader::from_path(run.join("metrics.csv")).unwrap();
    let row: HashMap<String, f64> = reader.deserialize().next().unwrap().unwrap();
    assert_eq!((row["steps"], row["learning_rate"]), (1.0, 0.01));
    assert!(row["train_loss"].is_finite() && row["attention_mean"] > 0.0, "{row:?}");
    let recipe = &description(&run)["recipe"];
    assert_eq!((&recipe["preset"], &recipe["augmentation"]["view"]["kind"]), (&"paper".into(), &"five-crop".into()));
}

#[test]
fn flipping_averages_the_answers_to_a_picture_and_to_its_mirror_image() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let weights = root.join("www/weights");
    let recogniser = open(&weights, &Device::flex()).unwrap().recogniser;
    let folder = tempfile::tempdir().unwrap();
    let faces = folder.path().join("faces");
    let data = drawn_folder(&faces, "synthetic:train=7,valid=14,size=64,seed=5");
    let split = data.parse::<DataSpec>().unwrap().load(SplitName::Valid).unwrap();
    let mut mirrored = split.clone();
    mirrored.samples.iter_mut().for_each(|sample| sample.picture = sample.picture.fliph());
    let [plain, other] = [&split, &mirrored].map(|split| crops(&recogniser, split, |_| {}).unwrap().logits);
    let both = crops_and_mirrors(&recogniser, &split, |_| {}).unwrap();
    assert_eq!(both.labels, split.labels());
    for ((plain, other), both) in plain.iter().zip(&other).zip(&both.logits) {
        let (plain, other, both) = (plain.as_ref().unwrap(), other.as_ref().unwrap(), both.as_ref().unwrap());
        assert!(
            plain.iter().zip(other).any(|(one, other)| (one - other).abs() > 1e-3),
            "the mirror image is another one"
        );
        for ((plain, other), both) in plain.iter().zip(other).zip(both) {
            assert!(((plain + other) / 2.0 - both).abs() < 1e-4, "{both} of {plain} and {other}");
        }
    }

    let figures = || -> Value {
        let eval = ["eval", "--weights", text(&weights), "--data", &data, "--flip", "--json", "--device", "cpu"];
        serde_json::from_str(&succeeds(&eval)).unwrap()
    };
    let of_faces = figures();
    for sample in &mirrored.samples {
        sample.picture.save(faces.join(&sample.name)).unwrap();
    }
    let of_mirrors = figures();
    assert_eq!(of_mirrors["confusion"], of_faces["confusion"]);
    assert!((of_mirrors["ece"].as_f64().unwrap() - of_faces["ece"].as_f64().unwrap()).abs() < 1e-5);

    fs::copy(root.join("www/samples/happy.png"), folder.path().join("face.png")).unwrap();
    fs::write(folder.path().join("labels.csv"), "image,label\nface.png,happiness\n").unwrap();
    let photos = format!("photos:{}", text(folder.path()));
    let said = fails(&["eval", "--weights", text(&weights), "--data", &photos, "--flip", "--device", "cpu"]);
    assert!(said.contains("--flip is for ready crops"), "{said}");
}

#[test]
fn bench_measures_what_it_is_asked_to() {
    let base = ["bench", "--seconds", "0", "--sizes", "32", "--batch", "4", "--device", "cpu"];
    let data = ["--data", "synthetic:train=8,size=32", "--augmentation", "strong", "--json"];
    let found: Value = serde_json::from_str(&succeeds(&[base.as_slice(), &data].concat())).unwrap();
    assert!(found["matmul_gflops"].as_f64().unwrap() > 0.0 && found["device"].as_str().unwrap().starts_with("CPU"));
    let speeds = found["speeds"].as_array().unwrap();
    let work: Vec<&str> = speeds.iter().map(|speed| speed["work"].as_str().unwrap()).collect();
    assert_eq!(work, ["labels", "labels-and-attention", "training"]);
    for speed in speeds {
        assert_eq!((&speed["input_size"], &speed["batch"]), (&32.into(), &4.into()));
        assert!(
            speed["images_per_second"].as_f64().unwrap() > 0.0 && speed["gflops"].as_f64().unwrap() > 0.0,
            "{speed}"
        );
    }
    assert_eq!(found["views"][0]["input_size"], 32);
    assert!(found["views"][0]["per_second"].as_f64().unwrap() > 0.0, "{found}");
    let table = succeeds(&[base.as_slice(), &["--work", "labels"]].concat());
    assert!(table.contains("images/s") && table.contains("labels") && !table.contains("training step"), "{table}");
    for (flag, value, said) in
        [("--seconds", "-1", "use a number of 0 or more"), ("--sizes", "8", "8 pixels"), ("--batch", "1", "batch is 1")]
    {
        let refused = fails(&["bench", "--device", "cpu", flag, value]);
        assert!(refused.contains(said), "{flag} {value}: {refused}");
    }
}

#[test]
fn an_artefact_is_given_other_centres_and_other_limits() {
    let folder = tempfile::tempdir().unwrap();
    let [run, artefact] = ["run", "artefact"].map(|name| folder.path().join(name));
    succeeds(&training(text(&run), "1"));
    succeeds(&["export", "--run", text(&run), "--out", text(&artefact), "--device", "cpu"]);
    let content = |name: &str| fs::read(artefact.join(name)).unwrap();
    let manifest = || -> Value { serde_json::from_slice(&content("manifest.json")).unwrap() };
    let (before, labels, centres) = (manifest(), content("labels.safetensors"), content("centres.safetensors"));
    let other = "synthetic:train=48,valid=21,size=48,seed=6";
    let said = succeeds(&["centres", "--weights", text(&artefact), "--data", other, "--device", "cpu"]);
    assert!(said.contains("not sure below a probability of "), "{said}");
    let after = manifest();
    assert_eq!(content("labels.safetensors"), labels);
    assert_ne!(content("centres.safetensors"), centres);
    let files = |manifest: &Value, name: &str| manifest["files"][name].clone();
    assert_eq!(files(&after, "labels"), files(&before, "labels"));
    assert_ne!(files(&after, "centres"), files(&before, "centres"));
    assert_ne!(after["not_sure"]["distance"], before["not_sure"]["distance"]);
    assert_eq!((&after["temperature"], &after["provenance"]), (&before["temperature"], &before["provenance"]));
    // Found on the same pictures, the same; and whole, for every reader checks the hashes.
    succeeds(&["centres", "--weights", text(&artefact), "--data", other, "--device", "cpu"]);
    assert_eq!(manifest(), after);
    succeeds(&["eval", "--weights", text(&artefact), "--data", DATA, "--device", "cpu"]);
    let said = fails(&["centres", "--weights", text(&run), "--data", DATA, "--device", "cpu"]);
    assert!(said.contains("is a run, not an artefact: its centres are its own"), "{said}");
}

#[test]
fn mean_faces_are_written_with_their_list_or_nothing_is() {
    let folder = tempfile::tempdir().unwrap();
    let [few, out] = ["few", "out"].map(|name| folder.path().join(name));
    let average =
        |data: &'static str, out: &Path| trainer(&["average", "--data", data, "--out", text(out), "--size", "64"]);
    let refused = average("synthetic:train=700,size=16", &few);
    assert!(!refused.status.success() && !few.exists(), "nothing is left behind");
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("100 pictures of neutral") && said.contains("enough pictures to average"), "{said}");
    assert!(average("synthetic:train=1400,size=16", &out).status.success());
    let list: Value = serde_json::from_slice(&fs::read(out.join("index.json")).unwrap()).unwrap();
    let list = list.as_array().unwrap();
    assert_eq!((list.len(), &list[1]["label"]), (7, &"happy".into()));
    for entry in list {
        let picture = image::open(out.join(entry["file"].as_str().unwrap())).unwrap();
        assert_eq!((picture.width(), picture.height()), (64, 64));
    }
    assert_eq!(fs::read_dir(&out).unwrap().count(), 8);
}

#[test]
fn an_export_keeps_the_face_crop_that_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("run");
    succeeds(&training(text(&run), "1"));
    let out = folder.path().join("out");
    let export = ["export", "--run", text(&run), "--out", text(&out), "--device", "cpu"];
    let crop = ["--crop-margin", "1.5", "--crop-shift", "-0.25"];
    succeeds(&[export.as_slice(), &crop].concat());
    let manifest: Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["face_crop"], serde_json::json!({ "margin": 1.5, "shift_down": -0.25 }));
    for (flag, value) in [("--crop-margin", "-1"), ("--crop-margin", "nan"), ("--crop-shift", "-3")] {
        let said = fails(&[export.as_slice(), &[flag, value]].concat());
        assert!(said.contains(flag) && said.contains("use a number from"), "{said}");
    }
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
fn what_cannot_end_well_is_refused_before_pictures_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let [run, soft, begun, full] = ["run", "soft", "begun", "full"].map(|name| folder.path().join(name));
    succeeds(&training(text(&run), "1"));
    succeeds(&[training(text(&soft), "1").as_slice(), &["--loss", "softmax"]].concat());
    fs::create_dir_all(&begun).unwrap();
    fs::copy(run.join("run.json"), begun.join("run.json")).unwrap();
    fs::create_dir_all(full.join("something")).unwrap();
    // No such data are there: what speaks of something else was refused before they were looked for.
    let nowhere = ["--data", "folder:nowhere", "--device", "cpu"];
    let refused = |command: &[&str]| fails(&[command, &nowhere].concat());
    assert!(refused(&["eval", "--weights", text(&run)]).contains("nowhere"));
    assert!(refused(&["train", "--out", text(&full)]).contains("exists already"));
    assert!(refused(&["export", "--run", text(&run), "--out", text(&full)]).contains("is not empty"));
    assert!(refused(&["export", "--run", text(&run), "--out", text(&run.join("run.json"))]).contains("is a file"));
    assert!(refused(&["export", "--run", text(&soft), "--out", text(&begun.join("out"))]).contains("untrained"));
    assert!(refused(&["centres", "--weights", text(&run)]).contains("is a run, not an artefact"));
    assert!(refused(&["compare", text(&run), text(&begun)]).contains("begun has no finished epoch yet"));
    let photos = ["--data", "photos:nowhere"];
    let (average, bench) = (["average", "--out", text(&begun)], ["bench", "--device", "cpu"]);
    for command in [average.as_slice(), &bench] {
        assert!(fails(&[command, &photos].concat()).contains("photos:nowhere holds whole photographs"));
    }
}

#[test]
fn numbers_that_no_one_can_mean_are_answered_with_what_is_allowed() {
    for (command, flag, value, allowed) in [
        ("bench", "--sizes", "-1", "such as 64,112,224"),
        ("bench", "--sizes", "64,", "such as 64,112,224"),
        ("bench", "--batch", "-1", "use a whole number of 2 or more"),
        ("data inspect synthetic", "--max-side", "-1", "16..=8192"),
        ("average --data synthetic --out nowhere", "--size", "-1", "48..=4096"),
        ("eval --weights nowhere --data photos:nowhere", "--rotate", "abc", "use degrees, such as -30,0,30"),
        ("eval --weights nowhere --data photos:nowhere", "--rotate", "inf", "use degrees, such as -30,0,30"),
    ] {
        let said = fails(&[command.split(' ').collect::<Vec<_>>().as_slice(), &[flag, value]].concat());
        assert!(said.contains(flag) && said.contains(allowed), "{command} {flag} {value}: {said}");
    }
}

#[test]
fn devices_that_are_not_there_are_told_and_the_cpu_is_taken_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    let with = |flag: &'static str, value: &'static str| {
        [["train", "--data", DATA, "--out", text(&out)].as_slice(), &["--init", "nothing.xyz", flag, value]].concat()
    };
    let several = fails(&[with("--devices", "2").as_slice(), &["--device", "cpu"]].concat());
    assert!(several.contains("--devices 2: the CPU is one device"), "{several}");
    if !cfg!(feature = "cuda") {
        let said = fails(&with("--device", "cuda"));
        assert!(said.contains("--device cuda: this build has no CUDA support (build with --features cuda)"), "{said}");
    }
    if !cfg!(feature = "gpu") {
        let said = fails(&with("--device", "vulkan"));
        assert!(said.contains("--device vulkan: this build has no GPU support (build with --features gpu)"), "{said}");
    }
    if !cfg!(any(feature = "gpu", feature = "cuda")) {
        let printed = String::from_utf8(trainer(&with("--device", "auto")).stdout).unwrap();
        let said = printed.lines().next().unwrap();
        assert!(
            said.starts_with("device: CPU, ") && said.contains("no CUDA support") && said.contains("no GPU support"),
            "{said}"
        );
    }
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
        ("--set", "augmentation.sharpen=1", "there is no setting augmentation.sharpen"),
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

#[cfg(unix)]
#[test]
fn output_that_nobody_reads_any_more_ends_the_program_without_a_word() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_trainer"))
        .args(["data", "inspect", "synthetic:train=7,valid=7,test=7,size=48", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(!output.status.success());
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}
