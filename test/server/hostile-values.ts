import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { ContractField } from "./contract-fields.ts";

/** A value as it stands on the wire, with a name for people. */
export interface HostileValue {
  name: string;
  put: (writer: BinaryWriter, number: number) => void;
}

const raw = (bytes: Uint8Array) => (writer: BinaryWriter, number: number) =>
  void writer.tag(number, WireType.LengthDelimited).bytes(bytes);
const text = (name: string, value: string): HostileValue => ({ name, put: raw(Buffer.from(value)) });

/** Texts that a shell, git, a path, a terminal or a log could trip over; `canary` is a path none of them may touch. */
export function hostileTexts(canary: string): Record<string, string> {
  return {
    "a command substitution": `$(touch ${canary})`,
    backticks: `\`touch ${canary}\``,
    "a second command": `x; touch ${canary} #`,
    "a second line": `x\ntouch ${canary}\n`,
    "a quote's end": `'"; touch ${canary}; '`,
    "an option that runs": `--upload-pack=touch ${canary}`,
    "an option": "-rf",
    "a path up": `../../../../../../../../..${canary}`,
    "an absolute path": canary,
    "a terminal's title": "\u001b]0;title\u0007\u001b[2J",
    NUL: `a\0${canary}`,
    "right to left, zero width": "\u202egnp.\u200bx\ufeff",
    "a name of JavaScript": "__proto__",
    "a format": "%s%n%x{{.}}",
    spaces: "   ",
    nothing: "",
  };
}

const STRINGS: HostileValue[] = [
  ...Object.entries(hostileTexts("/tmp/ao-canary")).map(([name, value]) => text(name, value)),
  text("5000 characters", "x".repeat(5000)),
  text("1 MiB", "é".repeat(512 * 1024)),
  { name: "more than a message may hold", put: raw(Buffer.alloc(5 * 1024 * 1024, "x")) },
  { name: "bytes that are no UTF-8", put: raw(Buffer.from([0x61, 0xff, 0xfe, 0x80])) },
  { name: "a lone surrogate", put: raw(Buffer.from([0xed, 0xa0, 0x80])) },
  { name: "a number instead", put: (writer, number) => void writer.tag(number, WireType.Varint).uint32(7) },
];

const VARINTS: HostileValue[] = [
  "-1",
  "0",
  "1",
  "99",
  "2147483647",
  "-2147483648",
  "9007199254740993",
  "9223372036854775807",
  "-9223372036854775808",
].map((value) => ({
  name: value,
  put: (writer, number) => void writer.tag(number, WireType.Varint).int64(BigInt(value)),
}));

const DOUBLES: HostileValue[] = [Number.NaN, Number.POSITIVE_INFINITY, -1e308].map((value) => ({
  name: String(value),
  put: (writer, number) => void writer.tag(number, WireType.Bit64).double(value),
}));

const MESSAGES: HostileValue[] = [
  { name: "an empty message", put: raw(new Uint8Array()) },
  { name: "bytes that are no message", put: raw(Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f])) },
  {
    name: "a thousand of them",
    put: (writer, number) => {
      for (let n = 0; n < 1000; n++) raw(new Uint8Array())(writer, number);
    },
  },
];

const MAPS: HostileValue[] = [
  {
    name: "10 000 entries",
    put: (writer, number) => {
      for (let n = 0; n < 10_000; n++) raw(entry(`k${n}`, "v"))(writer, number);
    },
  },
  ...Object.entries(hostileTexts("/tmp/ao-canary")).flatMap(([name, value]) => [
    { name: `${name} as key`, put: raw(entry(value, "v")) },
    { name: `${name} as value`, put: raw(entry("key", value)) },
  ]),
];

function entry(key: string, value: string): Uint8Array {
  return new BinaryWriter()
    .tag(1, WireType.LengthDelimited)
    .string(key)
    .tag(2, WireType.LengthDelimited)
    .string(value)
    .finish();
}

/** Values for a field of this kind. */
export function hostileValues(kind: ContractField["kind"]): readonly HostileValue[] {
  switch (kind) {
    case "string":
      return STRINGS;
    case "varint":
      return VARINTS;
    case "double":
      return DOUBLES;
    case "message":
      return MESSAGES;
    case "map":
      return MAPS;
  }
}

/** `base` with one field set, as bytes: a later field replaces an earlier one, and merges with an earlier message. */
export function withField(
  base: Uint8Array,
  numbers: readonly number[],
  put: HostileValue["put"],
): Uint8Array {
  const [number = 0, ...below] = numbers;
  const writer = new BinaryWriter();
  if (below.length === 0) put(writer, number);
  else writer.tag(number, WireType.LengthDelimited).bytes(withField(new Uint8Array(), below, put));
  return Buffer.concat([base, writer.finish()]);
}

/** Sets one field to a text. */
export function withText(base: Uint8Array, numbers: readonly number[], value: string): Uint8Array {
  return withField(base, numbers, raw(Buffer.from(value)));
}
