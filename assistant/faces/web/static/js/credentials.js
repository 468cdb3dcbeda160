/**
 * The token of a page that another of ours has opened: a document opened from the widget has no way to sign in, so it
 * asks the page that opened it. Both are of this origin; no other is told.
 */

import { authorize, currentToken } from "./api.js";

const ASK = "policy-assistant.token?";
const TELL = "policy-assistant.token";
const PATIENCE = 500; // milliseconds for the opener's reply

/** Answer pages of this origin that ask for the token in use. */
export function lendToken() {
  addEventListener("message", (event) => {
    if (event.origin !== location.origin || event.data !== ASK || !event.source) return;
    event.source.postMessage({ [TELL]: currentToken() }, location.origin);
  });
}

/** Take the token of the page that opened this one, if there is such a page and it has one. */
export async function borrowToken() {
  const token = await asked();
  if (token) authorize(token, asked);
}

function asked() {
  const { opener } = window;
  if (!opener) return Promise.resolve(null);
  return new Promise((resolve) => {
    const hear = (event) => {
      if (event.origin !== location.origin || event.source !== opener || !event.data || !(TELL in event.data)) return;
      removeEventListener("message", hear);
      resolve(event.data[TELL]);
    };
    addEventListener("message", hear);
    setTimeout(() => resolve(null), PATIENCE);
    try {
      opener.postMessage(ASK, location.origin);
    } catch {
      resolve(null);
    }
  });
}
