import type { Store } from "../../src/core/ports/store.ts";
import { commitCases } from "./conformance/commit-cases.ts";
import { compactionCases } from "./conformance/compaction-cases.ts";
import type { WithStore } from "./conformance/conformance-case.ts";
import { logCases } from "./conformance/log-cases.ts";
import { messageCases } from "./conformance/message-cases.ts";
import { registryCases } from "./conformance/registry-cases.ts";
import { sessionCases } from "./conformance/session-cases.ts";
import { seed } from "./samples.ts";

/** A store under test and the way to let it go. */
export interface OpenedStore extends AsyncDisposable {
  store: Store;
}

/** What every store keeps its word about; `open` makes an empty one. */
export function storeConformance(name: string, open: () => Promise<OpenedStore>): void {
  const withStore: WithStore = (body) => async () => {
    await using opened = await open();
    await seed(opened.store);
    await body(opened.store);
  };
  registryCases(name, withStore);
  sessionCases(name, withStore);
  logCases(name, withStore);
  commitCases(name, withStore);
  compactionCases(name, withStore);
  messageCases(name, withStore);
}
