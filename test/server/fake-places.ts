import { AoError } from "../../src/core/errors.ts";
import type { App } from "../../src/lifecycle/api.ts";
import { project, salvage } from "./fake-rows.ts";
import type { FakeState } from "./fake-state.ts";

/** Two salvages, web-8 and web-9. */
export function fakeSalvages(fake: FakeState): App["salvages"] {
  const salvages: App["salvages"] = {
    async list(options) {
      fake.note("listSalvages", options);
      const all = [salvage("web-8"), salvage("web-9")];
      const start = options.after ? all.findIndex(({ ref }) => ref === options.after) + 1 : 0;
      const rows = all.slice(start, start + options.limit);
      return { rows, next: start + options.limit < all.length ? rows.at(-1)?.ref : undefined };
    },
    async get(id) {
      fake.note("getSalvage", id);
      if (!id.endsWith("web-9")) throw new AoError("SALVAGE_NOT_FOUND", { salvage: id });
      return salvage("web-9");
    },
    async restore(request) {
      fake.note("restoreSalvage", request);
      const found = await salvages.get(request.salvage);
      if (request.path === "/taken") throw new AoError("PATH_IN_USE", { path: request.path });
      return { salvage: found, path: request.path || "/back", branch: request.branch, notes: ["a note"] };
    },
    async drop(id) {
      fake.note("dropSalvage", id);
      return id.endsWith("web-9") ? "c0ffee" : undefined;
    },
  };
  return salvages;
}

/** Projects in memory; "web" is in use. */
export function fakeProjects(fake: FakeState): App["projects"] {
  const projects: App["projects"] = {
    async add(request) {
      fake.note("add", request);
      const added = { ...project(request.id || "added"), path: request.path };
      fake.projects.set(added.id, added);
      return added;
    },
    async get(id) {
      fake.note("getProject", id);
      const found = fake.projects.get(id);
      if (!found) throw new AoError("PROJECT_NOT_FOUND", { project: id });
      return found;
    },
    async list(options) {
      fake.note("listProjects", options);
      return { rows: [...fake.projects.values()].slice(0, options.limit) };
    },
    async update(id, fields) {
      fake.note("updateProject", { id, fields });
      return { ...(await projects.get(id)), ...fields };
    },
    async remove(id) {
      fake.note("removeProject", id);
      if (id === "web") throw new AoError("PROJECT_IN_USE", { project: id, sessions: fake.sessions.size });
    },
  };
  return projects;
}
