/** What the kit tells an agent, by step. */
export const PROMPT_STEPS = ["say", "tool", "permission", "deny", "interrupt", "error", "exit"] as const;
export type PromptStep = (typeof PROMPT_STEPS)[number];
/** An empty text skips the step. */
export type Prompts = Readonly<Record<PromptStep, string>>;

/** Made by the approved command, and not by the denied one. */
export const APPROVED_FILE = "ao-approved.txt";
export const DENIED_FILE = "ao-denied.txt";

/**
 * For an agent with a real model: short, and of little cost. No text makes a real model's provider fail, and how an
 * agent is left differs: those two need the harness's word.
 */
export const DEFAULT_PROMPTS: Prompts = {
  say: "Answer with the one word ready and use no tool.",
  tool: "Use your tool for reading files to read README.md, then answer with the one word done.",
  permission: `Use your shell tool to run exactly this command and nothing else: touch ${APPROVED_FILE}`,
  deny: `Use your shell tool to run exactly this command and nothing else: touch ${DENIED_FILE}`,
  interrupt: "Write the numbers from 1 to 1000 as words, each on a line of its own, and use no tool.",
  error: "",
  exit: "",
};
