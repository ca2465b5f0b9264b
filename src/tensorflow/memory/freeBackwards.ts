import type { NamedTensorMap, Tensor } from "@tensorflow/tfjs";
import { engineParts, isFirst } from "./engineParts.ts";

type Gradients = Record<string, () => Tensor>;

/** An operation of a forward pass, of which the gradient is to be taken. */
interface TapeNode {
  saved?: Tensor[];
  /** An output on which nothing depends has no gradient. */
  gradient?: (dys: (Tensor | null)[]) => Gradients;
}

/** The parts of the engine that take gradients. */
interface Differentiating {
  state: { activeTape: TapeNode[]; gradientDepth: number };
  /** Takes a number: tensors that are made later have higher ones. */
  nextTensorId(): number;
  addTapeNode(name: string, inputs: NamedTensorMap, ...rest: unknown[]): void;
  gradients(...args: unknown[]): unknown;
}

/**
 * Frees on the way back through a network what only the way back needed: what an operation has saved, and the gradient of its output, as
 * soon as the gradients of its inputs are there. TensorFlow.js keeps all of it to the end, so that the gradients of VGG-16 took twice
 * the memory of its activations besides.
 */
export function freeBackwards(): void {
  if (!isFirst("freeBackwards")) return;
  const engine = engineParts() as unknown as Differentiating;
  const addTapeNode = engine.addTapeNode.bind(engine);
  const gradients = engine.gradients.bind(engine);
  /** What the operation before has no use for any more; undefined when there was none. */
  let finished: Tensor[] | undefined;

  engine.gradients = (...args) => {
    const outer = finished;
    finished = undefined;
    try {
      return gradients(...args);
    } finally {
      finished = outer;
    }
  };
  engine.addTapeNode = (...args) => {
    addTapeNode(...args);
    const node = engine.state.activeTape.at(-1)!;
    const { gradient, saved = [] } = node;
    if (gradient === undefined) return;
    node.gradient = (dys) => {
      // Within another gradient the tensors of this one are of use still.
      if (engine.state.gradientDepth > 0) return gradient(dys);
      // The gradient of the result belongs to whoever has given it.
      const isFirst = finished === undefined;
      for (const tensor of finished ?? []) if (!tensor.isDisposed) tensor.dispose();
      finished = isFirst ? saved : [...saved, ...dys.filter((dy): dy is Tensor => dy?.kept === false)];
      return onlyNew(engine, () => gradient(dys));
    };
  };
}

/** Clones those gradients that are a tensor of somebody else's, or one that two inputs share: each is freed by itself. */
function onlyNew(engine: Differentiating, compute: () => Gradients): Gradients {
  const oldest = engine.nextTensorId();
  const seen = new Set<Tensor>();
  const own = (find: () => Tensor) => (): Tensor => {
    const gradient = find();
    if (gradient.id < oldest || seen.has(gradient)) return gradient.clone();
    seen.add(gradient);
    return gradient;
  };
  return Object.fromEntries(Object.entries(compute()).map(([name, find]) => [name, own(find)]));
}
