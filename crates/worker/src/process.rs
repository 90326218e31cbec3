//! Which processes hold leases. A lease protects the work of a process that may only be slow; when the
//! process is known to be dead (its machine says so), what it was at is taken over at once instead
//! of after the lease. Of a process on another machine, or in another container, nothing is known: its
//! leases run out.

use std::fs;

use db::{DbError, Env, sql};
use rustix::io::Errno;
use rustix::process::{Pid, getpid, test_kill_process};
use uuid::Uuid;

/// Rows of processes that nobody has heard of for so long say nothing any more.
const FORGOTTEN: std::time::Duration = std::time::Duration::from_secs(7 * 24 * 3600);

/// A process, told apart from every other that ever ran on its machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// The machine since it was started, and the namespace the process's number is of.
    pub host: String,
    /// Its number there.
    pub pid: i32,
    /// When it began, in clock ticks since the machine was started: numbers are used again.
    pub started: i64,
}

impl Process {
    /// This process; `None` where the system does not tell.
    pub fn own() -> Option<Self> {
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        let namespace = fs::read_link("/proc/self/ns/pid").ok()?;
        let pid = getpid();
        let (_, started) = stat(pid)?;
        Some(Self { host: format!("{} {}", boot.trim(), namespace.display()), pid: pid.as_raw_nonzero().get(), started })
    }

    /// Whether it has surely ended. Only asked of processes of this host.
    pub fn is_dead(&self) -> bool {
        let Some(pid) = Pid::from_raw(self.pid) else { return true };
        if test_kill_process(pid) == Err(Errno::SRCH) {
            return true;
        }
        // It is there, or another of the same number. What cannot be looked at may be alive.
        stat(pid).is_some_and(|(state, started)| started != self.started || matches!(state, 'Z' | 'X'))
    }
}

/// State and start of a process: the third and the twenty-second field of its `stat` (proc(5)). The
/// second is its name, which may hold anything.
fn stat(pid: Pid) -> Option<(char, i64)> {
    let text = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
    let (_, rest) = text.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    let state = fields.next()?.chars().next()?;
    Some((state, fields.nth(18)?.parse().ok()?))
}

/// Names the process whose leases a worker holds; again from time to time, as a sign of life.
pub(crate) async fn enter(env: &Env, worker: Uuid) -> Result<(), DbError> {
    let Some(own) = Process::own() else { return Ok(()) };
    let now = env.now();
    let mut tx = env.db.write().await?;
    sql!(
        "INSERT INTO worker_process (id, host, pid, started, seen_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at"
    )
    .bind(worker)
    .bind(&own.host)
    .bind(own.pid)
    .bind(own.started)
    .bind(now)
    .execute(&mut tx)
    .await?;
    sql!("DELETE FROM worker_process WHERE seen_at < $1").bind(now.minus(FORGOTTEN)).execute(&mut tx).await?;
    tx.commit().await
}

/// The worker has ended in good order.
pub(crate) async fn leave(env: &Env, worker: Uuid) -> Result<(), DbError> {
    let mut tx = env.db.write().await?;
    sql!("DELETE FROM worker_process WHERE id = $1").bind(worker).execute(&mut tx).await?;
    tx.commit().await
}

/// Ends the leases of processes of this machine that are dead. Tells how many jobs can be taken over.
pub(crate) async fn free_leases_of_the_dead(env: &Env) -> Result<u64, DbError> {
    let Some(own) = Process::own() else { return Ok(0) };
    let mut tx = env.db.read().await?;
    let others: Vec<(Uuid, i64, i64)> = sql!("SELECT id, pid, started FROM worker_process WHERE host = $1 ORDER BY seen_at LIMIT 1000")
        .bind(&own.host)
        .fetch_all(&mut tx)
        .await?;
    drop(tx);
    let mut freed = 0;
    for (id, pid, started) in others {
        let process = Process { host: own.host.clone(), pid: i32::try_from(pid).unwrap_or(0), started };
        if !process.is_dead() {
            continue;
        }
        let mut tx = env.db.write().await?;
        let jobs = sql!("UPDATE job SET lease_until = 0 WHERE lease_owner = $1 AND state = 'running'").bind(id).execute(&mut tx).await?;
        sql!("DELETE FROM worker_process WHERE id = $1").bind(id).execute(&mut tx).await?;
        tx.commit().await?;
        if jobs > 0 {
            tracing::warn!(pid, jobs, "a worker of this machine died; what it was at is taken over");
        }
        freed += jobs;
    }
    Ok(freed)
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    fn of(pid: u32) -> Option<Process> {
        let pid = i32::try_from(pid).ok()?;
        let (_, started) = stat(Pid::from_raw(pid)?)?;
        Some(Process { host: String::new(), pid, started })
    }

    #[test]
    fn a_process_is_alive_until_it_ends_and_another_of_its_number_is_not_it() {
        let own = Process::own().expect("Linux tells");
        assert!(!own.is_dead());
        assert!(Process { started: own.started + 1, ..own.clone() }.is_dead(), "the number was used again");
        assert!(!Process { pid: 1, ..of(1).unwrap_or(own) }.is_dead(), "a process of somebody else");

        let mut child = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("cat");
        let process = of(child.id()).expect("it runs");
        assert!(!process.is_dead());
        child.kill().expect("it can be killed");
        // Ended, and not yet taken off the list by whoever started it.
        while stat(Pid::from_raw(process.pid).expect("a number")).is_some_and(|(state, _)| state != 'Z') {
            std::thread::yield_now();
        }
        assert!(process.is_dead());
        child.wait().expect("it has ended");
        assert!(process.is_dead());
    }
}
