import { ServerError, Status } from "nice-grpc";
import {
  type HealthServiceImplementation,
  HealthCheckResponse_ServingStatus as Serving,
} from "../../gen/grpc/health/v1/health.ts";

/** Standard health service: all services of a server serve, or none does. */
export interface Health {
  readonly service: HealthServiceImplementation;
  /** Tells every watcher; the server does it before it ends their streams. */
  stopServing(): void;
}

/** Makes the health service for the services named; "" stands for the whole server. */
export function createHealth(services: readonly string[]): Health {
  const known = new Set(["", ...services]);
  const watchers = new Set<() => void>();
  let status: Serving = Serving.SERVING;
  const statusOf = (service: string) => (known.has(service) ? status : Serving.SERVICE_UNKNOWN);
  const changed = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        watchers.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      watchers.add(wake);
      signal.addEventListener("abort", wake, { once: true });
    });
  return {
    service: {
      check: async ({ service }) => {
        if (!known.has(service)) throw new ServerError(Status.NOT_FOUND, "unknown service");
        return { status };
      },
      list: async () => ({
        statuses: Object.fromEntries([...known].map((service) => [service, { status }])),
      }),
      async *watch({ service }, { signal }) {
        for (let told: Serving | undefined; ; ) {
          const current = statusOf(service);
          if (current !== told) yield { status: current };
          told = current;
          if (signal.aborted) return;
          if (statusOf(service) === told) await changed(signal);
        }
      },
    },
    stopServing() {
      status = Serving.NOT_SERVING;
      for (const wake of watchers) wake();
    },
  };
}
