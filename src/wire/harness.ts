import * as pb from "../../gen/ao/v1/harness.ts";
import type {
  Evidence,
  FactNote,
  Gate,
  Harness,
  HarnessCapabilities,
  LocatedBinary,
  ResumeBy,
} from "../core/ports/harnesses.ts";
import type { HarnessFile, HarnessProblem, HarnessTrust } from "../core/ports/own-harnesses.ts";
import { enumTable } from "./enum-table.ts";

/** Degrees of evidence on the wire. */
export const evidences = enumTable<Evidence, pb.Evidence>({
  seen: pb.Evidence.EVIDENCE_SEEN,
  documented: pb.Evidence.EVIDENCE_DOCUMENTED,
  assumed: pb.Evidence.EVIDENCE_ASSUMED,
});

/** Who deals with a gate, on the wire. */
export const gateHandlings = enumTable<Gate["how"], pb.GateHandling>({
  skipped: pb.GateHandling.GATE_HANDLING_SKIPPED,
  named: pb.GateHandling.GATE_HANDLING_NAMED,
  hidden: pb.GateHandling.GATE_HANDLING_HIDDEN,
});

/** Ways to continue a conversation, on the wire. */
export const resumeWays = enumTable<ResumeBy, pb.ResumeWay>({
  id: pb.ResumeWay.RESUME_WAY_ID,
  copy: pb.ResumeWay.RESUME_WAY_COPY,
  directory: pb.ResumeWay.RESUME_WAY_DIRECTORY,
});

/** Trust on the wire. */
export const harnessTrusts = enumTable<HarnessTrust, pb.HarnessTrust>({
  trusted: pb.HarnessTrust.HARNESS_TRUST_TRUSTED,
  changed: pb.HarnessTrust.HARNESS_TRUST_CHANGED,
  untrusted: pb.HarnessTrust.HARNESS_TRUST_UNTRUSTED,
  invalid: pb.HarnessTrust.HARNESS_TRUST_INVALID,
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
  /** How it continues a conversation; undefined when it cannot. */
  resumeBy?: ResumeBy;
  events: readonly { event: string; condition: string; meaning: string }[];
  permissionModes: readonly string[];
  evidence?: Evidence;
  evidenceVersion: string;
  /** False for one this ao no longer has, and for a file that was never trusted. */
  supported: boolean;
  limits: readonly string[];
  gates: readonly Gate[];
  promptIsTyped: boolean;
  evidenceSource: string;
  facts: readonly FactNote[];
  worktreeFiles: readonly string[];
  binaryVariable: string;
  /** Of the user's own harnesses; empty for those that ship with ao. */
  filePath: string;
  fileDigest: string;
  trust?: HarnessTrust;
  problems: readonly HarnessProblem[];
}

/** A harness's row, its spec while this ao has one, and its binary when it was found. */
export interface PresentedHarness {
  id: string;
  displayName: string;
  supported: boolean;
  harness?: Harness;
  located?: LocatedBinary;
  file?: HarnessFile;
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
  file,
}: PresentedHarness): HarnessInfo {
  return {
    id,
    displayName,
    binaries: harness?.binaries ?? [],
    binaryPath: located?.path ?? "",
    version: located?.version ?? "",
    capabilities: harness?.capabilities ?? NO_CAPABILITIES,
    resumeBy: harness?.resumeBy,
    events: harness?.events ?? [],
    permissionModes: harness?.permissionModes ?? [],
    evidence: harness?.evidence,
    evidenceVersion: harness?.evidenceVersion ?? "",
    supported,
    limits: harness?.limits ?? [],
    gates: harness?.gates ?? [],
    promptIsTyped: harness?.promptDelivery === "after_start",
    evidenceSource: harness?.evidenceSource ?? "",
    facts: harness?.factNotes ?? [],
    worktreeFiles: harness?.worktreeFiles ?? [],
    binaryVariable: harness?.binaryVariable ?? "",
    filePath: file?.path ?? "",
    fileDigest: file?.digest ?? "",
    trust: file?.trust,
    problems: file?.problems ?? [],
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
    limits: [...harness.limits],
    gates: harness.gates.map(({ gate, how, note }) => ({ gate, handling: gateHandlings.toProto(how), note })),
    promptIsTyped: harness.promptIsTyped,
    evidenceSource: harness.evidenceSource,
    facts: harness.facts.map((fact) => ({ ...fact, evidence: evidences.toProto(fact.evidence) })),
    worktreeFiles: [...harness.worktreeFiles],
    binaryVariable: harness.binaryVariable,
    filePath: harness.filePath,
    fileDigest: harness.fileDigest,
    trust: harness.trust ? harnessTrusts.toProto(harness.trust) : pb.HarnessTrust.HARNESS_TRUST_UNSPECIFIED,
    problems: harness.problems.map((problem) => ({ ...problem })),
    resumeWay: harness.resumeBy ? resumeWays.toProto(harness.resumeBy) : pb.ResumeWay.RESUME_WAY_UNSPECIFIED,
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
    resumeBy: resumeWays.fromProto(message.resumeWay),
    events: message.events,
    permissionModes: message.permissionModes,
    evidence: evidences.fromProto(message.evidence),
    evidenceVersion: message.evidenceVersion,
    supported: message.supported,
    limits: message.limits,
    gates: message.gates.map(({ gate, handling, note }) => ({
      gate,
      how: gateHandlings.fromProto(handling) ?? "hidden",
      note,
    })),
    promptIsTyped: message.promptIsTyped,
    evidenceSource: message.evidenceSource,
    facts: message.facts.map((fact) => ({
      ...fact,
      evidence: evidences.fromProto(fact.evidence) ?? "assumed",
    })),
    worktreeFiles: message.worktreeFiles,
    binaryVariable: message.binaryVariable,
    filePath: message.filePath,
    fileDigest: message.fileDigest,
    trust: harnessTrusts.fromProto(message.trust),
    problems: message.problems,
  };
}
