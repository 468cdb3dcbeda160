/** The ledger page: filters that the address keeps, counts that are filters, rows that open their clause. */

import { currentToken, download, getJson, told } from "./api.js";
import { borrowToken } from "./credentials.js";
import { byId, el } from "./dom.js";
import { offerImport } from "./ledger-import.js";
import { goneItem } from "./ledger-review.js";
import { loadCandidates } from "./ledger-candidates.js";
import { loadOverTime } from "./ledger-over-time.js";
import { rowNodes } from "./ledger-row.js";
import { sortable, sortedBy } from "./ledger-sort.js";
import { showTimeline } from "./ledger-timeline.js";
import { REVIEWS, STATES } from "./ledger-words.js";

const PAGE = 50; // rows at once; the rest on demand, all in the export
const FIRST_UNITS = 12;
const PAUSE = 250; // milliseconds without typing before the list is asked for
// What asks for someone's eye: its name in the counts, in words, and the field that filters by it.
const WATCHES = [
  ["overdue", "逾期", "overdue", "true"],
  ["soon", "30 天内到期", "due_within", "30"],
  ["without_limit", "未写明时限", "deadline", "none"],
  ["done_undated", "称已完成而无日期", "done_undated", "true"],
];

const form = byId("filters");
const body = byId("body");
let asked = 0;
let listed = 0;
let asOf = ""; // the day of the list
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
  const hidden = [...byId("more-filters").querySelectorAll("[name]")];
  if (hidden.some((field) => query.has(field.name))) byId("more-filters").open = true;
}

/** A count that is a filter: pressing it sets the field, pressing it again clears it. */
function chip(name, value, label, rows) {
  const field = form.elements[name];
  const pressed = field.type === "checkbox" ? field.checked : field.value.trim() === value;
  const button = el("button", { type: "button", "aria-pressed": String(pressed), "data-chip": `${name}=${value}` }, label, " ", el("span", { class: "count" }, `${rows}`));
  button.addEventListener("click", () => {
    if (field.type === "checkbox") field.checked = !pressed;
    else field.value = pressed ? "" : value;
    show();
  });
  return el("li", {}, button);
}

/** Put in the chips, and the focus back on the one that had it. */
function chips(id, items) {
  const had = byId(id).contains(document.activeElement) ? document.activeElement.dataset.chip : null;
  byId(id).replaceChildren(...items);
  if (had) byId(id).querySelector(`[data-chip="${CSS.escape(had)}"]`)?.focus();
}

function counts({ units, statuses, reviews, watch }) {
  chips("watch", WATCHES.filter(([key, , name]) => watch[key] || form.elements[name].checked).map(([key, label, name, value]) => chip(name, value, label, watch[key])));
  chips("statuses", Object.keys(STATES).map((s) => chip("status", s, STATES[s], statuses[s] ?? 0)));
  const noted = Object.keys(REVIEWS).filter((s) => reviews[s] || form.elements.review.value === s);
  chips("reviews", noted.map((s) => chip("review", s, REVIEWS[s], reviews[s])));
  const current = form.elements.unit.value.trim();
  const first = allUnits ? units : units.filter((u, i) => i < FIRST_UNITS || u.unit === current);
  const items = first.map((u) => chip("unit", u.unit, u.unit, u.rows));
  if (first.length < units.length) {
    const all = el("button", { type: "button", class: "quiet" }, `其余 ${units.length - first.length} 个单位`);
    all.addEventListener("click", () => { allUnits = true; counts({ units, statuses, reviews, watch }); });
    items.push(el("li", {}, all));
  }
  chips("units", items);
}

function exports(query) {
  for (const kind of ["xlsx", "csv"]) {
    const address = new URLSearchParams(query);
    address.set("format", kind);
    byId(`export-${kind}`).href = `/api/ledger?${address}`;
  }
}

/** A row after someone has said something of it: in its place, its details open, and the counts as they are now. */
async function changed(row, before) {
  const nodes = rowNodes(row, asOf, changed);
  before.line.replaceWith(nodes.line);
  before.about.replaceWith(nodes.about);
  nodes.show(true, row);
  nodes.focus();
  const query = chosen();
  query.set("limit", 1);
  try {
    const found = await getJson(`/api/ledger?${query}`);
    counts(found.counts);
    total(found);
  } catch {
    // The counts stay as they were until the next list.
  }
  gone();
}

function total(found) {
  byId("total").textContent = `共 ${found.total} 项${listed < found.total ? `，已列出 ${listed} 项` : "，全部列出"}；逾期按 ${found.as_of} 判断（北京时间）${sortedBy(form.elements.sort)}`;
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
    asOf = found.as_of;
    const rows = found.rows.map((row) => rowNodes(row, asOf, changed));
    const nodes = rows.flatMap(({ line, about }) => [line, about]);
    if (offset) body.append(...nodes);
    else body.replaceChildren(...nodes);
    listed = offset + found.rows.length;
    total(found);
    byId("more").hidden = listed >= found.total;
    message.hidden = found.total > 0;
    message.textContent = [...query.keys()].some((name) => name !== "sort") ? "没有符合条件的事项，请放宽筛选。" : "已导入的文件里没有读到责任事项。";
    counts(found.counts);
    if (offset) rows[0]?.focus();
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

/** Reviews whose rows are gone stand above the list: in no list would anyone find them. */
async function gone() {
  try {
    const { rows } = await getJson("/api/ledger/pending");
    const lost = rows.filter((row) => row.now === null);
    byId("gone").hidden = !lost.length;
    byId("gone-list").replaceChildren(...lost.map((row) => goneItem(row, gone)));
  } catch {
    byId("gone").hidden = true;
  }
}

function show() {
  const query = chosen();
  markHeads();
  history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
  exports(query);
  form.querySelector("[type=reset]").hidden = !query.size;
  load(0);
  if (byId("time").open) showTimeline(query);
}

const markHeads = sortable(byId("rows").tHead, form.elements.sort, () => { clearTimeout(waiting); show(); });
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
form.addEventListener("reset", () => {
  form.elements.unit.focus(); // the button goes with what it cleared
  setTimeout(show);
});
byId("more").addEventListener("click", () => load(listed));
byId("time").addEventListener("toggle", () => { if (byId("time").open) showTimeline(chosen()); });
for (const kind of ["xlsx", "csv"]) {
  byId(`export-${kind}`).addEventListener("click", (event) => {
    if (!currentToken()) return; // a plain link does
    event.preventDefault();
    download(event.currentTarget.getAttribute("href"), `责任台账.${kind}`).catch((error) => {
      byId("message").hidden = false;
      byId("message").textContent = told(error);
    });
  });
}
offerImport(() => { show(); gone(); loadCandidates(show); });
addEventListener("pageshow", (event) => { if (event.persisted) show(); });

await borrowToken();
take(new URLSearchParams(location.search));
// Rows are marked by what contradicts them; after a new generation that takes a moment, and the list does not wait for it.
let marked = false;
const contradictions = loadOverTime().then((found) => {
  if (found && marked) show();
});
await Promise.race([contradictions, new Promise((resolve) => { setTimeout(resolve, PAUSE); })]);
marked = true;
show();
gone();
loadCandidates(show);
