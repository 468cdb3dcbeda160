/** Commitments as a table: who does what by when, with signs in words and the sources of every row. */

import { el } from "./dom.js";
import { mark } from "./popover.js";

const FIRST = 20; // rows at once; the rest on demand
const STATES = { planned: "〔拟〕", in_progress: "〔进行中〕", done: "〔已完成〕", unclear: "〔不明〕" };

const sign = (text) => el("span", { class: "sign" }, text);

export function rows(exchange, hooks) {
  const { commitments, answer } = exchange;
  const body = el("tbody", {}, commitments.slice(0, FIRST).map((c) => row(c, exchange, hooks)));
  const head = el("tr", {}, ["事项", "牵头单位", "配合单位", "完成时限", "进展", "依据"].map((t) => el("th", { scope: "col" }, t)));
  const parts = [el("table", {}, el("thead", {}, head), body)];
  if (commitments.length > FIRST) {
    const more = el("button", { type: "button" }, `显示其余 ${commitments.length - FIRST} 项`);
    more.addEventListener("click", () => {
      body.append(...commitments.slice(FIRST).map((c) => row(c, exchange, hooks)));
      more.remove();
    });
    parts.push(more);
  }
  const counted = answer?.completeness;
  if (!counted) {
    return el("details", { class: "rows" }, el("summary", {}, `责任事项（${commitments.length}）`), ...parts);
  }
  const all = counted.shown === counted.total;
  parts.push(el("p", { class: "complete" }, `共 ${counted.total} 项，${all ? "全部列出" : `列出 ${counted.shown} 项`}`));
  return el("div", { class: "rows" }, ...parts);
}

function row(commitment, exchange, hooks) {
  const { deadline, status } = commitment;
  const leads = [commitment.lead_units.join("、")];
  if (commitment.basis === "inherited") leads.push(sign("〔推定〕"));
  const date = deadline.as_written ?? deadline.date ?? "未载明";
  const state = STATES[status.state] ?? STATES.unclear;
  const cue = status.cue && !state.includes(status.cue) ? `“${status.cue}”` : "";
  const sources = commitment.citations
    .map((n) => exchange.citations.find((c) => c.n === n))
    .filter(Boolean)
    .map((citation) => mark(citation, () => hooks.choose(exchange, citation)));
  return el(
    "tr",
    {},
    el("td", {}, commitment.task),
    el("td", {}, leads),
    el("td", {}, commitment.cooperating_units.join("、")),
    el("td", {}, date),
    el("td", {}, sign(state), cue),
    el("td", {}, sources),
  );
}
