/** The side: past conversations of this tab and the documents of the corpus. On a phone it slides over the page. */

import { getJson, told } from "./api.js";
import { byId, el } from "./dom.js";

const PAUSE = 200; // milliseconds without typing before the list is filtered
const side = byId("side");
const opener = byId("open-side");

/** List the conversations, the newest first; `open` is called with the one that is picked. */
export function showHistory(kept, open) {
  const items = kept.conversations.filter((c) => c.exchanges.length).toReversed();
  byId("no-history").hidden = items.length > 0;
  byId("history").replaceChildren(...items.map((conversation) => {
    const current = conversation.key === kept.current;
    const button = el("button", { type: "button", "aria-current": current && "true" }, conversation.exchanges[0].question.slice(0, 40));
    button.addEventListener("click", () => { closeSide(); open(conversation.key); });
    return el("li", {}, button);
  }));
}

let asked = 0;

async function listDocuments() {
  const words = byId("documents-filter").value.trim();
  const turn = ++asked;
  const list = byId("documents");
  try {
    const found = await getJson(`/api/documents?limit=100&q=${encodeURIComponent(words.slice(0, 200))}`);
    if (turn !== asked) return; // a later filter is on its way
    byId("documents-count").textContent = `${found.total} 份`;
    const items = found.documents.map((info) => el(
      "li",
      {},
      el(
        "a",
        { href: `/documents/${encodeURIComponent(info.id)}`, target: "_blank", rel: "noopener" },
        info.title,
        info.number && el("span", { class: "number" }, info.number),
      ),
    ));
    if (!items.length) items.push(el("li", { class: "hint" }, "没有找到，换个词试试。"));
    if (found.total > found.documents.length) items.push(el("li", { class: "hint" }, "只列出前 100 份，请输入更多字。"));
    list.replaceChildren(...items);
  } catch (error) {
    if (turn === asked) list.replaceChildren(el("li", { class: "hint" }, told(error)));
  }
}

export function closeSide() {
  side.classList.remove("open");
  opener.setAttribute("aria-expanded", "false");
}

/** Fill the list of documents and start listening. */
export function startSide() {
  let waiting = 0;
  byId("documents-filter").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(listDocuments, PAUSE);
  });
  opener.addEventListener("click", () => {
    const open = side.classList.toggle("open");
    opener.setAttribute("aria-expanded", String(open));
    if (open) byId("new-conversation").focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && side.classList.contains("open")) {
      closeSide();
      opener.focus();
    }
  });
  document.addEventListener("pointerdown", (event) => {
    if (!side.contains(event.target) && event.target !== opener) closeSide();
  });
  listDocuments();
}
