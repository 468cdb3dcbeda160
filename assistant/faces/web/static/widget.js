/**
 * The assistant on any page of the office: one script element draws a launcher that opens the chat in a frame.
 *
 *   <script src="…/widget.js" defer data-title="政策助手" data-accent="#1f4b7f" data-position="right"
 *     data-offset-x="24" data-offset-y="24" data-theme="auto" data-greeting="…" data-suggestions="问题一|问题二"
 *     data-token-url="/assistant-token"></script>
 *
 * Everything but src may be left out. The chat runs on the service's origin: it sees nothing of the page around, and
 * the page sees nothing of it. `data-token-url` is an address of the office's own site that gives {"token": "…"}, a
 * short-lived token for the person at the screen. `document.querySelector("policy-assistant").open()` opens it.
 */
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || customElements.get("policy-assistant")) return;
  const wishes = { ...script.dataset };
  const service = new URL(script.src).origin;
  const OPEN = "policy-assistant.open";
  const SIZE = 56;
  const GAP = 8; // pixels between the launcher and what it must not cover
  const PATIENCE = 8000; // milliseconds for the frame's first word
  const PRESSED = 'a[href],button,input:not([type="hidden"]),select,textarea,label,summary,[contenteditable=""],'
    + '[contenteditable="true"],[role="button"],[role="link"],[role="tab"],[role="checkbox"],[role="option"]';
  const accent = /^#[0-9a-f]{6}$/i.test(wishes.accent ?? "") ? wishes.accent : "#1f4b7f";
  const title = (wishes.title ?? "").trim().slice(0, 30) || "政策文件问答";
  const side = wishes.position === "left" ? "left" : "right";
  const offset = (value) => Math.min(Math.max(0, Number.parseInt(value ?? "24", 10) || 0), 400);
  const [offsetX, offsetY] = [offset(wishes.offsetX), offset(wishes.offsetY)];

  const STYLE = `
    :host { all: initial; }
    * { box-sizing: border-box; }
    button { position: fixed; z-index: 2147483000; width: ${SIZE}px; height: ${SIZE}px; padding: 0; border: 0;
      border-radius: 50%; background: ${accent}; color: ${ink(accent)}; cursor: pointer;
      box-shadow: 0 2px 8px rgb(0 0 0 / .28); }
    button:hover { filter: brightness(1.08); }
    button:focus-visible { outline: 3px solid ${accent}; outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
    button svg { display: block; width: 28px; height: 28px; margin: auto; fill: none; stroke: currentColor;
      stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
    section { position: fixed; z-index: 2147483001; ${side}: ${Math.min(offsetX, 24)}px; bottom: 16px;
      width: min(400px, calc(100vw - 32px)); height: min(660px, calc(100vh - 32px)); overflow: hidden;
      border: 1px solid rgb(0 0 0 / .2); border-radius: 10px; background: #f6f7f9;
      box-shadow: 0 8px 32px rgb(0 0 0 / .24); }
    iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; }
    p { margin: 24px; font: 15px/1.7 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
      color: #1c2430; }
    p + button { position: absolute; top: 8px; right: 8px; width: auto; height: 36px; padding: 0 12px;
      border-radius: 6px; box-shadow: none; font: 14px system-ui, sans-serif; }
    [hidden] { display: none; }
    @media (max-width: 480px), (max-height: 480px) {
      section { inset: 0; width: auto; height: auto; border: 0; border-radius: 0; }
    }
    @media print { :host { display: none; } }`;

  /** White or near black, whichever reads better on the colour (WCAG 2). */
  function ink(colour) {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const v = parseInt(colour.slice(at, at + 2), 16) / 255;
      return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#0f1a28" : "#ffffff";
  }

  function remember(open) {
    try {
      sessionStorage.setItem(OPEN, open ? "yes" : "no");
    } catch {
      // Storage is switched off: the next page begins closed.
    }
  }

  function remembered() {
    try {
      return sessionStorage.getItem(OPEN) === "yes";
    } catch {
      return false;
    }
  }

  async function token() {
    if (!wishes.tokenUrl) return null;
    try {
      const response = await fetch(wishes.tokenUrl, { method: "POST", credentials: "same-origin" });
      return response.ok ? (await response.json()).token : null;
    } catch {
      return null; // the chat says that it is not let in
    }
  }

  class PolicyAssistant extends HTMLElement {
    #frame = null;
    #ready = false; // whether the frame spoke
    #greeted = false; // and was answered
    #words = null; // what stands in place of a frame that does not speak
    #wanted = false; // whether the focus is to go into the chat

    connectedCallback() {
      if (this.shadowRoot) return;
      const root = this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
      this.launcher = document.createElement("button");
      this.launcher.type = "button";
      this.launcher.title = title;
      this.launcher.setAttribute("aria-label", `打开${title}`);
      this.launcher.setAttribute("aria-expanded", "false");
      this.launcher.append(picture());
      this.launcher.addEventListener("click", () => this.open());
      this.panel = document.createElement("section");
      this.panel.hidden = true;
      this.panel.setAttribute("aria-label", title);
      root.append(this.launcher, this.panel);
      addEventListener("message", (event) => this.#hear(event));
      this.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
      this.#settle();
      let waiting = 0;
      const soon = () => {
        clearTimeout(waiting);
        waiting = setTimeout(() => this.#settle(), 120);
      };
      for (const type of ["resize", "load"]) addEventListener(type, soon);
      for (const type of ["scroll", "focusin", "click", "transitionend"]) document.addEventListener(type, soon, { capture: true, passive: true });
      new MutationObserver(soon).observe(document.documentElement, {
        childList: true, subtree: true, attributeFilter: ["class", "style", "hidden", "open", "disabled"],
      });
      if (remembered()) this.#show();
    }

    open() {
      this.#wanted = true;
      this.#show();
      this.#focus();
      remember(true);
    }

    close() {
      if (this.panel.hidden) return;
      this.panel.hidden = true;
      this.launcher.hidden = false;
      this.launcher.setAttribute("aria-expanded", "false");
      remember(false);
      this.#settle();
      this.launcher.focus({ preventScroll: true });
    }

    #show() {
      if (this.#words) {
        this.panel.replaceChildren(); // opened again: tried again
        this.#words = null;
        this.#frame = null;
      }
      if (!this.#frame) this.#load();
      this.panel.hidden = false;
      this.launcher.hidden = true;
      this.launcher.setAttribute("aria-expanded", "true");
    }

    #load() {
      this.#frame = document.createElement("iframe");
      this.#frame.title = title;
      this.#frame.allow = "clipboard-write";
      this.#frame.src = `${service}/widget`;
      this.panel.append(this.#frame);
      const frame = this.#frame;
      setTimeout(() => { if (!this.#ready && this.#frame === frame) this.#refused(); }, PATIENCE);
    }

    /** The frame did not speak: the service is down or slow, or does not list this page's origin. It still may. */
    #refused() {
      const words = document.createElement("p");
      words.textContent = `${title}没有打开。请检查网络；如其他页面可以打开，请管理员把 ${location.origin} 加入允许嵌入的来源。`;
      const back = document.createElement("button");
      back.type = "button";
      back.textContent = "关闭";
      back.addEventListener("click", () => this.close());
      this.#words = [words, back];
      this.#frame.hidden = true;
      this.panel.append(words, back);
    }

    #say(message) {
      this.#frame?.contentWindow?.postMessage(message, service);
    }

    #focus() {
      if (!this.#greeted || !this.#wanted) return;
      this.#wanted = false;
      this.#frame.focus();
      this.#say({ policyAssistant: "focus" });
    }

    async #hear(event) {
      if (!this.#frame || event.source !== this.#frame.contentWindow || event.origin !== service) return;
      const said = event.data?.policyAssistant;
      if (said === "ready") {
        this.#ready = true;
        for (const word of this.#words ?? []) word.remove();
        this.#words = null;
        this.#frame.hidden = false;
        this.#say({
          policyAssistant: "hello",
          title,
          accent: wishes.accent,
          theme: wishes.theme,
          greeting: wishes.greeting,
          suggestions: (wishes.suggestions ?? "").split("|"),
          token: await token(),
          renews: Boolean(wishes.tokenUrl),
        });
        this.#greeted = true;
        this.#focus();
      } else if (said === "token") this.#say({ policyAssistant: "token", token: await token() });
      else if (said === "close") this.close();
    }

    /** Stand where nothing that people press or fill in lies beneath: at the wished place, else above it, else opposite. */
    #settle() {
      if (!this.panel.hidden) return;
      const [width, height] = [document.documentElement.clientWidth, innerHeight];
      const places = [];
      for (const at of [side, side === "left" ? "right" : "left"]) {
        for (let bottom = offsetY; bottom + SIZE + GAP <= height; bottom += SIZE / 2) places.push([at, bottom]);
      }
      const free = places.find(([at, bottom]) => {
        const left = at === "left" ? offsetX : width - offsetX - SIZE;
        return !covers(this, left - GAP, height - bottom - SIZE - GAP, SIZE + 2 * GAP);
      });
      const [at, bottom] = free ?? [side, offsetY];
      const { style } = this.launcher;
      style.left = at === "left" ? `${offsetX}px` : "auto";
      style.right = at === "right" ? `${offsetX}px` : "auto";
      style.bottom = `${bottom}px`;
      style.opacity = free ? "1" : "0.55";
    }
  }

  /** Whether a square of the window holds anything to press, but for ourselves. */
  function covers(self, left, top, size) {
    for (let y = 0; y <= 4; y += 1) {
      for (let x = 0; x <= 4; x += 1) {
        const found = document.elementsFromPoint(left + (size * x) / 4, top + (size * y) / 4).find((e) => e !== self);
        if (found?.closest(PRESSED)) return true;
      }
    }
    return false;
  }

  /** A sheet with a question on it. */
  function picture() {
    const SVG = "http://www.w3.org/2000/svg";
    const drawing = document.createElementNS(SVG, "svg");
    drawing.setAttribute("viewBox", "0 0 24 24");
    drawing.setAttribute("aria-hidden", "true");
    for (const d of ["M4 5h16v11h-9l-4 4v-4H4z", "M8 9h8M8 12.5h5"]) {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("d", d);
      drawing.append(path);
    }
    return drawing;
  }

  customElements.define("policy-assistant", PolicyAssistant);
  const start = () => document.body.append(document.createElement("policy-assistant"));
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
})();
