import { pi } from "../pi.ts";
import { runConformanceOf } from "../run-conformance.ts";

runConformanceOf(pi);
