import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { answerTo } from "./answer.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import { chatCompletions } from "./chat-completions.ts";
import { geminiContent } from "./gemini-content.ts";
import { type ModelApi, sendEvents, sendJson } from "./model-api.ts";
import { type Json, members } from "./model-request.ts";
import { openaiResponses } from "./openai-responses.ts";
import { nextStep, type Step } from "./script.ts";

/** A scripted language model on loopback; see `script.ts` for what prompts make it do. */
export interface MockModel {
  port: number;
  /** Bodies of the requests that offered tools, as they came: what the agent remembers of its conversation. */
  requests: string[];
  /** Requests to paths it does not know, which an agent should not make. */
  unknown: string[];
  /** Answers nobody from now on, or goes on with whoever asks next. */
  hold(on: boolean): void;
  close(): Promise<void>;
}

const APIS: readonly ModelApi[] = [anthropicMessages, openaiResponses, chatCompletions, geminiContent];
const OTHERS: readonly { path: RegExp; document: Json }[] = [
  { path: /\/count_tokens$/, document: { input_tokens: 1000 } },
  { path: /:countTokens$/, document: { totalTokens: 1000 } },
  { path: /\/models\/?$/, document: { object: "list", models: [], data: [] } },
];

/**
 * Starts a model on a free port of 127.0.0.1. `withoutTools`: for an agent that never offers any, of which every request
 * counts, and not only those with tools.
 */
export async function startMockModel({ withoutTools = false } = {}): Promise<MockModel> {
  const seen = {
    withoutTools,
    requests: [] as string[],
    unknown: [] as string[],
    errors: new Map<string, number>(),
    full: new Set<string>(),
    held: false,
  };
  const server = createServer((request, response) => {
    serve(request, response, seen).catch((error: unknown) => {
      if (!response.headersSent) sendJson(response, 500, { error: { message: String(error) } });
      else response.destroy();
      seen.unknown.push(String(error));
    });
  });
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    requests: seen.requests,
    unknown: seen.unknown,
    port: (server.address() as AddressInfo).port,
    hold(on) {
      seen.held = on;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  seen: Pick<MockModel, "requests" | "unknown"> & {
    errors: Map<string, number>;
    full: Set<string>;
    held: boolean;
    withoutTools: boolean;
  },
): Promise<void> {
  const text = await bodyOf(incoming);
  const path = (incoming.url ?? "").split("?")[0] ?? "";
  const api = incoming.method === "POST" ? APIS.find((one) => one.path.test(path)) : undefined;
  if (!api) return serveOther(path, response, seen);
  const request = api.read(parse(text), path);
  const step = filledOnce(afterErrors(nextStep(request, seen), seen.errors), seen.full);
  if (request.tools.length > 0 || seen.withoutTools) seen.requests.push(text);
  if (step.delayMs > 0) await sleep(step.delayMs, undefined, { ref: false });
  if (step.kind === "HANG" || seen.held || response.destroyed) return;
  if (step.kind === "ERR") return sendError(response, step.argument);
  const answer = answerTo(request, step);
  if (request.stream) sendEvents(response, api.events(answer, request), answer.hangs);
  else sendJson(response, 200, api.document(answer, request));
}

function serveOther(path: string, response: ServerResponse, seen: Pick<MockModel, "unknown">): void {
  const known = OTHERS.find((other) => other.path.test(path));
  if (!known) seen.unknown.push(path);
  sendJson(response, known ? 200 : 404, known?.document ?? {});
}

/** The step, or the one behind it when its error was given often enough. */
function afterErrors(step: Step, errors: Map<string, number>): Step {
  const times = /^\d+ (\d+)/.exec(step.argument)?.[1];
  if (step.kind !== "ERR" || times === undefined) return step;
  const key = `${step.argument} ${step.next?.argument}`;
  const given = errors.get(key) ?? 0;
  errors.set(key, given + 1);
  return given < Number(times) ? step : (step.next ?? { kind: "SAY", argument: "done", delayMs: 0 });
}

/** A conversation is full once: what codex compacts begins with its script again. */
function filledOnce(step: Step, full: Set<string>): Step {
  if (step.tokens === undefined) return step;
  const key = `${step.kind} ${step.argument} ${step.tokens}`;
  if (full.has(key)) return { ...step, tokens: undefined };
  full.add(key);
  return step;
}

function sendError(response: ServerResponse, argument: string): void {
  const [, status = "500", json = "{}"] = /^(\d+)[ \d]*(\{.*)?$/.exec(argument) ?? [];
  const { headers, ...told } = members(JSON.parse(json));
  for (const [name, value] of Object.entries(members(headers))) response.setHeader(name, String(value));
  const error = { type: "api_error", message: `mock error ${status}`, code: Number(status), ...told };
  sendJson(response, Number(status), { type: "error", error });
}

function parse(text: string): Json {
  return members(JSON.parse(text || "{}"));
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
