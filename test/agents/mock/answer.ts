import type {
  ModelAnswer,
  ModelRequest,
  OfferedTool,
  PropertySchema,
  ToolCall,
  ToolSchema,
} from "./model-request.ts";
import type { Step } from "./script.ts";

/** What each kind of tool is called by the agents. */
const SHELL = [
  "Bash",
  "exec_command",
  "bash",
  "run_shell_command",
  "run_commands",
  "execute_command",
  "run_terminal_command",
  "Execute",
];
const SUBAGENT = ["Agent", "spawn_agent", "task", "agent", "spawn_subagent", "Task", "invoke_agent"];
/** Kind of subagent that may do everything, by a tool of the agents that call it so. */
const SUBAGENT_TYPES = [
  ["AgentSwarm", "coder"],
  ["Bash", "general-purpose"],
  ["Execute", "worker"],
] as const;
const QUESTION = [
  "AskQuestion",
  "AskUserQuestion",
  "question",
  "ask_user",
  "ask_user_question",
  "ask_question",
  "AskUser",
];

/** Turns a step into an answer; a tool that is not offered is named in the text. */
export function answerTo(request: ModelRequest, step: Step): ModelAnswer {
  const { answerSchema } = request;
  const { tokens } = step;
  const say = (text: string) => ({ text, calls: [], hangs: step.kind === "HANGMID", tokens });
  if (answerSchema) return say(JSON.stringify(fill(answerSchema, {})));
  // Aider runs what stands in such a block, once a person has said yes.
  if (step.kind === "RUN" && request.tools.length === 0) return say(`\`\`\`bash\n${step.argument}\n\`\`\``);
  if (step.kind === "SAY" || step.kind === "HANGMID") return say(step.argument || "hello");
  const calls = partsOf(step).flatMap((part) => callOf(request.tools, part) ?? []);
  return calls.length > 0 ? { text: "", calls, hangs: false, tokens } : say(`no tool for ${step.kind}`);
}

/** The calls of one answer, as steps. */
function partsOf(step: Step): Step[] {
  if (step.kind !== "PAR") return [step];
  return step.argument.split(/\s*\|\|\s*/).map((part) => {
    const [, kind = "", argument = ""] = /^(\S+)\s*([\s\S]*)$/.exec(part) ?? [];
    return { kind: kind as Step["kind"], argument, delayMs: 0 };
  });
}

function callOf(tools: OfferedTool[], { kind, argument }: Step): ToolCall | undefined {
  switch (kind) {
    case "RUN":
      return use(tools, SHELL, {
        command: argument,
        cmd: argument,
        commands: [argument],
        description: "a mock command",
      });
    case "TASK": {
      const prompt = argument.replaceAll(",,", ";;");
      return use(tools, SUBAGENT, {
        prompt,
        message: prompt,
        task: prompt,
        description: "a mock subtask",
        task_name: "sub1",
        agent_name: "generalist",
        subagent_type:
          SUBAGENT_TYPES.find(([tool]) => tools.some(({ name }) => name === tool))?.[1] ?? "general",
        // OMP's.
        context: "a mock context",
        tasks: [{ agent: "task", name: "Sub1", task: prompt }],
      });
    }
    case "ASK":
      return use(tools, QUESTION, {
        questions: questions(argument),
        question: argument,
        questionnaire: `1. [question] ${argument}\n[topic] Mock\n[option] A\n[option] B`,
        options: ["first", "second"],
      });
    case "CALL": {
      const [, name = "", json = "{}"] = /^(\S+)\s*(.*)$/.exec(argument) ?? [];
      // Some agents keep tools from the model's list until they are looked for, and take a call of them all the same.
      return use(tools, [name], JSON.parse(json)) ?? { tool: name, arguments: JSON.parse(json) };
    }
    case "SAY":
    case "RECALL":
    case "HANG":
    case "HANGMID":
    case "ERR":
    case "PAR":
      return undefined;
  }
}

function questions(text: string) {
  const options = [
    { label: "A", description: "first" },
    { label: "B", description: "second" },
  ];
  const question = text || "Which?";
  return [{ id: "q1", question, header: "Mock", multiSelect: false, multiple: false, options }];
}

function use(tools: OfferedTool[], names: string[], known: Record<string, unknown>): ToolCall | undefined {
  const tool = names.flatMap((name) => tools.find((offered) => offered.name === name) ?? [])[0];
  return tool && { tool: tool.name, namespace: tool.namespace, arguments: fill(tool.schema ?? {}, known) };
}

/** Arguments a schema accepts: those that are known, and something for each that is required. */
function fill({ properties = {}, required = [] }: ToolSchema, known: Record<string, unknown>) {
  const taken = Object.entries(known)
    .filter(([name]) => name in properties)
    .map(([name, value]) => [name, fitting(value, properties[name] ?? {})]);
  const missing = required.filter((name) => !(name in known));
  return Object.fromEntries([...missing.map((name) => [name, something(properties[name] ?? {})]), ...taken]);
}

/** Elements without what their schema does not know. */
function fitting(value: unknown, { items }: PropertySchema): unknown {
  if (!Array.isArray(value) || !items?.properties) return value;
  return value.map((element) => (typeof element === "object" ? fill(items, element) : element));
}

function something({ type, enum: choices, minimum }: PropertySchema): unknown {
  if (choices) return choices[0];
  if (type === "boolean") return false;
  if (type === "number" || type === "integer") return minimum ?? 1;
  if (type === "array") return [];
  return type === "object" ? {} : "mock";
}
