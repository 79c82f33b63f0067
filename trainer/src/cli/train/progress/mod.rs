//! How a run shows how far it is: a dashboard to a person at a terminal, a bar or lines to everything else.

mod bar;
mod dashboard;
mod in_words;

use std::io::{IsTerminal, stdin, stdout};

use trainer::training::Observer;

use self::bar::Bar;
use self::dashboard::Dashboard;

pub(super) use self::dashboard::ShownRun;
pub(super) use self::in_words::stopped;

/// Shows `run`; as a bar or lines where `plain` asks for that or nobody is there to look and type.
pub(super) fn observer(run: ShownRun, plain: bool) -> Box<dyn Observer> {
    let variable = |name: &str| std::env::var(name).ok();
    // Keys are read from the one and pictures are drawn on the other.
    let terminal = stdin().is_terminal() && stdout().is_terminal();
    if !plain && terminal && is_interactive(variable("TERM").as_deref(), variable("CI").as_deref()) {
        match Dashboard::open(run) {
            Ok(dashboard) => return Box::new(dashboard),
            Err(error) => eprintln!("this terminal shows no dashboard: {error}"),
        }
    }
    Box::new(Bar::new())
}

/// Whether a terminal that these environment variables describe can move its cursor and has a person before it.
fn is_interactive(term: Option<&str>, ci: Option<&str>) -> bool {
    // Windows has no TERM, and all its terminals can.
    let capable = term.map_or(cfg!(windows), |term| !term.is_empty() && term != "dumb");
    let watched = ci.is_none_or(|ci| ci.is_empty() || ci == "false" || ci == "0");
    capable && watched
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dumb_terminals_and_build_machines_get_no_dashboard() {
        assert!(is_interactive(Some("xterm-256color"), None));
        assert!(is_interactive(Some("screen"), Some("false")));
        assert!(!is_interactive(Some("dumb"), None));
        assert!(!is_interactive(Some(""), None));
        assert!(!is_interactive(Some("xterm-256color"), Some("true")));
    }
}
