//! What the C library's allocator does with memory nobody uses any more. Here because only this crate
//! may call into C.
#![allow(unsafe_code, reason = "mallopt is a C function")]

/// From this size on a block is given back to the system at once when it is freed. Left alone glibc
/// raises the size to that of the largest block freed, which a hashed password (19 MB) makes 32 MB:
/// from then on each thread that hashed one kept its 19 MB.
const GIVEN_BACK_BYTES: libc::c_int = 1 << 20;
/// Heaps that threads share. Each keeps its own leavings, and glibc would make eight a processor.
const HEAPS: libc::c_int = 4;

/// Makes this process small again after work. To be called before there are threads; without effect
/// where the C library is not glibc.
pub fn give_back_early() {
    #[cfg(target_env = "gnu")]
    // SAFETY: mallopt takes plain numbers and changes only the allocator's own settings.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, GIVEN_BACK_BYTES);
        libc::mallopt(libc::M_TRIM_THRESHOLD, GIVEN_BACK_BYTES);
        libc::mallopt(libc::M_ARENA_MAX, HEAPS);
    }
}
