/**
 * `<policy-chat>`: the thread of one conversation and the box for questions. Both pages hold one.
 *
 * Events: `conversation` (detail {id, changed}) when another one is shown or this one has a new turn; `sources`
 * (detail {exchange, citation, asked}) when the reader turns to sources, `asked` where they want the list itself.
 */

import { getJson, told } from "./api.js";
import { spoken, view } from "./answer.js";
import { composer } from "./composer.js";
import { button, el } from "./dom.js";
import { followUpsAt, keptExchange, newExchange, take } from "./exchange.js";
import { hide } from "./popover.js";
import { ask } from "./stream.js";

const NEAR_END = 48; // pixels from the end within which the reader counts as being there
const FRAME = 30; // milliseconds between two looks at a growing answer: a list of a thousand rows comes all at once
const ABOVE = 16; // pixels between the top and a question that has come up to it

class PolicyChat extends HTMLElement {
  #id = null; // of the conversation; null before its first answer
  #views = [];
  #work = null; // the AbortController of the answer under way
  #opened = Promise.resolve(); // what is asked waits for the conversation that it continues
  #turn = 0; // counts what is shown, so that what comes late is not taken for it

  connectedCallback() {
    this.exchanges = el("ol", { class: "plain exchanges", "aria-label": "对话" });
    this.welcome = el("section", { class: "welcome", "aria-label": "开始" });
    this.thread = el("div", { class: "thread", tabindex: "-1" }, this.welcome, this.exchanges);
    this.log = el("div", { class: "unseen", role: "log", "aria-live": "polite", "aria-label": "回答播报" });
    this.composer = composer({
      send: (text) => this.submit(text),
      stop: () => this.stop(),
      last: () => this.#views.at(-1)?.exchange.question ?? null,
    });
    this.append(this.thread, this.composer.root, this.log);
  }

  get conversation() { return this.#id; }

  focus() { this.composer.focus(); }

  stop() { this.#work?.abort(); }

  /** The empty thread: a title, a line, questions to begin with. */
  greet(title, line, questions) {
    this.welcome.replaceChildren(
      el("h2", {}, title),
      el("p", { class: "hint" }, line),
      el("ul", { class: "plain suggestions" }, questions.map((text) =>
        el("li", {}, button(text, { class: "suggestion" }, () => { this.submit(text); this.focus(); })))),
    );
  }

  /** Show a conversation of the service; null for a new one. */
  open(id) {
    this.#opened = this.#open(id);
    return this.#opened;
  }

  async #open(id) {
    this.stop();
    hide();
    const turn = ++this.#turn;
    this.#id = id;
    this.#show([]);
    this.#tell("conversation", { id, changed: false });
    if (!id) return;
    this.welcome.hidden = true;
    try {
      const kept = await getJson(`/api/conversations/${encodeURIComponent(id)}`);
      if (turn === this.#turn) this.#show(kept.turns.map(keptExchange));
    } catch (error) {
      if (turn !== this.#turn) return;
      if (error.status === 404) await this.#open(null); // deleted meanwhile
      else this.exchanges.replaceChildren(el("li", { class: "fault", role: "alert" }, told(error)));
    }
  }

  #show(exchanges) {
    this.#views = exchanges.map((exchange) => view(exchange, this.#hooks));
    this.exchanges.replaceChildren(...this.#views.map((v) => v.root));
    this.welcome.hidden = exchanges.length > 0;
    this.log.replaceChildren();
    this.#tell("sources", { exchange: exchanges.at(-1) ?? null });
    this.thread.scrollTop = this.thread.scrollHeight;
    this.#suggest(this.#views.at(-1));
  }

  /** Offer questions that go on from the last answer; without them it is as good. */
  async #suggest(shown) {
    if (shown?.exchange.state !== "done") return;
    const found = await getJson(followUpsAt(shown.exchange)).catch(() => null);
    if (!found || shown !== this.#views.at(-1) || this.#work) return;
    shown.exchange.followUps = found.suggestions;
    this.#following(shown.root, shown.offer);
  }

  #hooks = {
    choose: (exchange, citation) => this.#tell("sources", { exchange, citation }),
    sources: (exchange) => this.#tell("sources", { exchange, asked: true }),
    ask: (question) => { this.submit(question); this.focus(); },
    again: (old, question) => this.submit(question, old),
  };

  /** Ask; `old` is the view whose place the new answer takes. */
  async submit(question, old = null) {
    await this.#opened;
    if (this.#work) return;
    const exchange = newExchange(question);
    const shown = view(exchange, this.#hooks);
    const body = { question };
    if (this.#id) body.conversation_id = this.#id;
    if (old?.exchange.answerId) body.replaces = old.exchange.answerId;
    hide();
    this.welcome.hidden = true;
    this.#views = [...this.#views.filter((v) => v !== old), shown];
    old?.root.remove();
    this.exchanges.append(shown.root);
    this.thread.scrollTop = this.thread.scrollHeight;
    if (old) this.focus();
    const turn = this.#turn;
    const work = new AbortController();
    this.#running(work);
    let due = 0;
    const show = () => {
      due = 0;
      this.#following(shown.root, shown.update);
    };
    try {
      for await (const event of ask(body, work.signal)) {
        if (event.type === "searching" && turn === this.#turn) this.#id = event.conversation_id;
        if (event.type === "done" && turn === this.#turn) this.#id = event.answer.conversation_id;
        take(exchange, event);
        due ||= setTimeout(show, FRAME);
      }
    } catch (error) {
      exchange.state = error.name === "AbortError" ? "stopped" : "failed";
      if (exchange.state === "failed") exchange.fault = told(error);
      // The service goes on holding the answer that was to be replaced: asking again is to replace that one.
      if (exchange.state === "failed") exchange.answerId = old?.exchange.answerId ?? null;
    }
    clearTimeout(due);
    show();
    if (this.#work === work) this.#running(null);
    if (turn !== this.#turn) return;
    this.#tell("conversation", { id: this.#id, changed: true });
    this.#tell("sources", { exchange });
    this.log.append(el("p", {}, spoken(exchange)));
    this.#suggest(shown);
  }

  #running(work) {
    this.#work = work;
    this.composer.running(Boolean(work));
  }

  /** Apply a change; a reader at the end is taken along, until the question of the answer reaches the top. */
  #following(root, change) {
    const { thread } = this;
    const follow = thread.scrollHeight - thread.scrollTop - thread.clientHeight < NEAR_END;
    change();
    if (!follow) return;
    const above = root.getBoundingClientRect().top - thread.getBoundingClientRect().top - ABOVE;
    const below = thread.scrollHeight - thread.scrollTop - thread.clientHeight;
    thread.scrollTop += Math.max(0, Math.min(above, below));
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

customElements.define("policy-chat", PolicyChat);
