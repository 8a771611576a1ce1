import { randomBytes } from "node:crypto";
import { chmod, readFile } from "node:fs/promises";
import { writeFileAtomic } from "../util/atomic-file.ts";

/** The operator token of this installation; made on first use, mode 0600. */
export async function operatorToken(path: string): Promise<string> {
  try {
    const token = (await readFile(path, "utf8")).trim();
    await chmod(path, 0o600);
    if (token.length >= 32) return token;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const token = randomBytes(32).toString("base64url");
  await writeFileAtomic(path, `${token}\n`);
  return token;
}
