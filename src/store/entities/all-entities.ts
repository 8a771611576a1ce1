import { ChangeEntity } from "./change-entity.ts";
import { HarnessEntity } from "./harness-entity.ts";
import { LaunchEntity } from "./launch-entity.ts";
import { MessageEntity } from "./message-entity.ts";
import { ProjectEntity } from "./project-entity.ts";
import { SessionCounterEntity } from "./session-counter-entity.ts";
import { SessionEntity } from "./session-entity.ts";
import { SignalEntity } from "./signal-entity.ts";

/** Every entity the ORM knows; a test compares their tables with what the migrations make. */
export const ALL_ENTITIES = [
  HarnessEntity,
  ProjectEntity,
  SessionCounterEntity,
  SessionEntity,
  LaunchEntity,
  SignalEntity,
  ChangeEntity,
  MessageEntity,
];
