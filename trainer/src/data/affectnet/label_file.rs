//! The label of one picture in a NumPy file (`.npy`).
//!
//! A file holds a single value, which AffectNet's authors stored as text (`<U1`) and converted copies store as a number, whole
//! or not. Only that is read: one value, no arrays. The crates for `.npy` files parse any of Python's literals for it and bring a
//! parser generator and a C compiler with them.

use std::{fs, path::Path};

use super::super::{DataError, Reason};
use super::{ALLOWED, meaning};

/// The first bytes of every `.npy` file.
const MAGIC: &[u8] = b"\x93NUMPY";

/// The label in a file, or why its picture is left out.
pub(super) fn read_label(path: &Path) -> Result<Result<usize, Reason>, DataError> {
    let bad = |problem: String| DataError::LabelFile { path: path.to_owned(), problem };
    let bytes = fs::read(path).map_err(|error| bad(format!("the label of the picture cannot be read: {error}")))?;
    let text = single_value(&bytes).map_err(|problem| bad(problem.to_owned()))?;
    let number = text.parse().ok().filter(|number: &f64| number.fract() == 0.0);
    number
        .and_then(|number| meaning(number as i64))
        .ok_or_else(|| bad(format!("the label \"{text}\" is not {ALLOWED}")))
}

/// The one value in a `.npy` file, as text.
fn single_value(bytes: &[u8]) -> Result<String, &'static str> {
    const TRUNCATED: &str = "the file is truncated";
    let rest = bytes.strip_prefix(MAGIC).ok_or("the file is not a NumPy file")?;
    let (&[major, _minor], rest) = rest.split_first_chunk().ok_or(TRUNCATED)?;
    let (length, rest) = match major {
        1 => {
            let (length, rest) = rest.split_first_chunk().ok_or(TRUNCATED)?;
            (usize::from(u16::from_le_bytes(*length)), rest)
        }
        2 | 3 => {
            let (length, rest) = rest.split_first_chunk().ok_or(TRUNCATED)?;
            (u32::from_le_bytes(*length) as usize, rest)
        }
        _ => return Err("the file is of an unknown version of NumPy's format"),
    };
    let (header, data) = rest.split_at_checked(length).ok_or(TRUNCATED)?;
    let header = std::str::from_utf8(header).map_err(|_| "the header is not text")?;
    let kind = descriptor(header).ok_or("the header does not name the type of the value")?;
    value(kind, data).ok_or("the file does not hold one text or number")
}

/// `<U1` in `{'descr': '<U1', 'fortran_order': False, 'shape': (), }`.
fn descriptor(header: &str) -> Option<&str> {
    let (_, after) = header.split_once("'descr'")?;
    after.trim_start().strip_prefix(':')?.trim_start().strip_prefix('\'')?.split_once('\'').map(|(kind, _)| kind)
}

/// The value of `data`, which holds it and nothing else.
fn value(kind: &str, data: &[u8]) -> Option<String> {
    let mut characters = kind.chars();
    let big = characters.next()? == '>';
    let letter = characters.next()?;
    let size: usize = characters.as_str().parse().ok()?;
    let bytes = size.checked_mul(if letter == 'U' { 4 } else { 1 })?;
    if data.len() != bytes {
        return None;
    }
    // Text ends at its first zero.
    let text = |characters: Vec<char>| {
        let text: String = characters.into_iter().take_while(|character| *character != '\0').collect();
        text.trim().to_owned()
    };
    let mut little = data.to_vec();
    if big && letter != 'U' && letter != 'S' {
        little.reverse();
    }
    match letter {
        'U' => {
            let code = |four: &[u8]| {
                let four = <[u8; 4]>::try_from(four).ok()?;
                char::from_u32(if big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) })
            };
            data.chunks(4).map(code).collect::<Option<_>>().map(text)
        }
        'S' => Some(text(data.iter().copied().map(char::from).collect())),
        'f' => match size {
            4 => Some(f32::from_le_bytes(little.try_into().ok()?).to_string()),
            8 => Some(f64::from_le_bytes(little.try_into().ok()?).to_string()),
            _ => None,
        },
        'i' | 'u' if (1..=8).contains(&size) => {
            // Filled up to eight bytes: with ones where the number is below zero.
            let negative = letter == 'i' && little.last().is_some_and(|highest| *highest >= 0x80);
            little.resize(8, if negative { 0xff } else { 0 });
            Some(i64::from_le_bytes(little.try_into().ok()?).to_string())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn npy(kind: &str, data: &[u8]) -> Vec<u8> {
        let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': (), }}\n");
        let length = (header.len() as u16).to_le_bytes();
        [MAGIC, &[1, 0], &length, header.as_bytes(), data].concat()
    }

    #[test]
    fn text_and_numbers_of_every_width_are_read() {
        for (kind, data, expected) in [
            ("<U1", &b"3\0\0\0"[..], "3"),
            ("<U2", &b"3\0\0\0\0\0\0\0"[..], "3"),
            (">U1", &b"\x00\x00\x003"[..], "3"),
            ("|S2", &b"10"[..], "10"),
            ("<i8", &6_i64.to_le_bytes()[..], "6"),
            (">i4", &6_i32.to_be_bytes()[..], "6"),
            ("<i2", &(-2_i16).to_le_bytes()[..], "-2"),
            ("|u1", &[255][..], "255"),
            ("<f4", &4_f32.to_le_bytes()[..], "4"),
            ("<f8", &4.5_f64.to_le_bytes()[..], "4.5"),
        ] {
            assert_eq!(single_value(&npy(kind, data)).as_deref(), Ok(expected), "{kind}");
        }
    }

    #[test]
    fn longer_headers_of_version_2_are_read() {
        let mut file = npy("<i8", &2_i64.to_le_bytes());
        let length = u32::from(u16::from_le_bytes([file[8], file[9]]));
        file.splice(6..10, [&[2, 0][..], &length.to_le_bytes()].concat());
        assert_eq!(single_value(&file).as_deref(), Ok("2"));
    }

    #[test]
    fn whatever_is_broken_is_refused_without_a_panic() {
        let whole = npy("<i8", &2_i64.to_le_bytes());
        for length in 0..whole.len() {
            assert!(single_value(&whole[..length]).is_err(), "{length} bytes");
        }
        for (kind, data) in
            [("|O", &b"pickle"[..]), ("<f2", b"ab"), ("<U99999999999999999999", b""), ("", b""), ("<i16", &[0; 16])]
        {
            assert!(single_value(&npy(kind, data)).is_err(), "{kind}");
        }
        // An array of two labels is no label.
        assert!(single_value(&npy("<i8", &[0; 16])).is_err());
        assert!(single_value(b"\x93NUMPY\x01\x00\x02\x00{}").is_err());
    }
}
