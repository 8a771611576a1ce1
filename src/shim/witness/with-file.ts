import { type FileHandle, open } from "node:fs/promises";

/** Opens a file to read, gives it to `use`, closes it whatever happens. */
export async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, "r");
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}
