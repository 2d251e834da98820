/**
 * What the isolates of a workerd hold, read through V8's inspector (Chrome DevTools Protocol). Local workerd has no limit of
 * 128 MB that would make an isolate collect its garbage in time, so it is collected first: what is left is held.
 */

/** Of one isolate after a collection, bytes. */
export interface Held {
  /** Objects, and what they hold outside of the heap: buffers and the runtime's own parts. */
  readonly heap: number;
  /** WebAssembly memories, at the size to which they grew. */
  readonly wasm: number;
}

interface HeapUsage {
  readonly usedSize: number;
  readonly embedderHeapUsedSize: number;
  readonly backingStorageSize: number;
}

const ANSWERS_WITHIN_MS = 120_000;

/** Collects the garbage of all isolates, one after the other; what each holds, by name: the Worker's is core:user:lookmark. */
export async function collectIsolates(inspectorPort: number): Promise<ReadonlyMap<string, Held>> {
  const response = await fetch(`http://127.0.0.1:${inspectorPort}/json`);
  const isolates = (await response.json()) as { id: string; webSocketDebuggerUrl: string }[];
  const held = new Map<string, Held>();
  for (const { id, webSocketDebuggerUrl } of isolates) held.set(id, await collect(webSocketDebuggerUrl));
  return held;
}

async function collect(address: string): Promise<Held> {
  const inspector = await Inspector.open(address);
  try {
    await inspector.call("Runtime.enable");
    const contextId = inspector.context;
    const expression = "WebAssembly.Memory.prototype";
    const memory = await inspector.call<Named<"result">>("Runtime.evaluate", { contextId, expression });
    // To find all objects of a kind, V8 collects the others first.
    const prototypeObjectId = memory.result.objectId;
    const memories = await inspector.call<Named<"objects">>("Runtime.queryObjects", { prototypeObjectId });
    const sum = await inspector.call<{ result: { value: number } }>("Runtime.callFunctionOn", {
      objectId: memories.objects.objectId,
      functionDeclaration: "function () { return this.reduce((sum, { buffer }) => sum + buffer.byteLength, 0) }",
      returnByValue: true,
    });
    await inspector.call("Runtime.releaseObjectGroup", { objectGroup: "" });
    const usage = await inspector.call<HeapUsage>("Runtime.getHeapUsage");
    return {
      heap: usage.usedSize + usage.embedderHeapUsedSize + usage.backingStorageSize,
      wasm: sum.result.value,
    };
  } finally {
    inspector.close();
  }
}

type Named<Name extends string> = Record<Name, { readonly objectId: string }>;

class Inspector {
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (answer: unknown) => void>();
  #last = 0;
  context: number | undefined;

  static async open(address: string): Promise<Inspector> {
    const socket = new WebSocket(address);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error(`${address} cannot be opened`));
    });
    return new Inspector(socket);
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const { id, method, params, result, error } = JSON.parse(String(data));
      if (method === "Runtime.executionContextCreated") this.context = params.context.id;
      this.#answers.get(id)?.(result ?? Promise.reject(new Error(JSON.stringify(error))));
    };
  }

  call<T>(method: string, params: object = {}): Promise<T> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${method} got no answer`)), ANSWERS_WITHIN_MS);
      this.#answers.set(id, (answer) => {
        clearTimeout(late);
        resolve(answer as T);
      });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  close(): void {
    this.#socket.close();
  }
}
