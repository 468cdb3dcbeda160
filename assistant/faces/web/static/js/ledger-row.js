/** One row of the ledger: its cells, and below them on demand why it says so and what people have said of it. */

import { getJson, told } from "./api.js";
import { el } from "./dom.js";
import { contradicted } from "./ledger-over-time.js";
import { reviewPanel } from "./ledger-review.js";
import { KINDS, REVIEWS, STATES, changes, sign } from "./ledger-words.js";

const COLUMNS = 8;
const cell = (name, ...content) => el("td", { "data-name": name }, el("div", {}, ...content));

/** Units as written; 我局 and the like with whom they mean. */
function units(row, field) {
  const names = row[field].map((n) => (row.units_meant[n] ? `${n}（即${row.units_meant[n]}）` : n)).join("、") || "—";
  const corrected = row.reviewed && field in row.reviewed.document_says;
  const inferred = row.above && !corrected && row[field].length > 0;
  return [names, inferred && el("span", { class: "sign", title: `${row.above.path}：${row.above.quote}` }, "〔推定〕")];
}

function limit(row) {
  const { deadline, due, overdue } = row;
  const corrected = row.reviewed && "due" in row.reviewed.document_says;
  if (!deadline.as_written && !corrected) return [el("span", { class: "hint" }, KINDS.none)];
  const parts = [deadline.as_written ?? KINDS.none];
  if (due.date) parts.push(el("span", { class: "due", title: due.note }, due.date, due.inferred && sign("推断")));
  else if (corrected) parts.push(el("span", { class: "due" }, "无到期日"));
  else if (deadline.kind !== "fixed") parts.push(el("span", { class: "due", title: due.note }, KINDS[deadline.kind]));
  if (overdue) parts.push(sign("逾期"));
  return parts;
}

/** What a person has said, with what the document says where they corrected it. */
function reviewSign(row) {
  const { reviewed } = row;
  if (row.candidate && reviewed?.state !== "rejected") return sign("待确认");
  if (!reviewed) return null;
  const says = changes(reviewed.document_says);
  const title = `${reviewed.by} ${reviewed.at}${reviewed.why ? `：${reviewed.why}` : ""}${says ? `\n程序提取为：${says}` : ""}`;
  return el("span", { class: `sign review ${reviewed.state}`, title }, `〔${REVIEWS[reviewed.state]}〕`);
}

/**
 * The nodes of a row: the row itself, and its details, which come when they are asked for. `asOf` is the day for which
 * it is overdue or not, `changed` hears of reviews.
 */
export function rowNodes(row, asOf, changed) {
  const place = row.number ? `${row.number} ${row.path}` : `${row.title} ${row.path}`;
  const opens = { href: row.url, target: "_blank", rel: "noopener", title: row.quote };
  const state = STATES[row.status.state] ?? STATES.unclear;
  const { cue } = row.status;
  const id = `about-${row.id}`;
  const toggle = el("button", { type: "button", class: "quiet toggle", "aria-expanded": "false", "aria-controls": id, "aria-label": `依据与核对：${row.task}` }, "▸");
  const says = row.reviewed && changes(row.reviewed.document_says);
  const against = contradicted(row).map((c) => `${c.aspect_name}有矛盾：${c.sides.map((s) => `${s.value}（${s.number ?? s.title}）`).join("；")}。${c.reason}`);
  const line = el(
    "tr",
    { "data-id": row.id, class: row.reviewed?.state === "rejected" ? "rejected" : "" },
    el("td", { class: "first" }, toggle),
    cell("事项", el("a", { ...opens, class: "task" }, row.task), reviewSign(row), against.length > 0 && el("span", { class: "sign", title: against.join("\n") }, "〔有矛盾〕"), says && el("span", { class: "says" }, `程序提取为：${says}`)),
    cell("牵头单位", ...units(row, "lead_units")),
    cell("配合单位", ...units(row, "cooperating_units")),
    cell("角色", `${row.role}${row.helps.join("、")}`),
    cell("完成时限", ...limit(row)),
    cell("进展", sign(state), cue && cue !== state && el("span", { class: "cue" }, `“${cue}”`)),
    cell("依据条款", el("a", opens, place), row.page && el("span", { class: "hint" }, ` 第${row.page}页`)),
  );
  const room = el("td", { colspan: COLUMNS });
  const about = el("tr", { class: "about", id, hidden: true }, room);
  let filled = false;

  async function fill(whole) {
    filled = true;
    room.replaceChildren(el("p", { class: "hint" }, "正在读取…"));
    try {
      const one = whole ?? (await getJson(`/api/ledger/${row.id}?as_of=${asOf}`));
      room.replaceChildren(
        el("dl", { class: "why" }, one.explain.flatMap(({ name, text }) => [el("dt", {}, name), el("dd", {}, text)])),
        ...against.map((text) => el("p", { class: "against" }, text)),
        reviewPanel(one, { asOf, changed: (next) => changed(next, nodes), reload: () => fill() }),
      );
    } catch (error) {
      filled = false;
      room.replaceChildren(el("p", { class: "hint" }, told(error)));
    }
  }

  function show(on, whole) {
    toggle.setAttribute("aria-expanded", String(on));
    toggle.textContent = on ? "▾" : "▸";
    about.hidden = !on;
    if (on && (whole || !filled)) fill(whole);
  }

  toggle.addEventListener("click", () => show(about.hidden));
  const nodes = { line, about, show, focus: () => toggle.focus() };
  return nodes;
}
