//! How the commands read data sets.

use anyhow::ensure;
use clap::{Args, value_parser};
use trainer::data::{DataSpec, LoadOptions, Reason, Split, SplitName};

/// How the data set is read.
#[derive(Args, Clone)]
#[command(next_help_heading = "Reading the data")]
pub(crate) struct Loading {
    /// Leave bad pictures and lines out and count them, instead of stopping at the first; what is wrong with the first few is
    /// printed.
    #[arg(long)]
    skip_bad: bool,
    /// Keep pictures in memory with no side longer than this. All pictures of a split are in memory (computed for AffectNet's
    /// 284,000 training crops: 43 GB as they are, 14 GB with 128, a third of that with --grey).
    #[arg(long, value_name = "PIXELS", allow_negative_numbers = true, value_parser = value_parser!(u32).range(16..=8192))]
    max_side: Option<u32>,
    /// Keep pictures in memory without their colours; for networks that see grey anyway.
    #[arg(long)]
    grey: bool,
}

impl Loading {
    /// The options for the library.
    pub(crate) fn options(&self) -> LoadOptions {
        LoadOptions { skip_bad: self.skip_bad, max_side: self.max_side, grey: self.grey }
    }

    /// The options for pictures that weights are to answer: those of these flags, and beside them how the weights' own run read its
    /// data, so that it is measured on the inputs that it was trained for. Whole photographs stay as large as they are, for it was faces
    /// that the run made smaller.
    pub(crate) fn beside(&self, own: &LoadOptions, data: &DataSpec) -> LoadOptions {
        let own_side = own.max_side.filter(|_| !matches!(data, DataSpec::Photos(_)));
        LoadOptions {
            skip_bad: self.skip_bad || own.skip_bad,
            max_side: self.max_side.or(own_side),
            grey: self.grey || own.grey,
        }
    }

    /// Reads a split of ready crops and says what was skipped.
    pub(crate) fn load_crops(&self, data: &DataSpec, split: SplitName) -> anyhow::Result<Split> {
        load_crops(data, split, &self.options())
    }
}

/// Reads a split of ready crops and says what was skipped.
pub(crate) fn load_crops(data: &DataSpec, split: SplitName, options: &LoadOptions) -> anyhow::Result<Split> {
    ensure!(
        !matches!(data, DataSpec::Photos(_)),
        "{data} holds whole photographs, and this needs ready crops: `trainer data prepare {data} --out DIR` makes a split of them"
    );
    load_reporting(data, split, options)
}

/// Reads a split and says what was skipped.
pub(crate) fn load_reporting(data: &DataSpec, split: SplitName, options: &LoadOptions) -> anyhow::Result<Split> {
    let loaded = data.load_with(split, options)?;
    report_bad(&split.to_string(), loaded.left_out.count(Reason::Bad), loaded.left_out.first_bad());
    Ok(loaded)
}

/// Says how many bad pictures a split had, and what was wrong with the first few.
pub(crate) fn report_bad(split: &str, count: usize, first: &[String]) {
    if count > 0 {
        eprintln!("{split}: {count} bad left out");
        first.iter().for_each(|message| eprintln!("  {message}"));
        if count > first.len() {
            eprintln!("  and {} more", count - first.len());
        }
    }
}
