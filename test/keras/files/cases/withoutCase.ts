/** Classes that no case of their own can have, and why. */
export const withoutCase: Readonly<Record<string, string>> = {
  InputLayer: "in every functional model",
  Operation: "in operations.test.ts",
  ResetAfterGRUCell: "in ResetAfterGRU",
  SimpleRNNCell: "in RNN and StackedRNNCells",
  GRUCell: "in StackedRNNCells",
  LSTMCell: "in RNN",
  ConvLSTM2DCell: "in ConvLSTM2D",
  RandomWidth: "Keras 3 has no such layer; saving says so",
};
