//! `cargo xtask demo`: the page, built in release mode and served on this machine.
//!
//! trunk builds and serves. A second process of this program waits beside it and prints the address once the page
//! can be opened, so that the line stands at the end of a long build's output.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::complete;
use crate::setup;
use crate::site;
use crate::workspace::Workspace;

/// What `cargo xtask demo` can be told.
#[derive(Args)]
pub(crate) struct Options {
    /// The port of 127.0.0.1 to serve on
    #[arg(long, default_value_t = 8080, value_parser = clap::value_parser!(u16).range(1..))]
    port: u16,
}

/// What the announcing process is told.
#[derive(Args)]
pub(crate) struct Announcement {
    #[arg(long)]
    port: u16,
    /// The process that becomes the server.
    #[arg(long)]
    server: u32,
}

/// Runs `cargo xtask demo`; returns only when the server cannot be started.
pub(crate) fn run(workspace: &mut Workspace, options: &Options) -> Result<()> {
    let port = options.port;
    check_weights(workspace)?;
    check_port(port)?;
    setup::ensure(workspace, setup::SITE)?;

    let program = std::env::current_exe().context("this program's own file could not be found")?;
    Command::new(program)
        .args(["announce", "--port", &port.to_string(), "--server", &std::process::id().to_string()])
        .spawn()
        .context("the process that prints the address could not be started")?;
    println!("Building the page, then serving it on port {port}. A first build takes a quarter of an hour or more.");
    let mut trunk = site::trunk(workspace);
    trunk
        .args(["serve", "--release", "--no-autoreload=true", "--address", "127.0.0.1", "--port"])
        .arg(port.to_string())
        // Not `dist/`, which is for a host: what is served here lacks the program for browsers without a GPU.
        .arg("--dist")
        .arg(workspace.root.join("target/demo"))
        .env(complete::ONE_PROGRAM, "1");
    become_server(trunk)
}

/// Turns into the server, so that whoever stops this program stops the server.
#[cfg(unix)]
fn become_server(mut trunk: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(trunk.exec()).context("trunk could not be started; see `cargo xtask setup --check`")
}

#[cfg(not(unix))]
fn become_server(mut trunk: Command) -> Result<()> {
    let status = trunk.status().context("trunk could not be started; see `cargo xtask setup --check`")?;
    if !status.success() {
        bail!("trunk ended ({status})");
    }
    Ok(())
}

fn check_weights(workspace: &Workspace) -> Result<()> {
    let manifest = workspace.root.join("www/weights/manifest.json");
    if !manifest.is_file() {
        bail!(
            "there are no weights to show: {} is missing.\n\
             Restore it from the repository, or train and export weights of your own:\n\
             \x20 cargo run --release -p trainer -- train --help\n\
             \x20 cargo run --release -p trainer -- export --run RUN --out www/weights",
            manifest.display()
        );
    }
    Ok(())
}

fn check_port(port: u16) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) => bail!("port {port} of 127.0.0.1 cannot be used ({error}); choose another by --port"),
    }
}

/// Waits until the page is served and prints its address. Ends without a word when the server has ended.
pub(crate) fn announce(announcement: &Announcement) {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, announcement.port));
    while server_lives(announcement.server) {
        if serves_page(address) {
            println!("\n  The page is at http://{address}/\n  Stop with Ctrl-C.\n");
            return;
        }
        std::thread::sleep(Duration::from_millis(300));
    }
}

/// Whether this process still is a child of the server's.
#[cfg(unix)]
fn server_lives(server: u32) -> bool {
    std::os::unix::process::parent_id() == server
}

/// Elsewhere the end of the server is not seen, and the wait goes on until this process is ended.
#[cfg(not(unix))]
fn server_lives(_: u32) -> bool {
    true
}

/// Whether a request for the page is answered with success.
fn serves_page(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<[u8; 12]> {
        let timeout = Some(Duration::from_secs(5));
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(timeout)?;
        stream.set_write_timeout(timeout)?;
        let request = format!("GET / HTTP/1.1\r\nHost: {address}\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok(status)
    };
    ask().is_ok_and(|status| &status == b"HTTP/1.1 200")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    /// Answers one request with `response` and returns the address that was served.
    fn server(response: &'static str) -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut byte = [0];
            // All of it: to close a connection with something unread cuts off the answer.
            while !request.ends_with(b"\r\n\r\n") {
                stream.read_exact(&mut byte).unwrap();
                request.push(byte[0]);
            }
            stream.write_all(response.as_bytes()).unwrap();
        });
        address
    }

    #[test]
    fn a_page_counts_as_served_only_when_the_answer_is_success() {
        assert!(serves_page(server("HTTP/1.1 200 OK\r\n\r\n<html>")));
        assert!(!serves_page(server("HTTP/1.1 404 Not Found\r\n\r\n")));
    }

    #[test]
    fn a_port_in_use_is_refused_and_named() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let error = check_port(port).unwrap_err().to_string();
        assert!(error.contains(&port.to_string()), "{error}");
        assert!(!serves_page(([127, 0, 0, 1], 1).into()));
    }
}
