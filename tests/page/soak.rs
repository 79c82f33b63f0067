//! Ten minutes with the camera on the CPU: memory stays flat. `cargo xtask soak` runs it; the ordinary tests leave it out.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::browser::Browser;
use super::clip;
use super::site::Site;
use super::{CPU_LIMIT, HAS_WEIGHTS, alone_within};

/// Seconds between two looks at the memory.
const PAUSE: u64 = 5;
/// How much the page's own heap may grow from the second quarter to the last, in bytes: the predictions of the session are kept.
const HEAP_GROWTH: f64 = 4e6;
/// The same for the memory of all of Chromium's processes that no file backs: frames and canvases are in there, and the worker's heap.
const PROCESSES_GROWTH: f64 = 40e6;

/// What the page takes at one moment, in bytes.
struct Memory {
    /// JavaScript of the page.
    heap: f64,
    /// WebAssembly of the engine, as the page shows it.
    program: f64,
    /// All processes of Chromium.
    processes: f64,
}

#[test]
#[ignore = "takes ten minutes: run `cargo xtask soak`"]
fn memory_stays_flat_with_the_camera_on_the_cpu() {
    let minutes: u64 = std::env::var("DACL_SOAK_MINUTES").map_or(10, |text| text.parse().unwrap());
    let length = Duration::from_secs(60 * minutes);
    alone_within(length + Duration::from_secs(5 * CPU_LIMIT), async {
        let site = Site::as_built().await;
        // Otherwise Chromium rounds the size of its heap.
        let precise = vec!["--enable-precise-memory-info".to_owned()];
        let (browser, _clip) = clip::browser_with_moving_camera(&site, "happy.png", precise).await;
        browser.run("document.querySelector('#times').open = true;").await;
        browser.click("#camera").await;
        browser.wait_for("attention weights", HAS_WEIGHTS, CPU_LIMIT).await;
        let begun = Instant::now();
        let mut seen = Vec::new();
        while begun.elapsed() < length {
            sleep(Duration::from_secs(PAUSE)).await;
            let memory = memory_of(&browser).await;
            if seen.len() % 6 == 0 {
                let Memory { heap, program, processes } = &memory;
                println!(
                    "{:4} s: page {:5.1} MB, program {:5.1} MB, processes {:6.1} MB; {}",
                    begun.elapsed().as_secs(),
                    heap / 1e6,
                    program / 1e6,
                    processes / 1e6,
                    browser.text("#status-rate").await
                );
            }
            seen.push(memory);
        }
        println!("{}", browser.text("#times-table").await);
        println!("{}", browser.text("#times-note").await);
        println!("Faces: {}", browser.texts(".box").await.len());

        let quarter = seen.len() / 4;
        assert!(quarter > 2, "{} looks are too few", seen.len());
        let (early, late) = (&seen[quarter..2 * quarter], &seen[seen.len() - quarter..]);
        // A heap goes up and down with each collection: what counts is how far down.
        let lowest = |part: &[Memory]| part.iter().map(|memory| memory.heap).fold(f64::INFINITY, f64::min);
        let mean = |part: &[Memory]| part.iter().map(|memory| memory.processes).sum::<f64>() / part.len() as f64;
        let heap = lowest(late) - lowest(early);
        let processes = mean(late) - mean(early);
        let program = late[late.len() - 1].program - early[0].program;
        println!(
            "From the second quarter to the last: page {:+.1} MB, program {:+.1} MB, processes {:+.1} MB.",
            heap / 1e6,
            program / 1e6,
            processes / 1e6
        );
        assert!(program == 0.0, "the program's memory grew by {program} bytes");
        assert!(heap < HEAP_GROWTH, "the page's heap grew by {heap} bytes");
        assert!(processes < PROCESSES_GROWTH, "the processes grew by {processes} bytes");
    });
}

async fn memory_of(browser: &Browser) -> Memory {
    let heap = browser.run("return performance.memory.usedJSHeapSize;").await.as_f64().unwrap();
    let note = browser.text("#times-note").await;
    let (_, program) = note.rsplit_once(": ").expect("the page tells the program's memory");
    let program: f64 = program.trim_end_matches(" MB.").replace(',', "").parse().unwrap();
    Memory { heap, program: program * 1e6, processes: anonymous_memory(browser.process()) }
}

/// Memory that no file backs, in bytes, of a process and its descendants.
fn anonymous_memory(root: u64) -> f64 {
    let statuses: HashMap<u64, String> = std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let process = entry.file_name().to_str()?.parse().ok()?;
            Some((process, std::fs::read_to_string(entry.path().join("status")).ok()?))
        })
        .collect();
    let field = |process: u64, name: &str| {
        let line = statuses.get(&process)?.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    let mut family = vec![root];
    let mut at = 0;
    while at < family.len() {
        let parent = Some(family[at]);
        family.extend(statuses.keys().filter(|&&process| field(process, "PPid:") == parent));
        at += 1;
    }
    family.iter().filter_map(|&process| field(process, "RssAnon:")).sum::<u64>() as f64 * 1024.0
}
