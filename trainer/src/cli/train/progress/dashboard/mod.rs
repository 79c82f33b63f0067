//! The dashboard's life: it takes the terminal over, draws and listens to keys on a thread of its own, so that a key is answered
//! during a long step too, and gives the terminal back whatever ends the run.

mod drawing;
mod state;

use std::io::{self, stdout};
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::cursor::Show;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use ratatui::{DefaultTerminal, Terminal};
use signal_hook::consts::{SIGINT, SIGTERM};
use trainer::run_folder::EpochMetrics;
use trainer::training::{Observer, Progress};

pub(crate) use self::state::ShownRun;

use super::in_words::{epoch_line, stopped};

/// How long the drawing thread waits for a key before it draws again.
const REFRESH: Duration = Duration::from_millis(200);
/// What a shell reports of a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// Shows a run on the whole terminal for as long as it lives.
pub(super) struct Dashboard {
    shared: Arc<Shared>,
    screen: Option<JoinHandle<()>>,
}

/// What the training and the drawing thread both know.
struct Shared {
    run: Mutex<ShownRun>,
    /// Lines of the epochs done since the start, for the terminal when it is given back.
    lines: Mutex<Vec<String>>,
    /// Whether the terminal is taken over.
    taken: AtomicBool,
    /// Whether the drawing thread is to end.
    ended: AtomicBool,
    /// Whether the run is to stop, by a key or a signal.
    stop: Arc<AtomicBool>,
}

impl Dashboard {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// When the terminal refuses; then it is as it was.
    pub(super) fn open(run: ShownRun) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            run: Mutex::new(run),
            lines: Mutex::new(Vec::new()),
            taken: AtomicBool::new(true),
            ended: AtomicBool::new(false),
            stop: Arc::new(AtomicBool::new(false)),
        });
        let screen = Self::take_over(&shared).inspect_err(|_| shared.give_back())?;
        Ok(Self { shared, screen: Some(screen) })
    }

    fn take_over(shared: &Arc<Shared>) -> io::Result<JoinHandle<()>> {
        enable_raw_mode()?;
        execute!(stdout(), EnterAlternateScreen)?;
        let terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
        // Ctrl-C is a key in raw mode; these are what `kill` sends.
        for signal in [SIGINT, SIGTERM] {
            signal_hook::flag::register(signal, shared.stop.clone())?;
        }
        let panicking = shared.clone();
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            panicking.ended.store(true, Ordering::SeqCst);
            panicking.give_back();
            print(info);
        }));
        let drawing = shared.clone();
        thread::Builder::new().name("dashboard".into()).spawn(move || {
            let outcome = drawing.show(terminal);
            drawing.give_back();
            if let Err(error) = outcome {
                eprintln!("the dashboard ends, the training goes on: {error}");
            }
        })
    }
}

impl Shared {
    /// Draws and listens until the dashboard ends.
    fn show(&self, mut terminal: DefaultTerminal) -> io::Result<()> {
        while !self.ended.load(Ordering::SeqCst) {
            let stopping = self.stop.load(Ordering::SeqCst);
            {
                let run = held(&self.run);
                terminal.draw(|frame| drawing::draw(frame, &run, stopping))?;
            }
            if event::poll(REFRESH)?
                && let Event::Key(key) = event::read()?
                && asks_to_stop(&key)
            {
                if stopping {
                    self.leave();
                }
                self.stop.store(true, Ordering::SeqCst);
            }
        }
        Ok(())
    }

    /// Ends the program in the middle of a step. Checkpoints are complete or not there, so that none suffers.
    fn leave(&self) {
        self.give_back();
        let run = held(&self.run);
        eprintln!("trainer: {}", stopped(&run.run, run.epoch()));
        std::process::exit(INTERRUPTED);
    }

    /// Makes the terminal what it was, once, and prints the lines of the epochs.
    fn give_back(&self) {
        if self.taken.swap(false, Ordering::SeqCst) {
            // Where this fails, the terminal is gone and nothing can be said to anyone.
            let _ = disable_raw_mode();
            let _ = execute!(stdout(), LeaveAlternateScreen, Show);
        }
        // A thread that panics may hold the lines itself and would wait for ever.
        if let Ok(mut lines) = self.lines.try_lock() {
            lines.drain(..).for_each(|line| println!("{line}"));
        }
    }
}

impl Observer for Dashboard {
    fn progress(&mut self, progress: &Progress) {
        held(&self.shared.run).take_progress(progress);
    }

    fn epoch_done(&mut self, metrics: &EpochMetrics, best: bool) {
        held(&self.shared.run).take_epoch(metrics);
        let line = epoch_line(metrics, best);
        // Without the terminal, its drawing having failed, the lines are what is left.
        match self.shared.taken.load(Ordering::SeqCst) {
            true => held(&self.shared.lines).push(line),
            false => println!("{line}"),
        }
    }

    fn stop_requested(&self) -> bool {
        self.shared.stop.load(Ordering::SeqCst)
    }
}

impl Drop for Dashboard {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        if let Some(screen) = self.screen.take() {
            // That it panicked has been printed; the terminal is given back in any case.
            let _ = screen.join();
        }
        self.shared.give_back();
    }
}

fn asks_to_stop(key: &KeyEvent) -> bool {
    let interrupt = key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL);
    key.kind == KeyEventKind::Press && (interrupt || matches!(key.code, KeyCode::Char('q' | 'Q')))
}

/// What a mutex holds. The state is plain figures, which a panic elsewhere leaves as good as they were.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q_and_ctrl_c_stop_a_run_and_other_keys_do_not() {
        let key = |letter, modifiers| asks_to_stop(&KeyEvent::new(KeyCode::Char(letter), modifiers));
        assert!(key('q', KeyModifiers::NONE) && key('Q', KeyModifiers::SHIFT) && key('c', KeyModifiers::CONTROL));
        assert!(!key('c', KeyModifiers::NONE) && !key('x', KeyModifiers::CONTROL));
        let released = KeyEvent::new_with_kind(KeyCode::Char('q'), KeyModifiers::NONE, KeyEventKind::Release);
        assert!(!asks_to_stop(&released), "terminals that tell of both would count a key twice");
    }
}
