import * as tf from "@tensorflow/tfjs";
import { registerBackends } from "./backend.ts";

registerBackends();

export { tf };
