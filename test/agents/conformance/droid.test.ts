import { droid } from "../droid.ts";
import { runConformanceOf } from "../run-conformance.ts";

runConformanceOf(droid);
