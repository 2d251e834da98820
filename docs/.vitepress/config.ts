/** `npm run docs`: the repository's Markdown as a site in docs/dist, in English and Chinese, with search. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DefaultTheme, defineConfig } from "vitepress";
import { checkBuilt, linkFiles } from "./links.ts";
import { excluded, moved } from "./pages.ts";

const english: DefaultTheme.Config = {
  nav: [
    { text: "Quick start", link: "/quick-start" },
    { text: "Good pictures", link: "/good-pictures" },
    { text: "API", link: "/api/reference" },
    { text: "Questions", link: "/faq" },
  ],
  sidebar: [
    {
      text: "Begin",
      items: [
        { text: "Quick start", link: "/quick-start" },
        { text: "Good pictures", link: "/good-pictures" },
        { text: "Questions and answers", link: "/faq" },
      ],
    },
    {
      text: "Use",
      items: [
        { text: "The console", link: "/console" },
        { text: "Mini-program", link: "/mini-program" },
        { text: "Web pages", link: "/webar" },
        { text: "Examples in five languages", link: "/examples" },
        { text: "The command line", link: "/readme#the-command-line" },
      ],
    },
    {
      text: "API",
      items: [
        { text: "By example", link: "/readme#the-api-by-example" },
        { text: "Reference", link: "/api/reference" },
        { text: "Return codes", link: "/readme#return-codes" },
      ],
    },
    {
      text: "Run it",
      items: [
        { text: "Operations", link: "/operations" },
        { text: "Security", link: "/security" },
        { text: "Reliability", link: "/reliability" },
      ],
    },
    {
      text: "Measured",
      items: [
        { text: "Benchmark", link: "/benchmark" },
        { text: "Scale", link: "/scale" },
      ],
    },
    {
      text: "The project",
      items: [
        { text: "All on one page", link: "/readme" },
        { text: "Format of the index", link: "/format" },
        { text: "Changes", link: "/changelog" },
        { text: "Reporting holes", link: "/reporting" },
      ],
    },
  ],
  footer: { message: "MIT license. The sample pictures are CC0." },
  outline: [2, 3],
  // Of its own, since it goes to the browser as text.
  i18nRouting: ({ page }) => {
    const { relativePath } = page.value;
    const isInChinese = ["quick-start.md", "good-pictures.md", "faq.md", "console.md"].includes(relativePath);
    return isInChinese ? `/zh/${relativePath.replace(".md", ".html")}` : "/zh/";
  },
};

const chinese: DefaultTheme.Config = {
  nav: [
    { text: "快速上手", link: "/zh/quick-start" },
    { text: "好图片", link: "/zh/good-pictures" },
    { text: "接口", link: "/api/reference" },
    { text: "常见问题", link: "/zh/faq" },
  ],
  sidebar: [
    {
      text: "入门",
      items: [
        { text: "快速上手", link: "/zh/quick-start" },
        { text: "怎样的图片好识别", link: "/zh/good-pictures" },
        { text: "常见问题", link: "/zh/faq" },
      ],
    },
    {
      text: "使用",
      items: [
        { text: "控制台", link: "/zh/console" },
        { text: "小程序组件", link: "/mini-program#中文" },
      ],
    },
    {
      text: "英文文档",
      items: [
        { text: "网页（WebAR）", link: "/webar" },
        { text: "接口示例", link: "/readme#the-api-by-example" },
        { text: "接口参考", link: "/api/reference" },
        { text: "部署与运维", link: "/operations" },
        { text: "安全", link: "/security" },
        { text: "基准测试", link: "/benchmark" },
        { text: "规模", link: "/scale" },
      ],
    },
  ],
  footer: { message: "MIT 许可证。示例图片为 CC0。" },
  outline: { level: [2, 3], label: "本页内容" },
  docFooter: { prev: "上一页", next: "下一页" },
  darkModeSwitchLabel: "深浅色",
  sidebarMenuLabel: "目录",
  returnToTopLabel: "回到顶部",
  langMenuLabel: "语言",
  notFound: {
    title: "没有这一页",
    quote: "地址可能已经改变。",
    linkText: "回到首页",
  },
};

/** Chinese has no spaces between words. Goes to the browser as text, and so stands alone. */
function words(text: string): string[] {
  const segments = [...new Intl.Segmenter("zh", { granularity: "word" }).segment(text)];
  return segments.filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment);
}

export default defineConfig({
  title: "Lookmark",
  description: "Open-source image recognition for AR: which picture is it, and where in the frame?",
  srcDir: "..",
  srcExclude: excluded,
  rewrites: { ...moved, "docs/:page": ":page", "docs/:folder/:page": ":folder/:page" },
  outDir: "dist",
  cacheDir: "../node_modules/.cache/vitepress",
  cleanUrls: false,
  head: [["link", { rel: "icon", href: "/favicon.svg", type: "image/svg+xml" }]],
  markdown: { config: linkFiles },
  vite: { publicDir: "worker/site/public" },
  locales: {
    root: { label: "English", lang: "en", themeConfig: english },
    zh: { label: "中文", lang: "zh-CN", description: "开源 AR 图像识别", themeConfig: chinese },
  },
  themeConfig: {
    logo: "/favicon.svg",
    search: { provider: "local", options: { miniSearch: { options: { tokenize: words } } } },
  },
  buildEnd: ({ outDir }) => {
    const names = readdirSync(outDir, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".html"));
    checkBuilt(outDir, new Map(names.map((name) => [name, readFileSync(join(outDir, name), "utf8")])));
  },
});
