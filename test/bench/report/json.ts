import type { Scale, Verdict } from "../measurement.ts";
import type { Machine } from "./machine.ts";

/** The whole run as one document; figures in each row's unit. */
export function toJson(run: { machine: Machine; scale: Scale; verdicts: readonly Verdict[] }) {
  return {
    machine: run.machine,
    scale: run.scale,
    budgets: run.verdicts.map(({ budget, value, floor, ratio, holds, note, details }) => {
      const { floor: floorIs, ...rest } = budget;
      return { ...rest, value, floor, floorIs, ratio, holds, note, details };
    }),
  };
}
