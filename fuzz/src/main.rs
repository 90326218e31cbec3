//! libFuzzer around one of the targets, named by `FUZZ_TARGET`.
#![no_main]

mod targets;

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use targets::{TARGETS, Target};

static CHOSEN: OnceLock<Target> = OnceLock::new();

fuzz_target!(|bytes: &[u8]| {
    let target = CHOSEN.get_or_init(|| {
        // libFuzzer ends the process inside the panic; what `exchange::fence` catches around parsers that are
        // not ours is no finding. Every other panic still ends it, one frame later.
        std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
        let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
        let found = TARGETS.iter().find(|(own, _)| *own == name);
        found.unwrap_or_else(|| panic!("FUZZ_TARGET is none of {:?}", TARGETS.map(|(name, _)| name))).1
    });
    target(bytes);
});
