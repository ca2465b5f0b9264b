import { drawSample } from "../inspect/sample.ts";
import { checkWhole } from "./checkOption.ts";

/** As large as a sheet may be. */
const mostPictures = 1000;

/** Which of many pictures are shown, and what is to be said about it where these are not all. */
export function chooseShown(
  count: number,
  {
    page,
    perPage = 200,
    sample,
    seed = 1,
    who,
  }: {
    page?: number | undefined;
    perPage?: number;
    sample?: number | undefined;
    seed?: number;
    who: string;
  },
): { indices: number[]; note?: string } {
  checkWhole(who, "perPage", perPage, 1, mostPictures);
  const all = count.toLocaleString("en-US");
  if (page !== undefined) {
    const pages = Math.ceil(count / perPage);
    checkWhole(who, "page", page, 1, pages);
    const first = (page - 1) * perPage;
    const indices = Array.from({ length: Math.min(perPage, count - first) }, (_, i) => first + i);
    return {
      indices,
      note: `page ${page} of ${pages}: pictures ${first + 1} to ${first + indices.length} of ${all}`,
    };
  }
  if (sample === undefined && count <= mostPictures)
    return { indices: Array.from({ length: count }, (_, i) => i) };
  const size = Math.min(count, sample ?? perPage);
  checkWhole(who, "sample", size, 1, mostPictures);
  return {
    indices: drawSample(count, size, seed),
    note: `${size} of ${all} pictures, drawn at random with seed ${seed}`,
  };
}
