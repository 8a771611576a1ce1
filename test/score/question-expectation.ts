import { parseQuestionLine } from "../../src/shim/witness/codex-questions.ts";
import type { TraceLine } from "../support/trace-file.ts";

/** What codex's witness must say of its questions: in plan mode that they are asked, and that they are answered. */
export interface QuestionExpectation {
  /** Takes note of a hook; true when it asks a person. */
  heard(line: TraceLine): boolean;
  /** Takes note of lines of a rollout; true when one answers what was asked. */
  isAnswered(path: string, text: string): boolean;
}

/** Creates the expectation of one recording. */
export function createQuestionExpectation(): QuestionExpectation {
  const modes = new Map<unknown, string>();
  const asked = new Set<unknown>();
  return {
    heard({ event, payload }) {
      const { tool_name: tool, tool_use_id: call, transcript_path: path } = payload;
      if (event !== "PreToolUse" || tool !== "request_user_input") return false;
      const asks = modes.get(path) !== "default";
      if (asks) asked.add(call);
      return asks;
    },
    isAnswered(path, text) {
      const lines = text.split("\n").flatMap((line) => parseQuestionLine(line) ?? []);
      const mode = lines.findLast((line) => line.kind === "mode");
      if (mode) modes.set(path, mode.mode);
      return lines.some((line) => line.kind === "output" && asked.delete(line.callId));
    },
  };
}
