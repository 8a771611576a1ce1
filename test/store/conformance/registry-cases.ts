import * as assert from "uvu/assert";
import { suite } from "../../support/suite.ts";
import { project, session } from "../samples.ts";
import { allPages, refused, type WithStore } from "./conformance-case.ts";

/** Harnesses, projects and the numbers of sessions. */
export function registryCases(name: string, withStore: WithStore): void {
  suite(`${name}: harnesses and projects`, ({ test }) => {
    test(
      "harnesses of removed specs stay readable, unsupported, and so do their sessions",
      withStore(async (store) => {
        await store.commit({ sessions: [session("shop-1")] });
        await store.syncHarnesses([
          { id: "other", displayName: "Other" },
          { id: "codex", displayName: "Codex" },
        ]);
        assert.equal(await store.listHarnesses(), [
          { id: "codex", displayName: "Codex", supported: true },
          { id: "demo", displayName: "Demo", supported: false },
          { id: "other", displayName: "Other", supported: true },
        ]);
        assert.is((await store.getSession("shop-1"))?.harness, "demo");
        await store.commit({ sessions: [session("shop-1", { name: "renamed" })] });
        assert.is((await store.getSession("shop-1"))?.name, "renamed");
        await store.syncHarnesses([{ id: "demo", displayName: "Demo 2" }]);
        assert.equal((await store.listHarnesses())[1], {
          id: "demo",
          displayName: "Demo 2",
          supported: true,
        });
        await store.syncHarnesses([]);
        assert.not((await store.listHarnesses()).some((row) => row.supported));
      }),
    );

    test(
      "projects are inserted once, updated, listed by id in pages, deleted",
      withStore(async (store) => {
        for (const id of ["zoo", "api", "web"]) await store.insertProject(project(id));
        await refused(store.insertProject(project("api", { path: "/elsewhere" })), "PROJECT_EXISTS");
        assert.equal(await store.getProject("api"), project("api"));
        await store.updateProject(project("api", { defaultBranch: "trunk", updateTime: 5 }));
        assert.is((await store.getProject("api"))?.defaultBranch, "trunk");
        await refused(store.updateProject(project("none")), "PROJECT_NOT_FOUND");
        const listed = await allPages((after) => store.listProjects({ limit: 2, after }));
        assert.equal(
          listed.map((row) => row.id),
          ["api", "shop", "web", "zoo"],
        );
        await store.deleteProject("api");
        assert.is(await store.getProject("api"), undefined);
      }),
    );

    test(
      "a project with sessions is not deleted",
      withStore(async (store) => {
        await store.commit({ sessions: [session("shop-1")] });
        await refused(store.deleteProject("shop"), "PROJECT_IN_USE");
        await store.commit({ removedSessionIds: ["shop-1"] });
        await store.deleteProject("shop");
      }),
    );

    test(
      "session numbers are never given twice: not at once, not after removal, not to a project registered again",
      withStore(async (store) => {
        const numbers = await Promise.all([1, 2, 3].map(() => store.nextSessionNumber("shop")));
        assert.equal(numbers.toSorted(), [1, 2, 3]);
        await store.commit({ sessions: [session("shop-3")] });
        await store.commit({ removedSessionIds: ["shop-3"] });
        assert.is(await store.nextSessionNumber("shop"), 4);
        await store.deleteProject("shop");
        await refused(store.nextSessionNumber("shop"), "PROJECT_NOT_FOUND");
        await store.insertProject(project());
        assert.is(await store.nextSessionNumber("shop"), 5);
      }),
    );
  });
}
