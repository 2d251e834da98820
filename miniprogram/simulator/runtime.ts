/** Boots a built page on WeChat's own glass-easel: built-in components on HTML elements, code spaces, events of the DOM. */

import * as adapter from "glass-easel-miniprogram-adapter";
import { openCamera, showFile } from "./camera.ts";
import { setCamera, wx } from "./wx.ts";

// The adapter's types describe what it exports to bundlers; the simulator needs little of it.
const { glassEasel, MiniProgramEnv } = adapter as unknown as { glassEasel: Loose; MiniProgramEnv: new () => Loose };
// biome-ignore lint/suspicious/noExplicitAny: the adapter's own objects, untyped in the parts used here
type Loose = any;

/** What the build writes for each code space: its files, as functions and compiled templates. */
export interface Space {
  readonly id: string;
  readonly publicComponents: Readonly<Record<string, string>>;
  readonly components: Readonly<Record<string, { json: object; template: object; style: string; scope: string }>>;
  readonly modules: Readonly<Record<string, Module>>;
}

type Module = (
  require: (path: string) => unknown,
  module: { exports: unknown },
  exports: unknown,
  Component: unknown,
) => void;

const builtins: Record<string, Loose> = {};

/** Opens the page that the address names, `?page=overlay`. */
export function boot(templates: Readonly<Record<string, object>>, spaces: readonly Space[]): void {
  Object.assign(globalThis, { wx });
  const env = new MiniProgramEnv();
  defineBuiltins(env, templates);
  const made = spaces.map((space) => createSpace(env, space));
  const page = made[made.length - 1];
  const backend = env.associateBackend(domBackend());
  for (const { components } of spaces) {
    for (const { scope, style } of Object.values(components)) {
      backend.registerStyleSheetContent(scope, "");
      addStyle(style);
    }
  }
  const root = backend.createRoot("page", page, wx.simulator.page);
  const holder = document.createElement("span");
  document.getElementById("phone")?.append(holder);
  root.attach(document.getElementById("phone"), holder);
  wirePanel(root.getComponent());
}

/** The backend adds styles of what the first view has; components that come later, as what is found does, would have none. */
function addStyle(style: string): void {
  document.head.append(Object.assign(document.createElement("style"), { textContent: style }));
}

function domBackend(): Loose {
  const backend = new glassEasel.CurrentWindowBackendContext();
  backend.onEvent((target: Loose, type: string, detail: unknown, options: object) => {
    const event = new glassEasel.Event(type, detail, options);
    glassEasel.Event.dispatchEvent(target, event);
    return event.getEventBubbleStatus();
  });
  return backend;
}

function wirePanel(component: Loose): void {
  const on = (id: string, act: () => void) => document.getElementById(id)?.addEventListener("click", act);
  on("again", () => wx.simulator.api?.scanAgain());
  document.getElementById("own")?.addEventListener("change", ({ target }) => {
    const [file] = (target as HTMLInputElement).files ?? [];
    if (!file) return;
    showFile(file);
    wx.simulator.api?.stop();
    wx.simulator.api?.start();
  });
  on("hide", () => component.triggerPageLifetime("hide", []));
  on("show", () => component.triggerPageLifetime("show", []));
  const source = document.getElementById("source") as HTMLSelectElement;
  source.value = wx.simulator.options.source;
  source.addEventListener("change", () => location.assign(`?source=${source.value}`));
  component.triggerPageLifetime("show", []);
}

function createSpace(env: Loose, { id, publicComponents, components, modules }: Space): Loose {
  const space = env.createCodeSpace(id, id === "", publicComponents);
  for (const name of Object.keys(builtins)) space.getComponentSpace().setGlobalUsingComponent(name, builtins[name]);
  if (id === "") space.importCodeSpace("plugin", "lookmark");
  const loaded = new Map<string, { exports: unknown }>();
  const load = (path: string): unknown => {
    const known = loaded.get(path);
    if (known) return known.exports;
    const module = { exports: {} };
    loaded.set(path, module);
    const folder = `${path.split("/").slice(0, -1).join("/")}/`;
    const require = (relative: string) => load(new URL(relative, `http://space/${folder}`).pathname.slice(1));
    modules[path]?.(require, module, module.exports, wrapped((globalThis as Loose).Component));
    return module.exports;
  };
  for (const [path, { json, template, scope }] of Object.entries(components)) {
    space.addStyleSheet(path, scope, scope);
    space.addComponentStaticConfig(path, json);
    space.addCompiledTemplate(path, template);
    space.globalComponentEnv(globalThis, path, () => load(`${path}.js`));
  }
  return space;
}

/** The adapter knows `export` by itself, and no behaviors of WeChat's. */
function wrapped(component: Loose): Loose {
  return (definition: Loose) => {
    const behaviors = (definition.behaviors ?? []).filter((behavior: unknown) => typeof behavior !== "string");
    const lifetimes = {
      ...definition.lifetimes,
      attached(this: Loose) {
        this.createSelectorQuery = withNodes(this);
        definition.lifetimes?.attached?.call(this);
      },
    };
    return component({ ...definition, behaviors, lifetimes });
  };
}

function defineBuiltins(env: Loose, templates: Readonly<Record<string, object>>): void {
  const space = env.getGlobalCodeSpace();
  for (const [name, template] of Object.entries(templates)) {
    space.addCompiledTemplate(`builtin/${name}`, template);
    const made = space.componentEnv(`builtin/${name}`, (component: Loose) =>
      component.Component(definitions[name] ?? {}),
    );
    builtins[`wx-${name}`] = made._$;
  }
}

const media = { properties: { src: String, mode: String } };
const definitions: Readonly<Record<string, object>> = {
  image: media,
  video: media,
  canvas: {
    properties: { type: String },
    lifetimes: {
      attached(this: Loose) {
        const canvas = document.createElement("canvas");
        canvas.style.cssText = "width:100%;height:100%";
        this._$.$$.append(canvas);
      },
    },
  },
  camera: {
    properties: {
      resolution: { type: String, value: "medium" },
      devicePosition: { type: String, value: "back" },
      flash: { type: String, value: "auto" },
      frameSize: { type: String, value: "medium" },
    },
    lifetimes: {
      attached(this: Loose) {
        this.closed = false;
        void startCamera(this);
      },
      detached(this: Loose) {
        this.closed = true;
        this.camera?.close();
        setCamera(undefined);
      },
    },
  },
};

async function startCamera(element: Loose): Promise<void> {
  try {
    const camera = await openCamera(element.data.devicePosition === "front" ? "user" : "environment");
    if (element.closed) return camera.close();
    element.camera = camera;
    const { resolution, devicePosition, flash } = element.data;
    Object.assign(camera.video.dataset, { resolution, devicePosition, flash }); // shown, as a browser has no such settings
    element._$.$$.append(camera.video);
    setCamera({ video: camera.video, frameSize: () => element.data.frameSize });
    element.triggerEvent("initdone", { maxZoom: 1 });
  } catch (error) {
    const denied = error instanceof DOMException && error.name === "NotAllowedError";
    element.triggerEvent("error", { errMsg: `insertCamera:fail ${denied ? "auth deny" : String(error)}` });
  }
}

/** The adapter's queries know no nodes. */
function withNodes(component: Loose): () => Loose {
  const create = component.createSelectorQuery.bind(component);
  return () => {
    const query = create();
    const select = query.select.bind(query);
    const nodeOf = (selector: string) => component._$.getShadowRoot().querySelector(selector)?.$$.firstElementChild;
    query.select = (selector: string) => ({
      boundingClientRect: (take: object) => select(selector).boundingClientRect(take),
      fields: (_: object, take: (found: object) => void) => ({
        exec: () => setTimeout(() => take({ node: nodeOf(selector) })),
      }),
    });
    return query;
  };
}
