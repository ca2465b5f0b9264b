// Tests count tensors: what the collector frees in between would hide what they look for, or what they have themselves left behind.
process.env.CONVOSCOPE_COLLECT = "off";
