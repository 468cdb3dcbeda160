/** The pane with the sources of one answer; on a phone a sheet from below. */

import { byId, el } from "./dom.js";
import { card } from "./sources.js";

const pane = byId("evidence");
const list = byId("evidence-list");
let shown = null;
let opener = null;

/** Show the sources of an exchange (nothing for null), the chosen one marked and in sight. */
export function showSources(exchange, chosen = null) {
  const citations = exchange?.citations ?? [];
  if (shown !== citations) {
    shown = citations;
    list.replaceChildren(...citations.map((citation) => el("li", {}, card(citation))));
  }
  byId("no-evidence").hidden = citations.length > 0;
  for (const item of list.querySelectorAll(".source")) {
    const hit = chosen !== null && item.dataset.n === String(chosen.n);
    item.classList.toggle("chosen", hit);
    if (hit) item.scrollIntoView({ block: "nearest" });
  }
}

/** Bring the pane to the reader, who asked for it. */
export function openSources() {
  opener = document.activeElement;
  pane.classList.add("open");
  pane.focus();
}

export function closeSources() {
  if (!pane.classList.contains("open")) return;
  pane.classList.remove("open");
  if (opener?.isConnected) opener.focus();
}

byId("close-evidence").addEventListener("click", closeSources);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeSources(); });
document.addEventListener("pointerdown", (event) => { if (!pane.contains(event.target)) closeSources(); });
