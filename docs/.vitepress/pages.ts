/** Which of the repository's Markdown files are pages of the site, and where. */

/** Address by file: both from the root, as VitePress's `rewrites` wants them. All of docs/ keeps its place, without "docs". */
export const moved: Readonly<Record<string, string>> = {
  "README.md": "readme.md",
  "CHANGELOG.md": "changelog.md",
  "SECURITY.md": "reporting.md",
  "examples/README.md": "examples.md",
  "miniprogram/doc/README.md": "mini-program.md",
  "webar/README.md": "webar.md",
  "worker/index/FORMAT.md": "format.md",
};

/** What is not for readers of the site. */
export const excluded = ["test/**", "worker/core/**", "coverage/**"];

/** The page that a file of the repository is shown as; undefined where it is none. */
export function pageOf(file: string): string | undefined {
  return moved[file] ?? file.match(/^docs\/(.+\.md)$/)?.[1];
}
