/** The document page: the text with its outline, and the range of the address marked. */

import { getJson, told } from "./api.js";
import { borrowToken } from "./credentials.js";
import { byId, el } from "./dom.js";
import { copy, named } from "./sources.js";

const FIELD_NAMES = {
  number: "文号",
  signatory: "签发人",
  addressee: "主送",
  issuer: "发文机关",
  issued_on: "成文日期",
  published_on: "发布日期",
  contact: "联系人",
  phone: "联系电话",
  index_number: "索引号",
  theme: "主题",
  session: "届次",
  proposal_number: "提案号",
  copy_to: "抄送",
  publicity: "公开属性",
};
const paper = byId("paper");

/** The range of the address, in characters; null where it names none that the text has. */
function range(length) {
  const match = /^#(\d+)-(\d+)$/.exec(location.hash);
  const [start, end] = match ? [Number(match[1]), Number(match[2])] : [0, 0];
  return start < end && end <= length ? { start, end } : null;
}

/**
 * `characters` are code points, as the service counts: one character of a rare name is two units of a script's
 * string. Returns the nodes of [from, to), those inside `hit` as marks, with the pages' beginnings between.
 */
function pieces(characters, pages, hit, from, to) {
  const cuts = new Set([from, to, ...pages.filter((p) => p > from && p < to)]);
  if (hit) for (const cut of [hit.start, hit.end]) if (cut > from && cut < to) cuts.add(cut);
  const sorted = [...cuts].sort((a, b) => a - b);
  const nodes = [];
  for (let i = 0; i + 1 < sorted.length; i += 1) {
    const [start, end] = [sorted[i], sorted[i + 1]];
    const page = pages.indexOf(start);
    if (page > 0) nodes.push(el("span", { class: "page", "data-label": `第 ${page + 1} 页` }));
    const text = characters.slice(start, end).join("");
    nodes.push(hit && start >= hit.start && end <= hit.end ? el("mark", {}, text) : text);
  }
  return nodes;
}

function clauseNode(doc, characters, hit, clause, next) {
  const { start, end } = clause;
  const overlaps = hit !== null && hit.start < end && start < hit.end;
  const button = el("button", { class: "copy quiet", type: "button" }, "复制本条（含出处）");
  button.addEventListener("click", () => {
    const place = named({ title: doc.title, number: doc.number, path: clause.path, page: clause.page });
    copy(`${characters.slice(start, end).join("").trim()}\n——${place}`, button);
  });
  return el(
    "div",
    { class: `clause ${clause.kind} ${overlaps ? "hit" : ""}`, id: `at-${start}` },
    pieces(characters, doc.page_starts, hit, start, end),
    // What lies before the next clause is white space: kept so that a range over both reads as in the document.
    el("span", { class: "gap" }, pieces(characters, doc.page_starts, hit, end, next)),
    button,
  );
}

function outlineItem(characters, clause, hit) {
  const text = characters.slice(clause.start, clause.end).join("").trim();
  const words = clause.heading ? `${clause.label}${clause.heading}` : text;
  const depth = clause.level > 3 ? "deep" : `level-${clause.level}`;
  const current = hit !== null && clause.start <= hit.start && hit.start < clause.end;
  const short = words.length > 32 ? `${words.slice(0, 32)}…` : words;
  return el("li", { class: depth }, el("a", { href: `#${clause.start}-${clause.end}`, "aria-current": current && "true" }, short));
}

function facts(doc) {
  const pairs = [["类型", doc.kind], ...doc.fields.filter((f) => FIELD_NAMES[f.name]).map((f) => [FIELD_NAMES[f.name], f.value]), ["来源文件", doc.source]];
  return el("dl", { class: "facts" }, pairs.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

function render(doc, characters) {
  const hit = range(characters.length);
  const { clauses } = doc;
  const first = clauses[0]?.start ?? characters.length;
  paper.replaceChildren(
    el("h1", {}, doc.title),
    facts(doc),
    el("div", { class: "clause" }, pieces(characters, doc.page_starts, hit, 0, first)),
    ...clauses.map((clause, i) => clauseNode(doc, characters, hit, clause, clauses[i + 1]?.start ?? characters.length)),
  );
  paper.setAttribute("aria-busy", "false");
  byId("outline-list").replaceChildren(...clauses.filter((c) => c.level > 0).map((c) => outlineItem(characters, c, hit)));
  const mark = paper.querySelector("mark");
  if (!mark) return;
  mark.tabIndex = -1;
  mark.scrollIntoView({ block: "center" });
  mark.focus({ preventScroll: true });
  byId("outline-list").querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  const where = clauses.findLast((c) => c.start <= hit.start);
  byId("said").textContent = where ? `已定位到 ${where.path}` : "";
}

async function start() {
  try {
    await borrowToken();
    const id = location.pathname.split("/").at(-1);
    const doc = await getJson(`/api/documents/${id}`);
    const characters = Array.from(doc.text);
    document.title = `${doc.title} · 政策文件问答`;
    byId("where").textContent = [doc.number, doc.kind].filter(Boolean).join(" · ");
    render(doc, characters);
    addEventListener("hashchange", () => { if (range(characters.length)) render(doc, characters); });
  } catch (error) {
    byId("message").textContent = told(error);
    paper.setAttribute("aria-busy", "false");
  }
}

start();
