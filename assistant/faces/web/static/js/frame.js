/**
 * The page `/widget`, inside a frame on an office's page. The page around it sends its wishes and, where the service
 * asks for one, a token; both only count when they come from the parent window and an origin that the service lists.
 *
 * From here: {policyAssistant: "ready" | "close" | "token"}. From there: {policyAssistant: "hello", title, accent,
 * theme, greeting, suggestions, token, renews} (the answer to ready), {policyAssistant: "token", token}, and
 * {policyAssistant: "focus"}.
 */

import "./chat.js";
import { authorize, getJson, told } from "./api.js";
import { setAccent } from "./colour.js";
import { lendToken } from "./credentials.js";
import { byId } from "./dom.js";

const KEY = "policy-assistant.widget-conversation";
const PATIENCE = 10_000; // milliseconds for a new token
const listed = document.querySelector('meta[name="embedders"]').content.split(" ").filter(Boolean);
const origins = new Set([location.origin, ...listed]);
const chat = byId("chat");
let host = null; // the origin of the page around, once it has said hello
let tokenCame = null;

function say(message) {
  // Who is out there is not known before its hello, so the first word carries nothing.
  if (parent !== window) parent.postMessage({ policyAssistant: message }, host ?? "*");
}

const text = (value, most) => (typeof value === "string" ? value.trim().slice(0, most) : "");

/** The token, where it was made for the page around; null for another page's, which has no business here. */
function ours(token) {
  const given = text(token, 4096);
  try {
    const claims = given.startsWith("pat_") && JSON.parse(atob(given.slice(4).split(".")[0].replaceAll("-", "+").replaceAll("_", "/")));
    return claims && claims.origin !== host ? null : given || null;
  } catch {
    return null;
  }
}

function freshToken() {
  return new Promise((resolve) => {
    tokenCame = resolve;
    setTimeout(() => resolve(null), PATIENCE);
    say("token");
  });
}

async function begin(wishes) {
  chat.inert = false;
  const title = text(wishes.title, 30);
  if (title) {
    byId("title").textContent = title;
    document.title = title;
  }
  if (["light", "dark"].includes(wishes.theme)) window.setTheme(wishes.theme, false);
  setAccent(wishes.accent);
  authorize(ours(wishes.token), wishes.renews ? freshToken : null);
  chat.open(remembered());
  const own = (Array.isArray(wishes.suggestions) ? wishes.suggestions : []).map((s) => text(s, 80)).filter(Boolean).slice(0, 5);
  const greeting = text(wishes.greeting, 200);
  try {
    const { suggestions } = await getJson("/api/suggestions");
    chat.greet("想查什么？", greeting || "每句话都有依据，点数字看原文。", own.length ? own : suggestions);
  } catch (error) {
    chat.greet("想查什么？", told(error), own);
  }
}

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage of frames is switched off
  }
}

chat.addEventListener("conversation", ({ detail }) => {
  try {
    if (detail.id) localStorage.setItem(KEY, detail.id);
    else localStorage.removeItem(KEY);
  } catch {
    // As above.
  }
});
addEventListener("message", (event) => {
  if (event.source !== parent || !origins.has(event.origin)) return;
  const said = event.data;
  if (said?.policyAssistant === "hello" && host === null) {
    host = event.origin;
    begin(said);
  } else if (event.origin === host && said?.policyAssistant === "token") tokenCame?.(ours(said.token));
  else if (event.origin === host && said?.policyAssistant === "focus") chat.focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) say("close");
});
byId("close").addEventListener("click", () => say("close"));
byId("fresh").addEventListener("click", () => { chat.open(null); chat.focus(); });

lendToken();
if (parent === window) {
  byId("close").hidden = true;
  begin({});
} else {
  chat.inert = true; // until it is known who asks
  say("ready");
}
