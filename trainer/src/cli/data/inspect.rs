//! `trainer data inspect`.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use trainer::data::{DataSpec, Inspection, SplitInspection, inspect};

use super::super::loading::{Loading, report_bad};

/// How many sizes and pairs a person wants to see; --json lists all.
const SHOWN: usize = 3;

/// Print what is in a data set: pictures a class and split, their sizes, twins inside and across splits, and its hash.
///
/// Twins are pictures with the same bytes, or of the same look: their difference hashes differ in 20 of 256 bits or fewer. Each
/// picture is compared with each other: 5 seconds for FERPlus, and the time grows with the square of the number. One split is in memory at a time.
#[derive(Args)]
pub(crate) struct Inspect {
    #[arg(help = format!("Data set: {}", DataSpec::KINDS))]
    data: DataSpec,
    /// Print JSON, with every size and every pair of twins by name.
    #[arg(long)]
    json: bool,
    /// Write a list of all pictures with their SHA-256: split,name,class,sha256,votes. The list's own SHA-256 is the hash that is
    /// printed.
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    #[command(flatten)]
    loading: Loading,
}

impl Inspect {
    /// Prints the inspection.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let (inspection, manifest) = inspect(&self.data, &self.loading.options())?;
        for split in &inspection.splits {
            report_bad(&split.split, split.left_out.get("bad").copied().unwrap_or_default(), &split.first_bad);
        }
        if let Some(path) = &self.manifest {
            std::fs::write(path, manifest.table()).with_context(|| format!("{} cannot be written", path.display()))?;
        }
        match self.json {
            true => println!("{}", serde_json::to_string_pretty(&inspection)?),
            false => print(&inspection),
        }
        Ok(())
    }
}

fn print(inspection: &Inspection) {
    println!("{}", inspection.data);
    print!("\n{:<10}{:>10}", "", "pictures");
    inspection.classes.iter().for_each(|class| print!("{class:>10}"));
    println!();
    for split in &inspection.splits {
        print!("{:<10}{:>10}", split.split, split.pictures);
        split.class_counts.iter().for_each(|count| print!("{count:>10}"));
        println!();
    }
    for absent in &inspection.absent {
        println!("{:<10}none: {}", absent.split, absent.reason);
    }
    println!();
    inspection.splits.iter().for_each(print_split);
    println!("\ntwins");
    if inspection.twins.is_empty() {
        println!("  none");
    }
    for twins in &inspection.twins {
        let [first, second] = &twins.splits;
        let place = match first == second {
            true => format!("pictures of {first} have a twin there"),
            false => format!("pictures of {second} have a twin in {first}"),
        };
        println!(
            "  {} {place}: {} pairs identical, {} similar, {} with contradictory labels",
            twins.pictures, twins.identical_pairs, twins.similar_pairs, twins.pairs_with_other_labels
        );
    }
    for pair in inspection.twin_pairs.iter().take(SHOWN) {
        let [one, other] = &pair.names;
        println!("    {one} ({}) and {other} ({}), {} bits apart", pair.classes[0], pair.classes[1], pair.distance);
    }
    if inspection.twin_pairs.len() > SHOWN {
        println!("    and {} more pairs (all of them with --json)", inspection.twin_pairs.len() - SHOWN);
    }
    println!("\nsha256 of the list of all pictures: {}", inspection.sha256);
}

fn print_split(split: &SplitInspection) {
    let sizes: Vec<_> = split
        .sizes
        .iter()
        .take(SHOWN)
        .map(|size| format!("{} of {} x {}", size.pictures, size.width, size.height))
        .collect();
    let more = match split.sizes.len() > SHOWN {
        true => format!(", and {} other sizes", split.sizes.len() - SHOWN),
        false => String::new(),
    };
    let reasons: Vec<_> = split.left_out.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    let left_out = if reasons.is_empty() { "none".to_owned() } else { reasons.join(", ") };
    println!("{}", split.split);
    println!("  sizes     {}{more}; {} grey, {} in colour", sizes.join(", "), split.grey, split.pictures - split.grey);
    println!("  left out  {left_out}");
    println!("  sha256    {}", split.sha256);
}
