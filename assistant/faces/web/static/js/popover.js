/** The clause behind a number, on hover, focus and tap. One at a time; Esc closes it and gives the focus back. */

import { button, el } from "./dom.js";
import { card } from "./sources.js";

const GRACE = 250; // milliseconds to move the pointer from the number into the popover

const box = el("div", { id: "popover", class: "popover", role: "dialog", "aria-label": "依据原文", hidden: true });
document.body.append(box);
let anchor = null;
let pinned = false;
let returning = false;
let leaving = 0;

function place() {
  const rect = anchor.getBoundingClientRect();
  const room = anchor.closest("policy-chat").getBoundingClientRect(); // the sources beside the talk stay in sight
  const left = Math.max(8, Math.min(rect.left - 40, room.right - box.offsetWidth - 8));
  const below = rect.bottom + 6;
  const fits = below + box.offsetHeight < innerHeight - 8;
  box.style.left = `${left}px`;
  box.style.top = `${fits ? below : Math.max(8, rect.top - box.offsetHeight - 6)}px`;
}

function show(opener, citation) {
  clearTimeout(leaving);
  if (anchor !== opener) {
    hide();
    anchor = opener;
    anchor.setAttribute("aria-expanded", "true");
    box.replaceChildren(card(citation, button("关闭", {}, () => hide(true))));
  }
  box.hidden = false;
  place();
}

/** Close it; `back` gives the focus to the number that opened it. */
export function hide(back = false) {
  clearTimeout(leaving);
  if (!anchor) return;
  const opener = anchor;
  anchor = null;
  pinned = false;
  opener.setAttribute("aria-expanded", "false");
  box.hidden = true;
  if (back && opener.isConnected) {
    returning = true; // this focus closes, it must not open again
    opener.focus();
    returning = false;
  }
}

function leave() {
  clearTimeout(leaving);
  if (!pinned) leaving = setTimeout(() => hide(), GRACE);
}

/** The number of a citation as a button; `onChoose` hears when the reader picks it. */
export function mark(citation, onChoose) {
  const made = button(`${citation.n}`, {
    class: "cite",
    "aria-expanded": "false",
    "aria-label": `依据 ${citation.n}：${citation.title} ${citation.path}`,
  }, () => {
    pinned = false;
    show(made, citation);
    pinned = true;
    onChoose(citation);
    box.querySelector("a").focus({ preventScroll: true });
  });
  made.addEventListener("mouseenter", () => { if (!pinned) show(made, citation); });
  made.addEventListener("mouseleave", leave);
  made.addEventListener("focus", () => { if (!pinned && !returning && made.matches(":focus-visible")) show(made, citation); });
  return el("sup", {}, made);
}

box.addEventListener("mouseenter", () => clearTimeout(leaving));
box.addEventListener("mouseleave", leave);
document.addEventListener("pointerdown", (event) => {
  if (anchor && !box.contains(event.target) && !anchor.contains(event.target)) hide();
});
document.addEventListener("focusin", (event) => {
  if (anchor && !box.contains(event.target) && event.target !== anchor) hide();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !anchor) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // what lies below the popover stays open
  hide(true);
}, true);
addEventListener("resize", () => { if (anchor) place(); });
