import * as pb from "../../gen/ao/v1/harness.ts";
import type { Evidence, Harness, HarnessCapabilities, LocatedBinary } from "../core/ports/harnesses.ts";
import { enumTable } from "./enum-table.ts";

/** Degrees of evidence on the wire. */
export const evidences = enumTable<Evidence, pb.Evidence>({
  seen: pb.Evidence.EVIDENCE_SEEN,
  documented: pb.Evidence.EVIDENCE_DOCUMENTED,
  assumed: pb.Evidence.EVIDENCE_ASSUMED,
});

/** A harness as clients see it. */
export interface HarnessInfo {
  id: string;
  displayName: string;
  binaries: readonly string[];
  /** Empty when it is not installed. */
  binaryPath: string;
  /** Empty when not known. */
  version: string;
  capabilities: HarnessCapabilities;
  events: readonly { event: string; condition: string; meaning: string }[];
  permissionModes: readonly string[];
  evidence?: Evidence;
  evidenceVersion: string;
  /** False for one this ao no longer has. */
  supported: boolean;
}

/** A harness's row, its spec while this ao has one, and its binary when it was found. */
export interface PresentedHarness {
  id: string;
  displayName: string;
  supported: boolean;
  harness?: Harness;
  located?: LocatedBinary;
}

const NO_CAPABILITIES: HarnessCapabilities = {
  hooks: false,
  permissionSignal: false,
  turnEndSignal: false,
  exitSignal: false,
  resume: false,
  secondWitness: false,
  answer: false,
};

/** Takes from a harness what clients may know. */
export function describeHarness({
  id,
  displayName,
  supported,
  harness,
  located,
}: PresentedHarness): HarnessInfo {
  return {
    id,
    displayName,
    binaries: harness?.binaries ?? [],
    binaryPath: located?.path ?? "",
    version: located?.version ?? "",
    capabilities: harness?.capabilities ?? NO_CAPABILITIES,
    events: harness?.events ?? [],
    permissionModes: harness?.permissionModes ?? [],
    evidence: harness?.evidence,
    evidenceVersion: harness?.evidenceVersion ?? "",
    supported,
  };
}

/** Converts a harness to its message. */
export function harnessToProto(harness: HarnessInfo): pb.Harness {
  return {
    id: harness.id,
    displayName: harness.displayName,
    binaries: [...harness.binaries],
    binaryPath: harness.binaryPath,
    version: harness.version,
    capabilities: { ...harness.capabilities },
    events: harness.events.map((row) => ({ ...row })),
    permissionModes: [...harness.permissionModes],
    evidence: harness.evidence ? evidences.toProto(harness.evidence) : pb.Evidence.EVIDENCE_UNSPECIFIED,
    evidenceVersion: harness.evidenceVersion,
    supported: harness.supported,
  };
}

/** Converts a message to a harness. */
export function harnessFromProto(message: pb.Harness): HarnessInfo {
  return {
    id: message.id,
    displayName: message.displayName,
    binaries: message.binaries,
    binaryPath: message.binaryPath,
    version: message.version,
    capabilities: message.capabilities ?? NO_CAPABILITIES,
    events: message.events,
    permissionModes: message.permissionModes,
    evidence: evidences.fromProto(message.evidence),
    evidenceVersion: message.evidenceVersion,
    supported: message.supported,
  };
}
