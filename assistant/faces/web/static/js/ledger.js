/** The ledger page: filters that the address keeps, counts that are filters, rows that open their clause. */

import { getJson, told } from "./api.js";
import { byId, el } from "./dom.js";

const PAGE = 50; // rows at once; the rest on demand, all in the export
const FIRST_UNITS = 12;
const PAUSE = 250; // milliseconds without typing before the list is asked for
const STATES = { planned: "拟", in_progress: "进行中", done: "已完成", unclear: "不明" };
const KINDS = { none: "未写明", fixed: "确定日期", relative: "起算期限", recurring: "周期", ongoing: "长期", vague: "不确定" };

const form = byId("filters");
const body = byId("body");
let asked = 0;
let allUnits = false;

/** What the form filters by, without what is empty. */
function chosen() {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value.trim()) query.set(name, value.trim());
  return query;
}

function take(query) {
  for (const field of form.elements) {
    if (!field.name) continue;
    if (field.type === "checkbox") field.checked = query.get(field.name) === field.value;
    else field.value = query.get(field.name) ?? "";
  }
}

const sign = (text) => el("span", { class: "sign" }, `〔${text}〕`);
/** Units as written; 我局 and the like with whom they mean. */
const units = (names, meant) => names.map((n) => (meant[n] ? `${n}（即${meant[n]}）` : n)).join("、") || "—";
const cell = (name, ...content) => el("td", { "data-name": name }, ...content);

function limit(row) {
  const { deadline, due, overdue } = row;
  if (!deadline.as_written) return [el("span", { class: "hint" }, KINDS.none)];
  const parts = [deadline.as_written];
  if (due.date) parts.push(el("span", { class: "due", title: due.note }, due.date, due.inferred && sign("推断")));
  else if (deadline.kind !== "fixed") parts.push(el("span", { class: "due", title: due.note }, KINDS[deadline.kind]));
  if (overdue) parts.push(sign("逾期"));
  return parts;
}

function rowNode(row) {
  const place = row.number ? `${row.number} ${row.path}` : `${row.title} ${row.path}`;
  // Every row is a link: opened with the keyboard, in a new tab, or copied as any other.
  const link = el("a", { href: row.url, target: "_blank", rel: "noopener", title: row.quote }, place);
  const state = STATES[row.status.state] ?? STATES.unclear;
  const { cue } = row.status;
  const inferred = row.above && el("span", { class: "sign", title: `${row.above.path}：${row.above.quote}` }, "〔推定〕");
  const task = el("a", { class: "task", href: row.url, target: "_blank", rel: "noopener", title: row.quote }, row.task);
  return el(
    "tr",
    { "data-id": row.id },
    cell("事项", task),
    cell("牵头单位", units(row.lead_units, row.units_meant), row.lead_units.length > 0 && inferred),
    cell("配合单位", units(row.cooperating_units, row.units_meant), row.cooperating_units.length > 0 && inferred?.cloneNode(true)),
    cell("角色", `${row.role}${row.helps.join("、")}`),
    cell("完成时限", ...limit(row)),
    cell("进展", sign(state), cue && cue !== state && el("span", { class: "cue" }, `“${cue}”`)),
    cell("依据条款", link, row.page && el("span", { class: "hint" }, ` 第${row.page}页`)),
  );
}

/** A count that is a filter: pressing it sets the field, pressing it again clears it. */
function chip(name, value, label, rows) {
  const field = form.elements[name];
  const pressed = field.value.trim() === value;
  const button = el("button", { type: "button", "aria-pressed": String(pressed) }, label, " ", el("span", { class: "count" }, `${rows}`));
  button.addEventListener("click", () => {
    field.value = pressed ? "" : value;
    show();
  });
  return el("li", {}, button);
}

function counts({ units, statuses }) {
  byId("statuses").replaceChildren(...Object.keys(STATES).map((s) => chip("status", s, STATES[s], statuses[s] ?? 0)));
  const current = form.elements.unit.value.trim();
  const shown = allUnits ? units : units.filter((u, i) => i < FIRST_UNITS || u.unit === current);
  const items = shown.map((u) => chip("unit", u.unit, u.unit, u.rows));
  if (shown.length < units.length) {
    const all = el("button", { type: "button", class: "quiet" }, `其余 ${units.length - shown.length} 个单位`);
    all.addEventListener("click", () => { allUnits = true; counts({ units, statuses }); });
    items.push(el("li", {}, all));
  }
  byId("units").replaceChildren(...items);
}

function exports(query) {
  for (const form of ["xlsx", "csv"]) {
    const address = new URLSearchParams(query);
    address.set("format", form);
    byId(`export-${form}`).href = `/api/ledger?${address}`;
  }
}

/** Ask for the rows of the filters; `offset` 0 begins anew, any other adds to what is shown. */
async function load(offset) {
  const turn = ++asked;
  const query = chosen();
  const page = new URLSearchParams(query);
  page.set("limit", PAGE);
  page.set("offset", offset);
  const message = byId("message");
  try {
    const found = await getJson(`/api/ledger?${page}`);
    if (turn !== asked) return; // a later choice is on its way
    const nodes = found.rows.map(rowNode);
    if (offset) body.append(...nodes);
    else body.replaceChildren(...nodes);
    const listed = offset + found.rows.length;
    byId("total").textContent = `共 ${found.total} 项${listed < found.total ? `，已列出 ${listed} 项` : "，全部列出"}；逾期按 ${found.as_of} 判断`;
    byId("more").hidden = listed >= found.total;
    message.hidden = found.total > 0;
    message.textContent = query.size ? "没有符合条件的事项，请放宽筛选。" : "已导入的文件里没有读到责任事项。";
    counts(found.counts);
    if (offset) body.rows[offset]?.querySelector("a").focus();
  } catch (error) {
    if (turn !== asked) return;
    message.hidden = false;
    message.textContent = told(error);
    if (offset) return;
    body.replaceChildren();
    byId("total").textContent = "";
    byId("more").hidden = true;
  }
}

function show() {
  const query = chosen();
  history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
  exports(query);
  load(0);
}

let waiting = 0;
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, PAUSE);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  show();
});
form.addEventListener("reset", () => setTimeout(show));
byId("more").addEventListener("click", () => load(body.rows.length));
addEventListener("pageshow", (event) => { if (event.persisted) show(); });

take(new URLSearchParams(location.search));
show();
