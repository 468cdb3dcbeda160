/** The pictures of the original's pages beside the text, following the reader from page to page. */

import { open, told } from "./api.js";
import { el, iconButton } from "./dom.js";

/** `{root, show(page), follow(paper)}` for a document whose original has pages. */
export function pagePictures(doc, close) {
  const total = doc.original.pages;
  const image = el("img", { alt: "" });
  const count = el("p", { class: "count", role: "status" });
  const back = iconButton("上一页", "left", () => show(current - 1));
  const on = iconButton("下一页", "right", () => show(current + 1));
  const root = el("section", { class: "pages", "aria-label": "原页", tabindex: "-1" },
    el("div", { class: "bar" }, back, count, on, iconButton("关闭原页", "close", close)), el("div", { class: "sheet" }, image));
  const kept = new Map();
  let current = 0;
  let seen = null;

  async function address(page) {
    // Fetched, not named by address: a request of an <img> could not carry the token.
    if (!kept.has(page)) kept.set(page, URL.createObjectURL(await (await open(`/api/documents/${encodeURIComponent(doc.id)}/pages/${page}`)).blob()));
    return kept.get(page);
  }

  async function show(page) {
    if (page < 1 || page > total || page === current) return;
    current = page;
    back.disabled = page === 1;
    on.disabled = page === total;
    count.textContent = `第 ${page} 页，共 ${total} 页`;
    try {
      const found = await address(page);
      if (page !== current) return;
      image.src = found;
      image.alt = `原件第 ${page} 页`;
      root.querySelector(".sheet").scrollTop = 0;
    } catch (error) {
      if (page === current) count.textContent = told(error);
    }
  }

  /** Turn the page with the text: to that in the middle of the window; at the top to the first, at the end to the last. */
  function follow(paper) {
    seen?.();
    const turn = () => {
      const { scrollHeight, clientHeight } = document.documentElement;
      const reach = scrollY < 1 ? 0 : scrollY + clientHeight > scrollHeight - 1 ? Infinity : clientHeight / 2;
      const above = [...paper.querySelectorAll(".page")].filter((mark) => mark.getBoundingClientRect().top < reach);
      show(Number(above.at(-1)?.dataset.page ?? 1));
    };
    addEventListener("scroll", turn, { passive: true });
    seen = () => removeEventListener("scroll", turn);
    turn();
  }

  return { root, show, follow, stop: () => seen?.() };
}
