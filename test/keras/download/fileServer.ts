import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a server does wrong, and what it was asked. */
export interface FileServer {
  url: string;
  /** The bytes that each answer may have before the connection is cut; after the last, answers are whole. */
  cuts: number[];
  /** Whether parts are given on request. */
  ranges: boolean;
  /** The name of this version of the file; "" for none. */
  version: string;
  content: Buffer;
  /** Whether the length is told. */
  tellsLength: boolean;
  /** The statuses of the next answers. */
  failures: number[];
  /** Where the file has moved to, and how often it moves. */
  redirects: number;
  /** The `range` header of each request. */
  asked: (string | undefined)[];
  /** Called when an answer has begun. */
  onAnswer: () => void;
  /** Holds the rest of an answer back for ever. */
  stalls: boolean;
  close: () => Promise<void>;
}

function answer(state: FileServer, request: IncomingMessage, response: ServerResponse): void {
  const { range, "if-range": ifRange } = request.headers;
  state.asked.push(range);
  const failure = state.failures.shift();
  if (failure !== undefined) {
    response.writeHead(failure).end("no");
    return;
  }
  if (state.redirects > 0) {
    state.redirects--;
    response.writeHead(302, { location: `/moved/${state.redirects}` }).end();
    return;
  }
  const tag = state.version && { etag: `"${state.version}"` };
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
  const partial =
    state.ranges && range !== undefined && (ifRange === undefined || ifRange === `"${state.version}"`);
  const { length } = state.content;
  if (partial && from >= length) {
    response.writeHead(416, { "content-range": `bytes */${length}` }).end();
    return;
  }
  const body = state.content.subarray(partial ? from : 0);
  response.writeHead(partial ? 206 : 200, {
    ...tag,
    ...(state.tellsLength && { "content-length": body.length }),
    ...(partial && { "content-range": `bytes ${from}-${length - 1}/${length}` }),
  });
  const cut = state.cuts.shift();
  const sent = body.subarray(0, cut ?? body.length);
  response.write(sent, () => {
    state.onAnswer();
    if (state.stalls) return;
    if (cut === undefined) response.end();
    // What was sent is to arrive: a client drops what it has not read when a connection breaks.
    else setTimeout(() => response.destroy(), 50);
  });
}

/** A server on this machine that serves one file, and does wrong what it is told to. */
export async function startFileServer(content: Buffer): Promise<FileServer> {
  const server: Server = createServer((request, response) => answer(state, request, response));
  const state: FileServer = {
    url: "",
    cuts: [],
    ranges: true,
    version: "1",
    content,
    tellsLength: true,
    failures: [],
    redirects: 0,
    asked: [],
    onAnswer: () => undefined,
    stalls: false,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/files/weights.bin`;
  return state;
}
