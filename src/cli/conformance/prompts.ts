/** What the kit tells an agent, by step. */
export const PROMPT_STEPS = [
  "say",
  "tool",
  "permission",
  "deny",
  "interrupt",
  "error",
  "exit",
  "resume",
] as const;
export type PromptStep = (typeof PROMPT_STEPS)[number];
/** An empty text skips the step. */
export type Prompts = Readonly<Record<PromptStep, string>>;

/** Made by the approved command, and not by the denied one. */
export const APPROVED_FILE = "ao-approved.txt";
export const DENIED_FILE = "ao-denied.txt";

/** In a prompt it stands for a number of this run, by which a conversation that goes on is known. */
const NUMBER = "{number}";

/** Puts a number of five digits into the prompts that ask for one. */
export function withNumber(prompts: Prompts, number: string): Prompts {
  const filled = PROMPT_STEPS.map((step) => [step, prompts[step].replaceAll(NUMBER, number)]);
  return Object.fromEntries(filled) as Prompts;
}

/**
 * For an agent with a real model: short, and of little cost. No text makes a real model's provider fail, and how an
 * agent is left differs: those two need the harness's word.
 */
export const DEFAULT_PROMPTS: Prompts = {
  say: `Answer with the one word ready and use no tool. Keep the number ${NUMBER} in mind: I ask for it later.`,
  tool: "Use your tool for reading files to read README.md, then answer with the one word done.",
  permission: `Use your shell tool to run exactly this command and nothing else: touch ${APPROVED_FILE}`,
  deny: `Use your shell tool to run exactly this command and nothing else: touch ${DENIED_FILE}`,
  interrupt: "Write the numbers from 1 to 1000 as words, each on a line of its own, and use no tool.",
  error: "",
  exit: "",
  resume: "Which number were you to keep in mind? Answer with that number alone and use no tool.",
};
