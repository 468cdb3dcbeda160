/** What a model offers of clauses that the rules leave unread: apart from the list until a person confirms it. */

import { getJson } from "./api.js";
import { byId } from "./dom.js";
import { rowNodes } from "./ledger-row.js";

let asked = 0;

/** Show the candidates, none of them where there are none; `taken` hears when one was confirmed or corrected. */
export async function loadCandidates(taken) {
  const turn = ++asked;
  const room = byId("offered");
  try {
    const found = await getJson("/api/ledger/candidates");
    if (turn !== asked) return;
    const changed = (row) => {
      loadCandidates(taken);
      if (!row.candidate) taken();
    };
    const nodes = found.rows.map((row) => rowNodes(row, found.as_of, changed));
    byId("offered-body").replaceChildren(...nodes.flatMap(({ line, about }) => [line, about]));
    byId("offered-count").textContent = `（${found.total} 项）`;
    byId("offered-label").textContent = found.label;
    room.hidden = !found.total;
  } catch {
    room.hidden = true; // the list says what is wrong
  }
}
