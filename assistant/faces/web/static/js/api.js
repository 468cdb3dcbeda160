/** The service, as the pages speak to it. */

/** What went wrong in words for the reader: `message` what happened, `advice` what to do. */
export class ServiceError extends Error {
  constructor(message, advice = "") {
    super(message);
    this.advice = advice;
  }
}

/** Any error in words for the reader. */
export function told(error) {
  return error.advice ? `${error.message.replace(/。$/, "")}。${error.advice}` : error.message;
}

const UNREACHABLE = ["连不上服务", "请检查网络，或稍后重试。"];

async function open(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ServiceError(...UNREACHABLE);
  }
  if (response.ok) return response;
  const body = await response.json().catch(() => null);
  const fault = body?.error;
  throw fault ? new ServiceError(fault.message, fault.advice) : new ServiceError("服务没有正常回应", "请稍后重试。");
}

/** The JSON object at an address. */
export async function getJson(path) {
  return (await open(path)).json();
}

/** The events of an answer, as they come. Ends after `done`; every other end is a ServiceError or the abort. */
export async function* ask(question, conversationId, signal) {
  const body = { question, stream: true };
  if (conversationId) body.conversation_id = conversationId;
  const response = await open("/api/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
  for await (const event of frames(response.body)) {
    if (event.type === "error") throw new ServiceError(event.message);
    yield event;
    if (event.type === "done") return;
  }
  throw new ServiceError("回答没有传完，连接断开了", "请重新提问。");
}

async function* frames(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  try {
    for (;;) {
      let part;
      try {
        part = await reader.read();
      } catch (error) {
        if (error.name === "AbortError") throw error;
        throw new ServiceError(...UNREACHABLE);
      }
      if (part.done) return;
      buffer += part.value;
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
