/**
 * Conversations of this tab, kept over reloads.
 *
 * A conversation is `{key, id, exchanges}`: `key` is ours, `id` the service's (null before the first answer). An
 * exchange is `{question, state, text, citations, answer, fault, working}`; `state` is running, done, stopped or
 * failed, `answer` the contract's object once it is done.
 */

const KEY = "policy-assistant.conversations";
const MOST = 20;

export function load() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    if (Array.isArray(kept?.conversations)) {
      for (const conversation of kept.conversations) {
        for (const exchange of conversation.exchanges) {
          if (exchange.state === "running") exchange.state = "stopped"; // the page was left in the middle
        }
      }
      return kept;
    }
  } catch {
    // Storage is switched off, or holds what an older page wrote: begin anew.
  }
  return { current: null, conversations: [] };
}

/** Keep everything; the oldest conversations give way when there is no room. */
export function save(kept) {
  kept.conversations.splice(0, Math.max(0, kept.conversations.length - MOST));
  for (let from = 0; from < Math.max(1, kept.conversations.length); from += 1) {
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ ...kept, conversations: kept.conversations.slice(from) }));
      return;
    } catch (error) {
      if (error.name !== "QuotaExceededError") return;
    }
  }
}

export function newExchange(question) {
  return { question, state: "running", text: "", citations: [], commitments: [], answer: null, fault: null, working: "正在检索…" };
}
