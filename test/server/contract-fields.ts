import { readFileSync } from "node:fs";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** A field of a request, or of a message in it. */
export interface ContractField {
  /** In proto names: "signal.fields.prompt". */
  path: string;
  /** Numbers from the request down to the field. */
  numbers: readonly number[];
  kind: "string" | "varint" | "double" | "message" | "map";
}

/** Every field of the request of every RPC of `ao.v1`, by the RPC's path; read from the compiled contract. */
export function contractFields(): Map<string, ContractField[]> {
  const files = messagesIn(readFileSync("gen/ao.binpb"), 1).map(readFile);
  const messages = new Map(files.flatMap((file) => file.messages.map((message) => [message.name, message])));
  const methods = files.filter(({ name }) => name === "ao.v1").flatMap((file) => file.methods);
  return new Map(methods.map(({ path, input }) => [path, fieldsOf(input, messages)]));
}

interface Message {
  name: string;
  isMapEntry: boolean;
  fields: { name: string; number: number; type: number; typeName: string }[];
}

/** Types of google/protobuf/descriptor.proto. */
const TYPE = { double: 1, float: 2, string: 9, message: 11, bytes: 12 };

function fieldsOf(
  name: string,
  messages: ReadonlyMap<string, Message>,
  above: { path: string; numbers: number[] } = { path: "", numbers: [] },
): ContractField[] {
  if (above.numbers.length > 4) return [];
  return (messages.get(name)?.fields ?? []).flatMap((field): ContractField[] => {
    const path = above.path ? `${above.path}.${field.name}` : field.name;
    const numbers = [...above.numbers, field.number];
    if (field.type === TYPE.string || field.type === TYPE.bytes) return [{ path, numbers, kind: "string" }];
    if (field.type === TYPE.double || field.type === TYPE.float) return [{ path, numbers, kind: "double" }];
    if (field.type !== TYPE.message) return [{ path, numbers, kind: "varint" }];
    if (messages.get(field.typeName)?.isMapEntry) return [{ path, numbers, kind: "map" }];
    const own: ContractField = { path, numbers, kind: "message" };
    return [own, ...fieldsOf(field.typeName, messages, { path, numbers })];
  });
}

function readFile(bytes: Uint8Array) {
  const name = texts(bytes, 2)[0] ?? "";
  return {
    name,
    messages: messagesIn(bytes, 4).flatMap((message) => readMessage(message, name)),
    methods: messagesIn(bytes, 6).flatMap((service) =>
      messagesIn(service, 2).map((method) => ({
        path: `/${name}.${texts(service, 1)[0]}/${texts(method, 1)[0]}`,
        input: (texts(method, 2)[0] ?? "").slice(1),
      })),
    ),
  };
}

function readMessage(bytes: Uint8Array, scope: string): Message[] {
  const name = `${scope}.${texts(bytes, 1)[0]}`;
  const options = messagesIn(bytes, 7)[0];
  const fields = messagesIn(bytes, 2).map((field) => ({
    name: texts(field, 1)[0] ?? "",
    number: varint(field, 3),
    type: varint(field, 5),
    typeName: (texts(field, 6)[0] ?? "").slice(1),
  }));
  const own = { name, isMapEntry: options !== undefined && varint(options, 7) === 1, fields };
  return [own, ...messagesIn(bytes, 3).flatMap((nested) => readMessage(nested, name))];
}

function messagesIn(bytes: Uint8Array, number: number): Uint8Array[] {
  return read(bytes).flatMap((field) => (field.number === number && field.bytes ? [field.bytes] : []));
}

function texts(bytes: Uint8Array, number: number): string[] {
  return messagesIn(bytes, number).map((text) => Buffer.from(text).toString());
}

function varint(bytes: Uint8Array, number: number): number {
  return read(bytes).find((field) => field.number === number)?.value ?? 0;
}

function read(bytes: Uint8Array): { number: number; bytes?: Uint8Array; value?: number }[] {
  const reader = new BinaryReader(bytes);
  const found: { number: number; bytes?: Uint8Array; value?: number }[] = [];
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (type === WireType.LengthDelimited) found.push({ number, bytes: reader.bytes() });
    else if (type === WireType.Varint) found.push({ number, value: reader.uint32() });
    else reader.skip(type, number);
  }
  return found;
}
