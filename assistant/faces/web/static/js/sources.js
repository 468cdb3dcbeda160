/** Sources: how a citation is named, shown and copied. */

import { el } from "./dom.js";

/** A source in words: title, number, clause and page. */
export function named(citation) {
  const number = citation.number ? `（${citation.number}）` : "";
  const page = citation.page ? `，第${citation.page}页` : "";
  return `《${citation.title.split(/\s+/).join(" ")}》${number}${citation.path}${page}`;
}

/** Put a text on the clipboard, and say on the button that it is there. */
export async function copy(text, button) {
  const before = button.textContent;
  button.textContent = (await written(text)) ? "已复制" : "复制失败，请手动选取";
  setTimeout(() => { button.textContent = before; }, 1500);
}

async function written(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // The clipboard interface exists only on https and this machine; an office's http address has the old way left.
    const focused = document.activeElement;
    const area = el("textarea", { class: "unseen", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    focused?.focus();
    return done;
  }
}

/** A source as a card: number, place, quote, the way to the original, copying. `extra` nodes join the links. */
export function card(citation, ...extra) {
  const copier = el("button", { class: "quiet", type: "button" }, "复制（含出处）");
  copier.addEventListener("click", () => copy(`${citation.quote}\n——${named(citation)}`, copier));
  const page = citation.page ? ` · 第${citation.page}页` : "";
  const number = citation.number ? ` · ${citation.number}` : "";
  return el(
    "div",
    { class: "source", "data-n": citation.n },
    el("div", {}, el("span", { class: "number" }, `${citation.n}`), " ", el("span", { class: "title" }, citation.title)),
    el("div", { class: "place" }, `${citation.path}${page}${number}`),
    el("blockquote", {}, citation.quote),
    el(
      "div",
      { class: "links" },
      el("a", { href: local(citation.url), target: "_blank", rel: "noopener" }, "查看原文"),
      copier,
      ...extra,
    ),
  );
}

// Links lead into this service and nowhere else, whatever an answer holds.
function local(url) {
  return /^\/documents\/[\w-]+#\d+-\d+$/.test(url) ? url : "/";
}
