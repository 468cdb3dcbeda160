/** The chat page: asking, streaming, stopping, and conversations that survive a reload. */

import { ask, getJson, told } from "./api.js";
import { byId, el } from "./dom.js";
import { openSources, showSources } from "./evidence.js";
import { spoken, view } from "./exchange.js";
import { hide } from "./popover.js";
import { closeSide, showHistory, startSide } from "./side.js";
import { load, newExchange, save } from "./store.js";

const NEAR_END = 48; // pixels from the end within which the reader counts as being there

const kept = load();
const thread = byId("thread");
const input = byId("question");
let running = null; // the AbortController of the answer under way

const hooks = {
  choose: (exchange, citation) => showSources(exchange, citation),
  sources: (exchange) => { showSources(exchange); openSources(); },
  again: (exchange) => submit(exchange.question),
};

function conversation() {
  return kept.conversations.find((c) => c.key === kept.current) ?? null;
}

/** Apply a change; a reader at the end is taken along, until the question of the answer reaches the top. */
function followingEnd(root, change) {
  const follow = thread.scrollHeight - thread.scrollTop - thread.clientHeight < NEAR_END;
  change();
  if (!follow) return;
  const above = root.getBoundingClientRect().top - thread.getBoundingClientRect().top;
  const below = thread.scrollHeight - thread.scrollTop - thread.clientHeight;
  thread.scrollTop += Math.max(0, Math.min(above, below));
}

function show() {
  hide();
  const exchanges = conversation()?.exchanges ?? [];
  byId("empty").hidden = exchanges.length > 0;
  byId("exchanges").replaceChildren(...exchanges.map((exchange) => view(exchange, hooks).root));
  byId("log").replaceChildren();
  showSources(exchanges.at(-1));
  showHistory(kept, open);
  thread.scrollTop = thread.scrollHeight;
}

function open(key) {
  running?.abort();
  kept.current = key;
  save(kept);
  show();
  input.focus();
}

function begin(question) {
  if (!conversation()) {
    kept.current = crypto.getRandomValues(new Uint32Array(2)).join("-");
    kept.conversations.push({ key: kept.current, id: null, exchanges: [] });
  }
  const exchange = newExchange(question);
  conversation().exchanges.push(exchange);
  return exchange;
}

function take(exchange, talk, event) {
  if (event.type === "searching") {
    exchange.working = event.message;
    talk.id = event.conversation_id;
  } else if (event.type === "evidence") exchange.citations = [...exchange.citations, ...event.citations];
  else if (event.type === "sentence") exchange.text += event.text;
  else if (event.type === "table") exchange.commitments = [...exchange.commitments, ...event.commitments];
  else if (event.type === "done") {
    const { answer } = event;
    Object.assign(exchange, { state: "done", answer, text: answer.answer, citations: answer.citations, commitments: answer.commitments });
    talk.id = answer.conversation_id;
  }
}

async function submit(text) {
  const question = text.trim();
  if (!question || running) return;
  const exchange = begin(question);
  const talk = conversation();
  const shown = view(exchange, hooks);
  byId("empty").hidden = true;
  byId("exchanges").append(shown.root);
  thread.scrollTop = thread.scrollHeight;
  showHistory(kept, open);
  const work = new AbortController();
  setRunning(work);
  try {
    for await (const event of ask(question, talk.id, work.signal)) {
      followingEnd(shown.root, () => { take(exchange, talk, event); shown.update(); });
      save(kept);
    }
  } catch (error) {
    exchange.state = error.name === "AbortError" ? "stopped" : "failed";
    if (exchange.state === "failed") exchange.fault = told(error);
  }
  followingEnd(shown.root, shown.update);
  save(kept);
  setRunning(null);
  if (talk !== conversation()) return;
  showSources(exchange);
  byId("log").append(el("p", {}, spoken(exchange)));
}

function setRunning(work) {
  const focused = document.activeElement;
  running = work;
  byId("send").hidden = Boolean(work);
  byId("stop").hidden = !work;
  // The button that had the focus may just have gone.
  if (focused === byId("send") || focused === byId("stop") || focused === document.body) input.focus();
}

function grow() {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + 2}px`;
}

function send() {
  if (running || !input.value.trim()) return;
  const text = input.value;
  input.value = "";
  grow();
  submit(text);
}

function recall() {
  const last = conversation()?.exchanges.at(-1);
  if (!last) return;
  input.value = last.question;
  grow();
}

byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
input.addEventListener("input", grow);
input.addEventListener("keydown", (event) => {
  // While an input method composes, Enter picks a word; Safari tells it by key code 229 only.
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send();
  } else if (event.key === "ArrowUp" && !input.value) {
    event.preventDefault();
    recall();
  }
});
byId("stop").addEventListener("click", () => running?.abort());
byId("new-conversation").addEventListener("click", () => { closeSide(); open(null); });

async function suggest() {
  try {
    const { suggestions, documents } = await getJson("/api/suggestions");
    byId("empty-hint").prepend(`已收录 ${documents} 份文件。`);
    byId("suggestions").replaceChildren(...suggestions.map((text) => el(
      "li",
      {},
      el("button", { type: "button", on: { click: () => { submit(text); input.focus(); } } }, text),
    )));
  } catch (error) {
    byId("empty-hint").textContent = told(error);
  }
}

show();
startSide();
suggest();
input.focus();
