import type { ServerResponse } from "node:http";
import type { Json, ModelAnswer, ModelRequest } from "./model-request.ts";

/** One vendor's API: how it asks, how it is answered. */
export interface ModelApi {
  /** How the path of its requests ends. */
  path: RegExp;
  read(body: Json, path: string): ModelRequest;
  /** The whole answer as one document. */
  document(answer: ModelAnswer, request: ModelRequest): Json;
  /** The same as server-sent events; an answer that hangs stops after its text. */
  events(answer: ModelAnswer, request: ModelRequest): ServerEvent[];
}

/** One event of a stream; without a name only its data is sent. */
export interface ServerEvent {
  name?: string;
  data: Json | string;
}

let counter = 0;

/** An id no other answer has. */
export function newId(prefix: string): string {
  counter += 1;
  return `${prefix}${Date.now().toString(36)}${String(counter).padStart(4, "0")}`;
}

/** Text in the pieces a model streams. */
export function pieces(text: string): string[] {
  return text.match(/\S+\s*/g) ?? [];
}

/** Answers with one JSON document. */
export function sendJson(response: ServerResponse, status: number, document: Json): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(document));
}

/** Answers with a stream, left open when the answer hangs. */
export function sendEvents(response: ServerResponse, events: readonly ServerEvent[], hangs: boolean): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  for (const { name, data } of events) {
    const text = typeof data === "string" ? data : JSON.stringify(data);
    response.write(`${name ? `event: ${name}\n` : ""}data: ${text}\n\n`);
  }
  if (!hangs) response.end();
}
