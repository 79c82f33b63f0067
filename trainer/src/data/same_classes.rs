//! Whether networks and data sets tell the same classes apart.

/// Two things that should tell the same classes apart do not.
#[derive(Debug, thiserror::Error)]
#[error(
    "{first} knows the classes {first_classes}, {second} {second_classes}: only what has the same classes in the same order \
     goes together"
)]
pub struct ClassesDiffer {
    /// Name of the one.
    pub first: String,
    /// Its classes.
    pub first_classes: String,
    /// Name of the other.
    pub second: String,
    /// Its classes.
    pub second_classes: String,
}

/// Checks that two named things have the same classes in the same order.
///
/// # Errors
/// When they have not.
pub fn same_classes(first: (&str, &[String]), second: (&str, &[String])) -> Result<(), ClassesDiffer> {
    let ((first, first_classes), (second, second_classes)) = (first, second);
    match first_classes == second_classes {
        true => Ok(()),
        false => Err(ClassesDiffer {
            first: first.to_owned(),
            first_classes: first_classes.join(", "),
            second: second.to_owned(),
            second_classes: second_classes.join(", "),
        }),
    }
}
