/** Sources: how a citation is named, shown and copied. */

import { button, el } from "./dom.js";

/** A title between 《》; title marks inside become single ones (GB/T 15834). */
export const titled = (title) => `《${title.split(/\s+/).join(" ").replaceAll("《", "〈").replaceAll("》", "〉")}》`;

/** A source in words: title, number, clause and page. */
export function named(citation) {
  const number = citation.number ? `（${citation.number}）` : "";
  const page = citation.page ? `，第${citation.page}页` : "";
  return `${titled(citation.title)}${number}${citation.path}${page}`;
}

/** Put a text on the clipboard, and say on the button that it is there. */
export async function copy(text, pressed) {
  const before = pressed.textContent;
  pressed.textContent = (await written(text)) ? "已复制" : "复制失败，请手动选取";
  setTimeout(() => { pressed.textContent = before; }, 1500);
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

/** A source as a card: number, document, place, quote, the way to the original, copying. `extra` nodes join the links. */
export function card(citation, ...extra) {
  const place = [citation.path, citation.page && `第${citation.page}页`, citation.number].filter(Boolean).join(" · ");
  const date = citation.date && [" · ", el("span", { class: "whole" }, citation.date)];
  return el(
    "div",
    { class: "source", "data-n": citation.n },
    el("p", { class: "title" }, el("span", { class: "number" }, `${citation.n}`), citation.title),
    el("p", { class: "place" }, place, date),
    el("blockquote", {}, citation.quote),
    el(
      "p",
      { class: "links" },
      // Its opener lends the page its token (credentials.js); both are ours.
      el("a", { href: local(citation.url), target: "_blank", rel: "opener" }, "查看原文"),
      button("复制（含出处）", { icon: "copy" }, (made) => copy(`${citation.quote}\n——${named(citation)}`, made)),
      ...extra,
    ),
  );
}

// Links lead into this service and nowhere else, whatever an answer holds.
function local(url) {
  return /^\/documents\/[\w-]+#\d+-\d+$/.test(url) ? url : "/";
}
