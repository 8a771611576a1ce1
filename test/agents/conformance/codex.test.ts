import { codex } from "../codex.ts";
import { runConformanceOf } from "../run-conformance.ts";

runConformanceOf(codex);
