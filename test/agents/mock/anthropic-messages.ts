import { type ModelApi, newId, pieces, type ServerEvent } from "./model-api.ts";
import {
  elements,
  type Json,
  type ModelAnswer,
  members,
  type ToolSchema,
  type Turn,
  textOf,
} from "./model-request.ts";

/** Anthropic Messages: Claude Code. */
export const anthropicMessages: ModelApi = {
  path: /\/messages$/,
  read: (body) => ({
    model: String(body.model ?? ""),
    stream: body.stream === true,
    turns: elements(body.messages).flatMap(turnOf),
    tools: elements(body.tools).map((tool) => ({
      name: String(tool.name),
      schema: members(tool.input_schema) as ToolSchema,
    })),
    answerSchema: members(members(body.output_config).format).schema as ToolSchema | undefined,
  }),
  document: (answer, { model }) => ({
    ...envelope(model),
    content: contentOf(answer),
    stop_reason: stopReason(answer),
    usage: usageOf(answer),
  }),
  events: (answer, { model }) => [
    named("message_start", {
      message: { ...envelope(model), content: [], stop_reason: null, usage: usageOf(answer) },
    }),
    ...contentOf(answer).flatMap(blockEvents),
    ...(answer.hangs
      ? []
      : [
          named("message_delta", {
            delta: { stop_reason: stopReason(answer), stop_sequence: null },
            usage: { output_tokens: 10 },
          }),
          named("message_stop", {}),
        ]),
  ],
};

function usageOf({ tokens = 1000 }: ModelAnswer): Json {
  return {
    input_tokens: tokens,
    output_tokens: 10,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
  };
}

function turnOf({ role, content }: Json): Turn[] {
  if (role !== "assistant") {
    const text = textOf(content);
    return text ? [{ role: "user", text }] : [];
  }
  return [{ role: "model", toolCalls: elements(content).filter(({ type }) => type === "tool_use").length }];
}

function envelope(model: string): Json {
  return { id: newId("msg_"), type: "message", role: "assistant", model, stop_sequence: null };
}

function contentOf({ text, calls }: ModelAnswer): Json[] {
  const uses = calls.map((call) => ({
    type: "tool_use",
    id: newId("toolu_"),
    name: call.tool,
    input: call.arguments,
  }));
  return [...(text ? [{ type: "text", text }] : []), ...uses];
}

function stopReason({ calls }: ModelAnswer): string {
  return calls.length > 0 ? "tool_use" : "end_turn";
}

function blockEvents(block: Json, index: number): ServerEvent[] {
  const isText = block.type === "text";
  const empty = isText ? { ...block, text: "" } : { ...block, input: {} };
  const deltas = isText
    ? pieces(String(block.text)).map((text) => ({ type: "text_delta", text }))
    : [{ type: "input_json_delta", partial_json: JSON.stringify(block.input) }];
  return [
    named("content_block_start", { index, content_block: empty }),
    ...deltas.map((delta) => named("content_block_delta", { index, delta })),
    named("content_block_stop", { index }),
  ];
}

function named(type: string, data: Json): ServerEvent {
  return { name: type, data: { type, ...data } };
}
