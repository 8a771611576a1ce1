import { randomBytes } from "node:crypto";
import { AoError } from "./errors.ts";

/** The one id grammar of every layer: projects, sessions, harnesses, launches, names of branches' last part. */
export const ID_PATTERN = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** True when `value` is an id. */
export function isId(value: string): boolean {
  return ID_PATTERN.test(value);
}

/** Returns `value` if it is an id; throws INVALID_FIELD naming `field` otherwise. */
export function parseId(field: string, value: string): string {
  if (isId(value)) return value;
  throw new AoError("INVALID_FIELD", {
    field,
    value,
    problem: "must be 1 to 63 of a-z, 0-9 and '-', and start with a letter or digit",
  });
}

/** A fresh launch id: 20 characters of base 36, never reused. */
export function newLaunchId(): string {
  const digits = [...randomBytes(19)].map((byte) => (byte % 36).toString(36));
  return `l${digits.join("")}`;
}

/** A fresh message id: short enough to be typed by a person, 36^9 of them. */
export function newMessageId(): string {
  const digits = [...randomBytes(9)].map((byte) => (byte % 36).toString(36));
  return `m-${digits.join("")}`;
}

/** A fresh epoch: who wrote a revision, told apart from every other writer of this database or a copy of it. */
export function newEpoch(): string {
  return `e${randomBytes(8).toString("hex")}`;
}

/** An id made from free text such as a directory's name; "project" when nothing of it can be kept. */
export function slug(text: string): string {
  const kept = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "");
  return kept || "project";
}
