import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "./temp-dir.ts";
import type { TraceLine } from "./trace-file.ts";

type Hook = (input: unknown, output?: unknown) => Promise<void>;

/** What ao's plugin spools for a recording of opencode's raw bus events and plugin hooks: the real plugin runs. */
export async function throughPlugin(lines: readonly TraceLine[]): Promise<TraceLine[]> {
  using spool = tempDir();
  const before = { ...process.env };
  Object.assign(process.env, { AO_SPOOL: spool.path, AO_LAUNCH_ID: "l1" });
  try {
    return await runPlugin(lines, spool.path);
  } finally {
    process.env = before;
  }
}

async function runPlugin(lines: readonly TraceLine[], spool: string): Promise<TraceLine[]> {
  const { AoPlugin } = await loadPlugin();
  const plugin = await AoPlugin({ directory: "/bench" });
  const spooled = takeSpooled(spool, lines[0]?.ts_ns ?? 0);
  for (const line of lines) {
    await feed(plugin, line);
    spooled.push(...takeSpooled(spool, line.ts_ns));
  }
  if (!lines.some((line) => line.event === "hook:dispose")) await plugin.dispose?.({});
  return spooled;
}

/** Plain JavaScript that runs inside opencode: it has no types of its own. */
function loadPlugin(): Promise<{ AoPlugin(input: unknown): Promise<Record<string, Hook>> }> {
  return import(new URL("../../src/harness/assets/opencode-plugin.js", import.meta.url).href);
}

async function feed(plugin: Record<string, Hook>, { event, payload }: TraceLine): Promise<void> {
  const [kind, name = ""] = event.split(/:(.*)/s);
  if (kind === "event") await plugin.event?.({ event: { type: name, properties: payload } });
  if (kind === "hook") await plugin[name]?.(payload.input ?? payload, payload.output);
}

function takeSpooled(spool: string, ts_ns: number): TraceLine[] {
  const number = (name: string) => Number(/-(\d+)\./.exec(name)?.[1]);
  const names = readdirSync(spool).sort((a, b) => number(a) - number(b));
  return names.map((name) => {
    const file = join(spool, name);
    const payload = JSON.parse(readFileSync(file, "utf8"));
    rmSync(file);
    return { event: name.replace(/^[^.]*\.\d+-\d+\./, ""), ts_ns, payload };
  });
}
