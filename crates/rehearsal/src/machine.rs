//! What this machine and this process use.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Processor time so far, in ticks of a hundredth of a second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Machine {
    busy: u64,
    all: u64,
    own: u64,
}

/// Shares of a machine, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Used {
    pub busy: f64,
    pub own: f64,
}

impl Machine {
    /// As it is; zero where the system does not tell.
    pub fn now() -> Self {
        let stat = std::fs::read_to_string("/proc/stat").unwrap_or_default();
        let (busy, all) = of_stat(&stat);
        Self { busy, all, own: ticks_of(std::process::id()) }
    }

    pub(crate) fn since(&self, before: &Self) -> Used {
        let all = self.all.saturating_sub(before.all).max(1) as f64;
        let share = |now: u64, then: u64| (now.saturating_sub(then) as f64 / all * 1000.0).round() / 1000.0;
        Used { busy: share(self.busy, before.busy), own: share(self.own, before.own) }
    }
}

/// Ticks of all processors: busy, and all. `iowait` is not busy, `guest` is part of `user`.
fn of_stat(stat: &str) -> (u64, u64) {
    let numbers: Vec<u64> =
        stat.lines().next().unwrap_or_default().split_whitespace().skip(1).take(8).map(|number| number.parse().unwrap_or(0)).collect();
    let all: u64 = numbers.iter().sum();
    let idle: u64 = numbers.iter().skip(3).take(2).sum();
    (all - idle, all)
}

/// Processor time of a process so far, in hundredths of a second.
pub fn ticks_of(process: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name before it may hold spaces and brackets.
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    after.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
}

/// Every pupil takes a connection, and connections are files: as many as the system lets this process have.
/// Tells how many.
pub fn raise_file_limit() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_for_the_disk_is_not_busy() {
        let stat = "cpu  100 0 50 800 50 0 0 0 30 0\ncpu0 1 2 3 4 5 6 7 8 9 10\n";
        assert_eq!(of_stat(stat), (150, 1000));
    }
}
