/** An answer as it comes: server-sent events of `POST /api/ask`. */

import { sendJson, ServiceError, unreachable } from "./api.js";

/**
 * The events of an answer. Ends after `done`; every other end is a ServiceError, or the AbortError of `signal`.
 * `body` holds question, and conversation_id and replaces where there are any.
 */
export async function* ask(body, signal) {
  const response = await sendJson("POST", "/api/ask", { ...body, stream: true }, signal);
  for await (const event of frames(response.body)) {
    if (event.type === "error") throw new ServiceError(event.message, "", 0, event.code);
    yield event;
    if (event.type === "done") return;
  }
  throw new ServiceError("回答没有传完，连接断开了", "请重新提问。");
}

async function* frames(stream) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let buffer = "";
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error) => {
        throw error.name === "AbortError" ? error : unreachable();
      });
      if (done) return;
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
