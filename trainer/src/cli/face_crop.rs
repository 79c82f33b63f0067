//! How the commands are told which square around a face is cut out.

/// Side of the square as a multiple of the face box.
pub(crate) fn margin(text: &str) -> Result<f32, String> {
    within(text, 0.1, 10.0)
}

/// How far the square's centre lies below the box's, as a share of the box.
pub(crate) fn shift_down(text: &str) -> Result<f32, String> {
    within(text, -2.0, 2.0)
}

fn within(text: &str, least: f32, most: f32) -> Result<f32, String> {
    let number = text.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("use a number from {least} to {most}"))
}
