//! The child alone, so that this crate's tests can spawn it without the whole product. In production
//! it is `lopmo media-child`.

/// As the product's: what an allocator reserves counts towards the child's limits.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    std::process::exit(media::child_main(&[
        (content::processing::TEXT_HANDLER, content::processing::extract_text_in_child),
        (questions::imports::reading::PAPER_HANDLER, questions::imports::reading::read_paper_in_child),
    ]));
}
