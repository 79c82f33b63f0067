//! `trainer data inspect` and `trainer data prepare`, as a user runs them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "data_files/mod.rs"]
mod data_files;
mod real_data;
mod trainer_command;

use std::fs;
use std::path::Path;
use std::process::Output;

use burn::tensor::Device;
use dacl::artefact::FaceCrop;
use dacl::faces::{FaceFinder, SeetaFinder, SeetaOptions};
use dacl::pipeline::cut_out;
use data_files::{flat_picture, write};
use image::{GrayImage, ImageFormat, Luma};
use serde_json::Value;
use tempfile::TempDir;
use trainer::data::{DataSpec, SplitName, data_hash};
use trainer::{measure, weights_folder};
use trainer_command::text;

fn trainer(arguments: &[&str]) -> Output {
    trainer_command::trainer(&[&["data"], arguments].concat())
}

fn succeeds(arguments: &[&str]) -> String {
    trainer_command::succeeds(&[&["data"], arguments].concat())
}

fn fails(arguments: &[&str]) -> String {
    trainer_command::fails(&[&["data"], arguments].concat())
}

/// A mean face that the page shows: nobody's, and found by the face stage.
fn face() -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/samples/happy.png")).unwrap()
}

/// Two training pictures that are one face in two sizes under contradictory labels, one of them again in test, and a flat one.
fn folder_with_twins() -> TempDir {
    let dir = TempDir::new().unwrap();
    let face = image::load_from_memory(&face()).unwrap().into_luma8();
    write(&dir.path().join("train/happy/one.png"), self::face());
    fs::create_dir_all(dir.path().join("train/sad")).unwrap();
    let small = image::imageops::resize(&face, 90, 90, image::imageops::FilterType::Triangle);
    small.save(dir.path().join("train/sad/small.png")).unwrap();
    write(&dir.path().join("test/happy/again.png"), self::face());
    write(&dir.path().join("test/neutral/flat.png"), flat_picture(20, 90, ImageFormat::Png));
    dir
}

#[test]
fn inspect_counts_classes_sizes_and_twins_and_its_hash_is_the_library_s() {
    let dir = folder_with_twins();
    let spec = format!("folder:{}", text(dir.path()));
    let list = dir.path().join("list.csv");
    let found: Value =
        serde_json::from_str(&succeeds(&["inspect", &spec, "--json", "--manifest", text(&list)])).unwrap();
    assert_eq!(found["splits"][0]["split"], "train");
    assert_eq!(found["splits"][0]["class_counts"], serde_json::json!([0, 1, 1, 0, 0, 0, 0]));
    assert_eq!(found["absent"][0]["split"], "valid");
    let sizes: Vec<_> = found["splits"][1]["sizes"].as_array().unwrap().iter().map(|size| &size["width"]).collect();
    assert!(sizes.contains(&&20.into()), "{sizes:?}");

    let twins = found["twins"].as_array().unwrap();
    assert_eq!(twins.len(), 2, "{twins:?}");
    assert_eq!(
        twins[0],
        serde_json::json!({ "splits": ["train", "train"], "pictures": 2, "identical_pairs": 0, "similar_pairs": 1,
            "pairs_with_other_labels": 1 })
    );
    assert_eq!(
        twins[1],
        serde_json::json!({ "splits": ["train", "test"], "pictures": 1, "identical_pairs": 1, "similar_pairs": 1,
            "pairs_with_other_labels": 1 })
    );
    assert_eq!(found["twin_pairs"][0]["names"], serde_json::json!(["train/happy/one.png", "train/sad/small.png"]));

    let (train, test) = {
        let data: DataSpec = spec.parse().unwrap();
        (data.load(SplitName::Train).unwrap(), data.load(SplitName::Test).unwrap())
    };
    assert_eq!(found["sha256"], data_hash(&[(SplitName::Train, &train), (SplitName::Test, &test)]));
    assert_eq!(found["splits"][0]["sha256"], data_hash(&[(SplitName::Train, &train)]));
    let list = fs::read_to_string(list).unwrap();
    assert_eq!(
        found["sha256"],
        dacl::artefact::sha256_hex(list.as_bytes()),
        "sha256sum gives the hash that is printed"
    );
    assert_eq!(list.lines().count(), 5);
    assert!(list.contains("\ntest,test/neutral/flat.png,neutral,"), "{list}");

    let said = succeeds(&["inspect", &spec]);
    assert!(said.contains("1 pictures of test have a twin in train: 1 pairs identical, 1 similar"), "{said}");
    assert!(said.contains("valid     none: ") && said.contains("1 of 20 x 20"), "{said}");
}

#[test]
fn inspect_stops_at_a_bad_picture_or_skips_it_and_says_so() {
    let dir = folder_with_twins();
    write(&dir.path().join("test/neutral/cut.png"), &face()[..50]);
    let spec = format!("folder:{}", text(dir.path()));
    assert!(fails(&["inspect", &spec]).contains("cut.png is broken"));
    let output = trainer(&["inspect", &spec, "--skip-bad"]);
    assert!(output.status.success());
    assert!(String::from_utf8(output.stdout).unwrap().contains("left out  1 bad"));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("test: 1 bad left out") && said.contains("cut.png is broken"), "{said}");
    let said = fails(&["inspect", "folder:/no/such/folder"]);
    assert!(said.contains("/no/such/folder is missing"), "{said}");
}

/// A folder of photographs: a face, a wall, and a line whose picture is missing.
fn photographs() -> TempDir {
    let dir = TempDir::new().unwrap();
    write(&dir.path().join("some face.png"), face());
    GrayImage::from_pixel(120, 120, Luma([90])).save(dir.path().join("wall.png")).unwrap();
    write(&dir.path().join("labels.csv"), "image,label\nsome face.png,happiness\nwall.png,sadness\n");
    dir
}

#[test]
fn prepare_writes_the_faces_of_photographs_as_an_image_folder() {
    let (photos, out) = (photographs(), TempDir::new().unwrap());
    let spec = format!("photos:{}", text(photos.path()));
    let out = out.path().join("faces");
    let said = succeeds(&["prepare", &spec, "--out", text(&out), "--split", "train"]);
    assert!(said.contains("train: 1 faces, 1 pictures without one"), "{said}");
    let faces = DataSpec::Folder(out.clone()).load(SplitName::Train).unwrap();
    assert_eq!(faces.samples.len(), 1);
    assert_eq!(faces.samples[0].name, "train/happy/000000-some_face.png");
    let face = &faces.samples[0].picture;
    assert!(face.width() == face.height() && (100..=256).contains(&face.width()), "{} pixels", face.width());
    assert_eq!(fs::read_to_string(out.join("without-face.csv")).unwrap(), "split,name,class\ntrain,wall.png,sad\n");
    let summary: Value = serde_json::from_slice(&fs::read(out.join("prepared.json")).unwrap()).unwrap();
    assert_eq!((&summary["splits"][0]["faces"], &summary["margin"]), (&1.into(), &1.2.into()));
}

#[test]
fn prepared_faces_are_what_the_page_shows_the_network_of_the_photograph() {
    let (photos, place) = (photographs(), TempDir::new().unwrap());
    write(&photos.path().join("labels.csv"), "image,label\nsome face.png,happiness\n");
    let spec = DataSpec::Photos(photos.path().to_owned());
    let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/weights");
    let open = || weights_folder::open(&weights, &Device::flex()).unwrap();
    let whole = spec.load(SplitName::Test).unwrap();
    for (margin, shift_down) in [(1.2, 0.0), (1.5, 0.1), (0.9, -0.2)] {
        let out = place.path().join(format!("{margin}"));
        let [margin_text, shift_text] = [margin, shift_down].map(|number: f32| number.to_string());
        let crop = ["--margin", &margin_text, "--shift-down", &shift_text];
        let prepare = ["prepare", &spec.to_string(), "--out", text(&out)];
        succeeds(&[prepare.as_slice(), &crop].concat());
        let summary: Value = serde_json::from_slice(&fs::read(out.join("prepared.json")).unwrap()).unwrap();
        assert_eq!(summary["shift_down"].as_f64().unwrap() as f32, shift_down);
        let faces = DataSpec::Folder(out).load(SplitName::Test).unwrap();
        // The very pixels: the place that the finder names, cut by the pipeline's own rule.
        let picture = &whole.samples[0].picture;
        let found = SeetaFinder::new(SeetaOptions::default()).unwrap().find(&picture.to_luma8());
        let crop = FaceCrop { margin, shift_down };
        assert_eq!(faces.samples[0].picture, cut_out(picture, &found[0], crop));
        // And what the whole pipeline answers to the photograph is what the network answers to the face.
        let mut weights = open();
        weights.face_crop = crop;
        let of_photo = measure::photographs(weights, &whole, |_| {}).unwrap().logits.remove(0).unwrap();
        let of_face = measure::crops(&open().recogniser, &faces, |_| {}).unwrap().logits.remove(0).unwrap();
        for (photo, face) in of_photo.iter().zip(&of_face) {
            assert!((photo - face).abs() < 1e-4, "{face} instead of {photo}");
        }
    }
    let refused = fails(&["prepare", &spec.to_string(), "--out", "nowhere", "--shift-down", "-3"]);
    assert!(refused.contains("--shift-down") && refused.contains("use a number from -2 to 2"), "{refused}");
}

#[test]
fn of_several_faces_prepare_takes_the_largest() {
    let (photos, place) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let face = image::load_from_memory(&face()).unwrap().into_luma8();
    let resized = |side| image::imageops::resize(&face, side, side, image::imageops::FilterType::Triangle);
    // The smaller one stands first.
    let mut picture = GrayImage::from_pixel(640, 400, Luma([140]));
    image::imageops::overlay(&mut picture, &resized(200), 10, 100);
    image::imageops::overlay(&mut picture, &resized(380), 240, 10);
    picture.save(photos.path().join("two.png")).unwrap();
    write(&photos.path().join("labels.csv"), "image,label\ntwo.png,happiness\n");
    let found = SeetaFinder::new(SeetaOptions::default()).unwrap().find(&picture);
    assert_eq!(found.len(), 2, "{found:?}");
    let out = place.path().join("faces");
    succeeds(&["prepare", &format!("photos:{}", text(photos.path())), "--out", text(&out)]);
    let faces = DataSpec::Folder(out).load(SplitName::Test).unwrap();
    assert_eq!(faces.samples.len(), 1);
    let larger = found.iter().max_by(|one, other| one.width.total_cmp(&other.width)).unwrap();
    assert!(larger.x > 240.0, "{larger:?}");
    let expected = cut_out(&picture.into(), larger, FaceCrop { margin: 1.2, shift_down: 0.0 });
    assert_eq!(faces.samples[0].picture.to_luma8(), expected.to_luma8());
}

#[test]
fn prepare_keeps_the_splits_of_an_image_folder() {
    let (dir, out) = (folder_with_twins(), TempDir::new().unwrap());
    let out = out.path().join("faces");
    let said = succeeds(&["prepare", &format!("folder:{}", text(dir.path())), "--out", text(&out)]);
    assert!(said.contains("train: 2 faces, 0") && said.contains("test: 1 faces, 1"), "{said}");
    assert!(
        said.contains("valid: none: ") && said.contains("valid is missing"),
        "a split that is not there is named: {said}"
    );
    let summary: Value = serde_json::from_slice(&fs::read(out.join("prepared.json")).unwrap()).unwrap();
    assert_eq!(summary["absent"][0]["split"], "valid");
}

#[test]
fn prepare_writes_over_nothing_and_leaves_nothing_behind_when_it_fails() {
    let (photos, place) = (photographs(), TempDir::new().unwrap());
    let spec = format!("photos:{}", text(photos.path()));
    let entries = || fs::read_dir(place.path()).unwrap().count();
    let said = fails(&["prepare", &spec, "--out", text(place.path())]);
    assert!(said.contains("exists already"), "{said}");

    let out = place.path().join("faces");
    let said = fails(&["prepare", &spec, "--out", text(&out), "--margin", "0"]);
    assert!(said.contains("--margin") && said.contains("use a number from 0.1 to 10"), "{said}");
    let table = photos.path().join("labels.csv");
    let lines = fs::read_to_string(&table).unwrap() + "absent.png,sadness\n";
    fs::write(&table, lines).unwrap();
    assert!(fails(&["prepare", &spec, "--out", text(&out)]).contains("lists the picture absent.png"));
    let output = trainer(&["prepare", &spec, "--out", text(&out), "--skip-bad"]);
    assert!(output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("absent.png"));
    assert_eq!(entries(), 1);

    fs::write(&table, "image,label\nwall.png,sadness\n").unwrap();
    let said = fails(&["prepare", &spec, "--out", text(&place.path().join("none"))]);
    assert!(said.contains("no face was found in any of the 1 pictures"), "{said}");
    assert_eq!(entries(), 1, "only the folder that succeeded is there");
}

#[test]
fn help_says_what_is_written_and_what_is_left_alone() {
    // Wherever the lines end.
    let help = |command| succeeds(&[command, "--help"]).split_whitespace().collect::<Vec<_>>().join(" ");
    let said = help("prepare");
    assert!(said.contains("without-face.csv") && said.contains("Nothing is ever written over"), "{said}");
    let said = help("inspect");
    assert!(said.contains("20 of 256 bits") && said.contains("--skip-bad"), "{said}");
}

#[test]
fn eval_skips_bad_photographs_where_that_is_asked_and_says_so() {
    let photos = photographs();
    let table = photos.path().join("labels.csv");
    let lines = fs::read_to_string(&table).unwrap() + "absent.png,sadness\n";
    fs::write(&table, lines).unwrap();
    let spec = format!("photos:{}", text(photos.path()));
    let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/weights");
    let eval = |more: &[&str]| {
        let base = ["eval", "--weights", text(&weights), "--data", &spec, "--device", "cpu", "--json"];
        trainer_command::trainer(&[&base, more].concat())
    };
    assert!(String::from_utf8_lossy(&eval(&[]).stderr).contains("lists the picture absent.png"));
    let output = eval(&["--skip-bad", "--max-side", "256"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("valid: 1 bad left out") && said.contains("absent.png"), "{said}");
    let figures: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&figures["n"], &figures["no_face"]), (&2.into(), &1.into()));
}

/// The figures in docs/datasets.md.
#[test]
fn the_twins_of_the_real_data_set_are_counted() {
    let Some(spec) = real_data::ferplus("counting the twins of the real data set") else { return };
    let found: Value = serde_json::from_str(&succeeds(&["inspect", &spec.to_string(), "--json"])).unwrap();
    let count = |first: &str, second: &str, pictures: u32, identical: u32, similar: u32, contradictory: u32| {
        serde_json::json!({ "splits": [first, second], "pictures": pictures, "identical_pairs": identical,
            "similar_pairs": similar, "pairs_with_other_labels": contradictory })
    };
    let expected = serde_json::json!([
        count("train", "train", 2575, 1278, 674, 60),
        count("train", "valid", 327, 317, 173, 9),
        count("valid", "valid", 65, 25, 13, 2),
    ]);
    // Whoever has the test split as well has its twins too.
    let with_test = |twins: &&Value| twins["splits"].as_array().unwrap().contains(&"test".into());
    let twins: Vec<&Value> = found["twins"].as_array().unwrap().iter().filter(|twins| !with_test(twins)).collect();
    assert_eq!(serde_json::json!(twins), expected);
}
