import { SessionLs } from "./session/ls.ts";

/** `ao session ls` under the name people type all day. */
export class Ls extends SessionLs {}
