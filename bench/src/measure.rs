//! What a process has cost so far, read from outside it.

use nix::{sys::time::TimeValLike as _, time::ClockId, unistd::Pid};
use std::{io, time::Duration};

/// The CPU time a running process has used, all its threads together, those that ended included.
/// The kernel's own clock of that process: nanoseconds, where `/proc/PID/stat` counts hundredths of a second.
///
/// # Errors
/// When there is no such process.
pub fn cpu(process: u32) -> io::Result<Duration> {
    let pid = Pid::from_raw(i32::try_from(process).map_err(io::Error::other)?);
    let spent = ClockId::pid_cpu_clock_id(pid)?.now()?;
    Ok(Duration::from_nanos(
        u64::try_from(spent.num_nanoseconds()).unwrap_or(0),
    ))
}

/// The most memory a running process has held resident so far, in MiB.
///
/// # Errors
/// When there is no such process, or the kernel does not tell.
pub fn peak_mib(process: u32) -> io::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let kib = peak_kib(&status).ok_or_else(|| io::Error::other("no VmHWM in the status file"))?;
    Ok(f64::from(kib) / 1024.0)
}

fn peak_kib(status: &str) -> Option<u32> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_shows_as_cpu_time() {
        let me = std::process::id();
        let before = cpu(me).unwrap();
        let mut sum = 0_u64;
        while cpu(me).unwrap() == before {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        assert!(cpu(me).unwrap() > before);
        assert!(peak_mib(me).unwrap() > 1.0);
    }

    #[test]
    fn the_peak_is_read_in_kib() {
        let status = "VmPeak:\t  999 kB\nVmHWM:\t   2048 kB\nVmRSS:\t 1 kB\n";
        assert_eq!(peak_kib(status), Some(2048));
        assert_eq!(peak_kib("VmRSS:\t 1 kB\n"), None);
    }
}
