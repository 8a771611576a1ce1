import type { Principal } from "../lifecycle/api.ts";
import type { RpcPath, RpcRequests } from "./rpcs.ts";

/** A session's token as it identifies itself. */
export type SessionPrincipal = Extract<Principal, { kind: "session" }>;

/** Who may call an RPC, and how long one call may take. */
export interface RpcPolicy<Request> {
  /** Whether a session's token may send this message; undefined: never. The operator always may. */
  session?: (request: Request, own: SessionPrincipal) => boolean;
  /** ms after which a call without an answer fails; undefined for streams and for waits the request bounds. */
  limitMs?: number;
}

/** Services that need no token and tell nothing about sessions. */
export const PUBLIC_SERVICES: readonly string[] = [
  "grpc.health.v1.Health",
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
];

const QUICK = { limitMs: 30_000 };
const LAUNCH = { limitMs: 180_000 };
const REMOVE = { limitMs: 180_000 };
const UNBOUND = {};

/** Every RPC once: what is not in this table cannot be called. */
export const RPC_POLICIES: { readonly [Path in RpcPath]: RpcPolicy<RpcRequests[Path]> } = {
  "/ao.v1.ProjectService/AddProject": QUICK,
  "/ao.v1.ProjectService/GetProject": QUICK,
  "/ao.v1.ProjectService/ListProjects": QUICK,
  "/ao.v1.ProjectService/UpdateProject": QUICK,
  "/ao.v1.ProjectService/RemoveProject": QUICK,

  "/ao.v1.SessionService/SpawnSession": LAUNCH,
  "/ao.v1.SessionService/GetSession": {
    ...QUICK,
    session: ({ sessionId }, own) => sessionId === own.sessionId,
  },
  // The handler narrows the list to the caller's own session.
  "/ao.v1.SessionService/ListSessions": { ...QUICK, session: () => true },
  "/ao.v1.SessionService/UpdateSession": QUICK,
  "/ao.v1.SessionService/SendMessage": UNBOUND,
  "/ao.v1.SessionService/ListMessages": QUICK,
  "/ao.v1.SessionService/WaitMessage": UNBOUND,
  "/ao.v1.SessionService/CancelMessage": QUICK,
  "/ao.v1.SessionService/InterruptSession": QUICK,
  "/ao.v1.SessionService/AnswerRequest": QUICK,
  // Its grace is at most 60 s.
  "/ao.v1.SessionService/KillSession": { limitMs: 120_000 },
  "/ao.v1.SessionService/RestoreSession": LAUNCH,
  "/ao.v1.SessionService/RemoveSession": REMOVE,
  "/ao.v1.SessionService/WatchSessions": UNBOUND,
  "/ao.v1.SessionService/WaitSession": UNBOUND,
  "/ao.v1.SessionService/GetTerminal": QUICK,

  "/ao.v1.SalvageService/ListSalvages": QUICK,
  "/ao.v1.SalvageService/GetSalvage": QUICK,
  "/ao.v1.SalvageService/RestoreSalvage": REMOVE,
  "/ao.v1.SalvageService/DropSalvage": QUICK,

  "/ao.v1.ActivityService/ReportActivity": {
    ...QUICK,
    session: ({ signal }, own) => signal?.launchId === own.launchId,
  },
  "/ao.v1.ActivityService/StreamActivity": {
    session: ({ signals }, own) => signals.every((signal) => signal.launchId === own.launchId),
  },
  "/ao.v1.ActivityService/ListSignals": QUICK,
  "/ao.v1.ActivityService/WatchSignals": UNBOUND,
  "/ao.v1.ActivityService/ExplainSession": QUICK,

  "/ao.v1.HarnessService/ListHarnesses": QUICK,
  "/ao.v1.HarnessService/GetHarness": QUICK,
  "/ao.v1.HarnessService/DeriveActivity": QUICK,
  "/ao.v1.HarnessService/ReadScreen": QUICK,
  "/ao.v1.HarnessService/CheckHarness": QUICK,
  "/ao.v1.HarnessService/TrustHarness": QUICK,
  "/ao.v1.HarnessService/DistrustHarness": QUICK,

  "/ao.v1.DaemonService/GetDaemon": QUICK,
  "/ao.v1.DaemonService/CheckDaemon": { limitMs: 60_000 },
  "/ao.v1.DaemonService/StopDaemon": QUICK,
};

/** The policy of a path; undefined when nobody may call it. */
export function policyOf(path: string): RpcPolicy<unknown> | undefined {
  // The guard hands each rule only messages of its own RPC, which the table's type cannot say.
  return (RPC_POLICIES as Readonly<Record<string, RpcPolicy<never>>>)[path] as RpcPolicy<unknown> | undefined;
}

/** True for RPCs that need no token over the network: whether the daemon is there, and nothing else. */
export function isHealth(path: string): boolean {
  return path.startsWith("/grpc.health.v1.Health/");
}

/** True for reflection, which any token opens where it is not public. */
export function isReflection(path: string): boolean {
  return path.startsWith("/grpc.reflection.");
}

/** True for RPCs that need no token on the Unix socket. */
export function isPublic(path: string): boolean {
  return PUBLIC_SERVICES.some((service) => path.startsWith(`/${service}/`));
}
