import { kimi } from "../kimi.ts";
import { runConformanceOf } from "../run-conformance.ts";

runConformanceOf(kimi);
