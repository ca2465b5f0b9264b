// The three deep nets of the courses, layer by layer, without trained weights: time does not depend on them.

/** VGG-16 with its classifier (Simonyan and Zisserman 2014). */
export function vgg16(tf) {
  const { layers } = tf;
  const kernelInitializer = "glorotUniform";
  const convolution = { kernelSize: 3, padding: "same", activation: "relu", kernelInitializer };
  const block = (count, filters) => [
    ...Array.from({ length: count }, () => layers.conv2d({ ...convolution, filters })),
    layers.maxPooling2d({ poolSize: 2, strides: 2 }),
  ];
  const dense = (units, activation) => layers.dense({ units, activation, kernelInitializer });
  return tf.sequential({
    layers: [
      layers.inputLayer({ inputShape: [224, 224, 3] }),
      ...block(2, 64),
      ...block(2, 128),
      ...block(3, 256),
      ...block(3, 512),
      ...block(3, 512),
      layers.flatten(),
      ...[dense(4096, "relu"), dense(4096, "relu"), dense(1000, "softmax")],
    ],
  });
}

/** InceptionV3 without its classifier (Szegedy et al. 2015) for pictures of 150 × 150. */
export function inceptionV3(tf) {
  const { layers } = tf;
  const apply = (input, ...list) => list.reduce((value, layer) => layer.apply(value), input);
  const conv = (filters, kernelSize, { strides = 1, padding = "same" } = {}) => [
    layers.conv2d({
      ...{ filters, kernelSize, strides, padding, useBias: false },
      kernelInitializer: "glorotUniform",
    }),
    layers.batchNormalization({ scale: false }),
    layers.activation({ activation: "relu" }),
  ];
  const average = () => layers.averagePooling2d({ poolSize: 3, strides: 1, padding: "same" });
  const shrink = () => layers.maxPooling2d({ poolSize: 3, strides: 2 });
  const join = (...branches) => layers.concatenate({ axis: -1 }).apply(branches);
  const half = { strides: 2, padding: "valid" };

  const input = tf.input({ shape: [150, 150, 3] });
  const stem = [...conv(32, 3, half), ...conv(32, 3, { padding: "valid" }), ...conv(64, 3), shrink()];
  let x = apply(
    input,
    ...stem,
    ...conv(80, 1, { padding: "valid" }),
    ...conv(192, 3, { padding: "valid" }),
    shrink(),
  );
  for (const pooled of [32, 64, 64]) {
    x = join(
      apply(x, ...conv(64, 1)),
      apply(x, ...conv(48, 1), ...conv(64, 5)),
      apply(x, ...conv(64, 1), ...conv(96, 3), ...conv(96, 3)),
      apply(x, average(), ...conv(pooled, 1)),
    );
  }
  x = join(
    apply(x, ...conv(384, 3, half)),
    apply(x, ...conv(64, 1), ...conv(96, 3), ...conv(96, 3, half)),
    apply(x, shrink()),
  );
  for (const width of [128, 160, 160, 192]) {
    const row = (filters) => conv(filters, [1, 7]);
    const column = (filters) => conv(filters, [7, 1]);
    x = join(
      apply(x, ...conv(192, 1)),
      apply(x, ...conv(width, 1), ...row(width), ...column(192)),
      apply(x, ...conv(width, 1), ...column(width), ...row(width), ...column(width), ...row(192)),
      apply(x, average(), ...conv(192, 1)),
    );
  }
  x = join(
    apply(x, ...conv(192, 1), ...conv(320, 3, half)),
    apply(x, ...conv(192, 1), ...conv(192, [1, 7]), ...conv(192, [7, 1]), ...conv(192, 3, half)),
    apply(x, shrink()),
  );
  for (let block = 0; block < 2; block++) {
    const middle = apply(x, ...conv(384, 1));
    const double = apply(x, ...conv(448, 1), ...conv(384, 3));
    x = join(
      apply(x, ...conv(320, 1)),
      join(apply(middle, ...conv(384, [1, 3])), apply(middle, ...conv(384, [3, 1]))),
      join(apply(double, ...conv(384, [1, 3])), apply(double, ...conv(384, [3, 1]))),
      apply(x, average(), ...conv(192, 1)),
    );
  }
  return tf.model({ inputs: input, outputs: x });
}

/** MobileNet (Howard et al. 2017) for 1,000 classes. */
export function mobileNet(tf) {
  const { layers } = tf;
  const normalised = () => [
    layers.batchNormalization({ epsilon: 0.001, momentum: 0.99 }),
    layers.reLU({ maxValue: 6 }),
  ];
  const initial = { kernelInitializer: "glorotUniform" };
  const pointwise = (filters) => [
    layers.conv2d({ filters, kernelSize: 1, padding: "same", useBias: false, ...initial }),
    ...normalised(),
  ];
  const block = (filters, strides) => {
    const depthwise = { kernelSize: 3, strides, padding: strides === 1 ? "same" : "valid", useBias: false };
    return [
      ...(strides === 1
        ? []
        : [
            layers.zeroPadding2d({
              padding: [
                [0, 1],
                [0, 1],
              ],
            }),
          ]),
      layers.depthwiseConv2d({ ...depthwise, depthwiseInitializer: "glorotUniform" }),
      ...normalised(),
      ...pointwise(filters),
    ];
  };
  return tf.sequential({
    layers: [
      layers.inputLayer({ inputShape: [224, 224, 3] }),
      layers.conv2d({ filters: 32, kernelSize: 3, strides: 2, padding: "same", useBias: false, ...initial }),
      ...normalised(),
      ...[block(64, 1), block(128, 2), block(128, 1), block(256, 2), block(256, 1), block(512, 2)].flat(),
      ...Array.from({ length: 5 }, () => block(512, 1)).flat(),
      ...[block(1024, 2), block(1024, 1)].flat(),
      layers.globalAveragePooling2d({}),
      layers.reshape({ targetShape: [1, 1, 1024] }),
      layers.dropout({ rate: 0.001 }),
      layers.conv2d({ filters: 1000, kernelSize: 1, padding: "same", ...initial }),
      layers.reshape({ targetShape: [1000] }),
      layers.activation({ activation: "softmax" }),
    ],
  });
}
