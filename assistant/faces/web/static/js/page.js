/** The page `/`: conversations and documents at the side, the talk, the sources beside it. */

import "./chat.js";
import "./documents.js";
import "./evidence.js";
import "./history.js";
import { getJson, isEmpty, told } from "./api.js";
import { lendToken } from "./credentials.js";
import { byId, el } from "./dom.js";

const AGAIN = 5_000; // milliseconds after which it is looked again whether there are documents
const KEY = "policy-assistant.conversation"; // of this tab
const [chat, history, evidence] = [byId("chat"), byId("history"), byId("evidence")];
const [side, opener] = [byId("side"), byId("open-side")];

function remembered() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null; // storage is switched off: a reload begins anew
  }
}

function remember(id) {
  try {
    if (id) sessionStorage.setItem(KEY, id);
    else sessionStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}

function toggleSide(open) {
  side.classList.toggle("open", open);
  opener.setAttribute("aria-expanded", String(open));
}

function pick(id) {
  toggleSide(false);
  chat.open(id);
  chat.focus();
}

const line = "问谁牵头、谁配合、什么时候完成、进展如何。每句话都有依据；文件里没有写的，会如实说明。";

async function greet() {
  try {
    const { suggestions, documents } = await getJson("/api/suggestions");
    chat.greet("想查什么？", documents ? `已收录 ${documents} 份文件。${line}` : "还没有导入文件，请联系管理员上传。", suggestions);
  } catch (error) {
    chat.greet(isEmpty(error) ? "还没有文件" : "想查什么？", told(error), []);
    if (isEmpty(error)) setTimeout(() => { greet(); byId("documents").refresh(); }, AGAIN); // it may just be read in
  }
}

async function manage() {
  try {
    const { manageFiles } = await import("./uploads.js"); // for the few who need it
    await manageFiles(() => { byId("documents").refresh(); greet(); });
  } catch (error) {
    byId("manage").after(el("p", { class: "hint", role: "alert" }, told(error)));
  }
}

chat.addEventListener("conversation", ({ detail }) => {
  remember(detail.id);
  history.current = detail.id;
  if (detail.changed) history.refresh();
});
chat.addEventListener("sources", ({ detail }) => {
  evidence.show(detail.exchange, detail.citation ?? null);
  if (detail.asked) evidence.open();
});
history.addEventListener("pick", ({ detail }) => pick(detail.id));
for (const fresh of document.querySelectorAll("[data-new]")) fresh.addEventListener("click", () => pick(null));
byId("manage").addEventListener("click", manage);
opener.addEventListener("click", () => {
  toggleSide(!side.classList.contains("open"));
  if (side.classList.contains("open")) side.querySelector("button").focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !side.classList.contains("open")) return;
  toggleSide(false);
  opener.focus();
});
document.addEventListener("pointerdown", (event) => {
  if (!side.contains(event.target) && !opener.contains(event.target)) toggleSide(false);
});

lendToken();
chat.greet("想查什么？", line, []); // what the service adds comes in a moment
greet();
history.refresh();
chat.open(remembered());
chat.focus();
