/**
 * Pasted HTML with the heading levels a lesson has: the page's own title is the only first level,
 * so Word's "Heading 1" becomes a section. All other cleaning is the schema's.
 */
export const withLessonHeadings = (html: string): string =>
  html.replace(/<(\/?)h1\b/gi, "<$1h2").replace(/<(\/?)h[56]\b/gi, "<$1h4");
