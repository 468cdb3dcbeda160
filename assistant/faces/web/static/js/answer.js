/** An exchange on the page, from the first sign of life to the last source. */

import { button, el } from "./dom.js";
import { judging } from "./feedback.js";
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
const INTRODUCES = /^据《.*：$|^[一二三四五六七八九十]+、\S{1,30}$/;
const FOLD = 4; // rows from which a counted list is its table, and the words go behind it
const ITEM = /^(?:[-•·]|\d+[.、）])\s*/;

/**
 * The view of an exchange: `{root, update, offer, exchange}`. Text is only ever appended while it grows, so that a reader's
 * selection and focus stay. `hooks`: choose(exchange, citation), sources(exchange), ask(question),
 * again(view, question).
 */
export function view(exchange, hooks) {
  const head = el("div", { class: "head" });
  const said = el("div", { class: "said" });
  const foot = el("div", { class: "foot" });
  const body = el("div", { class: "answer" }, head, said, foot);
  const asked = el("h2", { class: "asked" }, exchange.question);
  const made = { exchange, update, offer, root: el("li", { class: "exchange" }, asked, body) };
  let shown = "";
  let line = null;

  function update() {
    const { text } = exchange;
    if (!text.startsWith(shown)) {
      said.replaceChildren();
      [shown, line] = ["", null];
    }
    write(text.slice(shown.length));
    shown = text;
    const running = exchange.state === "running";
    body.setAttribute("aria-busy", String(running));
    const verdict = VERDICTS[exchange.answer?.verdict];
    const meant = exchange.answer?.standalone_question;
    head.replaceChildren(
      // A follow-up is looked for with what it left out: the reader sees what was understood.
      ...(meant && meant !== exchange.question ? [el("p", { class: "hint" }, `按“${meant}”查找`)] : []),
      ...(verdict ? [el("span", { class: `verdict ${exchange.answer.verdict}` }, verdict)] : []),
    );
    if (running) foot.replaceChildren(el("p", { class: "working" }, exchange.working));
    else {
      foot.replaceChildren(...ending());
      if (listed(exchange)) foot.querySelector(".rows").after(el("details", { class: "said-behind" }, el("summary", {}, "逐项原文"), said));
    }
  }

  /** Append text, a paragraph a line. What a paragraph is, its words tell: an introduction, an item of a list. */
  function write(text) {
    text.split("\n").forEach((part, i) => {
      if (i) line = null;
      if (!part) return;
      if (!line) said.append((line = el("p")));
      line.append(...pieces(part));
      line.className = INTRODUCES.test(line.textContent) ? "introduces" : ITEM.test(line.textContent) ? "item" : "";
    });
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

  function ending() {
    const { answer } = exchange;
    const nodes = [];
    if (exchange.commitments.length) nodes.push(rows(exchange, hooks));
    for (const notice of answer?.notices ?? []) nodes.push(el("p", { class: "notice" }, notice));
    if (exchange.state === "stopped") nodes.push(el("p", { class: "notice" }, "已停止，以上内容不完整。"));
    if (exchange.fault) nodes.push(el("p", { class: "fault", role: "alert" }, exchange.fault));
    if (answer && answer.model !== "extractive") nodes.push(el("p", { class: "label" }, "AI生成，以原文为准"));
    const [thumbs, reasons] = exchange.state === "done" && exchange.answerId ? judging(exchange) : [];
    nodes.push(actions(thumbs));
    if (reasons) nodes.push(reasons);
    return nodes;
  }

  function actions(thumbs) {
    const count = exchange.citations.length;
    return el(
      "div",
      { class: "actions" },
      count > 0 && button(`依据（${count}）`, { icon: "quote" }, () => hooks.sources(exchange)),
      exchange.text && button("复制（含出处）", { icon: "copy" }, (pressed) => copy(withSources(exchange), pressed)),
      el("span", { class: "last-only" },
        button("重新回答", { icon: "again" }, () => hooks.again(made, exchange.question)),
        button("修改问题", { icon: "edit" }, edit)),
      thumbs,
    );
  }

  function edit() {
    const box = el("textarea", { rows: 2, "aria-label": "修改问题" });
    box.value = exchange.question;
    const close = () => {
      form.replaceWith(asked);
      foot.querySelector(".edit")?.focus();
    };
    const form = el(
      "form",
      { class: "editing" },
      box,
      el("div", { class: "actions" }, el("button", { type: "submit", class: "primary" }, "提问"), button("取消", {}, close)),
    );
    const send = () => {
      const question = box.value.trim();
      if (question) hooks.again(made, question);
    };
    form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
    box.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Escape") { event.stopPropagation(); close(); }
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); send(); }
    });
    asked.replaceWith(form);
    box.focus();
  }

  /** Show the questions that go on from it; what else the reader does there stays as it is. */
  function offer() {
    foot.querySelector(".follow-ups")?.remove();
    if (!exchange.followUps.length) return;
    foot.append(el("ul", { class: "plain follow-ups last-only", "aria-label": "可以接着问" }, exchange.followUps.map((text) =>
      el("li", {}, button(text, { class: "suggestion" }, () => hooks.ask(text))))));
  }

  update();
  return made;
}

/** Whether the answer is a counted list that reads better as its table than as the same in sentences. */
const listed = ({ state, answer, commitments }) => state === "done" && answer?.completeness && commitments.length >= FOLD;

function withSources(exchange) {
  const sources = exchange.citations.map((c) => `[${c.n}] ${named(c)}：“${c.quote}”`);
  return [exchange.text, ...(sources.length ? ["", "参考来源：", ...sources] : [])].join("\n");
}

/** The answer as it is read out, once, when it is whole. */
export function spoken(exchange) {
  if (exchange.fault) return exchange.fault;
  const verdict = VERDICTS[exchange.answer?.verdict];
  const sources = exchange.citations.length ? `依据 ${exchange.citations.length} 条。` : "";
  if (listed(exchange)) return `共 ${exchange.answer.completeness.total} 项，列为表格。${sources}`;
  return `${verdict ? `${verdict}。` : ""}${exchange.text.replaceAll(/\[\d+\]/g, "")} ${sources}`.trim();
}
