import { ActivityServiceDefinition } from "../../gen/ao/v1/activity_service.ts";
import { DaemonServiceDefinition } from "../../gen/ao/v1/daemon_service.ts";
import { HarnessServiceDefinition } from "../../gen/ao/v1/harness_service.ts";
import { ProjectServiceDefinition } from "../../gen/ao/v1/project_service.ts";
import { SalvageServiceDefinition } from "../../gen/ao/v1/salvage_service.ts";
import { SessionServiceDefinition } from "../../gen/ao/v1/session_service.ts";

/** Every service of ao's own. */
export const SERVICES = [
  ProjectServiceDefinition,
  SessionServiceDefinition,
  SalvageServiceDefinition,
  ActivityServiceDefinition,
  HarnessServiceDefinition,
  DaemonServiceDefinition,
] as const;

interface Service {
  fullName: string;
  methods: Record<string, { name: string; requestType: { decode(bytes: Uint8Array): unknown } }>;
}

type RequestsOf<S extends Service> = {
  [Method in keyof S["methods"] as `/${S["fullName"]}/${S["methods"][Method]["name"]}`]: ReturnType<
    S["methods"][Method]["requestType"]["decode"]
  >;
};

/** Request message of every RPC, by path. */
export type RpcRequests = RequestsOf<typeof ProjectServiceDefinition> &
  RequestsOf<typeof SessionServiceDefinition> &
  RequestsOf<typeof SalvageServiceDefinition> &
  RequestsOf<typeof ActivityServiceDefinition> &
  RequestsOf<typeof HarnessServiceDefinition> &
  RequestsOf<typeof DaemonServiceDefinition>;

/** Path of an RPC, such as "/ao.v1.SessionService/GetSession". */
export type RpcPath = keyof RpcRequests;
