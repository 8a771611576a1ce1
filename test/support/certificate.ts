import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** A key and a certificate it signed itself, PEM. */
export interface TestCertificate {
  cert: string;
  key: string;
}

const OID = {
  ecdsaWithSha256: "2a8648ce3d040302",
  commonName: "550403",
  subjectAltName: "551d11",
  basicConstraints: "551d13",
};

/**
 * Makes a self-signed certificate for 127.0.0.1 and localhost that lasts from a day ago for `days` days.
 *
 * Written out by hand (RFC 5280, DER): Node reads certificates and makes none, and not every host has openssl.
 */
export function makeCertificate({ days = 30 }: { days?: number } = {}): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const now = Date.now();
  const day = 24 * 60 * 60_000;
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const name = sequence(der(0x31, sequence(oid(OID.commonName), der(0x0c, Buffer.from("ao test")))));
  const altNames = sequence(der(0x87, Buffer.from([127, 0, 0, 1])), der(0x82, Buffer.from("localhost")));
  const extensions = sequence(
    sequence(oid(OID.subjectAltName), der(0x04, altNames)),
    sequence(
      oid(OID.basicConstraints),
      der(0x01, Buffer.from([0xff])),
      der(0x04, sequence(der(0x01, Buffer.from([0xff])))),
    ),
  );
  const body = sequence(
    der(0xa0, integer(2)),
    integer(1 + Math.floor(Math.random() * 1e9)),
    algorithm,
    name,
    sequence(time(now - day), time(now + days * day)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, extensions),
  );
  const certificate = sequence(body, algorithm, bitString(sign("sha256", body, privateKey)));
  return { cert: pem("CERTIFICATE", certificate), key: keyPem(privateKey) };
}

function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...contents: readonly Buffer[]) => der(0x30, ...contents);
const oid = (hex: string) => der(0x06, Buffer.from(hex, "hex"));
const bitString = (bits: Buffer) => der(0x03, Buffer.from([0]), bits);

function integer(value: number): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, "hex");
  return der(0x02, (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** GeneralizedTime: YYYYMMDDHHMMSSZ. */
function time(epochMs: number): Buffer {
  return der(0x18, Buffer.from(`${new Date(epochMs).toISOString().slice(0, 19).replace(/\D/g, "")}Z`));
}

function pem(label: string, content: Buffer): string {
  const lines = content.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

function keyPem(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}
