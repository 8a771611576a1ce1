import { grok } from "../grok.ts";
import { runConformanceOf } from "../run-conformance.ts";

runConformanceOf(grok);
