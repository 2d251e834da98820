/** What Vite makes of a picture that is imported with "?inline": workerd has no files to read it from. */

declare module "*?inline" {
  const dataUrl: string;
  export default dataUrl;
}
