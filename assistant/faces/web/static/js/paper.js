/**
 * The text of a document as a page: every character once and in order, the quote of the address marked, the places of
 * the official form (标题, 文号, 主送, 落款 …) set as on paper, rows of tables as tables.
 */

import { button, el } from "./dom.js";
import { copy, named } from "./sources.js";
import { columnsOf, runs } from "./tables.js";

const PLACES = {
  标题: "title", 文号: "number", 标注: "remark", 主送: "addressee", 落款: "signature", 抄送: "foot", 印发: "foot",
  文头: "issuer", 公开属性: "foot",
};

/** `characters` are code points, as the service counts: one character of a rare name is two units of a script's. */
export class Paper {
  /** `doc` as the service gives it; `hit` {start, end} or null. */
  constructor(doc, hit) {
    this.doc = doc;
    this.characters = Array.from(doc.text);
    this.hit = hit;
  }

  text(from, to) {
    return this.characters.slice(from, to).join("");
  }

  /** All nodes of the paper. */
  nodes() {
    const { clauses } = this.doc;
    const first = clauses[0]?.start ?? this.characters.length;
    const before = first > 0 ? [el("div", { class: "clause" }, this.lines(0, first))] : [];
    const ends = clauses.map((_, i) => clauses[i + 1]?.start ?? this.characters.length);
    const nodes = runs(clauses, (clause) => this.text(clause.start, clause.end)).flatMap(({ from, to, columns }) => {
      const some = clauses.slice(from, to).map((clause, i) => ({ clause, next: ends[from + i] }));
      return columns ? [this.#table(some, columns)] : some.map(({ clause, next }) => this.#clause(clause, next));
    });
    return [...before, ...nodes];
  }

  #touches(clause) {
    return this.hit !== null && this.hit.start < clause.end && clause.start < this.hit.end;
  }

  /** The nodes of [from, to): marks where the quote is, the pages' beginnings between. */
  pieces(from, to) {
    const { hit, doc } = this;
    const cuts = new Set([from, to, ...doc.page_starts.filter((p) => p > from && p < to)]);
    if (hit) for (const cut of [hit.start, hit.end]) if (cut > from && cut < to) cuts.add(cut);
    const sorted = [...cuts].sort((a, b) => a - b);
    const nodes = [];
    for (let i = 0; i + 1 < sorted.length; i += 1) {
      const [start, end] = [sorted[i], sorted[i + 1]];
      const page = doc.page_starts.indexOf(start);
      if (page > 0) nodes.push(el("span", { class: "page", "data-label": `第 ${page + 1} 页`, "data-page": page + 1 }));
      const text = this.text(start, end);
      nodes.push(hit && start >= hit.start && end <= hit.end ? el("mark", {}, text) : text);
    }
    return nodes;
  }

  /** The same, a block a line of the text; each keeps its line break, so that copying gives the document's own words. */
  lines(from, to) {
    const nodes = [];
    for (let start = from; start < to;) {
      const broken = this.characters.indexOf("\n", start);
      const end = broken < 0 || broken >= to ? to : broken + 1;
      nodes.push(el("span", { class: "line" }, this.pieces(start, end)));
      start = end;
    }
    return nodes;
  }

  #clause(clause, next) {
    const { start, end } = clause;
    const place = PLACES[clause.path.replace(/·\d+$/, "").replace(/^附.*/, clause.kind === "head" ? "标题" : "")] ?? "";
    const level = clause.level > 0 && clause.heading ? `level-${Math.min(clause.level, 3)}` : "";
    return el(
      "div",
      { class: ["clause", clause.kind, place, level, this.#touches(clause) && "hit"].filter(Boolean).join(" "), id: `at-${start}` },
      this.lines(start, end),
      // What lies before the next clause is white space: kept so that a range over both reads as in the document.
      el("span", { class: "gap" }, this.pieces(end, next)),
      this.#copier(clause),
    );
  }

  #table(rows, columns) {
    const body = rows.map(({ clause, next }) => {
      const cells = columnsOf(this.text(clause.start, clause.end), clause.start, columns);
      const last = cells.length - 1;
      return el(
        "tr",
        { class: `clause ${clause.kind} ${this.#touches(clause) ? "hit" : ""}`, id: `at-${clause.start}` },
        cells.map(({ name, value, end }, i) => el(
          "td",
          { "data-name": columns[i] },
          // Name and separator stand in the head of the table; here they are for copying and for being read out.
          name && el("span", { class: "unseen" }, this.pieces(name[0], name[1])),
          value && this.pieces(value[0], value[1]),
          end && el("span", { class: "unseen" }, this.pieces(end[0], end[1])),
          i === last && el("span", { class: "gap" }, this.pieces(clause.end, next)),
          i === last && this.#copier(clause),
        )),
      );
    });
    const head = el("thead", {}, el("tr", {}, columns.map((name) => el("th", { scope: "col" }, name))));
    return el("div", { class: "rows", tabindex: "0", role: "region", "aria-label": "表" }, el("table", {}, head, el("tbody", {}, body)));
  }

  #copier({ start, end, path, page }) {
    const { title, number } = this.doc;
    const source = named({ title, number, path, page });
    return button("复制本条（含出处）", { class: "copy quiet" }, (made) => copy(`${this.text(start, end).trim()}\n——${source}`, made));
  }
}
