/** `<conversation-list>`: past conversations of this reader; opened, renamed, exported, deleted. Event `pick` ({id}). */

import { download, getJson, remove, sendJson, told } from "./api.js";
import { button, el, iconButton } from "./dom.js";

const FIRST = 20;

class ConversationList extends HTMLElement {
  #current = null;
  #limit = FIRST;
  #asked = 0;

  connectedCallback() {
    this.list = el("ul", { class: "plain" });
    this.hint = el("p", { class: "hint" }, "问过的对话会列在这里。");
    this.more = button("更早的对话", { hidden: true }, () => { this.#limit += 100; this.refresh(); });
    this.append(this.list, this.hint, this.more);
  }

  /** Mark the conversation that is shown. */
  set current(id) {
    this.#current = id;
    for (const item of this.list.children) {
      const open = item.querySelector(".name");
      if (open) open.ariaCurrent = item.dataset.id === id ? "true" : null;
    }
  }

  async refresh() {
    const turn = ++this.#asked;
    try {
      const { conversations, total } = await getJson(`/api/conversations?limit=${Math.min(200, this.#limit)}`);
      if (turn !== this.#asked) return;
      this.list.replaceChildren(...conversations.map((kept) => this.#item(kept)));
      this.hint.hidden = total > 0;
      this.more.hidden = total <= conversations.length || this.#limit > 200;
      this.current = this.#current;
    } catch (error) {
      if (turn !== this.#asked) return;
      this.hint.hidden = false;
      this.hint.textContent = error.status === 404 ? "此服务不保存对话。" : told(error);
    }
  }

  #item(kept) {
    const address = `/api/conversations/${encodeURIComponent(kept.id)}`;
    const open = button(kept.title, { class: "name", title: kept.title }, () => this.#pick(kept.id));
    const menu = el(
      "span",
      { class: "tools" },
      iconButton(`重命名：${kept.title}`, "edit", () => this.#rename(item, open, kept, address)),
      iconButton(`导出：${kept.title}`, "save", () => this.#attempt(() => download(`${address}/export`, `${kept.title}.md`))),
      iconButton(`删除：${kept.title}`, "bin", (pressed) => this.#confirm(pressed, kept, address)),
    );
    const item = el("li", { "data-id": kept.id }, open, menu);
    return item;
  }

  #rename(item, open, kept, address) {
    const box = el("input", { type: "text", maxlength: 40, "aria-label": "对话的新名称" });
    box.value = kept.title;
    let over = false;
    const close = async (keep) => {
      if (over) return;
      over = true;
      const title = box.value.trim();
      box.replaceWith(open);
      open.focus();
      if (!keep || !title || title === kept.title) return;
      await this.#attempt(() => sendJson("PATCH", address, { title }));
      await this.refresh();
      this.querySelector(`[data-id="${CSS.escape(kept.id)}"] .name`)?.focus();
    };
    box.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Enter") close(true);
      if (event.key === "Escape") { event.stopPropagation(); close(false); }
    });
    box.addEventListener("blur", () => close(true));
    open.replaceWith(box);
    box.select();
  }

  /** The first press asks, the second within some seconds deletes: no dialog, and no accident. */
  #confirm(pressed, kept, address) {
    if (pressed.dataset.sure) {
      this.#attempt(async () => {
        await remove(address);
        if (kept.id === this.#current) this.#pick(null);
        await this.refresh();
      });
      return;
    }
    const calm = () => {
      delete pressed.dataset.sure;
      pressed.classList.add("only-icon");
      pressed.textContent = "";
    };
    pressed.dataset.sure = "yes";
    pressed.classList.remove("only-icon");
    pressed.textContent = "确认删除";
    pressed.addEventListener("blur", calm, { once: true });
  }

  async #attempt(work) {
    try {
      await work();
    } catch (error) {
      this.hint.hidden = false;
      this.hint.textContent = told(error);
    }
  }

  #pick(id) {
    this.dispatchEvent(new CustomEvent("pick", { detail: { id } }));
  }
}

customElements.define("conversation-list", ConversationList);
