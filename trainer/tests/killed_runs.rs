//! Runs that were killed are gone on with, and end as if they had not been: whatever the kill left behind.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod trainer_command;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use trainer::run_folder::RunFolder;
use trainer_command::{fails, metrics, succeeds, text};

/// Arguments of a run with everything that has a state: momentum, centres, averaged weights, random views and mixes.
fn training<'a>(out: &'a Path, epochs: &'a str) -> Vec<&'a str> {
    let data = "synthetic:train=48,valid=21,test=21,size=48,seed=5";
    let settings = "--device cpu --input-size 32 --context-encoder 16,8,4 --batch 16 --schedule step --seed 3 \
                    --weight-average 0.9 --mixup 0.2 --feature-length 6";
    let mut arguments = vec!["train", "--data", data, "--out", text(out), "--epochs", epochs];
    arguments.extend(settings.split_whitespace());
    arguments
}

fn started(arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trainer"));
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn killed(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

fn resumed(run: &Path) -> String {
    succeeds(&["train", "--resume", text(run), "--device", "cpu"])
}

fn copied(from: &Path, to: &Path) -> PathBuf {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copied(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
    to.to_owned()
}

fn finished_epochs(run: &Path) -> usize {
    RunFolder::open(run).map_or(0, |run| run.history().unwrap().len())
}

#[test]
fn a_run_that_is_killed_after_its_first_checkpoint_ends_like_one_that_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, cut) = (folder.path().join("whole"), folder.path().join("cut"));
    // What depends on the length of the run too.
    let training = |out| [training(out, "6"), vec!["--lambda-warmup", "1"]].concat();
    succeeds(&training(&whole));
    let child = started(&training(&cut));
    let deadline = Instant::now() + Duration::from_secs(300);
    while !cut.join("checkpoints/epoch-0001").exists() {
        assert!(Instant::now() < deadline, "the first checkpoint did not come");
        std::thread::sleep(Duration::from_millis(2));
    }
    killed(child);
    assert!((1..6).contains(&finished_epochs(&cut)), "the run was to be killed in between");
    assert!(resumed(&cut).contains("going on after epoch"));
    assert_eq!(metrics(&cut), metrics(&whole));
    assert_eq!(metrics(&whole).len(), 6);
    assert!(resumed(&cut).contains("complete"));
}

#[test]
fn a_run_that_is_killed_again_and_again_at_any_time_ends_like_one_that_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, cut) = (folder.path().join("whole"), folder.path().join("cut"));
    let before = Instant::now();
    succeeds(&training(&whole, "3"));
    let length = before.elapsed();
    // As random as the clock; a failure names the times.
    let mut random = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos() as u64;
    let mut times = Vec::new();
    for _ in 0..5 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let time = length.mul_f64((random >> 33) as f64 / (1u64 << 31) as f64);
        times.push(time);
        let child = match cut.join("run.json").exists() {
            true => started(&["train", "--resume", text(&cut), "--device", "cpu"]),
            false => started(&training(&cut, "3")),
        };
        std::thread::sleep(time);
        killed(child);
    }
    match cut.join("run.json").exists() {
        true => resumed(&cut),
        false => succeeds(&training(&cut, "3")),
    };
    assert_eq!(metrics(&cut), metrics(&whole), "killed after {times:?} of {length:?}");
}

/// The states that a folder goes through while a checkpoint is saved, one after the other, made by hand.
#[test]
fn whatever_a_kill_leaves_of_a_checkpoint_the_run_ends_like_one_that_is_not_killed() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    let whole = place("whole");
    succeeds(&training(&whole, "2"));
    // The same run after its first epoch: the step schedule does not ask how many epochs there will be.
    let one = place("one");
    succeeds(&training(&one, "1"));
    fs::copy(whole.join("run.json"), one.join("run.json")).unwrap();

    let none = place("none");
    fs::create_dir(&none).unwrap();
    fs::copy(whole.join("run.json"), none.join("run.json")).unwrap();
    let begun = |run: &Path| {
        fs::create_dir_all(run.join("checkpoints/.partial")).unwrap();
        fs::write(run.join("checkpoints/.partial/network.bpk"), "half of it").unwrap();
    };
    let renamed = |run: &Path| {
        copied(&whole.join("checkpoints/epoch-0002"), &run.join("checkpoints/epoch-0002"));
    };
    type Kill<'a> = &'a dyn Fn(&Path);
    let cases: [(&str, &Path, Kill<'_>); 7] = [
        ("before the first checkpoint was begun", &none, &|_| ()),
        ("while the first checkpoint was written", &none, &begun),
        ("while the second checkpoint was written", &one, &begun),
        ("before the table of the first epoch was written", &one, &|run| {
            fs::remove_file(run.join("metrics.csv")).unwrap()
        }),
        ("before the table of the last epoch was written", &one, &renamed),
        ("while that table was written", &one, &|run| {
            renamed(run);
            fs::write(run.join(".partial-table"), "epoch,st").unwrap();
        }),
        ("while an older checkpoint was removed", &whole, &|run| {
            // Neither the last nor the best, whichever that is here.
            let old = run.join("checkpoints/epoch-0000");
            fs::create_dir(&old).unwrap();
            fs::write(old.join("network.bpk"), "what is left of it").unwrap();
        }),
    ];
    for (index, (when, from, kill)) in cases.into_iter().enumerate() {
        let run = copied(from, &place(&index.to_string()));
        kill(&run);
        if finished_epochs(&run) == 2 {
            succeeds(&["report", text(&run), "--out", text(&place("report")), "--device", "cpu"]);
        }
        resumed(&run);
        assert_eq!(metrics(&run), metrics(&whole), "killed {when}");
        let mut left: Vec<_> = fs::read_dir(&run).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, [".lock", "checkpoints", "metrics.csv", "run.json"], "killed {when}");
        let checkpoints = |run: &Path| fs::read_dir(run.join("checkpoints")).unwrap().count();
        assert_eq!(checkpoints(&run), checkpoints(&whole), "killed {when}");
    }
}

/// The batch norms of an artefact have to be calibrated, which a run that goes on after an epoch does not do again.
#[test]
fn a_run_that_starts_from_an_artefact_ends_alike_wherever_it_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let [before, artefact, whole, one, none] =
        ["before", "artefact", "whole", "one", "none"].map(|name| folder.path().join(name));
    succeeds(&training(&before, "1"));
    succeeds(&["export", "--run", text(&before), "--out", text(&artefact), "--device", "cpu"]);
    let from_artefact = |out, epochs| [training(out, epochs), vec!["--init", text(&artefact)]].concat();
    let said = succeeds(&from_artefact(&whole, "2"));
    assert!(said.contains("batch norms calibrated"), "{said}");
    succeeds(&from_artefact(&one, "1"));
    fs::create_dir(&none).unwrap();
    for (run, calibrated) in [(&one, false), (&none, true)] {
        fs::copy(whole.join("run.json"), run.join("run.json")).unwrap();
        assert_eq!(resumed(run).contains("batch norms calibrated"), calibrated);
        assert_eq!(metrics(run), metrics(&whole));
        // To the last bit, and with them the features that moved them.
        let centres = |run: &Path| fs::read(run.join("checkpoints/epoch-0002/centres.json")).unwrap();
        assert!(centres(run) == centres(&whole), "the centres differ");
    }
}

/// The states of a folder before there is a `run.json`.
#[test]
fn whatever_a_kill_leaves_of_a_beginning_the_run_can_begin_there() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("run");
    fs::create_dir_all(run.join("checkpoints")).unwrap();
    fs::write(run.join(".lock"), "").unwrap();
    fs::write(run.join(".partial-run"), "{ \"recipe\"").unwrap();
    assert!(fails(&["train", "--resume", text(&run)]).contains("not a run folder"));
    succeeds(&training(&run, "1"));
    assert_eq!(metrics(&run).len(), 1);
    assert!(fails(&training(&run, "1")).contains("exists already"), "a run that has begun is not begun again");
}

#[test]
fn two_processes_do_not_train_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("run");
    let child = started(&training(&run, "1000"));
    let deadline = Instant::now() + Duration::from_secs(300);
    while !run.join("run.json").exists() {
        assert!(Instant::now() < deadline, "the run did not begin");
        std::thread::sleep(Duration::from_millis(5));
    }
    let said = fails(&["train", "--resume", text(&run), "--device", "cpu"]);
    assert!(said.contains("another process trains"), "{said}");
    killed(child);
    let description = fs::read_to_string(run.join("run.json")).unwrap();
    fs::write(run.join("run.json"), description.replace("\"epochs\": 1000", "\"epochs\": 1")).unwrap();
    resumed(&run);
}

#[test]
fn the_best_epoch_is_answered_and_exported_where_it_is_not_the_last() {
    let folder = tempfile::tempdir().unwrap();
    let (run, out) = (folder.path().join("run"), folder.path().join("out"));
    succeeds(&training(&run, "1"));
    let eval = || -> Value {
        let data = "synthetic:train=48,valid=21,test=21,size=48,seed=5";
        serde_json::from_str(&succeeds(&["eval", "--weights", text(&run), "--data", data, "--json", "--device", "cpu"]))
            .unwrap()
    };
    let first = eval();
    // No epoch can be better than one that named all.
    let metrics = run.join("checkpoints/epoch-0001/metrics.csv");
    let mut rows = csv::Reader::from_path(&metrics).unwrap();
    let heads = rows.headers().unwrap().clone();
    let row = rows.records().next().unwrap().unwrap();
    let row = heads.iter().zip(&row).map(|(name, value)| if name == "valid_accuracy" { "1.0" } else { value });
    let mut writer = csv::Writer::from_path(&metrics).unwrap();
    writer.write_record(&heads).unwrap();
    writer.write_record(row).unwrap();
    drop(writer);
    let description = fs::read_to_string(run.join("run.json")).unwrap();
    fs::write(run.join("run.json"), description.replace("\"epochs\": 1,", "\"epochs\": 3,")).unwrap();
    resumed(&run);
    assert_eq!(finished_epochs(&run), 3);
    assert!(["epoch-0001", "epoch-0003"].iter().all(|name| run.join("checkpoints").join(name).exists()));
    assert_eq!(fs::read_dir(run.join("checkpoints")).unwrap().count(), 2);
    assert_eq!(eval(), first);
    succeeds(&["export", "--run", text(&run), "--out", text(&out), "--device", "cpu"]);
    let manifest: Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["provenance"]["epoch"], 1);
}
