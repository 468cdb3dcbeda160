/** `<document-list>`: the documents of the corpus, found by title, number, kind and fields. */

import { getJson, told } from "./api.js";
import { button, el } from "./dom.js";

const FIRST = 20;
const STEP = 100;
const PAUSE = 200; // milliseconds without typing before the list is asked for

class DocumentList extends HTMLElement {
  #asked = 0;

  connectedCallback() {
    const words = "按标题、文号查找文件";
    this.filter = el("input", { type: "search", autocomplete: "off", placeholder: "按标题、文号查找", "aria-label": words });
    this.count = el("p", { class: "hint", role: "status" });
    this.list = el("ul", { class: "plain" });
    this.more = button("显示更多", { hidden: true }, () => this.#load(this.list.children.length));
    this.append(this.filter, this.count, this.list, this.more);
    let waiting = 0;
    this.filter.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => this.#load(0), PAUSE);
    });
    this.#load(0);
  }

  refresh() { this.#load(0); }

  async #load(offset) {
    const turn = ++this.#asked;
    const words = this.filter.value.trim().slice(0, 200);
    const query = new URLSearchParams({ q: words, offset, limit: offset ? STEP : FIRST });
    try {
      const found = await getJson(`/api/documents?${query}`);
      if (turn !== this.#asked) return; // a later filter is on its way
      const items = found.documents.map(item);
      if (offset) this.list.append(...items);
      else this.list.replaceChildren(...items);
      const left = found.total - this.list.children.length;
      this.count.textContent = found.total ? `共 ${found.total} 份` : words ? "没有找到，换个词试试。" : "还没有导入文件。";
      this.more.hidden = left <= 0;
      this.more.textContent = `显示更多（还有 ${left} 份）`;
      if (offset) items[0]?.querySelector("a").focus();
    } catch (error) {
      if (turn === this.#asked) this.count.textContent = told(error);
    }
  }
}

function item(info) {
  const link = el("a", { href: `/documents/${encodeURIComponent(info.id)}`, target: "_blank", rel: "opener", title: info.title }, info.title);
  const { issued_on: issued, published_on: published } = info.fields;
  const words = [info.kind, info.number, (issued ?? published)?.[0]].filter(Boolean).join(" · ");
  return el("li", {}, link, el("span", { class: "number" }, words));
}

customElements.define("document-list", DocumentList);
