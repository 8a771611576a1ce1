import * as pb from "../../gen/ao/v1/harness.ts";
import type { ReadScreenResponse } from "../../gen/ao/v1/harness_service.ts";
import type { ScreenExplanation, ScreenReading } from "../core/ports/harnesses.ts";
import type { HarnessProblem } from "../core/ports/own-harnesses.ts";
import { enumTable } from "./enum-table.ts";

type Kind = ScreenReading["kind"] | "denial";

/** What a screen is taken for, on the wire. */
export const screenKinds = enumTable<Kind, pb.ScreenKind>({
  gate: pb.ScreenKind.SCREEN_KIND_GATE,
  dialog: pb.ScreenKind.SCREEN_KIND_DIALOG,
  denial: pb.ScreenKind.SCREEN_KIND_DENIAL,
  ready: pb.ScreenKind.SCREEN_KIND_READY,
  unknown: pb.ScreenKind.SCREEN_KIND_UNKNOWN,
});

/** How a harness reads a screen, or what is wrong with its file. */
export interface ScreenRead {
  explanation?: ScreenExplanation;
  problems: readonly HarnessProblem[];
}

/** Converts what a harness makes of a screen to its message. */
export function screenToProto({ explanation, problems }: ScreenRead): ReadScreenResponse {
  const told = problems.map((problem) => ({ ...problem }));
  if (!explanation) {
    const kind = pb.ScreenKind.SCREEN_KIND_UNSPECIFIED;
    return { kind, gate: "", busy: false, composer: undefined, rows: [], problems: told };
  }
  const { reading, busy, composer, rows } = explanation;
  return {
    kind: screenKinds.toProto(kindOf(reading)),
    gate: reading.kind === "gate" ? reading.gate : "",
    busy,
    composer,
    rows: rows.map((row) => ({ ...row, missing: [...row.missing] })),
    problems: told,
  };
}

/** Converts the message back. */
export function screenFromProto(message: ReadScreenResponse): ScreenRead {
  const { busy, composer, rows, problems } = message;
  const kind = screenKinds.fromProto(message.kind);
  if (kind === undefined) return { problems };
  const reading = readingOf(kind, message.gate);
  return { explanation: { reading, busy, ...(composer !== undefined && { composer }), rows }, problems };
}

function kindOf(reading: ScreenReading): Kind {
  return reading.kind === "dialog" && reading.denial ? "denial" : reading.kind;
}

function readingOf(kind: Kind, gate: string): ScreenReading {
  switch (kind) {
    case "gate":
      return { kind, gate };
    case "denial":
      return { kind: "dialog", denial: true };
    case "dialog":
    case "ready":
    case "unknown":
      return { kind };
  }
}
