import { type ModelApi, newId, pieces, type ServerEvent } from "./model-api.ts";
import {
  elements,
  type Json,
  type ModelAnswer,
  members,
  type OfferedTool,
  type ToolSchema,
  type Turn,
  textOf,
} from "./model-request.ts";

/** OpenAI Responses: Codex. */
export const openaiResponses: ModelApi = {
  path: /\/responses$/,
  read: (body) => ({
    model: String(body.model ?? ""),
    stream: body.stream === true,
    turns: elements(body.input).filter(isFirstOfAnswer).flatMap(turnOf),
    tools: elements(body.tools).flatMap(toolsOf),
    answerSchema: members(members(body.text).format).schema as ToolSchema | undefined,
  }),
  document: (answer, { model }) => response(model, answer),
  events: (answer, { model }) => numbered(streamOf(answer, model)),
};

function usageOf({ tokens = 1000 }: ModelAnswer): Json {
  return {
    input_tokens: tokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 10,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: tokens + 10,
  };
}

/** Calls made in one answer stand as items side by side. */
function isFirstOfAnswer(item: Json, index: number, items: Json[]): boolean {
  return !isCall(item) || !isCall(items[index - 1] ?? {});
}

function isCall({ type }: Json): boolean {
  return typeof type === "string" && type.endsWith("_call");
}

function turnOf(item: Json): Turn[] {
  const { role, content } = item;
  if (isCall(item)) return [{ role: "model", toolCalls: 1 }];
  if (role === "user") return [{ role: "user", text: textOf(content) }];
  return role === "assistant" ? [{ role: "model", toolCalls: 0 }] : [];
}

function toolsOf(tool: Json): OfferedTool[] {
  if (tool.type === "namespace") {
    const namespace = String(tool.name);
    return elements(tool.tools).flatMap((one) => toolsOf(one).map((offered) => ({ ...offered, namespace })));
  }
  if (typeof tool.name !== "string") return [];
  return [{ name: tool.name, schema: members(tool.parameters) as ToolSchema }];
}

function itemsOf({ text, calls }: ModelAnswer): Json[] {
  const message = {
    type: "message",
    id: newId("msg_"),
    role: "assistant",
    status: "completed",
    content: [{ type: "output_text", text, annotations: [] }],
  };
  const uses = calls.map((call) => ({
    type: "function_call",
    id: newId("fc_"),
    call_id: newId("call_"),
    name: call.tool,
    namespace: call.namespace,
    arguments: JSON.stringify(call.arguments),
    status: "completed",
  }));
  return [...(text ? [message] : []), ...uses];
}

function response(model: string, answer: ModelAnswer, output = itemsOf(answer)): Json {
  return {
    id: newId("resp_"),
    object: "response",
    created_at: Math.floor(Date.now() / 1000),
    status: "completed",
    model,
    output,
    usage: usageOf(answer),
    parallel_tool_calls: true,
    tool_choice: "auto",
    tools: [],
    error: null,
    metadata: {},
  };
}

function streamOf(answer: ModelAnswer, model: string): Json[] {
  const items = itemsOf(answer);
  const whole = response(model, answer, items);
  const created = { ...whole, status: "in_progress", output: [], usage: null };
  return [
    { type: "response.created", response: created },
    ...items.flatMap((item, index) => itemEvents(item, index, answer)),
    ...(answer.hangs ? [] : [{ type: "response.completed", response: whole }]),
  ];
}

function itemEvents(item: Json, output_index: number, { text, hangs }: ModelAnswer): Json[] {
  const at = { item_id: item.id, output_index };
  const added = { ...item, status: "in_progress", ...(item.type === "message" ? { content: [] } : {}) };
  const begin = { type: "response.output_item.added", output_index, item: added };
  const end = { type: "response.output_item.done", output_index, item };
  if (item.type !== "message") {
    return [begin, { type: "response.function_call_arguments.done", ...at, arguments: item.arguments }, end];
  }
  const part = { ...at, content_index: 0 };
  return [
    begin,
    {
      type: "response.content_part.added",
      ...part,
      part: { type: "output_text", text: "", annotations: [] },
    },
    ...pieces(text).map((delta) => ({ type: "response.output_text.delta", ...part, delta })),
    ...(hangs ? [] : [{ type: "response.output_text.done", ...part, text }, end]),
  ];
}

function numbered(events: Json[]): ServerEvent[] {
  return events.map((event, sequence_number) => ({
    name: String(event.type),
    data: { sequence_number, ...event },
  }));
}
