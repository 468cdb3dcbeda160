/** Giving back an edited export: read on trial first, then kept. */

import { open, told } from "./api.js";
import { byId, el } from "./dom.js";
import { reviewer } from "./ledger-review.js";
import { ACTIONS, changes } from "./ledger-words.js";

/** Wire the dialog; `done` hears of what was kept. */
export function offerImport(done) {
  const dialog = byId("import");
  const form = byId("import-form");
  const write = byId("import-write");

  function clear() {
    byId("import-said").textContent = "";
    byId("import-list").hidden = true;
    write.hidden = true;
  }

  async function send(trial) {
    const { file, by, why } = form.elements;
    reviewer.set(by.value.trim());
    const query = new URLSearchParams({ by: by.value.trim(), why: why.value.trim(), dry_run: trial });
    try {
      const headers = { "Content-Type": "application/octet-stream" };
      const response = await open(`/api/ledger/import?${query}`, { method: "POST", headers, body: file.files[0] });
      show(await response.json());
      if (!trial) done();
    } catch (error) {
      clear();
      byId("import-said").textContent = told(error);
    }
  }

  function show(plan) {
    const lost = plan.problems.filter((problem) => problem.lost).length;
    const outcome = plan.dry_run ? "试读，未写入" : `已写入 ${plan.kept} 项`;
    byId("import-said").textContent = `共读 ${plan.rows} 行：${plan.steps.length} 项有改动，${plan.unchanged} 项未改，${lost} 个问题；${outcome}。`;
    const steps = plan.steps.map((step) => el("li", {}, `第 ${step.row} 行 ${ACTIONS[step.action]}“${step.task}” ${changes(step.changes)}`));
    const problems = plan.problems.map((p) => el("li", { class: p.lost ? "fault" : "" }, `${p.row ? `第 ${p.row} 行：` : ""}${p.reason}`));
    byId("import-list").replaceChildren(...problems, ...steps);
    byId("import-list").hidden = !problems.length && !steps.length;
    write.hidden = !plan.dry_run || !plan.steps.length;
  }

  byId("give-back").addEventListener("click", () => {
    form.reset();
    clear();
    form.elements.by.value = reviewer.get();
    dialog.showModal();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(true);
  });
  form.elements.file.addEventListener("change", clear);
  write.addEventListener("click", () => send(false));
  byId("import-close").addEventListener("click", () => dialog.close());
}
