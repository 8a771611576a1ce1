/** The first event of a tool that comes after all dialogs of its answer. */
export type AnswersFirst = "tool_start" | "tool_end";

/** The trait out of any value; absent for what is none. */
export function answersFirstOf(value: unknown): { answersFirst?: AnswersFirst } {
  return value === "tool_start" || value === "tool_end" ? { answersFirst: value } : {};
}
