use scraper::Node;

/// LaTeX of a `<math>` element, or its letters where it cannot be told.
///
/// Editors write the LaTeX they started from as an annotation; that is the author's own and comes first.
pub(crate) fn from_mathml_tree(node: ego_tree::NodeRef<'_, Node>) -> Result<String, String> {
    let letters = |node: ego_tree::NodeRef<'_, Node>| -> String {
        node.descendants().filter_map(|below| below.value().as_text().map(|text| &**text)).collect()
    };
    let annotation = node.descendants().find(|below| {
        below.value().as_element().is_some_and(|element| {
            element.name() == "annotation" && element.attr("encoding").is_some_and(|kind| kind.eq_ignore_ascii_case("application/x-tex"))
        })
    });
    match annotation {
        Some(annotation) => Ok(letters(annotation).trim().to_owned()),
        None => Err(letters(node).split_whitespace().collect::<Vec<_>>().join(" ")),
    }
}
