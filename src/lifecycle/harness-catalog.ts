import { AoError } from "../core/errors.ts";
import type { Harness, Harnesses } from "../core/ports/harnesses.ts";
import type { HarnessFile, OwnHarnesses } from "../core/ports/own-harnesses.ts";
import type { Store } from "../core/ports/store.ts";
import { initialFacts } from "../core/reducer/initial-facts.ts";
import { reduce } from "../core/reducer/reduce.ts";
import type { Signal } from "../core/signal.ts";
import type { HarnessCatalog, HarnessView } from "./api.ts";

/** What ao knows of agents: the registry, the user's own files, and rows of harnesses an older ao knew. */
export function createHarnessCatalog(deps: {
  harnesses: Harnesses;
  ownHarnesses: OwnHarnesses;
  store: Pick<Store, "listHarnesses" | "syncHarnesses">;
  env: Readonly<Record<string, string>>;
}): HarnessCatalog {
  const { harnesses, ownHarnesses, store, env } = deps;
  const viewOf = async (harness: Harness, file?: HarnessFile): Promise<HarnessView> => ({
    id: harness.id,
    displayName: harness.displayName,
    supported: true,
    harness,
    located: await harness.locate(env),
    file,
  });
  /** A file that was trusted is shown as what runs, one that never was by its name alone. */
  const viewFile = async (file: HarnessFile): Promise<HarnessView> => {
    const harness = harnesses.find(file.id);
    return harness ? viewOf(harness, file) : { ...file, supported: false, file };
  };
  const get = async (id: string): Promise<HarnessView> => {
    const file = await ownHarnesses.find(id);
    if (file) return viewFile(file);
    const harness = harnesses.find(id);
    if (harness) return viewOf(harness);
    const row = (await store.listHarnesses()).find((known) => known.id === id);
    if (!row) throw new AoError("HARNESS_NOT_FOUND", { harness: id });
    return { ...row, supported: false };
  };
  return {
    async list() {
      const rows = await store.listHarnesses();
      const files = await ownHarnesses.list();
      const ids = new Set([...rows, ...files].map(({ id }) => id));
      return Promise.all([...ids].map(get));
    },
    get,
    async check(text, id) {
      const { harness, ...judged } = await ownHarnesses.check(text, id);
      return { view: harness && (await viewOf(harness)), ...judged };
    },
    async trust(id, digest) {
      await ownHarnesses.trust(id, digest);
      await store.syncHarnesses(
        harnesses.list().map((known) => ({ id: known.id, displayName: known.displayName })),
      );
      return get(id);
    },
    distrust: (id) => ownHarnesses.distrust(id),
    async derive({ harness: id, event, payload }) {
      const harness = harnesses.get(id);
      const fields = harness.extract(event, payload);
      const meaning = harness.interpret(event, fields);
      const decided = reduce(
        idleFacts(harness),
        { signal: dryRun(harness, event, fields), meaning: meaning ?? "receipt" },
        2,
        harness.traits,
      );
      const { state } = decided.facts.activity;
      return { meaning, fields, state, rule: decided.rule, reason: decided.reason };
    },
    async readScreen({ harness: id, file, screen }) {
      if (file === "") return { explanation: harnesses.get(id).explainScreen(screen), problems: [] };
      const { harness, problems } = await ownHarnesses.check(file, id);
      return { explanation: harness?.explainScreen(screen), problems };
    },
  };
}

const LAUNCH = "dry-run";

function idleFacts(harness: Harness) {
  const started = { launchId: LAUNCH, launchTime: 0, promptPending: false, headless: false };
  const running: Signal = {
    ...dryRun(harness, "process_started", { pid: 1 }),
    id: "started",
    observedTime: 0,
    kind: "process",
  };
  return reduce(initialFacts(started), { signal: running, meaning: "process_started" }, 1, harness.traits)
    .facts;
}

function dryRun(harness: Harness, event: string, fields: Signal["fields"]): Signal {
  return {
    id: "dry-run",
    launchId: LAUNCH,
    seq: 1,
    observedTime: 1,
    kind: "hook",
    harness: harness.id,
    event,
    fields,
  };
}
