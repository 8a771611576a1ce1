import { HarnessServiceDefinition } from "../../gen/ao/v1/harness_service.ts";
import type { HarnessProblem } from "../core/ports/own-harnesses.ts";
import type { ActivityState } from "../core/session.ts";
import type { SignalFields } from "../core/signal.ts";
import { type HarnessInfo, harnessFromProto } from "../wire/harness.ts";
import { type ScreenRead, screenFromProto } from "../wire/screen.ts";
import { activityStates } from "../wire/session-words.ts";
import { fieldsFromProto } from "../wire/signal.ts";
import type { Connection } from "./connection.ts";
import { DEADLINE_MS } from "./deadlines.ts";
import { required } from "./required.ts";

/** What an event would mean. */
export interface DerivedActivity {
  /** Empty when the harness does not know the event. */
  meaning: string;
  fields: SignalFields;
  state?: ActivityState;
  rule: string;
  reason: string;
}

/** Calls of HarnessService; errors are those of the RPC of the same name. */
export interface HarnessCalls {
  list(
    page?: { pageSize?: number; pageToken?: string },
    signal?: AbortSignal,
  ): Promise<{ harnesses: HarnessInfo[]; nextPageToken: string }>;
  get(harnessId: string, signal?: AbortSignal): Promise<HarnessInfo>;
  derive(
    event: { harnessId: string; event: string; payloadJson: string },
    signal?: AbortSignal,
  ): Promise<DerivedActivity>;
  /** By the harness as ao knows it, or by `text`, the YAML of one that need not be trusted. */
  readScreen(
    look: { harnessId?: string; text?: string; screen: string },
    signal?: AbortSignal,
  ): Promise<ScreenRead>;
  /** `harnessId` is the file's name without `.yaml`; empty takes the id it names. */
  check(
    file: { text: string; harnessId?: string },
    signal?: AbortSignal,
  ): Promise<{ problems: HarnessProblem[]; advice: HarnessProblem[]; harness?: HarnessInfo; digest: string }>;
  trust(file: { harnessId: string; fileDigest: string }, signal?: AbortSignal): Promise<HarnessInfo>;
  distrust(harnessId: string, signal?: AbortSignal): Promise<void>;
}

/** Makes the calls of HarnessService. */
export function createHarnessCalls(connection: Connection): HarnessCalls {
  const stubs = connection.stubs(HarnessServiceDefinition);
  // Looking for binaries runs them for their version.
  const call = (name: string, signal?: AbortSignal) => ({ name, deadlineMs: DEADLINE_MS.check, signal });
  return {
    list: async (page = {}, signal) => {
      const response = await connection.unary(call("ListHarnesses", signal), (options) =>
        stubs.listHarnesses(page, options),
      );
      return { ...response, harnesses: response.harnesses.map(harnessFromProto) };
    },
    get: async (harnessId, signal) => {
      const response = await connection.unary(call("GetHarness", signal), (options) =>
        stubs.getHarness({ harnessId }, options),
      );
      return harnessFromProto(required("harness", response.harness));
    },
    check: async (file, signal) => {
      const response = await connection.unary(call("CheckHarness", signal), (options) =>
        stubs.checkHarness(file, options),
      );
      const { problems, advice, harness, digest } = response;
      return { problems, advice, harness: harness && harnessFromProto(harness), digest };
    },
    trust: async (file, signal) => {
      const response = await connection.unary(call("TrustHarness", signal), (options) =>
        stubs.trustHarness(file, options),
      );
      return harnessFromProto(required("harness", response.harness));
    },
    distrust: async (harnessId, signal) => {
      await connection.unary(call("DistrustHarness", signal), (options) =>
        stubs.distrustHarness({ harnessId }, options),
      );
    },
    derive: async (event, signal) => {
      const response = await connection.unary(call("DeriveActivity", signal), (options) =>
        stubs.deriveActivity(event, options),
      );
      const { meaning, fields, state, rule, reason } = response;
      return {
        meaning,
        fields: fields ? fieldsFromProto(fields) : {},
        state: activityStates.fromProto(state),
        rule,
        reason,
      };
    },
    readScreen: async (look, signal) =>
      screenFromProto(
        await connection.unary(call("ReadScreen", signal), (options) => stubs.readScreen(look, options)),
      ),
  };
}
