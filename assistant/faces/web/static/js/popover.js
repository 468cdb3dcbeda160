/** The clause behind a number, on hover, focus and tap. One at a time; Esc closes it and gives the focus back. */

import { byId, el } from "./dom.js";
import { card } from "./sources.js";

const GRACE = 250; // milliseconds to move the pointer from the number into the popover

const box = byId("popover");
let anchor = null;
let pinned = false;
let returning = false;
let leaving = 0;

function place() {
  const rect = anchor.getBoundingClientRect();
  const left = Math.min(Math.max(8, rect.left - 40), innerWidth - box.offsetWidth - 8);
  const below = rect.bottom + 6;
  const fits = below + box.offsetHeight < innerHeight - 8;
  box.style.left = `${left}px`;
  box.style.top = `${fits ? below : Math.max(8, rect.top - box.offsetHeight - 6)}px`;
}

function show(button, citation) {
  clearTimeout(leaving);
  if (anchor !== button) {
    hide();
    anchor = button;
    anchor.setAttribute("aria-expanded", "true");
    const closer = el("button", { class: "quiet", type: "button", on: { click: () => hide(true) } }, "关闭");
    box.replaceChildren(card(citation, closer));
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
  const button = el("button", {
    class: "cite",
    type: "button",
    "aria-expanded": "false",
    "aria-label": `依据 ${citation.n}：${citation.title} ${citation.path}`,
  }, `${citation.n}`);
  button.addEventListener("mouseenter", () => { if (!pinned) show(button, citation); });
  button.addEventListener("mouseleave", leave);
  button.addEventListener("focus", () => { if (!pinned && !returning && button.matches(":focus-visible")) show(button, citation); });
  button.addEventListener("click", () => {
    pinned = false;
    show(button, citation);
    pinned = true;
    onChoose(citation);
    box.querySelector("a").focus({ preventScroll: true });
  });
  return el("sup", {}, button);
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
  if (event.key === "Escape" && anchor) {
    event.preventDefault();
    hide(true);
  }
});
addEventListener("resize", () => { if (anchor) place(); });
