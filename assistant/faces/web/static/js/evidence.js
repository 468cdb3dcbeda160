/** `<evidence-pane>`: the sources of one answer; where there is no room beside the talk, a sheet over it. */

import { el, iconButton } from "./dom.js";
import { card } from "./sources.js";

class EvidencePane extends HTMLElement {
  #shown = null;
  #opener = null;

  connectedCallback() {
    this.tabIndex = -1;
    this.title = "";
    this.head = el("h2", { id: "evidence-title" }, "依据");
    this.list = el("ol", { class: "plain" });
    this.hint = el("p", { class: "hint" }, "回答里的数字是依据的编号，点它看原文。");
    this.setAttribute("role", "complementary");
    this.setAttribute("aria-labelledby", "evidence-title");
    const close = iconButton("关闭依据", "close", () => this.close());
    this.append(el("div", { class: "pane-head" }, this.head, close), this.hint, this.list);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
    document.addEventListener("pointerdown", (event) => {
      if (!this.contains(event.target) && !event.target.closest?.(".popover")) this.close();
    });
  }

  /** Show the sources of an exchange (nothing for null), the chosen one marked and in sight. */
  show(exchange, chosen = null) {
    const citations = exchange?.citations ?? [];
    if (this.#shown !== citations) {
      this.#shown = citations;
      this.list.replaceChildren(...citations.map((citation) => el("li", {}, card(citation))));
      this.scrollTop = 0;
    }
    this.hint.hidden = citations.length > 0;
    this.head.textContent = citations.length ? `依据 ${citations.length} 条` : "依据";
    for (const item of this.list.querySelectorAll(".source")) {
      const hit = chosen !== null && item.dataset.n === String(chosen.n);
      item.classList.toggle("chosen", hit);
      if (hit) item.scrollIntoView({ block: "nearest" });
    }
  }

  /** Bring the pane to the reader, who asked for it. */
  open() {
    this.#opener = document.activeElement;
    this.classList.add("open");
    this.focus({ preventScroll: true });
  }

  close() {
    if (!this.classList.contains("open")) return;
    const inside = this.contains(document.activeElement);
    this.classList.remove("open");
    if (inside && this.#opener?.isConnected) this.#opener.focus({ preventScroll: true });
  }
}

customElements.define("evidence-pane", EvidencePane);
