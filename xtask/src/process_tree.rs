//! Stops a child process together with everything it has started.
//!
//! Killing only the child would leave compilers, browsers and test servers behind. A process group would do
//! the same by simpler means, but takes the children out of reach of Ctrl-C.

use std::collections::HashMap;
use std::process::{Child, Command, Stdio};

/// Kills the child and its descendants and waits for the child's end.
pub(crate) fn kill(child: &mut Child) -> std::io::Result<()> {
    let family = descendants(child.id(), &parents());
    child.kill()?;
    if !family.is_empty() {
        let pids = family.iter().map(u32::to_string);
        // The shell's own `kill`: a minimal system has no program of that name. It fails when a process has just
        // ended by itself, which is what was wanted.
        let _ = Command::new("sh").args(["-c", "kill -KILL \"$@\"", "sh"]).args(pids).stderr(Stdio::null()).status();
    }
    child.wait().map(|_| ())
}

/// Every process with its parent, from /proc; empty on systems without one.
fn parents() -> HashMap<u32, u32> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return HashMap::new();
    };
    entries
        .flatten()
        .filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            Some((pid, parent(&stat)?))
        })
        .collect()
}

/// The parent's id in a line of /proc/PID/stat: `PID (NAME) STATE PARENT ...`, where NAME may hold anything.
fn parent(stat: &str) -> Option<u32> {
    let (_, rest) = stat.rsplit_once(") ")?;
    rest.split(' ').nth(1)?.parse().ok()
}

fn descendants(root: u32, parents: &HashMap<u32, u32>) -> Vec<u32> {
    let mut found = vec![root];
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        next += 1;
        let children = parents
            .iter()
            .filter(|&(child, of)| *of == parent && !found.contains(child))
            .map(|(child, _)| *child)
            .collect::<Vec<_>>();
        found.extend(children);
    }
    found.split_off(1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn reads_the_parent_behind_a_name_with_brackets_and_spaces() {
        assert_eq!(parent("17 (a) b (c) S 4 17 17 0"), Some(4));
        assert_eq!(parent("nonsense"), None);
    }

    #[test]
    fn finds_children_of_children_and_nobody_else() {
        let parents = HashMap::from([(2, 1), (3, 2), (4, 3), (5, 1), (6, 3)]);
        let mut family = descendants(2, &parents);
        family.sort_unstable();
        assert_eq!(family, [3, 4, 6]);
    }
}
