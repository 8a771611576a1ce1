import { continueCli } from "../continue.ts";
import { runConformanceOf } from "../run-conformance.ts";

runConformanceOf(continueCli);
