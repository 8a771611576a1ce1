import { cline } from "../cline.ts";
import { runConformanceOf } from "../run-conformance.ts";

runConformanceOf(cline);
