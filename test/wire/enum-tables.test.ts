import * as assert from "uvu/assert";
import * as activity from "../../gen/ao/v1/activity.ts";
import * as daemon from "../../gen/ao/v1/daemon.ts";
import * as harness from "../../gen/ao/v1/harness.ts";
import * as session from "../../gen/ao/v1/session.ts";
import * as service from "../../gen/ao/v1/session_service.ts";
import { checkLevels } from "../../src/wire/daemon.ts";
import type { EnumTable } from "../../src/wire/enum-table.ts";
import { evidences, gateHandlings, harnessTrusts } from "../../src/wire/harness.ts";
import * as requests from "../../src/wire/request-words.ts";
import { screenKinds } from "../../src/wire/screen.ts";
import * as words from "../../src/wire/session-words.ts";
import { signalKinds, signalOutcomes } from "../../src/wire/signal.ts";
import { suite } from "../support/suite.ts";

const TABLES: [string, EnumTable<string, number>, Readonly<Record<string, number>>][] = [
  ["SessionKind", words.sessionKinds, session.SessionKind],
  ["SessionStatus", words.statuses, session.SessionStatus],
  ["ProcessState", words.processStates, session.ProcessState],
  ["ExitCause", words.exitCauses, session.ExitCause],
  ["ActivityState", words.activityStates, session.ActivityState],
  ["WaitingKind", words.waitingKinds, session.WaitingKind],
  ["PermissionMode", words.permissionModes, session.PermissionMode],
  ["RestoreMode", words.restoreModes, session.RestoreMode],
  ["RuntimeKind", words.runtimeKinds, session.RuntimeKind],
  ["WhenBusy", requests.whenBusyWords, service.WhenBusy],
  ["SendStage", requests.sendStages, service.SendStage],
  ["Answer", requests.answers, service.Answer],
  ["WatchEventType", requests.watchTypes, service.WatchEventType],
  ["SignalKind", signalKinds, activity.SignalKind],
  ["SignalOutcome", signalOutcomes, activity.SignalOutcome],
  ["Evidence", evidences, harness.Evidence],
  ["GateHandling", gateHandlings, harness.GateHandling],
  ["HarnessTrust", harnessTrusts, harness.HarnessTrust],
  ["ScreenKind", screenKinds, harness.ScreenKind],
  ["CheckLevel", checkLevels, daemon.CheckLevel],
];

suite("wire/enum tables", ({ test }) => {
  for (const [name, table, generated] of TABLES) {
    test(`every value of ${name} has its word, by the same name, both ways`, () => {
      const prefix = name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
      const values = Object.entries(generated).filter(([, value]) => value > 0);
      assert.equal(
        values.map(([key]) => key).sort(),
        table.words.map((word) => `${prefix}_${word.replaceAll("-", "_").toUpperCase()}`).sort(),
      );
      for (const word of table.words) assert.is(table.fromProto(table.toProto(word as never)), word);
      assert.is(table.fromProto(0), undefined);
      assert.is(table.fromProto(-1), undefined);
    });
  }
});
