import { AoError } from "../core/errors.ts";

interface RequestType {
  decode(bytes: Uint8Array): object;
}

interface Definition {
  methods: Record<string, { requestType: RequestType }>;
}

/** Requests that could not be decoded. Without it grpc-js answers INTERNAL, as if the fault were the daemon's. */
export interface UnreadableRequests {
  /** The service with requests that always decode; an empty one stands in for what is no message of its type. */
  accept<D extends Definition>(definition: D): D;
  /** Throws INVALID_FIELD when the request only stands in for one. */
  refuse(request: unknown): void;
}

/** Keeps what was wrong for as long as the stand-in lives. */
export function createUnreadableRequests(): UnreadableRequests {
  const problems = new WeakMap<object, string>();
  const readable = (type: RequestType): RequestType => ({
    ...type,
    decode(bytes) {
      try {
        return type.decode(bytes);
      } catch (error) {
        const standIn = type.decode(new Uint8Array());
        problems.set(standIn, (error as Error).message);
        return standIn;
      }
    },
  });
  return {
    accept: (definition) => ({
      ...definition,
      methods: Object.fromEntries(
        Object.entries(definition.methods).map(([name, method]) => [
          name,
          { ...method, requestType: readable(method.requestType) },
        ]),
      ),
    }),
    refuse(request) {
      const problem = typeof request === "object" && request !== null ? problems.get(request) : undefined;
      if (problem === undefined) return;
      throw new AoError("INVALID_FIELD", {
        field: "request",
        value: "",
        problem: `is no message of this call's type (${problem})`,
        hint: "Numbers beyond 2^53 are not taken. Generate the client anew from ao's proto files.",
      });
    },
  };
}
