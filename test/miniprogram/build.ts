/** Component tests read the built files, as WeChat does. */

export { buildMiniprogram as default } from "../../miniprogram/build.ts";
