import { type ModelApi, newId, pieces } from "./model-api.ts";
import {
  elements,
  type Json,
  type ModelAnswer,
  members,
  type PropertySchema,
  type ToolSchema,
  type Turn,
  textOf,
} from "./model-request.ts";

/** Gemini's generateContent, whole (`:generateContent`) or streamed (`:streamGenerateContent`). */
export const geminiContent: ModelApi = {
  path: /:(streamGenerateContent|generateContent)$/,
  read: (body, path) => ({
    model: /models\/([^:/]+):/.exec(path)?.[1] ?? "",
    stream: path.endsWith(":streamGenerateContent"),
    turns: elements(body.contents).flatMap(turnOf),
    tools: elements(body.tools)
      .flatMap(({ functionDeclarations }) => elements(functionDeclarations))
      .map((tool) => ({ name: String(tool.name), schema: schemaOf(tool) })),
    answerSchema: answerSchemaOf(members(body.generationConfig)),
  }),
  document: (answer) => candidate(partsOf(answer), "STOP"),
  events: (answer) => {
    const [first = "", ...others] = pieces(answer.text);
    const begun = first ? [{ data: candidate([{ text: first }]) }] : [];
    if (answer.hangs) return [...begun, ...others.map((text) => ({ data: candidate([{ text }]) }))];
    const rest = partsOf({ ...answer, text: others.join("") });
    return [...begun, { data: candidate(rest.length > 0 ? rest : [{ text: "" }], "STOP") }];
  },
};

const USAGE = { promptTokenCount: 1000, candidatesTokenCount: 10, totalTokenCount: 1010 };

function turnOf({ role, parts }: Json): Turn[] {
  const all = elements(parts);
  if (role === "model") {
    return [{ role: "model", toolCalls: all.filter((part) => "functionCall" in part).length }];
  }
  const text = textOf(all.filter((part) => !("functionResponse" in part)));
  return text ? [{ role: "user", text }] : [];
}

function schemaOf({ parametersJsonSchema, parameters }: Json): ToolSchema {
  return members(parametersJsonSchema ?? lowerTypes(parameters)) as ToolSchema;
}

function answerSchemaOf({ responseJsonSchema, responseSchema }: Json): ToolSchema | undefined {
  return (responseJsonSchema ?? lowerTypes(responseSchema)) as ToolSchema | undefined;
}

/** Gemini's own schemas have types in capitals. */
function lowerTypes(schema: unknown): unknown {
  const lower = (key: string, value: unknown) =>
    key === "type" && typeof value === "string" ? (value.toLowerCase() as PropertySchema["type"]) : value;
  return schema === undefined ? undefined : JSON.parse(JSON.stringify(schema), lower);
}

function partsOf({ text, calls }: ModelAnswer): Json[] {
  const said = text ? [{ text }] : [];
  return [
    ...said,
    ...calls.map((call) => ({
      functionCall: { name: call.tool, args: call.arguments, id: newId("fc") },
    })),
  ];
}

function candidate(parts: Json[], finishReason?: string): Json {
  return {
    candidates: [{ content: { role: "model", parts }, index: 0, ...(finishReason && { finishReason }) }],
    usageMetadata: USAGE,
    modelVersion: "mock",
    responseId: newId("r"),
  };
}
