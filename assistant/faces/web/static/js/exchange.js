/** One question with its answer on the page, from the first sign of life to the last source. */

import { el } from "./dom.js";
import { mark } from "./popover.js";
import { copy, named } from "./sources.js";
import { rows } from "./rows.js";

const VERDICTS = {
  partial: "部分载明",
  not_stated: "文件未载明",
  out_of_scope: "超出文件范围",
  clarify: "请补充说明",
  refused: "未作回答",
};
const PIECES = /\[(\d+)\]|〔(?:拟|进行中|已完成|不明|推定|推断|已废止|冲突)〕/g;

/**
 * The view of an exchange: `{root, update}`. Text is only ever appended while it grows, so that a reader's selection
 * and focus stay. `hooks`: choose(exchange, citation), sources(exchange), again(exchange).
 */
export function view(exchange, hooks) {
  const head = el("div", {});
  const said = el("div", { class: "said" });
  const foot = el("div", {});
  const body = el("div", { class: "answer" }, head, said, foot);
  const root = el("li", { class: "exchange" }, el("p", { class: "asked" }, exchange.question), body);
  let shown = "";

  function update() {
    const text = exchange.text;
    if (!text.startsWith(shown)) {
      said.replaceChildren();
      shown = "";
    }
    said.append(...pieces(text.slice(shown.length)));
    shown = text;
    const running = exchange.state === "running";
    body.setAttribute("aria-busy", String(running));
    const verdict = VERDICTS[exchange.answer?.verdict];
    head.replaceChildren(...(verdict ? [el("span", { class: "verdict" }, verdict)] : []));
    if (running) foot.replaceChildren(el("p", { class: "working" }, exchange.working));
    else foot.replaceChildren(...ending(exchange, hooks));
  }

  function pieces(text) {
    const nodes = [];
    let from = 0;
    for (const match of text.matchAll(PIECES)) {
      const citation = match[1] && exchange.citations.find((c) => c.n === Number(match[1]));
      if (match[1] && !citation) continue; // the document's own brackets
      nodes.push(text.slice(from, match.index));
      nodes.push(citation ? mark(citation, () => hooks.choose(exchange, citation)) : el("span", { class: "sign" }, match[0]));
      from = match.index + match[0].length;
    }
    return [...nodes, text.slice(from)];
  }

  update();
  return { root, update };
}

function ending(exchange, hooks) {
  const answer = exchange.answer;
  const nodes = [];
  if (exchange.commitments.length) nodes.push(rows(exchange, hooks));
  for (const notice of answer?.notices ?? []) nodes.push(el("p", { class: "notice" }, notice));
  if (exchange.state === "stopped") nodes.push(el("p", { class: "notice" }, "已停止，以上内容不完整。"));
  if (exchange.fault) nodes.push(el("p", { class: "fault", role: "alert" }, exchange.fault));
  if (answer && answer.model !== "extractive") nodes.push(el("p", { class: "label" }, "AI生成，以原文为准"));
  nodes.push(actions(exchange, hooks));
  return nodes;
}

function actions(exchange, hooks) {
  const buttons = [];
  const button = (text, listener) => {
    const made = el("button", { class: "quiet", type: "button" }, text);
    made.addEventListener("click", () => listener(made));
    buttons.push(made);
  };
  if (exchange.citations.length) button(`依据（${exchange.citations.length}）`, () => hooks.sources(exchange));
  if (exchange.text) button("复制（含出处）", (made) => copy(withSources(exchange), made));
  button("重新回答", () => hooks.again(exchange));
  return el("div", { class: "actions" }, buttons);
}

function withSources(exchange) {
  const sources = exchange.citations.map((c) => `[${c.n}] ${named(c)}：“${c.quote}”`);
  return [exchange.text, ...(sources.length ? ["", "参考来源：", ...sources] : [])].join("\n");
}

/** The answer as it is read out, once, when it is whole. */
export function spoken(exchange) {
  if (exchange.fault) return exchange.fault;
  const verdict = VERDICTS[exchange.answer?.verdict];
  const sources = exchange.citations.length ? `依据 ${exchange.citations.length} 条。` : "";
  return `${verdict ? `${verdict}。` : ""}${exchange.text.replaceAll(/\[\d+\]/g, "")} ${sources}`.trim();
}
