//! How the dashboard looks: figures at the top, curves over all epochs and within the running one, the last epochs as a table.
//! A terminal that is too small for curves gets the figures alone.

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Style, Stylize};
use ratatui::symbols::Marker;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Axis, Block, Borders, Chart, Dataset, GraphType, LineGauge, Paragraph, Wrap};
use trainer::figures::{axis, percent};
use trainer::loss::LossKind;
use trainer::run_folder::EpochMetrics;

use super::super::in_words::{duration, resuming};
use super::state::ShownRun;

/// The smallest terminal that curves are drawn in, in columns and lines.
const SMALLEST: (u16, u16) = (70, 20);
/// Lines of the table in a terminal of the usual 24.
const TABLE_LINES: u16 = 5;

const TRAINING: Color = Color::Cyan;
const VALIDATION: Color = Color::Yellow;
const ATTENTION: Color = Color::Green;
const SPREAD: Color = Color::DarkGray;

/// Draws the run. `stopping` says that its end was asked for.
pub(super) fn draw(frame: &mut Frame, run: &ShownRun, stopping: bool) {
    let area = frame.area();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        return draw_figures_alone(frame, run, stopping);
    }
    let table_lines = TABLE_LINES + area.height.saturating_sub(24) / 3;
    let [title, gauge, figures, charts, more_charts, table, keys] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(2),
        Constraint::Fill(1),
        Constraint::Fill(1),
        Constraint::Length(table_lines),
        Constraint::Length(1),
    ])
    .areas(area);
    frame.render_widget(title_line(run), title);
    draw_gauge(frame, run, gauge);
    frame.render_widget(Paragraph::new(figure_lines(run)), figures);
    draw_epochs(frame, run, charts);
    draw_within_epoch(frame, run, more_charts);
    draw_table(frame, run, table);
    frame.render_widget(keys_line(run, stopping), keys);
}

/// Everything that can be said in lines, broken where the terminal is narrow.
fn draw_figures_alone(frame: &mut Frame, run: &ShownRun, stopping: bool) {
    let mut lines = vec![title_line(run), Line::from(place_in_words(run))];
    lines.extend(figure_lines(run));
    if let Some(last) = run.history.last() {
        lines.push(Line::from(format!(
            "epoch {}: validation cross entropy {}, accuracy {}",
            last.epoch,
            figure(last.valid_cross_entropy),
            percent(last.valid_accuracy)
        )));
    }
    lines.push(keys_line(run, stopping));
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: true }), frame.area());
}

fn title_line(run: &ShownRun) -> Line<'static> {
    Line::from(vec![
        Span::from(run.run.display().to_string()).bold(),
        Span::from(format!("  {} loss, {}", run.loss, run.device)),
    ])
}

/// Where in the run it is.
fn place_in_words(run: &ShownRun) -> String {
    let place = match &run.progress {
        Some(progress) if progress.step == progress.steps => "validation".to_owned(),
        Some(progress) => format!("step {} of {}", progress.step, progress.steps),
        None => "first steps".to_owned(),
    };
    format!("epoch {} of {}, {place}", run.epoch(), run.epochs)
}

fn draw_gauge(frame: &mut Frame, run: &ShownRun, area: Rect) {
    let share = run.readings.last().map_or(0.0, |(share, _)| share.clamp(0.0, 1.0));
    let gauge = LineGauge::default()
        .label(place_in_words(run))
        .ratio(share)
        .filled_symbol("━")
        .filled_style(Style::new().fg(TRAINING))
        .unfilled_style(Style::new().fg(SPREAD));
    frame.render_widget(gauge, area);
}

/// The running epoch's figures; before its first steps there are none.
fn figure_lines(run: &ShownRun) -> Vec<Line<'static>> {
    let Some(progress) = &run.progress else { return Vec::new() };
    let means = &progress.means;
    let center_loss = match run.loss {
        LossKind::Softmax => String::new(),
        _ => format!("   center loss {}", figure(means.center_loss)),
    };
    vec![
        Line::from(format!(
            "cross entropy {}{center_loss}   accuracy {}",
            figure(means.cross_entropy),
            percent(means.accuracy)
        )),
        Line::from(format!(
            "learning rate {:.2e}   {:.1} images/s   {} left",
            progress.learning_rate,
            progress.images_per_second,
            duration(progress.seconds_left)
        )),
    ]
}

/// Loss and accuracy from the first epoch until now.
fn draw_epochs(frame: &mut Frame, run: &ShownRun, area: Rect) {
    let [left, right] = Layout::horizontal([Constraint::Fill(1); 2]).spacing(1).areas(area);
    let title = |name: &'static str| {
        Line::from(vec![Span::from(name).bold(), "  training".fg(TRAINING), "  validation ".fg(VALIDATION)])
    };
    let across = Across::since_the_start(run);
    let training = run.up_to_now(|row| Some(row.train_cross_entropy), |means| means.cross_entropy);
    let validation = run.over_epochs(|row| Some(row.valid_cross_entropy));
    draw_curves(
        frame,
        left,
        title("cross entropy"),
        &across,
        None,
        &[(&training, TRAINING), (&validation, VALIDATION)],
    );
    let training = run.up_to_now(|row| Some(100.0 * row.train_accuracy), |means| 100.0 * means.accuracy);
    let validation = run.over_epochs(|row| Some(100.0 * row.valid_accuracy));
    draw_curves(frame, right, title("accuracy, %"), &across, None, &[(&training, TRAINING), (&validation, VALIDATION)]);
}

/// Loss and accuracy of the running epoch's pictures so far, and the attention from the first epoch until now.
fn draw_within_epoch(frame: &mut Frame, run: &ShownRun, area: Rect) {
    let count = if run.loss.trains_attention() { 3 } else { 2 };
    let areas = Layout::horizontal(vec![Constraint::Fill(1); count]).spacing(1).split(area);
    let title = |name: &str| Line::from(Span::from(format!("{name}, epoch {} ", run.epoch())).bold());
    let steps = run.progress.as_ref().map_or_else(String::new, |progress| format!("{} steps", progress.steps));
    let across = Across { end: 1.0, label: steps };
    let loss = run.within_epoch(|means| means.cross_entropy);
    draw_curves(frame, areas[0], title("cross entropy"), &across, None, &[(&loss, TRAINING)]);
    let accuracy = run.within_epoch(|means| 100.0 * means.accuracy);
    draw_curves(frame, areas[1], title("accuracy, %"), &across, None, &[(&accuracy, TRAINING)]);
    if run.loss.trains_attention() {
        draw_attention(frame, run, areas[2]);
    }
}

/// Mean of the attention, and one standard deviation to either side.
fn draw_attention(frame: &mut Frame, run: &ShownRun, area: Rect) {
    let curve = |deviations: f64| {
        run.up_to_now(
            |row| Some(row.attention_mean? + deviations * row.attention_std?),
            |means| means.attention_mean + deviations * means.attention_std,
        )
    };
    let done = run.history.last().and_then(|row| Some((row.attention_mean?, row.attention_std?)));
    let now = run.progress.as_ref().map(|progress| (progress.means.attention_mean, progress.means.attention_std));
    let figures = now.or(done).map_or_else(String::new, |(mean, std)| format!(" {mean:.3} ± {std:.3} "));
    let title = Line::from(vec![Span::from("attention").bold(), figures.fg(ATTENTION)]);
    let (low, mean, high) = (curve(-1.0), curve(0.0), curve(1.0));
    let curves = [(low.as_slice(), SPREAD), (high.as_slice(), SPREAD), (mean.as_slice(), ATTENTION)];
    draw_curves(frame, area, title, &Across::since_the_start(run), Some(0.0..1.0), &curves);
}

/// The horizontal axis of a chart, which begins at 0.
struct Across {
    end: f64,
    label: String,
}

impl Across {
    /// The epochs from the first to the running one.
    fn since_the_start(run: &ShownRun) -> Self {
        let epochs = (run.history.len() + usize::from(run.progress.is_some())).max(1);
        Self { end: epochs as f64, label: epochs.to_string() }
    }
}

/// Draws curves in one chart, whose height is `range`, or what the curves need.
fn draw_curves(
    frame: &mut Frame,
    area: Rect,
    title: Line<'_>,
    across: &Across,
    range: Option<Range<f64>>,
    curves: &[(&[(f64, f64)], Color)],
) {
    // A diverged run has values that no axis can show.
    let curves: Vec<(Vec<(f64, f64)>, Color)> = curves
        .iter()
        .map(|(points, colour)| (points.iter().copied().filter(|point| point.1.is_finite()).collect(), *colour))
        .collect();
    let heights = curves.iter().flat_map(|(points, _)| points).map(|point| point.1);
    let Range { start: low, end: high } = range.unwrap_or_else(|| axis(heights));
    let sets = curves.iter().map(|(points, colour)| {
        Dataset::default().marker(Marker::Braille).graph_type(GraphType::Line).style(*colour).data(points)
    });
    let faint = Style::new().fg(SPREAD);
    let chart = Chart::new(sets.collect())
        .block(Block::new().borders(Borders::TOP).border_style(faint).title(title))
        .x_axis(Axis::default().style(faint).bounds([0.0, across.end]).labels(["0", across.label.as_str()]))
        .y_axis(Axis::default().style(faint).bounds([low, high]).labels([short(low), short(high)]));
    frame.render_widget(chart, area);
}

/// The last epochs, the newest at the bottom.
fn draw_table(frame: &mut Frame, run: &ShownRun, area: Rect) {
    let head = "epoch      rate  train CE   acc %  valid CE   acc %  class %  images/s      s";
    let rows = usize::from(area.height).saturating_sub(1);
    let shown = &run.history[run.history.len().saturating_sub(rows)..];
    let best = run.best();
    let mut lines = vec![Line::from(head).fg(SPREAD)];
    lines.extend(shown.iter().map(|row| match Some(row.epoch) == best {
        true => Line::from(table_row(row) + " *").bold(),
        false => Line::from(table_row(row)),
    }));
    frame.render_widget(Paragraph::new(lines), area);
}

fn table_row(row: &EpochMetrics) -> String {
    format!(
        "{:>5}  {:>8}  {:>8}  {:>6.2}  {:>8}  {:>6.2}  {:>7.2}  {:>8.1}  {:>5.0}",
        row.epoch,
        format!("{:.2e}", row.learning_rate),
        figure(row.train_cross_entropy),
        100.0 * row.train_accuracy,
        figure(row.valid_cross_entropy),
        100.0 * row.valid_accuracy,
        100.0 * row.valid_mean_class_accuracy,
        row.images_per_second,
        row.seconds
    )
}

fn keys_line(run: &ShownRun, stopping: bool) -> Line<'static> {
    match stopping {
        true => Line::from("stops when this step, or the validation, is done; q again: at once").fg(VALIDATION),
        false => Line::from(format!("q or Ctrl-C stops; `{}` goes on", resuming(&run.run))).fg(SPREAD),
    }
}

/// A loss in few letters, whatever its size.
fn figure(value: f64) -> String {
    if value.abs() >= 10_000.0 { format!("{value:.1e}") } else { format!("{value:.3}") }
}

/// The end of an axis in few letters.
fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 10_000.0 => format!("{value:.0e}"),
        size if size >= 10.0 => format!("{value:.0}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    use trainer::training::{Progress, TrainingMeans};

    use super::*;

    fn epoch(epoch: usize, valid_accuracy: f64) -> EpochMetrics {
        EpochMetrics {
            epoch,
            steps: 50,
            learning_rate: 0.01,
            train_loss: 1.5,
            train_cross_entropy: 1.2345,
            train_center_loss: 30.0,
            train_accuracy: 0.5678,
            valid_cross_entropy: 1.3456,
            valid_accuracy,
            valid_mean_class_accuracy: 0.4567,
            attention_mean: Some(0.48),
            attention_std: Some(0.16),
            attention_below_005: Some(0.01),
            images_per_second: 123.4,
            waiting_for_pictures: 0.02,
            seconds: 56.0,
        }
    }

    fn progress(step: usize, cross_entropy: f64) -> Progress {
        let means = TrainingMeans {
            cross_entropy,
            center_loss: 23.456,
            weighted_center_loss: 0.234,
            accuracy: 0.6543,
            attention_mean: 0.4711,
            attention_std: 0.1588,
            attention_below_005: 0.01,
        };
        Progress {
            epoch: 3,
            epochs: 20,
            step,
            steps: 50,
            means,
            learning_rate: 0.0087,
            images_per_second: 98.7,
            seconds_left: 1500.0,
        }
    }

    fn run(loss: LossKind) -> ShownRun {
        let mut run = ShownRun {
            run: "runs/one".into(),
            device: "CPU, 2 threads".into(),
            loss,
            epochs: 20,
            history: vec![epoch(1, 0.55), epoch(2, 0.5)],
            progress: None,
            readings: Vec::new(),
        };
        run.take_progress(&progress(10, 1.1));
        run.take_progress(&progress(20, 1.0321));
        run
    }

    /// The screen as text, a line a line.
    fn screen(run: &ShownRun, width: u16, height: u16, stopping: bool) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| draw(frame, run, stopping)).unwrap();
        terminal.backend().to_string()
    }

    fn curves(screen: &str) -> usize {
        screen.chars().filter(|letter| ('\u{2801}'..='\u{28ff}').contains(letter)).count()
    }

    #[test]
    fn a_terminal_of_80_by_24_shows_every_figure_that_the_run_told() {
        let screen = screen(&run(LossKind::Dacl), 80, 24, false);
        for told in [
            "runs/one",
            "dacl loss, CPU, 2 threads",
            "epoch 3 of 20, step 20 of 50",
            "cross entropy 1.032   center loss 23.456   accuracy 65.43 %",
            "learning rate 8.70e-3   98.7 images/s   25 minutes left",
            "attention 0.471 ± 0.159",
            "    1   1.00e-2     1.234   56.78     1.346   55.00    45.67     123.4     56 *",
            "    2   1.00e-2     1.234   56.78     1.346   50.00    45.67     123.4     56",
            "q or Ctrl-C stops; `trainer train --resume runs/one` goes on",
        ] {
            assert!(screen.contains(told), "{told} is missing:\n{screen}");
        }
        assert_eq!(screen.matches(" *").count(), 1, "one epoch is the best:\n{screen}");
        assert!(curves(&screen) > 20, "{screen}");
    }

    #[test]
    fn runs_without_trained_attention_show_none() {
        let screen = screen(&run(LossKind::Softmax), 80, 24, false);
        assert!(!screen.contains("attention") && !screen.contains("center loss"), "{screen}");
        assert!(screen.contains("softmax loss") && curves(&screen) > 20, "{screen}");
    }

    #[test]
    fn the_curve_within_an_epoch_begins_anew_with_the_next() {
        let mut run = run(LossKind::Dacl);
        assert_eq!(run.within_epoch(|means| means.cross_entropy), [(0.2, 1.1), (0.4, 1.0321)]);
        let until_now = run.up_to_now(|row| Some(row.train_cross_entropy), |means| means.cross_entropy);
        assert_eq!(until_now, [(1.0, 1.2345), (2.0, 1.2345), (2.2, 1.1), (2.4, 1.0321)]);
        run.take_epoch(&epoch(3, 0.6));
        assert!(run.within_epoch(|means| means.cross_entropy).is_empty());
        let screen = screen(&run, 80, 24, false);
        assert!(screen.contains("epoch 4 of 20, first steps") && screen.contains("60.00"), "{screen}");
    }

    #[test]
    fn a_narrow_or_low_terminal_shows_the_figures_without_curves() {
        for (width, height) in [(69, 24), (80, 19), (40, 12)] {
            let screen = screen(&run(LossKind::Dacl), width, height, false);
            assert_eq!(curves(&screen), 0, "{screen}");
            assert!(screen.contains("epoch 3 of 20, step 20 of 50") && screen.contains("1.032"), "{screen}");
            assert!(screen.contains("epoch 2: validation"), "{screen}");
        }
    }

    #[test]
    fn every_size_of_terminal_can_be_drawn_in() {
        for width in [1, 2, 10, 70, 81, 300] {
            for height in [1, 2, 5, 20, 21, 100] {
                screen(&run(LossKind::Dacl), width, height, true);
            }
        }
    }

    #[test]
    fn a_diverging_run_is_shown_as_it_is() {
        for value in [f64::NAN, f64::INFINITY, 1e300, -1e300, 0.0] {
            let mut run = run(LossKind::Dacl);
            let mut diverged = progress(30, value);
            (diverged.seconds_left, diverged.images_per_second, diverged.means.attention_std) = (value, value, value);
            run.take_progress(&diverged);
            let shown = screen(&run, 80, 24, false);
            assert!(shown.contains(&format!("cross entropy {}", figure(value))), "{shown}");
            let mut epoch = epoch(3, value);
            (epoch.train_cross_entropy, epoch.valid_cross_entropy, epoch.attention_mean) = (value, value, Some(value));
            run.take_epoch(&epoch);
            screen(&run, 80, 24, false);
            screen(&run, 40, 10, false);
        }
    }

    #[test]
    fn a_run_that_was_asked_to_stop_says_so() {
        let screen = screen(&run(LossKind::Dacl), 80, 24, true);
        assert!(screen.contains("stops when this step, or the validation, is done; q again: at once"), "{screen}");
    }
}
