import { type ModelApi, newId, pieces } from "./model-api.ts";
import {
  elements,
  type Json,
  type ModelAnswer,
  members,
  type ToolSchema,
  type Turn,
  textOf,
} from "./model-request.ts";

/** OpenAI Chat Completions: opencode with a provider of the user's own. */
export const chatCompletions: ModelApi = {
  path: /\/chat\/completions$/,
  read: (body) => ({
    model: String(body.model ?? ""),
    stream: body.stream === true,
    turns: elements(body.messages).flatMap(turnOf),
    tools: elements(body.tools).map(({ function: tool }) => ({
      name: String(members(tool).name),
      schema: members(members(tool).parameters) as ToolSchema,
    })),
    answerSchema: members(members(body.response_format).json_schema).schema as ToolSchema | undefined,
  }),
  document: (answer, { model }) => ({
    ...envelope(model, "chat.completion"),
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: answer.text || null, tool_calls: callsOf(answer) },
        finish_reason: finishReason(answer),
      },
    ],
    usage: usageOf(answer),
  }),
  events: (answer, { model }) => {
    const chunk = envelope(model, "chat.completion.chunk");
    const choice = (delta: Json, finish_reason: string | null = null) => ({
      data: { ...chunk, choices: [{ index: 0, delta, finish_reason }] },
    });
    const begun = [
      choice({ role: "assistant", content: "" }),
      ...pieces(answer.text).map((content) => choice({ content })),
    ];
    if (answer.hangs) return begun;
    return [
      ...begun,
      ...(answer.calls.length > 0 ? [choice({ tool_calls: callsOf(answer) })] : []),
      choice({}, finishReason(answer)),
      { data: { ...chunk, choices: [], usage: usageOf(answer) } },
      { data: "[DONE]" },
    ];
  },
};

function usageOf({ tokens = 1000 }: ModelAnswer): Json {
  return { prompt_tokens: tokens, completion_tokens: 10, total_tokens: tokens + 10 };
}

function turnOf({ role, content, tool_calls }: Json): Turn[] {
  if (role === "user") return [{ role: "user", text: textOf(content) }];
  return role === "assistant" ? [{ role: "model", toolCalls: elements(tool_calls).length }] : [];
}

function envelope(model: string, object: string): Json {
  return { id: newId("chatcmpl-"), object, created: Math.floor(Date.now() / 1000), model };
}

function callsOf({ calls }: ModelAnswer): Json[] | undefined {
  if (calls.length === 0) return undefined;
  return calls.map((call, index) => ({
    index,
    id: newId("call_"),
    type: "function",
    function: { name: call.tool, arguments: JSON.stringify(call.arguments) },
  }));
}

function finishReason({ calls }: ModelAnswer): string {
  return calls.length > 0 ? "tool_calls" : "stop";
}
