/** What documents say of one thing at several times: contradictions with both sides, and what changed when. */

import { getJson, told } from "./api.js";
import { byId, el } from "./dom.js";
import { sign } from "./ledger-words.js";

const MOST = 200; // of each; the command line lists all
const ASPECTS = { lead: "牵头单位", deadline: "时限", status: "进展" };

let conflicts = [];

/** One thing said in one document, which opens where it stands; `reason` is told already. */
function said(step, reason) {
  const when = step.dated ? `，${step.dated}` : "";
  const place = `${step.number ?? `《${step.title}》`} ${step.path}${when}`;
  const link = el("a", { href: step.url, target: "_blank", rel: "noopener", title: step.quote }, place);
  const marks = [step.standing_name, step.inherited && "推定", step.inferred && !step.value.includes("推断") && "推断"].filter(Boolean);
  return el("li", {}, step.value, marks.map((mark) => sign(mark)), " ", link, step.reason && step.reason !== reason && el("span", { class: "says" }, step.reason));
}

const conflictNode = (conflict) => [
  el("h4", {}, `${conflict.object}：${conflict.aspect_name}`),
  el("p", { class: "hint" }, conflict.reason),
  el("ul", {}, conflict.sides.map((side) => said(side, conflict.reason))),
];

function historyNode(history) {
  const parts = Object.keys(ASPECTS).filter((aspect) => history[aspect].length).map((aspect) => [
    el("p", { class: "hint" }, ASPECTS[aspect]),
    el("ol", {}, history[aspect].map((step) => said(step))),
  ]);
  return [el("h4", {}, history.object), ...parts.flat()];
}

async function list() {
  const room = byId("over-list");
  room.replaceChildren(el("p", { class: "hint" }, "正在读取…"));
  try {
    const { histories, total } = await getJson(`/api/ledger/history?limit=${MOST}`);
    const more = total > histories.length ? `（只列前 ${histories.length} 项）` : "";
    room.replaceChildren(
      el("h3", {}, `尚未解决的矛盾 ${conflicts.length} 处`),
      ...conflicts.flatMap(conflictNode),
      el("h3", {}, `有变更的事项 ${total} 项${more}`),
      ...histories.flatMap(historyNode),
    );
  } catch (error) {
    room.replaceChildren(el("p", { class: "hint" }, told(error)));
  }
}

/** The open contradictions that a row stands in. */
export const contradicted = (row) =>
  conflicts.filter((c) => c.sides.some((s) => s.document_id === row.document_id && s.start < row.end && row.start < s.end));

/** Ask for the contradictions, which rows are marked by, and say how many there are; the rest comes when it is opened. */
export async function loadOverTime() {
  const over = byId("over");
  try {
    const found = await getJson(`/api/ledger/conflicts?open=true&limit=${MOST}`);
    conflicts = found.conflicts;
    over.hidden = false;
    byId("over-count").textContent = found.total ? `（${found.total} 处矛盾待定）` : "";
  } catch {
    over.hidden = true; // a service without it
  }
  over.addEventListener("toggle", () => { if (over.open) list(); });
  return conflicts.length;
}
