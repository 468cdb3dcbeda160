/** An answer as it comes: server-sent events of `POST /api/ask`. */

import { sendJson, ServiceError, unreachable } from "./api.js";

const SILENCE = 45_000; // milliseconds; the service says something every 15 seconds, so the line is dead by then

/**
 * The events of an answer. Ends after `done`; every other end is a ServiceError, or the AbortError of `signal`.
 * `body` holds question, and conversation_id and replaces where there are any.
 */
export async function* ask(body, signal) {
  const line = new AbortController();
  signal.addEventListener("abort", () => line.abort(signal.reason));
  let timer = 0;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => line.abort(unreachable()), SILENCE);
  };
  heard();
  try {
    const response = await sendJson("POST", "/api/ask", { ...body, stream: true }, line.signal);
    for await (const event of frames(response.body, heard)) {
      if (event.type === "error") throw new ServiceError(event.message, "", 0, event.code);
      yield event;
      if (event.type === "done") return;
    }
  } finally {
    clearTimeout(timer);
  }
  throw new ServiceError("回答没有传完，连接断开了", "请重新提问。");
}

async function* frames(stream, heard) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let buffer = "";
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error) => {
        throw error.name === "AbortError" ? error : unreachable();
      });
      if (done) return;
      heard();
      buffer += decoder.decode(value, { stream: true });
      const blocks = buffer.split("\n\n");
      buffer = blocks.pop();
      for (const block of blocks) {
        const data = block.split("\n").filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)).join("\n");
        if (data) yield JSON.parse(data); // comments keep the connection open and carry nothing
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
