//! From FERPlus's ten votes to one label, the majority protocol, and to shares a class.

use super::{EXPRESSIONS, Reason};

/// The vote columns in FERPlus's order.
pub(super) const VOTE_COLUMNS: [&str; 10] =
    ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF"];

/// What each vote column stands for, in the same order: a label of this project or a reason to leave out.
const MEANING: [Result<usize, Reason>; 10] = [
    Ok(0),
    Ok(1),
    Ok(3),
    Ok(2),
    Ok(6),
    Ok(5),
    Ok(4),
    Err(Reason::Contempt),
    Err(Reason::Unknown),
    Err(Reason::NotAFace),
];

/// The label that more than half of the votes agree on, or why there is none.
///
/// Single votes count as slips and are removed first. Votes for contempt, unknown and "not a face"
/// stay in the sum, so a picture that many could not name has no majority either.
pub(super) fn majority(votes: &[u16; 10]) -> Result<usize, Reason> {
    let votes = votes.map(|vote| if vote <= 1 { 0 } else { u32::from(vote) });
    let sum: u32 = votes.iter().sum();
    votes.iter().zip(MEANING).find(|(vote, _)| 2 * **vote > sum).map_or(Err(Reason::NoMajority), |(_, meaning)| meaning)
}

/// The share of the votes that each of the seven classes has, in label order, after single votes are removed.
///
/// Votes for contempt, unknown and "not a face" are left out of the sum: what remains is a distribution over what the network
/// can answer.
pub(super) fn shares(votes: &[u16; 10]) -> Vec<f32> {
    let mut shares = vec![0.0; EXPRESSIONS.len()];
    for (&vote, meaning) in votes.iter().zip(MEANING) {
        if let Ok(label) = meaning
            && vote > 1
        {
            shares[label] += f32::from(vote);
        }
    }
    let sum: f32 = shares.iter().sum();
    shares.iter().map(|share| share / sum.max(1.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_leads_to_its_own_class() {
        let names = ["neutral", "happy", "surprise", "sad", "anger", "disgust", "fear"];
        for (column, name) in names.into_iter().enumerate() {
            let mut votes = [0; 10];
            votes[column] = 10;
            assert_eq!(majority(&votes).map(|label| EXPRESSIONS[label]), Ok(name));
        }
        assert_eq!(majority(&[0, 0, 0, 0, 0, 0, 0, 10, 0, 0]), Err(Reason::Contempt));
        assert_eq!(majority(&[0, 0, 0, 0, 0, 0, 0, 0, 10, 0]), Err(Reason::Unknown));
        assert_eq!(majority(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 10]), Err(Reason::NotAFace));
    }

    #[test]
    fn half_of_the_votes_is_no_majority() {
        assert_eq!(majority(&[5, 5, 0, 0, 0, 0, 0, 0, 0, 0]), Err(Reason::NoMajority));
        assert_eq!(majority(&[5, 3, 2, 0, 0, 0, 0, 0, 0, 0]), Err(Reason::NoMajority));
        assert_eq!(majority(&[6, 2, 2, 0, 0, 0, 0, 0, 0, 0]), Ok(0));
    }

    #[test]
    fn single_votes_do_not_count() {
        // Four of ten, yet all that is left once the single votes are gone.
        assert_eq!(majority(&[1, 1, 1, 4, 1, 1, 1, 0, 0, 0]), Ok(2));
        assert_eq!(majority(&[1, 1, 1, 1, 1, 1, 1, 1, 1, 1]), Err(Reason::NoMajority));
    }

    #[test]
    fn shares_are_over_the_seven_classes_without_single_votes() {
        // Neutral 6, sad 3, a single vote for anger, and contempt, unknown: 6 / 9 and 3 / 9 remain.
        let shares = shares(&[6, 0, 0, 3, 1, 0, 0, 4, 2, 0]);
        assert_eq!(shares, [6.0 / 9.0, 0.0, 3.0 / 9.0, 0.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn votes_for_unknown_stay_in_the_sum() {
        assert_eq!(majority(&[4, 0, 0, 0, 0, 0, 0, 0, 4, 0]), Err(Reason::NoMajority));
    }
}
