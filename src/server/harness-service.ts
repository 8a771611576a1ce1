import type * as pb from "../../gen/ao/v1/harness_service.ts";
import type { App } from "../lifecycle/api.ts";
import { describeHarness, harnessToProto } from "../wire/harness.ts";
import { decodePageToken, encodePageToken, type PageScope, pageSize } from "../wire/page-token.ts";
import { screenToProto } from "../wire/screen.ts";
import { activityStates } from "../wire/session-words.ts";
import { fieldsToProto } from "../wire/signal.ts";
import { invalid, line, longText, requiredId } from "./fields.ts";
import type { CallExtras } from "./guard.ts";

const SCOPE: PageScope = { list: "harnesses", filter: [] };
const PAYLOAD_BYTES = 1024 * 1024;
const FILE_BYTES = 256 * 1024;
const SCREEN_BYTES = 1024 * 1024;

/** Handlers of HarnessService. */
export function createHarnessService({
  harnesses,
}: Pick<App, "harnesses">): pb.HarnessServiceImplementation<CallExtras> {
  return {
    listHarnesses: async (request) => {
      const limit = pageSize(request.pageSize);
      const after = decodePageToken(SCOPE, request.pageToken) ?? "";
      const rest = (await harnesses.list())
        .filter(({ id }) => id > after)
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      const page = rest.slice(0, limit);
      return {
        harnesses: page.map((view) => harnessToProto(describeHarness(view))),
        nextPageToken: encodePageToken(SCOPE, rest.length > limit ? page.at(-1)?.id : undefined),
      };
    },
    getHarness: async ({ harnessId }) => {
      const view = await harnesses.get(requiredId("harness_id", harnessId));
      return { harness: harnessToProto(describeHarness(view)) };
    },
    checkHarness: async ({ text, harnessId }) => {
      const id = harnessId === "" ? "" : requiredId("harness_id", harnessId);
      const { view, digest, problems, advice } = await harnesses.check(
        longText("text", text, FILE_BYTES),
        id,
      );
      return {
        problems: problems.map((problem) => ({ ...problem })),
        advice: advice.map((one) => ({ ...one })),
        harness: view && harnessToProto(describeHarness(view)),
        digest,
      };
    },
    trustHarness: async ({ harnessId, fileDigest }) => {
      if (!/^[0-9a-f]{64}$/.test(fileDigest)) {
        throw invalid("file_digest", fileDigest, "must be the SHA-256 of the file, 64 hex digits");
      }
      const view = await harnesses.trust(requiredId("harness_id", harnessId), fileDigest);
      return { harness: harnessToProto(describeHarness(view)) };
    },
    distrustHarness: async ({ harnessId }) => {
      await harnesses.distrust(requiredId("harness_id", harnessId));
      return {};
    },
    deriveActivity: async (request) => {
      const { meaning, fields, state, rule, reason } = await harnesses.derive(deriveRequest(request));
      return {
        meaning: meaning ?? "",
        fields: fieldsToProto(fields),
        state: activityStates.toProto(state),
        rule,
        reason,
      };
    },
    readScreen: async ({ harnessId, text, screen }) => {
      const read = await harnesses.readScreen({
        harness: text !== "" && harnessId === "" ? "" : requiredId("harness_id", harnessId),
        file: longText("text", text, FILE_BYTES),
        screen: longText("screen", screen, SCREEN_BYTES),
      });
      return screenToProto(read);
    },
  };
}

function deriveRequest({ harnessId, event, payloadJson }: pb.DeriveActivityRequest) {
  if (event === "") throw invalid("event", event, "must not be empty");
  return {
    harness: requiredId("harness_id", harnessId),
    event: line("event", event, 100),
    payload: longText("payload_json", payloadJson, PAYLOAD_BYTES),
  };
}
