import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** Finds files of a FileDescriptorSet by name and by symbol; hands out their bytes as they are. */
export interface DescriptorIndex {
  /** Full names of all services. */
  readonly services: readonly string[];
  /** Paths of all RPCs, such as "/ao.v1.SessionService/GetSession". */
  readonly methods: readonly string[];
  /** The file and everything it imports, in no particular order; undefined when there is no such file. */
  byFilename(name: string): Uint8Array[] | undefined;
  /** As `byFilename`, for the file that declares a service, method, message or enum. */
  bySymbol(symbol: string): Uint8Array[] | undefined;
}

interface File {
  name: string;
  bytes: Uint8Array;
  dependencies: string[];
  services: { name: string; methods: string[] }[];
  symbols: string[];
}

/** Field numbers of google/protobuf/descriptor.proto. */
const SET = { file: 1 };
const FILE = { name: 1, package: 2, dependency: 3, message: 4, enum: 5, service: 6 };
const MESSAGE = { name: 1, nested: 3, enum: 4 };
const SERVICE = { name: 1, method: 2 };
const NAME = 1;

/**
 * Reads the output of `buf build --as-file-descriptor-set`.
 *
 * A parser for descriptors would decode and encode them again; clients such as `buf curl` want them as compiled.
 */
export function createDescriptorIndex(descriptorSet: Uint8Array): DescriptorIndex {
  const files = new Map(
    fieldsOf(descriptorSet)
      .get(SET.file)
      .map((bytes) => {
        const file = readFile(bytes);
        return [file.name, file] as const;
      }),
  );
  const bySymbol = new Map(
    [...files.values()].flatMap((file) => file.symbols.map((symbol) => [symbol, file])),
  );
  const closure = (file: File | undefined) => file && [...reach(file, files)].map(({ bytes }) => bytes);
  const services = [...files.values()].flatMap((file) => file.services);
  return {
    services: services.map(({ name }) => name).sort(),
    methods: services.flatMap(({ name, methods }) => methods.map((method) => `/${name}/${method}`)).sort(),
    byFilename: (name) => closure(files.get(name)),
    bySymbol: (symbol) => closure(bySymbol.get(symbol)),
  };
}

function reach(file: File, files: ReadonlyMap<string, File>, seen = new Set<File>()): Set<File> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const name of file.dependencies) {
    const dependency = files.get(name);
    if (dependency) reach(dependency, files, seen);
  }
  return seen;
}

function readFile(bytes: Uint8Array): File {
  const fields = fieldsOf(bytes);
  const prefix = fields.texts(FILE.package)[0] ?? "";
  const within = (name: string) => (prefix ? `${prefix}.${name}` : name);
  const services = fields.get(FILE.service).map((service) => ({
    name: within(nameOf(service)),
    methods: fieldsOf(service).get(SERVICE.method).map(nameOf),
  }));
  return {
    name: fields.texts(FILE.name)[0] ?? "",
    bytes,
    dependencies: fields.texts(FILE.dependency),
    services,
    symbols: [
      ...services.flatMap(({ name, methods }) => [name, ...methods.map((method) => `${name}.${method}`)]),
      ...fields.get(FILE.enum).map((declaration) => within(nameOf(declaration))),
      ...fields.get(FILE.message).flatMap((message) => messageSymbols(message, prefix)),
    ],
  };
}

function messageSymbols(bytes: Uint8Array, prefix: string): string[] {
  const fields = fieldsOf(bytes);
  const name = [prefix, fields.texts(MESSAGE.name)[0] ?? ""].filter(Boolean).join(".");
  return [
    name,
    ...fields.get(MESSAGE.enum).map((declaration) => `${name}.${nameOf(declaration)}`),
    ...fields.get(MESSAGE.nested).flatMap((nested) => messageSymbols(nested, name)),
  ];
}

function nameOf(bytes: Uint8Array): string {
  return fieldsOf(bytes).texts(NAME)[0] ?? "";
}

/** The length-delimited fields of one message, by number. */
function fieldsOf(bytes: Uint8Array) {
  const reader = new BinaryReader(bytes);
  const found: { number: number; bytes: Uint8Array }[] = [];
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (type === WireType.LengthDelimited) found.push({ number, bytes: reader.bytes() });
    else reader.skip(type, number);
  }
  const get = (number: number) =>
    found.filter((field) => field.number === number).map((field) => field.bytes);
  return { get, texts: (number: number) => get(number).map((value) => Buffer.from(value).toString()) };
}
