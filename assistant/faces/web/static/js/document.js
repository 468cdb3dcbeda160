/** The document page: the text with its outline, the range of the address marked, and what belongs to the file. */

import { about, notices } from "./about.js";
import { getJson, told } from "./api.js";
import { borrowToken } from "./credentials.js";
import { byId, el } from "./dom.js";
import { pagePictures } from "./pages.js";
import { Paper } from "./paper.js";

const MOSTLY = 0.5; // share of recognised print from which a document is a scan
const LONGEST = 32; // characters of a line of the outline
const paper = byId("paper");
const narrow = matchMedia("(max-width: 760px)");
let pictures = null;

/** The range of the address, in characters; null where it names none that the text has. */
function range(length) {
  const match = /^#(\d+)-(\d+)$/.exec(location.hash);
  const [start, end] = match ? [Number(match[1]), Number(match[2])] : [0, 0];
  return start < end && end <= length ? { start, end } : null;
}

function outlineItem(sheet, clause, current) {
  const words = clause.heading ? `${clause.label}${clause.heading}` : sheet.text(clause.start, clause.end).trim();
  const short = words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
  const link = el("a", { href: `#${clause.start}-${clause.end}`, "aria-current": current && "true" }, short);
  return el("li", { class: clause.level > 3 ? "deep" : `level-${clause.level}` }, link);
}

/** The clause of the outline under which a place stands. */
function listed(clauses, at) {
  return clauses.filter((c) => c.start <= at).pop() ?? null;
}

function render(doc, length) {
  const hit = range(length);
  const sheet = new Paper(doc, hit);
  paper.replaceChildren(...sheet.nodes());
  paper.setAttribute("aria-busy", "false");
  const inOutline = doc.clauses.filter((c) => c.level > 0 || (c.kind === "head" && c.path.startsWith("附")));
  const current = hit && listed(inOutline, hit.start);
  byId("outline-list").replaceChildren(...inOutline.map((c) => outlineItem(sheet, c, c === current)));
  document.body.classList.toggle("flat", inOutline.length === 0);
  pictures?.follow(paper);
  const mark = paper.querySelector("mark");
  if (!mark) return;
  mark.tabIndex = -1;
  mark.scrollIntoView({ block: "center" });
  mark.focus({ preventScroll: true });
  byId("outline-list").querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  const where = doc.clauses.filter((c) => c.start <= hit.start).pop();
  byId("said").textContent = where ? `已定位到 ${where.path}` : "";
}

/** Open or close the pictures of the pages; the text stays at the same place. */
function togglePages(doc) {
  const pressed = byId("see-pages");
  const place = paper.querySelector("mark") ?? [...paper.children].find((node) => node.getBoundingClientRect().bottom > 80);
  const before = place?.getBoundingClientRect().top ?? 0;
  if (pictures) {
    pictures.stop();
    pictures.root.remove();
    pictures = null;
    pressed.focus({ preventScroll: true });
  } else {
    pictures = pagePictures(doc, () => togglePages(doc));
    document.body.append(pictures.root);
  }
  document.body.classList.toggle("with-pages", Boolean(pictures));
  pressed.setAttribute("aria-pressed", String(Boolean(pictures)));
  if (place) scrollBy(0, place.getBoundingClientRect().top - before);
  pictures?.follow(paper);
  pictures?.root.focus({ preventScroll: true });
}

/** Whether the reader will want the pages beside the text: print that was recognised, or a line that is in doubt. */
const scanned = (doc) => doc.fields.some((f) => f.name === "uncertain_print" || (f.name === "recognised" && Number(f.value) >= MOSTLY));

async function start() {
  byId("outline").open = !narrow.matches;
  try {
    await borrowToken();
    const doc = await getJson(`/api/documents/${location.pathname.split("/").at(-1)}`);
    const { length } = Array.from(doc.text);
    document.title = `${doc.title} · 政策文件问答`;
    byId("where").textContent = doc.title;
    byId("about").replaceChildren(...about(doc, () => togglePages(doc)));
    byId("notices").replaceChildren(...notices(doc));
    render(doc, length);
    addEventListener("hashchange", () => { if (range(length)) render(doc, length); });
    if (doc.original?.pages && scanned(doc) && innerWidth > 1179) togglePages(doc);
  } catch (error) {
    byId("message").textContent = told(error);
    paper.setAttribute("aria-busy", "false");
  }
}

start();
