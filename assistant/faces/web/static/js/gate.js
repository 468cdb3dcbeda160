/** Where the service wants a key: ask the reader for one, keep it as long as the tab lives, and never in an address. */

import { el } from "./dom.js";

const KEY = "policy-assistant.key";
let asking = null; // several requests may meet the closed door at once

function stored() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function store(key) {
  try {
    sessionStorage.setItem(KEY, key);
  } catch {
    // Storage is switched off: the key lasts as long as the page.
  }
}

const ENTRANCE = {
  title: "请输入访问密钥",
  hint: "本服务只对有密钥的人开放。密钥由管理员发放。",
  fits: () => true,
};

/**
 * A key that the service takes; null where the reader closes the question. `refused` is the token that it did not.
 * `needed` says what for: words, and `fits(key)` whether it may.
 */
export function askForKey(refused, needed = ENTRANCE) {
  const kept = stored();
  if (kept && kept !== refused) return Promise.resolve(kept);
  asking ??= ask(needed).finally(() => { asking = null; });
  return asking;
}

function ask({ title, hint, fits }) {
  const box = el("input", { type: "password", id: "key", autocomplete: "current-password", required: true });
  const said = el("p", { class: "hint", role: "alert" });
  const dialog = el(
    "dialog",
    { class: "gate", "aria-labelledby": "gate-title" },
    el("form", { method: "dialog" },
      el("h2", { id: "gate-title" }, title),
      el("p", { class: "hint" }, hint),
      el("label", { class: "unseen", for: "key" }, "访问密钥"), box, said,
      el("button", { type: "submit", class: "primary" }, "进入")),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("submit", async (event) => {
      event.preventDefault();
      const key = box.value.trim();
      const response = await fetch("/api/suggestions", { headers: { Authorization: `Bearer ${key}` } }).catch(() => null);
      if (!response?.ok || !(await fits(key))) {
        said.textContent = response ? "这个密钥不能用，请核对，或向管理员索取。" : "连不上服务，请检查网络，或稍后重试。";
        box.select();
        return;
      }
      store(key);
      resolve(key);
      dialog.remove();
    });
    dialog.addEventListener("cancel", () => {
      resolve(null);
      dialog.remove();
    });
  });
}
