/** Commitments as a table: who does what by when, sorted and taken away as the reader likes, each with its sources. */

import { offer } from "./api.js";
import { button, el } from "./dom.js";
import { mark } from "./popover.js";

const FIRST = 20; // rows at once; the rest on demand
const STATES = { planned: "〔拟〕", in_progress: "〔进行中〕", done: "〔已完成〕", unclear: "〔不明〕" };
const REVIEWED = { confirmed: "〔已核对〕", corrected: "〔已更正〕" };
const CHINESE = new Intl.Collator("zh-CN", { numeric: true });
const ORDER = Object.keys(STATES);

const sign = (text) => el("span", { class: "sign" }, text);
const state = (row) => STATES[row.status.state] ?? STATES.unclear;
const limit = (row) => row.deadline.as_written ?? row.deadline.date ?? "";

// `key` is what a column is sorted by: texts as Chinese is sorted, what is missing last.
const COLUMNS = [
  { name: "事项", key: (row) => row.task },
  { name: "牵头单位", key: (row) => row.lead_units.join("、") },
  { name: "配合单位", key: (row) => row.cooperating_units.join("、") },
  { name: "完成时限", key: (row) => row.deadline.date ?? limit(row) },
  { name: "进展", key: (row) => `${ORDER.indexOf(row.status.state)}` },
];

function sorted(commitments, { column, down }) {
  if (column === null) return commitments;
  const { key } = COLUMNS[column];
  return [...commitments].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (!x || !y) return Number(!x) - Number(!y);
    return CHINESE.compare(x, y) * (down ? -1 : 1);
  });
}

/**
 * The table of an exchange's rows, folded where the question asked for no list. A counted list may bring more rows than
 * it counts (whoever only cooperates, say): these stand behind it, so that the table holds what its number says.
 */
export function rows(exchange, hooks) {
  const { commitments, answer } = exchange;
  const counted = answer?.completeness;
  const save = button("下载表格", { icon: "save" }, () => offer(new Blob([csv(exchange)], { type: "text/csv" }), "责任事项.csv"));
  const folded = (words, listed, ...rest) => el("details", { class: "rows" }, el("summary", {}, words), table(listed, exchange, hooks), ...rest);
  if (!counted) return folded(`责任事项（${commitments.length}）`, commitments, el("div", { class: "rows-foot" }, save));
  const main = counted.shown > 0 && counted.shown < commitments.length ? counted.shown : commitments.length;
  const beside = commitments.slice(main);
  const words = `共 ${counted.total} 项，${counted.shown === counted.total ? "全部列出" : `列出 ${counted.shown} 项`}`;
  return el(
    "div",
    { class: "rows" },
    table(commitments.slice(0, main), exchange, hooks),
    el("div", { class: "rows-foot" }, el("p", { class: "complete" }, words), save),
    beside.length > 0 && folded(`另附 ${beside.length} 项：写法或角色不同（负责、协调、配合等），不计入`, beside),
  );
}

function table(commitments, exchange, hooks) {
  const order = { column: null, down: false };
  let all = commitments.length <= FIRST;
  const body = el("tbody");
  const heads = COLUMNS.map(({ name }, i) => el("th", { scope: "col" }, button(name, { class: "sort" }, () => sortBy(i))));
  const head = el("thead", {}, el("tr", {}, heads, el("th", { scope: "col" }, "依据")));
  const more = button(`显示其余 ${commitments.length - FIRST} 项`, { class: "" }, () => {
    all = true;
    fill();
    body.rows[FIRST]?.querySelector("button")?.focus();
  });

  /** First press ascending, second descending, third as the answer has it. */
  function sortBy(column) {
    if (order.column !== column) Object.assign(order, { column, down: false });
    else if (!order.down) order.down = true;
    else Object.assign(order, { column: null, down: false });
    fill();
  }

  function fill() {
    heads.forEach((cell, i) => {
      const direction = order.column === i ? (order.down ? "descending" : "ascending") : "none";
      cell.setAttribute("aria-sort", direction);
    });
    const shown = sorted(commitments, order);
    body.replaceChildren(...(all ? shown : shown.slice(0, FIRST)).map((c) => row(c, exchange, hooks)));
    more.hidden = all;
  }

  fill();
  return [
    el("div", { class: "table", tabindex: "0", role: "region", "aria-label": "责任事项" }, el("table", {}, head, body)),
    more,
  ];
}

function row(commitment, exchange, hooks) {
  const inherited = commitment.basis === "inherited" && sign("〔推定〕");
  const { cue } = commitment.status;
  const sources = commitment.citations
    .map((n) => exchange.citations.find((c) => c.n === n))
    .filter(Boolean)
    .map((citation) => mark(citation, () => hooks.choose(exchange, citation)));
  const reviewed = commitment.review && sign(REVIEWED[commitment.review]);
  const cells = [
    [commitment.task, reviewed],
    [commitment.lead_units.join("、") || "—", inherited],
    commitment.cooperating_units.join("、") || "—",
    limit(commitment) || "—",
    [sign(state(commitment)), cue && !state(commitment).includes(cue) && `“${cue}”`],
    sources,
  ];
  const names = [...COLUMNS.map((c) => c.name), "依据"];
  return el("tr", {}, cells.map((content, i) => el("td", { "data-name": names[i] }, el("div", {}, ...[content].flat()))));
}

/** All rows as a file that Excel reads: with a byte order mark, and no cell that it would take for a formula. */
export function csv(exchange) {
  const cell = (text) => {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return `"${safe.replaceAll('"', '""')}"`;
  };
  const lines = exchange.commitments.map((c) => {
    const sources = c.citations.map((n) => exchange.citations.find((found) => found.n === n)).filter(Boolean);
    return [
      c.task, c.lead_units.join("、"), c.cooperating_units.join("、"), c.role, c.basis === "inherited" ? "推定" : "写明",
      limit(c), state(c), sources.map((s) => [s.title, s.number, s.path].filter(Boolean).join(" ")).join("；"),
      sources.map((s) => s.quote).join("；"),
    ];
  });
  const heads = ["事项", "牵头单位", "配合单位", "角色", "单位依据", "完成时限", "进展", "依据条款", "原文"];
  return `\ufeff${[heads, ...lines].map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
}
