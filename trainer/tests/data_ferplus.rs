//! FERPlus in both layouts, packed and unpacked, and what its loader says to broken files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod data_files;
mod real_data;

use std::fs;
use std::io::{Read, Write};

use data_files::{flat_picture, tar_gz, write, zip};
use image::ImageFormat;
use tempfile::TempDir;
use trainer::data::{DataError, DataSpec, LeftOut, LoadOptions, Reason, Split, SplitName};

const HEADER: &str =
    "usage,image,fer2013_emotion,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,nf";

fn load(dir: &TempDir, split: SplitName) -> Result<Split, DataError> {
    DataSpec::Ferplus(dir.path().to_owned()).load(split)
}

fn skipping(dir: &TempDir, split: SplitName) -> Result<Split, DataError> {
    let options = LoadOptions { skip_bad: true, ..LoadOptions::default() };
    DataSpec::Ferplus(dir.path().to_owned()).load_with(split, &options)
}

fn message(result: Result<Split, DataError>) -> String {
    result.expect_err("the data set should be refused").to_string()
}

fn tone(split: &Split, index: usize) -> u8 {
    split.samples[index].picture.as_luma8().unwrap().get_pixel(24, 24).0[0]
}

/// The packed table: two usable training pictures, four to leave out, one validation picture.
fn packed_table() -> String {
    [
        HEADER,
        "Training,fer0000000.webp,0,8,1,0,0,1,0,0,0,0,0",
        "Training,fer0000001.webp,0,0,0,0,0,0,0,9,0,1,0",
        "Training,fer0000002.webp,0,5,5,0,0,0,0,0,0,0,0",
        "Training,fer0000003.webp,0,0,0,0,0,0,0,0,10,0,0",
        "Training,fer0000004.webp,0,0,0,0,0,0,0,0,0,10,0",
        "Training,fer0000005.webp,0,0,0,0,0,0,0,0,0,0,10",
        "PublicTest,fer0000006.webp,0,0,0,0,0,10,0,0,0,0,0",
    ]
    .join("\n")
}

fn packed_entries() -> Vec<(&'static str, Vec<u8>)> {
    let webp = |tone| flat_picture(48, tone, ImageFormat::WebP);
    vec![
        ("FER2013Train/fer0000001.webp", webp(200)),
        ("FER2013Train/fer0000000.webp", webp(100)),
        ("FER2013Valid/fer0000006.webp", webp(50)),
    ]
}

fn packed_folder() -> TempDir {
    let dir = TempDir::new().unwrap();
    write(&dir.path().join("labels.csv"), packed_table());
    dir
}

fn assert_is_the_packed_training_split(split: &Split) {
    assert_eq!(split.classes.len(), 7);
    assert!(!split.whole_photographs);
    let labels: Vec<_> = split.samples.iter().map(|sample| split.classes[sample.label].as_str()).collect();
    assert_eq!(labels, ["neutral", "fear"]);
    assert_eq!(split.samples[0].name, "FER2013Train/fer0000000.webp");
    // Pictures keep their labels although the archive holds them in another order.
    assert_eq!(tone(split, 0), 100);
    assert_eq!(tone(split, 1), 200);
    for reason in [Reason::NoMajority, Reason::Contempt, Reason::Unknown, Reason::NotAFace] {
        assert_eq!(split.left_out.count(reason), 1, "{reason}");
    }
    assert_eq!(split.left_out.total(), 4);
}

#[test]
fn reads_the_packed_layout_from_a_tar_gz() {
    let dir = packed_folder();
    tar_gz(&dir.path().join("ferplus-48.tar.gz"), &packed_entries());
    assert_is_the_packed_training_split(&load(&dir, SplitName::Train).unwrap());
    let valid = load(&dir, SplitName::Valid).unwrap();
    assert_eq!(valid.samples.len(), 1);
    assert_eq!(valid.classes[valid.samples[0].label], "anger");
    assert_eq!(valid.left_out, LeftOut::default());
}

#[test]
fn reads_a_tar_gz_that_was_compressed_in_parts() {
    let dir = packed_folder();
    let path = dir.path().join("ferplus-48.tar.gz");
    tar_gz(&path, &packed_entries());
    let mut tar = Vec::new();
    flate2::read::GzDecoder::new(fs::File::open(&path).unwrap()).read_to_end(&mut tar).unwrap();
    let part = |bytes: &[u8]| {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(bytes).unwrap();
        gz.finish().unwrap()
    };
    let (first, rest) = tar.split_at(700);
    fs::write(&path, [part(first), part(rest)].concat()).unwrap();
    assert_is_the_packed_training_split(&load(&dir, SplitName::Train).unwrap());
}

#[test]
fn reads_the_packed_layout_from_a_zip_with_a_folder_around_it() {
    let dir = packed_folder();
    let entries: Vec<_> = packed_entries().into_iter().map(|(name, bytes)| (format!("faces/{name}"), bytes)).collect();
    zip(&dir.path().join("faces.zip"), &entries);
    assert_is_the_packed_training_split(&load(&dir, SplitName::Train).unwrap());
}

#[test]
fn reads_the_packed_layout_unpacked() {
    let dir = packed_folder();
    for (name, bytes) in packed_entries() {
        write(&dir.path().join(name), bytes);
    }
    assert_is_the_packed_training_split(&load(&dir, SplitName::Train).unwrap());
}

#[test]
fn reads_the_layout_of_the_generator() {
    let dir = TempDir::new().unwrap();
    write(
        &dir.path().join("FER2013Test/label.csv"),
        "fer0000000.png,\"(0, 0, 48, 48)\",0,0,0,9,0,0,0,0,1,0\n\
         fer0000001.png,\"(0, 0, 48, 48)\",0,0,0,0,0,0,0,9,1,0\n",
    );
    write(&dir.path().join("FER2013Test/fer0000000.png"), flat_picture(48, 77, ImageFormat::Png));
    let split = load(&dir, SplitName::Test).unwrap();
    assert_eq!(split.samples.len(), 1);
    assert_eq!(split.classes[split.samples[0].label], "sad");
    assert_eq!(tone(&split, 0), 77);
    assert_eq!(split.left_out.to_string(), "1 contempt");
    let shares = split.samples[0].votes.as_deref().unwrap();
    assert_eq!(shares, [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0], "the single vote is gone");
}

#[test]
fn a_picture_of_the_generator_that_is_missing_cut_off_or_unreadable_is_named_with_its_line_and_can_be_skipped() {
    let line = |name: &str| format!("{name},\"(0, 0, 48, 48)\",0,0,0,9,0,0,0,0,1,0\n");
    let picture = flat_picture(48, 77, ImageFormat::Png);
    for (broken, problem) in [
        (None, "FER2013Test/label.csv, line 2, lists the picture FER2013Test/b.png"),
        (Some(&picture[..50]), "FER2013Test/label.csv, line 2) is broken"),
        (Some(&[][..]), "FER2013Test/label.csv, line 2) is broken"),
    ] {
        let dir = TempDir::new().unwrap();
        write(&dir.path().join("FER2013Test/label.csv"), line("a.png") + &line("b.png"));
        write(&dir.path().join("FER2013Test/a.png"), &picture);
        if let Some(bytes) = broken {
            write(&dir.path().join("FER2013Test/b.png"), bytes);
        }
        let text = message(load(&dir, SplitName::Test));
        assert!(text.contains(problem), "{text}");
        let split = skipping(&dir, SplitName::Test).unwrap();
        assert_eq!((split.samples.len(), split.left_out.to_string().as_str()), (1, "1 bad"));
    }
    let dir = TempDir::new().unwrap();
    write(&dir.path().join("FER2013Test/label.csv"), line("a.png") + &line("b.png"));
    write(&dir.path().join("FER2013Test/a.png"), &picture);
    fs::create_dir(dir.path().join("FER2013Test/b.png")).unwrap();
    let text = message(load(&dir, SplitName::Test));
    assert!(text.contains("b.png (") && text.contains("line 2) cannot be read"), "{text}");
    assert_eq!(skipping(&dir, SplitName::Test).unwrap().left_out.to_string(), "1 bad");
}

/// FERPlus's own table beside FER2013's: a usable picture, one that is no face, one that is left out, and one of another split.
fn two_tables() -> TempDir {
    let dir = TempDir::new().unwrap();
    let votes = [
        "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF",
        "Training,fer0000000.png,4,0,0,6,0,0,0,0,0,0",
        "Training,,0,0,0,0,0,0,0,0,0,10",
        "Training,fer0000002.png,0,0,0,0,0,0,0,10,0,0",
        "PublicTest,fer0000003.png,0,9,0,0,0,0,0,0,1,0",
    ];
    write(&dir.path().join("fer2013new.csv"), votes.join("\n"));
    let rows = ["0,{10},Training", "0,{11},Training", "0,{12},Training", "6,{13},PublicTest"];
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            let (start, rest) = row.split_once('{').unwrap();
            let (tone, end) = rest.split_once('}').unwrap();
            format!("{start}{}{end}", vec![tone; 2304].join(" "))
        })
        .collect();
    write(&dir.path().join("fer2013.csv"), format!("emotion,pixels,Usage\n{}\n", rows.join("\n")));
    dir
}

#[test]
fn reads_the_votes_beside_the_table_of_pixels_row_by_row() {
    let dir = two_tables();
    let train = load(&dir, SplitName::Train).unwrap();
    assert_eq!(train.samples.len(), 1);
    let sample = &train.samples[0];
    assert_eq!(
        (sample.name.as_str(), train.classes[sample.label].as_str(), tone(&train, 0)),
        ("fer0000000", "sad", 10)
    );
    assert_eq!(sample.votes.as_deref().unwrap()[..3], [0.4, 0.0, 0.6]);
    assert_eq!(train.left_out.to_string(), "1 not a face, 1 contempt");
    let valid = load(&dir, SplitName::Valid).unwrap();
    assert_eq!((valid.classes[valid.samples[0].label].as_str(), tone(&valid, 0)), ("happy", 13));
}

#[test]
fn what_is_wrong_in_either_of_the_two_tables_is_named_with_its_line_and_bad_lines_can_be_skipped() {
    for (file, from, to, problem, skipped) in [
        ("fer2013new.csv", "4,0,0,6", "4,0,0,many", "fer2013new.csv, line 2: the vote \"many\" for sadness", true),
        ("fer2013new.csv", ",4,0,0,6,0", ",4,0,0,6", "fer2013new.csv, line 2: 12 columns expected, 11 found", true),
        ("fer2013.csv", "0,10 10", "0,300 10", "fer2013.csv, line 2: pixel 1, \"300\"", true),
        ("fer2013.csv", "0,10 10", "0,10", "fer2013.csv, line 2: 2304 pixels expected, 2303 found", true),
        (
            "fer2013new.csv",
            "Image name",
            "Picture",
            "fer2013new.csv, line 1: the first line must name the columns",
            false,
        ),
        ("fer2013.csv", "pixels", "tones", "fer2013.csv, line 1: the first line must name the columns", false),
    ] {
        let dir = two_tables();
        // A second picture of the split, so that something is left.
        let append = |file: &str, line: String| {
            let path = dir.path().join(file);
            let text = fs::read_to_string(&path).unwrap();
            fs::write(path, text.trim_end().to_owned() + "\n" + &line + "\n").unwrap();
        };
        append("fer2013new.csv", "Training,fer0000004.png,9,0,0,0,0,0,0,0,0,0".to_owned());
        append("fer2013.csv", format!("6,{},Training", vec!["14"; 2304].join(" ")));
        let path = dir.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from} is not in {file}");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let text = message(load(&dir, SplitName::Train));
        assert!(text.contains(problem), "{text}");
        match skipping(&dir, SplitName::Train) {
            Ok(split) => {
                assert!(skipped, "{problem}");
                assert_eq!((split.samples.len(), tone(&split, 0), split.left_out.count(Reason::Bad)), (1, 14, 1));
            }
            Err(error) => assert!(!skipped, "{error}"),
        }
    }
    let dir = two_tables();
    fs::remove_file(dir.path().join("fer2013.csv")).unwrap();
    let text = message(skipping(&dir, SplitName::Train));
    assert!(text.contains("fer2013.csv is missing"), "{text}");
}

#[test]
fn tables_whose_rows_do_not_belong_together_are_refused() {
    let table = |dir: &TempDir| fs::read_to_string(dir.path().join("fer2013new.csv")).unwrap();
    let altered = |text: String| {
        let dir = two_tables();
        fs::write(dir.path().join("fer2013new.csv"), text).unwrap();
        message(load(&dir, SplitName::Train))
    };
    let lines = table(&two_tables());
    let lines: Vec<_> = lines.lines().collect();
    let said = altered([lines[0], lines[3], lines[2], lines[1], lines[4]].join("\n"));
    assert!(said.contains("fer2013new.csv, line 2: ") && said.contains("sorted or filtered"), "{said}");
    let dir = two_tables();
    fs::write(dir.path().join("fer2013new.csv"), [lines[0], lines[3], lines[2], lines[1], lines[4]].join("\n"))
        .unwrap();
    let skipping = LoadOptions { skip_bad: true, ..LoadOptions::default() };
    let spec = DataSpec::Ferplus(dir.path().to_owned());
    let said = spec.load_with(SplitName::Train, &skipping).unwrap_err().to_string();
    assert!(
        said.contains("sorted or filtered"),
        "not even --skip-bad guesses which votes belong to which picture: {said}"
    );
    let said = altered(lines.join("\n").replace("Training,,", "PublicTest,,"));
    assert!(said.contains("fer2013new.csv, line 3: ") && said.contains("sorted or filtered"), "{said}");
    for count in [4, 6] {
        let more = [lines.as_slice(), &["Training,fer0000004.png,9,0,0,0,0,0,0,0,0,0"]].concat();
        let said = altered(more[..count].join("\n"));
        assert!(said.contains("has not as many rows"), "{said}");
    }
}

#[test]
fn a_missing_table_is_named_with_what_belongs_there() {
    let text = message(load(&TempDir::new().unwrap(), SplitName::Train));
    assert!(text.contains("label.csv is missing"), "{text}");
    assert!(text.contains("labels.csv"), "{text}");
}

#[test]
fn a_missing_folder_is_named() {
    let text = message(DataSpec::Ferplus("/no/such/folder".into()).load(SplitName::Train));
    assert!(text.starts_with("/no/such/folder is missing"), "{text}");
}

#[test]
fn a_wrong_header_is_shown_with_the_right_one() {
    let dir = TempDir::new().unwrap();
    write(&dir.path().join("labels.csv"), "usage,picture,neutral\nTraining,a.webp,3\n");
    let text = message(load(&dir, SplitName::Train));
    assert!(text.contains("usage,image,neutral,happiness"), "{text}");
    assert!(text.contains("Found: usage,picture,neutral"), "{text}");
}

#[test]
fn an_empty_table_is_refused_by_its_header() {
    let dir = TempDir::new().unwrap();
    write(&dir.path().join("labels.csv"), "");
    let result = load(&dir, SplitName::Train);
    assert!(matches!(result, Err(DataError::Header { .. })));
}

/// The message for a packed table of one good line, then `line`.
fn message_for_line(line: &str) -> String {
    let dir = TempDir::new().unwrap();
    let good = "Training,fer0000000.webp,0,10,0,0,0,0,0,0,0,0,0";
    write(&dir.path().join("labels.csv"), [HEADER, good, line].join("\n"));
    let text = message(load(&dir, SplitName::Train));
    assert!(text.contains("labels.csv, line 3: "), "{text}");
    text
}

#[test]
fn a_bad_line_is_named_by_its_number() {
    for (line, problem) in [
        ("Training,fer0000001.webp,0,8,many,0,0,0,0,0,0,0,0", "the vote \"many\" for happiness"),
        ("Training,fer0000001.webp,0,8,-1,0,0,0,0,0,0,0,0", "the vote \"-1\""),
        ("Practice,fer0000001.webp,0,8,0,0,0,0,0,0,0,0,0", "the usage \"Practice\""),
        ("Training,fer0000001.webp,0,8", "13 columns expected, 4 found"),
        ("Training,fer0000000.webp,0,8,0,0,0,0,0,0,0,0,0", "listed twice"),
        ("Training,../secret.webp,0,8,0,0,0,0,0,0,0,0,0", "not the name of a picture"),
    ] {
        let text = message_for_line(line);
        assert!(text.contains(problem), "{text}");
    }
}

#[test]
fn a_split_without_rows_is_empty() {
    let text = message(load(&packed_folder(), SplitName::Test));
    assert!(text.contains("no usable picture in the split test"), "{text}");
}

#[test]
fn an_archive_without_the_split_is_refused() {
    let dir = packed_folder();
    tar_gz(&dir.path().join("faces.tgz"), &packed_entries()[2..]);
    let result = load(&dir, SplitName::Train);
    assert!(matches!(result, Err(DataError::ArchiveWithoutSplit { wanted: 2, .. })));
}

#[test]
fn a_picture_that_is_listed_but_absent_is_named() {
    let lists = "labels.csv, line 3, lists the picture FER2013Train/fer0000001.webp";
    let packed = packed_folder();
    tar_gz(&packed.path().join("faces.tar.gz"), &packed_entries()[1..]);
    let text = message(load(&packed, SplitName::Train));
    assert!(text.contains(lists), "{text}");

    let unpacked = packed_folder();
    let (name, bytes) = &packed_entries()[1];
    write(&unpacked.path().join(name), bytes);
    let text = message(load(&unpacked, SplitName::Train));
    assert!(text.contains(lists), "{text}");
}

#[test]
fn a_truncated_picture_is_named() {
    let dir = packed_folder();
    let mut entries = packed_entries();
    let half = entries[0].1.len() / 2;
    entries[0].1.truncate(half);
    tar_gz(&dir.path().join("faces.tar.gz"), &entries);
    let text = message(load(&dir, SplitName::Train));
    assert!(text.contains("faces.tar.gz/FER2013Train/fer0000001.webp ("), "{text}");
    assert!(text.contains("labels.csv, line 3) is broken"), "{text}");
    let split = skipping(&dir, SplitName::Train).unwrap();
    assert_eq!((split.samples.len(), split.left_out.count(Reason::Bad), tone(&split, 0)), (1, 1, 100));
}

#[test]
fn a_truncated_archive_is_refused() {
    let dir = packed_folder();
    let path = dir.path().join("faces.tar.gz");
    tar_gz(&path, &packed_entries());
    let bytes = fs::read(&path).unwrap();
    for broken in [&bytes[..bytes.len() / 2], b"not an archive"] {
        fs::write(&path, broken).unwrap();
        let result = load(&dir, SplitName::Train);
        assert!(matches!(result, Err(DataError::Archive { .. })));
        let result = skipping(&dir, SplitName::Train);
        assert!(matches!(result, Err(DataError::Archive { .. })), "of a broken archive nobody knows what is missing");
    }
}

#[test]
fn two_archives_are_ambiguous() {
    let dir = packed_folder();
    tar_gz(&dir.path().join("a.tar.gz"), &packed_entries());
    tar_gz(&dir.path().join("b.tgz"), &packed_entries());
    let text = message(load(&dir, SplitName::Train));
    assert!(text.contains("a.tar.gz and "), "{text}");
    assert!(text.contains("b.tgz could each be the archive"), "{text}");
}

/// The counts of the published votes under the majority protocol, seven classes.
#[test]
fn the_real_data_set_gives_the_known_counts() {
    let Some(spec) = real_data::ferplus("counting the real data set") else { return };
    let train = spec.load(SplitName::Train).unwrap();
    assert_eq!(train.class_counts(), [8739, 7287, 3013, 3149, 532, 119, 2099]);
    assert_eq!(train.left_out.to_string(), "3423 without a majority, 76 unknown, 2 not a face, 119 contempt");
    let valid = spec.load(SplitName::Valid).unwrap();
    assert_eq!(valid.class_counts(), [1182, 865, 351, 415, 62, 24, 287]);
    assert_eq!(valid.left_out.to_string(), "367 without a majority, 13 unknown, 13 contempt");
}
