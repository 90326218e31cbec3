//! Shutting a process in: limits, no network, no other programs, and (where
//! the kernel has Landlock) no files but those named.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr, Scope, path_beneath_rules,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, TargetArch};

use crate::protocol::Limits;

/// Why the sandbox could not be closed. Nothing may be parsed then.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// A resource limit was refused.
    #[error("limit: {0}")]
    Limit(#[from] io::Error),
    /// The system call filter was refused.
    #[error("system call filter: {0}")]
    Filter(String),
    /// Landlock is there but was refused.
    #[error("landlock: {0}")]
    Files(#[from] landlock::RulesetError),
}

/// Shuts the calling process in, for good. To be called before it starts any
/// thread: filters bind the calling thread and those it starts later.
///
/// * memory, processor time, files, file size and core dumps are limited;
/// * sockets, other programs, tracing, mounting, signals to others and the
///   like fail with `EPERM`, new processes too;
/// * with Landlock (Linux 5.13 and later) only `readable` can be read, and
///   only beneath `writable` can files be made; elsewhere this part is absent,
///   and file access is bounded by the account the server runs under.
///
/// # Errors
/// Where the kernel refuses a part other than an absent Landlock.
pub fn enter_sandbox(limits: &Limits, readable: &[&Path], writable: &[&Path]) -> Result<(), SandboxError> {
    limit_resources(limits)?;
    rustix::thread::set_no_new_privs(true).map_err(io::Error::from)?;
    restrict_files(readable, writable)?;
    filter_system_calls(Programs::None)
}

/// As [`enter_sandbox`], for a process that becomes another program right after: it may read what
/// `programs` says of the system and execute what lies in its folders. What it becomes is as shut
/// in as a child: no network, no further processes, no other files.
///
/// # Errors
/// As [`enter_sandbox`].
pub(crate) fn enter_sandbox_for_program(limits: &Limits, program: &ProgramFiles, input: &Path, out_dir: &Path) -> Result<(), SandboxError> {
    limit_resources(limits)?;
    rustix::thread::set_no_new_privs(true).map_err(io::Error::from)?;
    restrict_files_for_program(program, input, out_dir)?;
    filter_system_calls(Programs::OneMore)
}

/// What a program needs of the system to run at all.
#[derive(Debug)]
pub(crate) struct ProgramFiles {
    /// Folders and files it reads.
    pub readable: Vec<PathBuf>,
    /// Where it and its loader lie.
    pub executable: Vec<PathBuf>,
    /// Devices.
    pub devices: Vec<PathBuf>,
}

fn limit_resources(limits: &Limits) -> io::Result<()> {
    let both = |value: u64| Rlimit { current: Some(value), maximum: Some(value) };
    let cpu = limits.cpu.as_secs().max(1);
    // The soft limit's SIGXCPU names the cause; the hard one kills a handler.
    setrlimit(Resource::Cpu, Rlimit { current: Some(cpu), maximum: Some(cpu + 2) })?;
    setrlimit(Resource::Data, both(limits.memory_bytes))?;
    // Shared mappings escape RLIMIT_DATA; libraries alone need room here.
    setrlimit(Resource::As, both(limits.memory_bytes.saturating_add(2 << 30)))?;
    setrlimit(Resource::Nofile, both(limits.open_files))?;
    setrlimit(Resource::Fsize, both(limits.output_bytes))?;
    setrlimit(Resource::Core, both(0))?;
    Ok(())
}

/// What libraries may look at: how many processors there are.
const SYSTEM_FILES: [&str; 2] = ["/sys/devices/system/cpu", "/proc/cpuinfo"];

fn restrict_files(readable: &[&Path], writable: &[&Path]) -> Result<(), SandboxError> {
    let abi = ABI::V5;
    // No device nodes, sockets, pipes or links: what the child leaves behind
    // are plain files and folders.
    let write =
        AccessFs::from_read(abi) | AccessFs::WriteFile | AccessFs::MakeReg | AccessFs::MakeDir | AccessFs::RemoveFile | AccessFs::Truncate;
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(abi))?
        .create()?
        .add_rules(path_beneath_rules(SYSTEM_FILES, read))?
        .add_rules(path_beneath_rules(readable, read))?
        .add_rules(path_beneath_rules(writable, write & !AccessFs::Execute))?
        .restrict_self()?;
    Ok(())
}

fn restrict_files_for_program(program: &ProgramFiles, input: &Path, out_dir: &Path) -> Result<(), SandboxError> {
    let abi = ABI::V6;
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let write = read
        | AccessFs::WriteFile
        | AccessFs::MakeReg
        | AccessFs::MakeDir
        | AccessFs::RemoveFile
        | AccessFs::RemoveDir
        | AccessFs::Refer
        | AccessFs::Truncate;
    Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?
        .add_rules(path_beneath_rules(SYSTEM_FILES, read))?
        .add_rules(path_beneath_rules(&program.readable, read))?
        .add_rules(path_beneath_rules(&program.executable, read | AccessFs::Execute))?
        .add_rules(path_beneath_rules(&program.devices, read | AccessFs::WriteFile))?
        .add_rules(path_beneath_rules([input], read))?
        .add_rules(path_beneath_rules([out_dir], write))?
        .restrict_self()?;
    Ok(())
}

/// Calls that no codec needs and an attacker does.
const DENIED: &[libc::c_long] = &[
    libc::SYS_connect,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_sendmmsg,
    libc::SYS_execveat,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_kill,
    libc::SYS_tkill,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_linkat,
    libc::SYS_symlinkat,
    libc::SYS_mknodat,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_open_by_handle_at,
    libc::SYS_name_to_handle_at,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_kexec_load,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_setuid,
    libc::SYS_setgid,
];

/// Older doors to the same rooms, which newer architectures never had.
#[cfg(target_arch = "x86_64")]
const DENIED_OLD: &[libc::c_long] = &[libc::SYS_fork, libc::SYS_vfork, libc::SYS_link, libc::SYS_symlink, libc::SYS_mknod];
#[cfg(not(target_arch = "x86_64"))]
const DENIED_OLD: &[libc::c_long] = &[];

/// What no codec needs beyond that: sockets, even those that lead nowhere, and other programs.
const DENIED_WITHOUT_PROGRAM: &[libc::c_long] =
    &[libc::SYS_socket, libc::SYS_socketpair, libc::SYS_bind, libc::SYS_listen, libc::SYS_accept, libc::SYS_accept4, libc::SYS_execve];

/// Whether the process may still become another program. It can never start one beside itself.
#[derive(Clone, Copy)]
enum Programs {
    None,
    OneMore,
}

fn filter_system_calls(programs: Programs) -> Result<(), SandboxError> {
    let refused = |error: &dyn std::fmt::Display| SandboxError::Filter(error.to_string());
    let mut denied: BTreeMap<i64, Vec<SeccompRule>> = DENIED.iter().chain(DENIED_OLD).map(|number| (*number, vec![])).collect();
    let when = |argument, operator, value| {
        SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value)
            .and_then(|condition| SeccompRule::new(vec![condition]))
            .map_err(|error| refused(&error))
    };
    match programs {
        Programs::None => denied.extend(DENIED_WITHOUT_PROGRAM.iter().map(|number| (*number, vec![]))),
        // LibreOffice will not start without a socket to be called by. It gets one that is never
        // bound to anything, and is told that it is; `connect` is denied.
        Programs::OneMore => {
            let local = u64::from(libc::AF_UNIX.unsigned_abs());
            denied.insert(libc::SYS_socket, vec![when(0, SeccompCmpOp::Ne, local)?]);
            denied.insert(libc::SYS_socketpair, vec![when(0, SeccompCmpOp::Ne, local)?]);
            install(BTreeMap::from([(libc::SYS_bind, vec![]), (libc::SYS_listen, vec![])]), 0)?;
        }
    }
    let own = u64::from(std::process::id());
    let thread = u64::from(libc::CLONE_THREAD.unsigned_abs());
    // Threads yes, processes no; abort() needs a signal to itself.
    denied.insert(libc::SYS_clone, vec![when(0, SeccompCmpOp::MaskedEq(thread), 0)?]);
    denied.insert(libc::SYS_tgkill, vec![when(0, SeccompCmpOp::Ne, own)?]);
    denied.insert(libc::SYS_prlimit64, vec![when(0, SeccompCmpOp::Ne, 0)?]);
    install(denied, libc::EPERM)?;
    // Its flags lie behind a pointer the filter can't follow; told that it
    // doesn't exist, the C library uses clone instead.
    install(BTreeMap::from([(libc::SYS_clone3, vec![])]), libc::ENOSYS)
}

fn install(calls: BTreeMap<i64, Vec<SeccompRule>>, errno: i32) -> Result<(), SandboxError> {
    let refused = |error: &dyn std::fmt::Display| SandboxError::Filter(error.to_string());
    let arch = TargetArch::try_from(std::env::consts::ARCH).map_err(|error| refused(&error))?;
    let program: BpfProgram = SeccompFilter::new(calls, SeccompAction::Allow, SeccompAction::Errno(errno.unsigned_abs()), arch)
        .and_then(TryInto::try_into)
        .map_err(|error| refused(&error))?;
    seccompiler::apply_filter(&program).map_err(|error| refused(&error))
}
