/** A tool the agent offers its model. */
export interface OfferedTool {
  name: string;
  /** JSON schema of its arguments; absent for a tool that takes plain text. */
  schema?: ToolSchema;
  /** Group the tool belongs to, which a call must name. */
  namespace?: string;
}

/** As much of a JSON schema as is needed to fill in arguments. */
export interface ToolSchema {
  properties?: Record<string, PropertySchema>;
  required?: string[];
}

/** One property of such a schema. */
export interface PropertySchema {
  type?: string;
  enum?: unknown[];
  minimum?: number;
  /** Of the elements of an array. */
  items?: ToolSchema;
}

/** One entry of the conversation, as far as the script needs it. */
export type Turn = { role: "user"; text: string } | { role: "model"; toolCalls: number };

/** What an agent asks its model, whatever the API. */
export interface ModelRequest {
  model: string;
  stream: boolean;
  turns: Turn[];
  tools: OfferedTool[];
  /** Schema of the JSON the answer must be, where one is asked for. */
  answerSchema?: ToolSchema;
}

/** A call the model makes. */
export interface ToolCall {
  tool: string;
  namespace?: string;
  arguments: Record<string, unknown>;
}

/** What the model answers: text, or calls. */
export interface ModelAnswer {
  text: string;
  calls: ToolCall[];
  /** Never ends after the text. */
  hangs: boolean;
  /** Tokens the conversation takes; a few without. */
  tokens?: number;
}

/** A JSON object from the wire. */
export type Json = Record<string, unknown>;

/** Members of a value that should be an object. */
export function members(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** Elements of a value that should be an array. */
export function elements(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(members) : [];
}

/** Text of a message's content: a string, or the parts of it that are text. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return elements(content)
    .filter((part) => typeof part.text === "string")
    .map((part) => part.text)
    .join("\n");
}
