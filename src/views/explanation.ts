import { scaleAdvice } from "../inspect/scaleAdvice.ts";
import { InputError } from "../errors.ts";
import { measureFaithfulness, type Faithfulness } from "../inspect/faithfulness.ts";
import type { AfterBatch, HeatMap } from "../inspect/heatMap.ts";
import type { PictureInput } from "../inspect/modelInputs.ts";
import { askModel, type Question, type QuestionOptions } from "../inspect/question.ts";
import type { Model } from "../inspect/tensors.ts";
import { colorMapNames, type ColorMapName } from "../render/colorMaps.ts";
import { formatNumber } from "../render/formatNumber.ts";
import { drawHeat, overlayHeat, type HeatScale } from "../render/heatPicture.ts";
import { drawPanels, type Panel } from "../render/panels.ts";
import { checkNumber, checkWhole, checkWord } from "./checkOption.ts";
import { describePlace } from "./describePlace.ts";
import { withPatience } from "./patience.ts";
import { toThumbnail } from "./pictureThumbnail.ts";
import { createView, type View } from "./view.ts";

/** Options that all pictures of reasons have. */
export interface ExplanationOptions extends QuestionOptions {
  /** The classes by name, for the title. */
  classNames?: readonly string[] | undefined;
  /** Default: the method, the model and the class. */
  title?: string | undefined;
  /** Default `"viridis"`, `"magma"` for gradients without sign, `"rdbu"` (blue: against, red: for) where there are signs. */
  colorMap?: ColorMapName | undefined;
  /**
   * In how many steps pixels are taken away and put back to see whether the map names those that count; 0: not at all.
   * Default 8, which takes 36 predictions.
   */
  validitySteps?: number | undefined;
  /** How many pictures go through the model at once. Default: about 800,000 numbers, but 4 to 64 pictures. */
  batchSize?: number | undefined;
  /** How many pictures stand in a row, where the width has room for them. Default 4. */
  perRow?: number | undefined;
  /** Of the whole, in pixels. Default: so that a picture has 224. */
  width?: number | undefined;
  /** The PNG is not larger: it is drawn coarser, if need be. Default 1,500,000. */
  maxBytes?: number | undefined;
  /** Stops after the batch that is running. Default: the notebook's stop button. */
  signal?: AbortSignal | undefined;
}

/** The numbers behind a picture of reasons. */
export interface ExplanationData {
  method: string;
  output: string;
  /** Undefined where a function was asked about. */
  classIndex: number | undefined;
  className: string | undefined;
  /** The logit (or the number asked about) for the picture. */
  score: number;
  /** Undefined where the output has no probabilities. */
  probability: number | undefined;
  /** A number for each pixel of the picture. */
  map: HeatMap;
  min: number;
  max: number;
  /** How many numbers of the map are not finite; they are drawn in a grey pattern. */
  nonFinite: number;
  /** Undefined with `validitySteps: 0`. */
  validity: Faithfulness | undefined;
}

/** What one method finds. */
export interface Finding<Extra> {
  map: HeatMap;
  /** Whether there are numbers for and against. */
  signed: boolean;
  colorMap: ColorMapName;
  /** Numbers beyond this share of all have the colour of the end: outliers would hide the rest. */
  percentile?: number;
  /** Maps that are shown beside. */
  others?: { caption: string; map: HeatMap }[];
  /** What else there is to say. */
  notes: string[];
  extra: Extra;
}

/** Asks a model about a picture by one method and shows the picture, the map over it and the map by itself. */
export async function explain<Extra extends object>(
  model: Model,
  image: PictureInput,
  { who, method }: { who: string; method: string },
  options: ExplanationOptions,
  find: (
    question: Question,
    sampling: { batchSize: number; afterBatch: AfterBatch },
  ) => Promise<Finding<Extra>>,
): Promise<View<ExplanationData & Extra>> {
  const { classNames, colorMap, validitySteps = 8, perRow = 4, width } = options;
  const { maxBytes = 1_500_000, signal } = options;
  checkWhole(who, "validitySteps", validitySteps, 0);
  if (options.batchSize !== undefined) checkWhole(who, "batchSize", options.batchSize);
  checkWhole(who, "perRow", perRow);
  checkNumber(who, "maxBytes", maxBytes);
  if (width !== undefined) checkWhole(who, "width", width, 100);
  if (colorMap !== undefined) checkWord(who, "colorMap", colorMap, colorMapNames);

  return withPatience(method, signal, (afterBatch) =>
    askModel(model, image, options, who, async (question) => {
      const { classes } = question.score;
      if (classNames && classes !== undefined && classNames.length !== classes) {
        const expected = `classNames: a name for each of ${classes} classes`;
        throw new InputError({ who, expected, found: String(classNames.length) });
      }
      const batchSize = options.batchSize ?? usualBatch(question);
      const finding = await find(question, { batchSize, afterBatch });
      const { map, notes, extra } = finding;
      const validity =
        validitySteps === 0
          ? undefined
          : await measureFaithfulness(question, map, { steps: validitySteps, batchSize, afterBatch });
      const data = {
        ...describeAnswer(question, classNames),
        method,
        map,
        ...measureMap(map),
        validity,
        ...extra,
      };
      const { picture, note } = await toThumbnail(question.picture);
      const title = options.title ?? `${method} of ${model.name}: ${nameAnswer(data)}`;
      const lines = [
        describePlace(finding),
        ...notes,
        data.nonFinite > 0 &&
          `${data.nonFinite} of ${map.values.length} numbers are not finite (grey pattern)`,
        validity && describeValidity(validity),
        scaleAdvice(model, [question.picture]),
        note,
      ].filter((line) => typeof line === "string");
      return createView({
        data,
        text: [title, ...lines].join("\n"),
        alt: `${title}: ${lines[0]!}`,
        png: () =>
          drawPanels(panelsOf(picture, finding, data, colorMap), {
            title,
            notes: lines,
            width,
            perRow,
            maxBytes,
          }),
      });
    }),
  );
}

/** Small pictures are faster together; of large ones many at once would need much memory. */
function usualBatch({ picture }: Question): number {
  return Math.min(64, Math.max(4, Math.round(800_000 / picture.size)));
}

function describeAnswer(
  { score, value, confidence }: Question,
  classNames: readonly string[] | undefined,
): Pick<ExplanationData, "output" | "classIndex" | "className" | "score" | "probability"> {
  const { outputName, classIndex, activation } = score;
  return {
    output: outputName,
    classIndex,
    className: classIndex === undefined ? undefined : classNames?.[classIndex],
    score: value,
    probability: activation === "linear" ? undefined : confidence,
  };
}

/** "Egyptian cat" (class 285, probability 0.66) */
function nameAnswer({ classIndex, className, probability, score, output }: ExplanationData): string {
  const numbers =
    probability === undefined ? `score ${formatNumber(score)}` : `probability ${formatNumber(probability)}`;
  if (classIndex === undefined) return `the function of "${output}" (${numbers})`;
  if (className === undefined) {
    return probability === undefined
      ? `number ${classIndex} of "${output}" (${numbers})`
      : `class ${classIndex} (${numbers})`;
  }
  return `“${className}” (class ${classIndex}, ${numbers})`;
}

function measureMap({ values }: HeatMap): { min: number; max: number; nonFinite: number } {
  const finite = values.filter(Number.isFinite);
  return {
    min: finite.reduce((a, b) => Math.min(a, b), Infinity),
    max: finite.reduce((a, b) => Math.max(a, b), -Infinity),
    nonFinite: values.length - finite.length,
  };
}

function describeValidity({ deletion, insertion, moved }: Faithfulness): string {
  const [first, second, third, fourth] = [deletion, insertion, moved.deletion, moved.insertion].map(
    formatNumber,
  );
  return (
    `deletion ${first!} (lower is better), insertion ${second!} (higher is better); ` +
    `the map moved by half the picture: ${third!} and ${fourth!}`
  );
}

/** Over how much of the range numbers are coloured: all, or up to a percentile of their sizes. */
function scaleOf({ map, signed, percentile = 1 }: Finding<object>, colors: ColorMapName): HeatScale {
  const sizes = map.values.filter(Number.isFinite).map(Math.abs).sort();
  const high = sizes[Math.floor(percentile * (sizes.length - 1))] ?? 0;
  return { colors, low: signed ? -high : 0, high };
}

function panelsOf(
  picture: Panel["picture"],
  finding: Finding<object>,
  { method, map }: ExplanationData,
  colorMap: ColorMapName = finding.colorMap,
): Panel[] {
  const scale = scaleOf(finding, colorMap);
  const heat = drawHeat(map.values, map, scale);
  return [
    { caption: "picture", picture },
    { caption: `${method} over it`, picture: overlayHeat(picture, map.values, scale) },
    { caption: "by itself", picture: heat, bar: scale },
    ...(finding.others ?? []).map(({ caption, map: other }) => {
      const own = scaleOf({ ...finding, map: other }, colorMap);
      return { caption, picture: drawHeat(other.values, other, own), bar: own };
    }),
  ];
}
