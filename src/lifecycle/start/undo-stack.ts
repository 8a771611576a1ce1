import type { Log } from "../../util/log.ts";

/** The way back of a sequence of steps, last first. */
export interface UndoStack {
  /** Registers the undo of a step; register before the step, undo must accept a step that did not happen. */
  push(name: string, undo: () => Promise<unknown>): void;
  /** Undoes all; a step that cannot be undone is logged and does not keep the others from it. */
  run(): Promise<void>;
}

export function createUndoStack(log: Log, context: object): UndoStack {
  const steps: { name: string; undo: () => Promise<unknown> }[] = [];
  return {
    push: (name, undo) => steps.push({ name, undo }),
    async run() {
      for (const step of steps.reverse()) {
        try {
          await step.undo();
        } catch (error) {
          log.error({ ...context, step: step.name, err: error }, "a step could not be undone");
        }
      }
    },
  };
}
