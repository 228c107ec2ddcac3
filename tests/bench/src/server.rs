//! The server under test: a process of its own on a folder of its own.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::http::{Connection, Result};

/// A running server; killed when dropped.
pub struct Server {
    process: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Starts the binary on `data_dir` with more environment, and waits until it listens.
    pub fn start(binary: &Path, data_dir: &Path, environment: &[(&str, &str)]) -> Result<Self> {
        let address = free_address()?;
        let process = Command::new(binary)
            .args(["serve", "--listen", &address.to_string(), "--data-dir"])
            .arg(data_dir)
            .env("SKEP_LOG__LEVEL", "warn")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| format!("start {}: {error}", binary.display()))?;
        let server = Self { process, address };
        let deadline = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(address).is_err() {
            if Instant::now() > deadline {
                return Err("the server does not listen after 30 s".to_owned());
            }
            std::thread::sleep(Duration::from_micros(500));
        }
        Ok(server)
    }

    /// The memory that is resident, in MB (10^6 bytes).
    pub fn resident_mb(&self) -> Result<f64> {
        let path = format!("/proc/{}/status", self.process.id());
        let status = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .ok_or("no VmRSS")?;
        let kib: f64 = line
            .split_whitespace()
            .nth(1)
            .and_then(|kib| kib.parse().ok())
            .ok_or("no VmRSS")?;
        Ok(kib * 1_024.0 / 1e6)
    }

    /// The processor time that it has used so far and the part of it that its writer used, in milliseconds.
    pub fn processor_ms(&self) -> Result<(f64, f64)> {
        let tasks = format!("/proc/{}/task", self.process.id());
        let (mut all, mut writer) = (0.0, 0.0);
        for task in std::fs::read_dir(&tasks).map_err(|error| format!("{tasks}: {error}"))? {
            let task = task.map_err(|error| error.to_string())?.path();
            // A thread can end meanwhile.
            let (Ok(name), Ok(times)) = (
                std::fs::read_to_string(task.join("comm")),
                std::fs::read_to_string(task.join("schedstat")),
            ) else {
                continue;
            };
            let first = times.split_whitespace().next().ok_or("no schedstat")?;
            let ms = first.parse::<f64>().map_err(|error| error.to_string())? / 1e6;
            all += ms;
            if name.trim() == "storage-writer" {
                writer += ms;
            }
        }
        Ok((all, writer))
    }

    pub fn connect(&self, authorization: &str) -> Result<Connection> {
        Connection::open(self.address, authorization)
    }

    /// Asks the server to stop and waits for it.
    pub fn stop(mut self) -> Result<()> {
        let id = self.process.id().to_string();
        Command::new("kill")
            .arg(&id)
            .status()
            .map_err(|error| error.to_string())?;
        self.process.wait().map_err(|error| error.to_string())?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn free_address() -> Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .map_err(|error| format!("no free port: {error}"))
}
